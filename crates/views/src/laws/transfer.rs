//! Random events on transfers and claims.

use ofrecord_core::Event;
use ofrecord_core::event::partner_of_record::{CporClaimApproved, CporClaimRejected, CporClaimSubmitted};
use ofrecord_core::event::transfer::{
    ObservedTransferLine, SubscriptionTransferCompleted, SubscriptionTransferLineFailed, SubscriptionTransferObserved,
    TransferredItem,
};
use ofrecord_core::vocabulary::{TransferFamily, TransferOutcome};
use serde_json::json;

use super::Dice;
use crate::story::transfer::{transfer, transfer_accepted, transfer_rejected, transfer_requested};
use crate::story::{at, partner, subscription};

/// Some step of some transfer, in no order that a rule would ask for.
pub(super) fn transfer_event(dice: &mut Dice) -> Event {
    let number = dice.small(2);
    match dice.small(8) {
        0 | 1 => transfer_requested(number),
        2 => transfer_accepted(number, Vec::new()),
        3 => transfer_rejected(number),
        4 => Event::SubscriptionTransferLineFailed(SubscriptionTransferLineFailed {
            transfer: transfer(number),
            subscription: subscription(number),
            code: None,
            error: "not in sync".to_owned(),
        }),
        5 => observed(dice, number),
        _ => completed(dice, number),
    }
}

/// From one partner to another, under its own id or another one, known before or not.
fn completed(dice: &mut Dice, number: u32) -> Event {
    let new = [None, Some(subscription(2)), Some(subscription(3 + number))][usize::try_from(dice.roll(3)).unwrap()];
    let families = [None, Some(TransferFamily::LegacyLicense), Some(TransferFamily::NewCommerce)];
    Event::SubscriptionTransferCompleted(SubscriptionTransferCompleted {
        transfer: transfer(number),
        family: families[usize::try_from(dice.roll(3)).unwrap()].clone(),
        source: partner(dice.small(3)),
        target: partner(dice.small(3)),
        items: vec![TransferredItem {
            source_subscription: subscription(number),
            new_subscription: new,
            entitlement: None,
            partner_id_on_record: (dice.roll(2) == 0).then(|| "517285".parse().unwrap()),
            order: None,
        }],
        billing_split_date: at("2024-01-01").plus_days(i64::from(dice.small(240))),
        outcome: TransferOutcome::Complete,
    })
}

fn observed(dice: &mut Dice, number: u32) -> Event {
    let words = ["Active", "Complete", "Reject", "Levitating"];
    let line: ObservedTransferLine =
        serde_json::from_value(json!({"subscription": subscription(number), "status": "Complete"})).unwrap();
    Event::SubscriptionTransferObserved(SubscriptionTransferObserved {
        transfer: transfer(number),
        family: None,
        source: (dice.roll(2) == 0).then(|| partner(dice.small(3))),
        target: None,
        status: Some(words[usize::try_from(dice.roll(4)).unwrap()].to_owned()),
        created_at: None,
        completed_at: None,
        lines: vec![line],
    })
}

/// Some step of some claim.
pub(super) fn claim_event(dice: &mut Dice) -> Event {
    let subscription = subscription(dice.small(3));
    let workload = "Teams".parse().unwrap();
    let partner_id = ["42", "43"][usize::try_from(dice.roll(2)).unwrap()].parse().unwrap();
    match dice.small(3) {
        0 => Event::CporClaimSubmitted(CporClaimSubmitted { subscription, workload, partner_id, claim_id: None }),
        1 => Event::CporClaimApproved(CporClaimApproved { subscription, workload, partner_id, claim_id: None }),
        _ => Event::CporClaimRejected(CporClaimRejected {
            subscription,
            workload,
            partner_id,
            claim_id: None,
            reason: None,
        }),
    }
}
