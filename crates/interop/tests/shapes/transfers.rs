//! Transfers in the shape of Partner Center, as commands of this ledger and time bring them about.

use std::collections::BTreeMap;

use ofrecord_core::{Cloud, Customer, Event, EventRef, Fact, History, Partner, PartnerTenantId, Policy, TransferId};
use ofrecord_interop::write::{Seen, transfer, transfers};
use serde_json::{Value, json};

use crate::fold::{CUSTOMER, PARTNER, at};

const TARGET: &str = "0a000000-0000-4000-8000-0000000000a2";
const ELSE: &str = "0a000000-0000-4000-8000-0000000000a9";
const TRANSFER: &str = "0e000000-0000-4000-8000-0000000000e7";
const MAIL: &str = "0e000000-0000-4000-8000-0000000000e1";
const ADDON: &str = "0e000000-0000-4000-8000-0000000000e2";
const STORAGE: &str = "0e000000-0000-4000-8000-0000000000e3";
const USER: &str = "0d000000-0000-4000-8000-0000000000d9";
const ASKED: &str = "2024-03-01T10:00:00.9602781Z";

fn event(name: &str, fields: &Value) -> Value {
    let mut event = json!({"type": name, "transfer": TRANSFER});
    event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    event
}

fn requested(family: &str, initiated_by: &str) -> (&'static str, Value) {
    let lines = json!([
        {"subscription": MAIL, "quantity": 15, "partner_id_on_record": "5550001"},
        {"subscription": ADDON, "quantity": 2, "with_base": MAIL},
        {"subscription": STORAGE, "quantity": 1},
    ]);
    let fields = json!({"family": family, "source": PARTNER, "target": TARGET, "initiated_by": initiated_by,
        "lines": lines});
    (ASKED, event("SubscriptionTransferRequested", &fields))
}

fn accepted(items: &[&str]) -> (&'static str, Value) {
    let items: Vec<Value> = items.iter().map(|id| json!({"subscription": id})).collect();
    ("2024-03-02T08:00:00Z", event("SubscriptionTransferAccepted", &json!({"items": items})))
}

fn carried_out() -> [(&'static str, Value); 2] {
    let on = "2024-03-02T09:00:00Z";
    let failed = json!({"subscription": STORAGE, "error": "Not in sync."});
    let items = json!([
        {"source_subscription": MAIL, "new_subscription": "0e000000-0000-4000-8000-0000000000f1", "order": "Order-9",
            "partner_id_on_record": "5550001"},
        {"source_subscription": ADDON, "new_subscription": "0e000000-0000-4000-8000-0000000000f2", "order": "Order-9"},
    ]);
    let completed = json!({"source": PARTNER, "target": TARGET, "items": items,
        "billing_split_date": "2024-03-02T00:00:00Z", "outcome": "partially_complete"});
    [(on, event("SubscriptionTransferLineFailed", &failed)), (on, event("SubscriptionTransferCompleted", &completed))]
}

/// The mail subscription as the ledger knows it.
fn mail() -> (&'static str, Value) {
    let shown = json!({"type": "SubscriptionObserved", "subscription": MAIL, "billing_cycle": "annual",
        "friendly_name": "Mail for bakers", "product": {"id": "50e9a47a-7b4d-4970-9d90-cae927f53753", "name": "Mail",
            "family": "legacy_license"}});
    ("2024-01-01T00:00:00Z", shown)
}

/// The customer after events, each with its instant.
fn after(events: &[(&str, Value)]) -> Customer {
    let mut history: History<Customer> = History::default();
    for (position, (instant, value)) in (0..).zip(events) {
        let event: Event = serde_json::from_value(value.clone()).unwrap();
        let at_position = EventRef { position, index: 0 };
        history.push(Fact { at: at_position, effective_at: at(instant), event: event.into(), corrected_by: None });
    }
    history.latest().clone()
}

fn partners() -> BTreeMap<PartnerTenantId, Partner> {
    let mut history: History<Partner> = History::default();
    let value = json!({"type": "PartnerObserved", "partner": TARGET, "name": "Quay Partners"});
    let event: Event = serde_json::from_value(value).unwrap();
    history.push(Fact {
        at: EventRef { position: 0, index: 0 },
        effective_at: at(ASKED),
        event: event.into(),
        corrected_by: None,
    });
    [(TARGET.parse().unwrap(), history.latest().clone())].into()
}

/// Whoever recorded the first entry, and nobody else, has an id.
fn user_of(position: u64) -> Option<String> {
    Some(if position == 0 { USER.to_owned() } else { "agent@partner.example".to_owned() })
}

fn shown(events: &[(&str, Value)], as_of: &str, by: Option<&str>) -> Vec<Value> {
    let (state, policy) = (after(events), Policy::current(Cloud::Worldwide));
    let by = by.map(|by| by.parse().unwrap());
    let seen = Seen { customer: CUSTOMER.parse().unwrap(), state: &state, as_of: at(as_of), policy: &policy, by };
    let shapes = transfers(&seen, &partners(), &user_of);
    let id: TransferId = TRANSFER.parse().unwrap();
    assert_eq!(transfer(&seen, &id, &partners(), &user_of).as_ref(), shapes.first());
    shapes.iter().map(|shape| serde_json::to_value(shape).unwrap()).collect()
}

/// The one transfer that is shown has these values, by their pointers.
fn check(events: &[(&str, Value)], as_of: &str, expected: &[(&str, Value)]) {
    let shown = shown(events, as_of, Some(PARTNER));
    let [only] = shown.as_slice() else { panic!("{} transfers", shown.len()) };
    for (pointer, value) in expected {
        assert_eq!(only.pointer(pointer).unwrap_or(&Value::Null), value, "{pointer}: {only:#}");
    }
}

#[test]
fn what_is_gone_at_the_source_or_was_never_there_is_not_written() {
    let withdrawn = [
        requested("legacy_license", PARTNER),
        ("2024-03-02T08:00:00Z", event("SubscriptionTransferWithdrawn", &json!({}))),
    ];
    assert!(shown(&withdrawn, "2024-03-03", None).is_empty());
    assert!(shown(&[requested("manual_legacy_azure", PARTNER)], "2024-03-03", None).is_empty());
    let asked = [requested("legacy_license", PARTNER)];
    for (by, count) in [(None, 1), (Some(PARTNER), 1), (Some(TARGET), 1), (Some(ELSE), 0)] {
        assert_eq!(shown(&asked, "2024-03-03", by).len(), count, "{by:?}");
    }
    assert!(shown(&[mail()], "2024-03-03", None).is_empty());
}

#[test]
fn a_transfer_is_written_as_it_was_asked_for() {
    let asked = [mail(), requested("legacy_license", PARTNER)];
    let addon = json!([{"subscriptionId": ADDON, "quantity": 2}]);
    let first = json!({"subscriptionId": MAIL, "offerId": "50e9a47a-7b4d-4970-9d90-cae927f53753",
        "billingCycle": "annual", "friendlyName": "Mail for bakers", "quantity": 15, "partnerIdOnRecord": "5550001",
        "addonItems": addon});
    let expected = json!({
        "id": TRANSFER, "status": "Active", "createdTime": ASKED, "lastModifiedTime": ASKED,
        "customerTenantId": CUSTOMER, "partnertenantid": PARTNER, "sourcePartnerTenantId": PARTNER,
        "targetPartnerName": "Quay Partners", "targetPartnerTenantId": TARGET,
        "lineItems": [first, {"subscriptionId": STORAGE, "quantity": 1, "addonItems": []}],
        "links": {"self": {"uri": format!("/customers/{CUSTOMER}/transfers/{TRANSFER}"), "method": "GET", "headers": []}},
        "attributes": {"objectType": "TransferEntity"},
    });
    check(&asked, "2024-03-03", &[("", expected)]);
    assert_eq!(shown(&asked, "2024-06-03", None)[0].pointer("/status"), Some(&json!("Active")), "legacy has no days");
}

#[test]
fn what_became_of_every_line_is_written() {
    let [failed, completed] = carried_out();
    let events = [mail(), requested("legacy_license", PARTNER), accepted(&[]), failed, completed];
    check(&events[..3], "2024-03-02T08:30:00Z", &[("/status", json!("InProgress")), ("/completedTime", Value::Null)]);
    let expected = [
        ("/status", json!("PartiallyComplete")),
        ("/lastModifiedTime", json!("2024-03-02T09:00:00Z")),
        ("/completedTime", Value::Null),
        ("/transferType", Value::Null),
        ("/lineItems/0/status", json!("Complete")),
        ("/lineItems/0/orderId", json!("Order-9")),
        ("/lineItems/0/subscriptionId", json!(MAIL)),
        ("/lineItems/0/addonItems/0/status", json!("Complete")),
        ("/lineItems/1/status", json!("Failed")),
        ("/lineItems/1/transferError", json!("Not in sync.")),
    ];
    check(&events, "2024-04-01", &expected);
    let of_target = shown(&events, "2024-04-01", Some(TARGET)).remove(0);
    let ids = ["subscriptionId", "sourceSubscriptionId"].map(|name| of_target.pointer(&format!("/lineItems/0/{name}")));
    assert_eq!(ids, [Some(&json!("0e000000-0000-4000-8000-0000000000f1")), Some(&json!(MAIL))]);
    let rejected = [
        requested("legacy_license", PARTNER),
        ("2024-03-02T08:00:00Z", event("SubscriptionTransferRejected", &json!({}))),
    ];
    let expected = [("/status", json!("Reject")), ("/lastModifiedTime", json!("2024-03-02T08:00:00Z"))];
    check(&rejected, "2024-03-03", &expected);
    check(&rejected, "2024-03-03", &[("/lastModifiedUser", Value::Null)]);
}

#[test]
fn new_commerce_has_a_type_expires_and_is_selected_from() {
    let asked = [requested("new_commerce", TARGET)];
    check(&asked, "2024-03-03", &[("/status", json!("Pending")), ("/transferType", json!(5))]);
    check(&asked, "2024-03-03", &[("/lastModifiedUser", json!(USER))]);
    let expired = [
        ("/status", json!("Expired")),
        ("/lastModifiedUser", Value::Null),
        ("/lastModifiedTime", json!("2024-03-31T10:00:00.9602781Z")),
    ];
    check(&asked, "2024-04-01", &expired);
    check(&[requested("azure_plan", TARGET)], "2024-03-03", &[("/transferType", json!(3))]);
    let [_, completed] = carried_out();
    let selected = [asked[0].clone(), accepted(&[MAIL, ADDON]), completed];
    let expected = [
        ("/completedTime", json!("2024-03-02T09:00:00Z")),
        ("/lineItems/0/subscriptionId", json!(MAIL)),
        ("/lineItems/1", Value::Null),
    ];
    check(&selected, "2024-03-03", &expected);
}

#[test]
fn the_sources_own_word_for_a_status_is_written_until_the_status_changes() {
    let seen = event(
        "SubscriptionTransferObserved",
        &json!({"family": "new_commerce", "status": "Completed With Errors",
        "created_at": ASKED, "target": PARTNER}),
    );
    check(&[("2024-03-02T09:00:00Z", seen.clone())], "2024-03-03", &[("/status", json!("Completed With Errors"))]);
    let [_, completed] = carried_out();
    let later = [("2024-03-02T08:00:00Z", seen), completed];
    check(&later, "2024-03-03", &[("/status", json!("PartiallyComplete"))]);
}
