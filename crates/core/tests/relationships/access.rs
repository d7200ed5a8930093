//! Who may administer: rules D-1 to D-5, D-7, R-12, I-12's ground in Azure roles.

use ofrecord_core::{ActorKind, Cloud, Event, Outcome, Role};
use serde_json::{Value, json};

use crate::story::{
    C, C2, I, IR, P, Q, Story, TODAY, Then::*, admin, agent, app, at, check, of_kind, partner_id, user,
};

fn partners() -> Story {
    Story::in_china().with_partners()
}

fn grant(partner: &str, services: Value) -> Value {
    let mut command = json!({"type": "GrantDap", "partner": partner});
    command["services"] = services;
    command
}

fn remove(partner: &str, services: Value) -> Value {
    let mut command = json!({"type": "RemoveDap", "partner": partner});
    command["services"] = services;
    command
}

fn names(list: &[&str]) -> Value {
    json!({"names": list})
}

const GRANTED: &[&str] = &["DapGranted"];

#[test]
fn only_the_customers_global_administrator_grants_dap() {
    let mut helper = admin(C);
    helper.role = Some(Role::HelpdeskAgent);
    for actor in [agent(P), helper, admin(C2), of_kind(ActorKind::Microsoft)] {
        let refused = Refused("R-5", "customer_global_admin_required");
        check(partners().reseller(P), (actor, Some(C), grant(P, json!("all"))), &refused);
    }
}

#[test]
fn dap_needs_a_reseller_relationship() {
    let refused = Refused("D-2", "no_reseller_relationship");
    check(partners(), (admin(C), Some(C), grant(P, json!("all"))), &refused);
    let ended = partners()
        .reseller(P)
        .about_customer(C, json!({"type": "ResellerRelationshipObserved", "partner": P, "relationship": "none"}));
    check(ended, (admin(C), Some(C), grant(P, json!("all"))), &refused);
    check(partners().reseller(P), (admin(C), Some(C), grant(P, json!("all"))), &Happens(GRANTED));
}

#[test]
fn in_china_the_reseller_of_a_provider_may_support_without_a_relationship_of_its_own() {
    let refused = Refused("D-2", "no_reseller_relationship");
    check(partners().with_partnership(), (admin(C), Some(C), grant(IR, json!("all"))), &refused);
    check(partners().reseller(I), (admin(C), Some(C), grant(IR, json!("all"))), &refused);
    let through = partners().with_partnership().reseller(I);
    check(through, (admin(C), Some(C), grant(IR, json!("all"))), &Happens(GRANTED));
}

#[test]
fn a_service_has_one_transacting_partner_with_dap() {
    let given = |held: Value| partners().reseller(Q).reseller(P).dap(Q, held);
    let refused = Refused("R-12", "one_csp_partner_with_dap_per_service");
    let rows = [
        (names(&["Exchange"]), names(&["Exchange"]), &refused),
        (names(&["Exchange"]), names(&["Azure", "Exchange"]), &refused),
        (names(&["Exchange"]), json!("all"), &refused),
        (json!("all"), names(&["Exchange"]), &refused),
        (json!("all"), json!("all"), &refused),
        (names(&["Exchange"]), names(&["Azure"]), &Happens(GRANTED)),
    ];
    for (held, asked, then) in rows {
        check(given(held), (admin(C), Some(C), grant(P, asked)), then);
    }
    let by_link = json!({"type": "AcceptResellerRelationship", "partner": P, "dap": {"with": "all"}});
    check(partners().link(P).reseller(Q).dap(Q, json!("all")), (admin(C), Some(C), by_link), &refused);
}

#[test]
fn partners_who_do_not_transact_are_no_rivals_for_a_service() {
    let advisor = "d0000000-0000-0000-0000-00000000000d";
    let advised = partners().registered(advisor, "advisor", "1000009").reseller(Q).dap(Q, json!("all")).about_customer(
        C,
        json!({"type": "ResellerRelationshipObserved", "partner": advisor, "relationship": "advisor"}),
    );
    check(advised, (admin(C), Some(C), grant(advisor, json!("all"))), &Happens(GRANTED));
    let two_tier = partners().with_partnership().reseller(I).dap(I, json!("all"));
    check(two_tier, (admin(C), Some(C), grant(IR, json!("all"))), &Happens(GRANTED));
    let former = partners().reseller(P).dap(Q, json!("all"));
    check(former, (admin(C), Some(C), grant(P, json!("all"))), &Happens(GRANTED));
}

#[test]
fn an_unregistered_reseller_is_taken_for_a_transacting_one() {
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    let given = partners().reseller(stranger).reseller(P).dap(stranger, json!("all"));
    let refused = Refused("R-12", "one_csp_partner_with_dap_per_service");
    check(given, (admin(C), Some(C), grant(P, json!("all"))), &refused);
}

#[test]
fn dap_is_for_the_tenant_where_the_cloud_says_so() {
    let mut gov = Story::in_cloud(Cloud::UsGov).with_partners().reseller(P).reseller(Q);
    gov = gov.dap(Q, json!("all"));
    let single = Refused("D-4", "dap_covers_whole_tenant");
    check(gov.clone(), (admin(C), Some(C), grant(P, names(&["Exchange"]))), &single);
    check(gov, (admin(C), Some(C), grant(P, json!("all"))), &Happens(GRANTED));
    let none = Refused("D-4", "dap_names_no_service");
    check(partners().reseller(P), (admin(C), Some(C), grant(P, names(&[]))), &none);
    check(partners().reseller(P).dap(P, json!("all")), (admin(C), Some(C), remove(P, names(&[]))), &none);
}

#[test]
fn dap_is_granted_once() {
    let given = || partners().reseller(P).dap(P, names(&["Azure", "Exchange"]));
    check(given(), (admin(C), Some(C), grant(P, names(&["Azure"]))), &Happens(&[]));
    check(given(), (admin(C), Some(C), grant(P, names(&["Azure", "Intune"]))), &Happens(GRANTED));
    check(given(), (admin(C), Some(C), grant(P, json!("all"))), &Happens(GRANTED));
    check(partners().reseller(P).dap(P, json!("all")), (admin(C), Some(C), grant(P, names(&["Azure"]))), &Happens(&[]));
}

#[test]
fn removing_dap_leaves_the_relationship() {
    let given = || partners().reseller(P).dap(P, json!("all"));
    for (actor, event) in [
        (admin(C), "DapRemovedByCustomer"),
        (agent(P), "DapRemovedByPartner"),
        (app(P), "DapRemovedByPartner"),
        (user(P, Role::HelpdeskAgent), "DapRemovedByPartner"),
    ] {
        let before = given().customer();
        let story = check(given(), (actor, Some(C), remove(P, json!("all"))), &Happens(&[event]));
        assert_eq!(story.customer().resellers, before.resellers);
        assert!(!story.customer().access.of(partner_id(P)).unwrap().has_dap());
    }
}

#[test]
fn dap_is_removed_by_a_party_to_it() {
    let given = || partners().reseller(P).dap(P, json!("all"));
    for actor in [agent(Q), of_kind(ActorKind::Operator), of_kind(ActorKind::Microsoft)] {
        check(given(), (actor, Some(C), remove(P, json!("all"))), &Refused("D-1", "actor_not_party"));
    }
    let refused = Refused("R-5", "customer_global_admin_required");
    check(given(), (admin(C2), Some(C), remove(P, json!("all"))), &refused);
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    let unknown = partners().dap(stranger, json!("all"));
    check(
        unknown,
        (agent(stranger), Some(C), remove(stranger, json!("all"))),
        &Refused("R-1", "partner_not_registered"),
    );
}

#[test]
fn only_what_is_granted_is_removed() {
    let given = || partners().reseller(P).dap(P, names(&["Azure", "Exchange"]));
    let refused = Refused("D-3", "dap_not_active");
    check(partners().reseller(P), (admin(C), Some(C), remove(P, json!("all"))), &refused);
    check(given(), (admin(C), Some(C), remove(P, names(&["Intune"]))), &refused);
    let whole = partners().reseller(P).dap(P, json!("all"));
    check(whole, (admin(C), Some(C), remove(P, names(&["Azure"]))), &Refused("D-4", "dap_covers_whole_tenant"));
    let removed = Happens(&["DapRemovedByCustomer"]);
    let story = check(given(), (admin(C), Some(C), remove(P, names(&["Azure"]))), &removed);
    let story = check(story, (admin(C), Some(C), remove(P, json!("all"))), &removed);
    check(story, (admin(C), Some(C), remove(P, json!("all"))), &refused);
}

#[test]
fn a_removal_states_what_was_on_and_is_off_now() {
    let two = || names(&["Azure", "Exchange"]);
    let rows = [
        (json!("all"), json!("all"), json!("all")),
        (two(), json!("all"), two()),
        (two(), names(&["Azure"]), names(&["Azure"])),
        (two(), two(), two()),
    ];
    for (held, asked, stated) in rows {
        for actor in [admin(C), agent(P)] {
            let mut story = partners().reseller(P).dap(P, held.clone());
            let outcome = story.at(TODAY, &actor, Some(C), remove(P, asked.clone()));
            let Outcome::Accepted(events) = &outcome else { panic!("{outcome:?}") };
            let (Event::DapRemovedByCustomer(_) | Event::DapRemovedByPartner(_)) = &events[0] else {
                panic!("{events:?}")
            };
            assert_eq!(json!(events[0])["services"], stated, "{held} on, {asked} asked by {}", actor.kind);
        }
    }
}

#[test]
fn a_grant_learned_of_later_outlives_a_removal_that_did_not_know_it() {
    let mut story = partners().reseller(P).dap(P, names(&["Azure"]));
    story.at(TODAY, &admin(C), Some(C), remove(P, json!("all")));
    let story = story.dap(P, names(&["Exchange"]));
    let left = story.customer().access.of(partner_id(P)).unwrap().services();
    assert_eq!(json!(left), names(&["Exchange"]));
}

#[test]
fn only_microsoft_ends_dap_for_inactivity() {
    let terminate = || json!({"type": "RecordMicrosoftDapTermination", "partner": P});
    let given = || partners().reseller(P).dap(P, json!("all"));
    for actor in [agent(P), admin(C), of_kind(ActorKind::Operator), of_kind(ActorKind::Importer)] {
        check(given(), (actor, Some(C), terminate()), &Refused("D-5", "only_microsoft_may"));
    }
    let microsoft = || of_kind(ActorKind::Microsoft);
    check(partners().reseller(P), (microsoft(), Some(C), terminate()), &Refused("D-3", "dap_not_active"));
    check(given(), (microsoft(), Some(C), terminate()), &Happens(&["DapTerminatedByMicrosoft"]));
}

#[test]
fn dap_in_use_does_not_end_for_inactivity() {
    let given = || partners().reseller(P).dap(P, json!("all"));
    let last_seen = |days: i64| at(TODAY).plus_days(-days);
    let refused = Refused("D-5", "dap_not_inactive");
    let ended = Happens(&["DapTerminatedByMicrosoft"]);
    for (last_sign_in_at, then) in
        [(last_seen(1), &refused), (last_seen(90), &refused), (last_seen(90).plus_seconds(-1), &ended)]
    {
        let terminate =
            json!({"type": "RecordMicrosoftDapTermination", "partner": P, "last_sign_in_at": last_sign_in_at});
        check(given(), (of_kind(ActorKind::Microsoft), Some(C), terminate), then);
        let seen = given().about_customer(
            C,
            json!({"type": "DapObserved", "partner": P, "state": "active", "last_sign_in_at": last_sign_in_at}),
        );
        let terminate = json!({"type": "RecordMicrosoftDapTermination", "partner": P});
        check(seen, (of_kind(ActorKind::Microsoft), Some(C), terminate), then);
    }
}

fn azure(kind: &str) -> Value {
    json!({"type": kind, "partner": P, "assignment": {"scope": "/subscriptions/1", "role": "Owner"}})
}

#[test]
fn azure_roles_outlive_dap() {
    let given = || partners().reseller(P).dap(P, json!("all")).about_customer(C, azure("AzureRoleAssigned"));
    let story = check(given(), (admin(C), Some(C), remove(P, json!("all"))), &Happens(&["DapRemovedByCustomer"]));
    assert_eq!(story.customer().access.of(partner_id(P)).unwrap().azure_roles.len(), 1);
    let remove_relationship = json!({"type": "RemoveResellerRelationship", "partner": P});
    let removed = Happens(&["ResellerRelationshipRemovedByPartner"]);
    let story = check(story, (agent(P), Some(C), remove_relationship), &removed);
    assert_eq!(story.customer().access.of(partner_id(P)).unwrap().azure_roles.len(), 1);
    let story = check(story, (agent(P), Some(C), azure("RecordAzureRoleRemoval")), &Happens(&["AzureRoleRemoved"]));
    assert!(story.customer().access.of(partner_id(P)).unwrap().azure_roles.is_empty());
}

#[test]
fn azure_roles_are_recorded_by_those_who_can_know() {
    for actor in [agent(Q), admin(C2)] {
        check(partners(), (actor, Some(C), azure("RecordAzureRoleAssignment")), &Refused("D-7", "actor_not_party"));
    }
    for actor in [agent(P), app(P), admin(C), of_kind(ActorKind::Microsoft), of_kind(ActorKind::Importer)] {
        let story = check(
            partners(),
            (actor.clone(), Some(C), azure("RecordAzureRoleAssignment")),
            &Happens(&["AzureRoleAssigned"]),
        );
        check(story, (actor, Some(C), azure("RecordAzureRoleAssignment")), &Happens(&[]));
    }
    let refused = Refused("D-7", "azure_role_not_assigned");
    check(partners(), (agent(P), Some(C), azure("RecordAzureRoleRemoval")), &refused);
    check(partners(), (agent(Q), Some(C), azure("RecordAzureRoleRemoval")), &Refused("D-7", "actor_not_party"));
}

#[test]
fn dap_gives_what_no_interface_lists() {
    let story = partners().reseller(P).dap(P, names(&["Exchange"]));
    let customer = story.customer();
    let access = customer.access.of(partner_id(P)).unwrap();
    assert!(access.dap_for(&"Exchange".parse().unwrap()).is_some());
    assert!(access.dap_for(&"Azure".parse().unwrap()).is_none());
}
