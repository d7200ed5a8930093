//! Findings on granular relationships: what they held, on what they rest, how long they run, and whether anybody can use them.

use std::collections::BTreeSet;

use ofrecord_core::entra_role::GLOBAL_ADMINISTRATOR;
use ofrecord_core::state::granular::GlobalAdministratorSpell;
use ofrecord_core::vocabulary::{ApprovalBasis, AssignmentStatus, GdapStatus};
use ofrecord_core::{SecurityGroupId, Timestamp};

use super::{Scene, finding};
use crate::access::AtEnd;
use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::granular::history::{GranularSpell, GranularSpellKey, granular_by_knowledge};
use crate::granular::{AtMicrosoft, Effect, GranularRow};
use crate::histories::access_by_knowledge;
use crate::intervals::Interval;
use crate::roles;
use crate::viewpoint::Period;

/// Days before an end at which Microsoft first gives notice of it.
const NOTICE_DAYS: i64 = 30;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for row in crate::granular::of_state(&scene.state, scene.viewpoint) {
        found.extend(no_longer_shown(&row));
        if row.status == Some(GdapStatus::Active) {
            found.extend(approval(&row));
            found.extend(end_in_sight(scene, &row));
            found.extend(without_assignment(&row));
            found.extend(failed_assignments(scene, &row));
        }
    }
    found.extend(global_administrator(scene));
    found
}

fn subject(row: &GranularRow) -> FindingSubject {
    FindingSubject { relationship: Some(row.relationship.clone()), ..FindingSubject::partner(row.partner) }
}

fn named(row: &GranularRow) -> String {
    format!("granular relationship {} of partner {}", row.relationship, row.partner)
}

/// Rule G-13, question 14.
fn approval(row: &GranularRow) -> Option<Finding> {
    let (code, since, what) = match &row.approved {
        None => (FindingCode::GdapWithoutApproval, row.status_since, "no approval of it is in the ledger".to_owned()),
        Some(approved) => {
            let what = match &approved.basis {
                ApprovalBasis::CustomerGlobalAdmin => return None,
                ApprovalBasis::ImpliedByDap => "its approval is implied by DAP".to_owned(),
                ApprovalBasis::MicrosoftLed => "it came by the transition that Microsoft led".to_owned(),
                ApprovalBasis::AccountCreated => "it came with the account that the partner created".to_owned(),
                ApprovalBasis::NotStated => "the source does not say on what its approval rests".to_owned(),
                ApprovalBasis::Unrecognised(word) => format!("its approval rests on `{word}`"),
            };
            (FindingCode::GdapApprovalImplied, approved.at.max(row.status_since), what)
        }
    };
    let sentence = format!("{} is in force, and {what}", named(row));
    let positions = row.cells.of("status").chain(row.cells.of("approved"));
    Some(Finding { rule: Some("G-13"), ..finding(code, subject(row), since, sentence, positions) })
}

fn end_in_sight(scene: &Scene<'_>, row: &GranularRow) -> Option<Finding> {
    let end = row.ends_at.filter(|_| row.at_end == Some(AtEnd::Ends))?;
    let noticed = end.plus_days(-NOTICE_DAYS);
    if scene.viewpoint.as_of < noticed {
        return None;
    }
    let sentence = format!("{} ends at {end} and does not go on by itself", named(row));
    let positions = row.cells.of("status").chain(row.cells.of("ends_at"));
    Some(Finding {
        rule: Some("G-18"),
        ..finding(FindingCode::GdapEndInSight, subject(row), noticed.max(row.status_since), sentence, positions)
    })
}

/// Rule A-8.
fn without_assignment(row: &GranularRow) -> Option<Finding> {
    let assignments = row.assignments.iter().flatten();
    if assignments.clone().any(|assignment| assignment.effect == Effect::InForce) {
        return None;
    }
    let known = assignments.count();
    let sentence = match known {
        0 => format!("{} is in force, and the ledger has no assignment of it", named(row)),
        _ => format!("{} is in force, and none of its {known} assignments is", named(row)),
    };
    let positions = row.cells.of("status").chain(row.cells.of("assignments"));
    Some(Finding {
        rule: Some("A-8"),
        ..finding(FindingCode::GdapActiveWithoutAssignment, subject(row), row.status_since, sentence, positions)
    })
}

fn failed_assignments(scene: &Scene<'_>, row: &GranularRow) -> Vec<Finding> {
    let Some(known) = scene.state.access.granular.by_id.get(&row.relationship) else { return Vec::new() };
    let failed = known.assignments.iter().filter_map(|(id, assignment)| {
        let status = assignment.status.as_ref().filter(|status| status.value == AssignmentStatus::Error)?;
        let to = assignment.group.as_ref().map(|group| format!(" to group {}", group.value)).unwrap_or_default();
        let sentence = format!("assignment {id}{to} by {} could not be provisioned", named(row));
        let subject = FindingSubject { field: Some(format!("assignment {id}")), ..subject(row) };
        let since = status.set.effective_at.max(row.status_since);
        let positions = assignment.first_seen.positions().chain(status.set.positions());
        Some(finding(FindingCode::AssignmentFailed, subject, since, sentence, positions))
    });
    failed.collect()
}

/// Rule G-24, question 15; what never came into force is not asked about.
fn no_longer_shown(row: &GranularRow) -> Option<Finding> {
    let over = matches!(row.status, Some(GdapStatus::Expired | GdapStatus::Terminated));
    let since = row.gone_since.filter(|_| over)?;
    let how = match row.at_microsoft {
        AtMicrosoft::Shown => return None,
        AtMicrosoft::CleanedUp => format!("Microsoft cleaned it up at {since}"),
        AtMicrosoft::NoLongerShown => {
            format!("Microsoft no longer shows it since {since}, as no source says otherwise")
        }
    };
    let status = row.status.as_ref().map(GdapStatus::as_str).unwrap_or_default();
    let sentence = format!("{} is {status} since {}, and {how}", named(row), row.status_since);
    let positions = row.cells.of("status").chain(row.cells.of("ends_at")).chain(row.cells.of("at_microsoft"));
    Some(Finding {
        rule: Some("G-24"),
        ..finding(FindingCode::GdapNoLongerShown, subject(row), since, sentence, positions)
    })
}

type Spell = Interval<GranularSpellKey, GranularSpell>;

/// Question 12, over the whole history: when the role was in a relationship in force.
fn global_administrator(scene: &Scene<'_>) -> Vec<Finding> {
    let (known_below, policy) = (scene.viewpoint.known_below, scene.viewpoint.policy);
    let held = scene.state.access.granular.by_id.iter();
    let held: Vec<_> = held.filter_map(|(id, known)| Some((id, known.global_administrator.as_ref()?))).collect();
    if held.is_empty() {
        return Vec::new();
    }
    let spells = granular_by_knowledge(scene.record, known_below, policy);
    let groups = groups_with_role(scene);
    let mut found = Vec::new();
    for (id, role) in held {
        let of_relationship =
            |spell: &&Spell| spell.key.relationship == *id && spell.value.status == GdapStatus::Active;
        for spell in spells.iter().filter(of_relationship) {
            let had = groups.iter().filter(|(relationship, _, _)| relationship == id);
            let had = had.map(|(_, group, period)| (*group, *period)).collect::<Vec<_>>();
            found.extend(role_in_force(scene, role, spell, &had));
        }
    }
    found
}

/// By which relationship which group could act as Global Administrator, and when.
fn groups_with_role(scene: &Scene<'_>) -> Vec<(ofrecord_core::GdapRelationshipId, Option<SecurityGroupId>, Period)> {
    let name = roles::name(GLOBAL_ADMINISTRATOR);
    let known = access_by_knowledge(scene.record, scene.viewpoint.known_below, scene.viewpoint.policy);
    let with_role = known.into_iter().filter(|interval| interval.value.iter().any(|held| held.role == name));
    with_role
        .filter_map(|interval| {
            let period = interval.valid();
            interval.key.granular.map(|key| (key.relationship, key.group, period))
        })
        .collect()
}

fn role_in_force(
    scene: &Scene<'_>,
    role: &GlobalAdministratorSpell,
    spell: &Spell,
    groups: &[(Option<SecurityGroupId>, Period)],
) -> Option<Finding> {
    let as_of = scene.viewpoint.as_of;
    let removed = role.removed.map_or(Timestamp::MAX, |removed| removed.effective_at);
    let period = spell.valid().overlap(&Period { from: role.since.effective_at, to: removed })?;
    if as_of < period.from {
        return None;
    }
    let until = (period.to <= as_of).then_some(period.to);
    let had = groups.iter().filter(|(_, had)| had.from <= as_of && had.overlap(&period).is_some());
    let had: BTreeSet<String> = had
        .map(|(group, _)| group.map_or_else(|| "a group that no source names".to_owned(), |group| group.to_string()))
        .collect();
    let had = match had.len() {
        0 => "no group had it".to_owned(),
        _ => format!("had by {}", had.into_iter().collect::<Vec<_>>().join(", ")),
    };
    let end = until.map(|until| format!(" until {until}")).unwrap_or_default();
    let GranularSpellKey { partner, relationship } = &spell.key;
    let sentence = format!(
        "granular relationship {relationship} of partner {partner} held Global administrator in force from {}{end}; {had}",
        period.from
    );
    let subject = FindingSubject { relationship: Some(relationship.clone()), ..FindingSubject::partner(*partner) };
    let ended = until.iter().flat_map(|_| spell.ended_by.iter().copied());
    let removed = role.removed.into_iter().flat_map(ofrecord_core::Stamp::positions);
    let positions = role.since.positions().chain(spell.positions.iter().copied()).chain(ended).chain(removed);
    Some(Finding {
        until,
        ..finding(FindingCode::GlobalAdministratorGranted, subject, period.from, sentence, positions)
    })
}
