//! The worked scenarios on relationships in miniature: W-1 to W-4, W-11.

use ofrecord_core::{Event, Outcome, PartnerTenantId};
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Q, S1, S2, Story, admin, agent, partner_id};

/// Q resells S1 to C since 2018-01-05; P has a link.
fn office() -> Story {
    Story::in_china()
        .with_partners()
        .reseller(Q)
        .sold(Q, S1, "legacy_license")
        .dap(Q, json!({"names": ["Exchange"]}))
        .about_customer(
            C,
            json!({"type": "AzureRoleAssigned", "partner": Q,
                "assignment": {"scope": "/subscriptions/1", "role": "Owner"}}),
        )
        .link(P)
}

#[track_caller]
fn accepted(outcome: &Outcome) -> Vec<&'static str> {
    match outcome {
        Outcome::Accepted(events) => events.iter().map(Event::name).collect(),
        Outcome::Refused(refusal) => panic!("refused: {refusal:?}"),
    }
}

#[track_caller]
fn refused(outcome: &Outcome) -> (String, String) {
    match outcome {
        Outcome::Accepted(events) => panic!("accepted: {events:?}"),
        Outcome::Refused(refusal) => (refusal.rule.to_string(), refusal.code.to_string()),
    }
}

fn accept(partner: &str) -> Value {
    json!({"type": "AcceptResellerRelationship", "partner": partner})
}

#[test]
fn w1_a_second_partner_joins_and_nothing_of_the_first_moves() {
    let mut story = office();
    let before = story.customer();
    accepted(&story.at("2018-06-01T00:00:00Z", &admin(C), Some(C), accept(P)));
    let after = story.customer();
    assert_eq!(story.resellers(), [P, Q]);
    assert_eq!(after.subscriptions, before.subscriptions);
    for asked in [
        json!({"type": "AddSeats", "subscription": S1, "seats": 1}),
        json!({"type": "RemoveSeats", "subscription": S1, "seats": 1}),
        json!({"type": "SuspendSubscription", "subscription": S1, "reason": "customer_request"}),
        json!({"type": "CancelSubscription", "subscription": S1}),
        json!({"type": "SetAutoRenew", "subscription": S1, "auto_renew": "off"}),
        json!({"type": "ChangeTerm", "subscription": S1, "term": "P3Y"}),
    ] {
        let outcome = story.at("2018-06-02T00:00:00Z", &agent(P), Some(C), asked);
        assert_eq!(refused(&outcome), ("S-3".to_owned(), "partner_does_not_own_subscription".to_owned()));
    }
}

#[test]
fn w2_without_dap_the_first_partner_still_sells_and_supports() {
    let mut story = office();
    let before = story.customer();
    let remove = json!({"type": "RemoveDap", "partner": Q});
    let outcome = story.at("2018-07-01T00:00:00Z", &admin(C), Some(C), remove);
    assert_eq!(accepted(&outcome), ["DapRemovedByCustomer"]);
    let after = story.customer();
    assert_eq!((&after.resellers, &after.subscriptions), (&before.resellers, &before.subscriptions));
    let access = after.access.of(partner_id(Q)).unwrap();
    assert!(!access.has_dap() && access.azure_roles.len() == 1);
    let owner: Vec<PartnerTenantId> =
        after.subscriptions.by_id.values().filter_map(|known| known.owner.as_ref()).map(|owner| owner.value).collect();
    assert_eq!(owner, [partner_id(Q)]);
}

#[test]
fn w3_two_transacting_partners_do_not_share_a_service() {
    let mut story = office().reseller(P);
    let grant = || json!({"type": "GrantDap", "partner": P, "services": {"names": ["Exchange"]}});
    let outcome = story.at("2018-06-01T00:00:00Z", &admin(C), Some(C), grant());
    assert_eq!(refused(&outcome).0, "R-12");
    let remove = json!({"type": "RemoveDap", "partner": Q, "services": {"names": ["Exchange"]}});
    accepted(&story.at("2018-06-02T00:00:00Z", &admin(C), Some(C), remove));
    let outcome = story.at("2018-06-03T00:00:00Z", &admin(C), Some(C), grant());
    assert_eq!(accepted(&outcome), ["DapGranted"]);
}

#[test]
fn w4_a_relationship_ends_when_nothing_active_is_left() {
    let mut story = office().reseller(P).sold(P, S2, "legacy_license");
    let remove = || json!({"type": "RemoveResellerRelationship", "partner": P});
    let outcome = story.at("2018-06-01T00:00:00Z", &agent(P), Some(C), remove());
    let Outcome::Refused(refusal) = &outcome else { panic!("{outcome:?}") };
    assert_eq!((refusal.rule.as_ref(), &refusal.details["subscriptions"]), ("M-1", &vec![S2.to_owned()]));
    let suspend = json!({"type": "SuspendSubscription", "subscription": S2, "reason": "customer_request"});
    accepted(&story.at("2018-06-02T00:00:00Z", &agent(P), Some(C), suspend));
    let before = story.customer();
    let outcome = story.at("2018-06-03T00:00:00Z", &agent(P), Some(C), remove());
    assert_eq!(accepted(&outcome), ["ResellerRelationshipRemovedByPartner"]);
    assert_eq!(story.resellers(), [Q]);
    assert_eq!(story.customer().subscriptions, before.subscriptions, "the suspended one stays, with its owner");
}

#[test]
fn w11_the_end_of_a_partnership_leaves_the_customer_as_it_is() {
    let mut story = Story::in_china().with_partners().with_partnership().reseller(I).dap(IR, json!("all")).sold(
        I,
        S1,
        "new_commerce_license",
    );
    let before = story.customer();
    let remove = json!({"type": "RemovePartnership", "provider": I, "reseller": IR});
    accepted(&story.at("2018-06-01T00:00:00Z", &agent(I), None, remove));
    assert_eq!(story.customer(), before);
}
