//! Folding partners of record (column `P`) and support contacts.

use crate::event::Event;
use crate::event::partner_of_record::SupportContactChanged;
use crate::fold::{Cell, Stamp};
use crate::state::subscription::PartnersOfRecordColumn;
use crate::state::{CporClaim, Subscriptions};
use crate::vocabulary::ClaimState;

/// Folds an event of the partner-of-record family; any other changes nothing.
pub(super) fn apply(column: &mut PartnersOfRecordColumn<'_>, event: &Event, set: Stamp) {
    if let Event::ResellerOfRecordChanged(event) = event {
        column.of(event.subscription, set).reseller_of_record = Some(Cell::new(event.after.clone(), set));
    } else if let Event::DigitalPartnerOfRecordSet(event) = event {
        column.of(event.subscription, set).dpor = Some(Cell::new(event.after.clone(), set));
    } else if let Event::PartnerAdminLinked(event) = event {
        column.of(event.subscription, set).pal = Some(Cell::new(event.after.clone(), set));
    } else {
        claim(column, event, set);
    }
}

/// Claims to be claiming partner of record. The newest approval associates; a rejection takes the association
/// only from the claimant who has it.
fn claim(column: &mut PartnersOfRecordColumn<'_>, event: &Event, set: Stamp) {
    let (subscription, workload, claimant, claim_id, state) = if let Event::CporClaimSubmitted(event) = event {
        (event.subscription, &event.workload, &event.partner_id, &event.claim_id, ClaimState::Submitted)
    } else if let Event::CporClaimApproved(event) = event {
        (event.subscription, &event.workload, &event.partner_id, &event.claim_id, ClaimState::Approved)
    } else if let Event::CporClaimRejected(event) = event {
        (event.subscription, &event.workload, &event.partner_id, &event.claim_id, ClaimState::Rejected)
    } else if let Event::CporClaimDisputed(event) = event {
        (event.subscription, &event.workload, &event.partner_id, &event.claim_id, ClaimState::Disputed)
    } else {
        return;
    };
    let association = column.of(subscription, set).cpor.entry(workload.clone()).or_default();
    let associated = association.associated.as_ref().and_then(|known| known.value.as_ref());
    match state {
        ClaimState::Approved => association.associated = Some(Cell::new(Some(claimant.clone()), set)),
        ClaimState::Rejected if associated == Some(claimant) => association.associated = Some(Cell::new(None, set)),
        ClaimState::Rejected | ClaimState::Submitted | ClaimState::Disputed | ClaimState::Unrecognised(_) => {}
    }
    let before = association.claims.get(claimant).and_then(|claim| claim.claim_id.clone());
    let claim = CporClaim { state: Cell::new(state, set), claim_id: claim_id.clone().or(before) };
    association.claims.insert(claimant.clone(), claim);
}

/// Who supports a subscription stands outside the columns of the effect matrix.
pub(super) fn support_contact(subscriptions: &mut Subscriptions, event: &SupportContactChanged, set: Stamp) {
    subscriptions.entry(event.subscription, set).support_contact = Some(Cell::new(event.contact.clone(), set));
}
