//! Who the customer's resellers were: the set at an instant, its whole history on both times, and the gaps.

use std::collections::BTreeSet;

use ofrecord_core::state::access::{Access, DapCoverage};
use ofrecord_core::state::{Customer, Establishment, Relationship};
use ofrecord_core::vocabulary::SubscriptionStatus;
use ofrecord_core::{PartnerTenantId, ServiceName, Timestamp};
use serde::Serialize;

use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

mod gaps;

pub use self::gaps::{ResellerGap, reseller_gaps};

/// How a relationship came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EstablishedBy {
    /// The customer accepted the partner's link.
    AcceptedByCustomer,
    /// The customer accepted a joint link of an indirect reseller and its provider.
    JointLink,
    /// The partner created the customer's tenant.
    AccountCreated,
    /// A direct-bill partner extended its relationship to this provider, without a click by the customer.
    Extension,
    /// A source shows it standing; how it came about is not in the ledger.
    Observed,
}

impl EstablishedBy {
    pub(crate) fn of(establishment: &Establishment) -> Self {
        match establishment {
            Establishment::AcceptedByCustomer => Self::AcceptedByCustomer,
            Establishment::JointLink { .. } => Self::JointLink,
            Establishment::AccountCreated => Self::AccountCreated,
            Establishment::Extension { .. } => Self::Extension,
            Establishment::Observed | Establishment::ObservedThrough { .. } => Self::Observed,
        }
    }
}

/// The provider of the joint link by which a relationship came to stand, or the one through whom a source shows it.
pub(crate) fn via_provider(establishment: &Establishment) -> Option<PartnerTenantId> {
    match establishment {
        Establishment::JointLink { provider } | Establishment::ObservedThrough { provider } => Some(*provider),
        Establishment::AcceptedByCustomer
        | Establishment::AccountCreated
        | Establishment::Extension { .. }
        | Establishment::Observed => None,
    }
}

/// The partner whose relationship was extended.
pub(crate) fn extended_from(establishment: &Establishment) -> Option<PartnerTenantId> {
    match establishment {
        Establishment::Extension { from } => Some(*from),
        Establishment::AcceptedByCustomer
        | Establishment::AccountCreated
        | Establishment::JointLink { .. }
        | Establishment::Observed
        | Establishment::ObservedThrough { .. } => None,
    }
}

/// Whether a partner sells to the customer, as far as the ledger shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Transacting {
    /// It owns a subscription of the customer that is not gone.
    OwnsSubscriptions,
    /// It owns none, or only ones that are gone.
    NotSeen,
}

/// What delegated administration a partner has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DapSummary {
    /// None.
    None,
    /// For the whole tenant.
    Tenant,
    /// For these services.
    Services(BTreeSet<ServiceName>),
}

impl DapSummary {
    pub(crate) fn of(access: Option<&Access>) -> Self {
        let Some(access) = access.filter(|access| access.has_dap()) else { return Self::None };
        if access.dap.contains_key(&DapCoverage::Tenant) {
            return Self::Tenant;
        }
        Self::Services(
            access
                .dap
                .keys()
                .filter_map(|coverage| match coverage {
                    DapCoverage::Service(name) => Some(name.clone()),
                    DapCoverage::Tenant => None,
                })
                .collect(),
        )
    }
}

/// One reseller of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResellerRow {
    /// The partner.
    pub partner: PartnerTenantId,
    /// Since when the relationship stands.
    pub since: Timestamp,
    /// How many times it has been established, from 1.
    pub generation: u32,
    /// How it came to stand.
    pub established_by: EstablishedBy,
    /// Who accepted it, where a source says.
    pub accepted_by: Option<String>,
    /// The provider of the joint link, or the one through whom a source shows it.
    pub via_provider: Option<PartnerTenantId>,
    /// The partner whose relationship was extended.
    pub extended_from: Option<PartnerTenantId>,
    /// On which consent of the customer an extension rests, where a source says.
    pub consent_reference: Option<String>,
    /// Whether it sells to the customer, as far as the ledger shows.
    pub transacting: Transacting,
    /// Its delegated administration privileges.
    pub dap: DapSummary,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// The customer's resellers at a viewpoint, by partner.
#[must_use]
pub fn resellers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<ResellerRow> {
    of_state(&record.state(viewpoint), viewpoint)
}

pub(crate) fn of_state(customer: &Customer, viewpoint: &Viewpoint<'_>) -> Vec<ResellerRow> {
    customer
        .resellers
        .resellers()
        .map(|(partner, relationship)| row(customer, partner, relationship, viewpoint))
        .collect()
}

fn row(
    customer: &Customer,
    partner: PartnerTenantId,
    relationship: &Relationship,
    viewpoint: &Viewpoint<'_>,
) -> ResellerRow {
    let mut cells = Cells::default();
    cells.cell("relationship", Some(&relationship.kind));
    cells.cell("established", Some(&relationship.established));
    let accepted_by = cells.read("accepted_by", relationship.accepted_by.as_ref());
    let access = customer.access.of(partner);
    for grant in access.iter().flat_map(|access| access.dap.values()) {
        cells.stamp("dap", grant.granted);
    }
    let transacting = transacting(customer, partner, viewpoint, &mut cells);
    let consent_reference = cells.read("consent_reference", relationship.consent_reference.as_ref());
    let established = &relationship.established.value;
    ResellerRow {
        partner,
        since: relationship.established.set.effective_at,
        generation: relationship.generation,
        established_by: EstablishedBy::of(established),
        accepted_by,
        via_provider: via_provider(established),
        extended_from: extended_from(established),
        consent_reference,
        transacting,
        dap: DapSummary::of(access),
        positions: cells.positions(),
        cells,
    }
}

/// One subscription is enough to show it; the first by id is named, so that
/// the explanation stays small.
fn transacting(
    customer: &Customer,
    partner: PartnerTenantId,
    viewpoint: &Viewpoint<'_>,
    cells: &mut Cells,
) -> Transacting {
    for subscription in customer.subscriptions.by_id.values() {
        let Some(owner) = subscription.owner.as_ref().filter(|owner| owner.value == partner) else { continue };
        if crate::subscriptions::status(subscription, viewpoint).status != SubscriptionStatus::Deleted {
            cells.stamp("transacting", owner.set);
            crate::subscriptions::status_cells(subscription, "transacting", cells);
            return Transacting::OwnsSubscriptions;
        }
    }
    Transacting::NotSeen
}

#[cfg(test)]
mod tests;
