//! Agreements, orders, subscriptions and partners of record.

use ofrecord_core::{Actor, ActorKind, Cloud};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, I, IR, LATER, P, Q, S1, S2, SOON, Story, admin, agent, app, legacy, nce, of_kind, on, product, purchase,
    shop, sold, with, without_agreement,
};
use crate::{Row, Rows};

type Asks = (Actor, Option<&'static str>, Value);

fn by_q(asked: Value) -> Asks {
    (agent(Q), Some(C), asked)
}

fn of_s1(name: &str, fields: Value) -> Asks {
    by_q(on(name, S1, fields))
}

fn suspended() -> Story {
    nce().told(SOON, on("SubscriptionSuspended", S1, json!({"reason": "non_payment"})))
}

fn trial() -> Story {
    sold("new_commerce_license", json!({"trial": "trial", "commitment_end": null}))
}

/// The shop after what is known of the customer changed.
fn customer(fields: Value) -> Story {
    shop(Cloud::Worldwide).about_customer(C, with(json!({"type": "CustomerProfileChanged"}), fields))
}

fn account(partner: &str, fields: Value) -> Story {
    shop(Cloud::Worldwide).told_of(partner, with(json!({"type": "PartnerUpdated", "partner": partner}), fields))
}

pub(crate) fn rows() -> Vec<Row> {
    let mut table = Rows::at(LATER);
    agreements(&mut table);
    sellers(&mut table);
    orders(&mut table);
    owned(&mut table);
    seats(&mut table);
    lifecycle(&mut table);
    terms(&mut table);
    conversions(&mut table);
    partners_of_record(&mut table);
    table.rows
}

fn agreements(table: &mut Rows) {
    let confirm = |method: &str, date: &str| {
        json!({"type": "ConfirmCustomerAgreement", "agreement_type": "MicrosoftCustomerAgreement",
            "date_agreed": date, "method": method})
    };
    let attest = || confirm("attested", "2024-05-31");
    let given = || without_agreement(Cloud::Worldwide);
    table.row(("B-3", "date_in_future"), given(), by_q(confirm("attested", "2024-06-02")));
    table.row(("B-4", "actor_not_party"), given(), (admin(C), Some(C), attest()));
    table.row(("B-4", "app_user_required"), given(), (app(Q), Some(C), attest()));
    table.row(("B-4", "only_direct_or_provider"), given(), (agent(IR), Some(C), attest()));
    table.row(("B-5", "agreement_already_confirmed"), shop(Cloud::Worldwide), by_q(attest()));
    table.row(("B-11", "only_customer_accepts_directly"), given(), by_q(confirm("direct", "2024-05-31")));
}

fn line(fields: Value) -> Value {
    let line = json!({"subscription": S1, "product": product("product-1", "new_commerce_license"), "quantity": 10,
        "term": "P1Y", "billing_cycle": "monthly"});
    with(line, fields)
}

fn one(fields: Value) -> Value {
    json!({"type": "PlaceOrder", "order": "order-1", "lines": [line(fields)]})
}

fn sellers(table: &mut Rows) {
    let order = || by_q(one(json!({})));
    let given = || shop(Cloud::Worldwide);
    table.row(("B-2", "actor_not_party"), given(), (admin(C), Some(C), one(json!({}))));
    table.row(("B-2", "partner_does_not_transact"), given(), (agent(IR), Some(C), one(json!({}))));
    table.row(("B-6", "programme_not_active"), account(Q, json!({"programme": "not_active"})), order());
    let unsigned = given().told_of(Q, json!({"type": "PartnerObserved", "partner": Q, "agreement_signed": false}));
    table.row(("B-6", "partner_agreement_missing"), unsigned, order());
    for (word, code) in
        [("under_review", "customer_under_review"), ("rejected", "customer_rejected"), ("locked", "customer_locked")]
    {
        table.row(("B-8", code), customer(json!({"account_status": word})), order());
    }
    let gone = json!({"type": "ResellerRelationshipObserved", "partner": Q, "relationship": "none"});
    table.row(("B-2", "no_reseller_relationship"), given().told(SOON, gone), order());
    table.row(("R-7", "partner_not_in_market"), customer(json!({"market": "DE"})), order());
}

fn orders(table: &mut Rows) {
    let given = || shop(Cloud::Worldwide);
    let without = || without_agreement(Cloud::Worldwide);
    table.row(("B-1", "customer_agreement_missing"), without(), by_q(one(json!({}))));
    let attested = json!({"type": "CustomerAgreementConfirmed", "agreement_type": "MicrosoftCustomerAgreement",
        "date_agreed": "2018-01-04T00:00:00Z", "method": "attested", "attested_by": P});
    table.row(("B-11", "customer_agreement_missing"), without().about_customer(C, attested), by_q(one(json!({}))));
    let nothing = json!({"type": "PlaceOrder", "order": "order-1", "lines": []});
    table.row(("B-9", "order_has_no_lines"), given(), by_q(nothing));
    table.row(("B-9", "quantity_out_of_range"), given(), by_q(one(json!({"quantity": 0}))));
    let french = with(product("product-1", "new_commerce_license"), json!({"markets": ["FR"]}));
    table.row(
        ("B-7", "product_not_in_market"),
        customer(json!({"market": "CN"})),
        by_q(one(json!({"product": french}))),
    );
    table.row(("S-5", "subscription_already_exists"), nce(), by_q(one(json!({}))));
    table.row(("U-8", "billing_longer_than_term"), given(), by_q(one(json!({"billing_cycle": "triennial"}))));
    let add_on = by_q(one(json!({"subscription": S2, "parent": S1})));
    table.row(("U-11", "parent_not_active"), suspended(), add_on);
}

fn owned(table: &mut Rows) {
    let add = |subscription: &str| on("AddSeats", subscription, json!({"seats": 1}));
    table.row(("S-3", "actor_not_party"), nce(), (admin(C), Some(C), add(S1)));
    table.row(("S-3", "subscription_not_found"), nce(), by_q(add(S2)));
    let seen = |fields: Value| with(json!({"type": "SubscriptionObserved", "subscription": S2}), fields);
    table.row(
        ("S-3", "subscription_owner_unknown"),
        nce().told(SOON, seen(json!({"status": "active"}))),
        by_q(add(S2)),
    );
    table.row(("S-3", "partner_does_not_own_subscription"), nce(), (agent(P), Some(C), add(S1)));
    let removed = json!({"type": "ResellerRelationshipObserved", "partner": Q, "relationship": "none"});
    table.row(("M-10", "no_reseller_relationship"), nce().told(SOON, removed), by_q(add(S1)));
    let partly = nce().told(SOON, seen(json!({"owner": Q, "status": "active"})));
    table.row(("L-11", "terms_not_known"), partly, by_q(add(S2)));
    let deleted = nce().told(SOON, on("SubscriptionDeleted", S1, json!({})));
    table.row(("U-4", "subscription_deleted"), deleted, by_q(add(S1)));
    let ended = sold("new_commerce_license", json!({"auto_renew": "off"}));
    table.row_at("2025-03-01", ("U-17", "subscription_ended"), ended, by_q(add(S1)));
    let pending = on("SubscriptionOperationPending", S1, json!({"operation": "conversion"}));
    table.row(("U-9", "operation_pending"), nce().told("2024-05-31T12:00:00Z", pending), by_q(add(S1)));
    let mut updated = nce().told(SOON, on("SubscriptionSeatsChanged", S1, json!({"before": 10, "after": 11})));
    updated.policy.updates_max = 1;
    table.row(("U-10", "too_many_updates"), updated, by_q(add(S1)));
}

fn seats(table: &mut Rows) {
    let remove = || of_s1("RemoveSeats", json!({"seats": 1}));
    table.row(("U-2", "seat_window_passed"), nce(), remove());
    table.row(("U-2", "seats_not_reducible"), sold("perpetual_software", json!({})), remove());
    table.row(("U-3", "seats_while_suspended"), suspended(), remove());
    table.row(("B-10", "trial_not_changeable"), trial(), of_s1("AddSeats", json!({"seats": 1})));
}

fn lifecycle(table: &mut Rows) {
    let (cancel, reactivate) =
        (|| of_s1("CancelSubscription", json!({})), || of_s1("ReactivateSubscription", json!({})));
    table.row(("U-1", "cancellation_window_passed"), nce(), cancel());
    table.row(("U-21", "support_only"), sold("azure_plan", json!({})), cancel());
    let again = of_s1("SuspendSubscription", json!({"reason": "customer_request"}));
    table.row(("U-3", "subscription_suspended"), suspended(), again);
    table.row(("U-16", "not_suspended"), nce(), reactivate());
    table.row_at("2025-03-01", ("U-16", "not_reactivatable"), suspended(), reactivate());
    let renew = || of_s1("RenewSubscription", json!({}));
    table.row(("U-18", "term_not_ended"), nce(), renew());
    let perpetual = sold("perpetual_software", json!({"term": "none", "commitment_end": null}));
    table.row(("U-18", "no_term_to_renew"), perpetual, of_s1("SetAutoRenew", json!({"auto_renew": "on"})));
}

fn terms(table: &mut Rows) {
    let term = |word: &str| of_s1("ChangeTerm", json!({"term": word}));
    let billing = |through: &str| of_s1("ChangeBillingCycle", json!({"billing_cycle": "annual", "through": through}));
    table.row(("U-5", "stale_version"), nce(), of_s1("ReplaceSubscription", json!({"version": 9})));
    table.row(("U-6", "use_order_update"), nce(), billing("subscription_patch"));
    table.row(("U-6", "subscription_not_active"), suspended(), billing("order_update"));
    table.row(("U-7", "term_cannot_be_shortened"), nce(), term("P1M"));
    table.row(("U-7", "term_not_changeable"), nce(), term("none"));
    table.row(("B-10", "trial_term_not_changeable"), trial(), term("P3Y"));
    let paid = json!({"to_product": product("product-2", "new_commerce_license"), "quantity": 3, "term": "P1Y",
        "billing_cycle": "monthly"});
    table.row(("B-10", "not_a_trial"), nce(), of_s1("ConvertTrial", paid));
}

fn conversions(table: &mut Rows) {
    let convert = |fields: Value| {
        let asked = json!({"to_product": product("product-2", "new_commerce_license"),
            "transition_type": "transition_only"});
        of_s1("ConvertSubscription", with(asked, fields))
    };
    let beside = |fields: Value| {
        let target = with(
            purchase(S2, "new_commerce_license"),
            json!({"product": product("product-2", "new_commerce_license")}),
        );
        nce().told(BOUGHT, with(target, fields))
    };
    let into = || convert(json!({"to_subscription": S2}));
    table.row(("U-12", "subscription_status_not_active"), suspended(), convert(json!({})));
    let same = convert(json!({"to_product": product("product-1", "new_commerce_license")}));
    table.row(("U-12", "target_is_same_product"), nce(), same);
    table.row(("U-12", "target_is_same_subscription"), nce(), convert(json!({"to_subscription": S1})));
    let stopped = on("SubscriptionSuspended", S2, json!({"reason": "fraud"}));
    table.row(("U-12", "target_not_active"), beside(json!({})).told(SOON, stopped), into());
    let busy = on("SubscriptionOperationPending", S2, json!({"operation": "x"}));
    table.row(("U-12", "target_not_ready"), beside(json!({})).told("2024-05-31T12:00:00Z", busy), into());
    let other = json!({"product": product("product-3", "new_commerce_license")});
    table.row(("U-12", "target_product_differs"), beside(other), into());
    table.row(("U-12", "target_ends_earlier"), beside(json!({"commitment_end": "2025-01-31T23:59:59Z"})), into());
    let upgrade = || convert(json!({"to_product": product("product-2", "legacy_license")}));
    table.row(("U-13", "dap_required_for_service"), legacy(), upgrade());
    let owned = with(purchase(S2, "legacy_license"), json!({"product": product("product-2", "legacy_license")}));
    table.row(("U-13", "target_already_owned"), legacy().dap(Q, json!("all")).told(BOUGHT, owned), upgrade());
}

fn partners_of_record(table: &mut Rows) {
    let named = |digits: &str| (agent(I), Some(C), one(json!({"partner_id_on_record": digits})));
    let given = || shop(Cloud::Worldwide);
    table.row(("I-2", "provider_cannot_be_partner_on_record"), given(), named("1000003"));
    table.row(("I-3", "partner_on_record_unknown"), given(), named("7777777"));
    let ended = given().told_of(I, json!({"type": "PartnerRelationshipRemoved", "provider": I, "reseller": IR}));
    table.row(("I-1", "not_valid_indirect_reseller"), ended, named("1000004"));
    let direct = account(IR, json!({"partner_type": "direct_bill"}));
    table.row(("I-3", "partner_on_record_not_a_reseller"), direct, named("1000004"));
    let six: Vec<String> = (11..17).map(|digits| digits.to_string()).collect();
    let sellers = (agent(I), Some(C), one(json!({"additional_partner_ids_on_record": six})));
    table.row(("I-9", "too_many_resellers"), given(), sellers);
    let once = sold("perpetual_software", json!({"owner": I}));
    let change = (agent(I), Some(C), on("ChangeResellerOfRecord", S1, json!({"partner_id": "1000004"})));
    table.row(("I-6", "partner_on_record_not_changeable"), once, change);
    table.row(("I-10", "only_customer_may_set_dpor"), nce(), of_s1("SetDpor", json!({"partner_id": "42"})));
    let link = (of_kind(ActorKind::Operator), Some(C), on("SetPal", S1, json!({"partner_id": "42"})));
    table.row(("I-12", "actor_not_party"), nce(), link);
    table.row(("I-13", "support_contact_invalid"), nce(), of_s1("SetSupportContact", json!({"partner": IR})));
}
