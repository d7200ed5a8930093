//! The fold of one stream from its digests, of which nothing else is kept: for its present view alone.

use ofrecord_core::{Custody, Customer, CustomerId, History, Partner, PartnerTenantId, State, StreamId};
use ofrecord_views::{Told, present_bytes_of, present_ledger_bytes_of, present_partner_bytes_of};

/// What was folded of a stream.
pub(super) struct Folding {
    state: Folds,
    entries: u64,
}

enum Folds {
    Customer(CustomerId, History<Customer>),
    Partner(PartnerTenantId, History<Partner>),
    Ledger(History<Custody>),
}

impl Folding {
    /// Nothing of a stream.
    pub(super) fn of(stream: StreamId) -> Self {
        let state = match stream {
            StreamId::Customer(id) => Folds::Customer(id, History::default()),
            StreamId::Partner(id) => Folds::Partner(id, History::default()),
            StreamId::Ledger => Folds::Ledger(History::default()),
        };
        Self { state, entries: 0 }
    }

    /// Takes in the next entry of the stream.
    pub(super) fn take(&mut self, told: Told) {
        match &mut self.state {
            Folds::Customer(_, history) => push(history, told),
            Folds::Partner(_, history) => push(history, told),
            Folds::Ledger(history) => push(history, told),
        }
        self.entries += 1;
    }

    /// The present view after what was taken in; none where no entry speaks of the stream.
    pub(super) fn view(&self) -> Option<Vec<u8>> {
        (self.entries > 0).then(|| match &self.state {
            Folds::Customer(id, history) => present_bytes_of(*id, history.latest()),
            Folds::Partner(id, history) => present_partner_bytes_of(*id, history.latest()),
            Folds::Ledger(history) => present_ledger_bytes_of(history.latest()),
        })
    }
}

fn push<S: State>(history: &mut History<S>, told: Told) {
    told.into_facts().for_each(|fact| history.push(fact));
}
