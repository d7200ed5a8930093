//! The granular relationships that somebody sees, one after the other, by their partners and then by their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use ofrecord_core::state::GdapRelationship;
use ofrecord_core::{Customer, CustomerId, GdapRelationshipId, PartnerTenantId};
use ofrecord_interop::write::{self, GdapSeen};
use ofrecord_views::{CustomerRecord, EntryRow, PartnerRecord, entries_on};

use super::standpoint::Standpoint;
use crate::problem::Problem;

/// Where a relationship stands in the order: its partner, and its id.
pub(super) type Place = (PartnerTenantId, GdapRelationshipId);

/// A relationship, and what its customer is called.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) known: GdapRelationship,
    customer_name: Option<String>,
}

impl Found {
    /// The relationship as a shape is written of it.
    pub(super) fn seen<'a>(&'a self, standpoint: &'a Standpoint<'_>) -> GdapSeen<'a> {
        GdapSeen {
            id: &self.place.1,
            known: &self.known,
            customer_name: self.customer_name.as_deref(),
            as_of: standpoint.as_of,
            policy: standpoint.reader.policy(),
        }
    }
}

/// Reads relationships, each customer once.
pub(super) struct Walk<'a> {
    standpoint: &'a Standpoint<'a>,
    customers: BTreeMap<CustomerId, Option<Customer>>,
}

impl<'a> Walk<'a> {
    /// From where somebody stands.
    pub(super) fn new(standpoint: &'a Standpoint<'a>) -> Self {
        Self { standpoint, customers: BTreeMap::new() }
    }

    /// Calls `take` with every relationship that Graph would show and that comes after a place, until it has enough.
    /// What is not wanted, by the partner's account alone, is passed over without reading its customer.
    pub(super) fn each(
        &mut self,
        after: Option<&Place>,
        wanted: &dyn Fn(&GdapSeen<'_>) -> bool,
        take: &mut dyn FnMut(Found) -> ControlFlow<()>,
    ) -> Result<(), Problem> {
        let is_next = |place: &Place| after.is_none_or(|after| place > after);
        for partner in self.partners()? {
            if after.is_some_and(|(last, _)| partner < *last) {
                continue;
            }
            for (id, of_partner) in self.of_partner(partner)? {
                let alone = Found { place: (partner, id), known: of_partner, customer_name: None };
                if !is_next(&alone.place) || !wanted(&alone.seen(self.standpoint)) {
                    continue;
                }
                let found = self.with_customer(alone)?;
                if found.seen(self.standpoint).is_shown() && take(found).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The customers with a relationship in force, in the order of their ids.
    pub(super) fn customers_in_force(&mut self) -> Result<BTreeSet<CustomerId>, Problem> {
        let (as_of, policy) = (self.standpoint.as_of, self.standpoint.reader.policy());
        let mut customers = BTreeSet::new();
        for partner in self.partners()? {
            let known = self.of_partner(partner)?;
            let in_force = known.iter().filter(|(_, known)| known.status_at(as_of, policy).is_active());
            customers.extend(in_force.filter_map(|(_, known)| Some(known.customer.as_ref()?.value)));
        }
        Ok(customers)
    }

    /// One relationship that Graph would show.
    pub(super) fn one(&mut self, id: &GdapRelationshipId) -> Result<Found, Problem> {
        for partner in self.partners()? {
            let known = self.of_partner(partner)?.into_iter().find(|(known, _)| known == id);
            if let Some((id, of_partner)) = known {
                let alone = Found { place: (partner, id), known: of_partner, customer_name: None };
                let found = self.with_customer(alone)?;
                if found.seen(self.standpoint).is_shown() {
                    return Ok(found);
                }
            }
        }
        Err(Problem::not_found(&format!("no delegated admin relationship {id} is known")))
    }

    /// The entries that are seen of a relationship: of the partner's account, and of its customer's record.
    pub(super) fn rows(&self, found: &Found) -> Result<Vec<EntryRow>, Problem> {
        let (standpoint, (partner, id)) = (self.standpoint, &found.place);
        let account = match standpoint.only {
            None => Some(standpoint.reader.partner(*partner, &standpoint.snapshot)?),
            Some(_) => None,
        };
        let record = match &found.known.customer {
            Some(customer) => standpoint.record_if_any(customer.value)?,
            None => None,
        };
        let records = [account.as_ref().map(PartnerRecord::entries), record.as_ref().map(CustomerRecord::entries)];
        let records: Vec<&[EntryRow]> = records.into_iter().flatten().collect();
        Ok(entries_on((*partner, id), &records, standpoint.as_of))
    }

    /// The partners whose relationships are seen, in the order of their ids.
    fn partners(&mut self) -> Result<BTreeSet<PartnerTenantId>, Problem> {
        if let Some(partner) = self.standpoint.partner {
            return Ok(BTreeSet::from([partner]));
        }
        if let Some(only) = self.standpoint.only {
            let known = self.customer(only)?.map(|customer| &customer.access.granular.by_id);
            return Ok(known.into_iter().flat_map(|by_id| by_id.values().map(|known| known.partner)).collect());
        }
        let mut partners = BTreeSet::new();
        self.standpoint.reader.partners(&mut |partner| {
            partners.insert(partner);
            Ok(())
        })?;
        Ok(partners)
    }

    /// The relationships of a partner by its account, in the order of their ids; to a customer, by its own record.
    fn of_partner(&mut self, partner: PartnerTenantId) -> Result<Vec<(GdapRelationshipId, GdapRelationship)>, Problem> {
        let granular = match self.standpoint.only {
            None => self.standpoint.account(partner)?.granular,
            Some(only) => self.customer(only)?.map(|customer| customer.access.granular.clone()).unwrap_or_default(),
        };
        let its = granular.by_id.iter().filter(|(_, known)| known.partner == partner);
        Ok(its.map(|(id, known)| (id.clone(), known.clone())).collect())
    }

    /// The relationship by both streams that tell of it, with its customer's name.
    fn with_customer(&mut self, alone: Found) -> Result<Found, Problem> {
        let Some(customer) = alone.known.customer.as_ref().map(|customer| customer.value) else { return Ok(alone) };
        let Some(customer) = self.customer(customer)? else { return Ok(alone) };
        let of_customer = customer.access.granular.by_id.get(&alone.place.1);
        let of_customer = of_customer.filter(|known| known.partner == alone.place.0);
        let known = of_customer.map(|of_customer| write::gdap_of_both(of_customer, &alone.known));
        let customer_name = customer.profile.name.as_ref().map(|name| name.value.clone());
        Ok(Found { known: known.unwrap_or(alone.known), customer_name, place: alone.place })
    }

    /// What is seen of a customer; nothing where that is nothing.
    fn customer(&mut self, customer: CustomerId) -> Result<Option<&Customer>, Problem> {
        let state = match self.customers.remove(&customer) {
            Some(state) => state,
            None => self.standpoint.state_if_any(customer)?,
        };
        Ok(self.customers.entry(customer).or_insert(state).as_ref())
    }
}
