//! What is written of granular administration: relationships, and what stands below one.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use ofrecord_core::state::GdapRelationship;
use ofrecord_core::{CustomerId, GdapRelationshipId, Partner, PartnerTenantId};
use ofrecord_interop::write::{self, Collection, GdapAnswer, GdapSeen, Shape};
use ofrecord_ledger::ReadFailure;
use ofrecord_views::{CustomerRecord, EntryRow, entries_on};

use super::Asked;
use super::document::Document;
use crate::failure::Failure;

/// Which granular relationships.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only those with this customer
    #[arg(long, value_name = "CUSTOMER")]
    pub(super) customer: Option<CustomerId>,
    /// Also those that ended so long ago that Microsoft no longer shows them
    #[arg(long)]
    forgotten: bool,
}

/// One granular relationship.
#[derive(Debug, Args)]
pub(super) struct One {
    /// The relationship
    #[arg(value_name = "RELATIONSHIP")]
    relationship: GdapRelationshipId,
    /// The customer it is with; without it, it is looked for
    #[arg(long, value_name = "CUSTOMER")]
    pub(super) customer: Option<CustomerId>,
}

/// One granular relationship, and in which answer.
#[derive(Debug, Args)]
pub(super) struct OneAnswered {
    #[command(flatten)]
    pub(super) one: One,
    /// As in the answer to its creation, which writes what is not known yet as a blank
    #[arg(long)]
    created: bool,
}

/// A relationship, and what its customer is called.
struct Found {
    id: GdapRelationshipId,
    known: GdapRelationship,
    customer_name: Option<String>,
}

/// Writes the relationships.
pub(super) fn relationships(asked: &Asked<'_>, which: &Which, document: &mut Document<'_>) -> Result<u64, Failure> {
    let mut items = document.begin(Collection::Graph("delegatedAdminRelationships"))?;
    each(asked, which.customer, &mut |found| {
        let seen = seen(asked, &found);
        let shown = if which.forgotten { seen.is_written() } else { seen.is_shown() };
        if shown { items.item(&write::gdap_relationship(&seen, GdapAnswer::Shown)) } else { Ok(()) }
    })?;
    items.end()
}

/// Writes one relationship.
pub(super) fn relationship(
    asked: &Asked<'_>,
    which: &OneAnswered,
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let found = one(asked, &which.one)?;
    let answer = if which.created { GdapAnswer::Created } else { GdapAnswer::Shown };
    document.resource(&write::gdap_relationship(&seen(asked, &found), answer))
}

/// Writes the access assignments of a relationship.
pub(super) fn assignments(asked: &Asked<'_>, which: &One, document: &mut Document<'_>) -> Result<u64, Failure> {
    let found = one(asked, which)?;
    let items: Vec<Shape> = write::access_assignments(&seen(asked, &found)).collect();
    document.collection(Collection::Graph("accessAssignments"), &items)
}

/// Writes the requests of a relationship: those that a source showed, then those that were decided here.
pub(super) fn requests(asked: &Asked<'_>, which: &One, document: &mut Document<'_>) -> Result<u64, Failure> {
    let found = one(asked, which)?;
    let items = ofrecord_server::granular_requests(&found.known, &rows(asked, &found)?);
    document.collection(Collection::Graph("requests"), &items)
}

/// Writes the long-running operations of a relationship, in the same way.
pub(super) fn operations(asked: &Asked<'_>, which: &One, document: &mut Document<'_>) -> Result<u64, Failure> {
    let found = one(asked, which)?;
    let items = ofrecord_server::granular_operations(&found.known, &rows(asked, &found)?);
    document.collection(Collection::Graph("operations"), &items)
}

/// Writes the customers with whom the partner, or any, has a granular relationship in force.
pub(super) fn customers(asked: &Asked<'_>, document: &mut Document<'_>) -> Result<u64, Failure> {
    let mut items = document.begin(Collection::Graph("delegatedAdminCustomers"))?;
    let mut told = BTreeSet::new();
    each(asked, None, &mut |found| {
        let active = found.known.status_at(asked.inquiry.as_of, asked.inquiry.reader.policy()).is_active();
        match found.known.customer.as_ref().filter(|_| active) {
            Some(customer) if told.insert(customer.value) => {
                items.item(&write::gdap_customer(customer.value, found.customer_name.as_deref()))
            }
            Some(_) | None => Ok(()),
        }
    })?;
    items.end()
}

fn seen<'a>(asked: &'a Asked<'_>, found: &'a Found) -> GdapSeen<'a> {
    GdapSeen {
        id: &found.id,
        known: &found.known,
        customer_name: found.customer_name.as_deref(),
        as_of: asked.inquiry.as_of,
        policy: asked.inquiry.reader.policy(),
    }
}

/// The entries on a relationship, in its partner's account and in its customer's record.
fn rows(asked: &Asked<'_>, found: &Found) -> Result<Vec<EntryRow>, Failure> {
    let (inquiry, partner) = (asked.inquiry, found.known.partner);
    let account = inquiry.reader.partner(partner, &inquiry.snapshot)?;
    let record = match &found.known.customer {
        Some(customer) => match inquiry.reader.customer(customer.value, &inquiry.snapshot) {
            Ok(record) => Some(record),
            Err(ReadFailure::NotFound { .. }) => None,
            Err(failure) => return Err(failure.into()),
        },
        None => None,
    };
    let records = [account.entries(), record.as_ref().map_or(&[][..], CustomerRecord::entries)];
    Ok(entries_on((partner, &found.id), &records, inquiry.as_of))
}

/// The relationship, wherever it stands. Where the partner's account says with whom it is, nobody else is looked at.
fn one(asked: &Asked<'_>, which: &One) -> Result<Found, Failure> {
    let mut accounts = Accounts::default();
    let of_account = match asked.partner {
        Some(partner) => accounts.of(asked, partner)?.granular.by_id.get(&which.relationship).cloned(),
        None => None,
    };
    let customer = which.customer.or_else(|| Some(of_account?.customer?.value));
    let mut found = None;
    each(asked, customer, &mut |relationship| {
        if relationship.id == which.relationship {
            found = Some(relationship);
        }
        Ok(())
    })?;
    found.ok_or_else(|| asked.nothing(format!("granular relationship {}", which.relationship)))
}

/// Calls `take` with every relationship of the partner, or of all; of one customer, or of all: those that stand in
/// customers' streams, then those that only a partner's account has.
fn each(
    asked: &Asked<'_>,
    customer: Option<CustomerId>,
    take: &mut dyn FnMut(Found) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut accounts = Accounts::default();
    let mut told = BTreeSet::new();
    let mut of_customer = |record: CustomerRecord| -> Result<(), Failure> {
        let state = record.state(&asked.inquiry.viewpoint());
        let name = state.profile.name.map(|name| name.value);
        for (id, known) in &state.access.granular.by_id {
            if asked.partner.is_some_and(|partner| partner != known.partner) {
                continue;
            }
            let of_partner = accounts.of(asked, known.partner)?.granular.by_id.get(id);
            let known = of_partner.map_or_else(|| known.clone(), |other| write::gdap_of_both(known, other));
            told.insert(id.clone());
            take(Found { id: id.clone(), known, customer_name: name.clone() })?;
        }
        Ok(())
    };
    match customer {
        Some(customer) => of_customer(asked.inquiry.customer(customer)?)?,
        None => asked.inquiry.each_customer(asked.session, &mut of_customer)?,
    }
    for partner in partners(asked)? {
        for (id, known) in &accounts.of(asked, partner)?.granular.by_id {
            let with = known.customer.as_ref().map(|with| with.value);
            if !told.contains(id) && (customer.is_none() || customer == with) {
                let customer_name = with.map(|with| name_of(asked, with)).transpose()?.flatten();
                take(Found { id: id.clone(), known: known.clone(), customer_name })?;
            }
        }
    }
    Ok(())
}

fn partners(asked: &Asked<'_>) -> Result<Vec<PartnerTenantId>, Failure> {
    if let Some(partner) = asked.partner {
        return Ok(vec![partner]);
    }
    let mut partners = Vec::new();
    asked.inquiry.reader.partners(&mut |partner| {
        partners.push(partner);
        Ok(())
    })?;
    Ok(partners)
}

fn name_of(asked: &Asked<'_>, customer: CustomerId) -> Result<Option<String>, Failure> {
    match asked.inquiry.reader.customer(customer, &asked.inquiry.snapshot) {
        Ok(record) => Ok(record.state(&asked.inquiry.viewpoint()).profile.name.map(|name| name.value)),
        Err(ReadFailure::NotFound { .. }) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// The accounts of partners at the instant asked about, read once each.
#[derive(Default)]
struct Accounts(BTreeMap<PartnerTenantId, Partner>);

impl Accounts {
    fn of(&mut self, asked: &Asked<'_>, partner: PartnerTenantId) -> Result<&Partner, Failure> {
        let account = match self.0.remove(&partner) {
            Some(account) => account,
            None => {
                let inquiry = asked.inquiry;
                inquiry.reader.partner(partner, &inquiry.snapshot)?.state(&inquiry.viewpoint())
            }
        };
        Ok(self.0.entry(partner).or_insert(account))
    }
}
