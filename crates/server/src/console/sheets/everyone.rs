//! The tables of the overview: entries of the log, and customers with what was found of them.

use ofrecord_core::{CustomerId, StreamId};
use ofrecord_ledger::answers::CustomerFinding;
use ofrecord_log::entry::Envelope;
use ofrecord_views::{self as views, EntryRow};
use serde_json::{Value, json};

use super::Column::{NameOf, Of};
use super::{FINDING, Sheet, values};
use crate::asked::Asked;
use crate::console::looked::{CUSTOMERS_MAX, Looking};
use crate::console::overview::{Seen, look};
use crate::console::said::Called;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The words for the tables.
pub(in crate::console) const EVERYBODY_TABLES: &[&str] = &["entries", "findings", "customers"];

/// Entries of one file at most, and where it is not said which: the newest ones.
const ENTRIES_MAX: u64 = 10_000;
const ENTRIES_USUAL: u64 = 1_000;

const ENTRIES: Sheet<Vec<Value>> = Sheet {
    word: "entries",
    columns: &[
        Of("position"),
        Of("recorded_at"),
        Of("effective_at"),
        Of("command"),
        Of("command_id"),
        Of("actor.kind"),
        Of("actor.tenant_id"),
        Of("actor.user"),
        Of("refusal.code"),
        Of("events"),
        Of("streams"),
    ],
    rows: |rows| Ok(rows.clone()),
};

const SHEETS: &[Sheet<Vec<Seen>>] = &[
    Sheet {
        word: "findings",
        columns: FINDING,
        rows: |seen| {
            let of = |one: &Seen| {
                let customer = one.customer;
                one.findings.clone().into_iter().map(move |finding| CustomerFinding { customer, finding })
            };
            values(&seen.iter().flat_map(of).collect::<Vec<_>>())
        },
    },
    Sheet {
        word: "customers",
        columns: &[Of("customer"), NameOf("customer"), Of("resellers"), Of("subscriptions"), Of("findings")],
        rows: |seen| {
            let row = |one: &Seen| {
                json!({
                    "customer": one.customer,
                    "resellers": one.resellers,
                    "subscriptions": one.subscriptions,
                    "findings": one.findings.len(),
                })
            };
            Ok(seen.iter().map(row).collect())
        },
    },
];

/// A table of the overview.
pub(in crate::console) fn of_everybody(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let mut looking = Looking::at(&shared.reader, visitor, shared.ledger.clock().now())?;
    let mut called = Called::to(visitor);
    let words = std::iter::once((ENTRIES.word, None)).chain(SHEETS.iter().map(|sheet| (sheet.word, Some(sheet))));
    let Some(sheet) = asked.word("table", &words.collect::<Vec<_>>())?.flatten() else {
        let rows = entries(shared, asked, looking.snapshot().basis.tree_size)?;
        return ENTRIES.reply(&rows, &called, ("log", looking.snapshot()));
    };
    let looked = looking.customers(asked.read::<CustomerId>("after")?, CUSTOMERS_MAX)?;
    let seen: Result<Vec<Seen>, Problem> = looked.customers.iter().map(|id| look(&mut looking, *id)).collect();
    let seen = seen?;
    for one in &seen {
        called.learn(StreamId::Customer(one.customer), one.name.clone());
        for partner in one.findings.iter().filter_map(|finding| finding.subject.partner).map(StreamId::Partner) {
            called.learn(partner, looking.called(partner)?);
        }
    }
    sheet.reply(&seen, &called, ("ledger", looking.snapshot()))
}

/// The entries that are asked for, the first one first.
fn entries(shared: &Shared, asked: &Asked, size: u64) -> Result<Vec<Value>, Problem> {
    let to = asked.read::<u64>("to")?.unwrap_or(size).min(size);
    let from = asked.read::<u64>("from")?.unwrap_or_else(|| to.saturating_sub(ENTRIES_USUAL));
    if to.saturating_sub(from) > ENTRIES_MAX {
        return Err(Problem::malformed("from", &format_args!("one file has at most {ENTRIES_MAX} entries")));
    }
    (from..to).map(|position| entry(shared, position)).collect()
}

fn entry(shared: &Shared, position: u64) -> Result<Value, Problem> {
    let envelope = Envelope::parse_canonical(&shared.reader.log().read(position)?);
    let envelope = envelope.map_err(|error| Problem::internal("read an entry", &error))?;
    let row = EntryRow::of(&shared.reader.entry(position)?);
    let events: Vec<String> = row.events.iter().map(|event| views::describe(event)).collect();
    let streams: Vec<&str> = envelope.streams.iter().map(|link| link.stream.as_str()).collect();
    Ok(json!({
        "position": row.position,
        "recorded_at": row.recorded_at,
        "effective_at": row.effective_at,
        "command": row.command,
        "command_id": row.command_id,
        "actor": row.actor,
        "refusal": row.refusal,
        "events": events,
        "streams": streams,
    }))
}

#[cfg(test)]
pub(super) fn words() -> Vec<&'static str> {
    std::iter::once(ENTRIES.word).chain(SHEETS.iter().map(|sheet| sheet.word)).collect()
}
