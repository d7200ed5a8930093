//! What is shown with an entry: its own events, as far as somebody sees them, and before these what they came to see by
//! it of entries that came before.
//!
//! A partner sees its share of a customer's record, and the share of a later size of the log may have more of it: a
//! consent, a transfer or a partner ID shows what was recorded long ago. The feed of a partner gives each event with the
//! entry by which the share comes to have it, so that whoever follows it has been told what the questions answer.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::EventRef;
use ofrecord_core::id::PartnerId;
use ofrecord_core::{CustomerId, Entry, PartnerTenantId, StreamId};
use ofrecord_interop::cloud_events;
use ofrecord_interop::stored::StoredEntry;
use ofrecord_ledger::ReadFailure;
use ofrecord_ledger::codec::{DecodeError, decode_envelope};
use ofrecord_log::entry::{Envelope, stored_leaf_hash};
use ofrecord_views::EntryRow;

use super::cursor::Passed;
use super::page::{Page, Wanted};
use crate::access::Reach;
use crate::problem::Problem;
use crate::questions::{partner_ids, share_by};
use crate::shared::Shared;

/// What a partner sees of a customer, with the partners that its rows name.
type Visible = BTreeMap<EventRef, BTreeSet<PartnerTenantId>>;

/// What a partner comes to see, of which customer, with the partners that it names.
type Newly = BTreeMap<(EventRef, CustomerId), BTreeSet<PartnerTenantId>>;

/// Entries as they are shown to somebody, one after another.
pub(super) struct Showing<'a> {
    shared: &'a Shared,
    reach: Reach,
    wanted: &'a Wanted,
    source: String,
    /// By which IDs orders name the partner, by what was looked through.
    ids: Option<BTreeSet<PartnerId>>,
    /// What the partner saw last of each customer, by the same IDs.
    seen: BTreeMap<CustomerId, Visible>,
}

/// An entry as it was read.
struct Read {
    entry: Entry,
    envelope: Envelope,
    streams: Vec<StreamId>,
    leaf: String,
}

impl<'a> Showing<'a> {
    /// To somebody of a reach, who wants some of it.
    pub(super) fn to(shared: &'a Shared, reach: Reach, wanted: &'a Wanted) -> Self {
        let source = cloud_events::source_of(shared.reader.log().origin());
        Self { shared, reach, wanted, source, ids: None, seen: BTreeMap::new() }
    }

    /// Puts on a page what is shown with an entry, as far as the page does not have it. An entry that cannot be
    /// understood is an error that names its position, never passed over.
    pub(super) fn at(&mut self, position: u64, bytes: &[u8], page: &mut Page) -> Result<(), Problem> {
        let read = Read::of(bytes)?;
        match self.reach {
            Reach::Nothing => {}
            Reach::Everything => self.whole(&read, page)?,
            Reach::Customer(own) if read.customer() == Some(own) => self.whole(&read, page)?,
            Reach::Customer(_) => {}
            Reach::Share(partner) => {
                if !self.share(partner, position, &read, page)? {
                    return Ok(());
                }
            }
        }
        page.pass(position);
        Ok(())
    }

    /// All events of an entry.
    fn whole(&self, read: &Read, page: &mut Page) -> Result<(), Problem> {
        let names = |partner| read.streams.contains(&StreamId::Partner(partner)) || read.names(partner);
        let is_about =
            |customer| read.customer() == Some(customer) || read.streams.contains(&StreamId::Customer(customer));
        if self.wanted.takes(is_about, names) {
            self.put(read, read.entry.position, |_| true, page)?;
        }
        Ok(())
    }

    /// What a partner comes to see by an entry; whether that was all of it, before the page was full.
    fn share(
        &mut self,
        partner: PartnerTenantId,
        position: u64,
        read: &Read,
        page: &mut Page,
    ) -> Result<bool, Problem> {
        let shown = self.newly(partner, position, read)?;
        let (own, earlier): (Vec<_>, Vec<_>) = shown.into_iter().partition(|((at, _), _)| at.position == position);
        for ((at, customer), partners) in &earlier {
            if page.is_full() {
                return Ok(false);
            }
            let is_wanted = self.wanted.takes(|wanted| wanted == *customer, |wanted| partners.contains(&wanted));
            if is_wanted && page.is_before(position, Passed::Earlier(*at)) {
                let bytes = self.shared.reader.log().read(at.position)?;
                self.put(&Read::of(&bytes)?, position, |index| index == at.index, page)?;
            }
        }
        let is_of_account = read.customer().is_none() && read.streams.first() == Some(&StreamId::Partner(partner));
        if is_of_account && !read.entry.decision.is_redacted() {
            self.whole(read, page)?;
        }
        for ((at, customer), partners) in &own {
            if self.wanted.takes(|wanted| wanted == *customer, |wanted| partners.contains(&wanted)) {
                self.put(read, position, |index| index == at.index, page)?;
            }
        }
        Ok(true)
    }

    /// The events that a partner sees once an entry stands and did not see before, in the order of the log.
    fn newly(&mut self, partner: PartnerTenantId, position: u64, read: &Read) -> Result<Newly, Problem> {
        let (reader, after) = (&self.shared.reader, position.saturating_add(1));
        let before = match self.ids.take() {
            Some(ids) => ids,
            None => partner_ids(reader, partner, position)?,
        };
        let is_of_account = read.streams.contains(&StreamId::Partner(partner));
        let ids = if is_of_account { partner_ids(reader, partner, after)? } else { before.clone() };
        let mut customers: BTreeSet<CustomerId> = read.customer().into_iter().collect();
        if before != ids {
            self.seen.clear();
            // Orders that name it by an ID may stand under any customer.
            reader.customers(&mut |customer| {
                customers.insert(customer);
                Ok(())
            })?;
        }
        let mut newly = Newly::new();
        for customer in customers {
            let saw = match self.seen.remove(&customer) {
                Some(saw) => saw,
                None => visible(self.shared, (customer, partner), &before, position)?,
            };
            let sees = visible(self.shared, (customer, partner), &ids, after)?;
            let shown = sees.iter().filter(|(at, _)| !saw.contains_key(at));
            newly.extend(shown.map(|(at, partners)| ((*at, customer), partners.clone())));
            self.seen.insert(customer, sees);
        }
        self.ids = Some(ids);
        Ok(newly)
    }

    /// Puts on a page the events of an entry that are shown with the one at a position.
    fn put(&self, read: &Read, shown_by: u64, is_shown: impl Fn(u32) -> bool, page: &mut Page) -> Result<(), Problem> {
        let (position, streams) = (read.entry.position, read.streams.as_slice());
        let stored = StoredEntry::new(&read.entry, &read.envelope.decision, streams, &read.leaf);
        let stored = stored.map_err(|error| Problem::internal("read an entry", &error))?;
        for event in cloud_events::cloud_events(&self.source, &stored) {
            let index = event.index();
            let place =
                if position == shown_by { Passed::Own(index) } else { Passed::Earlier(EventRef { position, index }) };
            let is_wanted = is_shown(index) && self.wanted.takes_kind(&read.entry, index);
            if is_wanted && page.is_before(shown_by, place) {
                let event = if position == shown_by { event } else { event.shown_by(shown_by) };
                page.take(&event, shown_by, place)?;
            }
        }
        Ok(())
    }
}

impl Read {
    fn of(bytes: &[u8]) -> Result<Self, Problem> {
        let envelope = Envelope::parse_canonical(bytes).map_err(|error| ReadFailure::from(DecodeError::from(error)))?;
        let entry = decode_envelope(&envelope).map_err(ReadFailure::from)?;
        let streams = envelope.streams.iter().filter_map(|link| link.stream.parse().ok()).collect();
        Ok(Self { entry, streams, leaf: stored_leaf_hash(bytes).to_string(), envelope })
    }

    /// The customer that it is about.
    fn customer(&self) -> Option<CustomerId> {
        let of_customer = |stream: &StreamId| match stream {
            StreamId::Customer(customer) => Some(*customer),
            StreamId::Partner(_) | StreamId::Ledger => None,
        };
        self.entry.decision.customer.or_else(|| self.streams.iter().find_map(of_customer))
    }

    fn names(&self, partner: PartnerTenantId) -> bool {
        EntryRow::of(&self.entry).partners.contains(&partner)
    }
}

/// What a partner sees of a customer by what stands below a position: the events of its share, and its own refusals.
fn visible(
    shared: &Shared,
    (customer, partner): (CustomerId, PartnerTenantId),
    ids: &BTreeSet<PartnerId>,
    known_below: u64,
) -> Result<Visible, Problem> {
    if known_below == 0 {
        return Ok(Visible::new());
    }
    let share = match share_by(&shared.reader, customer, (partner, ids), known_below) {
        Ok(share) => share,
        Err(ReadFailure::NotFound { .. }) => return Ok(Visible::new()),
        Err(failure) => return Err(failure.into()),
    };
    let mut visible = Visible::new();
    for row in share.entries().iter().filter(|row| row.events.is_empty()) {
        visible.insert(EventRef { position: row.position, index: 0 }, row.partners.clone());
    }
    for fact in share.facts() {
        let partners = share.entry(fact.at.position).map(|row| row.partners.clone()).unwrap_or_default();
        visible.insert(fact.at, partners);
    }
    Ok(visible)
}
