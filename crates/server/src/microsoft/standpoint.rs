//! Where somebody stands who asks in Microsoft's shapes: whose share is seen, at which instant, by which knowledge.

use ofrecord_core::{Customer, CustomerId, Partner, PartnerTenantId, Timestamp};
use ofrecord_ledger::{ReadFailure, Reader, Snapshot};
use ofrecord_views::{CustomerRecord, Viewpoint};

use super::link::Link;
use crate::access::{Caller, Reach, Sight};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::questions::seen;
use crate::shared::Shared;

/// What a question in one of Microsoft's shapes rests on.
pub(crate) struct Standpoint<'a> {
    pub(super) reader: &'a Reader,
    pub(super) snapshot: Snapshot,
    pub(super) as_of: Timestamp,
    /// The partner to whom it is answered: what is told is its share. Without one everything is told that the asker
    /// sees, and nothing that only holds for one partner.
    pub(super) partner: Option<PartnerTenantId>,
    /// The customer of which alone something is told, where the asker is one.
    pub(super) only: Option<CustomerId>,
    pub(super) link: Link,
}

impl<'a> Standpoint<'a> {
    /// A partner is answered as itself. Whoever sees more is answered as the partner that it names, or as nobody.
    pub(super) fn of(shared: &'a Shared, caller: &Caller, link: Link, asked: &Asked) -> Result<Self, Problem> {
        let named: Option<PartnerTenantId> = asked.read("partner")?;
        let (partner, only) = match caller.reach() {
            Reach::Everything => (named, None),
            Reach::Customer(customer) => (named, Some(customer)),
            Reach::Share(own) if named.is_none_or(|named| named == own) => (Some(own), None),
            Reach::Share(_) => return Err(Problem::forbidden(&"the token is for another partner than `partner`")),
            Reach::Nothing => return Err(Problem::forbidden(&"the role sees no content")),
        };
        let reader = &shared.reader;
        let snapshot = reader.snapshot(asked.known_at()?)?;
        let as_of = asked.as_of()?.unwrap_or_else(|| shared.ledger.clock().now());
        Ok(Self { reader, snapshot, as_of, partner, only, link })
    }

    pub(super) fn viewpoint(&self) -> Viewpoint<'_> {
        self.reader.viewpoint(&self.snapshot, self.as_of)
    }

    /// The customers of which something may be seen, in the order of their ids.
    pub(super) fn customers(&self) -> Result<Vec<CustomerId>, Problem> {
        if let Some(only) = self.only {
            return Ok(vec![only]);
        }
        let mut customers = Vec::new();
        self.reader.customers(&mut |customer| {
            customers.push(customer);
            Ok(())
        })?;
        Ok(customers)
    }

    /// What is seen of a customer.
    pub(super) fn record(&self, customer: CustomerId) -> Result<CustomerRecord, Problem> {
        if self.only.is_some_and(|only| only != customer) {
            return Err(Problem::forbidden(&"the token is for another tenant"));
        }
        Ok(seen(self.reader, customer, &self.snapshot, self.partner.map_or(Sight::Whole, Sight::Share))?)
    }

    /// The same; nothing where nothing is seen.
    pub(super) fn record_if_any(&self, customer: CustomerId) -> Result<Option<CustomerRecord>, Problem> {
        match seen(self.reader, customer, &self.snapshot, self.partner.map_or(Sight::Whole, Sight::Share)) {
            Ok(record) => Ok(Some(record)),
            Err(ReadFailure::NotFound { .. }) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The same of a customer that may stand in the list of the partner: in whose record it is named at all. Whether it
    /// is takes no share to be made.
    pub(super) fn listed_record_if_any(&self, customer: CustomerId) -> Result<Option<CustomerRecord>, Problem> {
        let Some(partner) = self.partner else { return self.record_if_any(customer) };
        let whole = match self.reader.customer(customer, &self.snapshot) {
            Ok(whole) => whole,
            Err(ReadFailure::NotFound { .. }) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        if whole.names(partner) { self.record_if_any(customer) } else { Ok(None) }
    }

    /// The state of what is seen of a customer; none where nothing is.
    pub(super) fn state_if_any(&self, customer: CustomerId) -> Result<Option<Customer>, Problem> {
        Ok(self.record_if_any(customer)?.map(|record| record.state(&self.viewpoint())))
    }

    /// The state of a partner's account.
    pub(super) fn account(&self, partner: PartnerTenantId) -> Result<Partner, Problem> {
        Ok(self.reader.partner(partner, &self.snapshot)?.state(&self.viewpoint()))
    }

    /// The basis in the words of the header.
    pub(super) fn basis(&self) -> String {
        let (basis, known_at) = (&self.snapshot.basis, self.snapshot.known_at);
        format!(
            "origin=\"{}\", tree_size={}, root=\"{}\", as_of=\"{}\", known_at=\"{known_at}\"",
            basis.origin, basis.tree_size, basis.root, self.as_of
        )
    }

    /// What a link to a next page says of the instant and the knowledge, so that all pages rest on the same.
    pub(super) fn fixed(&self) -> [(&'static str, String); 2] {
        [("as_of", self.as_of.to_string()), ("known_at", format!("@{}", self.snapshot.basis.tree_size))]
    }
}
