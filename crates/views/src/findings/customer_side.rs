//! Findings on what the customer's side sees: providers listed of whom nothing is known, and access used without any on record.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::access::Listing;
use ofrecord_core::state::{Access, Customer};
use ofrecord_core::{Event, PartnerTenantId, State, Timestamp};

use super::{Scene, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let listed = scene.state.access.partners.iter();
    let mut found: Vec<Finding> =
        listed.filter_map(|(partner, access)| listed_but_unknown(scene, *partner, access)).collect();
    found.extend(used_without_grant(scene));
    found
}

fn listed_but_unknown(scene: &Scene<'_>, partner: PartnerTenantId, access: &Access) -> Option<Finding> {
    let listed = access.listed.as_ref().filter(|listed| listed.value == Listing::Listed)?;
    let state = &scene.state;
    let resells = state.resellers.relationships.contains_key(&partner);
    let granular = state.access.granular.by_id.values().any(|known| known.partner == partner);
    if resells || granular || access.has_dap() || access.dap_ended.is_some() || !access.azure_roles.is_empty() {
        return None;
    }
    let sentence =
        format!("the customer's tenant lists partner {partner} as service provider; the ledger has nothing of it");
    let subject = FindingSubject::partner(partner);
    let (since, positions) = (listed.set.effective_at, listed.set.positions());
    Some(finding(FindingCode::PartnerListedButUnknown, subject, since, sentence, positions))
}

/// Sign-ins of a partner at instants at which it had no access.
#[derive(Default)]
struct Uses {
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    positions: BTreeSet<u64>,
}

/// Each use is held against what was on record at its instant; one finding for each partner.
fn used_without_grant(scene: &Scene<'_>) -> Vec<Finding> {
    let mut state = Customer::default();
    let mut uses: BTreeMap<PartnerTenantId, Uses> = BTreeMap::new();
    for together in scene.facts.chunk_by(|left, right| left.effective_at == right.effective_at) {
        together.iter().for_each(|fact| state.apply(fact));
        for fact in together {
            let Event::DelegatedAccessUsed(event) = &*fact.event else { continue };
            if !has_access(scene, &state, event.partner, fact.effective_at) {
                let of_partner = uses.entry(event.partner).or_default();
                of_partner.first = of_partner.first.or(Some(fact.effective_at));
                of_partner.last = Some(fact.effective_at);
                of_partner.positions.extend(fact.stamp().positions());
            }
        }
    }
    uses.into_iter().filter_map(|(partner, uses)| without_grant(partner, uses)).collect()
}

/// A relationship in force counts also where none of its assignments is on record.
fn has_access(scene: &Scene<'_>, state: &Customer, partner: PartnerTenantId, at: Timestamp) -> bool {
    let other = state.access.of(partner).is_some_and(|access| access.has_dap() || !access.azure_roles.is_empty());
    other || state.access.granular.any_active(partner, at, scene.viewpoint.policy)
}

fn without_grant(partner: PartnerTenantId, uses: Uses) -> Option<Finding> {
    let (first, last) = (uses.first?, uses.last?);
    let when = if first == last { format!("at {first}") } else { format!("from {first} to {last}") };
    let sentence = format!("partner {partner} used delegated access {when}, when none was on record");
    let subject = FindingSubject::partner(partner);
    Some(finding(FindingCode::AccessUsedWithoutGrant, subject, first, sentence, uses.positions))
}
