//! Two instants, or two states of knowledge, of one customer side by side.

use maud::{Markup, html};
use ofrecord_core::{CustomerId, StreamId, Timestamp};
use ofrecord_ledger::{KnownAt, Reader, Snapshot};
use ofrecord_views::{self as views, ChangeKind, Changes, CustomerRecord, Diff, RowChange};
use serde_json::Value;

use super::layout::Page;
use super::looked::{self, Looking};
use super::reading;
use super::said::{self, Called, Table};
use super::sheets;
use super::words::compare as words;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The fields of the form.
const FIELDS: [(&str, &str); 2] = [("from_as_of", "from_known_at"), ("to_as_of", "to_known_at")];

/// One side.
struct Side {
    as_of: Timestamp,
    snapshot: Snapshot,
}

/// A customer on two sides.
pub(super) struct Compared {
    customer: CustomerId,
    /// The record by the side that knows more.
    record: CustomerRecord,
    first: Side,
    second: Side,
    /// What differs.
    pub(super) diff: Diff,
}

/// The comparison; without a customer, the form for one.
pub(super) fn compare(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let Some(customer) = asked.read::<CustomerId>("customer")? else {
        let main = html! { p { (words::HINT) } (form(asked)) };
        return Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor));
    };
    let now = shared.ledger.clock().now();
    let compared = Compared::of(shared, visitor, asked, customer)?;
    let mut looking = Looking::at(&shared.reader, visitor, now)?;
    let mut called = Called::to(visitor);
    for partner in views::named_partners(&compared.record) {
        let stream = StreamId::Partner(partner);
        called.learn(stream, looking.called(stream)?);
    }
    let name = looking.called(StreamId::Customer(customer))?;
    let diff = &compared.diff;
    let main = html! {
        p { (said::customer(customer, name.as_deref())) }
        (form(asked))
        (presets(customer, now))
        (compared.sides())
        (figures(diff))
        (said::section("world", words::WORLD, &differences(&diff.changed_in_the_world, &called)))
        (said::section("learned", words::LEARNED, &differences(&diff.learned, &called)))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor))
}

impl Compared {
    /// What is asked about a customer.
    pub(super) fn of(shared: &Shared, visitor: &Visitor, asked: &Asked, customer: CustomerId) -> Result<Self, Problem> {
        let (reader, now) = (&shared.reader, shared.ledger.clock().now());
        let [(first_as_of, first_known), (second_as_of, second_known)] = FIELDS;
        let first = Side::of(reader, asked, (first_as_of, first_known), now)?;
        let second = Side::of(reader, asked, (second_as_of, second_known), now)?;
        let known = if first.size() > second.size() { &first.snapshot } else { &second.snapshot };
        let record = looked::record(reader, visitor, customer, known)?;
        let from = reader.viewpoint(&first.snapshot, first.as_of);
        let to = reader.viewpoint(&second.snapshot, second.as_of);
        let diff = views::diff(&record, &from, &to);
        Ok(Self { customer, record, first, second, diff })
    }

    /// What is known where more is.
    pub(super) fn newest(&self) -> &Snapshot {
        if self.first.size() > self.second.size() { &self.first.snapshot } else { &self.second.snapshot }
    }

    /// What is compared, with the ways to the whole of each side, to the sides the other way around, and to a file.
    fn sides(&self) -> Markup {
        let row = |name: &str, side: &Side| {
            let (as_of, size) = (side.as_of, side.size());
            let place = format!("/console/customers/{}?as_of={as_of}&known_at=@{size}", self.customer);
            vec![
                html! { (name) },
                said::at(as_of),
                said::at(side.snapshot.known_at),
                html! { (said::number(size)) },
                html! { a href=(place) { (words::PAGE) } },
            ]
        };
        let columns = &["side", "as of", "known at", "tree size", "whole"];
        let rows = vec![row(words::FIRST, &self.first), row(words::SECOND, &self.second)];
        let file = sheets::way(&self.path("/console/compare/csv", (&self.first, &self.second)), words::TITLE);
        html! {
            (Table { caption: words::SIDES, columns, rows }.beside(&file))
            p { a href=(self.path("/console/compare", (&self.second, &self.first))) { (words::SWAPPED) } }
        }
    }

    /// A path with both sides, each by its instant and the size of the log.
    fn path(&self, path: &str, (first, second): (&Side, &Side)) -> String {
        format!(
            "{path}?customer={}&from_as_of={}&from_known_at=@{}&to_as_of={}&to_known_at=@{}",
            self.customer,
            first.as_of,
            first.size(),
            second.as_of,
            second.size()
        )
    }
}

impl Side {
    fn of(reader: &Reader, asked: &Asked, (as_of, known): (&str, &str), now: Timestamp) -> Result<Self, Problem> {
        let snapshot = reader.snapshot(asked.knowledge(known)?.unwrap_or(KnownAt::Now));
        let snapshot = snapshot.map_err(|failure| Problem::malformed(known, &format_args!("could not {failure}")))?;
        Ok(Self { as_of: reading::instant(asked, as_of)?.unwrap_or(now), snapshot })
    }

    fn size(&self) -> u64 {
        self.snapshot.basis.tree_size
    }
}

/// Comparisons that are asked for often.
fn presets(customer: CustomerId, now: Timestamp) -> Markup {
    let (month, year) = (now.plus_days(-30), now.plus_days(-365));
    let asked = [
        (words::SINCE_MONTH, format!("from_as_of={month}")),
        (words::SINCE_YEAR, format!("from_as_of={year}")),
        (words::LEARNED_SINCE_MONTH, format!("from_as_of={now}&to_as_of={now}&from_known_at={month}")),
    ];
    html! {
        ul class="ways" aria-label=(words::OFTEN) {
            @for (name, asked) in asked {
                li { a href=(format!("/console/compare?customer={customer}&{asked}")) { (name) } }
            }
        }
    }
}

/// How many rows differ, and why.
fn figures(diff: &Diff) -> Markup {
    let count = |changes: &Changes| {
        let Changes { resellers, subscriptions, access, granular, transfers } = changes;
        let all = [resellers.len(), subscriptions.len(), access.len(), granular.len(), transfers.len()];
        html! { (all.iter().sum::<usize>()) }
    };
    said::figures(&[
        (words::WORLD, count(&diff.changed_in_the_world), html! { a href="#world" { (words::ROWS) } }),
        (words::LEARNED, count(&diff.learned), html! { a href="#learned" { (words::ROWS) } }),
    ])
}

fn form(asked: &Asked) -> Markup {
    let given = |name: &str| asked.text(name).unwrap_or_default().to_owned();
    html! {
        form class="asked fields" action="/console/compare" method="get" {
            p {
                label for="customer" { (words::CUSTOMER) }
                input id="customer" name="customer" type="text" required autocomplete="off" spellcheck="false"
                    value=(given("customer"));
            }
            @for ((as_of, known), (as_of_said, known_said)) in FIELDS.into_iter().zip(words::FIELDS) {
                p {
                    label for=(as_of) { (as_of_said) }
                    input id=(as_of) name=(as_of) type="text" autocomplete="off" value=(given(as_of));
                }
                p {
                    label for=(known) { (known_said) }
                    input id=(known) name=(known) type="text" autocomplete="off" value=(given(known));
                }
            }
            p class="send" { button type="submit" { (words::BUTTON) } }
            p class="quiet hint" { (words::FIELDS_HINT) }
        }
    }
}

fn differences(changes: &Changes, called: &Called<'_>) -> Markup {
    if changes.is_empty() {
        return html! { p { (words::NONE) } };
    }
    let Changes { resellers, subscriptions, access, granular, transfers } = changes;
    let views = [
        (words::RESELLERS, resellers),
        (words::SUBSCRIPTIONS, subscriptions),
        (words::ACCESS, access),
        (words::GRANULAR, granular),
        (words::TRANSFERS, transfers),
    ];
    html! {
        @for (view, changes) in views {
            @if !changes.is_empty() { h3 { (view) ": " (said::counted(changes.len(), "row", "rows")) } }
            @for change in changes { (difference(change, called)) }
        }
    }
}

/// One row that differs: its fields on both sides.
fn difference(change: &RowChange, called: &Called<'_>) -> Markup {
    let kind = match change.kind {
        ChangeKind::Added => words::ADDED,
        ChangeKind::Removed => words::REMOVED,
        ChangeKind::Changed => words::CHANGED,
    };
    let names: Vec<&str> = match change.kind {
        ChangeKind::Changed => change.fields.iter().map(String::as_str).collect(),
        ChangeKind::Added | ChangeKind::Removed => filled(change.before.as_ref().or(change.after.as_ref())),
    };
    let row = |field: &&str| {
        let said = |side: &Option<Value>| said_of(side.as_ref().and_then(|row| row.get(field)), called);
        vec![html! { (field.replace('_', " ")) }, said(&change.before), said(&change.after)]
    };
    let of = html! { span class="of" { (called.sentence(&change.key)) } };
    let columns = &["field", words::FIRST, words::SECOND];
    Table { caption: kind, columns, rows: names.iter().map(row).collect() }.beside(&of)
}

/// The fields of a row that say something.
pub(super) fn filled(row: Option<&Value>) -> Vec<&str> {
    let fields = row.and_then(Value::as_object).into_iter().flatten();
    fields.filter(|(_, value)| !is_empty(value)).map(|(name, _)| name.as_str()).collect()
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value as people read it: a word without its underscores, and what is nested in a row.
fn said_of(value: Option<&Value>, called: &Called<'_>) -> Markup {
    match value {
        None | Some(Value::Null) => html! { span class="absent" { "–" } },
        Some(Value::String(text)) if is_word(text) => html! { (text.replace('_', " ")) },
        Some(Value::String(text)) => called.sentence(text),
        Some(Value::Bool(true)) => html! { "yes" },
        Some(Value::Bool(false)) => html! { "no" },
        Some(Value::Number(number)) => html! { (number) },
        Some(Value::Array(items)) => html! {
            @for (index, item) in items.iter().enumerate() { @if index > 0 { ", " } (said_of(Some(item), called)) }
        },
        Some(Value::Object(fields)) => html! {
            @for (index, (name, inner)) in fields.iter().filter(|(_, inner)| !is_empty(inner)).enumerate() {
                @if index > 0 { "; " }
                (name.replace('_', " ")) " " (said_of(Some(inner), called))
            }
        },
    }
}

/// Whether a text is one of the ledger's own words.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
