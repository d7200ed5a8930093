//! Renewal and what the next term will be: rules U-8, U-18 and B-10.

use ofrecord_core::{ActorKind, Event};
use serde_json::{Value, json};

use crate::shop::{LATER, Q, S1, S2, agent, at, events_of, happens, id, nce, of_kind, on, refused, sold, with};

fn renew() -> Value {
    on("RenewSubscription", S1, json!({}))
}

fn schedule(fields: Value) -> Value {
    let next = json!({"product": "product-2", "quantity": 5, "term": "P1M", "billing_cycle": "monthly"});
    on("ScheduleNextTerm", S1, json!({"next_term": with(next, fields)}))
}

fn auto_renew(word: &str) -> Value {
    on("SetAutoRenew", S1, json!({"auto_renew": word}))
}

const DAY_AFTER: &str = "2025-03-01T00:00:00Z";
const RENEWED: &[&str] = &["SubscriptionRenewed"];

#[test]
fn a_renewal_begins_the_day_after_the_term_and_opens_a_window() {
    refused(nce(), "2025-02-28T23:59:59Z", agent(Q), renew(), ("U-18", "term_not_ended"));
    let (story, events) = events_of(nce(), "2025-03-01T05:00:00Z", agent(Q), renew());
    let Event::SubscriptionRenewed(renewed) = &events[0] else { panic!("{events:?}") };
    assert_eq!(renewed.commitment_end, Some(at("2026-02-28T23:59:59Z")));
    assert_eq!(renewed.cancellation_allowed_until, Some(at("2025-03-08T05:00:00Z")));
    assert_eq!(renewed.quantity, 10);
    let cancel = on("CancelSubscription", S1, json!({}));
    happens(story.clone(), "2025-03-08T05:00:00Z", agent(Q), cancel.clone(), &["SubscriptionCancelled"]);
    refused(story.clone(), "2025-03-08T05:00:01Z", agent(Q), cancel, ("U-1", "cancellation_window_passed"));
    refused(story, "2025-04-01T00:00:00Z", agent(Q), renew(), ("U-18", "term_not_ended"));
}

#[test]
fn a_renewal_recorded_late_renews_into_the_term_that_runs() {
    // The term ended with 2025-02-28; two further years have gone by, the second of them not quite.
    let (_, events) = events_of(nce(), "2026-11-15T12:00:00Z", agent(Q), renew());
    let Event::SubscriptionRenewed(renewed) = &events[0] else { panic!("{events:?}") };
    assert_eq!(renewed.commitment_end, Some(at("2027-02-28T23:59:59Z")));
    // The window opened when that term began and a day for the renewal had passed, not with the recording.
    assert_eq!(renewed.cancellation_allowed_until, Some(at("2026-03-09T00:00:00Z")));
}

#[test]
fn a_renewal_takes_what_was_scheduled() {
    let story = happens(nce(), LATER, agent(Q), schedule(json!({})), &["SubscriptionNextTermScheduled"]);
    let story = happens(story, DAY_AFTER, of_kind(ActorKind::Microsoft), renew(), RENEWED);
    let terms = story.customer().subscriptions.by_id[&id(S1)].terms.clone();
    assert_eq!(terms.quantity.unwrap().value, 5);
    assert_eq!(terms.product.unwrap().value.id.as_str(), "product-2");
    assert_eq!(terms.commitment_end.unwrap().value, at("2025-03-31T23:59:59Z"));
    assert_eq!(terms.next_term, None);
}

#[test]
fn what_is_not_renewed_cannot_be() {
    let off = || happens(nce(), LATER, agent(Q), auto_renew("off"), &["SubscriptionAutoRenewChanged"]);
    refused(off(), DAY_AFTER, agent(Q), renew(), ("U-17", "subscription_ended"));
    refused(
        sold("azure_plan", json!({"commitment_end": null, "term": "none"})),
        DAY_AFTER,
        agent(Q),
        renew(),
        ("U-18", "no_term_to_renew"),
    );
    let trial = sold("new_commerce_license", json!({"trial": "trial"}));
    refused(trial, DAY_AFTER, agent(Q), renew(), ("B-10", "trial_not_changeable"));
    let suspended = sold("legacy_license", json!({}))
        .told("2025-02-01T00:00:00Z", on("SubscriptionSuspended", S1, json!({"reason": "fraud"})));
    refused(suspended, DAY_AFTER, agent(Q), renew(), ("U-3", "subscription_suspended"));
    refused(nce(), DAY_AFTER, of_kind(ActorKind::Operator), renew(), ("S-3", "actor_not_party"));
}

#[test]
fn a_renewal_needs_the_terms_it_repeats() {
    let observed = json!({"type": "SubscriptionObserved", "subscription": S2, "owner": Q, "status": "active",
        "commitment_end": "2024-05-01T00:00:00Z"});
    let asked = on("RenewSubscription", S2, json!({}));
    refused(nce().told("2024-04-01T00:00:00Z", observed), LATER, agent(Q), asked, ("L-11", "terms_not_known"));
}

#[test]
fn automatic_renewal_is_switched_once() {
    let story = happens(nce(), LATER, agent(Q), auto_renew("off"), &["SubscriptionAutoRenewChanged"]);
    let story = happens(story, LATER, agent(Q), auto_renew("off"), &[]);
    happens(story, LATER, agent(Q), auto_renew("on"), &["SubscriptionAutoRenewChanged"]);
    refused(nce(), LATER, agent(Q), auto_renew("sometimes"), ("L-8", "value_not_recognised"));
    let perpetual = sold("perpetual_software", json!({"term": "none", "commitment_end": null, "auto_renew": "off"}));
    refused(perpetual, LATER, agent(Q), auto_renew("on"), ("U-18", "no_term_to_renew"));
    let suspended = nce().told(LATER, on("SubscriptionSuspended", S1, json!({"reason": "fraud"})));
    refused(suspended, LATER, agent(Q), auto_renew("on"), ("U-3", "subscription_suspended"));
}

#[test]
fn a_next_term_is_one_that_could_be_bought() {
    refused(nce(), LATER, agent(Q), schedule(json!({"term": "P9Y"})), ("L-8", "value_not_recognised"));
    refused(nce(), LATER, agent(Q), schedule(json!({"billing_cycle": "annual"})), ("U-8", "billing_longer_than_term"));
    refused(nce(), LATER, agent(Q), schedule(json!({"quantity": 0})), ("B-9", "quantity_out_of_range"));
    let clear = || on("ScheduleNextTerm", S1, json!({"next_term": null}));
    happens(nce(), LATER, agent(Q), clear(), &[]);
    let story = happens(nce(), LATER, agent(Q), schedule(json!({})), &["SubscriptionNextTermScheduled"]);
    happens(story, LATER, agent(Q), clear(), &["SubscriptionNextTermScheduled"]);
}
