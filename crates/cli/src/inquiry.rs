//! A question's ground: the open ledger, the instant asked about, what is known, and the basis of the answer.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};
use ofrecord_ledger::{Answer, KnownAt, ReadFailure, Reader, Snapshot};
use ofrecord_views::{CustomerRecord, PartnerRecord, Viewpoint};

use crate::failure::Failure;
use crate::instant::KnownArgument;
use crate::open::{self, Opened};
use crate::session::Session;

/// An open ledger and what its answers rest on.
pub(crate) struct Inquiry {
    /// The reader.
    pub(crate) reader: Reader,
    /// What is known.
    pub(crate) snapshot: Snapshot,
    /// The instant asked about.
    pub(crate) as_of: Timestamp,
    // Holds the folder's lock for as long as the question lasts.
    _opened: Opened,
}

impl Inquiry {
    /// Opens the ledger and fixes what is known, as the arguments say.
    pub(crate) fn open(session: &Session) -> Result<Self, Failure> {
        session.interrupt.end_at_once();
        let opened = open::log(session)?;
        let reader = opened.reader();
        let known_at = session.global.known_at.map_or(KnownAt::Now, KnownArgument::known_at);
        let snapshot = reader.snapshot(known_at)?;
        Ok(Self { snapshot, as_of: session.as_of(), reader, _opened: opened })
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

    /// The records of the partners that a customer's entries name.
    pub(crate) fn partners_of(
        &self,
        record: &CustomerRecord,
    ) -> Result<BTreeMap<PartnerTenantId, PartnerRecord>, Failure> {
        let named: BTreeSet<PartnerTenantId> =
            record.entries().iter().flat_map(|row| row.partners.iter().copied()).collect();
        named.into_iter().map(|id| Ok((id, self.reader.partner(id, &self.snapshot)?))).collect()
    }

    /// The names of the partners that a customer's entries name, where they are known.
    pub(crate) fn names(&self, record: &CustomerRecord) -> Result<Names, Failure> {
        let viewpoint = self.viewpoint();
        let partners = self.partners_of(record)?;
        let named = partners.iter().filter_map(|(id, record)| {
            let name = record.state(&viewpoint).name?;
            Some((id.to_string(), name.value))
        });
        Ok(Names(named.collect()))
    }

    /// Calls `each` for every customer that an entry below the snapshot speaks of, with progress.
    pub(crate) fn each_customer(
        &self,
        session: &Session,
        doing: &'static str,
        each: &mut dyn FnMut(CustomerId) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut customers = Vec::new();
        self.reader.customers(&mut |customer| {
            customers.push(customer);
            Ok(())
        })?;
        let bar = session.bar(doing);
        let total = customers.len() as u64;
        for (done, customer) in (0..).zip(customers) {
            bar.at(done, total);
            if bar.is_stopped() {
                return Err(Failure::Stopped);
            }
            match each(customer) {
                // Known only by entries that the snapshot does not count.
                Ok(()) | Err(Failure::Read(ReadFailure::NotFound { .. })) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Rows with their basis.
    pub(crate) fn answer<Row>(&self, rows: Vec<Row>) -> Answer<Row> {
        Answer { basis: self.snapshot.basis.clone(), as_of: self.as_of, known_at: self.snapshot.known_at, rows }
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
