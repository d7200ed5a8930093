//! What is dated back, and what sources say twice: an id, a link and a transition are used once, whenever they are told of.

use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{ActorKind, Outcome, StreamId};
use serde_json::json;

use crate::office::{
    A1, A2, C, C2, GROUP, GROUP2, P, Q, R1, R2, READER, Story, active, admin, after, agent, assigned, at, check,
    create, created, holds, locked, of_kind, office, on, relationship, with,
};

const BEFORE: &str = "2021-12-31T00:00:00Z";

fn customer() -> StreamId {
    StreamId::Customer(C.parse().unwrap())
}

#[test]
fn an_id_that_is_taken_later_is_not_taken_before() {
    let exists = &["G-2", "gdap_relationship_exists"];
    check(created(json!({})), (BEFORE, agent(P), Some(C), create(json!({"display_name": "Other"}))), exists);
    check(created(json!({})), (BEFORE, agent(P), None, create(json!({"display_name": "Other"}))), exists);
    let other = with(create(json!({"display_name": "Other"})), json!({"relationship": R2}));
    check(created(json!({})), (BEFORE, agent(P), Some(C), other), &["GdapRelationshipCreated"]);

    let give = |assignment: &str, group: &str| {
        let fields = json!({"assignment": assignment, "group": group, "roles": [READER]});
        ("2022-01-02T12:00:00Z", agent(P), Some(C), on("CreateAccessAssignment", fields))
    };
    check(assigned(), give(A1, GROUP2), &["A-4", "assignment_exists"]);
    // The group had none yet, as far as anybody knew then: what came of it later stands beside it.
    check(assigned(), give(A2, GROUP), &["GdapAccessAssignmentCreated"]);
}

#[test]
fn a_link_that_another_customer_used_later_is_not_used_before() {
    let story = after(
        office(),
        &[
            ("2022-01-01T00:00:00Z", agent(P), None, create(json!({}))),
            ("2022-01-01T01:00:00Z", agent(P), None, on("LockGdapForApproval", json!({}))),
            ("2022-01-05T00:00:00Z", admin(C), Some(C), on("ApproveGdap", json!({}))),
        ],
    );
    let asked = || on("ApproveGdap", json!({}));
    for instant in ["2022-01-04T00:00:00Z", "2022-01-06T00:00:00Z"] {
        check(story.clone(), (instant, admin(C2), Some(C2), asked()), &["G-20", "invitation_already_used"]);
    }
    let happens = &["GdapRelationshipApproved"];
    check(story, ("2022-01-04T00:00:00Z", admin(C), Some(C), asked()), happens);
}

#[test]
fn a_transition_that_began_later_is_not_begun_before() {
    let lead = |relationship: &str, name: &str| {
        on(
            "StartMicrosoftLedTransition",
            json!({"relationship": relationship, "display_name": name, "roles": [READER]}),
        )
    };
    let story = after(
        office().reseller(P).dap(P, json!("all")),
        &[("2023-05-22T00:00:00Z", of_kind(ActorKind::Microsoft), Some(C), lead(R1, "MLT_abcd1234_efgh5678_ijkl9012"))],
    );
    let again = lead(R2, "MLT_zzzz1234_efgh5678_ijkl9012");
    let early = ("2023-05-21T00:00:00Z", of_kind(ActorKind::Microsoft), Some(C), again);
    check(story, early, &["D-6", "transition_already_started"]);
}

/// R1 is C's by P; Q made another one under the same id for nobody yet, and locked it.
fn two_under_one_id() -> Story {
    let of_q = |asked: serde_json::Value| with(asked, json!({"partner": Q}));
    after(
        locked(json!({})),
        &[
            ("2022-01-02T00:00:00Z", agent(Q), None, of_q(create(json!({})))),
            ("2022-01-02T01:00:00Z", agent(Q), None, of_q(on("LockGdapForApproval", json!({})))),
        ],
    )
}

#[test]
fn an_id_is_one_partners_with_a_customer() {
    let of_q = |name: &str, fields| with(on(name, fields), json!({"partner": Q}));
    let exists = &["G-2", "gdap_relationship_exists"];
    let approve = of_q("ApproveGdap", json!({}));
    check(two_under_one_id(), ("2022-01-03T00:00:00Z", admin(C), Some(C), approve.clone()), exists);
    let happens = &["GdapRelationshipApproved"];
    check(two_under_one_id(), ("2022-01-03T00:00:00Z", admin(C2), Some(C2), approve), happens);
    let story = after(
        created(json!({})),
        &[("2022-01-02T00:00:00Z", agent(Q), None, with(create(json!({})), json!({"partner": Q})))],
    );
    let named = of_q("UpdateGdapRelationship", json!({"version": 1, "duration": "P90D"}));
    check(story, ("2022-01-03T00:00:00Z", agent(Q), Some(C), named), exists);
}

#[test]
fn what_another_partner_says_under_an_id_changes_nothing_of_it() {
    let ended = json!({"type": "GdapRelationshipTerminated", "partner": Q, "relationship": R1});
    let story = active(json!({})).on("2022-02-01T00:00:00Z", customer(), ended);
    assert_eq!(holds(&story, "2022-03-01T00:00:00Z").status, Some(GdapStatus::Active));
    assert_eq!(relationship(&story), relationship(&active(json!({}))));
}

#[test]
fn a_second_word_that_it_came_into_force_does_not_move_its_end() {
    let end = at("2022-07-01T00:00:00Z");
    for more in [json!({}), json!({"ends_at": "2022-09-01T00:00:00Z"})] {
        let again = with(json!({"type": "GdapRelationshipActivated", "partner": P, "relationship": R1}), more);
        let story = active(json!({})).on("2022-01-02T00:00:07Z", customer(), again);
        let known = relationship(&story);
        assert_eq!(known.activated_at.unwrap().value, at("2022-01-02T00:00:00Z"));
        assert_eq!(known.ends_at.unwrap().value, end);
    }
    // Told of late, the first instant is the one that counts, whatever came later.
    let mut story = active(json!({}));
    let outcome =
        story.at("2022-01-01T12:00:00Z", &of_kind(ActorKind::Microsoft), Some(C), on("ActivateGdap", json!({})));
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(relationship(&story).ends_at.unwrap().value, at("2022-06-30T12:00:00Z"));
}
