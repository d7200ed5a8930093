//! Rows of access by granular relationships, and when they end.

use ofrecord_core::event::gdap::{
    GdapAccessAssignmentDeleted, GdapAccessAssignmentObserved, GdapAccessAssignmentUpdated,
    GdapGlobalAdministratorRemoved, GdapRelationshipApproved, GdapRelationshipObserved, GdapRelationshipTerminated,
    GdapRelationshipTerminationRequested,
};
use ofrecord_core::vocabulary::{ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapStatus, RemovedBy};
use ofrecord_core::{Event, RoleId, Timestamp};

use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, assigned, assignment, extending, global_reader, group, made, relationship, roles,
    terms, user_administrator,
};
use crate::story::{Story, accepted, at, dap, p, seen_at, worldwide};
use crate::*;

/// P's relationship 1 runs for 180 days from 2022-01-02, and group 1 has the reader's role by it from the third on.
fn running(terms: ofrecord_core::event::gdap::GdapTerms, given: &[RoleId]) -> Story {
    Story::new()
        .on("2022-01-01", [accepted(p()), made(p(), 1, terms)])
        .on("2022-01-02", [activated(p(), 1)])
        .on("2022-01-03", assigned(p(), 1, 1, given))
}

fn reader() -> Story {
    running(terms(&[global_reader(), user_administrator()]), &[global_reader()])
}

fn rows(story: &Story, as_of: &str) -> Vec<AccessRow> {
    let policy = worldwide();
    access(&story.record(), &seen_at(as_of, &policy))
}

fn names(row: &AccessRow) -> Vec<&str> {
    row.roles.iter().map(|held| held.role.as_str()).collect()
}

#[test]
fn an_assignment_in_force_gives_its_roles_until_the_end_of_its_relationship() {
    let row = rows(&reader(), "2022-02-01").remove(0);
    assert_eq!((row.partner, row.mechanism, &row.coverage), (p(), Mechanism::Gdap, &Coverage::Tenant));
    assert_eq!(names(&row), ["Global reader"]);
    assert_eq!((row.since, row.until), (at("2022-01-03"), Some(at("2022-07-01"))));
    assert_eq!(row.standing, Standing::Reseller);
    let granular = row.granular.as_ref().unwrap();
    let key = GranularKey { relationship: relationship(1), assignment: assignment(1), group: Some(group(1)) };
    assert_eq!((&granular.key, granular.at_end), (&key, AtEnd::Ends));
    assert_eq!((granular.display_name.as_deref(), &granular.approved), (Some("Support"), &None));
    assert_eq!(granular.roles, Some(roles(&[global_reader()])));
    assert_eq!(row.key(), format!("{}/gdap/{}/{}", p(), relationship(1), assignment(1)));
    assert_eq!(row.positions, [10, 13, 16], "the relationship, its activation and the assignment");
}

#[track_caller]
fn gives_nothing(story: &Story, as_of: &str) {
    assert_eq!(rows(story, as_of), [], "{as_of}");
}

#[test]
fn nothing_is_given_before_both_are_in_force_or_after_either_is_not() {
    for as_of in ["2022-01-01", "2022-01-02", "2022-07-01", "2023-01-01"] {
        gives_nothing(&reader(), as_of);
    }
    let (partner, relationship, assignment) = (p(), relationship(1), assignment(1));
    let ends = [
        Event::GdapAccessAssignmentDeleted(GdapAccessAssignmentDeleted {
            partner,
            relationship: relationship.clone(),
            assignment,
        }),
        Event::GdapRelationshipTerminationRequested(GdapRelationshipTerminationRequested {
            partner,
            relationship: relationship.clone(),
            by: RemovedBy::Customer,
        }),
        Event::GdapRelationshipTerminated(GdapRelationshipTerminated { partner, relationship, by: None }),
    ];
    for end in ends {
        let story = reader().on("2022-03-01", [end]);
        assert_eq!(rows(&story, "2022-02-28").len(), 1);
        gives_nothing(&story, "2022-03-01");
    }
    let without = Story::new().on("2022-01-02", [made(p(), 1, terms(&[global_reader()])), activated(p(), 1)]);
    gives_nothing(&without, "2022-01-03");
}

#[test]
fn what_goes_on_at_its_end_says_so_and_moves_only_its_end() {
    let story = running(extending(&[global_reader()]), &[global_reader()]);
    let before = rows(&story, "2022-06-30T23:59:59.9999999Z").remove(0);
    let after = rows(&story, "2022-07-01").remove(0);
    assert_eq!((before.until, after.until), (Some(at("2022-07-01")), Some(at("2022-12-28"))));
    for row in [&before, &after] {
        assert_eq!(row.granular.as_ref().unwrap().at_end, AtEnd::GoesOn);
    }
    assert_eq!(AccessRow { until: after.until, ..before }, after);
}

#[test]
fn a_role_that_left_the_relationship_is_given_no_longer() {
    let both = [GLOBAL_ADMINISTRATOR, global_reader()];
    let taken = GdapGlobalAdministratorRemoved { partner: p(), relationship: relationship(1) };
    let taken = Event::GdapGlobalAdministratorRemoved(taken);
    let story = running(terms(&both), &both).on("2022-02-01", [taken.clone()]);
    assert_eq!(names(&rows(&story, "2022-01-31")[0]), ["Global administrator", "Global reader"]);
    let row = rows(&story, "2022-02-02").remove(0);
    assert_eq!((names(&row), row.since), (vec!["Global reader"], at("2022-02-01")));
    let other = running(terms(&both), &[global_reader()]).on("2022-02-01", [taken.clone()]);
    assert_eq!(rows(&other, "2022-02-02")[0].since, at("2022-01-03"), "nothing that was given changed");
    let only = running(terms(&both), &[GLOBAL_ADMINISTRATOR]).on("2022-02-01", [taken]);
    gives_nothing(&only, "2022-02-02");
}

#[test]
fn replaced_roles_are_given_since_they_were_replaced() {
    let replaced = |roles| {
        Event::GdapAccessAssignmentUpdated(GdapAccessAssignmentUpdated {
            partner: p(),
            relationship: relationship(1),
            assignment: assignment(1),
            roles,
            roles_before: None,
        })
    };
    let story = reader().on("2022-02-01", [replaced(Some(roles(&[user_administrator()])))]);
    let row = rows(&story, "2022-02-02").remove(0);
    assert_eq!((names(&row), row.since), (vec!["User administrator"], at("2022-02-01")));
    let story = reader().on("2022-02-01", [replaced(None)]);
    assert_eq!(rows(&story, "2022-02-02")[0].since, at("2022-01-03"));
}

fn shown(activated_at: Option<Timestamp>, ends_at: Option<Timestamp>) -> Event {
    Event::GdapRelationshipObserved(Box::new(GdapRelationshipObserved {
        partner: p(),
        relationship: relationship(1),
        customer: None,
        display_name: None,
        duration: None,
        auto_extend: Some(GdapAutoExtend::Pt0S),
        roles: None,
        status: Some(GdapStatus::Active),
        created_at: None,
        modified_at: None,
        activated_at,
        ends_at,
        provider: None,
        partner_consent_pending: None,
        etag: None,
    }))
}

fn assignment_shown(list: Option<&[RoleId]>, created_at: Option<Timestamp>) -> Event {
    Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
        partner: p(),
        relationship: relationship(1),
        assignment: assignment(1),
        group: None,
        container_type: None,
        roles: list.map(roles),
        status: Some(AssignmentStatus::Active),
        created_at,
        modified_at: None,
        etag: None,
    }))
}

#[test]
fn what_a_source_shows_already_there_keeps_the_sources_own_beginning() {
    let seen = [
        shown(Some(at("2021-05-05")), Some(at("2023-05-05"))),
        assignment_shown(Some(&[global_reader()]), Some(at("2021-06-06"))),
    ];
    let row = rows(&Story::new().on("2022-01-01", seen), "2022-01-02").remove(0);
    assert_eq!((row.since, row.started_at), (at("2022-01-01"), Some(at("2021-06-06"))));
    assert_eq!((row.until, row.standing), (Some(at("2023-05-05")), Standing::NeverReseller));
    assert_eq!(rows(&reader(), "2022-02-01")[0].started_at, None, "it was seen to begin");
}

#[test]
fn what_no_source_says_is_not_known_rather_than_nothing() {
    let seen = [shown(None, None), assignment_shown(None, None)];
    let row = rows(&Story::new().on("2022-01-01", seen), "2030-01-01").remove(0);
    let granular = row.granular.as_ref().unwrap();
    assert_eq!((row.roles.len(), &granular.roles, &granular.key.group), (0, &None, &None));
    assert_eq!((row.until, granular.at_end), (None, AtEnd::NotKnown));
}

#[test]
fn a_row_names_the_approval_of_its_relationship() {
    let approval = GdapRelationshipApproved {
        partner: p(),
        relationship: relationship(1),
        customer: None,
        basis: ApprovalBasis::CustomerGlobalAdmin,
        approved_by: Some("admin@customer.example".to_owned()),
        terms: None,
    };
    let story = Story::new()
        .on("2022-01-01", [made(p(), 1, terms(&[global_reader()])), Event::GdapRelationshipApproved(approval)])
        .on("2022-01-02", [activated(p(), 1)])
        .on("2022-01-03", assigned(p(), 1, 1, &[global_reader()]));
    let approved = rows(&story, "2022-01-04").remove(0).granular.unwrap().approved.unwrap();
    let expected = Approved {
        basis: ApprovalBasis::CustomerGlobalAdmin,
        by: Some("admin@customer.example".to_owned()),
        at: at("2022-01-01"),
    };
    assert_eq!(approved, expected);
}

#[test]
fn mechanisms_of_one_partner_stand_side_by_side() {
    let story = reader().on("2022-02-01", [dap(p(), ofrecord_core::vocabulary::Services::All)]);
    let mechanisms: Vec<Mechanism> = rows(&story, "2022-02-02").iter().map(|row| row.mechanism).collect();
    assert_eq!(mechanisms, [Mechanism::Dap, Mechanism::Gdap]);
}

#[test]
fn an_interval_ends_where_no_event_stands_and_names_what_the_end_follows_from() {
    let policy = worldwide();
    let drawn = access_history(&reader().record(), u64::MAX, &policy);
    let [interval] = drawn.as_slice() else { panic!("{drawn:#?}") };
    assert_eq!((interval.valid_from, interval.valid_to), (at("2022-01-03"), Some(at("2022-07-01"))));
    assert_eq!((interval.known_from, interval.known_to), (17, None));
    assert_eq!((interval.positions.as_slice(), interval.ended_by.as_slice()), (&[13, 16][..], &[10, 13][..]));
    let going_on = running(extending(&[global_reader()]), &[global_reader()]);
    let drawn = access_history(&going_on.record(), u64::MAX, &policy);
    assert_eq!(drawn.iter().map(|one| one.valid_to).collect::<Vec<_>>(), [None]);
}

#[test]
fn an_extension_leaves_the_interval_of_access_as_it_was() {
    let policy = worldwide();
    let extended = Event::GdapRelationshipExtended(ofrecord_core::event::gdap::GdapRelationshipExtended {
        partner: p(),
        relationship: relationship(1),
        ended_before: None,
        ends_at: at("2022-12-28"),
    });
    let story = running(extending(&[global_reader()]), &[global_reader()]);
    let before = access_history(&story.record(), u64::MAX, &policy);
    let after = access_history(&story.on("2022-07-01", [extended]).record(), u64::MAX, &policy);
    assert_eq!(before, after);
}

#[test]
fn what_was_believed_of_an_end_to_come_stays_with_the_knowledge_of_its_day() {
    let policy = worldwide();
    let ended = GdapRelationshipTerminated { partner: p(), relationship: relationship(1), by: None };
    let story = reader().on("2022-03-01", [Event::GdapRelationshipTerminated(ended)]);
    let drawn: Vec<_> = access_history(&story.record(), u64::MAX, &policy)
        .into_iter()
        .map(|one| (one.valid_to, one.known_from, one.known_to))
        .collect();
    assert_eq!(drawn, [(Some(at("2022-07-01")), 17, Some(20)), (Some(at("2022-03-01")), 20, None)]);
}
