//! How relationships begin: rules.

use ofrecord_core::policy::Reacceptance;
use ofrecord_core::state::Establishment;
use ofrecord_core::{ActorKind, Cloud, Role};
use serde_json::{Value, json};

use crate::story::{
    C, C2, I, IR, P, Q, Story, TODAY, Then::*, admin, agent, app, check, customer_id, of_kind, partner_id, user,
};

fn ask(partner: &str) -> Value {
    json!({"type": "RequestResellerRelationship", "partner": partner})
}

fn accept(partner: &str) -> Value {
    json!({"type": "AcceptResellerRelationship", "partner": partner})
}

fn accept_with_dap(partner: &str) -> Value {
    json!({"type": "AcceptResellerRelationship", "partner": partner, "dap": {"with": "all"}})
}

fn create(partner: &str) -> Value {
    json!({"type": "CreateCustomer", "partner": partner, "name": "Contoso", "domain": "contoso.example", "market": "CN"})
}

fn partners() -> Story {
    Story::in_china().with_partners()
}

const ACCEPTED: &[&str] = &["ResellerRelationshipAcceptedByCustomer"];

#[test]
fn only_the_partner_itself_asks_for_a_relationship() {
    let refused = Refused("R-1", "actor_not_party");
    check(partners(), (agent(Q), None, ask(P)), &refused);
    check(partners(), (admin(C), None, ask(P)), &refused);
    check(partners(), (of_kind(ActorKind::Operator), None, ask(P)), &refused);
    check(partners(), (of_kind(ActorKind::PartnerUser), None, ask(P)), &refused);
    check(partners(), (agent(P), None, ask(P)), &Happens(&["ResellerRelationshipRequested"]));
    check(partners(), (app(P), None, ask(P)), &Happens(&["ResellerRelationshipRequested"]));
}

#[test]
fn the_cloud_says_which_roles_ask_for_relationships() {
    let mut nameless = agent(P);
    nameless.role = None;
    for actor in [user(P, Role::HelpdeskAgent), user(P, Role::Unrecognised("owner".into())), nameless] {
        check(partners(), (actor.clone(), None, ask(P)), &Refused("R-1", "role_not_allowed"));
        check(partners(), (actor, Some(C), create(P)), &Refused("R-1", "role_not_allowed"));
    }
    check(partners(), (user(P, Role::SalesAgent), None, ask(P)), &Happens(&["ResellerRelationshipRequested"]));
}

#[test]
fn a_suspended_partner_cannot_begin_anything() {
    let given = || partners().link(P).reseller(P).suspended(P);
    let refused = Refused("R-1", "partner_account_suspended");
    check(given(), (agent(P), None, ask(P)), &refused);
    check(given(), (agent(P), Some(C2), create(P)), &refused);
    assert_eq!(given().resellers(), [P], "existing relationships stay valid");
    let mut reinstated = check(
        given(),
        (of_kind(ActorKind::Microsoft), None, json!({"type": "ReinstatePartnerAccount", "partner": P})),
        &Happens(&["PartnerAccountReinstated"]),
    );
    let outcome = reinstated.at(TODAY, &agent(P), None, ask(P));
    assert!(matches!(outcome, ofrecord_core::Outcome::Accepted(_)), "{outcome:?}");
}

#[test]
fn a_partner_who_acts_is_registered_and_resells() {
    let nobody = "d0000000-0000-0000-0000-00000000000d";
    check(partners(), (agent(nobody), None, ask(nobody)), &Refused("R-1", "partner_not_registered"));
    let advisor = || partners().registered(nobody, "advisor", "1000009");
    check(advisor(), (agent(nobody), None, ask(nobody)), &Refused("R-2", "partner_type_cannot_resell"));
    check(advisor(), (agent(nobody), Some(C), create(nobody)), &Refused("R-2", "partner_type_cannot_resell"));
    let dormant =
        || partners().about_partner(P, json!({"type": "PartnerUpdated", "partner": P, "programme": "not_active"}));
    check(dormant(), (agent(P), None, ask(P)), &Refused("R-1", "programme_not_active"));
    check(dormant(), (agent(P), Some(C), create(P)), &Refused("R-1", "programme_not_active"));
}

#[test]
fn in_china_an_indirect_reseller_uses_the_invitation_of_its_provider() {
    let refused = Refused("R-2", "indirect_reseller_must_use_provider_invitation");
    let given = || partners().with_partnership();
    check(given(), (agent(IR), None, ask(IR)), &refused);
    let joint = json!({"type": "RequestResellerRelationship", "partner": IR, "via_provider": I});
    check(given(), (agent(IR), None, joint), &refused);
    check(given().joint_link(), (admin(C), Some(C), accept(IR)), &refused);
    check(given(), (agent(I), None, ask(I)), &Happens(&["ResellerRelationshipRequested"]));
}

#[test]
fn a_joint_link_needs_an_active_partnership() {
    let world = || Story::in_cloud(Cloud::Worldwide).with_partners();
    let joint = || json!({"type": "RequestResellerRelationship", "partner": IR, "via_provider": I});
    let refused = Refused("R-2", "no_provider_partnership");
    check(world(), (agent(IR), None, ask(IR)), &refused);
    check(world(), (agent(IR), None, joint()), &refused);
    check(world().with_partnership(), (agent(IR), None, ask(IR)), &refused);
    check(world().with_partnership(), (agent(IR), None, joint()), &Happens(&["ResellerRelationshipRequested"]));
    check(world().joint_link(), (admin(C), Some(C), accept(IR)), &refused);
    let direct = json!({"type": "RequestResellerRelationship", "partner": P, "via_provider": I});
    check(world().with_partnership(), (agent(P), None, direct), &refused);
    let ended = json!({"type": "PartnerRelationshipRemoved", "provider": I, "reseller": IR});
    let over = world().with_partnership().joint_link().about_partner(I, ended.clone()).about_partner(IR, ended);
    check(over, (admin(C), Some(C), accept(IR)), &refused);
}

#[test]
fn a_joint_acceptance_makes_two_relationships_or_none() {
    let given = Story::in_cloud(Cloud::Worldwide).with_partners().with_partnership().joint_link();
    let both = &["ResellerRelationshipAcceptedByCustomer", "ResellerRelationshipAcceptedByCustomer"];
    let story = check(given, (admin(C), Some(C), accept(IR)), &Happens(both));
    assert_eq!(story.resellers(), [I, IR]);
    let relationship = story.customer().resellers.relationships[&partner_id(I)].clone();
    assert_eq!(relationship.established.value, Establishment::JointLink { provider: partner_id(I) });
    let halfway = Story::in_cloud(Cloud::Worldwide).with_partners().with_partnership().joint_link().reseller(I);
    let confirmed = &["ResellerRelationshipAcceptedByCustomer", "ResellerRelationshipConfirmed"];
    check(halfway, (admin(C), Some(C), accept(IR)), &Happens(confirmed));
}

#[test]
fn an_indirect_reseller_does_not_create_customers() {
    check(partners(), (agent(IR), Some(C), create(IR)), &Refused("R-2b", "only_provider_may_create_customer"));
    check(partners(), (agent(I), Some(C), create(I)), &Happens(&["CustomerAdded"]));
}

#[test]
fn without_an_open_link_nothing_is_accepted() {
    check(partners(), (admin(C), Some(C), accept(P)), &Refused("R-3", "no_invitation"));
    let expired = partners().about_partner(
        P,
        json!({"type": "ResellerRelationshipRequested", "partner": P, "dap": "without", "expires_at": TODAY}),
    );
    check(expired, (admin(C), Some(C), accept(P)), &Refused("R-3", "no_invitation"));
    let backwards = json!({"type": "RequestResellerRelationship", "partner": P, "expires_at": TODAY});
    check(partners(), (agent(P), None, backwards), &Refused("R-3", "invitation_expires_before_it_is_made"));
}

#[test]
fn a_link_serves_any_number_of_customers() {
    let mut story = check(partners().link(P), (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
    let second = story.at(TODAY, &admin(C2), Some(C2), accept(P));
    assert!(matches!(second, ofrecord_core::Outcome::Accepted(_)), "{second:?}");
}

#[test]
fn only_a_global_administrator_accepts() {
    let refused = Refused("R-5", "customer_global_admin_required");
    let mut billing = admin(C);
    billing.role = Some(Role::BillingAdmin);
    let mut roleless = admin(C);
    roleless.role = None;
    for actor in [billing, roleless, admin(C2), agent(P), of_kind(ActorKind::Operator)] {
        check(partners().link(P), (actor, Some(C), accept(P)), &refused);
    }
}

fn tenant(tenant_type: &str) -> Story {
    partners().link(P).about_customer(
        C,
        json!({"type": "CustomerRegistered", "name": "Contoso", "tenant_type": tenant_type, "market": "CN"}),
    )
}

#[test]
fn tenants_for_external_identities_are_not_supported() {
    for kind in ["b2c", "external_id"] {
        check(tenant(kind), (admin(C), Some(C), accept(P)), &Refused("R-6", "customer_tenant_type_not_supported"));
    }
    check(tenant("moon"), (admin(C), Some(C), accept(P)), &Refused("L-8", "value_not_recognised"));
    check(tenant("organisation"), (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
}

#[test]
fn partner_and_customer_share_a_market_as_far_as_known() {
    let abroad = || partners().link(P).about_customer(C, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    check(abroad(), (admin(C), Some(C), accept(P)), &Refused("R-7", "market_mismatch"));
    let mut elsewhere = create(P);
    elsewhere["market"] = json!("DE");
    check(partners(), (agent(P), Some(C), elsewhere), &Refused("R-7", "market_mismatch"));
    check(partners().link(P), (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
    let joint = Story::in_cloud(Cloud::Worldwide)
        .with_partners()
        .with_partnership()
        .joint_link()
        .about_customer(C, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    let both = &["ResellerRelationshipAcceptedByCustomer", "ResellerRelationshipAcceptedByCustomer"];
    check(joint, (admin(C), Some(C), accept(IR)), &Happens(both));
}

#[test]
fn the_tenant_a_partner_transacts_with_does_not_buy_from_another() {
    let refused = Refused("R-8", "customer_is_csp_partner_tenant");
    check(tenant("csp_transaction"), (admin(C), Some(C), accept(P)), &refused);
    check(partners().link(P), (admin(Q), Some(Q), accept(P)), &refused);
    check(tenant("csp_corporate"), (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
    check(partners(), (agent(P), Some(Q), create(P)), &refused);
}

#[test]
fn a_partner_is_not_its_own_customer() {
    let refused = Refused("R-9", "partner_equals_customer");
    check(partners().link(P), (admin(P), Some(P), accept(P)), &refused);
    check(partners(), (agent(P), Some(P), create(P)), &refused);
    check(partners(), (agent(P), Some(P), ask(P)), &refused);
}

#[test]
fn a_relationship_is_established_once() {
    let given = || partners().link(P).reseller(P);
    let story = check(given(), (admin(C), Some(C), accept(P)), &Happens(&["ResellerRelationshipConfirmed"]));
    assert_eq!(story.resellers(), [P]);
    assert_eq!(story.customer().resellers.relationships[&partner_id(P)].generation, 1);
    let mut strict = given();
    strict.policy.reacceptance = Reacceptance::Refused;
    check(strict, (admin(C), Some(C), accept(P)), &Refused("R-10", "already_established"));
}

#[test]
fn a_further_partner_leaves_the_others_as_they_are() {
    let given = partners().link(P).reseller(Q);
    let before = given.customer().resellers.relationships[&partner_id(Q)].clone();
    let story = check(given, (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
    assert_eq!(story.resellers(), [P, Q]);
    assert_eq!(story.customer().resellers.relationships[&partner_id(Q)], before);
}

#[test]
fn dap_is_not_offered_worldwide_any_more() {
    let ask_with_dap = json!({"type": "RequestResellerRelationship", "partner": P, "dap": {"with": "all"}});
    let world = || Story::in_cloud(Cloud::Worldwide).with_partners().link(P).reseller(P);
    let grant = json!({"type": "GrantDap", "partner": P});
    for (instant, expected) in [("2023-10-08T23:59:59Z", None), ("2023-10-09T00:00:00Z", Some("dap_not_offered"))] {
        let mut story = world();
        let outcomes = [
            story.at(instant, &agent(P), None, ask_with_dap.clone()),
            story.at(instant, &admin(C), Some(C), accept_with_dap(P)),
            world().at(instant, &admin(C), Some(C), grant.clone()),
        ];
        for outcome in outcomes {
            let code = match &outcome {
                ofrecord_core::Outcome::Accepted(_) => None,
                ofrecord_core::Outcome::Refused(refusal) => Some(refusal.code.as_ref()),
            };
            assert_eq!(code, expected, "{instant}");
        }
    }
    check(partners(), (agent(P), None, ask_with_dap), &Happens(&["ResellerRelationshipRequested"]));
}

#[test]
fn a_single_partner_cloud_has_one_transacting_partner() {
    let gov = || Story::in_cloud(Cloud::UsGov).with_partners();
    let taken = gov().link(P).reseller(Q);
    check(taken, (admin(C), Some(C), accept_with_dap(P)), &Refused("R-14", "single_partner_cloud"));
    let alone = &["ResellerRelationshipAcceptedByCustomer", "DapGranted"];
    check(gov().link(P), (admin(C), Some(C), accept_with_dap(P)), &Happens(alone));
    let former = gov()
        .link(P)
        .reseller(Q)
        .about_customer(C, json!({"type": "ResellerRelationshipObserved", "partner": Q, "relationship": "none"}));
    check(former, (admin(C), Some(C), accept_with_dap(P)), &Happens(alone));
    check(gov(), (agent(P), None, ask(P)), &Refused("R-14", "dap_required_in_cloud"));
    check(gov().link(P), (admin(C), Some(C), accept(P)), &Refused("R-14", "dap_required_in_cloud"));
}

#[test]
fn an_acceptance_grants_no_more_than_the_link_asks_for() {
    let modest = || {
        partners().about_partner(
            P,
            json!({"type": "ResellerRelationshipRequested", "partner": P, "dap": {"with": {"names": ["Azure"]}}}),
        )
    };
    check(modest(), (admin(C), Some(C), accept_with_dap(P)), &Refused("R-3", "dap_exceeds_invitation"));
    let azure = json!({"type": "AcceptResellerRelationship", "partner": P, "dap": {"with": {"names": ["Azure"]}}});
    let happens = Happens(&["ResellerRelationshipAcceptedByCustomer", "DapGranted"]);
    check(modest(), (admin(C), Some(C), azure), &happens);
    check(modest().link(P), (admin(C), Some(C), accept_with_dap(P)), &happens);
}

#[test]
fn creating_a_customer_establishes_the_relationship() {
    let mut with_dap = create(P);
    with_dap["dap"] = json!({"with": "all"});
    let story = check(partners(), (agent(P), Some(C), with_dap), &Happens(&["CustomerAdded", "DapGranted"]));
    assert_eq!(story.resellers(), [P]);
    let how = &story.customer().resellers.relationships[&partner_id(P)].established.value;
    assert_eq!(*how, Establishment::AccountCreated);
    check(story, (agent(Q), Some(C), create(Q)), &Refused("R-15", "customer_already_exists"));
    // A granular relationship by default follows as events of its own, whether it was asked for or not.
    for asked in [true, false] {
        let mut by_default = create(P);
        by_default["enable_gdap_by_default"] = json!(asked);
        let story = check(partners(), (agent(P), Some(C), by_default), &Happens(&["CustomerAdded"]));
        assert!(story.customer().access.granular.by_id.is_empty());
    }
}

#[test]
fn a_relationship_does_not_wait_for_the_agreement() {
    let story = check(partners().link(P), (admin(C), Some(C), accept(P)), &Happens(ACCEPTED));
    assert!(story.customer().agreements.is_empty());
    assert!(story.customer().resellers.standing(partner_id(P)).is_some());
}

#[test]
fn a_request_and_its_customer_must_fit() {
    let refused = Refused("L-12", "subject_mismatch");
    check(partners().link(P), (admin(C), None, accept(P)), &refused);
    let register =
        json!({"type": "RegisterPartner", "partner": P, "name": "P", "partner_type": "direct_bill", "markets": []});
    check(partners(), (of_kind(ActorKind::Operator), Some(C), register), &refused);
}

#[test]
fn nothing_is_decided_for_the_future() {
    let story = partners().link(P);
    let request = ofrecord_core::Request {
        command_id: "00000000-0000-0000-0000-000000000001".parse().unwrap(),
        actor: admin(C),
        customer: Some(customer_id(C)),
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: crate::story::command(accept(P)),
    };
    let recorded_at = crate::story::at(TODAY);
    let when = ofrecord_core::When { effective_at: recorded_at.plus_seconds(1), recorded_at };
    let outcome = story.decide(&request, when);
    assert!(matches!(outcome, ofrecord_core::Outcome::Refused(refusal) if refusal.code == "effective_at_in_future"));
}
