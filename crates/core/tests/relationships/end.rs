//! How relationships end: rules M-1 to M-12, S-6, S-13.

use ofrecord_core::policy::RemovalPolicy;
use ofrecord_core::{ActorKind, Cloud, Event, Outcome, Role};
use serde_json::{Value, json};

use crate::story::{
    C, I, IR, P, Q, S1, S2, Story, TODAY, Then::*, admin, agent, app, at, check, of_kind, partner_id, user,
};

fn remove(partner: &str) -> Value {
    json!({"type": "RemoveResellerRelationship", "partner": partner})
}

fn reselling() -> Story {
    Story::in_china().with_partners().reseller(P)
}

fn with(story: Story, kind: &str, subscription: &str) -> Story {
    let mut event = json!({"type": kind, "subscription": subscription});
    match kind {
        "SubscriptionSuspended" => event["reason"] = json!("customer_request"),
        "SubscriptionCancelled" => event["data_kept_until"] = json!(TODAY),
        _ => {}
    }
    story.about_customer(C, event)
}

const REMOVED: &[&str] = &["ResellerRelationshipRemovedByPartner"];

#[test]
fn removal_needs_a_signed_in_user_of_the_partner() {
    check(reselling(), (app(P), Some(C), remove(P)), &Refused("M-8", "app_user_required"));
    for actor in [agent(Q), admin(C), of_kind(ActorKind::Operator)] {
        check(reselling(), (actor, Some(C), remove(P)), &Refused("M-8", "actor_not_party"));
    }
}

#[test]
fn the_cloud_says_which_roles_remove_relationships() {
    for role in [Role::HelpdeskAgent, Role::BillingAdmin] {
        check(reselling(), (user(P, role), Some(C), remove(P)), &Refused("M-7", "role_not_allowed"));
    }
    for role in [Role::GlobalAdmin, Role::AdminAgent, Role::SalesAgent] {
        check(reselling(), (user(P, role), Some(C), remove(P)), &Happens(REMOVED));
    }
}

#[test]
fn an_indirect_reseller_asks_its_provider_to_remove() {
    let given = Story::in_cloud(Cloud::Worldwide).with_partners().reseller(I).reseller(IR);
    check(given.clone(), (agent(IR), Some(C), remove(IR)), &Refused("M-6", "indirect_provider_must_remove"));
    check(given.clone(), (agent(I), Some(C), remove(I)), &Happens(REMOVED));
    // Without a partnership the provider is a stranger; with one it removes what the reseller may not.
    check(given.clone(), (agent(I), Some(C), remove(IR)), &Refused("M-8", "actor_not_party"));
    check(given.clone().with_partnership(), (agent(I), Some(C), remove(IR)), &Happens(REMOVED));
    check(given.with_partnership(), (agent(IR), Some(C), remove(IR)), &Refused("M-6", "indirect_provider_must_remove"));
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    check(reselling(), (agent(stranger), Some(C), remove(stranger)), &Refused("R-1", "partner_not_registered"));
}

#[test]
fn only_a_reseller_is_removed_and_only_once() {
    check(Story::in_china().with_partners(), (agent(P), Some(C), remove(P)), &Refused("M-11", "not_a_reseller"));
    let story = check(reselling(), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    check(story, (agent(P), Some(C), remove(P)), &Refused("M-11", "not_a_reseller"));
}

#[test]
fn active_subscriptions_of_the_partner_stand_in_the_way() {
    let given = || reselling().reseller(Q).sold(P, S1, "legacy_license").sold(Q, S2, "legacy_license");
    let mut story = given();
    let outcome = story.at(TODAY, &agent(P), Some(C), remove(P));
    let Outcome::Refused(refusal) = outcome else { panic!("{outcome:?}") };
    assert_eq!((refusal.rule.as_ref(), refusal.code.as_ref()), ("M-1", "active_subscriptions_exist"));
    assert_eq!(refusal.details["subscriptions"], [S1], "only the partner's own count");
    check(with(given(), "SubscriptionSuspended", S1), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
}

#[test]
fn a_suspended_legacy_subscription_does_not_stand_in_the_way() {
    let given = with(reselling().sold(P, S1, "legacy_license"), "SubscriptionSuspended", S1);
    let story = check(given, (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    assert_eq!(story.customer().subscriptions.by_id.len(), 1);
}

#[test]
fn new_commerce_must_have_ended_where_the_cloud_says_so() {
    let given = |removal_policy| {
        let mut story = with(reselling().sold(P, S1, "new_commerce_license"), "SubscriptionSuspended", S1);
        story.policy.removal_policy = removal_policy;
        story
    };
    let refused = Refused("M-3", "new_commerce_subscription_not_cancelled");
    check(given(RemovalPolicy::NceMustBeEnded), (agent(P), Some(C), remove(P)), &refused);
    check(given(RemovalPolicy::SuspendedOk), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    let mut cancelled = with(reselling().sold(P, S1, "new_commerce_license"), "SubscriptionCancelled", S1);
    cancelled.policy.removal_policy = RemovalPolicy::NceMustBeEnded;
    check(cancelled, (agent(P), Some(C), remove(P)), &Happens(REMOVED));
}

#[test]
fn a_term_that_is_over_does_not_stand_in_the_way() {
    let mut story = with(reselling().sold(P, S1, "new_commerce_license"), "SubscriptionSuspended", S1);
    story.policy.removal_policy = RemovalPolicy::NceMustBeEnded;
    let before = story.clone().at("2019-01-04T12:00:00Z", &agent(P), Some(C), remove(P));
    assert!(matches!(before, Outcome::Refused(_)), "{before:?}");
    let after = story.at("2019-01-05T00:00:00Z", &agent(P), Some(C), remove(P));
    assert!(matches!(after, Outcome::Accepted(_)), "{after:?}");
}

#[test]
fn reservations_are_cancelled_before_the_relationship_ends() {
    let refused = Refused("M-4", "azure_reservation_active");
    let given = || reselling().sold(P, S1, "azure_reservation");
    check(given(), (agent(P), Some(C), remove(P)), &refused);
    check(with(given(), "SubscriptionSuspended", S1), (agent(P), Some(C), remove(P)), &refused);
    check(with(given(), "SubscriptionCancelled", S1), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
}

#[test]
fn software_purchases_are_cancelled_before_the_relationship_ends() {
    for family in ["perpetual_software", "software_subscription"] {
        let given = || reselling().sold(P, S1, family);
        check(given(), (agent(P), Some(C), remove(P)), &Refused("M-5", "software_purchase_active"));
        check(with(given(), "SubscriptionCancelled", S1), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    }
}

#[test]
fn the_first_reason_to_keep_a_relationship_is_answered() {
    let given = reselling().sold(P, S1, "azure_reservation").sold(P, S2, "legacy_license").sold(
        P,
        "50000000-0000-0000-0000-000000000003",
        "perpetual_software",
    );
    let story = check(given, (agent(P), Some(C), remove(P)), &Refused("M-1", "active_subscriptions_exist"));
    let story = with(story, "SubscriptionSuspended", S2);
    let story = check(story, (agent(P), Some(C), remove(P)), &Refused("M-4", "azure_reservation_active"));
    let story = with(story, "SubscriptionCancelled", S1);
    check(story, (agent(P), Some(C), remove(P)), &Refused("M-5", "software_purchase_active"));
}

#[test]
fn access_and_support_end_with_the_relationship_and_subscriptions_do_not() {
    let given = with(reselling().dap(P, json!("all")).sold(P, S1, "legacy_license"), "SubscriptionSuspended", S1)
        .sold(Q, S2, "legacy_license")
        .about_customer(C, json!({"type": "SupportContactChanged", "subscription": S2, "partner": P}))
        .about_customer(
            C,
            json!({"type": "SupportContactChanged", "version": 2, "subscription": S1,
            "contact": {"partner": P, "partner_id": "1000001", "name": "First line"}}),
        );
    let before = given.customer();
    let [removed, dap, contact] =
        ["ResellerRelationshipRemovedByPartner", "DapRemovedByPartner", "SupportContactChanged"];
    let happens = &[removed, dap, contact, contact];
    let story = check(given, (agent(P), Some(C), remove(P)), &Happens(happens));
    let after = story.customer();
    for (id, subscription) in &before.subscriptions.by_id {
        let now = &after.subscriptions.by_id[id];
        assert_eq!(
            (&now.owner, &now.terms, &now.partners_of_record),
            (&subscription.owner, &subscription.terms, &subscription.partners_of_record)
        );
    }
    for supported in [S1, S2] {
        assert_eq!(
            after.subscriptions.by_id[&supported.parse().unwrap()].support_contact.as_ref().unwrap().value,
            None
        );
    }
    assert!(!after.access.of(partner_id(P)).unwrap().has_dap());
    assert!(story.resellers().is_empty());
}

#[test]
fn with_the_relationship_ends_the_dap_that_was_on() {
    for held in [json!("all"), json!({"names": ["Azure", "Exchange"]})] {
        let mut story = reselling().dap(P, held.clone());
        let outcome = story.at(TODAY, &agent(P), Some(C), remove(P));
        let Outcome::Accepted(events) = &outcome else { panic!("{outcome:?}") };
        let Some(Event::DapRemovedByPartner(ended)) = events.get(1) else { panic!("{events:?}") };
        assert_eq!(json!(ended)["services"], held);
        assert!(!story.customer().access.of(partner_id(P)).unwrap().has_dap());
    }
}

#[test]
fn the_subscriptions_looked_at_stand_in_the_event() {
    let mut story =
        with(reselling().sold(P, S1, "legacy_license"), "SubscriptionSuspended", S1).sold(Q, S2, "legacy_license");
    let outcome = story.at(TODAY, &agent(P), Some(C), remove(P));
    let Outcome::Accepted(events) = outcome else { panic!("{outcome:?}") };
    let Some(Event::ResellerRelationshipRemovedByPartner(event)) = events.first() else { panic!("{events:?}") };
    assert_eq!(event.subscriptions_considered.iter().map(ToString::to_string).collect::<Vec<_>>(), [S1]);
    assert_eq!(event.removed_by.as_deref(), Some("agent@partner.example"));
}

#[test]
fn a_relationship_established_again_is_another_generation() {
    let mut story = check(reselling().link(P), (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    let accept = json!({"type": "AcceptResellerRelationship", "partner": P});
    let outcome = story.at("2018-09-01T00:00:00Z", &admin(C), Some(C), accept);
    let Outcome::Accepted(events) = outcome else { panic!("{outcome:?}") };
    let Some(Event::ResellerRelationshipReestablished(event)) = events.first() else { panic!("{events:?}") };
    assert_eq!((event.generation, event.previous_generation_ended_at), (2, at(TODAY)));
    let relationship = story.customer().resellers.relationships[&partner_id(P)].clone();
    assert_eq!((relationship.generation, relationship.ended), (2, None));
    assert_eq!(relationship.established.set.effective_at, at("2018-09-01T00:00:00Z"));
}

#[test]
fn after_removal_the_partner_sells_nothing_more() {
    let given = with(reselling().sold(P, S1, "legacy_license"), "SubscriptionSuspended", S1);
    let story = check(given, (agent(P), Some(C), remove(P)), &Happens(REMOVED));
    let order = json!({"type": "PlaceOrder", "order": "order-9", "lines": [
        {"subscription": S2, "product": {"id": "product-1", "name": "Product", "family": "legacy_license"},
            "quantity": 1, "term": "P1Y", "billing_cycle": "monthly"}]});
    let agreed = story.about_partner(P, json!({"type": "PartnerAgreementAccepted", "partner": P}));
    let story = check(agreed, (agent(P), Some(C), order), &Refused("B-2", "no_reseller_relationship"));
    let more = json!({"type": "AddSeats", "subscription": S1, "seats": 1});
    check(story, (agent(P), Some(C), more), &Refused("M-10", "no_reseller_relationship"));
}

#[test]
fn only_a_sandbox_deletes_customers() {
    let delete = |account: &str| json!({"type": "DeleteCustomer", "partner": P, "account": account});
    check(reselling(), (agent(Q), Some(C), delete("sandbox")), &Refused("M-11", "actor_not_party"));
    check(reselling(), (agent(P), Some(C), delete("production")), &Refused("M-11", "only_sandbox_may_delete"));
    let none = Story::in_china().with_partners();
    check(none, (agent(P), Some(C), delete("sandbox")), &Refused("M-11", "not_a_reseller"));
    let happens = Happens(&["CustomerDeleted", "DapRemovedByPartner"]);
    let story = check(reselling().dap(P, json!("all")), (app(P), Some(C), delete("sandbox")), &happens);
    assert!(story.resellers().is_empty());
}
