//! Going over customers one after another, a bounded number at a time, with what the views say of each.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ofrecord_core::{CustomerId, Partner, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::{KnownAt, Reader, Snapshot};
use ofrecord_views::{self as views, CustomerRecord, Viewpoint};

use crate::problem::Problem;

/// What stands before the id of a customer in the name of its stream.
const CUSTOMERS: &str = "customer/";

/// How many customers one page looks at.
pub(super) const CUSTOMERS_MAX: usize = 100;

/// Customers by everything known, at an instant.
pub(super) struct Looking<'a> {
    reader: &'a Reader,
    snapshot: Snapshot,
    as_of: Timestamp,
    partners: BTreeMap<PartnerTenantId, Partner>,
    /// What customers are called, of those that were asked for.
    customers: BTreeMap<CustomerId, Option<String>>,
}

/// Customers that follow each other.
pub(super) struct Looked {
    /// Their ids, in order.
    pub(super) customers: Vec<CustomerId>,
    /// Whether there are more after the last one.
    pub(super) goes_on: bool,
}

impl<'a> Looking<'a> {
    /// By everything known now.
    pub(super) fn at(reader: &'a Reader, as_of: Timestamp) -> Result<Self, Problem> {
        let snapshot = reader.snapshot(KnownAt::Now)?;
        Ok(Self { reader, snapshot, as_of, partners: BTreeMap::new(), customers: BTreeMap::new() })
    }

    /// What is known.
    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// From where it is looked.
    pub(super) fn viewpoint(&self) -> Viewpoint<'a> {
        self.reader.viewpoint(&self.snapshot, self.as_of)
    }

    /// At most so many customers that come after one, or the first ones.
    pub(super) fn customers(&self, after: Option<CustomerId>, most: usize) -> Result<Looked, Problem> {
        let after = after.map(|id| StreamId::Customer(id).to_string());
        let names = self.reader.log().streams(CUSTOMERS, after.as_deref(), most.saturating_add(1))?;
        let all = names.iter().filter_map(|name| name.parse::<StreamId>().ok()?.customer());
        let customers: Vec<CustomerId> = all.take(most).collect();
        Ok(Looked { goes_on: names.len() > customers.len(), customers })
    }

    /// A customer's record.
    pub(super) fn record(&self, customer: CustomerId) -> Result<CustomerRecord, Problem> {
        Ok(self.reader.customer(customer, &self.snapshot)?)
    }

    /// The states of the partners that a record names, and of no others: each is read once.
    pub(super) fn partners_of(
        &mut self,
        record: &CustomerRecord,
    ) -> Result<BTreeMap<PartnerTenantId, Partner>, Problem> {
        let mut named = BTreeMap::new();
        for id in record.entries().iter().flat_map(|entry| entry.partners.iter().copied()) {
            named.insert(id, self.partner(id)?.clone());
        }
        Ok(named)
    }

    /// The state of a partner, read once.
    fn partner(&mut self, id: PartnerTenantId) -> Result<&Partner, Problem> {
        match self.partners.entry(id) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let viewpoint = self.reader.viewpoint(&self.snapshot, self.as_of);
                Ok(place.insert(self.reader.partner(id, &self.snapshot)?.state(&viewpoint)))
            }
        }
    }

    /// The same, also where no entry speaks of the customer.
    pub(super) fn name_if_any(&mut self, stream: StreamId) -> Result<Option<String>, Problem> {
        match self.reader.log().stream_head(&stream.to_string())? {
            Some(_) => self.called(stream),
            None => Ok(None),
        }
    }

    /// What whose stream it is is called, where that is known.
    pub(super) fn called(&mut self, stream: StreamId) -> Result<Option<String>, Problem> {
        match stream {
            StreamId::Partner(id) => Ok(self.partner(id)?.name.as_ref().map(|name| name.value.clone())),
            StreamId::Customer(id) => {
                if let Some(known) = self.customers.get(&id) {
                    return Ok(known.clone());
                }
                let name = views::profile(&self.record(id)?, &self.viewpoint()).name;
                self.customers.insert(id, name.clone());
                Ok(name)
            }
            StreamId::Ledger => Ok(None),
        }
    }
}
