//! The page of a customer: what a dossier says, with forms for the instant and the state of knowledge.

use maud::{Markup, PreEscaped, html};
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_ledger::{KnownAt, Reader, Snapshot};
use ofrecord_report::{Basis, Entries, Part, Report};
use ofrecord_views::{self as views, CustomerRecord, Dossier, PartnerRecord, Period};

use super::jobs;
use super::layout::Page;
use super::looked;
use super::said;
use super::sheets;
use super::words::customer as words;
use super::{ENTRIES, reading};
use crate::access::Need;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

mod forms;
mod now;

/// The sections of the dossier that the page has.
const SECTIONS: &[&str] = &[
    "summary",
    "picture",
    "partners-named",
    "resellers",
    "access",
    "granular-administration",
    "subscriptions",
    "transfers",
    "agreements",
    "findings",
    "the-four-lines",
    "refusals",
    "coverage",
    "timeline",
];

/// Where the drawing of the picture ends, and its long table begins.
const AFTER_PICTURE: &str = "<div id=\"after-the-picture\"></div>";

/// What is asked about a customer.
struct Question {
    customer: CustomerId,
    /// What the forms say was asked, as it came.
    asked: forms::Filled,
    as_of: Timestamp,
    snapshot: Snapshot,
    /// What is known of the customer now, and what counts.
    records: (CustomerRecord, CustomerRecord),
}

/// The page of a customer.
pub(super) fn customer(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let question = Question::of(shared, visitor, asked)?;
    let dossier = question.dossier(&shared.reader, visitor)?;
    let report = question.report(dossier.clone(), asked)?;
    let (parts, period) = (report.parts(SECTIONS, ENTRIES), report.picture().period());
    let now = shared.ledger.clock().now();
    let (first, others) = parts.sections.split_at(1);
    let main = html! {
        (question.forms(now, period))
        div class="beside" {
            @for part in first { (question.part(part)) }
            div class="head" { (PreEscaped(&parts.head)) }
        }
        nav class="contents" aria-label=(words::CONTENTS) {
            ul { @for part in &parts.sections { li { a href=(format!("#{}", part.anchor)) { (part.title) } } } }
        }
        @for part in others {
            (question.part(part))
            @if part.anchor == "access" { (question.right_now(&shared.reader, visitor, (&dossier, now))) }
        }
        (said::section("partners", words::PARTNERS, &partners(&dossier, visitor)))
        (said::section("elsewhere", words::ELSEWHERE, &question.elsewhere(visitor)))
    };
    let title = dossier.profile.name.as_deref().map(ofrecord_report::visible::text);
    let title = title.unwrap_or_else(|| question.customer.to_string());
    Ok(Page { title, kind: "Customer", main }.reply(visitor))
}

impl Question {
    fn of(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Self, Problem> {
        let reader = &shared.reader;
        let customer: CustomerId = asked.needed("customer")?;
        let now = reader.snapshot(KnownAt::Now)?;
        let known = looked::record(reader, visitor, customer, &now)?;
        let as_of = match (reading::instant(asked, "as_of")?, asked.read::<u32>("day")?) {
            (Some(_), Some(_)) => return Err(Problem::malformed("day", &"cannot be asked together with `as_of`")),
            (Some(at), None) => at,
            (None, Some(day)) => first_day(&known).plus_days(day.into()),
            (None, None) => shared.ledger.clock().now(),
        };
        let snapshot = match (asked.text("known_at"), asked.read::<usize>("learned")?) {
            (Some(_), Some(_)) => {
                return Err(Problem::malformed("learned", &"cannot be asked together with `known_at`"));
            }
            (Some(_), None) => reader.snapshot(asked.known_at()?)?,
            (None, Some(count)) => reader.snapshot(learned(&known, count)?)?,
            (None, None) => now.clone(),
        };
        let counting =
            if snapshot == now { known.clone() } else { looked::record(reader, visitor, customer, &snapshot)? };
        let asked = forms::Filled::of(asked, as_of);
        Ok(Self { customer, asked, as_of, snapshot, records: (known, counting) })
    }

    fn dossier(&self, reader: &Reader, visitor: &Visitor) -> Result<Dossier, Problem> {
        let (_, record) = &self.records;
        let named = looked::named_partners(record, visitor);
        let partners: Result<Vec<PartnerRecord>, _> =
            named.into_iter().map(|partner| reader.partner(partner, &self.snapshot)).collect();
        let partners = partners?;
        let viewpoint = reader.viewpoint(&self.snapshot, self.as_of);
        Ok(views::dossier(record, &partners.iter().collect::<Vec<_>>(), &viewpoint))
    }

    fn report(&self, dossier: Dossier, asked: &Asked) -> Result<Report, Problem> {
        let (basis, known_at) = (&self.snapshot.basis, self.snapshot.known_at);
        let basis =
            Basis { origin: basis.origin.clone(), tree_size: basis.tree_size, root: basis.root.to_string(), known_at };
        let report = Report::of(dossier, basis).listing(Entries::All);
        let (from, to) = (reading::instant(asked, "from")?, reading::instant(asked, "to")?);
        let usual = report.picture().period();
        let period = Period { from: from.unwrap_or(usual.from), to: to.unwrap_or(usual.to) };
        if period.from > period.to {
            return Err(Problem::malformed("to", &"the picture ends before it begins"));
        }
        Ok(report.picturing(period))
    }

    /// A section, the way to why its answer is what it is, and its rows as a file.
    fn part(&self, part: &Part) -> Markup {
        let anchor = part.anchor.as_str();
        let answer = match anchor {
            "resellers" | "access" | "subscriptions" | "transfers" => Some(anchor),
            "granular-administration" => Some("gdap"),
            _ => None,
        };
        let table = match anchor {
            "access" => Some("administrators"),
            "resellers" | "subscriptions" | "transfers" | "granular-administration" | "findings" | "timeline" => {
                Some(anchor)
            }
            _ => None,
        };
        html! {
            @match (anchor, part.html.split_once(AFTER_PICTURE)) {
                ("picture", Some((picture, table))) => {
                    (PreEscaped(picture)) (PreEscaped(AFTER_PICTURE))
                    (PreEscaped("<details><summary>")) (words::PICTURE_TABLE) (PreEscaped("</summary>"))
                    (PreEscaped(table.trim_end().trim_end_matches("</section>")))
                    (PreEscaped("</details></section>"))
                },
                _ => (PreEscaped(&part.html)),
            }
            @if answer.is_some() || table.is_some() {
                p class="why" {
                    @if let Some(answer) = answer {
                        a href=(self.answer("explain", &[("answer", answer)])) { (part.title) ": " (words::WHY) }
                        " "
                    }
                    @if let Some(table) = table { (self.way(table, part.title)) " " }
                    @if anchor == "subscriptions" { (self.way("partners-of-record", words::OF_RECORD)) }
                }
            }
        }
    }

    /// The way to a table as a file, by the same viewpoint.
    fn way(&self, table: &str, what: &str) -> Markup {
        let (as_of, size) = (self.as_of, self.snapshot.basis.tree_size);
        let customer = self.customer;
        sheets::named_way(&format!("/console/customers/{customer}/csv/{table}?as_of={as_of}&known_at=@{size}"), what)
    }

    /// Where a question is answered as JSON, by the same viewpoint.
    fn answer(&self, question: &str, more: &[(&str, &str)]) -> String {
        let mut path = format!(
            "/v1/customers/{}/{question}?as_of={}&known_at=@{}",
            self.customer, self.as_of, self.snapshot.basis.tree_size
        );
        more.iter().for_each(|(name, value)| path.push_str(&format!("&{name}={value}")));
        path
    }

    fn elsewhere(&self, visitor: &Visitor) -> Markup {
        let questions =
            ["resellers", "subscriptions", "partners-of-record", "access", "gdap", "transfers", "timeline", "findings"];
        let known_at = format!("@{}", self.snapshot.basis.tree_size);
        html! {
            ul { @for question in questions { li { a href=(self.answer(question, &[])) { (question) " as JSON" } } } }
            (jobs::about_customer(visitor, self.customer, self.as_of, &known_at))
            // Whoever runs it sees everything.
            @if visitor.caller.may(Need::AllContent).is_ok() {
                p { (words::NOT_SERVED) }
                pre { code {
                    "ofrecord report " (self.customer) " --as-of " (self.as_of) " --known-at " (known_at) "\n"
                } }
            }
        }
    }
}

/// The day of the first fact that is known now.
fn first_day(record: &CustomerRecord) -> Timestamp {
    let first = record.entries().iter().map(|entry| entry.effective_at).min();
    first.unwrap_or(Timestamp::MIN).start_of_day()
}

/// The state of knowledge after so many entries of the customer.
fn learned(record: &CustomerRecord, count: usize) -> Result<KnownAt, Problem> {
    let entry = count.checked_sub(1).and_then(|index| record.entries().get(index));
    let entry = entry.ok_or_else(|| {
        Problem::malformed("learned", &format_args!("the customer has {} entries", record.entries().len()))
    })?;
    Ok(KnownAt::TreeSize(entry.position.saturating_add(1)))
}

fn partners(dossier: &Dossier, visitor: &Visitor) -> Markup {
    html! {
        ul {
            @for row in &dossier.accounts {
                li { (said::partner(row.partner, row.name.as_deref(), visitor)) " " (said::code(&row.partner.to_string())) }
            }
        }
    }
}
