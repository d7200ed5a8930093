//! Orders: rules B-1, B-2, B-6 to B-11, U-8, U-11, I-1 to I-5, I-9, R-1, R-7 and S-5.

use ofrecord_core::{ActorKind, Cloud, Event};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, I, IR, LATER, P, Q, S1, S2, S3, SOON, admin, agent, app, at, events_of, happens, id, of_kind, product,
    purchase, refused, shop, with, without_agreement,
};
use crate::story::{Story, customer_id};

fn line(fields: Value) -> Value {
    with(
        json!({"subscription": S1, "product": product("product-1", "new_commerce_license"), "quantity": 10,
            "term": "P1Y", "billing_cycle": "monthly"}),
        fields,
    )
}

fn order(lines: &[Value]) -> Value {
    json!({"type": "PlaceOrder", "order": "order-1", "lines": lines})
}

fn one(fields: Value) -> Value {
    order(&[line(fields)])
}

fn given() -> Story {
    shop(Cloud::Worldwide)
}

fn status(word: &str) -> Story {
    given().about_customer(C, json!({"type": "CustomerProfileChanged", "account_status": word}))
}

fn market(word: &str) -> Story {
    given().about_customer(C, json!({"type": "CustomerProfileChanged", "market": word}))
}

fn updated(partner: &str, fields: Value) -> Story {
    given().told_of(partner, with(json!({"type": "PartnerUpdated", "partner": partner}), fields))
}

const BOUGHT_ONE: &[&str] = &["OrderPlaced", "SubscriptionPurchased"];

#[test]
fn only_a_transacting_partner_in_order_places_orders() {
    refused(given(), LATER, admin(C), one(json!({})), ("B-2", "actor_not_party"));
    refused(given(), LATER, of_kind(ActorKind::Operator), one(json!({})), ("B-2", "actor_not_party"));
    refused(given(), LATER, agent(C), one(json!({})), ("R-1", "partner_not_registered"));
    refused(given().suspended(Q), LATER, agent(Q), one(json!({})), ("R-1", "partner_account_suspended"));
    refused(given(), LATER, agent(IR), one(json!({})), ("B-2", "partner_does_not_transact"));
    let idle = updated(Q, json!({"programme": "not_active"}));
    refused(idle, LATER, agent(Q), one(json!({})), ("B-6", "programme_not_active"));
    happens(given(), LATER, app(Q), one(json!({})), BOUGHT_ONE);
}

#[test]
fn a_partner_without_the_partner_agreement_places_no_orders() {
    let without = Story::in_cloud(Cloud::Worldwide).with_partners().reseller(Q);
    refused(without, LATER, agent(Q), one(json!({})), ("B-6", "partner_agreement_missing"));
}

#[test]
fn a_customer_whose_account_is_not_in_order_buys_nothing() {
    for (word, code) in
        [("under_review", "customer_under_review"), ("rejected", "customer_rejected"), ("locked", "customer_locked")]
    {
        refused(status(word), LATER, agent(Q), one(json!({})), ("B-8", code));
    }
    happens(status("active"), LATER, agent(Q), one(json!({})), BOUGHT_ONE);
}

#[test]
fn an_order_needs_a_reseller_relationship() {
    let removed = given().told(
        BOUGHT,
        json!({"type": "ResellerRelationshipRemovedByPartner", "partner": Q, "subscriptions_considered": [],
            "generation": 1}),
    );
    refused(removed, LATER, agent(Q), one(json!({})), ("B-2", "no_reseller_relationship"));
}

#[test]
fn a_partner_sells_only_in_its_markets() {
    refused(market("DE"), LATER, agent(Q), one(json!({})), ("R-7", "partner_not_in_market"));
    happens(market("CN"), LATER, agent(Q), one(json!({})), BOUGHT_ONE);
}

#[test]
fn an_order_needs_a_customer_agreement() {
    let none = without_agreement(Cloud::Worldwide);
    refused(none, LATER, agent(Q), one(json!({})), ("B-1", "customer_agreement_missing"));
}

#[test]
fn an_attested_agreement_does_not_hold_for_another_partner() {
    let attested = |by: Value| {
        without_agreement(Cloud::Worldwide).about_customer(
            C,
            with(
                json!({"type": "CustomerAgreementConfirmed", "agreement_type": "MicrosoftCustomerAgreement",
                    "date_agreed": "2018-01-04T00:00:00Z", "method": "attested"}),
                by,
            ),
        )
    };
    let by_p = || attested(json!({"attested_by": P}));
    refused(by_p(), LATER, agent(I), one(json!({})), ("B-11", "customer_agreement_missing"));
    happens(by_p(), LATER, agent(P), one(json!({})), BOUGHT_ONE);
    happens(attested(json!({})), LATER, agent(I), one(json!({})), BOUGHT_ONE);
    happens(given(), LATER, agent(I), one(json!({})), BOUGHT_ONE);
}

#[test]
fn an_order_has_lines_of_new_subscriptions() {
    refused(given(), LATER, agent(Q), order(&[]), ("B-9", "order_has_no_lines"));
    let twice = order(&[line(json!({})), line(json!({}))]);
    refused(given(), LATER, agent(Q), twice, ("S-5", "subscription_already_exists"));
    let taken = given().told(BOUGHT, purchase(S1, "legacy_license"));
    refused(taken, LATER, agent(P), one(json!({})), ("S-5", "subscription_already_exists"));
}

#[test]
fn an_order_dated_back_does_not_take_an_id_that_is_used_later() {
    let exists = ("S-5", "subscription_already_exists");
    let ordered = json!({"type": "OrderPlaced", "order": "order-9", "partner": P, "subscriptions": [S1]});
    let seen = json!({"type": "SubscriptionObserved", "subscription": S1, "owner": P});
    for later in [with(purchase(S1, "legacy_license"), json!({"owner": P})), ordered, seen] {
        refused(given().told(LATER, later), SOON, agent(Q), one(json!({})), exists);
    }
    happens(given().told(LATER, purchase(S2, "legacy_license")), SOON, agent(Q), one(json!({})), BOUGHT_ONE);
}

#[test]
fn an_id_is_in_use_where_corrections_put_it() {
    let (on_record, exists) =
        (|| given().told(BOUGHT, purchase(S1, "legacy_license")), ("S-5", "subscription_already_exists"));
    let purchase_at = on_record().customers[&customer_id(C)].facts().last().unwrap().at;
    let corrected = |fields: Value| {
        let correction = json!({"type": "EventCorrected", "position": purchase_at.position,
            "event_index": purchase_at.index, "reason": "misread"});
        on_record().told(SOON, with(correction, fields))
    };
    happens(corrected(json!({})), LATER, agent(Q), one(json!({})), BOUGHT_ONE);
    let moved = json!({"replacement": purchase(S1, "legacy_license"), "effective_at": LATER});
    refused(corrected(moved), SOON, agent(Q), one(json!({})), exists);
}

#[test]
fn words_that_a_rule_on_orders_reads_must_be_published() {
    for field in ["term", "billing_cycle", "auto_renew", "trial"] {
        refused(given(), LATER, agent(Q), one(json!({field: "often"})), ("L-8", "value_not_recognised"));
    }
    let unknown = json!({"product": product("product-1", "hardware")});
    refused(given(), LATER, agent(Q), one(unknown), ("L-8", "value_not_recognised"));
}

#[test]
fn a_product_is_sold_only_in_its_markets() {
    let only_in = |markets: Value| {
        one(json!({"product": with(product("product-1", "new_commerce_license"), json!({"markets": markets}))}))
    };
    refused(market("CN"), LATER, agent(Q), only_in(json!(["FR"])), ("B-7", "product_not_in_market"));
    happens(market("CN"), LATER, agent(Q), only_in(json!(["CN", "FR"])), BOUGHT_ONE);
    happens(given(), LATER, agent(Q), only_in(json!(["FR"])), BOUGHT_ONE);
}

#[test]
fn a_quantity_stays_within_what_the_product_is_sold_in() {
    let limits = json!({"quantity_min": 2, "quantity_max": 300});
    let of = |quantity: u64| {
        one(json!({"quantity": quantity,
            "product": with(product("product-1", "new_commerce_license"), limits.clone())}))
    };
    for quantity in [0, 1, 301, u64::from(u32::MAX)] {
        refused(given(), LATER, agent(Q), of(quantity), ("B-9", "quantity_out_of_range"));
    }
    for quantity in [2, 300] {
        happens(given(), LATER, agent(Q), of(quantity), BOUGHT_ONE);
    }
    refused(given(), LATER, agent(Q), one(json!({"quantity": 0})), ("B-9", "quantity_out_of_range"));
}

#[test]
fn an_order_is_not_billed_for_longer_than_its_term() {
    let asked = one(json!({"term": "P1M", "billing_cycle": "annual"}));
    refused(given(), LATER, agent(Q), asked, ("U-8", "billing_longer_than_term"));
    happens(given(), LATER, agent(Q), one(json!({"billing_cycle": "annual"})), BOUGHT_ONE);
}

#[test]
fn a_line_names_a_reseller_of_the_provider() {
    let naming = |id: &str| one(json!({"partner_id_on_record": id}));
    refused(given(), LATER, agent(I), naming("1000003"), ("I-2", "provider_cannot_be_partner_on_record"));
    refused(given(), LATER, agent(I), naming("7777777"), ("I-3", "partner_on_record_unknown"));
    refused(given(), LATER, agent(Q), naming("1000004"), ("I-3", "partner_on_record_unknown"));
    let removed = json!({"type": "PartnerRelationshipRemoved", "provider": I, "reseller": IR});
    let ended = given().told_of(I, removed);
    refused(ended, LATER, agent(I), naming("1000004"), ("I-1", "not_valid_indirect_reseller"));
    let direct = updated(IR, json!({"partner_type": "direct_bill"}));
    refused(direct, LATER, agent(I), naming("1000004"), ("I-3", "partner_on_record_not_a_reseller"));
    let idle = updated(IR, json!({"programme": "not_active"}));
    refused(idle, LATER, agent(I), naming("1000004"), ("I-3", "reseller_programme_not_active"));
    let (story, _) = events_of(given(), LATER, agent(I), naming("1000004"));
    let bought = &story.customer().subscriptions.by_id[&id(S1)];
    let record = bought.partners_of_record.reseller_of_record.as_ref().unwrap();
    assert_eq!(record.value.as_ref().unwrap().as_str(), "1000004");
}

#[test]
fn a_reseller_on_a_line_has_accepted_the_partner_agreement() {
    let other = "f0000000-0000-0000-0000-0000000000f2";
    let created = json!({"type": "PartnerRelationshipCreated", "provider": I, "reseller": other,
        "reseller_partner_id": "1000005"});
    let story = given().registered(other, "indirect_reseller", "1000005").told_of(I, created);
    let asked = one(json!({"partner_id_on_record": "1000005"}));
    refused(story, LATER, agent(I), asked, ("I-4", "partner_agreement_missing"));
}

#[test]
fn a_line_without_reseller_is_accepted_and_says_nobody() {
    let story = happens(given(), LATER, agent(I), one(json!({})), BOUGHT_ONE);
    let bought = &story.customer().subscriptions.by_id[&id(S1)];
    assert_eq!(bought.partners_of_record.reseller_of_record.as_ref().unwrap().value, None);
}

#[test]
fn five_additional_sellers_at_most_and_only_in_europe() {
    let sellers = |ids: &[&str]| one(json!({"additional_partner_ids_on_record": ids}));
    let six = ["11", "12", "13", "14", "15", "16"];
    refused(given(), LATER, agent(I), sellers(&six), ("I-9", "too_many_resellers"));
    refused(market("CN"), LATER, agent(I), sellers(&["11"]), ("I-9", "too_many_resellers"));
    refused(given(), LATER, agent(I), sellers(&["1000003"]), ("I-2", "provider_cannot_be_partner_on_record"));
    happens(given(), LATER, agent(I), sellers(&six[..5]), BOUGHT_ONE);
}

#[test]
fn an_add_on_needs_an_active_base_of_the_same_partner() {
    let add_on = |parent: &str| one(json!({"subscription": S2, "parent": parent}));
    refused(given(), LATER, agent(Q), add_on(S1), ("S-3", "subscription_not_found"));
    let base = || given().told(BOUGHT, purchase(S1, "legacy_license"));
    refused(base(), LATER, agent(P), add_on(S1), ("S-3", "partner_does_not_own_subscription"));
    let suspended =
        base().told(BOUGHT, json!({"type": "SubscriptionSuspended", "subscription": S1, "reason": "non_payment"}));
    refused(suspended, SOON_AFTER, agent(Q), add_on(S1), ("U-11", "parent_not_active"));
    happens(base(), LATER, agent(Q), add_on(S1), BOUGHT_ONE);
    let itself = one(json!({"parent": S1}));
    refused(given(), LATER, agent(Q), itself, ("S-3", "subscription_not_found"));
    let together = order(&[line(json!({})), line(json!({"subscription": S3, "parent": S1}))]);
    happens(given(), LATER, agent(Q), together, &["OrderPlaced", "SubscriptionPurchased", "SubscriptionPurchased"]);
}

const SOON_AFTER: &str = "2024-03-02T00:00:00Z";

#[test]
fn a_purchase_states_term_window_and_agreement() {
    let (_, events) = events_of(given(), BOUGHT, agent(Q), one(json!({})));
    let Event::SubscriptionPurchased(bought) = &events[1] else { panic!("{events:?}") };
    assert_eq!(bought.commitment_end, Some(at("2025-02-28T23:59:59Z")));
    assert_eq!(bought.cancellation_allowed_until, Some(at("2024-03-08T00:00:00Z")));
    assert_eq!(bought.agreement.as_ref().unwrap().as_str(), "MicrosoftCustomerAgreement");
    assert_eq!(bought.owner.to_string(), Q);
    let windows = [
        ("legacy_license", "P1Y", None),
        ("azure_plan", "none", None),
        ("azure_reservation", "P1Y", None),
        ("perpetual_software", "none", Some("2024-03-31T00:00:00Z")),
        ("software_subscription", "P1Y", Some("2024-03-08T00:00:00Z")),
        ("marketplace_saas", "P1M", Some("2024-03-02T00:00:00Z")),
        ("marketplace_saas", "P1Y", Some("2024-03-15T00:00:00Z")),
    ];
    for (family, term, until) in windows {
        let asked = one(json!({"product": product("product-1", family), "term": term}));
        let (_, events) = events_of(given(), BOUGHT, agent(Q), asked);
        let Event::SubscriptionPurchased(bought) = &events[1] else { panic!("{events:?}") };
        assert_eq!(bought.cancellation_allowed_until, until.map(at), "{family} {term}");
    }
    let (_, events) = events_of(given(), BOUGHT, agent(Q), one(json!({"trial": "trial", "term": "P1M"})));
    let Event::SubscriptionPurchased(trial) = &events[1] else { panic!("{events:?}") };
    assert_eq!(trial.commitment_end, Some(at("2024-03-30T23:59:59Z")));
}
