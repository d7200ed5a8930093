//! A question's ground: the open ledger, the instant asked about, what is known, and the basis of the answer.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::ControlFlow;

use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{CustomerId, Partner, PartnerTenantId, Timestamp};
use ofrecord_ledger::commitment::{CommittedState, KeptStates, Recorded, newest_recorded};
use ofrecord_ledger::signing::Signed;
use ofrecord_ledger::{Answer, KnownAt, Reader, Snapshot};
use ofrecord_log::{Directory, Hash};
use ofrecord_views::{CustomerRecord, PartnerRecord, Viewpoint, named_partners};

use crate::custody;
use crate::disclosure::{Taken, Taking};
use crate::failure::Failure;
use crate::open::Held;
use crate::session::Session;
use ofrecord_ledger::known::KnownArgument;

/// An open ledger and what its answers rest on.
pub(crate) struct Inquiry {
    /// The reader.
    pub(crate) reader: Reader,
    /// What is known.
    pub(crate) snapshot: Snapshot,
    /// The instant asked about.
    pub(crate) as_of: Timestamp,
    held: Held,
}

impl Inquiry {
    /// Opens the ledger and fixes what is known, as the arguments say.
    pub(crate) fn open(session: &Session) -> Result<Self, Failure> {
        session.interrupt.end_at_once();
        Self::open_stoppable(session)
    }

    /// The same for work that has something to put away when it is stopped.
    pub(crate) fn open_stoppable(session: &Session) -> Result<Self, Failure> {
        Self::of(Held::for_reading(session)?, session)
    }

    /// The same for an answer that leaves the ledger, which [`Self::disclose`] records.
    pub(crate) fn open_taking(session: &Session) -> Result<Self, Failure> {
        Self::of(Held::for_taking(session)?, session)
    }

    fn of(held: Held, session: &Session) -> Result<Self, Failure> {
        let reader = held.reader.clone();
        let known_at = session.global.known_at.map_or(KnownAt::Now, KnownArgument::known_at);
        let snapshot = reader.snapshot(known_at)?;
        Ok(Self { snapshot, as_of: session.as_of(), reader, held })
    }

    /// Records that an answer leaves, before it does.
    pub(crate) fn disclose(
        &self,
        taking: &Taking,
        kind: DisclosureKind,
        customer: Option<CustomerId>,
        document: Option<&[u8]>,
        session: &Session,
    ) -> Result<(), Failure> {
        let (tree_size, as_of) = (self.snapshot.basis.tree_size, session.global.as_of);
        taking.disclose(&self.held, Taken { kind, customer, tree_size, as_of, digest: document.map(Hash::of) }, session)
    }

    /// The viewpoint of the question.
    pub(crate) fn viewpoint(&self) -> Viewpoint<'_> {
        self.viewpoint_at(self.as_of, &self.snapshot)
    }

    /// The viewpoint of another instant and knowledge.
    pub(crate) fn viewpoint_at(&self, as_of: Timestamp, snapshot: &Snapshot) -> Viewpoint<'_> {
        self.reader.viewpoint(snapshot, as_of)
    }

    /// A customer's record.
    pub(crate) fn customer(&self, customer: CustomerId) -> Result<CustomerRecord, Failure> {
        Ok(self.reader.customer(customer, &self.snapshot)?)
    }

    /// The names of the partners that a customer's entries name, where they are known.
    pub(crate) fn names(&self, record: &CustomerRecord) -> Result<Names, Failure> {
        let viewpoint = self.viewpoint();
        let mut known = Partners::default();
        known.learn(self, record)?;
        let named = known.records.iter().filter_map(|(id, record)| {
            let name = record.state(&viewpoint).name?;
            Some((id.to_string(), name.value))
        });
        Ok(Names(named.collect()))
    }

    /// Calls `each` with the record of every customer that an entry below the snapshot speaks of, with progress.
    pub(crate) fn each_customer(
        &self,
        session: &Session,
        each: &mut dyn FnMut(CustomerRecord) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let bar = session.bar("fold");
        let mut done = Ok(());
        self.reader.sweep(self.snapshot.basis.tree_size, &bar, &mut |record| {
            done = each(record);
            if done.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        if bar.is_stopped() { Err(Failure::Stopped) } else { done }
    }

    /// The newest commitment that speaks of no more than what is known.
    pub(crate) fn newest_commitment(&self) -> Result<Recorded, Failure> {
        let size = self.snapshot.basis.tree_size;
        let custody = self.reader.custody(&self.reader.snapshot(KnownAt::Now)?)?;
        newest_recorded(&custody, size).ok_or(Failure::NoCommitment { size })
    }

    /// The same with the first checkpoint that covers it.
    pub(crate) fn signed_commitment(&self, session: &Session) -> Result<(Recorded, Signed), Failure> {
        let recorded = self.newest_commitment()?;
        let position = recorded.position;
        let signed = custody::checkpoint_covering(&session.global.ledger, self.reader.log().as_ref(), position)?;
        Ok((recorded, signed.ok_or(Failure::CommitmentNotSigned { position })?))
    }

    /// What a commitment was made of, as it was kept or made again.
    pub(crate) fn committed_state(&self, recorded: &Recorded, session: &Session) -> Result<CommittedState, Failure> {
        let kept = KeptStates::of(&Directory::new(&session.global.ledger));
        Ok(kept.state(self.reader.log().as_ref(), recorded, &session.bar("proving"))?)
    }

    /// Rows with their basis.
    pub(crate) fn answer<Row>(&self, rows: Vec<Row>) -> Answer<Row> {
        Answer { basis: self.snapshot.basis.clone(), as_of: self.as_of, known_at: self.snapshot.known_at, rows }
    }
}

/// The records and the states of partners, read once each however many customers name them.
#[derive(Debug, Default)]
pub(crate) struct Partners {
    records: BTreeMap<PartnerTenantId, PartnerRecord>,
    states: BTreeMap<PartnerTenantId, Partner>,
}

impl Partners {
    /// Reads those that a customer's entries name.
    pub(crate) fn learn(&mut self, inquiry: &Inquiry, record: &CustomerRecord) -> Result<(), Failure> {
        for id in named_partners(record) {
            if let Entry::Vacant(place) = self.records.entry(id) {
                let partner = place.insert(inquiry.reader.partner(id, &inquiry.snapshot)?);
                self.states.insert(id, partner.state(&inquiry.viewpoint()));
            }
        }
        Ok(())
    }

    /// Calls `with` with the states of those that a customer's entries name, and of no others: what a finding
    /// says must not depend on which customers were looked at before.
    pub(crate) fn with_states_of<T>(
        &mut self,
        record: &CustomerRecord,
        with: impl FnOnce(&BTreeMap<PartnerTenantId, Partner>) -> T,
    ) -> T {
        let states = named_partners(record).into_iter().filter_map(|id| self.states.remove_entry(&id)).collect();
        let answer = with(&states);
        self.states.extend(states);
        answer
    }

    /// Calls `with` with the states and the records of those that a customer's entries name.
    pub(crate) fn with_states_and_records_of<T>(
        &mut self,
        record: &CustomerRecord,
        with: impl FnOnce(&BTreeMap<PartnerTenantId, Partner>, &[&PartnerRecord]) -> T,
    ) -> T {
        let records = std::mem::take(&mut self.records);
        let named: Vec<&PartnerRecord> = named_partners(record).iter().filter_map(|id| records.get(id)).collect();
        let answer = self.with_states_of(record, |states| with(states, &named));
        drop(named);
        self.records = records;
        answer
    }

    /// The records of those that a customer's entries name.
    pub(crate) fn records_of(&self, record: &CustomerRecord) -> Vec<&PartnerRecord> {
        named_partners(record).iter().filter_map(|id| self.records.get(id)).collect()
    }
}

/// The names of partners, by id as printed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(BTreeMap<String, String>);

impl Names {
    /// The name behind an id, where it is known.
    pub(crate) fn of(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(String::as_str)
    }
}
