//! Relationships in force and their ends: rules G-9, G-15, G-16, G-18, G-19 and G-24.

use ofrecord_core::ActorKind;
use ofrecord_core::vocabulary::{GdapStatus, RemovedBy};
use serde_json::{Value, json};

use crate::office::{
    C, C2, GLOBAL, P, Q, READER, Step, WRITERS, active, admin, after, agent, approved, at, check, created, holds,
    locked, of_kind, on, relationship, status,
};

const MAY: &str = "2022-05-01T00:00:00Z";

fn microsoft<'a>(instant: &'a str, name: &str) -> Step<'a> {
    (instant, of_kind(ActorKind::Microsoft), Some(C), on(name, json!({})))
}

#[test]
fn it_comes_into_force_once_and_its_end_follows() {
    let activate = || on("ActivateGdap", json!({}));
    for actor in [agent(P), admin(C)] {
        let refused = &["G-19", "only_microsoft_may"];
        check(approved(json!({})), ("2022-01-02T00:00:00Z", actor, Some(C), activate()), refused);
    }
    let refused = &["G-12", "invalid_transition"];
    check(locked(json!({})), microsoft("2022-01-02T00:00:00Z", "ActivateGdap"), refused);
    check(active(json!({})), microsoft("2022-01-03T00:00:00Z", "ActivateGdap"), refused);
    let known = relationship(&active(json!({})));
    assert_eq!(known.activated_at.unwrap().value, at("2022-01-02T00:00:00Z"));
    assert_eq!(known.ends_at.unwrap().value, at("2022-07-01T00:00:00Z"));
}

#[test]
fn the_extension_is_switched_while_created_or_active() {
    let set = |version: u64| on("SetGdapAutoExtend", json!({"version": version, "auto_extend": "P180D"}));
    let happens = &["GdapAutoExtendSet"];
    check(created(json!({})), ("2022-01-01T00:30:00Z", agent(P), Some(C), set(1)), happens);
    let story = check(active(json!({})), (MAY, agent(P), Some(C), set(4)), happens);
    check(story, (MAY, agent(P), Some(C), set(5)), &[]);
    let refused = &["G-9", "not_editable_in_status"];
    check(locked(json!({})), ("2022-01-01T03:00:00Z", agent(P), Some(C), set(2)), refused);
    check(active(json!({})), ("2022-07-01T00:00:00Z", agent(P), Some(C), set(4)), refused);
    check(active(json!({})), (MAY, agent(Q), Some(C), set(4)), &["G-1", "actor_not_party"]);
}

#[test]
fn either_side_ends_what_is_active() {
    let end = || on("TerminateGdap", json!({}));
    for (actor, by) in [(agent(P), RemovedBy::Partner), (admin(C), RemovedBy::Customer)] {
        let asked = check(active(json!({})), (MAY, actor, Some(C), end()), &["GdapRelationshipTerminationRequested"]);
        assert_eq!(status(&asked, MAY), GdapStatus::TerminationRequested);
        assert_eq!(relationship(&asked).termination.unwrap().value, by);
        check(asked.clone(), (MAY, agent(P), Some(C), end()), &["G-15", "invalid_transition"]);
        let done = microsoft("2022-05-02T00:00:00Z", "RecordGdapTermination");
        let ended = check(asked, done, &["GdapRelationshipTerminated"]);
        assert_eq!(status(&ended, "2022-05-02T00:00:00Z"), GdapStatus::Terminated);
    }
    check(active(json!({})), (MAY, agent(Q), Some(C), end()), &["G-15", "actor_not_party"]);
    check(active(json!({})), (MAY, admin(C2), Some(C), end()), &["R-5", "customer_global_admin_required"]);
    check(active(json!({})), (MAY, admin(C2), Some(C2), end()), &["G-21", "customer_mismatch"]);
    check(approved(json!({})), (MAY, agent(P), Some(C), end()), &["G-15", "invalid_transition"]);
    let over = microsoft(MAY, "RecordGdapTermination");
    check(active(json!({})), over, &["G-12", "invalid_transition"]);
}

#[test]
fn global_administrator_is_taken_out_of_an_active_relationship() {
    let take = |version: u64| on("RemoveGlobalAdministratorRole", json!({"version": version}));
    let with_role = || json!({"roles": [READER, GLOBAL]});
    let refused = &["G-16", "not_editable_in_status"];
    check(approved(with_role()), ("2022-01-01T03:00:00Z", agent(P), Some(C), take(3)), refused);
    check(active(json!({})), (MAY, agent(P), Some(C), take(4)), &["G-16", "role_not_in_relationship"]);
    check(active(with_role()), (MAY, agent(P), Some(C), take(3)), &["G-11", "precondition_failed"]);
    let story = check(active(with_role()), (MAY, agent(P), Some(C), take(4)), &["GdapGlobalAdministratorRemoved"]);
    let known = relationship(&story);
    assert_eq!(known.roles.unwrap().value, [READER.parse().unwrap()].into());
    let spell = known.global_administrator.unwrap();
    assert_eq!(spell.since.effective_at, at("2022-01-01T00:00:00Z"));
    assert_eq!(spell.removed.unwrap().effective_at, at(MAY));
    // Now it may be extended.
    let extend = on("SetGdapAutoExtend", json!({"version": 5, "auto_extend": "P180D"}));
    check(story, (MAY, agent(P), Some(C), extend), &["GdapAutoExtendSet"]);
}

/// Instants and what holds at them: status, end, extensions.
const ENDS: &[(&str, GdapStatus, &str, u32)] = &[
    ("2022-06-30T23:59:59Z", GdapStatus::Active, "2022-07-01T00:00:00Z", 0),
    ("2022-07-01T00:00:00Z", GdapStatus::Active, "2022-12-28T00:00:00Z", 1),
    ("2022-12-27T23:59:59Z", GdapStatus::Active, "2022-12-28T00:00:00Z", 1),
    ("2022-12-28T00:00:00Z", GdapStatus::Active, "2023-06-26T00:00:00Z", 2),
];

#[test]
fn w9_it_goes_on_by_180_days_or_ends_without_any_event() {
    let going_on = active(json!({"auto_extend": "P180D"}));
    for (instant, status, end, extensions) in ENDS {
        let now = holds(&going_on, instant);
        assert_eq!((now.status, now.ends_at, now.extensions), (Some(status.clone()), Some(at(end)), *extensions));
    }
    let without = active(json!({}));
    assert_eq!(status(&without, "2022-06-30T23:59:59Z"), GdapStatus::Active);
    let over = holds(&without, "2022-07-01T00:00:00Z");
    assert_eq!((over.status, over.rule), (Some(GdapStatus::Expired), Some("G-18")));
    assert_eq!(over.since, at("2022-07-01T00:00:00Z"), "from its end, whenever it is asked about");
    // What Microsoft records of it says the same.
    let early = microsoft("2022-06-30T00:00:00Z", "ExtendGdap");
    check(going_on.clone(), early, &["G-18", "end_not_reached"]);
    let recorded = microsoft("2022-07-01T00:10:00Z", "ExtendGdap");
    let told = check(going_on.clone(), recorded, &["GdapRelationshipExtended"]);
    for (instant, status, end, extensions) in ENDS {
        let now = holds(&told, instant);
        assert_eq!((now.status, now.ends_at, now.extensions), (Some(status.clone()), Some(at(end)), *extensions));
    }
    let early = microsoft("2022-06-30T00:00:00Z", "ExpireGdap");
    check(without.clone(), early, &["G-18", "end_not_reached"]);
    check(going_on, microsoft("2022-07-02T00:00:00Z", "ExpireGdap"), &["G-18", "end_not_reached"]);
    let told = check(without, microsoft("2022-07-01T00:10:00Z", "ExpireGdap"), &["GdapRelationshipExpired"]);
    assert_eq!(status(&told, "2022-07-02T00:00:00Z"), GdapStatus::Expired);
}

#[test]
fn an_extension_that_was_due_keeps_its_effect_when_extending_is_switched_off() {
    let off = on("SetGdapAutoExtend", json!({"version": 4, "auto_extend": "P0D"}));
    let story = after(active(json!({"auto_extend": "P180D"})), &[("2022-09-01T00:00:00Z", agent(P), Some(C), off)]);
    let rows: &[(&str, GdapStatus)] = &[
        ("2022-08-31T00:00:00Z", GdapStatus::Active),
        ("2022-12-27T00:00:00Z", GdapStatus::Active),
        ("2022-12-28T00:00:00Z", GdapStatus::Expired),
    ];
    for (instant, wanted) in rows {
        assert_eq!(status(&story, instant), *wanted, "{instant}");
    }
    assert_eq!(holds(&story, "2022-12-28T00:00:00Z").extensions, 1);
}

#[test]
fn what_microsoft_no_longer_shows_stays_in_the_ledger() {
    let clean = |instant| microsoft(instant, "RecordGdapCleanUp");
    check(active(json!({})), clean(MAY), &["G-12", "invalid_transition"]);
    let expired = after(active(json!({})), &[microsoft("2022-07-01T00:10:00Z", "ExpireGdap")]);
    let gone = check(expired, clean("2023-07-02T00:00:00Z"), &["GdapRelationshipCleanedUp"]);
    check(gone.clone(), clean("2023-07-03T00:00:00Z"), &[]);
    assert_eq!(status(&gone, MAY), GdapStatus::Active);
    let known = relationship(&gone);
    assert_eq!(known.roles.unwrap().value, [READER, WRITERS].map(|role| role.parse().unwrap()).into());
}

#[test]
fn the_newest_word_of_a_source_holds_and_unknown_words_stay() {
    let observed = |status: &str| -> Value {
        json!({"type": "GdapRelationshipObserved", "partner": P, "relationship": crate::office::R1, "status": status})
    };
    let customer = ofrecord_core::StreamId::Customer(C.parse().unwrap());
    let story = active(json!({})).on(MAY, customer, observed("unknownFutureValue"));
    let now = holds(&story, "2022-08-01T00:00:00Z");
    assert_eq!(
        now.status,
        Some(GdapStatus::Unrecognised("unknownFutureValue".into())),
        "and nothing is computed from it"
    );
    let story = story.on("2022-05-02T00:00:00Z", customer, observed("active"));
    assert_eq!(status(&story, "2022-08-01T00:00:00Z"), GdapStatus::Expired);
}
