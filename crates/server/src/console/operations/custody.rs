//! What was done with the ledger's custody: holds, what was erased or redacted, with who asked, who approved and why, and
//! the keys that sign.

use maud::{Markup, html};
use ofrecord_core::command::custody::HoldScope;
use ofrecord_core::{Actor, Custody, Event, StreamId, Timestamp};
use ofrecord_ledger::Reader;
use ofrecord_views::EntryRow;

use crate::console::said::{self, Called, Table, number};
use crate::console::words::operations as words;
use crate::problem::Problem;

/// How many holds, and how many erasures and redactions, are listed: the newest.
const LISTED_MAX: usize = 200;

/// What an entry says of why something was done, and by whom.
struct Ground {
    by: Actor,
    why: String,
    /// Who approved it, where the entry says so.
    approved_by: Option<String>,
}

impl Ground {
    fn of(reader: &Reader, position: u64) -> Result<Self, Problem> {
        let row = EntryRow::of(&reader.entry(position)?);
        let mut ground = Self { by: row.actor, why: String::new(), approved_by: None };
        for event in &row.events {
            if let Event::HoldPlaced(placed) = event.as_ref() {
                ground.why = placed.reason.to_string();
            } else if let Event::SubjectErased(erased) = event.as_ref() {
                ground.why = erased.reason.to_string();
            } else if let Event::EntryRedacted(redacted) = event.as_ref() {
                let ticket = redacted.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
                ground.why = format!("{}; {}{ticket}", redacted.reason, redacted.authority);
                ground.approved_by = Some(redacted.approved_by.to_string());
            }
        }
        Ok(ground)
    }

    /// Who asked, by name where there is one.
    fn asked_by(&self) -> Markup {
        let kind = self.by.kind.as_str().replace('_', " ");
        html! { @if let Some(user) = &self.by.user { (said::name(user)) ", " } (kind) }
    }
}

/// Every hold, those that stand first.
pub(super) fn holds(
    reader: &Reader,
    custody: &Custody,
    called: &Called<'_>,
    now: Timestamp,
) -> Result<Markup, Problem> {
    let mut holds: Vec<_> = custody.holds.iter().collect();
    holds.sort_by_key(|(_, hold)| (!hold.stands_at(now), std::cmp::Reverse(hold.placed.at.position)));
    let mut rows = Vec::new();
    for (id, hold) in holds.iter().take(LISTED_MAX) {
        let ground = Ground::of(reader, hold.placed.at.position)?;
        let on = match &hold.scope {
            HoldScope::Everything => html! { "everything" },
            HoldScope::Customer(customer) => called.stream(StreamId::Customer(*customer)),
            HoldScope::Subject(subject) => html! { "subject " (said::code(&subject.to_string())) },
        };
        let ends = match (hold.released, hold.until) {
            (Some(released), _) => {
                html! { "released " (said::at(released.effective_at)) " " (said::position(released.at.position)) }
            }
            (None, Some(until)) => said::at(until),
            (None, None) => html! { "when it is released" },
        };
        rows.push(vec![
            said::name(&id.to_string()),
            html! { @if hold.stands_at(now) { strong { "stands" } } @else { "over" } },
            on,
            html! { (said::at(hold.placed.effective_at)) " " (said::position(hold.placed.at.position)) },
            ground.asked_by(),
            said::name(&ground.why),
            ends,
        ]);
    }
    if rows.is_empty() {
        return Ok(html! { p { (words::NO_HOLD) } });
    }
    let columns = &["hold", "now", "on", "placed", "asked by", "why", "ends"];
    Ok(html! {
        (Table { caption: words::HOLDS_CAPTION, columns, rows }.written())
        (left_out(holds.len()))
    })
}

/// What was erased or redacted, the newest first.
pub(super) fn erasures(reader: &Reader, custody: &Custody, called: &Called<'_>) -> Result<Markup, Problem> {
    let erased = custody.erased.iter().map(|(subject, erasure)| {
        let what = html! { "subject " (said::code(&subject.to_string())) };
        (erasure.erased, what, called.stream(StreamId::Customer(erasure.customer)), words::APPROVER_NOT_NAMED)
    });
    let redacted = custody.redacted.iter().map(|(position, redaction)| {
        let of = html! { @for stream in &redaction.streams { (called.stream(*stream)) br; } };
        (redaction.redacted, html! { "entry " (said::position(*position)) }, of, "")
    });
    let mut all: Vec<_> = erased.chain(redacted).collect();
    all.sort_by_key(|(stamp, ..)| std::cmp::Reverse(stamp.at.position));
    let count = all.len();
    let mut rows = Vec::new();
    for (stamp, what, of, not_named) in all.into_iter().take(LISTED_MAX) {
        let ground = Ground::of(reader, stamp.at.position)?;
        rows.push(vec![
            what,
            of,
            html! { (said::at(stamp.effective_at)) " " (said::position(stamp.at.position)) },
            ground.asked_by(),
            ground.approved_by.as_deref().map_or_else(|| html! { span class="absent" { (not_named) } }, said::name),
            said::name(&ground.why),
        ]);
    }
    if rows.is_empty() {
        return Ok(html! { p { (words::NO_ERASURE) } });
    }
    let columns = &["what", "of", "taken away", "asked by", "approved by", "why"];
    Ok(html! {
        (Table { caption: words::ERASURES_CAPTION, columns, rows }.written())
        (left_out(count))
    })
}

/// That there are more than are listed.
fn left_out(count: usize) -> Markup {
    let more = u64::try_from(count.saturating_sub(LISTED_MAX)).unwrap_or(u64::MAX);
    html! { @if more > 0 { p { (number(more)) " " (words::LEFT_OUT) } } }
}

/// The keys that sign, and how often something left.
pub(super) fn custody(custody: &Custody) -> Markup {
    let keys = custody.checkpoint_keys.iter().map(|(key, standing)| {
        let retired = match standing.retired {
            Some(stamp) => html! { (said::at(stamp.effective_at)) " " (said::position(stamp.at.position)) },
            None => html! { "signs" },
        };
        let added = standing.added;
        vec![
            said::code(&key.to_string()),
            html! { (said::at(added.effective_at)) " " (said::position(added.at.position)) },
            retired,
        ]
    });
    let keys: Vec<Vec<Markup>> = keys.collect();
    let disclosures = said::counted(usize::try_from(custody.disclosures).unwrap_or(usize::MAX), "time", "times");
    html! {
        p { "Information left the ledger " (disclosures) ", each with an entry that says so." }
        p { "The log was begun anew after a loss " (said::counted(custody.epochs.len(), "time", "times")) "." }
        @if keys.is_empty() {
            p { (words::NO_KEY) }
        } @else {
            (Table { caption: words::KEYS, columns: &["key", "added", "retired"], rows: keys }.written())
        }
    }
}
