//! Rows of granular relationships and the spells of their statuses.

use ofrecord_core::event::dap::DapTransitionStartedByMicrosoft;
use ofrecord_core::event::gdap::{
    GdapAccessAssignmentFailed, GdapAutoExtendSet, GdapGlobalAdministratorRemoved, GdapRelationshipApproved,
    GdapRelationshipCleanedUp, GdapRelationshipCreated, GdapRelationshipDeleted, GdapRelationshipExpired,
    GdapRelationshipSubmittedForApproval, GdapRelationshipTerminated, GdapTerms,
};
use ofrecord_core::vocabulary::{ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapStatus, RemovedBy};
use ofrecord_core::{Event, Timestamp};

use crate::record::PartnerRecord;
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, assigned, assignment, extending, global_reader, group, made, relationship, roles,
    terms,
};
use crate::story::{Story, at, customer, p, q, seen_at, worldwide};
use crate::*;

fn row(story: &Story, as_of: &str) -> GranularRow {
    let policy = worldwide();
    granular_relationships(&story.record(), &seen_at(as_of, &policy)).remove(0)
}

fn submitted(number: u32) -> Event {
    Event::GdapRelationshipSubmittedForApproval(GdapRelationshipSubmittedForApproval {
        partner: p(),
        relationship: relationship(number),
    })
}

fn approved(number: u32) -> Event {
    Event::GdapRelationshipApproved(GdapRelationshipApproved {
        partner: p(),
        relationship: relationship(number),
        customer: Some(customer()),
        basis: ApprovalBasis::CustomerGlobalAdmin,
        approved_by: Some("admin@customer.example".to_owned()),
        terms: None,
    })
}

/// Made, locked, approved and in force on four days; 180 days from the fourth.
fn running(terms: GdapTerms) -> Story {
    Story::new()
        .on("2022-01-01", [made(p(), 1, terms)])
        .on("2022-01-02", [submitted(1)])
        .on("2022-01-03", [approved(1)])
        .on("2022-01-04", [activated(p(), 1)])
}

fn terminated() -> Event {
    let event =
        GdapRelationshipTerminated { partner: p(), relationship: relationship(1), by: Some(RemovedBy::Customer) };
    Event::GdapRelationshipTerminated(event)
}

#[test]
fn a_row_tells_the_whole_way_of_a_relationship() {
    let row = row(&running(terms(&[global_reader()])), "2022-02-01");
    assert_eq!((row.partner, row.customer, row.display_name.as_deref()), (p(), Some(customer()), Some("Support")));
    assert_eq!((row.status, row.status_since, row.rule), (Some(GdapStatus::Active), at("2022-01-04"), None));
    assert_eq!((row.created_at, row.submitted_at), (Some(at("2022-01-01")), Some(at("2022-01-02"))));
    let approved = row.approved.unwrap();
    assert_eq!(
        (approved.basis, approved.by.as_deref()),
        (ApprovalBasis::CustomerGlobalAdmin, Some("admin@customer.example"))
    );
    assert_eq!((approved.at, row.activated_at), (at("2022-01-03"), Some(at("2022-01-04"))));
    assert_eq!((row.ends_at, row.at_end, row.extensions), (Some(at("2022-07-03")), Some(AtEnd::Ends), 0));
    assert_eq!((row.auto_extend, row.auto_extend_since), (Some(GdapAutoExtend::P0D), Some(at("2022-01-01"))));
    assert_eq!((row.roles, row.role_names), (Some(roles(&[global_reader()])), ["Global reader".to_owned()].into()));
    assert_eq!((row.assignments, row.global_administrator), (Some(Vec::new()), None));
    assert_eq!((row.at_microsoft, row.gone_since), (AtMicrosoft::Shown, None));
    assert_eq!(row.positions, [10, 13, 16, 19]);
}

/// Status, since when, by which rule, end, extensions.
type Holds = (GdapStatus, &'static str, Option<&'static str>, Option<&'static str>, u32);

#[track_caller]
fn holds(story: &Story, as_of: &str, (status, since, rule, end, extensions): Holds) {
    let row = row(story, as_of);
    assert_eq!((row.status, row.status_since, row.rule), (Some(status), at(since), rule), "{as_of}");
    assert_eq!((row.ends_at, row.extensions), (end.map(at), extensions), "{as_of}");
}

#[test]
fn what_time_alone_brings_about_names_its_rule() {
    let ends = running(terms(&[global_reader()]));
    holds(&ends, "2022-07-02", (GdapStatus::Active, "2022-01-04", None, Some("2022-07-03"), 0));
    holds(&ends, "2022-07-03", (GdapStatus::Expired, "2022-07-03", Some("G-18"), Some("2022-07-03"), 0));
    let goes_on = running(extending(&[global_reader()]));
    holds(&goes_on, "2022-07-03", (GdapStatus::Active, "2022-01-04", Some("G-18"), Some("2022-12-30"), 1));
    let asked = Story::new().on("2022-01-01", [made(p(), 1, terms(&[global_reader()])), submitted(1)]);
    holds(&asked, "2022-03-31", (GdapStatus::ApprovalPending, "2022-01-01", None, None, 0));
    holds(&asked, "2022-04-01", (GdapStatus::RequestExpired, "2022-04-01", Some("G-14"), None, 0));
    let recorded =
        Event::GdapRelationshipExpired(GdapRelationshipExpired { partner: p(), relationship: relationship(1) });
    let recorded = ends.on("2022-07-03T00:10:00Z", [recorded]);
    holds(&recorded, "2022-07-04", (GdapStatus::Expired, "2022-07-03T00:10:00Z", None, Some("2022-07-03"), 0));
}

#[test]
fn it_says_since_when_a_relationship_goes_on_by_itself() {
    let set = GdapAutoExtendSet { partner: p(), relationship: relationship(1), auto_extend: GdapAutoExtend::P180D };
    let story = running(terms(&[global_reader()])).on("2022-05-05", [Event::GdapAutoExtendSet(set)]);
    let row = row(&story, "2022-06-01");
    assert_eq!((row.auto_extend, row.auto_extend_since), (Some(GdapAutoExtend::P180D), Some(at("2022-05-05"))));
    assert_eq!(row.at_end, Some(AtEnd::GoesOn));
}

#[test]
fn global_administrator_is_held_until_it_is_taken_out_or_the_relationship_is_over() {
    let taken = GdapGlobalAdministratorRemoved { partner: p(), relationship: relationship(1) };
    let story = running(terms(&[GLOBAL_ADMINISTRATOR, global_reader()]));
    let held = |story: &Story, as_of| {
        let held = row(story, as_of).global_administrator.unwrap();
        (held.since, held.until)
    };
    let since: Timestamp = at("2022-01-01");
    assert_eq!(held(&story, "2022-02-01"), (since, None));
    assert_eq!(held(&story, "2022-08-01"), (since, Some(at("2022-07-03"))), "the end of the relationship");
    let story = story.on("2022-03-01", [Event::GdapGlobalAdministratorRemoved(taken)]);
    assert_eq!(held(&story, "2022-08-01"), (since, Some(at("2022-03-01"))));
}

#[test]
fn assignments_have_effect_while_they_and_their_relationship_are_in_force() {
    let failed = GdapAccessAssignmentFailed { partner: p(), relationship: relationship(1), assignment: assignment(2) };
    let story = running(terms(&[global_reader()]))
        .on("2022-01-05", assigned(p(), 1, 1, &[global_reader()]))
        .on("2022-01-06", assigned(p(), 1, 2, &[global_reader()]))
        .on("2022-01-07", [Event::GdapAccessAssignmentFailed(failed)]);
    let effects = |as_of: &str| {
        let row = row(&story, as_of);
        let effects: Vec<_> =
            row.assignments.unwrap().into_iter().map(|one| (one.status.unwrap(), one.effect)).collect();
        (effects, row.groups)
    };
    let (in_force, not) = (Effect::InForce, Effect::NotInForce);
    let during = vec![(AssignmentStatus::Active, in_force), (AssignmentStatus::Error, not)];
    assert_eq!(effects("2022-02-01"), (during, [group(1)].into()));
    let after = vec![(AssignmentStatus::Active, not), (AssignmentStatus::Error, not)];
    assert_eq!(effects("2022-07-03"), (after, [].into()), "the relationship is over");
}

#[test]
fn what_microsoft_shows_no_longer_stays_with_the_instant_since_when() {
    let shown = |story: &Story, as_of| {
        let row = row(story, as_of);
        (row.at_microsoft, row.gone_since)
    };
    let ended = running(terms(&[global_reader()]));
    assert_eq!(shown(&ended, "2023-07-02"), (AtMicrosoft::Shown, None));
    assert_eq!(shown(&ended, "2023-07-03"), (AtMicrosoft::NoLongerShown, Some(at("2023-07-03"))));
    let cleaned = GdapRelationshipCleanedUp { partner: p(), relationship: relationship(1) };
    let cleaned = ended.on("2023-08-01", [Event::GdapRelationshipCleanedUp(cleaned)]);
    assert_eq!(shown(&cleaned, "2023-09-01"), (AtMicrosoft::CleanedUp, Some(at("2023-08-01"))));
    let deleted = GdapRelationshipDeleted { partner: p(), relationship: relationship(1) };
    let deleted = Story::new()
        .on("2022-01-01", [made(p(), 1, terms(&[global_reader()]))])
        .on("2022-01-02", [Event::GdapRelationshipDeleted(deleted)]);
    assert_eq!(shown(&deleted, "2022-01-03"), (AtMicrosoft::NoLongerShown, Some(at("2022-01-02"))));
}

#[test]
fn a_provider_and_its_resellers_consent_are_told() {
    let created = Event::GdapRelationshipCreated(GdapRelationshipCreated {
        partner: p(),
        relationship: relationship(1),
        customer: Some(customer()),
        terms: terms(&[global_reader()]),
        provider: Some(q()),
    });
    let row = row(&Story::new().on("2022-01-01", [created]), "2022-01-02");
    assert_eq!((row.provider, row.partner_consent), (Some(q()), Some(ResellerConsent::Pending)));
}

#[test]
fn the_spells_of_a_status_meet_where_time_or_an_event_ended_the_one_before() {
    let policy = worldwide();
    let spells = |story: &Story| -> Vec<_> {
        let spells = granular_history(&story.record(), u64::MAX, &policy).into_iter();
        let current = spells.filter(|spell| spell.known_to.is_none());
        current.map(|one| (one.value.status, one.value.rule, one.valid_from, one.valid_to)).collect()
    };
    let way = |from: &str, status, rule, to: Option<&str>| (status, rule, at(from), to.map(at));
    let before = [
        way("2022-01-01", GdapStatus::Created, None, Some("2022-01-02")),
        way("2022-01-02", GdapStatus::ApprovalPending, None, Some("2022-01-03")),
        way("2022-01-03", GdapStatus::Approved, None, Some("2022-01-04")),
    ];
    let over = [
        way("2022-01-04", GdapStatus::Active, None, Some("2022-07-03")),
        way("2022-07-03", GdapStatus::Expired, Some("G-18"), None),
    ];
    assert_eq!(spells(&running(terms(&[global_reader()]))), [before.as_slice(), &over].concat());
    let early = [
        way("2022-01-04", GdapStatus::Active, None, Some("2022-03-01")),
        way("2022-03-01", GdapStatus::Terminated, None, None),
    ];
    let story = running(terms(&[global_reader()])).on("2022-03-01", [terminated()]);
    assert_eq!(spells(&story), [before.as_slice(), &early].concat());
    let goes_on = [way("2022-01-04", GdapStatus::Active, None, None)];
    assert_eq!(spells(&running(extending(&[global_reader()]))), [before.as_slice(), &goes_on].concat());
}

#[test]
fn a_partners_relationships_with_all_customers_come_by_their_nearest_end() {
    let policy = worldwide();
    let transition = DapTransitionStartedByMicrosoft { partner: p(), relationship: relationship(2) };
    let story = Story::new()
        .on("2022-01-01", [made(p(), 1, terms(&[global_reader()])), made(p(), 2, extending(&[global_reader()]))])
        .on("2022-01-02", [made(p(), 3, terms(&[global_reader()])), activated(p(), 2)])
        .on("2022-01-03", [activated(p(), 1), Event::DapTransitionStartedByMicrosoft(transition)]);
    let mut record = PartnerRecord::new(p());
    story.entries.iter().for_each(|entry| record.take(entry));
    let rows = partner_granular_relationships(&record, &seen_at("2022-02-01", &policy));
    let order: Vec<_> = rows.iter().map(|row| row.relationship.clone()).collect();
    assert_eq!(order, [relationship(2), relationship(1), relationship(3)]);
    assert_eq!((rows[0].customer, &rows[0].assignments), (Some(customer()), &None), "they stand with the customer");
}
