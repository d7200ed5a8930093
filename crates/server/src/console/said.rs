//! What pages are made of: instants, positions, ids and tables, each written in one way.

use std::collections::BTreeMap;

use maud::{Markup, html};
use ofrecord_core::{CustomerId, PartnerTenantId, StreamId, Timestamp};
use ofrecord_report::{instant, visible};

use super::ENTRIES;
use super::looked::check_partner;
use crate::visitor::Visitor;

/// Characters of a GUID.
const ID_CHARS: usize = 36;

/// An instant, with its zone.
pub(super) fn at(at: Timestamp) -> Markup {
    html! { time datetime=(instant::for_machines(at)) { (instant::text(at)) } }
}

/// Text from outside, which must not run into the words around it.
pub(super) fn name(text: &str) -> Markup {
    html! { bdi { (visible::text(text)) } }
}

/// An id, a hash or a word of the program, as it is; a long one may be broken.
pub(super) fn code(text: &str) -> Markup {
    html! { code { (visible::text(text)) } }
}

/// The way to the page of an entry.
pub(super) fn position(position: u64) -> Markup {
    html! {
        a class="position" href=(format!("{ENTRIES}{position}")) aria-label=(format!("entry {position}")) {
            "[" (position) "]"
        }
    }
}

/// The ways to the pages of entries.
pub(super) fn positions(positions: impl IntoIterator<Item = u64>) -> Markup {
    html! { span class="by" { @for one in positions { (position(one)) " " } } }
}

/// The way to the page of a customer.
pub(super) fn customer(id: CustomerId, called: Option<&str>) -> Markup {
    let path = format!("/console/customers/{id}");
    html! { a href=(path) { (called_or(called, &id.to_string())) } }
}

/// The way to the page of a partner, for whoever may open it.
pub(super) fn partner(id: PartnerTenantId, called: Option<&str>, visitor: &Visitor) -> Markup {
    let said = called_or(called, &id.to_string());
    if check_partner(visitor, id).is_err() {
        return said;
    }
    html! { a href=(format!("/console/partners/{id}")) { (said) } }
}

fn called_or(called: Option<&str>, id: &str) -> Markup {
    html! { @match called { Some(called) => (name(called)), None => (code(id)) } }
}

/// What customers and partners are called, by id as it stands in texts, and whoever reads it.
pub(super) struct Called<'a> {
    names: BTreeMap<String, (StreamId, Option<String>)>,
    visitor: &'a Visitor,
}

impl<'a> Called<'a> {
    /// Nobody yet, to somebody.
    pub(super) fn to(visitor: &'a Visitor) -> Self {
        Self { names: BTreeMap::new(), visitor }
    }

    /// Learns what whose stream it is is called.
    pub(super) fn learn(&mut self, stream: StreamId, name: Option<String>) {
        let id = match stream {
            StreamId::Customer(id) => id.to_string(),
            StreamId::Partner(id) => id.to_string(),
            StreamId::Ledger => return,
        };
        self.names.insert(id, (stream, name));
    }

    /// What whose id stands in a text is called, where that is known.
    pub(super) fn name_of(&self, id: &str) -> Option<&str> {
        self.names.get(id)?.1.as_deref()
    }

    /// A stream, and the page of whose stream it is.
    pub(super) fn stream(&self, stream: StreamId) -> Markup {
        let name = |id: &str| self.names.get(id).and_then(|(_, name)| name.as_deref());
        match stream {
            StreamId::Customer(id) => html! { "customer " (customer(id, name(&id.to_string()))) },
            StreamId::Partner(id) => html! { "partner " (partner(id, name(&id.to_string()), self.visitor)) },
            StreamId::Ledger => html! { "the ledger itself" },
        }
    }

    /// A sentence of the views, with names that lead to pages for ids that are known, and instants as people read
    /// them.
    pub(super) fn sentence(&self, text: &str) -> Markup {
        html! {
            @for (index, word) in text.split(' ').enumerate() {
                @if index > 0 { " " }
                (self.word(word))
            }
        }
    }

    fn word(&self, word: &str) -> Markup {
        let plain = word.trim_end_matches([',', ';', ':', ')', '.']);
        let (begin, plain) = match plain.strip_prefix('(') {
            Some(rest) => ("(", rest),
            None => ("", plain),
        };
        let end = word.get(begin.len() + plain.len()..).unwrap_or_default();
        let said = match (self.names.get(plain), plain.parse::<Timestamp>()) {
            (Some((StreamId::Customer(id), known)), _) => customer(*id, known.as_deref()),
            (Some((StreamId::Partner(id), known)), _) => partner(*id, known.as_deref(), self.visitor),
            (Some((StreamId::Ledger, _)) | None, Ok(instant)) if plain.ends_with('Z') => at(instant),
            (Some((StreamId::Ledger, _)) | None, Ok(_) | Err(_)) if is_id(plain) => {
                html! { code class="id" { (plain) } }
            }
            (Some((StreamId::Ledger, _)) | None, Ok(_) | Err(_)) => name(plain),
        };
        html! { (begin) (said) (end) }
    }
}

/// Whether a word is an id, or several that hang together.
fn is_id(word: &str) -> bool {
    word.len() >= ID_CHARS && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Rows; the first cell of each names the row.
pub(super) struct Table<'a> {
    /// What the rows are.
    pub(super) caption: &'a str,
    /// The titles of the columns.
    pub(super) columns: &'a [&'a str],
    /// The rows, each with as many cells as there are columns.
    pub(super) rows: Vec<Vec<Markup>>,
}

impl Table<'_> {
    /// As HTML.
    pub(super) fn written(&self) -> Markup {
        self.beside(&html! {})
    }

    /// As HTML, with something beside its caption.
    pub(super) fn beside(&self, way: &Markup) -> Markup {
        let classes: Vec<Option<&str>> = (0..self.columns.len()).map(|index| self.class(index)).collect();
        html! {
            div class="scroll" {
                table {
                    caption { (self.caption) " " (way) }
                    thead { tr {
                        @for (column, class) in self.columns.iter().zip(&classes) {
                            th scope="col" class=[*class] { (column) }
                        }
                    } }
                    tbody {
                        @for row in &self.rows {
                            tr {
                                @for (index, (cell, class)) in row.iter().zip(&classes).enumerate() {
                                    @if index == 0 { th scope="row" { (cell) } } @else { td class=[*class] { (cell) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How the cells of a column stand: numbers below each other by their last digit.
    fn class(&self, index: usize) -> Option<&'static str> {
        let mut cells = self.rows.iter().filter_map(|row| row.get(index)).peekable();
        let is_number = |cell: &Markup| !cell.0.is_empty() && cell.0.bytes().all(|byte| b"0123456789,".contains(&byte));
        (index > 0 && cells.peek().is_some() && cells.all(is_number)).then_some("number")
    }
}

/// Names and what is said of each; what nothing is said of is left out.
pub(super) fn pairs(caption: &str, rows: &[(&str, Option<Markup>)]) -> Markup {
    html! {
        div class="scroll" {
            table class="pairs" {
                caption { (caption) }
                tbody {
                    @for (name, said) in rows {
                        @if let Some(said) = said { tr { th scope="row" { (name) } td { (said) } } }
                    }
                }
            }
        }
    }
}

/// What is looked at first: each figure with its name above it and what there is to say below.
pub(super) fn figures(figures: &[(&str, Markup, Markup)]) -> Markup {
    html! {
        dl class="figures" {
            @for (name, figure, said) in figures {
                div { dt { (name) } dd class="figure" { (figure) } dd class="quiet" { (said) } }
            }
        }
    }
}

/// A number as people read it, in groups of three digits.
pub(super) fn number(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A section with its heading.
pub(super) fn section(anchor: &str, title: &str, said: &Markup) -> Markup {
    let heading = format!("{anchor}-heading");
    html! {
        section id=(anchor) aria-labelledby=(heading) {
            h2 id=(heading) { (title) }
            (said)
        }
    }
}

/// `1 entry`, `2 entries`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
