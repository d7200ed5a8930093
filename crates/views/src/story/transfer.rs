//! Events on transfers for test histories; tests change what they are about.

use ofrecord_core::event::transfer::{
    SubscriptionTransferAccepted, SubscriptionTransferCompleted, SubscriptionTransferRejected,
    SubscriptionTransferRequested, TransferLine, TransferredItem,
};
use ofrecord_core::vocabulary::{TransferFamily, TransferOutcome};
use ofrecord_core::{Event, TransferId};

use super::{at, guid, p, q, subscription};

/// The transfer in which a subscription goes from Q to P.
pub(crate) fn transfer(number: u32) -> TransferId {
    guid(0x9, number).parse().unwrap()
}

/// Q asks P to take a legacy subscription.
pub(crate) fn request(number: u32) -> SubscriptionTransferRequested {
    SubscriptionTransferRequested {
        transfer: transfer(number),
        family: TransferFamily::LegacyLicense,
        source: q(),
        target: p(),
        initiated_by: q(),
        lines: vec![line(number)],
        partner_id_on_record: None,
        signatures: Vec::new(),
    }
}

/// P asks Q to give a subscription of new commerce up; it says nothing of which.
pub(crate) fn modern_request(number: u32) -> SubscriptionTransferRequested {
    SubscriptionTransferRequested {
        family: TransferFamily::NewCommerce,
        initiated_by: p(),
        lines: Vec::new(),
        ..request(number)
    }
}

pub(crate) fn line(number: u32) -> TransferLine {
    TransferLine {
        subscription: subscription(number),
        entitlement: None,
        quantity: Some(25),
        partner_id_on_record: None,
        with_base: None,
    }
}

pub(crate) fn requested(request: SubscriptionTransferRequested) -> Event {
    Event::SubscriptionTransferRequested(request)
}

/// Q asks P to take a legacy subscription.
pub(crate) fn transfer_requested(number: u32) -> Event {
    requested(request(number))
}

pub(crate) fn transfer_accepted(number: u32, items: Vec<TransferLine>) -> Event {
    Event::SubscriptionTransferAccepted(SubscriptionTransferAccepted { transfer: transfer(number), items })
}

pub(crate) fn transfer_rejected(number: u32) -> Event {
    Event::SubscriptionTransferRejected(SubscriptionTransferRejected { transfer: transfer(number) })
}

/// A subscription goes from Q to P, under another id where one is given. The bill is split on 2024-03-01.
pub(crate) fn completion(number: u32, new: Option<u32>) -> SubscriptionTransferCompleted {
    SubscriptionTransferCompleted {
        transfer: transfer(number),
        family: None,
        source: q(),
        target: p(),
        items: vec![TransferredItem {
            source_subscription: subscription(number),
            new_subscription: new.map(subscription),
            entitlement: None,
            partner_id_on_record: None,
            order: None,
        }],
        billing_split_date: at("2024-03-01"),
        outcome: TransferOutcome::Complete,
    }
}

pub(crate) fn completed(completion: SubscriptionTransferCompleted) -> Event {
    Event::SubscriptionTransferCompleted(completion)
}

/// A subscription went from Q to P, under another id where one is given. The bill is split on 2024-03-01.
pub(crate) fn transferred(number: u32, new: Option<u32>) -> Event {
    completed(completion(number, new))
}
