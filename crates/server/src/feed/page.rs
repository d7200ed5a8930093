//! One page of the feed: entries read from the log, as much of each as the follower may see and wants.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ofrecord_core::{CustomerId, Entry, PartnerTenantId, StreamId};
use ofrecord_interop::cloud_events::{self, CloudEvent};
use ofrecord_interop::stored::StoredEntry;
use ofrecord_ledger::ReadFailure;
use ofrecord_ledger::codec::{DecodeError, decode_envelope};
use ofrecord_log::entry::{Envelope, stored_leaf_hash};
use ofrecord_views::EntryRow;

use super::cursor::Cursor;
use crate::access::{Caller, Reach};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::questions::share_of;
use crate::shared::Shared;

/// Entries of one page, at most.
const PAGE_ENTRIES: u64 = 256;
/// Bytes of the events of one page, at most, but for those of its last entry.
const PAGE_BYTES: usize = 256 * 1024;

/// What a follower wants of what it may see.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    customer: Option<CustomerId>,
    partner: Option<PartnerTenantId>,
    kind: Option<String>,
}

/// An event on its way.
pub(super) struct Sent {
    /// Its id, which is a cursor behind it.
    pub(super) id: String,
    /// The CloudEvent.
    pub(super) json: Vec<u8>,
}

/// Some events, and how far the log was looked through for them.
pub(super) struct Page {
    pub(super) events: Vec<Sent>,
    pub(super) reached: Cursor,
}

impl Wanted {
    /// The filters of a request. A customer that the caller may not ask about is refused rather than never heard of.
    pub(super) fn of(asked: &Asked, caller: &Caller) -> Result<Self, Problem> {
        let customer = asked.read("customer")?;
        customer.map_or(Ok(()), |customer| caller.sight(customer).map(drop))?;
        Ok(Self { customer, partner: asked.read("partner")?, kind: asked.text("type").map(str::to_owned) })
    }

    /// Filters of somebody who sees everything.
    pub(super) fn filtered(
        customer: Option<CustomerId>,
        partner: Option<PartnerTenantId>,
        kind: Option<String>,
    ) -> Self {
        Self { customer, partner, kind }
    }

    /// The one customer that is wanted, where it is one.
    pub(super) fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    fn takes(&self, entry: &Entry, streams: &[StreamId]) -> bool {
        let of_customer =
            |wanted| entry.decision.customer == Some(wanted) || streams.contains(&StreamId::Customer(wanted));
        let of_partner =
            |wanted| streams.contains(&StreamId::Partner(wanted)) || EntryRow::of(entry).partners.contains(&wanted);
        self.customer.is_none_or(of_customer) && self.partner.is_none_or(of_partner)
    }

    fn takes_kind(&self, entry: &Entry, index: u32) -> bool {
        let Some(kind) = &self.kind else { return true };
        let event = usize::try_from(index).ok().and_then(|index| entry.decision.events().get(index));
        event.is_some_and(|event| event.name().eq_ignore_ascii_case(kind))
            || entry.decision.command.name().eq_ignore_ascii_case(kind)
    }
}

impl Page {
    /// Reads what comes after a cursor.
    pub(super) fn read(shared: &Shared, caller: &Caller, wanted: &Wanted, cursor: Cursor) -> Result<Self, Problem> {
        let log = shared.reader.log();
        let source = cloud_events::source_of(log.origin());
        let from = cursor.position();
        let to = log.tree_size().min(from.saturating_add(PAGE_ENTRIES));
        let (mut page, mut bytes_taken) = (Self { events: Vec::new(), reached: cursor }, 0);
        if from >= to {
            return Ok(page);
        }
        let mut failed = None;
        log.scan(from, to, &mut |position, bytes| match taken(shared, caller, wanted, &source, bytes) {
            Ok(events) => {
                let after = events.into_iter().filter(|(index, _)| cursor.is_before(position, *index));
                for (_, event) in after {
                    bytes_taken += event.json.len();
                    page.events.push(event);
                }
                page.reached = Cursor::behind(position);
                if bytes_taken < PAGE_BYTES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            }
            Err(problem) => {
                failed = Some(problem);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(page), Err)
    }
}

/// The events of an entry that go to a follower, by their places in it. An entry that cannot be understood is an error
/// that names its position, never passed over.
fn taken(
    shared: &Shared,
    caller: &Caller,
    wanted: &Wanted,
    source: &str,
    bytes: &[u8],
) -> Result<Vec<(u32, Sent)>, Problem> {
    let envelope = Envelope::parse_canonical(bytes).map_err(|error| ReadFailure::from(DecodeError::from(error)))?;
    let entry = decode_envelope(&envelope).map_err(ReadFailure::from)?;
    let streams: Vec<StreamId> = envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect();
    if !wanted.takes(&entry, &streams) {
        return Ok(Vec::new());
    }
    let Some(seen) = seen(shared, caller.reach(), &entry, &streams)? else { return Ok(Vec::new()) };
    let leaf = stored_leaf_hash(bytes).to_string();
    let stored = StoredEntry::new(&entry, &envelope.decision, &streams, &leaf);
    let stored = stored.map_err(|error| Problem::internal("read an entry", &error))?;
    let wanted = cloud_events::cloud_events(source, &stored)
        .filter(|event| seen.has(event.index()) && wanted.takes_kind(&entry, event.index()));
    wanted.map(|event| Ok((event.index(), sent(&event)?))).collect()
}

fn sent(event: &CloudEvent<'_>) -> Result<Sent, Problem> {
    let json = serde_json::to_vec(event).map_err(|error| Problem::internal("write an event", &error))?;
    Ok(Sent { id: event.id().to_owned(), json })
}

/// What is seen of an entry.
enum Seen {
    Whole,
    Places(BTreeSet<u32>),
}

impl Seen {
    fn has(&self, index: u32) -> bool {
        match self {
            Self::Whole => true,
            Self::Places(places) => places.contains(&index),
        }
    }
}

/// What is seen of an entry by what stands up to it: what comes later never changes what was sent.
fn seen(shared: &Shared, reach: Reach, entry: &Entry, streams: &[StreamId]) -> Result<Option<Seen>, Problem> {
    let customer = entry.decision.customer.or_else(|| {
        let of_customer = |stream: &StreamId| match stream {
            StreamId::Customer(customer) => Some(*customer),
            StreamId::Partner(_) | StreamId::Ledger => None,
        };
        streams.iter().find_map(of_customer)
    });
    match (reach, customer) {
        (Reach::Everything, _) => Ok(Some(Seen::Whole)),
        (Reach::Nothing, _) => Ok(None),
        (Reach::Customer(own), _) => Ok((customer == Some(own)).then_some(Seen::Whole)),
        (Reach::Share(partner), None) => {
            let is_its = streams.first() == Some(&StreamId::Partner(partner));
            Ok((is_its && !entry.decision.is_redacted()).then_some(Seen::Whole))
        }
        (Reach::Share(partner), Some(customer)) => {
            let share = share_of(&shared.reader, customer, partner, entry.position.saturating_add(1))?;
            let Some(row) = share.entry(entry.position) else { return Ok(None) };
            if row.events.is_empty() {
                return Ok(Some(Seen::Whole));
            }
            let facts = share.facts().filter(|fact| fact.at.position == entry.position);
            Ok(Some(Seen::Places(facts.map(|fact| fact.at.index).collect())))
        }
    }
}
