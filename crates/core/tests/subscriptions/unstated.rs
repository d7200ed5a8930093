//! What no source says stays unknown: it is never a default, and no rule takes it for a word (rules L-8, L-11).

use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, LATER, Q, S1, S2, SOON, admin, agent, events_of, happens, id, nce, on, product, purchase, refused, shop,
    sold, with, without_agreement,
};
use crate::story::Story;
use ofrecord_core::state::Terms;
use ofrecord_core::{ActorKind, Cloud};

/// What an order that a source tells of leaves out.
const LEFT_OUT: &[&str] = &["term", "billing_cycle", "auto_renew", "trial"];

fn without(mut value: Value, fields: &[&str]) -> Value {
    let known = value.as_object_mut().unwrap();
    fields.iter().for_each(|field| {
        known.remove(*field);
    });
    value
}

/// A source tells of the purchase, and leaves out what audit records leave out.
fn told_of() -> Story {
    shop(Cloud::Worldwide).told(BOUGHT, without(purchase(S1, "new_commerce_license"), LEFT_OUT))
}

fn terms(story: &Story) -> Terms {
    story.customer().subscriptions.by_id.remove(&id(S1)).unwrap().terms
}

#[test]
fn what_a_purchase_leaves_out_is_not_known() {
    let terms = terms(&told_of());
    assert_eq!((terms.term, terms.billing_cycle, terms.auto_renew, terms.trial), (None, None, None, None));
    assert_eq!(terms.quantity.unwrap().value, 10);
}

#[test]
fn what_a_purchase_leaves_out_does_not_unsay_what_was_seen() {
    let seen = json!({"type": "SubscriptionObserved", "subscription": S1, "term": "P3Y", "auto_renew": "off"});
    let story =
        shop(Cloud::Worldwide).told(BOUGHT, seen).told(BOUGHT, without(purchase(S1, "new_commerce_license"), LEFT_OUT));
    let terms = terms(&story);
    assert_eq!((terms.term.unwrap().value.as_str(), terms.auto_renew.unwrap().value.as_str()), ("P3Y", "off"));
}

#[test]
fn an_order_decided_here_states_everything() {
    let line = json!({"subscription": S1, "product": product("product-1", "new_commerce_license"), "quantity": 10,
        "term": "P1Y", "billing_cycle": "monthly"});
    let order = json!({"type": "PlaceOrder", "order": "order-1", "lines": [line]});
    let (_, events) = events_of(shop(Cloud::Worldwide), BOUGHT, agent(Q), order);
    let stated = LEFT_OUT.iter().map(|field| json!(events[1])[field].clone());
    assert_eq!(stated.collect::<Vec<_>>(), ["P1Y", "monthly", "on", "paid"]);
}

#[test]
fn a_rule_that_needs_what_is_not_known_says_so() {
    let story = || told_of().told(SOON, json!({"type": "SubscriptionObserved", "subscription": S1, "term": "P1Y"}));
    let into = |fields: Value| {
        let to = product("product-2", "new_commerce_license");
        let asked = json!({"to_product": to, "to_subscription": S2, "transition_type": "transition_only"});
        on("ConvertSubscription", S1, with(asked, fields))
    };
    refused(told_of(), LATER, agent(Q), into(json!({})), ("L-11", "terms_not_known"));
    refused(story(), LATER, agent(Q), into(json!({})), ("L-11", "terms_not_known"));
    let billed = json!({"type": "SubscriptionObserved", "subscription": S1, "billing_cycle": "monthly"});
    refused(story().told(SOON, billed.clone()), LATER, agent(Q), into(json!({})), ("L-11", "terms_not_known"));
    let renews = json!({"type": "SubscriptionObserved", "subscription": S1, "auto_renew": "off"});
    let known = story().told(SOON, billed).told(SOON, renews);
    happens(known, LATER, agent(Q), into(json!({})), &["SubscriptionConverted", "SubscriptionPurchased"]);
}

#[test]
fn a_next_term_may_be_shown_without_its_length_and_not_be_asked_for_so() {
    let next = json!({"product": "product-1", "quantity": 5, "billing_cycle": "monthly"});
    let asked = on("ScheduleNextTerm", S1, json!({"next_term": next}));
    refused(nce(), LATER, agent(Q), asked, ("L-8", "value_not_recognised"));
    let shown = json!({"type": "SubscriptionObserved", "subscription": S1, "next_term": next});
    let story = nce().told(SOON, shown);
    assert_eq!(terms(&story).next_term.unwrap().value.quantity, 5);
    let renew = on("RenewSubscription", S1, json!({}));
    refused(story, "2025-03-01T00:00:00Z", agent(Q), renew, ("L-11", "terms_not_known"));
}

#[test]
fn a_word_for_what_is_not_said_is_no_word_of_a_command() {
    let refused_word = ("L-8", "value_not_recognised");
    let to = || product("product-2", "not_stated");
    let line = json!({"subscription": S2, "product": to(), "quantity": 1, "term": "P1Y", "billing_cycle": "monthly"});
    let order = json!({"type": "PlaceOrder", "order": "order-2", "lines": [line]});
    refused(nce(), LATER, agent(Q), order, refused_word);
    let convert = on("ConvertSubscription", S1, json!({"to_product": to(), "transition_type": "transition_only"}));
    refused(nce(), LATER, agent(Q), convert, refused_word);
    let paid = json!({"to_product": to(), "quantity": 3, "term": "P1Y", "billing_cycle": "monthly"});
    let trial = sold("new_commerce_license", json!({"trial": "trial", "commitment_end": null}));
    refused(trial, SOON, agent(Q), on("ConvertTrial", S1, paid), refused_word);
    let agreement = json!({"type": "ConfirmCustomerAgreement", "agreement_type": "not_stated",
        "date_agreed": "2024-05-31T00:00:00Z", "method": "direct"});
    refused(without_agreement(Cloud::Worldwide), LATER, admin(C), agreement, refused_word);
}

#[test]
fn a_family_that_is_not_said_leaves_the_known_one() {
    let family = |story: &Story| terms(story).product.unwrap().value.family.as_str().to_owned();
    let seen =
        |id: &str| json!({"type": "SubscriptionObserved", "subscription": S1, "product": product(id, "not_stated")});
    assert_eq!(family(&nce().told(SOON, seen("product-1"))), "new_commerce_license");
    assert_eq!(family(&nce().told(SOON, seen("product-2"))), "not_stated");
}

#[test]
fn a_renewal_of_an_unknown_product_has_no_family() {
    let renewed = json!({"type": "SubscriptionRenewed", "subscription": S1, "product": "product-2", "quantity": 1,
        "term": "P1Y", "billing_cycle": "monthly"});
    let story = shop(Cloud::Worldwide).told(BOUGHT, renewed);
    assert_eq!(terms(&story).product.unwrap().value.family.as_str(), "not_stated");
}

#[test]
fn a_suspension_without_a_reason_has_none() {
    let suspended = nce().told(SOON, json!({"type": "SubscriptionSuspended", "subscription": S1}));
    assert_eq!(terms(&suspended).suspension_reason, None);
    assert_eq!(terms(&suspended).status.unwrap().value.as_str(), "suspended");
}

#[test]
fn a_paid_subscription_does_not_keep_the_terms_of_its_trial() {
    let trial = sold("new_commerce_license", json!({"trial": "trial", "term": "P1M", "commitment_end": null}));
    let paid = json!({"type": "TrialConverted", "subscription": S1, "quantity": 3,
        "to_product": product("product-2", "new_commerce_license")});
    let terms = terms(&trial.told(SOON, paid));
    assert_eq!((terms.term, terms.billing_cycle, terms.trial.unwrap().value.as_str()), (None, None, "paid"));
}

#[test]
fn a_conversion_may_leave_its_kind_unsaid() {
    let converted = json!({"type": "SubscriptionConverted", "subscription": S1, "from_product": "product-1",
        "to_product": product("product-2", "not_stated")});
    let story = nce().told(SOON, converted);
    assert_eq!(terms(&story).product.unwrap().value.id.as_str(), "product-2");
    let suspend = on("SuspendSubscription", S1, json!({"reason": "fraud"}));
    happens(story, LATER, crate::shop::of_kind(ActorKind::Microsoft), suspend, &["SubscriptionSuspended"]);
}
