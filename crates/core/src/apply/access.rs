//! Folding who could administer: column `D` of the effect matrix.

use crate::event::Event;
use crate::event::dap::{DapObserved, DapState, DapTerminatedByMicrosoft};
use crate::fold::{Cell, Stamp};
use crate::id::PartnerTenantId;
use crate::state::access::{AccessMap, DapCoverage, Listing};
use crate::state::{Access, DapEnd, DapGrant};
use crate::time::Timestamp;
use crate::vocabulary::{RemovedBy, Services};

/// Takes in an event on delegated administration or on Azure roles.
pub(super) fn apply(access: &mut AccessMap, event: &Event, set: Stamp) {
    if let Event::DapGranted(event) = event {
        grant(access.partners.get_or_default(event.partner), &event.services, None, set);
    } else if let Event::DapRemovedByCustomer(event) = event {
        end(access, event.partner, &event.services, RemovedBy::Customer, set);
    } else if let Event::DapRemovedByPartner(event) = event {
        end(access, event.partner, &event.services, RemovedBy::Partner, set);
    } else if let Event::DapRemoved(event) = event {
        end(access, event.partner, &event.services, RemovedBy::Unknown, set);
    } else if let Event::DapTerminatedByMicrosoft(event) = event {
        terminated(access, event, set);
    } else if let Event::DapObserved(event) = event {
        observed(access, event, set);
    } else if let Event::DapTransitionStartedByMicrosoft(event) = event {
        let known = access.partners.get_or_default(event.partner);
        known.transition = Some(Cell::new(event.relationship.clone(), set));
    } else if let Event::DelegatedAccessUsed(event) = event {
        access.partners.get_or_default(event.partner).used = Some(set);
        signed_in(access, event.partner, Some(set.effective_at), set);
    } else if let Event::PartnerListingObserved(event) = event {
        let listing = if event.listed { Listing::Listed } else { Listing::NotListed };
        access.partners.get_or_default(event.partner).listed = Some(Cell::new(listing, set));
    } else if let Event::AzureRoleAssigned(event) = event {
        let roles = &mut access.partners.get_or_default(event.partner).azure_roles;
        roles.entry(event.assignment.clone()).or_insert(set);
    } else if let Event::AzureRoleRemoved(event) = event
        && let Some(access) = access.partners.get_mut(&event.partner)
    {
        access.azure_roles.remove(&event.assignment);
    }
}

/// Takes in that the relationship was removed: what DAP is on ends with it, a grant that was learned only
/// afterwards included (rule M-9). Azure roles stay.
pub(super) fn relationship_removed(access: &mut AccessMap, partner: PartnerTenantId, set: Stamp) {
    end(access, partner, &Services::All, RemovedBy::Partner, set);
}

/// A service that is covered already keeps the event that covered it first.
fn grant(access: &mut Access, services: &Services, started_at: Option<Timestamp>, set: Stamp) {
    for coverage in coverages(services) {
        access.dap.entry(coverage).or_insert(DapGrant { granted: set, started_at });
    }
}

fn coverages(services: &Services) -> Vec<DapCoverage> {
    match services {
        Services::All => vec![DapCoverage::Tenant],
        Services::Names(names) => names.iter().cloned().map(DapCoverage::Service).collect(),
    }
}

/// Ends what the event names; for the whole tenant, everything. A tenant-wide
/// grant stays when a source says that single services ended, because what is
/// left of it cannot be told from that.
fn end(access: &mut AccessMap, partner: PartnerTenantId, services: &Services, by: RemovedBy, set: Stamp) {
    let Some(access) = access.partners.get_mut(&partner) else { return };
    let before = access.dap.len();
    match services {
        Services::All => access.dap.clear(),
        Services::Names(_) => {
            for coverage in coverages(services) {
                access.dap.remove(&coverage);
            }
        }
    }
    if access.dap.len() < before {
        access.dap_ended = Some(DapEnd { by, cause: None, set });
    }
}

fn terminated(access: &mut AccessMap, event: &DapTerminatedByMicrosoft, set: Stamp) {
    end(access, event.partner, &Services::All, RemovedBy::Microsoft, set);
    let ended = access.partners.get_mut(&event.partner).and_then(|known| known.dap_ended.as_mut());
    if let Some(ended) = ended.filter(|ended| ended.set == set) {
        ended.cause.clone_from(&event.cause);
    }
    signed_in(access, event.partner, event.last_sign_in_at, set);
}

fn observed(access: &mut AccessMap, event: &DapObserved, set: Stamp) {
    match event.state {
        DapState::Active => {
            grant(access.partners.get_or_default(event.partner), &Services::All, event.started_at, set);
        }
        DapState::Removed => end(access, event.partner, &Services::All, RemovedBy::Unknown, set),
    }
    signed_in(access, event.partner, event.last_sign_in_at, set);
}

fn signed_in(access: &mut AccessMap, partner: PartnerTenantId, at: Option<Timestamp>, set: Stamp) {
    if let Some(at) = at {
        access.partners.get_or_default(partner).last_sign_in = Some(Cell::new(at, set));
    }
}
