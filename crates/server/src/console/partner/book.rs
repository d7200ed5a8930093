//! What is known of a partner and of the customers in its book, from one viewpoint.

use std::collections::BTreeSet;

use ofrecord_core::{CustomerId, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::{ReadFailure, Snapshot};
use ofrecord_views::{self as views, AccountRow, CustomerRecord, Finding, FindingCode, GranularRow, Mechanism};

use crate::asked::Asked;
use crate::console::looked::{CUSTOMERS_MAX, Looked, Looking, check_partner};
use crate::console::reading;
use crate::console::said::Called;
use crate::problem::Problem;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// How many customers are read in search of those of the partner.
const READ_MAX: usize = 5 * CUSTOMERS_MAX;
/// For how many days an end counts as near where nothing else is asked, and for how many it can be asked.
const NEAR_DAYS: u32 = 90;
pub(super) const NEAR_DAYS_MAX: u32 = 730;
/// Findings that a relationship has nothing to show for.
pub(in crate::console) const DORMANT: &[FindingCode] = &[FindingCode::RelationshipDormant];
/// Findings that the partner can do more than it should.
pub(in crate::console) const OUTLIVED: &[FindingCode] = &[
    FindingCode::FormerResellerStillHasAccess,
    FindingCode::FormerOwnerStillHasAccess,
    FindingCode::AdministersWithoutReselling,
    FindingCode::DapStillOnAfterEndOfOffer,
];

/// A customer in the book of the partner.
pub(in crate::console) struct Customer {
    /// Its id.
    pub(in crate::console) id: CustomerId,
    /// What it is called.
    pub(in crate::console) name: Option<String>,
    /// Since when the partner is its reseller.
    pub(in crate::console) reseller_since: Option<Timestamp>,
    /// Until when it was, where it no longer is.
    pub(in crate::console) reseller_until: Option<Timestamp>,
    /// How many of its subscriptions the partner owns.
    pub(in crate::console) owned: usize,
    /// Through what the partner can administer it.
    pub(in crate::console) through: BTreeSet<Mechanism>,
    /// The entries behind that.
    pub(in crate::console) positions: BTreeSet<u64>,
    /// What was found of it about the partner.
    pub(in crate::console) findings: Vec<Finding>,
}

/// What is known of a partner from a viewpoint.
pub(in crate::console) struct Book {
    /// The partner.
    pub(in crate::console) partner: PartnerTenantId,
    /// Its customers, by their names.
    pub(in crate::console) customers: Vec<Customer>,
    /// What is known.
    pub(in crate::console) snapshot: Snapshot,
    /// The instant asked about.
    pub(in crate::console) as_of: Timestamp,
    /// Its account.
    pub(in crate::console) account: AccountRow,
    granular: Vec<GranularRow>,
    /// The customers that were read.
    pub(in crate::console) looked: Looked,
    /// After which customer they come.
    pub(in crate::console) after: Option<CustomerId>,
    /// For how many days an end counts as near.
    pub(in crate::console) near_days: u32,
}

impl Book {
    /// What is asked about, and what whoever it names is called.
    pub(in crate::console) fn of<'a>(
        shared: &Shared,
        visitor: &'a Visitor,
        asked: &Asked,
    ) -> Result<(Self, Called<'a>), Problem> {
        let partner: PartnerTenantId = asked.needed("partner")?;
        check_partner(visitor, partner)?;
        let after: Option<CustomerId> = asked.read("after")?;
        let near_days = asked.read("within")?.unwrap_or(NEAR_DAYS);
        if near_days > NEAR_DAYS_MAX {
            return Err(Problem::malformed("within", &format_args!("it is at most {NEAR_DAYS_MAX} days")));
        }
        let as_of = reading::instant(asked, "as_of")?.unwrap_or_else(|| shared.ledger.clock().now());
        let snapshot = shared.reader.snapshot(asked.known_at()?)?;
        let mut looking = Looking::by(&shared.reader, visitor, (snapshot.clone(), as_of));
        let record = shared.reader.partner(partner, &snapshot)?;
        let viewpoint = looking.viewpoint();
        let account = views::account(&record, &viewpoint);
        let granular = views::partner_granular_relationships(&record, &viewpoint);
        let looked = looking.seen_customers(after, READ_MAX)?;
        let mut customers = Vec::new();
        for customer in &looked.customers {
            customers.extend(of_partner(&mut looking, *customer, partner)?);
        }
        if record.entries().is_empty() && customers.is_empty() && !looked.goes_on {
            let (stream, size) = (StreamId::Partner(partner).to_string(), snapshot.basis.tree_size);
            return Err(ReadFailure::NotFound { stream, size }.into());
        }
        let mut called = Called::to(visitor);
        called.learn(StreamId::Partner(partner), account.name.clone());
        for customer in granular.iter().filter_map(|row| row.customer).map(StreamId::Customer) {
            called.learn(customer, looking.name_if_any(customer)?);
        }
        for one in &customers {
            called.learn(StreamId::Customer(one.id), one.name.clone());
        }
        customers.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok((Self { partner, customers, snapshot, as_of, account, granular, looked, after, near_days }, called))
    }

    /// The findings of some kinds about the partner.
    pub(in crate::console) fn findings<'a>(
        &'a self,
        codes: &'a [FindingCode],
    ) -> impl Iterator<Item = (&'a Customer, &'a Finding)> {
        let found = self.customers.iter().flat_map(|one| one.findings.iter().map(move |finding| (one, finding)));
        found.filter(|(_, finding)| codes.contains(&finding.code))
    }

    /// The granular relationships in force whose end is near, the nearest first.
    pub(in crate::console) fn expiring(&self) -> impl Iterator<Item = (&GranularRow, Timestamp)> {
        let until = self.as_of.plus_days(self.near_days.into());
        let near = self.granular.iter().filter(|row| row.at_end.is_some());
        let near = near.filter_map(|row| Some((row, row.ends_at.filter(|end| *end < until)?)));
        let mut near: Vec<_> = near.collect();
        near.sort_by_key(|(_, end)| *end);
        near.into_iter()
    }
}

/// What the book says of a customer; nothing where the customer's record does not name the partner.
fn of_partner(
    looking: &mut Looking<'_>,
    id: CustomerId,
    partner: PartnerTenantId,
) -> Result<Option<Customer>, Problem> {
    // Of a past state of knowledge, whoever came later is not yet there.
    let Some(record) = looking.record_if_any(id)?.filter(|record| record.names(partner)) else { return Ok(None) };
    let partners = looking.partners_of(&record)?;
    let viewpoint = looking.viewpoint();
    let reseller = views::resellers(&record, &viewpoint).into_iter().find(|row| row.partner == partner);
    let access = views::access(&record, &viewpoint).into_iter().filter(|row| row.partner == partner);
    let access: Vec<_> = access.collect();
    let subscriptions = views::subscriptions(&record, &viewpoint);
    let owned = subscriptions.iter().filter(|row| row.owner == Some(partner)).count();
    let found = views::findings(&record, &partners, &viewpoint).into_iter();
    let positions = reseller.iter().flat_map(|row| &row.positions).chain(access.iter().flat_map(|row| &row.positions));
    Ok(Some(Customer {
        id,
        name: views::profile(&record, &viewpoint).name,
        reseller_until: if reseller.is_some() { None } else { ended(&record, partner, &viewpoint) },
        positions: positions.copied().collect(),
        reseller_since: reseller.map(|row| row.since),
        owned,
        through: access.iter().map(|row| row.mechanism).collect(),
        findings: found.filter(|finding| finding.subject.partner == Some(partner)).collect(),
    }))
}

/// When the partner's last relationship with a customer ended.
fn ended(record: &CustomerRecord, partner: PartnerTenantId, viewpoint: &views::Viewpoint<'_>) -> Option<Timestamp> {
    let spells = views::reseller_history(record, viewpoint);
    let last = spells.into_iter().filter(|spell| spell.key == partner && spell.known_to.is_none());
    last.filter_map(|spell| spell.valid_to).max()
}
