//! One page of the feed: entries read from the log, as much of each as the follower may see and wants.

use std::ops::ControlFlow;

use ofrecord_core::{CustomerId, Entry, PartnerTenantId};
use ofrecord_interop::cloud_events::CloudEvent;

use super::cursor::{Cursor, Passed};
use super::showing::Showing;
use crate::access::Caller;
use crate::asked::Asked;
use crate::problem::Problem;
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
    bytes: usize,
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

    /// Whether an entry is wanted that is about some customers and names some partners.
    pub(super) fn takes(
        &self,
        is_about: impl FnOnce(CustomerId) -> bool,
        names: impl FnOnce(PartnerTenantId) -> bool,
    ) -> bool {
        self.customer.is_none_or(is_about) && self.partner.is_none_or(names)
    }

    /// Whether an event of an entry is wanted by its name, or by that of the command.
    pub(super) fn takes_kind(&self, entry: &Entry, index: u32) -> bool {
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
        let from = cursor.position();
        let to = log.tree_size().min(from.saturating_add(PAGE_ENTRIES));
        let mut page = Self { events: Vec::new(), reached: cursor, bytes: 0 };
        if from >= to {
            return Ok(page);
        }
        let mut showing = Showing::to(shared, caller.reach(), wanted);
        let mut failed = None;
        log.scan(from, to, &mut |position, bytes| match showing.at(position, bytes, &mut page) {
            Ok(()) if !page.is_full() => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(()),
            Err(problem) => {
                failed = Some(problem);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(page), Err)
    }

    /// Whether something comes after what was read.
    pub(super) fn is_before(&self, position: u64, place: Passed) -> bool {
        self.reached < Cursor::within(position, place)
    }

    /// Takes an event that comes next.
    pub(super) fn take(&mut self, event: &CloudEvent<'_>, position: u64, place: Passed) -> Result<(), Problem> {
        let json = serde_json::to_vec(event).map_err(|error| Problem::internal("write an event", &error))?;
        self.bytes += json.len();
        self.events.push(Sent { id: event.id().to_owned(), json });
        self.reached = Cursor::within(position, place);
        Ok(())
    }

    /// Notes that an entry was looked through, with everything that is shown with it.
    pub(super) fn pass(&mut self, position: u64) {
        self.reached = Cursor::behind(position);
    }

    /// Whether it is time to send it.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= PAGE_BYTES
    }
}
