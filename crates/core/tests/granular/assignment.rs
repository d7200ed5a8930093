//! Access assignments and groups: rules.

use ofrecord_core::{ActorKind, Policy, Timestamp};
use serde_json::{Value, json};

use crate::office::{
    A1, A2, C, GLOBAL, GROUP, GROUP2, P, Q, READER, Story, WRITERS, active, admin, after, agent, approved, assigned,
    at, check, locked, of_kind, on, relationship, with,
};

const FEBRUARY: &str = "2022-02-01T00:00:00Z";
const CREATED: &[&str] = &["GdapAccessAssignmentCreated"];

fn give(fields: Value) -> Value {
    on("CreateAccessAssignment", with(json!({"assignment": A1, "group": GROUP, "roles": [READER]}), fields))
}

fn of_a1(name: &str, fields: Value) -> Value {
    on(name, with(json!({"assignment": A1}), fields))
}

#[test]
fn roles_are_assigned_while_the_relationship_is_in_force() {
    let refused = &["A-1", "relationship_not_active"];
    check(locked(json!({})), ("2022-01-01T12:00:00Z", agent(P), Some(C), give(json!({}))), refused);
    check(approved(json!({})), ("2022-01-01T12:00:00Z", agent(P), Some(C), give(json!({}))), refused);
    check(active(json!({})), ("2022-07-01T00:00:00Z", agent(P), Some(C), give(json!({}))), refused);
    check(active(json!({})), (FEBRUARY, agent(P), Some(C), give(json!({}))), CREATED);
    check(active(json!({})), (FEBRUARY, agent(Q), Some(C), give(json!({}))), &["G-1", "actor_not_party"]);
    let of_q = with(give(json!({})), json!({"partner": Q}));
    check(active(json!({})), (FEBRUARY, agent(Q), Some(C), of_q), &["G-20", "gdap_relationship_not_found"]);
    let activating = json!({"type": "GdapRelationshipObserved", "partner": P, "relationship": crate::office::R1,
        "status": "activating"});
    let story = approved(json!({})).on(
        "2022-01-01T05:00:00Z",
        ofrecord_core::StreamId::Customer(C.parse().unwrap()),
        activating,
    );
    check(story, ("2022-01-01T12:00:00Z", agent(P), Some(C), give(json!({}))), CREATED);
}

#[test]
fn an_assignment_gives_roles_of_its_relationship() {
    let refused = &["A-2", "role_not_in_relationship"][..];
    for (roles, then) in [
        (json!([GLOBAL]), refused),
        (json!([READER, GLOBAL]), refused),
        (json!([]), refused),
        (json!([READER, WRITERS]), CREATED),
    ] {
        check(active(json!({})), (FEBRUARY, agent(P), Some(C), give(json!({"roles": roles}))), then);
    }
    let more = of_a1("UpdateAccessAssignment", json!({"version": 2, "roles": [GLOBAL]}));
    check(assigned(), (FEBRUARY, agent(P), Some(C), more), refused);
}

#[test]
fn only_security_groups_are_assigned() {
    let asked = give(json!({"container_type": "user"}));
    check(active(json!({})), (FEBRUARY, agent(P), Some(C), asked), &["A-3", "access_container_invalid"]);
}

#[test]
fn a_group_has_one_live_assignment() {
    let refused = &["A-4", "assignment_exists"];
    check(assigned(), (FEBRUARY, agent(P), Some(C), give(json!({"assignment": A2}))), refused);
    check(assigned(), (FEBRUARY, agent(P), Some(C), give(json!({"group": GROUP2}))), refused);
    let other = give(json!({"assignment": A2, "group": GROUP2}));
    check(assigned(), (FEBRUARY, agent(P), Some(C), other), CREATED);
    let gone = of_a1("DeleteAccessAssignment", json!({"version": 2}));
    let story = after(assigned(), &[(FEBRUARY, agent(P), Some(C), gone.clone())]);
    check(story.clone(), (FEBRUARY, agent(P), Some(C), give(json!({"assignment": A2}))), CREATED);
    let again = of_a1("DeleteAccessAssignment", json!({"version": 3}));
    check(story, (FEBRUARY, agent(P), Some(C), again), &["A-4", "assignment_not_live"]);
    check(active(json!({})), (FEBRUARY, agent(P), Some(C), gone), &["A-4", "assignment_not_found"]);
    let failed = of_a1("RecordAccessAssignmentFailure", json!({}));
    let system = || of_kind(ActorKind::System);
    let story = check(assigned(), (FEBRUARY, system(), Some(C), failed.clone()), &["GdapAccessAssignmentFailed"]);
    check(story.clone(), (FEBRUARY, system(), Some(C), failed), &[]);
    let activate = of_a1("ActivateAccessAssignment", json!({}));
    check(story, (FEBRUARY, system(), Some(C), activate), &["A-4", "assignment_not_live"]);
}

#[test]
fn the_same_roles_again_are_no_event() {
    let replace =
        |version: u64, roles: Value| of_a1("UpdateAccessAssignment", json!({"version": version, "roles": roles}));
    check(assigned(), (FEBRUARY, agent(P), Some(C), replace(2, json!([READER]))), &[]);
    let asked = replace(2, json!([WRITERS]));
    let story = check(assigned(), (FEBRUARY, agent(P), Some(C), asked), &["GdapAccessAssignmentUpdated"]);
    let roles = relationship(&story).assignments[&A1.parse().unwrap()].roles.clone().unwrap().value;
    assert_eq!(roles, [WRITERS.parse().unwrap()].into(), "all of them are replaced");
    let activate = of_a1("ActivateAccessAssignment", json!({}));
    check(assigned(), (FEBRUARY, of_kind(ActorKind::System), Some(C), activate), &[]);
}

#[test]
fn a_change_of_an_assignment_names_its_version() {
    for (name, fields) in
        [("UpdateAccessAssignment", json!({"roles": [WRITERS]})), ("DeleteAccessAssignment", json!({}))]
    {
        let asked = |more: Value| of_a1(name, with(fields.clone(), more));
        let missing = &["A-6", "precondition_required"];
        check(assigned(), (FEBRUARY, agent(P), Some(C), asked(json!({}))), missing);
        let stale = &["A-6", "precondition_failed"];
        check(assigned(), (FEBRUARY, agent(P), Some(C), asked(json!({"version": 1}))), stale);
    }
}

#[test]
fn the_group_of_an_assignment_stays() {
    let change =
        |group: &str| of_a1("UpdateAccessAssignment", json!({"version": 2, "roles": [WRITERS], "group": group}));
    check(assigned(), (FEBRUARY, agent(P), Some(C), change(GROUP2)), &["A-7", "group_is_immutable"]);
    check(assigned(), (FEBRUARY, agent(P), Some(C), change(GROUP)), &["GdapAccessAssignmentUpdated"]);
}

fn gives_reader(story: &Story, instant: &str) -> bool {
    let policy: &Policy = &story.policy;
    let instant: Timestamp = at(instant);
    let customer = story.customers[&C.parse().unwrap()].state_at(instant, u64::MAX);
    customer.access.granular.gives(P.parse().unwrap(), &[READER.parse().unwrap()], instant, policy)
}

#[test]
fn an_assignment_ends_with_its_relationship() {
    for (instant, gives) in [
        ("2022-01-03T00:59:59Z", false),
        ("2022-01-03T01:00:00Z", true),
        ("2022-06-30T23:59:59Z", true),
        ("2022-07-01T00:00:00Z", false),
    ] {
        assert_eq!(gives_reader(&assigned(), instant), gives, "{instant}");
    }
    let end = on("TerminateGdap", json!({}));
    let story = after(assigned(), &[("2022-03-01T00:00:00Z", admin(C), Some(C), end)]);
    assert!(gives_reader(&story, "2022-02-28T00:00:00Z") && !gives_reader(&story, "2022-03-01T00:00:00Z"));
    // It can still be cleared away.
    let gone = of_a1("DeleteAccessAssignment", json!({"version": 2}));
    check(story, ("2022-03-02T00:00:00Z", agent(P), Some(C), gone), &["GdapAccessAssignmentDeleted"]);
}

#[test]
fn a_user_has_access_through_a_group_an_assignment_and_a_relationship() {
    let member = |name: &str| json!({"type": name, "partner": P, "group": GROUP, "user": "kim@partner.example"});
    for actor in [agent(Q), admin(C)] {
        check(assigned(), (FEBRUARY, actor, None, member("AddSecurityGroupMember")), &["A-9", "actor_not_party"]);
    }
    let refused = &["A-9", "not_a_member"];
    check(assigned(), (FEBRUARY, agent(P), None, member("RemoveSecurityGroupMember")), refused);
    let added =
        check(assigned(), (FEBRUARY, agent(P), None, member("AddSecurityGroupMember")), &["SecurityGroupMemberAdded"]);
    check(added.clone(), (FEBRUARY, agent(P), None, member("AddSecurityGroupMember")), &[]);
    let group = added.partner(P).groups[&GROUP.parse().unwrap()].clone();
    assert!(group.members.contains_key(&"kim@partner.example".parse().unwrap()));
    let removed =
        check(added, (FEBRUARY, agent(P), None, member("RemoveSecurityGroupMember")), &["SecurityGroupMemberRemoved"]);
    assert!(removed.partner(P).groups[&GROUP.parse().unwrap()].members.is_empty());
    assert!(removed.partner(P).granular.by_id[&crate::office::R1.parse().unwrap()].assignments.is_empty());
}
