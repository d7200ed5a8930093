//! Extending a relationship to a provider, without a click by the customer: rules R-17 and B-11.

use ofrecord_core::state::Establishment;
use ofrecord_core::{Cloud, Outcome};
use serde_json::{Value, json};

use crate::story::{
    C, I, IR, P, Q, S1, S2, Story, TODAY, Then::*, admin, agent, app, check, of_kind, partner_id, user,
};

fn extend(fields: &Value) -> Value {
    let mut asked = json!({"type": "ExtendResellerRelationship", "partner": P, "provider": I,
        "consent_reference": "letter of 2018-05-30"});
    for (name, value) in fields.as_object().unwrap() {
        asked[name] = value.clone();
    }
    asked
}

fn plain() -> Value {
    extend(&json!({}))
}

fn enrolled(story: Story, how_far: &str) -> Story {
    story.about_partner(P, json!({"type": "PartnerUpdated", "partner": P, "indirect_reseller_enrolment": how_far}))
}

fn working_together(story: Story, provider: &str) -> Story {
    let created = json!({"type": "PartnerRelationshipCreated", "provider": provider, "reseller": P,
        "reseller_partner_id": "1000001"});
    story.about_partner(provider, created.clone()).about_partner(P, created)
}

/// P bills C directly, has completed its enrolment and works with I.
fn transition(cloud: Cloud) -> Story {
    working_together(enrolled(Story::in_cloud(cloud).with_partners().reseller(P), "completed"), I)
}

fn given() -> Story {
    transition(Cloud::Worldwide)
}

#[test]
fn a_relationship_is_extended_after_enrolment_to_a_provider_of_the_partner() {
    let without = || working_together(Story::in_china().with_partners().reseller(P), I);
    let required = Refused("R-17", "extension_requires_enrolment");
    check(without(), (agent(P), Some(C), plain()), &required);
    check(enrolled(without(), "begun"), (agent(P), Some(C), plain()), &required);
    let not_a_reseller = working_together(enrolled(Story::in_china().with_partners(), "completed"), I);
    check(not_a_reseller, (agent(P), Some(C), plain()), &Refused("R-17", "no_reseller_relationship"));
    let alone = || enrolled(Story::in_china().with_partners().reseller(P), "completed");
    let no_partnership = Refused("R-17", "no_provider_partnership");
    check(alone(), (agent(P), Some(C), plain()), &no_partnership);
    let invited = json!({"type": "PartnerInvited", "provider": I, "reseller": P});
    let only_invited = alone().about_partner(I, invited.clone()).about_partner(P, invited);
    check(only_invited, (agent(P), Some(C), plain()), &no_partnership);
    check(
        given(),
        (agent(P), Some(C), extend(&json!({"consent_reference": " "}))),
        &Refused("R-17", "consent_required"),
    );
    let story = check(given(), (agent(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]));
    assert_eq!(story.resellers(), [P, I]);
    let customer = story.customer();
    let of_provider = customer.resellers.standing(partner_id(I)).unwrap();
    assert_eq!(of_provider.established.value, Establishment::Extension { from: partner_id(P) });
    assert_eq!(of_provider.consent_reference.as_ref().unwrap().value, "letter of 2018-05-30");
    assert_eq!((of_provider.generation, of_provider.accepted_by.as_ref()), (1, None));
}

#[test]
fn only_customers_that_are_billed_directly_are_extended() {
    let joint =
        json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": P, "via_provider": I, "generation": 1});
    let partners = || working_together(enrolled(Story::in_china().with_partners(), "completed"), I);
    let only_direct = Refused("R-17", "extension_only_for_direct_customers");
    check(partners().about_customer(C, joint), (agent(P), Some(C), plain()), &only_direct);
    let extended = json!({"type": "ResellerRelationshipExtended", "provider": P, "from_partner": Q, "generation": 1});
    check(partners().about_customer(C, extended), (agent(P), Some(C), plain()), &only_direct);
    let seen = json!({"type": "ResellerRelationshipObserved", "partner": P, "relationship": "reseller"});
    let mut through = seen.clone();
    through["via_provider"] = json!(I);
    check(partners().about_customer(C, through), (agent(P), Some(C), plain()), &only_direct);
    let happens = Happens(&["ResellerRelationshipExtended"]);
    check(partners().about_customer(C, seen), (agent(P), Some(C), plain()), &happens);
}

#[test]
fn the_partner_extends_its_own_relationship_as_it_would_begin_one() {
    for actor in [agent(I), agent(Q), admin(C), of_kind(ofrecord_core::ActorKind::Operator)] {
        check(given(), (actor, Some(C), plain()), &Refused("R-1", "actor_not_party"));
    }
    let helpdesk = user(P, ofrecord_core::Role::HelpdeskAgent);
    check(given(), (helpdesk, Some(C), plain()), &Refused("R-1", "role_not_allowed"));
    check(given().suspended(P), (agent(P), Some(C), plain()), &Refused("R-1", "partner_account_suspended"));
    check(given(), (app(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]));
}

#[test]
fn the_provider_must_fit_the_customer() {
    let elsewhere = given().about_customer(C, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    check(elsewhere, (agent(P), Some(C), plain()), &Refused("R-7", "market_mismatch"));
    let itself = working_together(given(), C);
    let asked = extend(&json!({"provider": C}));
    check(itself, (agent(P), Some(C), asked), &Refused("R-9", "partner_equals_customer"));
    let third = transition(Cloud::UsGov).reseller(Q);
    check(third, (agent(P), Some(C), plain()), &Refused("R-14", "single_partner_cloud"));
    check(transition(Cloud::UsGov), (agent(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]));
    check(given().reseller(I), (agent(P), Some(C), plain()), &Refused("R-10", "already_established"));
}

#[test]
fn an_extension_brings_no_access_and_moves_no_subscription() {
    let before = given().sold(P, S1, "legacy_license").dap(P, json!("all"));
    let story = check(before.clone(), (agent(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]));
    let (before, after) = (before.customer(), story.customer());
    assert_eq!((&before.access, &before.subscriptions), (&after.access, &after.subscriptions));
    assert_eq!(before.resellers.relationships[&partner_id(P)], after.resellers.relationships[&partner_id(P)]);
    let mut carried = plain();
    carried["subscriptions"] = json!([S1]);
    let beyond = Refused("S-2", "relationship_command_cannot_change_subscription");
    check(given(), (agent(P), Some(C), carried), &beyond);
}

#[test]
fn a_provider_that_was_removed_comes_back_as_another_generation() {
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": I, "subscriptions_considered": [],
        "generation": 1});
    let before = given().reseller(I).about_customer(C, removed);
    let story = check(before, (agent(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]));
    assert_eq!(story.customer().resellers.standing(partner_id(I)).map(|known| known.generation), Some(2));
}

#[test]
fn what_the_partner_attested_does_not_hold_for_the_provider_and_what_the_customer_accepted_does() {
    let order = json!({"type": "PlaceOrder", "order": "order-7", "lines": [{"subscription": S2,
        "product": {"id": "product-1", "name": "Product", "family": "legacy_license"}, "quantity": 3, "term": "P1Y",
        "billing_cycle": "monthly", "partner_id_on_record": "1000001"}]});
    let agreement = |method: &str| {
        let mut confirmed = json!({"type": "CustomerAgreementConfirmed", "method": method,
            "agreement_type": "MicrosoftCustomerAgreement", "date_agreed": "2018-01-04T00:00:00Z"});
        if method == "attested" {
            confirmed["attested_by"] = json!(P);
        }
        confirmed
    };
    let signed = |partner: &str| json!({"type": "PartnerAgreementAccepted", "partner": partner});
    let extended = |method: &str| {
        let story =
            given().about_partner(I, signed(I)).about_partner(P, signed(P)).about_customer(C, agreement(method));
        check(story, (agent(P), Some(C), plain()), &Happens(&["ResellerRelationshipExtended"]))
    };
    let mut attested = extended("attested");
    let Outcome::Refused(refusal) = attested.at(TODAY, &agent(I), Some(C), order.clone()) else { panic!("accepted") };
    assert_eq!((refusal.rule.as_ref(), refusal.upstream_code), ("B-11", Some(13_605)));
    let ordered = Happens(&["OrderPlaced", "SubscriptionPurchased"]);
    check(extended("direct"), (agent(I), Some(C), order), &ordered);
}

#[test]
fn a_partner_who_completed_its_enrolment_may_be_invited_as_a_reseller() {
    let invite = json!({"type": "InvitePartner", "provider": I, "reseller": P});
    let partners = || Story::in_china().with_partners();
    check(partners(), (agent(I), None, invite.clone()), &Refused("I-3", "not_an_indirect_reseller"));
    check(enrolled(partners(), "begun"), (agent(I), None, invite.clone()), &Refused("I-3", "not_an_indirect_reseller"));
    let story = check(enrolled(partners(), "completed"), (agent(I), None, invite), &Happens(&["PartnerInvited"]));
    let accept = json!({"type": "AcceptPartnership", "provider": I, "reseller": P});
    let signed = story.about_partner(P, json!({"type": "PartnerAgreementAccepted", "partner": P}));
    check(signed, (agent(P), None, accept), &Happens(&["PartnerRelationshipCreated"]));
    // The indirect reseller of before is one without any enrolment on record.
    let invite = json!({"type": "InvitePartner", "provider": I, "reseller": IR});
    check(partners(), (agent(I), None, invite), &Happens(&["PartnerInvited"]));
}
