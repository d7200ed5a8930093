//! The histories on both times: reseller set, access, ownership, and partners of record by kind.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::Column;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::subscription::Terms;
use ofrecord_core::state::{Customer, Relationship};
use ofrecord_core::vocabulary::{AgreementType, AutoRenew, BillingCycle, PartnerOfRecordKind, TermDuration, Trial};
use ofrecord_core::{PartnerId, PartnerTenantId, Policy, ProductId, SubscriptionId, Timestamp, Workload};
use serde::Serialize;

use crate::access::{self, Coverage, GranularKey, HeldRole, Mechanism};
use crate::cells::Cells;
use crate::intervals::{Drawn, Held, Interval, Reading, bitemporal, by_knowledge, on_both_times};
use crate::record::CustomerRecord;
use crate::resellers::{self, EstablishedBy};
use crate::viewpoint::Seen;

/// How one generation of a relationship stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResellerSpell {
    /// The generation, from 1.
    pub generation: u32,
    /// How it came to stand.
    pub established_by: EstablishedBy,
    /// Who accepted it, where a source says.
    pub accepted_by: Option<String>,
    /// The provider of the joint link.
    pub via_provider: Option<PartnerTenantId>,
    /// The partner whose relationship was extended.
    pub extended_from: Option<PartnerTenantId>,
    /// On which consent of the customer an extension rests, where a source says.
    pub consent_reference: Option<String>,
}

/// Who could administer, as the key of an access interval.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AccessKey {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Through what.
    pub mechanism: Mechanism,
    /// What it reached.
    pub coverage: Coverage,
    /// The Azure role; none for the other mechanisms.
    pub role: Option<String>,
    /// The granular relationship, the assignment and the group; none for the other mechanisms.
    pub granular: Option<GranularKey>,
}

/// Which partner of record of which subscription.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct OfRecordKey {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The kind.
    pub kind: PartnerOfRecordKind,
    /// The workload that a claiming partner of record is claimed for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<Workload>,
    /// The additional seller, of which there may be several at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<PartnerId>,
}

impl OfRecordKey {
    /// A kind of which a subscription has one partner at a time.
    pub(crate) fn of(subscription: SubscriptionId, kind: PartnerOfRecordKind) -> Self {
        Self { subscription, kind, workload: None, seller: None }
    }
}

/// Under which terms a subscription ran. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermsSpell {
    /// The product's id.
    pub product: Option<ProductId>,
    /// The product's name.
    pub product_name: Option<String>,
    /// Seats or units.
    pub quantity: Option<u64>,
    /// Term.
    pub term: Option<TermDuration>,
    /// Trial or paid.
    pub trial: Option<Trial>,
    /// When it was bought.
    pub bought_at: Option<Timestamp>,
    /// When the term began.
    pub term_start: Option<Timestamp>,
    /// Last instant of the term.
    pub commitment_end: Option<Timestamp>,
    /// The first instant after the term.
    pub term_over: Option<Timestamp>,
    /// Billing cycle.
    pub billing_cycle: Option<BillingCycle>,
    /// Automatic renewal.
    pub auto_renew: Option<AutoRenew>,
    /// The agreement it was bought under.
    pub agreement: Option<AgreementType>,
    /// Reference to the price terms.
    pub price_terms: Option<String>,
}

/// Who was reseller when, by what was known when (questions 1 to 3).
#[must_use]
pub fn reseller_history(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
) -> Vec<Interval<PartnerTenantId, ResellerSpell>> {
    bitemporal(record, seen, Column::Resellers, Reading::ByEvents(read_resellers))
}

/// Who could administer when, by what was known when (questions 8, 11 and 13).
/// Access by a granular relationship that does not go on ends at its end,
/// whether an event marks it or not, and also where that end is still to come.
#[must_use]
pub fn access_history(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    policy: &Policy,
) -> Vec<Interval<AccessKey, Vec<HeldRole>>> {
    bitemporal(record, seen, Column::Access, access_in_time(policy))
}

/// Who owned each subscription when, by what was known when (question 19).
#[must_use]
pub fn owner_history(record: &CustomerRecord, seen: impl Into<Seen>) -> Vec<Interval<SubscriptionId, PartnerTenantId>> {
    bitemporal(record, seen, Column::Owner, Reading::ByEvents(read_owners))
}

/// The partners of record of each subscription when, by kind and by what was
/// known when; none is a source's word that there was nobody (question 24).
#[must_use]
pub fn partner_of_record_history(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
) -> Vec<Interval<OfRecordKey, Option<PartnerId>>> {
    bitemporal(record, seen, Column::PartnersOfRecord, Reading::ByEvents(read_partners_of_record))
}

/// Under which terms each subscription ran when, by what was known when (questions 18 and 21).
#[must_use]
pub fn terms_history(record: &CustomerRecord, seen: impl Into<Seen>) -> Vec<Interval<SubscriptionId, TermsSpell>> {
    on_both_times(record, seen, Drawn::Subscriptions, Reading::ByEvents(read_terms))
}

/// When each partner was reseller, by what is seen.
pub(crate) fn standing_by_knowledge(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
) -> Vec<Interval<PartnerTenantId, ResellerSpell>> {
    by_knowledge(record, seen, Column::Resellers, Reading::ByEvents(read_resellers))
}

/// When each partner could administer, by what is known below a position.
pub(crate) fn access_by_knowledge(
    record: &CustomerRecord,
    known_below: u64,
    policy: &Policy,
) -> Vec<Interval<AccessKey, Vec<HeldRole>>> {
    by_knowledge(record, known_below, Column::Access, access_in_time(policy))
}

fn access_in_time(policy: &Policy) -> Reading<'_, AccessKey, Vec<HeldRole>> {
    Reading::InTime { policy, held: read_access, next: access::granular::next_turn }
}

pub(crate) fn read_resellers(customer: &Customer) -> BTreeMap<PartnerTenantId, Held<ResellerSpell>> {
    customer.resellers.resellers().map(|(partner, relationship)| (partner, spell(relationship))).collect()
}

fn spell(relationship: &Relationship) -> Held<ResellerSpell> {
    let mut cells = Cells::default();
    cells.cell("relationship", Some(&relationship.kind));
    cells.cell("established", Some(&relationship.established));
    let accepted_by = cells.read("accepted_by", relationship.accepted_by.as_ref());
    let consent_reference = cells.read("consent_reference", relationship.consent_reference.as_ref());
    let established = &relationship.established.value;
    let value = ResellerSpell {
        generation: relationship.generation,
        established_by: EstablishedBy::of(established),
        accepted_by,
        via_provider: resellers::via_provider(established),
        extended_from: resellers::extended_from(established),
        consent_reference,
    };
    Held { value, positions: cells.positions() }
}

pub(crate) fn read_access(
    customer: &Customer,
    at: Timestamp,
    policy: &Policy,
) -> BTreeMap<AccessKey, Held<Vec<HeldRole>>> {
    access::of_state(customer, at, policy)
        .into_iter()
        .map(|row| {
            let role = match row.mechanism {
                Mechanism::Dap | Mechanism::Gdap => None,
                Mechanism::AzureRole => row.roles.first().map(|held| held.role.clone()),
            };
            let granular = row.granular.map(|granular| granular.key);
            let key =
                AccessKey { partner: row.partner, mechanism: row.mechanism, coverage: row.coverage, role, granular };
            // Not what only says until when or why: an extension leaves the access as it is.
            let behind: BTreeSet<u64> =
                ["access", "roles", "group"].into_iter().flat_map(|field| row.cells.of(field)).collect();
            let held = Held { value: row.roles.into_iter().collect(), positions: behind.into_iter().collect() };
            (key, held)
        })
        .collect()
}

pub(crate) fn read_owners(customer: &Customer) -> BTreeMap<SubscriptionId, Held<PartnerTenantId>> {
    let owned = |(id, subscription): (&SubscriptionId, &ofrecord_core::state::Subscription)| {
        let owner = subscription.owner.as_ref()?;
        Some((*id, Held { value: owner.value, positions: owner.set.positions().collect() }))
    };
    customer.subscriptions.by_id.iter().filter_map(owned).collect()
}

pub(crate) fn read_terms(customer: &Customer) -> BTreeMap<SubscriptionId, Held<TermsSpell>> {
    customer
        .subscriptions
        .by_id
        .iter()
        .filter_map(|(id, subscription)| Some((*id, terms(&subscription.terms)?)))
        .collect()
}

/// None where nothing is known of these terms: a source may only have named the subscription.
fn terms(terms: &Terms) -> Option<Held<TermsSpell>> {
    let mut behind = Vec::new();
    let value = TermsSpell {
        product: read(terms.product.as_ref(), &mut behind).map(|product| product.id.clone()),
        product_name: terms.product.as_ref().map(|product| product.value.name.clone()),
        quantity: read(terms.quantity.as_ref(), &mut behind).copied(),
        term: read(terms.term.as_ref(), &mut behind).cloned(),
        trial: read(terms.trial.as_ref(), &mut behind).cloned(),
        bought_at: read(terms.bought_at.as_ref(), &mut behind).copied(),
        term_start: read(terms.term_start.as_ref(), &mut behind).copied(),
        commitment_end: read(terms.commitment_end.as_ref(), &mut behind).copied(),
        term_over: terms.term_over(),
        billing_cycle: read(terms.billing_cycle.as_ref(), &mut behind).cloned(),
        auto_renew: read(terms.auto_renew.as_ref(), &mut behind).cloned(),
        agreement: read(terms.agreement.as_ref(), &mut behind).cloned(),
        price_terms: read(terms.price_terms.as_ref(), &mut behind).cloned(),
    };
    behind.sort_unstable();
    behind.dedup();
    (!behind.is_empty()).then_some(Held { value, positions: behind })
}

/// Reads a cell and notes what set it.
fn read<'a, T>(cell: Option<&'a Cell<T>>, behind: &mut Vec<u64>) -> Option<&'a T> {
    cell.map(|cell| {
        behind.extend(cell.set.positions());
        &cell.value
    })
}

pub(crate) fn read_partners_of_record(customer: &Customer) -> BTreeMap<OfRecordKey, Held<Option<PartnerId>>> {
    let held = crate::of_record::read(customer).into_iter();
    held.map(|(key, value, positions)| (key, Held { value, positions })).collect()
}
