//! Conversions: rules U-12, U-13, U-8, B-9, B-10, R-1 and M-10.

use ofrecord_core::{Cloud, Event};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, P, Q, S1, S2, SOON, agent, at, events_of, happens, id, legacy, nce, on, product, purchase,
    refused, shop, sold, with,
};
use crate::story::Story;

fn convert(fields: Value) -> Value {
    let to = product("product-2", "new_commerce_license");
    with(on("ConvertSubscription", S1, json!({"to_product": to, "transition_type": "transition_only"})), fields)
}

fn trial_to_paid(fields: Value) -> Value {
    let to = product("product-2", "new_commerce_license");
    with(
        on("ConvertTrial", S1, json!({"to_product": to, "quantity": 3, "term": "P1Y", "billing_cycle": "monthly"})),
        fields,
    )
}

/// Q's other subscription of the target product.
fn with_target(fields: Value) -> Story {
    let target = json!({"product": product("product-2", "new_commerce_license")});
    nce().told(BOUGHT, with(with(purchase(S2, "new_commerce_license"), target), fields))
}

const CONVERTED: &[&str] = &["SubscriptionConverted"];

#[test]
fn only_an_active_subscription_is_converted() {
    let suspended = nce().told(SOON, on("SubscriptionSuspended", S1, json!({"reason": "fraud"})));
    refused(suspended, LATER, agent(Q), convert(json!({})), ("U-12", "subscription_status_not_active"));
    let unknown = nce().told(SOON, json!({"type": "SubscriptionObserved", "subscription": S2, "owner": Q}));
    let asked = convert(json!({"subscription": S2}));
    refused(unknown, LATER, agent(Q), asked, ("U-12", "subscription_status_not_active"));
    refused(nce().suspended(Q), LATER, agent(Q), convert(json!({})), ("R-1", "partner_account_suspended"));
    let story = happens(nce(), LATER, agent(Q), convert(json!({})), CONVERTED);
    let terms = story.customer().subscriptions.by_id[&id(S1)].terms.clone();
    assert_eq!(terms.product.unwrap().value.id.as_str(), "product-2");
    assert_eq!(terms.commitment_end.unwrap().value, at("2025-02-28T23:59:59Z"));
}

#[test]
fn a_conversion_has_another_target_with_published_words() {
    let same = convert(json!({"to_product": product("product-1", "new_commerce_license")}));
    refused(nce(), LATER, agent(Q), same, ("U-12", "target_is_same_product"));
    let itself = convert(json!({"to_subscription": S1}));
    refused(nce(), LATER, agent(Q), itself, ("U-12", "target_is_same_subscription"));
    let family = convert(json!({"to_product": product("product-2", "hardware")}));
    refused(nce(), LATER, agent(Q), family, ("L-8", "value_not_recognised"));
    let kind = convert(json!({"transition_type": "by_magic"}));
    refused(nce(), LATER, agent(Q), kind, ("L-8", "value_not_recognised"));
}

#[test]
fn an_existing_target_must_fit() {
    let into = || convert(json!({"to_subscription": S2}));
    let refused_on = |story: Story, code| refused(story, LATER, agent(Q), into(), ("U-12", code));
    let fits = || with_target(json!({}));
    let others = with_target(json!({"owner": P}));
    refused(others, LATER, agent(Q), into(), ("S-3", "partner_does_not_own_subscription"));
    refused_on(fits().told(SOON, on("SubscriptionSuspended", S2, json!({"reason": "fraud"}))), "target_not_active");
    refused_on(
        fits().told("2024-05-31T12:00:00Z", on("SubscriptionOperationPending", S2, json!({"operation": "x"}))),
        "target_not_ready",
    );
    refused_on(with_target(json!({"product": product("product-3", "new_commerce_license")})), "target_product_differs");
    refused_on(with_target(json!({"commitment_end": "2025-01-31T23:59:59Z"})), "target_ends_earlier");
    let story = happens(fits(), LATER, agent(Q), into(), &["SubscriptionConverted", "SubscriptionSeatsChanged"]);
    let subscriptions = story.customer().subscriptions;
    assert_eq!(subscriptions.by_id[&id(S2)].terms.quantity.as_ref().unwrap().value, 20);
    let old = &subscriptions.by_id[&id(S1)];
    assert_eq!(old.terms.converted_into.as_ref().unwrap().value, id(S2));
    assert_eq!(old.terms.status.as_ref().unwrap().value.as_str(), "deleted");
}

#[test]
fn a_conversion_into_a_new_subscription_buys_it_for_the_same_owner() {
    let record = json!({"type": "ResellerOfRecordChanged", "subscription": S1, "after": "4847383"});
    let asked = convert(json!({"to_subscription": S2}));
    let (story, events) = events_of(nce().told(SOON, record), LATER, agent(Q), asked);
    let Event::SubscriptionPurchased(bought) = &events[1] else { panic!("{events:?}") };
    assert_eq!((bought.owner.to_string().as_str(), bought.quantity), (Q, 10));
    assert_eq!(bought.cancellation_allowed_until, None);
    let new = story.customer().subscriptions.by_id[&id(S2)].clone();
    let reseller = new.partners_of_record.reseller_of_record.unwrap().value.unwrap();
    assert_eq!(reseller.as_str(), "4847383");
    assert_eq!(new.terms.commitment_end.unwrap().value, at("2025-02-28T23:59:59Z"));
}

#[test]
fn a_conversion_dated_back_does_not_take_an_id_that_is_used_later() {
    let story = nce().told(LATER, with(purchase(S2, "legacy_license"), json!({"owner": P})));
    let asked = convert(json!({"to_subscription": S2}));
    refused(story, SOON, agent(Q), asked, ("S-5", "subscription_already_exists"));
}

#[test]
fn an_upgrade_in_21vianet_needs_dap_for_the_service() {
    let asked = || convert(json!({"to_product": product("product-2", "legacy_license")}));
    refused(legacy(), LATER, agent(Q), asked(), ("U-13", "dap_required_for_service"));
    let elsewhere = legacy().dap(Q, json!({"names": ["Azure"]}));
    refused(elsewhere, LATER, agent(Q), asked(), ("U-13", "dap_required_for_service"));
    for services in [json!("all"), json!({"names": ["Office 365"]})] {
        happens(legacy().dap(Q, services), LATER, agent(Q), asked(), CONVERTED);
    }
}

#[test]
fn an_upgrade_in_21vianet_needs_a_target_the_customer_has_from_nobody() {
    let asked = || convert(json!({"to_product": product("product-2", "legacy_license")}));
    let target =
        with(purchase(S2, "legacy_license"), json!({"owner": P, "product": product("product-2", "legacy_license")}));
    let owned = || legacy().dap(Q, json!("all")).told(BOUGHT, target.clone());
    refused(owned(), LATER, agent(Q), asked(), ("U-13", "target_already_owned"));
    let gone = owned().told(SOON, on("SubscriptionDeleted", S2, json!({})));
    happens(gone, LATER, agent(Q), asked(), CONVERTED);
}

#[test]
fn a_trial_becomes_a_paid_subscription() {
    let trial = || sold("new_commerce_license", json!({"trial": "trial", "commitment_end": null}));
    refused(nce(), SOON, agent(Q), trial_to_paid(json!({})), ("B-10", "not_a_trial"));
    refused(trial(), SOON, agent(Q), convert(json!({})), ("B-10", "trial_not_changeable"));
    let long = trial_to_paid(json!({"term": "P1M", "billing_cycle": "annual"}));
    refused(trial(), SOON, agent(Q), long, ("U-8", "billing_longer_than_term"));
    let none = trial_to_paid(json!({"quantity": 0}));
    refused(trial(), SOON, agent(Q), none, ("B-9", "quantity_out_of_range"));
    let word = trial_to_paid(json!({"term": "P9Y"}));
    refused(trial(), SOON, agent(Q), word, ("L-8", "value_not_recognised"));
    let (story, events) = events_of(trial(), SOON, agent(Q), trial_to_paid(json!({})));
    let Event::TrialConverted(converted) = &events[0] else { panic!("{events:?}") };
    assert_eq!(converted.commitment_end, Some(at("2025-03-04T23:59:59Z")));
    let terms = story.customer().subscriptions.by_id[&id(S1)].terms.clone();
    assert_eq!((terms.trial.unwrap().value.as_str(), terms.quantity.unwrap().value), ("paid", 3));
}

#[test]
fn a_trial_that_does_not_renew_ends_after_thirty_days() {
    let off = json!({"trial": "trial", "commitment_end": null, "auto_renew": "off"});
    let trial = || sold("new_commerce_license", off.clone());
    refused(trial(), "2024-03-31T00:00:00Z", agent(Q), trial_to_paid(json!({})), ("U-17", "subscription_ended"));
    happens(trial(), "2024-03-30T23:59:59Z", agent(Q), trial_to_paid(json!({})), &["TrialConverted"]);
}

#[test]
fn after_the_relationship_nothing_is_converted() {
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": Q,
        "subscriptions_considered": [], "generation": 1});
    refused(
        shop(Cloud::Worldwide).told(BOUGHT, purchase(S1, "new_commerce_license")).about_customer(C, removed),
        LATER,
        agent(Q),
        convert(json!({})),
        ("M-10", "no_reseller_relationship"),
    );
}
