//! Events of granular administration for random histories, and the law that time alone ends access too.

use std::cell::Cell;
use std::collections::BTreeSet;

use ofrecord_core::event::gdap::{
    GdapAccessAssignmentDeleted, GdapAccessAssignmentFailed, GdapAccessAssignmentObserved, GdapAccessAssignmentUpdated,
    GdapAutoExtendSet, GdapGlobalAdministratorRemoved, GdapRelationshipActivated, GdapRelationshipApproved,
    GdapRelationshipCleanedUp, GdapRelationshipExpired, GdapRelationshipExtended, GdapRelationshipObserved,
    GdapRelationshipSubmittedForApproval, GdapRelationshipTerminated, GdapRelationshipTerminationRequested, GdapTerms,
};
use ofrecord_core::vocabulary::{ApprovalBasis, AssignmentStatus, GdapAutoExtend, GdapDuration, GdapStatus, RemovedBy};
use ofrecord_core::{Event, RoleId, Timestamp};

use super::{Dice, check_intervals, for_every_history_of};
use crate::granular::history::read_statuses;
use crate::story::granular::{
    GLOBAL_ADMINISTRATOR, assigned, assignment, global_reader, group, made, relationship, roles, terms,
    user_administrator,
};
use crate::story::{at, customer, partner};
use crate::*;

const ROLES: [fn() -> RoleId; 3] = [|| GLOBAL_ADMINISTRATOR, global_reader, user_administrator];

fn some_roles(dice: &mut Dice) -> Vec<RoleId> {
    let chosen = 1 + dice.roll(7);
    ROLES.iter().zip(0..).filter(|(_, bit)| chosen & (1 << bit) != 0).map(|(role, _)| role()).collect()
}

fn some_terms(dice: &mut Dice) -> GdapTerms {
    GdapTerms {
        duration: GdapDuration::of_days([20, 60, 90][usize::try_from(dice.roll(3)).unwrap()]),
        auto_extend: if dice.roll(2) == 0 { GdapAutoExtend::P0D } else { GdapAutoExtend::P180D },
        ..terms(&some_roles(dice))
    }
}

/// Either one event, or all that brings access: a relationship in force with an assignment in force.
pub(super) fn events(dice: &mut Dice) -> Vec<Event> {
    if dice.roll(2) == 0 {
        return vec![event(dice)];
    }
    let number = dice.small(2);
    let [given, active] = assigned(partner(number), number, number, &some_roles(dice));
    vec![in_force(number, Some(some_terms(dice))), given, active]
}

/// A relationship belongs to the partner of its number, and has the assignment of that number.
pub(super) fn event(dice: &mut Dice) -> Event {
    match dice.small(3) {
        0 => made_or_in_force(dice),
        1 => changed(dice),
        _ => of_assignment(dice),
    }
}

fn made_or_in_force(dice: &mut Dice) -> Event {
    let number = dice.small(2);
    let (partner, relationship) = (partner(number), relationship(number));
    match dice.small(6) {
        0 => made(partner, number, some_terms(dice)),
        1 => {
            Event::GdapRelationshipSubmittedForApproval(GdapRelationshipSubmittedForApproval { partner, relationship })
        }
        2 => Event::GdapRelationshipApproved(GdapRelationshipApproved {
            partner,
            relationship,
            customer: Some(customer()),
            basis: ApprovalBasis::CustomerGlobalAdmin,
            approved_by: None,
            terms: Some(some_terms(dice)),
        }),
        3 => Event::GdapRelationshipObserved(Box::new(GdapRelationshipObserved {
            partner,
            relationship,
            customer: Some(customer()),
            display_name: None,
            duration: None,
            auto_extend: (dice.roll(2) == 0).then_some(GdapAutoExtend::P180D),
            roles: (dice.roll(2) == 0).then(|| roles(&some_roles(dice))),
            status: Some(GdapStatus::KNOWN[usize::try_from(dice.roll(11)).unwrap()].clone()),
            created_at: None,
            modified_at: None,
            activated_at: (dice.roll(2) == 0).then(|| at("2023-12-01")),
            ends_at: (dice.roll(2) == 0).then(|| dice.instant()),
            provider: None,
            partner_consent_pending: None,
            etag: None,
        })),
        _ => in_force(number, (dice.roll(2) == 0).then(|| some_terms(dice))),
    }
}

fn in_force(number: u32, terms: Option<GdapTerms>) -> Event {
    Event::GdapRelationshipActivated(GdapRelationshipActivated {
        partner: partner(number),
        relationship: relationship(number),
        customer: None,
        ends_at: None,
        basis: None,
        terms,
    })
}

fn changed(dice: &mut Dice) -> Event {
    let number = dice.small(2);
    let (partner, relationship) = (partner(number), relationship(number));
    match dice.small(8) {
        0 => Event::GdapRelationshipTerminationRequested(GdapRelationshipTerminationRequested {
            partner,
            relationship,
            by: RemovedBy::Customer,
        }),
        1 => Event::GdapRelationshipTerminated(GdapRelationshipTerminated { partner, relationship, by: None }),
        2 => Event::GdapRelationshipExpired(GdapRelationshipExpired { partner, relationship }),
        3 => Event::GdapRelationshipExtended(GdapRelationshipExtended {
            partner,
            relationship,
            ended_before: None,
            ends_at: dice.instant(),
        }),
        4 => Event::GdapGlobalAdministratorRemoved(GdapGlobalAdministratorRemoved { partner, relationship }),
        5 => Event::GdapRelationshipCleanedUp(GdapRelationshipCleanedUp { partner, relationship }),
        _ => Event::GdapAutoExtendSet(GdapAutoExtendSet {
            partner,
            relationship,
            auto_extend: if dice.roll(2) == 0 { GdapAutoExtend::P0D } else { GdapAutoExtend::P180D },
        }),
    }
}

fn of_assignment(dice: &mut Dice) -> Event {
    let number = dice.small(2);
    let (partner, relationship, assignment) = (partner(number), relationship(number), assignment(number));
    let [given, active] = assigned(partner, number, number, &some_roles(dice));
    match dice.small(8) {
        0 | 1 => given,
        2 | 3 => active,
        4 => Event::GdapAccessAssignmentUpdated(GdapAccessAssignmentUpdated {
            partner,
            relationship,
            assignment,
            roles: Some(roles(&some_roles(dice))),
            roles_before: None,
        }),
        5 => Event::GdapAccessAssignmentDeleted(GdapAccessAssignmentDeleted { partner, relationship, assignment }),
        6 => Event::GdapAccessAssignmentFailed(GdapAccessAssignmentFailed { partner, relationship, assignment }),
        _ => Event::GdapAccessAssignmentObserved(Box::new(GdapAccessAssignmentObserved {
            partner,
            relationship,
            assignment,
            group: Some(group(number)),
            container_type: None,
            roles: (dice.roll(2) == 0).then(|| roles(&some_roles(dice))),
            status: Some(AssignmentStatus::Active),
            created_at: (dice.roll(2) == 0).then(|| at("2023-12-01")),
            modified_at: None,
            etag: None,
        })),
    }
}

fn tick(at: Timestamp, by: i64) -> Timestamp {
    Timestamp::from_ticks(at.ticks().checked_add_signed(by).unwrap()).unwrap()
}

#[test]
fn intervals_are_the_folded_answer_around_every_beginning_and_end() {
    let without_event = Cell::new(0);
    for_every_history_of(events, |dice, story, policy| {
        let record = story.record();
        let told: BTreeSet<Timestamp> = record.facts().map(|fact| fact.effective_at).collect();
        let access_known = access_history(&record, u64::MAX, policy);
        let statuses_known = granular_history(&record, u64::MAX, policy);
        let marks: BTreeSet<Timestamp> = marks(&access_known).chain(marks(&statuses_known)).collect();
        without_event.set(without_event.get() + marks.difference(&told).count());
        for mark in marks {
            for as_of in [tick(mark, -1), mark, tick(mark, 1)] {
                let viewpoint = Viewpoint { as_of, known_below: dice.roll(story.last() + 2), policy };
                let state = record.state(&viewpoint);
                check_intervals(&access_known, &histories::read_access(&state, as_of, policy), &viewpoint);
                check_intervals(&statuses_known, &read_statuses(&state, as_of, policy), &viewpoint);
            }
        }
    });
    assert!(without_event.get() > 50, "only {} instants that no event marks", without_event.get());
}

fn marks<K, V>(intervals: &[Interval<K, V>]) -> impl Iterator<Item = Timestamp> {
    intervals.iter().flat_map(|one| [Some(one.valid_from), one.valid_to]).flatten()
}
