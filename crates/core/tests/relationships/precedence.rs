//! Of two reasons to refuse, the one that is listed first is answered.

use ofrecord_core::precedence::grounds_of;
use ofrecord_core::{Actor, ActorKind, Cloud, Role};
use serde_json::{Value, json};

use crate::story::{C, IR, P, Q, S1, Story, Then::*, admin, agent, app, check, of_kind, user};

const STRANGER: &str = "d0000000-0000-0000-0000-00000000000d";

/// The command is refused on the first code, although the second applies too.
#[track_caller]
fn first(given: Story, (actor, customer, asked): (Actor, Option<&str>, Value), codes: (&str, &str)) {
    let name = asked["type"].as_str().unwrap().to_owned();
    let place = |code: &str| grounds_of(&name).iter().position(|ground| ground.code == code).unwrap();
    assert!(place(codes.0) < place(codes.1), "{name} lists {} after {}", codes.0, codes.1);
    let rule = grounds_of(&name)[place(codes.0)].rule;
    check(given, (actor, customer, asked), &Refused(rule, codes.0));
}

fn partners() -> Story {
    Story::in_china().with_partners()
}

#[test]
fn of_two_reasons_the_first_listed_is_answered() {
    let ask = || json!({"type": "RequestResellerRelationship", "partner": P});
    first(partners(), (user(Q, Role::HelpdeskAgent), None, ask()), ("actor_not_party", "role_not_allowed"));
    let helpdesk = user(P, Role::HelpdeskAgent);
    first(partners().suspended(P), (helpdesk, None, ask()), ("role_not_allowed", "partner_account_suspended"));
    let asked = json!({"type": "RequestResellerRelationship", "partner": IR});
    let codes = ("partner_account_suspended", "indirect_reseller_must_use_provider_invitation");
    first(partners().suspended(IR), (agent(IR), None, asked), codes);
}

#[test]
fn accepting_looks_at_the_person_then_the_customer_then_the_link() {
    let accept =
        |partner: &str| json!({"type": "AcceptResellerRelationship", "partner": partner, "dap": {"with": "all"}});
    let codes = ("customer_global_admin_required", "no_invitation");
    first(partners(), (agent(P), Some(C), accept(P)), codes);
    let external =
        partners().about_customer(C, json!({"type": "CustomerRegistered", "name": "C", "tenant_type": "b2c"}));
    first(external, (admin(C), Some(C), accept(P)), ("customer_tenant_type_not_supported", "no_invitation"));
    let abroad = Story::in_cloud(Cloud::UsGov)
        .with_partners()
        .link(P)
        .reseller(Q)
        .about_customer(C, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    first(abroad, (admin(C), Some(C), accept(P)), ("market_mismatch", "single_partner_cloud"));
    let rivals = Story::in_cloud(Cloud::China21Vianet)
        .with_partners()
        .reseller(Q)
        .dap(Q, json!("all"))
        .about_partner(P, json!({"type": "ResellerRelationshipRequested", "partner": P, "dap": "without"}));
    let codes = ("dap_exceeds_invitation", "one_csp_partner_with_dap_per_service");
    first(rivals, (admin(C), Some(C), accept(P)), codes);
}

#[test]
fn removing_looks_at_the_person_then_the_relationship_then_what_is_left() {
    let remove = |partner: &str| json!({"type": "RemoveResellerRelationship", "partner": partner});
    first(partners(), (app(Q), Some(C), remove(P)), ("app_user_required", "actor_not_party"));
    first(partners(), (user(P, Role::HelpdeskAgent), Some(C), remove(P)), ("role_not_allowed", "not_a_reseller"));
    first(partners(), (agent(IR), Some(C), remove(IR)), ("indirect_provider_must_remove", "not_a_reseller"));
    let left = partners().sold(P, S1, "legacy_license");
    first(left, (agent(P), Some(C), remove(P)), ("not_a_reseller", "active_subscriptions_exist"));
}

#[test]
fn partnerships_look_at_the_person_then_the_accounts_then_the_kinds() {
    let invite =
        |provider: &str, reseller: &str| json!({"type": "InvitePartner", "provider": provider, "reseller": reseller});
    first(partners(), (agent(Q), None, invite(STRANGER, IR)), ("actor_not_party", "partner_not_registered"));
    first(partners(), (agent(P), None, invite(P, STRANGER)), ("partner_not_registered", "only_provider_may_invite"));
    first(partners(), (agent(P), None, invite(P, P)), ("only_provider_may_invite", "provider_equals_reseller"));
}

#[test]
fn the_scope_of_a_relationship_command_comes_before_its_rules() {
    let mut grant = json!({"type": "GrantDap", "partner": P, "seats": 3, "account_owner": C, "dpor": "1"});
    let codes = ("relationship_command_cannot_change_subscription", "account_ownership_not_in_scope");
    first(partners(), (of_kind(ActorKind::Operator), Some(C), grant.clone()), codes);
    grant.as_object_mut().unwrap().remove("seats");
    let codes = ("account_ownership_not_in_scope", "partner_of_record_not_changed_by_relationship");
    first(partners(), (of_kind(ActorKind::Operator), Some(C), grant), codes);
    let asked = json!({"type": "RemoveDap", "partner": P, "dpor": "1"});
    let codes = ("partner_of_record_not_changed_by_relationship", "dap_not_active");
    first(partners(), (admin(C), Some(C), asked), codes);
}
