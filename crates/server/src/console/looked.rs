//! Going over customers one after another, a bounded number at a time, with what the views say of each.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{CustomerId, Partner, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::{KnownAt, ReadFailure, Reader, Snapshot};
use ofrecord_views::{self as views, CustomerRecord, Viewpoint};

use crate::access::Reach;
use crate::problem::Problem;
use crate::questions::seen;
use crate::visitor::Visitor;

/// What stands before the id of a customer in the name of its stream.
const CUSTOMERS: &str = "customer/";

/// How many customers one page looks at.
pub(super) const CUSTOMERS_MAX: usize = 100;

/// How many customers are read in search of those in which a partner has a share.
const SHARES_READ_MAX: usize = 10_000;

/// Customers by everything known, at an instant, as far as somebody sees them.
pub(super) struct Looking<'a> {
    reader: &'a Reader,
    visitor: &'a Visitor,
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
    pub(super) fn at(reader: &'a Reader, visitor: &'a Visitor, as_of: Timestamp) -> Result<Self, Problem> {
        Ok(Self::by(reader, visitor, (reader.snapshot(KnownAt::Now)?, as_of)))
    }

    /// By what is known and at an instant.
    pub(super) fn by(reader: &'a Reader, visitor: &'a Visitor, (snapshot, as_of): (Snapshot, Timestamp)) -> Self {
        Self { reader, visitor, snapshot, as_of, partners: BTreeMap::new(), customers: BTreeMap::new() }
    }

    /// What is known.
    pub(super) fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// From where it is looked.
    pub(super) fn viewpoint(&self) -> Viewpoint<'a> {
        self.reader.viewpoint(&self.snapshot, self.as_of)
    }

    /// At most so many customers that come after one, or the first ones, of whom somebody sees something. Where that is
    /// not everybody, nothing tells how many others there are.
    pub(super) fn seen_customers(&self, after: Option<CustomerId>, most: usize) -> Result<Looked, Problem> {
        match self.visitor.caller.reach() {
            Reach::Everything => self.customers(after, most),
            Reach::Customer(own) => {
                let customers = if after.is_none_or(|after| own > after) { vec![own] } else { Vec::new() };
                Ok(Looked { customers, goes_on: false })
            }
            Reach::Share(partner) => self.sharing(after, most, partner),
            Reach::Nothing => Ok(Looked { customers: Vec::new(), goes_on: false }),
        }
    }

    fn sharing(&self, after: Option<CustomerId>, most: usize, partner: PartnerTenantId) -> Result<Looked, Problem> {
        let mut customers = Vec::new();
        for id in self.customers(after, SHARES_READ_MAX)?.customers {
            // Whose record does not name the partner has nothing of it, which is told sooner than its share.
            let names = match self.reader.customer(id, &self.snapshot) {
                Ok(record) => record.names(partner),
                Err(ReadFailure::NotFound { .. }) => false,
                Err(failure) => return Err(failure.into()),
            };
            if names && self.sees(id)? {
                customers.push(id);
            }
            if customers.len() > most {
                break;
            }
        }
        let goes_on = customers.len() > most;
        customers.truncate(most);
        Ok(Looked { customers, goes_on })
    }

    /// Whether somebody sees anything of a customer.
    pub(super) fn sees(&self, customer: CustomerId) -> Result<bool, Problem> {
        Ok(self.record_if_any(customer)?.is_some())
    }

    /// What is seen of a customer; none where nothing is, or where nothing was known of it yet.
    pub(super) fn record_if_any(&self, customer: CustomerId) -> Result<Option<CustomerRecord>, Problem> {
        let Ok(sight) = self.visitor.caller.sight(customer) else { return Ok(None) };
        match seen(self.reader, customer, &self.snapshot, sight) {
            Ok(record) => Ok(Some(record)),
            Err(ReadFailure::NotFound { .. }) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// At most so many customers that come after one, or the first ones.
    pub(super) fn customers(&self, after: Option<CustomerId>, most: usize) -> Result<Looked, Problem> {
        let after = after.map(|id| StreamId::Customer(id).to_string());
        let names = self.reader.log().streams(CUSTOMERS, after.as_deref(), most.saturating_add(1))?;
        let all = names.iter().filter_map(|name| name.parse::<StreamId>().ok()?.customer());
        let customers: Vec<CustomerId> = all.take(most).collect();
        Ok(Looked { goes_on: names.len() > customers.len(), customers })
    }

    /// What is seen of a customer.
    pub(super) fn record(&self, customer: CustomerId) -> Result<CustomerRecord, Problem> {
        record(self.reader, self.visitor, customer, &self.snapshot)
    }

    /// The states of the partners that a record names, and of no others: each is read once.
    pub(super) fn partners_of(
        &mut self,
        record: &CustomerRecord,
    ) -> Result<BTreeMap<PartnerTenantId, Partner>, Problem> {
        let mut named = BTreeMap::new();
        for id in named_partners(record, self.visitor) {
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

    /// The same, also where nothing is seen of whose stream it is.
    pub(super) fn name_if_any(&mut self, stream: StreamId) -> Result<Option<String>, Problem> {
        let is_seen = match stream {
            StreamId::Customer(id) => self.sees(id)?,
            StreamId::Partner(_) | StreamId::Ledger => self.reader.log().stream_head(&stream.to_string())?.is_some(),
        };
        if is_seen { self.called(stream) } else { Ok(None) }
    }

    /// What whose stream it is is called, where that is known.
    pub(super) fn called(&mut self, stream: StreamId) -> Result<Option<String>, Problem> {
        match stream {
            StreamId::Partner(id) if !sees_partner(self.visitor, id) => Ok(None),
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

/// What somebody sees of a customer.
pub(super) fn record(
    reader: &Reader,
    visitor: &Visitor,
    customer: CustomerId,
    snapshot: &Snapshot,
) -> Result<CustomerRecord, Problem> {
    let sight = visitor.caller.sight(customer)?;
    Ok(seen(reader, customer, snapshot, sight)?)
}

/// The partners that a record names, and whose accounts somebody sees.
pub(super) fn named_partners(record: &CustomerRecord, visitor: &Visitor) -> BTreeSet<PartnerTenantId> {
    let mut named = views::named_partners(record);
    named.retain(|partner| sees_partner(visitor, *partner));
    named
}

/// Whether the account of a partner is seen where a customer's record names it: to a partner, its own alone.
fn sees_partner(visitor: &Visitor, partner: PartnerTenantId) -> bool {
    match visitor.caller.reach() {
        Reach::Everything | Reach::Customer(_) => true,
        Reach::Share(own) => own == partner,
        Reach::Nothing => false,
    }
}

/// Refuses the page of a partner to whoever sees no more of it than a customer's record says.
pub(super) fn check_partner(visitor: &Visitor, partner: PartnerTenantId) -> Result<(), Problem> {
    match visitor.caller.reach() {
        Reach::Everything => Ok(()),
        Reach::Share(own) if own == partner => Ok(()),
        Reach::Share(_) | Reach::Customer(_) | Reach::Nothing => {
            Err(Problem::forbidden(&"the page of a partner is for that partner alone"))
        }
    }
}
