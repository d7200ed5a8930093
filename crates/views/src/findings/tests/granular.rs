//! Findings on granular administration: one history that shows each, and neighbours that do not.

use std::collections::BTreeMap;

use ofrecord_core::event::dap::{
    DapTerminatedByMicrosoft, DapTransitionStartedByMicrosoft, DelegatedAccessUsed, PartnerListingObserved,
};
use ofrecord_core::event::gdap::{
    GdapAccessAssignmentCreated, GdapAccessAssignmentDeleted, GdapAccessAssignmentFailed, GdapAccessAssignmentObserved,
    GdapAutoExtendSet, GdapGlobalAdministratorRemoved, GdapRelationshipApproved, GdapRelationshipCleanedUp,
    GdapRelationshipDeleted, GdapRelationshipObserved, GdapRelationshipTerminated, GdapRequestObserved, GdapTerms,
};
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::vocabulary::{
    AccessContainerType, ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapDuration, GdapRequestAction,
    GdapRequestStatus, GdapStatus, RemovedBy, Services,
};
use ofrecord_core::{Event, RoleId};

use super::{AUDIT, Asked, check, found};
use crate::finding::{Finding, FindingCode};
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, activated, assigned, assignment, extending, global_reader, group, made, relationship, roles,
    terms, user_administrator,
};
use crate::story::{Story, accepted, at, azure_role, dap, dap_removed, p, q, removed, worldwide};

const GRAPH: SourceSystem = SourceSystem::Graph;

fn on(as_of: &'static str) -> Asked {
    Asked { policy: worldwide(), as_of, accounts: BTreeMap::new() }
}

fn approved(basis: ApprovalBasis) -> Event {
    Event::GdapRelationshipApproved(GdapRelationshipApproved {
        partner: p(),
        relationship: relationship(1),
        customer: None,
        basis,
        approved_by: None,
        terms: None,
    })
}

/// Relationship 1 of P from 2022-01-02 for 180 days, approved, with a group that may read.
fn running(terms: GdapTerms, given: &[RoleId]) -> Story {
    let approved = approved(ApprovalBasis::CustomerGlobalAdmin);
    Story::new()
        .on("2022-01-01", [accepted(p()), made(p(), 1, terms), approved])
        .on("2022-01-02", [activated(p(), 1)])
        .on("2022-01-03", assigned(p(), 1, 1, given))
}

fn reader() -> Story {
    running(terms(&[global_reader()]), &[global_reader()])
}

fn terminated() -> Event {
    let by = Some(RemovedBy::Customer);
    Event::GdapRelationshipTerminated(GdapRelationshipTerminated { partner: p(), relationship: relationship(1), by })
}

fn of_relationship(finding: &Finding) {
    assert_eq!((finding.subject.partner, &finding.subject.relationship), (Some(p()), &Some(relationship(1))));
}

#[test]
fn granular_access_that_outlives_the_reseller_relationship_is_found_once_for_its_assignments() {
    let two = reader().on("2022-01-04", assigned(p(), 1, 2, &[global_reader()]));
    let shows = two.on("2022-02-01", [removed(p())]);
    let over = shows.clone().on("2022-02-15", [terminated()]);
    let finding = check(FindingCode::FormerResellerStillHasAccess, &on("2022-03-01"), &shows, &over);
    of_relationship(&finding);
    assert_eq!((finding.since, finding.subject.field.as_deref()), (at("2022-02-01"), Some("gdap")));
    assert!(finding.sentence.contains("has granular access, and its reseller relationship ended"), "{finding:?}");
    check(FindingCode::FormerResellerStillHasAccess, &on("2022-07-01"), &azure(&shows), &shows);
}

/// With another reason to find the same partner, when the relationship is over by time alone.
fn azure(story: &Story) -> Story {
    story.clone().on("2022-03-01", [azure_role(p())])
}

#[test]
fn granular_access_without_a_reseller_relationship_is_flagged_and_not_refused() {
    let shows = Story::new()
        .on("2022-01-01", [made(p(), 1, terms(&[global_reader()])), activated(p(), 1)])
        .on("2022-01-03", assigned(p(), 1, 1, &[global_reader()]));
    let finding = check(FindingCode::AdministersWithoutReselling, &on("2022-03-01"), &shows, &reader());
    of_relationship(&finding);
    assert_eq!(finding.rule, Some("G-25"));
}

#[test]
fn global_administrator_in_force_is_found_with_its_bounds_and_with_the_groups_that_had_it() {
    let both = [GLOBAL_ADMINISTRATOR, global_reader()];
    let code = FindingCode::GlobalAdministratorGranted;
    let taken = GdapGlobalAdministratorRemoved { partner: p(), relationship: relationship(1) };
    let taken = Event::GdapGlobalAdministratorRemoved(taken);
    let finding = check(code, &on("2022-03-01"), &running(terms(&both), &both), &reader());
    of_relationship(&finding);
    assert_eq!(
        (finding.since, finding.until),
        (at("2022-01-02"), None),
        "from when it was in force, not from when it was made"
    );
    assert!(finding.sentence.ends_with(&format!("; had by {}", group(1))), "{finding:?}");
    let unassigned = running(terms(&both), &[global_reader()]).on("2022-02-01", [taken]);
    let finding = check(code, &on("2022-03-01"), &unassigned, &reader());
    assert_eq!(finding.until, Some(at("2022-02-01")));
    assert!(finding.sentence.ends_with("; no group had it"), "{finding:?}");
    let finding = check(code, &on("2023-03-01"), &running(terms(&both), &both), &reader());
    assert_eq!(finding.until, Some(at("2022-07-01")), "the end of the relationship, by time alone");
    let never = Story::new().on("2022-01-01", [made(p(), 1, terms(&both))]);
    assert_eq!(found(&never, &on("2022-03-01"), code), [], "it never came into force");
}

#[test]
fn a_relationship_in_force_without_an_approval_is_found() {
    let shows = Story::new().on("2022-01-01", [made(p(), 1, terms(&[global_reader()])), activated(p(), 1)]);
    let finding = check(FindingCode::GdapWithoutApproval, &on("2022-03-01"), &shows, &reader());
    of_relationship(&finding);
    assert_eq!((finding.rule, finding.since), (Some("G-13"), at("2022-01-01")));
    assert_eq!(found(&shows, &on("2022-07-01"), FindingCode::GdapWithoutApproval), [], "it is over");
}

#[test]
fn an_approval_that_no_administrator_gave_is_told_with_its_basis() {
    let by = |basis| {
        let made = [made(p(), 1, terms(&[global_reader()])), approved(basis)];
        Story::new().on("2022-01-01", made).on("2022-01-02", [activated(p(), 1)])
    };
    for (basis, said) in [
        (ApprovalBasis::ImpliedByDap, "implied by DAP"),
        (ApprovalBasis::MicrosoftLed, "the transition that Microsoft led"),
        (ApprovalBasis::AccountCreated, "the account that the partner created"),
        (ApprovalBasis::NotStated, "does not say"),
        (ApprovalBasis::from_wire("by_phone"), "`by_phone`"),
    ] {
        let finding = check(FindingCode::GdapApprovalImplied, &on("2022-03-01"), &by(basis), &reader());
        assert!(finding.sentence.contains(said), "{finding:?}");
        assert_eq!(found(&by(ApprovalBasis::NotStated), &on("2022-03-01"), FindingCode::GdapWithoutApproval), []);
    }
}

#[test]
fn an_end_is_in_sight_thirty_days_before_unless_the_relationship_goes_on() {
    let code = FindingCode::GdapEndInSight;
    let goes_on = running(extending(&[global_reader()]), &[global_reader()]);
    let finding = check(code, &on("2022-06-01"), &reader(), &goes_on);
    of_relationship(&finding);
    assert_eq!(finding.since, at("2022-06-01"));
    for as_of in ["2022-05-31T23:59:59Z", "2022-07-01"] {
        assert_eq!(found(&reader(), &on(as_of), code), [], "{as_of}");
    }
}

#[test]
fn a_relationship_in_force_that_nobody_can_use_is_found() {
    let code = FindingCode::GdapActiveWithoutAssignment;
    let without = Story::new().on("2022-01-01", [accepted(p()), made(p(), 1, terms(&[])), activated(p(), 1)]);
    let finding = check(code, &on("2022-03-01"), &without, &reader());
    assert!(finding.sentence.ends_with("the ledger has no assignment of it"), "{finding:?}");
    let deleted =
        GdapAccessAssignmentDeleted { partner: p(), relationship: relationship(1), assignment: assignment(1) };
    let deleted = reader().on("2022-02-01", [Event::GdapAccessAssignmentDeleted(deleted)]);
    let finding = check(code, &on("2022-03-01"), &deleted, &reader());
    assert!(finding.sentence.ends_with("none of its 1 assignments is"), "{finding:?}");
    assert_eq!(found(&deleted, &on("2022-07-01"), code), [], "it is over");
}

#[test]
fn an_assignment_that_failed_is_found_while_its_relationship_is_in_force() {
    let failed = GdapAccessAssignmentFailed { partner: p(), relationship: relationship(1), assignment: assignment(1) };
    let failed = reader().on("2022-02-01", [Event::GdapAccessAssignmentFailed(failed)]);
    let finding = check(FindingCode::AssignmentFailed, &on("2022-03-01"), &failed, &reader());
    assert_eq!(finding.subject.field, Some(format!("assignment {}", assignment(1))));
    assert_eq!(found(&failed, &on("2022-07-01"), FindingCode::AssignmentFailed), []);
}

#[test]
fn what_microsoft_shows_no_longer_is_found_with_its_end() {
    let code = FindingCode::GdapNoLongerShown;
    let cleaned = GdapRelationshipCleanedUp { partner: p(), relationship: relationship(1) };
    let cleaned = Event::GdapRelationshipCleanedUp(cleaned);
    let finding = check(code, &on("2023-07-01"), &reader(), &running(extending(&[]), &[]));
    of_relationship(&finding);
    assert_eq!((finding.since, finding.rule), (at("2023-07-01"), Some("G-24")));
    assert!(finding.sentence.contains("is expired since 2022-07-01"), "{finding:?}");
    assert_eq!(found(&reader(), &on("2023-06-30"), code), []);
    let told = reader().on("2022-03-01", [terminated()]).on("2023-03-02", [cleaned]);
    let finding = check(code, &on("2023-06-30"), &told, &reader());
    assert!(finding.sentence.contains("Microsoft cleaned it up at 2023-03-02"), "{finding:?}");
    let deleted = GdapRelationshipDeleted { partner: p(), relationship: relationship(1) };
    let deleted = Story::new()
        .on("2022-01-01", [made(p(), 1, terms(&[]))])
        .on("2022-01-02", [Event::GdapRelationshipDeleted(deleted)]);
    assert_eq!(found(&deleted, &on("2024-01-01"), code), [], "it never came into force");
}

fn transition(on: &str) -> Story {
    let started = DapTransitionStartedByMicrosoft { partner: p(), relationship: relationship(1) };
    let started = Event::DapTransitionStartedByMicrosoft(started);
    Story::new()
        .on("2023-01-01", [accepted(p()), dap(p(), Services::All)])
        .on(on, [started, made(p(), 1, terms(&[global_reader()])), activated(p(), 1)])
}

fn ended_by_microsoft() -> Event {
    Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft { partner: p(), last_sign_in_at: None, cause: None })
}

#[test]
fn dap_and_a_granular_relationship_side_by_side_are_found_with_the_transition() {
    let code = FindingCode::DapAndGdapSideBySide;
    let ended = transition("2023-05-22").on("2023-06-21", [ended_by_microsoft()]);
    let finding = check(code, &on("2023-07-01"), &transition("2023-05-22"), &ended);
    assert_eq!((finding.since, finding.rule), (at("2023-05-22"), Some("D-6")));
    assert!(finding.sentence.contains("Microsoft began the transition"), "{finding:?}");
    assert_eq!(found(&ended, &on("2023-06-20"), code).len(), 1);
    let without = reader().on("2022-02-01", [dap(p(), Services::All)]);
    let finding = check(code, &on("2022-03-01"), &without, &reader());
    assert_eq!((finding.since, finding.rule), (at("2022-02-01"), None));
    assert_eq!(found(&without, &on("2022-07-01"), code), [], "the relationship is over");
}

#[test]
fn dap_that_outlives_the_transition_is_found_after_thirty_days() {
    let code = FindingCode::TransitionDapNotEnded;
    let ended = transition("2023-05-22").on("2023-06-21", [ended_by_microsoft()]);
    let finding = check(code, &on("2023-06-21"), &transition("2023-05-22"), &ended);
    assert_eq!((finding.since, finding.rule), (at("2023-06-21"), Some("D-6")));
    assert_eq!(found(&transition("2023-05-22"), &on("2023-06-20T23:59:59Z"), code), []);
    let again = ended.on("2023-08-01", [dap(p(), Services::All)]);
    assert_eq!(found(&again, &on("2023-12-01"), code), [], "that is not the DAP it replaces");
}

#[test]
fn dap_that_microsoft_ended_without_a_replacement_is_found_of_a_reseller() {
    let code = FindingCode::DapTerminationNotReplaced;
    let given = || Story::new().on("2023-01-01", [accepted(p()), dap(p(), Services::All)]);
    let shows = given().on("2023-06-01", [ended_by_microsoft()]);
    let removed_by_customer = given().on("2023-06-01", [dap_removed(p(), Services::All)]);
    let finding = check(code, &on("2023-12-01"), &shows, &removed_by_customer);
    assert_eq!((finding.subject.partner, finding.since), (Some(p()), at("2023-06-01")));
    let replaced = transition("2023-05-22").on("2023-06-21", [ended_by_microsoft()]);
    assert_eq!(found(&replaced, &on("2023-12-01"), code), []);
    assert_eq!(found(&shows.on("2023-07-01", [removed(p())]), &on("2023-12-01"), code), []);
}

#[test]
fn a_listed_provider_of_whom_nothing_is_known_is_found() {
    let code = FindingCode::PartnerListedButUnknown;
    let listed = |listed| Event::PartnerListingObserved(PartnerListingObserved { partner: q(), listed });
    let shows = Story::new().told("2022-02-01", GRAPH, [listed(true)]);
    let finding = check(code, &on("2022-03-01"), &shows, &Story::new().told("2022-02-01", GRAPH, [listed(false)]));
    assert_eq!((finding.subject.partner, finding.since), (Some(q()), at("2022-02-01")));
    for known in [accepted(q()), dap(q(), Services::All), azure_role(q()), made(q(), 2, terms(&[]))] {
        assert_eq!(found(&shows.clone().on("2022-02-15", [known]), &on("2022-03-01"), code), []);
    }
}

fn used(partner: ofrecord_core::PartnerTenantId) -> Event {
    let application = Some("Azure Portal".to_owned());
    Event::DelegatedAccessUsed(DelegatedAccessUsed { partner, user: None, application })
}

#[test]
fn access_that_was_used_when_none_was_on_record_is_found_once_for_a_partner() {
    let code = FindingCode::AccessUsedWithoutGrant;
    let during = reader().on("2022-06-30", [used(p())]);
    let after = reader().on("2022-07-01", [used(p())]).on("2022-07-05", [used(p())]);
    let finding = check(code, &on("2022-08-01"), &after, &during);
    assert_eq!((finding.since, finding.positions.len()), (at("2022-07-01"), 2));
    let given = |event: Event| Story::new().on("2022-01-01", [event, used(p())]);
    for event in [dap(p(), Services::All), azure_role(p())] {
        assert_eq!(found(&given(event), &on("2022-08-01"), code), []);
    }
    assert_eq!(found(&given(dap(q(), Services::All)), &on("2022-08-01"), code).len(), 1, "another one's DAP");
    let early = Story::new().on("2022-01-01", [used(p())]).on("2022-02-01", [dap(p(), Services::All)]);
    assert_eq!(found(&early, &on("2022-08-01"), code).len(), 1, "before the grant");
}

fn shown(terms: Option<GdapTerms>, status: GdapStatus) -> GdapRelationshipObserved {
    GdapRelationshipObserved {
        partner: p(),
        relationship: relationship(1),
        customer: None,
        display_name: terms.as_ref().map(|terms| terms.display_name.clone()),
        duration: terms.as_ref().map(|terms| terms.duration.clone()),
        auto_extend: terms.as_ref().map(|terms| terms.auto_extend.clone()),
        roles: terms.map(|terms| terms.roles),
        status: Some(status),
        created_at: None,
        modified_at: None,
        activated_at: None,
        ends_at: None,
        provider: None,
        partner_consent_pending: None,
        etag: None,
    }
}

fn assignment_shown(number: u32, to: u32, given: &[RoleId], status: AssignmentStatus) -> Event {
    Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
        partner: p(),
        relationship: relationship(1),
        assignment: assignment(number),
        group: Some(group(to)),
        container_type: None,
        roles: Some(roles(given)),
        status: Some(status),
        created_at: None,
        modified_at: None,
        etag: None,
    }))
}

/// The rules that imported facts break beyond those of the story without them.
fn broken(story: &Story) -> Vec<(Option<&'static str>, String)> {
    let found = found(story, &on("2022-12-01"), FindingCode::RuleViolatedInEvidence);
    found.into_iter().map(|finding| (finding.rule, finding.subject.field.unwrap_or_default())).collect()
}

#[test]
fn an_assignment_beyond_its_relationship_breaks_a_rule() {
    let field = |number| format!("assignment {}", assignment(number));
    let active = AssignmentStatus::Active;
    let beyond = assignment_shown(2, 2, &[global_reader(), user_administrator()], active.clone());
    assert_eq!(broken(&reader().told("2022-02-01", GRAPH, [beyond])), [(Some("A-2"), field(2))]);
    let created = Event::GdapAccessAssignmentCreated(GdapAccessAssignmentCreated {
        partner: p(),
        relationship: relationship(1),
        assignment: assignment(2),
        group: group(2),
        roles: roles(&[user_administrator()]),
    });
    assert_eq!(broken(&reader().told("2022-02-01", AUDIT, [created])), [(Some("A-2"), field(2))]);
    let within = assignment_shown(2, 2, &[global_reader()], active);
    let gone = assignment_shown(2, 2, &[user_administrator()], AssignmentStatus::Deleted);
    for fine in [within, gone] {
        assert_eq!(broken(&reader().told("2022-02-01", GRAPH, [fine])), []);
    }
}

#[test]
fn a_second_assignment_of_a_group_breaks_a_rule_while_the_first_is_live() {
    let second = assignment_shown(2, 1, &[global_reader()], AssignmentStatus::Active);
    let shows = reader().told("2022-02-01", GRAPH, [second.clone()]);
    assert_eq!(broken(&shows), [(Some("A-4"), format!("assignment {}", assignment(2)))]);
    let deleted =
        GdapAccessAssignmentDeleted { partner: p(), relationship: relationship(1), assignment: assignment(1) };
    let deleted = reader().on("2022-01-15", [Event::GdapAccessAssignmentDeleted(deleted)]);
    assert_eq!(broken(&deleted.told("2022-02-01", GRAPH, [second])), []);
    let same = assignment_shown(1, 1, &[global_reader()], AssignmentStatus::Active);
    assert_eq!(broken(&reader().told("2022-02-01", GRAPH, [same])), []);
}

#[test]
fn going_on_by_itself_with_global_administrator_breaks_a_rule_once() {
    let both = [GLOBAL_ADMINISTRATOR, global_reader()];
    let set = GdapAutoExtendSet { partner: p(), relationship: relationship(1), auto_extend: GdapAutoExtend::P180D };
    let set = || Event::GdapAutoExtendSet(set.clone());
    let shows = running(terms(&both), &both).told("2022-02-01", AUDIT, [set()]).told("2022-03-01", AUDIT, [set()]);
    assert_eq!(broken(&shows), [(Some("G-7"), String::new())]);
    assert_eq!(broken(&reader().told("2022-02-01", AUDIT, [set()])), []);
    let seen = Event::GdapRelationshipObserved(Box::new(shown(Some(extending(&both)), GdapStatus::Active)));
    assert_eq!(broken(&Story::new().told("2022-02-01", GRAPH, [seen])), [(Some("G-7"), String::new())]);
}

#[test]
fn words_of_granular_administration_that_are_not_published_are_found() {
    let request = Event::GdapRequestObserved(GdapRequestObserved {
        partner: p(),
        relationship: relationship(1),
        request: "1".to_owned(),
        action: GdapRequestAction::Terminate,
        status: GdapRequestStatus::from_wire("running"),
        created_at: None,
        modified_at: None,
        etag: None,
    });
    let odd = assignment_shown(1, 1, &[], AssignmentStatus::from_wire("unknownFutureValue"));
    let container = Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
        partner: p(),
        relationship: relationship(1),
        assignment: assignment(1),
        group: None,
        container_type: Some(AccessContainerType::from_wire("servicePrincipal")),
        roles: None,
        status: None,
        created_at: None,
        modified_at: None,
        etag: None,
    }));
    let status = Event::GdapRelationshipObserved(Box::new(shown(None, GdapStatus::from_wire("unknownFutureValue"))));
    let cause = Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft {
        partner: p(),
        last_sign_in_at: None,
        cause: Some(ofrecord_core::vocabulary::DapTerminationCause::from_wire("mood")),
    });
    let dap = Story::new().on("2022-01-01", [accepted(p()), dap(p(), Services::All)]);
    for (event, field, word) in [
        (request, "request_status", "running"),
        (odd, "assignment_status", "unknownFutureValue"),
        (container, "container_type", "servicePrincipal"),
        (status, "status", "unknownFutureValue"),
        (cause, "dap_ended_cause", "mood"),
    ] {
        let finding = check(
            FindingCode::UnrecognisedValue,
            &on("2022-03-01"),
            &dap.clone().told("2022-02-01", GRAPH, [event]),
            &dap,
        );
        assert_eq!((finding.subject.field.as_deref(), finding.subject.partner), (Some(field), Some(p())));
        assert!(finding.sentence.starts_with(&format!("`{word}`")), "{finding:?}");
    }
}

/// The fields at odds when Graph shows this after the audit log told of the relationship.
fn at_odds(event: Event) -> Vec<String> {
    let approved = approved(ApprovalBasis::CustomerGlobalAdmin);
    let story = Story::new()
        .told("2022-01-01", AUDIT, [made(p(), 1, terms(&[global_reader()])), approved, activated(p(), 1)])
        .told("2022-01-03", AUDIT, assigned(p(), 1, 1, &[global_reader()]))
        .told("2022-02-01", GRAPH, [event]);
    let found = found(&story, &on("2022-03-01"), FindingCode::SourceConflict);
    found.into_iter().map(|finding| finding.subject.field.unwrap_or_default()).collect()
}

fn graph(status: GdapStatus, change: impl Fn(&mut GdapRelationshipObserved)) -> Event {
    let mut seen = shown(Some(terms(&[global_reader()])), status);
    change(&mut seen);
    Event::GdapRelationshipObserved(Box::new(seen))
}

#[test]
fn a_source_that_shows_a_relationship_otherwise_than_another_told_is_at_odds() {
    let active = || GdapStatus::Active;
    let none: [&str; 0] = [];
    assert_eq!(at_odds(graph(active(), |_| {})), none);
    assert_eq!(at_odds(graph(active(), |seen| seen.auto_extend = Some(GdapAutoExtend::Pt0S))), none);
    assert_eq!(at_odds(graph(active(), |seen| seen.activated_at = Some(at("2022-01-01T09:00:00Z")))), none);
    assert_eq!(at_odds(graph(active(), |seen| seen.auto_extend = Some(GdapAutoExtend::P180D))), ["auto_extend"]);
    assert_eq!(at_odds(graph(active(), |seen| seen.roles = Some(roles(&[user_administrator()])))), ["roles"]);
    assert_eq!(at_odds(graph(active(), |seen| seen.ends_at = Some(at("2022-08-01")))), ["ends_at"]);
    assert_eq!(at_odds(graph(active(), |seen| seen.duration = Some(GdapDuration::of_days(90)))), ["duration"]);
    assert_eq!(at_odds(graph(active(), |seen| seen.display_name = Some("Other".to_owned()))), ["display_name"]);
    assert_eq!(at_odds(graph(active(), |seen| seen.activated_at = Some(at("2021-12-01")))), ["activated_at"]);
}

#[test]
fn a_later_status_is_a_change_and_an_earlier_one_a_contradiction() {
    let none: [&str; 0] = [];
    for later in [GdapStatus::TerminationRequested, GdapStatus::Terminated, GdapStatus::Expiring] {
        assert_eq!(at_odds(graph(later, |_| {})), none);
    }
    for earlier in [GdapStatus::Created, GdapStatus::ApprovalPending, GdapStatus::Activating] {
        assert_eq!(at_odds(graph(earlier, |_| {})), ["status"]);
    }
    let ended = |told: Event, seen: GdapStatus| {
        let story = Story::new()
            .told("2022-01-01", AUDIT, [made(p(), 1, terms(&[])), activated(p(), 1)])
            .told("2022-02-01", AUDIT, [told])
            .told("2022-02-02", GRAPH, [graph(seen, |seen| seen.roles = None)]);
        found(&story, &on("2022-03-01"), FindingCode::SourceConflict).len()
    };
    assert_eq!(ended(terminated(), GdapStatus::Terminating), 0);
    assert_eq!(ended(terminated(), GdapStatus::Expired), 1);
    assert_eq!(ended(terminated(), GdapStatus::Active), 1);
}

#[test]
fn an_assignment_shown_for_another_group_or_with_other_roles_is_at_odds() {
    let shown = |to, given: &[RoleId]| at_odds(assignment_shown(1, to, given, AssignmentStatus::Active));
    let of = |what: &str| format!("{what} of assignment {}", assignment(1));
    assert_eq!(shown(1, &[global_reader()]), Vec::<String>::new());
    assert_eq!(shown(2, &[global_reader()]), [of("group")]);
    assert_eq!(shown(1, &[]), [of("roles")]);
}
