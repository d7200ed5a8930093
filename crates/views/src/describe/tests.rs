//! The sentence of every event.

use std::collections::BTreeSet;

use ofrecord_core::Event;
use serde_json::{Value, json};

use super::describe;

mod custody;
mod granular;

const A: &str = "0000000a-0000-4000-8000-000000000001";
const B: &str = "0000000a-0000-4000-8000-000000000002";
const S: &str = "00000005-0000-4000-8000-000000000001";
const DAY: &str = "2024-03-01T00:00:00.0000000Z";

fn rows() -> Vec<(&'static str, Value, String)> {
    let product = json!({"id": "offer-1", "name": "Exchange Online", "family": "legacy_license"});
    let subscriptions = [subscriptions(&product), terms(), transfers(), claims()].concat();
    [accounts(), relationships(), access(), granular::rows(), custody::rows(), subscriptions, records()].concat()
}

fn accounts() -> Vec<(&'static str, Value, String)> {
    let pair = || json!({"provider": A, "reseller": B});
    vec![
        (
            "PartnerRegistered",
            json!({"partner": A, "name": "Fabrikam", "partner_type": "direct_bill", "markets": []}),
            format!("partner {A} registered as Fabrikam (direct_bill)"),
        ),
        ("PartnerUpdated", json!({"partner": A}), format!("what is known of partner {A} changed")),
        (
            "PartnerAccountSuspended",
            json!({"partner": A, "reason": "overdue60"}),
            format!("account of partner {A} suspended (overdue60)"),
        ),
        ("PartnerAccountReinstated", json!({"partner": A}), format!("account of partner {A} reinstated")),
        (
            "PartnerAgreementAccepted",
            json!({"partner": A}),
            format!("Microsoft Partner Agreement accepted by partner {A}"),
        ),
        ("PartnerInvited", pair(), format!("provider {A} invited reseller {B}")),
        ("PartnerRelationshipCreated", pair(), format!("partnership of provider {A} and reseller {B} began")),
        ("PartnerRelationshipRemoved", pair(), format!("partnership of provider {A} and reseller {B} ended")),
        (
            "PartnerRelationshipObserved",
            json!({"reseller": B, "name": "B", "state": "Active"}),
            format!("a source shows the partnership with reseller {B} as Active"),
        ),
        ("PartnerObserved", json!({"partner": A}), format!("a source shows partner {A}")),
        (
            "CustomerRegistered",
            json!({"name": "Contoso", "tenant_type": "organisation"}),
            "customer registered as Contoso".to_owned(),
        ),
        ("CustomerProfileChanged", json!({"name": "Contoso"}), "what is known of the customer changed".to_owned()),
        (
            "CustomerObserved",
            json!({"relationship": "reseller"}),
            "a source shows the customer, relationship reseller".to_owned(),
        ),
        (
            "AssociatedPartnerChanged",
            json!({"partner": A}),
            format!("associated indirect reseller set to nobody by provider {A}"),
        ),
    ]
}

fn relationships() -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "ResellerRelationshipRequested",
            json!({"partner": A, "dap": {"with": {"names": ["Exchange"]}}}),
            format!("reseller relationship requested by partner {A}, with DAP for Exchange"),
        ),
        (
            "ResellerRelationshipAcceptedByCustomer",
            json!({"partner": A, "accepted_by": "admin@contoso.example", "via_provider": B, "generation": 1}),
            format!(
                "reseller relationship with partner {A} through provider {B} accepted by the customer (admin@contoso.example)"
            ),
        ),
        (
            "ResellerRelationshipConfirmed",
            json!({"partner": A, "generation": 1}),
            format!("reseller relationship with partner {A} accepted again; it already stood"),
        ),
        (
            "ResellerRelationshipReestablished",
            json!({"partner": A, "generation": 2, "previous_generation_ended_at": DAY}),
            format!("reseller relationship with partner {A} established again, generation 2"),
        ),
        (
            "ResellerRelationshipExtended",
            json!({"provider": B, "from_partner": A, "consent_reference": "letter 7", "generation": 1}),
            format!("reseller relationship of partner {A} extended to provider {B} (letter 7)"),
        ),
        (
            "CustomerAdded",
            json!({"partner": A, "name": "Contoso", "relationship": "reseller", "generation": 1}),
            format!("customer Contoso created by partner {A}"),
        ),
        (
            "ResellerRelationshipRemovedByPartner",
            json!({"partner": A, "subscriptions_considered": [], "generation": 1}),
            format!("reseller relationship removed by partner {A}"),
        ),
        ("CustomerDeleted", json!({"partner": A}), format!("sandbox customer deleted by partner {A}")),
        (
            "ResellerRelationshipObserved",
            json!({"partner": A, "relationship": "none", "ended_by": "partner"}),
            format!("a source shows no relationship with partner {A}, ended by partner"),
        ),
        (
            "CustomerAgreementConfirmed",
            json!({"agreement_type": "MicrosoftCustomerAgreement", "date_agreed": DAY, "method": "attested", "attested_by": A}),
            format!("MicrosoftCustomerAgreement of 2024-03-01 confirmed (attested by partner {A})"),
        ),
    ]
}

fn access() -> Vec<(&'static str, Value, String)> {
    let all = || json!({"partner": A, "services": "all"});
    let role = || json!({"partner": A, "assignment": {"scope": "/subscriptions/1", "role": "Owner"}});
    vec![
        ("DapGranted", all(), format!("DAP granted to partner {A} for the whole tenant")),
        ("DapRemovedByCustomer", all(), format!("DAP of partner {A} for the whole tenant removed by the customer")),
        (
            "DapRemovedByPartner",
            json!({"partner": A, "services": "all", "cause": "relationship_removed"}),
            format!("DAP of partner {A} for the whole tenant ended with the reseller relationship"),
        ),
        (
            "DapRemoved",
            all(),
            format!("DAP of partner {A} for the whole tenant removed; the source does not say by whom"),
        ),
        ("DapTerminatedByMicrosoft", json!({"partner": A}), format!("DAP of partner {A} terminated by Microsoft")),
        ("DapObserved", json!({"partner": A, "state": "active"}), format!("a source shows DAP of partner {A} on")),
        ("AzureRoleAssigned", role(), format!("Azure role Owner on /subscriptions/1 held by partner {A}")),
        ("AzureRoleRemoved", role(), format!("Azure role Owner on /subscriptions/1 of partner {A} is gone")),
    ]
}

fn subscriptions(product: &Value) -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "OrderPlaced",
            json!({"order": "o-1", "partner": A, "subscriptions": [S]}),
            format!("order o-1 placed by partner {A}"),
        ),
        (
            "SubscriptionPurchased",
            json!({"subscription": S, "owner": A, "order": "o-1", "product": product, "quantity": 5, "term": "P1Y", "billing_cycle": "annual", "auto_renew": "on", "trial": "paid"}),
            format!("subscription {S} bought: 5 of Exchange Online, term P1Y, sold by partner {A} on order o-1"),
        ),
        (
            "SubscriptionObserved",
            json!({"subscription": S, "status": "active", "quantity": 5}),
            format!("a source shows subscription {S} as active, quantity 5"),
        ),
        (
            "SubscriptionSuspended",
            json!({"subscription": S, "reason": "non_payment"}),
            format!("subscription {S} suspended (non_payment)"),
        ),
        ("SubscriptionReactivated", json!({"subscription": S}), format!("subscription {S} reactivated")),
        (
            "SubscriptionCancelled",
            json!({"subscription": S, "data_kept_until": DAY}),
            format!("subscription {S} cancelled, data kept until {DAY}"),
        ),
        (
            "SubscriptionRenewed",
            json!({"subscription": S, "product": "offer-1", "quantity": 5, "term": "P1Y", "billing_cycle": "annual"}),
            format!("subscription {S} renewed: quantity 5, term P1Y"),
        ),
        (
            "SubscriptionConverted",
            json!({"subscription": S, "from_product": "offer-0", "to_product": product, "transition_type": "transition_only"}),
            format!("subscription {S} converted from offer-0 to Exchange Online"),
        ),
        (
            "TrialConverted",
            json!({"subscription": S, "to_product": product, "quantity": 5, "term": "P1Y", "billing_cycle": "annual"}),
            format!("trial {S} became a paid subscription of Exchange Online"),
        ),
        ("SubscriptionDeleted", json!({"subscription": S}), format!("subscription {S} deleted")),
    ]
}

fn terms() -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "SubscriptionSeatsChanged",
            json!({"subscription": S, "before": 5, "after": 7}),
            format!("seats of subscription {S} changed from 5 to 7"),
        ),
        (
            "SubscriptionTermChanged",
            json!({"subscription": S, "before": "P1M", "after": "P1Y"}),
            format!("term of subscription {S} changed from P1M to P1Y"),
        ),
        (
            "SubscriptionBillingCycleChanged",
            json!({"subscription": S, "before": "monthly", "after": "annual"}),
            format!("billing cycle of subscription {S} changed from monthly to annual"),
        ),
        (
            "SubscriptionAutoRenewChanged",
            json!({"subscription": S, "auto_renew": "off", "cause": "left_out"}),
            format!("automatic renewal of subscription {S} off, because the replacement left it out"),
        ),
        (
            "SubscriptionNextTermScheduled",
            json!({"subscription": S, "cause": "requested"}),
            format!("next term of subscription {S} no longer scheduled"),
        ),
        (
            "SubscriptionRenamed",
            json!({"subscription": S, "friendly_name": "Mail"}),
            format!("subscription {S} renamed to Mail"),
        ),
        (
            "SubscriptionOperationPending",
            json!({"subscription": S, "operation": "conversion"}),
            format!("conversion of subscription {S} is pending"),
        ),
        (
            "SubscriptionUpdateNotified",
            json!({"subscription": S}),
            format!("a source says that subscription {S} changed, without saying how"),
        ),
        (
            "ResellerOfRecordChanged",
            json!({"subscription": S, "after": "517285"}),
            format!("reseller of record of subscription {S} changed from nobody to 517285"),
        ),
        (
            "DigitalPartnerOfRecordSet",
            json!({"subscription": S, "before": "517285"}),
            format!("digital partner of record of subscription {S} changed from 517285 to nobody"),
        ),
        (
            "PartnerAdminLinked",
            json!({"subscription": S, "after": "517285"}),
            format!("partner admin link of subscription {S} changed from nobody to 517285"),
        ),
        (
            "SupportContactChanged",
            json!({"subscription": S, "version": 2,
                "contact": {"partner": A, "partner_id": "4391507", "name": "Trey Research"}}),
            format!("support contact of subscription {S} is {A} (Trey Research, partner ID 4391507)"),
        ),
    ]
}

fn records() -> Vec<(&'static str, Value, String)> {
    vec![
        (
            "SourceRecordKept",
            json!({"operation": "update_x", "because": "out_of_scope", "summary": "nothing here"}),
            "source record `update_x` kept as it came: nothing here".to_owned(),
        ),
        (
            "SourceCoverageRecorded",
            json!({"source": "graph", "from": DAY, "to": DAY}),
            format!("graph read from {DAY} up to {DAY}"),
        ),
        (
            "SourceRetentionGap",
            json!({"source": "graph", "subject": "relationship 1"}),
            "graph no longer has relationship 1".to_owned(),
        ),
        (
            "EvidenceAdded",
            json!({"position": 7, "event_index": 1}),
            "a second source states event 1 of entry 7".to_owned(),
        ),
        (
            "EventCorrected",
            json!({"position": 7, "event_index": 0, "reason": "entered twice"}),
            "event 0 of entry 7 withdrawn (entered twice)".to_owned(),
        ),
    ]
}

fn transfers() -> Vec<(&'static str, Value, String)> {
    let line = json!({"subscription": S});
    let renamed = json!({"source_subscription": S, "new_subscription": B});
    vec![
        (
            "SubscriptionTransferRequested",
            json!({"transfer": "t-1", "family": "legacy_license", "source": A, "target": B, "initiated_by": A,
                "lines": [line]}),
            format!("transfer t-1 of 1 subscription from partner {A} to partner {B} requested by partner {A}"),
        ),
        (
            "SubscriptionTransferAccepted",
            json!({"transfer": "t-1", "items": [line, line]}),
            "transfer t-1 accepted, 2 subscriptions".to_owned(),
        ),
        ("SubscriptionTransferRejected", json!({"transfer": "t-1"}), "transfer t-1 rejected".to_owned()),
        ("SubscriptionTransferWithdrawn", json!({"transfer": "t-1"}), "transfer t-1 withdrawn".to_owned()),
        (
            "SubscriptionTransferExpired",
            json!({"transfer": "t-1"}),
            "a source says that transfer t-1 expired".to_owned(),
        ),
        (
            "SubscriptionTransferLineFailed",
            json!({"transfer": "t-1", "subscription": S, "code": 900_103, "error": "not in sync"}),
            format!("transfer t-1 failed for subscription {S} (900103): not in sync"),
        ),
        (
            "SubscriptionTransferCompleted",
            json!({"transfer": "t-1", "source": A, "target": B, "items": [renamed], "outcome": "partially_complete",
                "billing_split_date": DAY}),
            format!(
                "transfer t-1 from partner {A} to partner {B} partially completed: subscription {S} as {B}; \
                 the source is billed through 2024-03-01"
            ),
        ),
        (
            "SubscriptionTransferObserved",
            json!({"transfer": "t-1", "status": "Reject"}),
            "a source shows transfer t-1 as Reject".to_owned(),
        ),
    ]
}

fn claims() -> Vec<(&'static str, Value, String)> {
    let claim = || json!({"subscription": S, "workload": "Teams", "partner_id": "42"});
    let told = format!("claim of partner ID 42 on Teams of subscription {S}");
    vec![
        ("CporClaimSubmitted", claim(), format!("{told} submitted")),
        ("CporClaimApproved", claim(), format!("{told} approved")),
        ("CporClaimRejected", claim(), format!("{told} rejected")),
        ("CporClaimDisputed", claim(), format!("rejection of the {told} disputed")),
    ]
}

#[test]
fn what_a_source_leaves_out_is_told_as_not_stated() {
    let product = json!({"id": "offer-1", "name": "Exchange Online", "family": "not_stated"});
    let told = |content: Value| describe(&serde_json::from_value::<Event>(content).unwrap());
    let bought = told(json!({"type": "SubscriptionPurchased", "subscription": S, "owner": A, "order": "o-1",
        "product": product, "quantity": 5}));
    let sentence =
        format!("subscription {S} bought: 5 of Exchange Online, term not stated, sold by partner {A} on order o-1");
    assert_eq!(bought, sentence);
    let scheduled = told(json!({"type": "SubscriptionNextTermScheduled", "subscription": S, "cause": "requested",
        "next_term": {"product": "offer-1", "quantity": 7, "billing_cycle": "unknown"}}));
    assert_eq!(scheduled, format!("next term of subscription {S} scheduled: quantity 7, term not stated"));
    let suspended = told(json!({"type": "SubscriptionSuspended", "subscription": S}));
    assert_eq!(suspended, format!("subscription {S} suspended (reason not stated)"));
}

#[test]
fn a_support_contact_is_told_as_far_as_it_is_stated() {
    let told = |content: Value| describe(&serde_json::from_value::<Event>(content).unwrap());
    for (contact, is) in [
        (json!({"partner": A}), A.to_owned()),
        (json!({"partner": A, "name": "Trey Research"}), format!("{A} (Trey Research)")),
        (json!({"partner": A, "partner_id": "4391507"}), format!("{A} (partner ID 4391507)")),
        (json!(null), "nobody".to_owned()),
    ] {
        let event = json!({"type": "SupportContactChanged", "version": 2, "subscription": S, "contact": contact});
        assert_eq!(told(event), format!("support contact of subscription {S} is {is}"));
    }
    let of_the_first_version = json!({"type": "SupportContactChanged", "subscription": S, "partner": A});
    assert_eq!(told(of_the_first_version), format!("support contact of subscription {S} is {A}"));
}

#[test]
fn every_event_is_told_in_its_own_sentence() {
    let mut told = BTreeSet::new();
    for (name, mut content, sentence) in rows() {
        content.as_object_mut().unwrap().insert("type".to_owned(), json!(name));
        let event: Event = serde_json::from_value(content).unwrap_or_else(|cause| panic!("{name}: {cause}"));
        assert_eq!(describe(&event), sentence);
        told.insert(name);
    }
    let all: BTreeSet<&str> = Event::KINDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(told, all);
}
