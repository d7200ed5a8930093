//! Term, billing cycle and replacement: rules U-5 to U-8, U-19 and B-10.

use ofrecord_core::Event;
use serde_json::{Value, json};

use crate::shop::{LATER, Q, S1, S2, SOON, agent, at, events_of, happens, id, nce, on, refused, sold};

fn term(word: &str) -> Value {
    on("ChangeTerm", S1, json!({"term": word}))
}

fn billing(word: &str, through: &str) -> Value {
    on("ChangeBillingCycle", S1, json!({"billing_cycle": word, "through": through}))
}

fn replace(fields: Value) -> Value {
    on("ReplaceSubscription", S1, fields)
}

#[test]
fn a_running_term_is_only_made_longer() {
    refused(nce(), LATER, agent(Q), term("P1M"), ("U-7", "term_cannot_be_shortened"));
    refused(nce(), LATER, agent(Q), term("none"), ("U-7", "term_not_changeable"));
    refused(nce(), LATER, agent(Q), term("P5Y"), ("L-8", "value_not_recognised"));
    happens(nce(), LATER, agent(Q), term("P1Y"), &[]);
    let (story, events) = events_of(nce(), LATER, agent(Q), term("P3Y"));
    let Event::SubscriptionTermChanged(changed) = &events[0] else { panic!("{events:?}") };
    assert_eq!(changed.commitment_end, Some(at("2027-05-31T23:59:59Z")));
    assert_eq!(story.customer().subscriptions.by_id[&id(S1)].terms.term.as_ref().unwrap().value.as_str(), "P3Y");
    let monthly = sold("new_commerce_license", json!({"term": "P1M", "commitment_end": "2024-03-31T23:59:59Z"}));
    happens(monthly, SOON, agent(Q), term("P1Y"), &["SubscriptionTermChanged"]);
    let unknown = nce().told(SOON, json!({"type": "SubscriptionObserved", "subscription": S2, "owner": Q}));
    let asked = on("ChangeTerm", S2, json!({"term": "P1Y"}));
    refused(unknown, LATER, agent(Q), asked, ("L-11", "terms_not_known"));
}

#[test]
fn billing_changes_by_an_order_update_only() {
    refused(nce(), LATER, agent(Q), billing("annual", "subscription_patch"), ("U-6", "use_order_update"));
    refused(nce(), LATER, agent(Q), billing("weekly", "order_update"), ("L-8", "value_not_recognised"));
    refused(nce(), LATER, agent(Q), billing("triennial", "order_update"), ("U-8", "billing_longer_than_term"));
    let suspended = nce().told(SOON, on("SubscriptionSuspended", S1, json!({"reason": "fraud"})));
    refused(suspended, LATER, agent(Q), billing("annual", "order_update"), ("U-6", "subscription_not_active"));
    happens(nce(), LATER, agent(Q), billing("monthly", "order_update"), &[]);
    happens(nce(), LATER, agent(Q), billing("annual", "order_update"), &["SubscriptionBillingCycleChanged"]);
}

#[test]
fn what_a_replacement_leaves_out_is_reset_by_an_event() {
    let next = json!({"product": "product-1", "quantity": 5, "term": "P1Y", "billing_cycle": "monthly"});
    let all = json!({"friendly_name": "Mine", "quantity": 11, "auto_renew": "on", "next_term": next});
    let (story, events) = events_of(nce(), SOON, agent(Q), replace(all));
    let names: Vec<&str> = events.iter().map(Event::name).collect();
    assert_eq!(names, ["SubscriptionRenamed", "SubscriptionSeatsChanged", "SubscriptionNextTermScheduled"]);
    assert_eq!(story.customer().subscriptions.by_id[&id(S1)].terms.updates, 1, "several events of one entry");
    let (story, events) = events_of(story, SOON, agent(Q), replace(json!({})));
    let stated: Vec<Value> = events.iter().map(|event| serde_json::to_value(event).unwrap()).collect();
    let left_out = [("SubscriptionAutoRenewChanged", "left_out"), ("SubscriptionNextTermScheduled", "left_out")];
    let found = stated.iter().map(|event| (event["type"].as_str().unwrap(), event["cause"].as_str().unwrap()));
    assert_eq!(found.collect::<Vec<_>>(), left_out);
    let terms = story.customer().subscriptions.by_id[&id(S1)].terms.clone();
    assert_eq!(terms.friendly_name.unwrap().value, "Mine");
    assert_eq!(terms.quantity.unwrap().value, 11);
    happens(story, SOON, agent(Q), replace(json!({})), &[]);
}

#[test]
fn a_replacement_of_another_version_is_refused() {
    let version = |version: u64| replace(json!({"version": version, "auto_renew": "on", "friendly_name": "Mine"}));
    let story = happens(nce(), SOON, agent(Q), version(0), &["SubscriptionRenamed"]);
    refused(story.clone(), SOON, agent(Q), version(0), ("U-5", "stale_version"));
    happens(story, SOON, agent(Q), version(1), &[]);
}

#[test]
fn a_replacement_is_refused_as_its_parts_would_be() {
    let suspended = nce().told(SOON, on("SubscriptionSuspended", S1, json!({"reason": "fraud"})));
    refused(suspended, LATER, agent(Q), replace(json!({})), ("U-3", "subscription_suspended"));
    refused(nce(), LATER, agent(Q), replace(json!({"auto_renew": "often"})), ("L-8", "value_not_recognised"));
    refused(nce(), LATER, agent(Q), replace(json!({"quantity": 9})), ("U-2", "seat_window_passed"));
    refused(nce(), LATER, agent(Q), replace(json!({"quantity": 0})), ("B-9", "quantity_out_of_range"));
    let ended = sold("new_commerce_license", json!({"auto_renew": "off"}));
    refused(ended, "2025-03-02T00:00:00Z", agent(Q), replace(json!({})), ("U-17", "subscription_ended"));
}
