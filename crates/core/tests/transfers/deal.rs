//! Deals to be transferred: Q sold C something, and what most stories of transfers begin with.

use ofrecord_core::state::{Subscription, Transfer};
use ofrecord_core::vocabulary::TransferStatus;
use ofrecord_core::{Actor, ActorKind, Cloud, TransferId};
use serde_json::{Value, json};

pub(crate) use crate::shop::{
    BOUGHT, C, I, LATER, P, Q, S1, S2, S3, admin, agent, app, at, events_of, happens, id, of_kind, product, purchase,
    refused, shop, sold, with,
};
pub(crate) use crate::story::Story;

/// A transfer, as Partner Center writes its id.
pub(crate) const T1: &str = "67c5b05b-09b5-47ba-9047-5056fe2afa4f";
/// Another transfer.
pub(crate) const T2: &str = "38a00d97-421c-4c33-8ae4-c8750604e02c";
/// The day on which most requests are made.
pub(crate) const ASKED: &str = "2024-06-10T09:00:00Z";
/// Some days later: answered.
pub(crate) const ANSWERED: &str = "2024-06-12T09:00:00Z";
/// The same day: carried out.
pub(crate) const DONE: &str = "2024-06-12T15:00:00Z";
/// Long after.
pub(crate) const AFTER: &str = "2024-07-01T00:00:00Z";
/// An id that only the target knows the subscription by.
pub(crate) const NEW1: &str = "60000000-0000-0000-0000-000000000001";
/// Another one.
pub(crate) const NEW2: &str = "60000000-0000-0000-0000-000000000002";

pub(crate) fn transfer_id(text: &str) -> TransferId {
    text.parse().unwrap()
}

/// Q sold C a legacy licence worldwide.
pub(crate) fn legacy() -> Story {
    sold("legacy_license", json!({"partner_id_on_record": "1000004"}))
}

/// Q sold C a new-commerce licence worldwide.
pub(crate) fn modern() -> Story {
    sold("new_commerce_license", json!({}))
}

/// A request of a legacy transfer of S1 from Q to P.
pub(crate) fn legacy_request() -> Value {
    json!({"type": "RequestTransfer", "transfer": T1, "family": "legacy_license", "source": Q, "target": P,
        "lines": [{"subscription": S1}]})
}

/// A request by P of whatever Q selects.
pub(crate) fn modern_request() -> Value {
    json!({"type": "RequestTransfer", "transfer": T1, "family": "new_commerce", "source": Q, "target": P})
}

/// A request of a change of provider by hand, signed by all three.
pub(crate) fn manual_request() -> Value {
    let signed = |by: &str| json!({"by": by, "signed_at": "2024-06-09", "name": "A. Signatory"});
    with(
        legacy_request(),
        json!({"transfer": "SR-2406-17", "family": "manual_legacy_azure",
            "signatures": [signed("customer"), signed("current_partner"), signed("new_partner")]}),
    )
}

pub(crate) fn accept(items: &[&str]) -> Value {
    let items: Vec<Value> = items.iter().map(|item| json!({"subscription": item})).collect();
    json!({"type": "AcceptTransfer", "transfer": T1, "items": items})
}

pub(crate) fn reject() -> Value {
    json!({"type": "RejectTransfer", "transfer": T1})
}

pub(crate) fn withdraw() -> Value {
    json!({"type": "WithdrawTransfer", "transfer": T1})
}

/// What Microsoft says of every line.
pub(crate) fn complete(lines: Value) -> Value {
    json!({"type": "CompleteTransfer", "transfer": T1, "lines": lines})
}

/// A line that moved under another id.
pub(crate) fn moved_to(subscription: &str, new: &str) -> Value {
    json!({"subscription": subscription, "outcome": {"complete": {"new_subscription": new}}})
}

/// A line that moved under its own id.
pub(crate) fn moved(subscription: &str) -> Value {
    json!({"subscription": subscription, "outcome": {"complete": {}}})
}

/// A line that stayed.
pub(crate) fn failed(subscription: &str) -> Value {
    json!({"subscription": subscription, "outcome": {"failed": {"code": 900_103,
        "error": "Subscription SyncState must be SyncComplete"}}})
}

pub(crate) fn microsoft() -> Actor {
    of_kind(ActorKind::Microsoft)
}

/// Q asked to give S1 to P.
pub(crate) fn legacy_asked() -> Story {
    happens(legacy(), ASKED, agent(Q), legacy_request(), &["SubscriptionTransferRequested"])
}

/// P asked Q for something.
pub(crate) fn modern_asked() -> Story {
    happens(modern(), ASKED, agent(P), modern_request(), &["SubscriptionTransferRequested"])
}

/// P accepted what Q asked it to take.
pub(crate) fn legacy_accepted() -> Story {
    happens(legacy_asked(), ANSWERED, agent(P), accept(&[]), &["SubscriptionTransferAccepted"])
}

/// Q selected S1 for P.
pub(crate) fn modern_accepted() -> Story {
    happens(modern_asked(), ANSWERED, agent(Q), accept(&[S1]), &["SubscriptionTransferAccepted"])
}

impl Story {
    /// The transfer T1, which must be on record.
    pub(crate) fn transfer(&self) -> Transfer {
        self.customer().transfers[&transfer_id(T1)].clone()
    }

    pub(crate) fn transfer_status(&self, instant: &str) -> Option<TransferStatus> {
        self.transfer().status_at(at(instant), &self.policy).status
    }

    pub(crate) fn subscription(&self, text: &str) -> Subscription {
        self.customer().subscriptions.by_id[&id(text)].clone()
    }

    pub(crate) fn owner_of(&self, text: &str) -> Option<String> {
        self.subscription(text).owner.map(|owner| owner.value.to_string())
    }
}

/// Worldwide, where nothing was sold yet.
pub(crate) fn nothing_sold() -> Story {
    shop(Cloud::Worldwide)
}
