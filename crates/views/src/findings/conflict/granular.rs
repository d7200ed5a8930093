//! Where a source shows a granular relationship or an assignment otherwise than another record left it.
//!
//! A source that shows a later status has merely seen it come; one that shows
//! an earlier one, or another kind of end, is at odds.

use std::collections::BTreeSet;

use ofrecord_core::event::gdap::{GdapAccessAssignmentObserved, GdapRelationshipObserved};
use ofrecord_core::fold::Cell;
use ofrecord_core::state::GdapRelationship;
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapStatus};
use ofrecord_core::{Customer, RoleId, Stamp};

use super::{Conflict, Nature, Sighting, day, near_day, text, word};
use crate::finding::FindingSubject;
use crate::roles;

impl Sighting<'_> {
    pub(super) fn granular(&self, state: &Customer, shown: &GdapRelationshipObserved) -> Vec<Conflict> {
        let Some(known) = state.access.granular.by_id.get(&shown.relationship) else { return Vec::new() };
        let subject =
            FindingSubject { relationship: Some(shown.relationship.clone()), ..FindingSubject::partner(shown.partner) };
        let holds = known.status_at(self.fact.effective_at, self.viewpoint.policy);
        let end = holds.ends_at.zip(known.ends_at.as_ref()).map(|(end, cell)| (end.date_text(), cell.set));
        let at_odds =
            |name, nature, known, shown: Option<String>| self.at_odds(subject.clone(), (name, nature), known, shown);
        let activated = near_day(known.activated_at.as_ref(), shown.activated_at);
        [
            self.status(&subject, known, shown),
            at_odds("customer", Nature::Fixed, text(known.customer.as_ref()), word(shown.customer.as_ref())),
            at_odds("activated_at", Nature::Fixed, activated, day(shown.activated_at)),
            at_odds(
                "display_name",
                Nature::Changing,
                text(known.display_name.as_ref()),
                word(shown.display_name.as_ref()),
            ),
            at_odds("duration", Nature::Changing, text(known.duration.as_ref()), word(shown.duration.as_ref())),
            at_odds(
                "auto_extend",
                Nature::Changing,
                extension(known.auto_extend.as_ref()),
                shown.auto_extend.as_ref().map(one_word_for_none),
            ),
            at_odds("roles", Nature::Changing, named(known.roles.as_ref()), shown.roles.as_ref().map(roles::names)),
            at_odds("ends_at", Nature::Changing, end, day(shown.ends_at)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn status(
        &self,
        subject: &FindingSubject,
        known: &GdapRelationship,
        shown: &GdapRelationshipObserved,
    ) -> Option<Conflict> {
        let holds = known.status_at(self.fact.effective_at, self.viewpoint.policy);
        let (known, shown) = (holds.status?, shown.status.as_ref()?);
        let (from, to) = (stage(&known)?, stage(shown)?);
        if from < to && !(is_over(from) && is_over(to)) {
            return None;
        }
        let known = if from == to { shown.to_string() } else { known.to_string() };
        self.at_odds(subject.clone(), ("status", Nature::Changing), Some((known, holds.set)), Some(shown.to_string()))
    }

    pub(super) fn assignment(&self, state: &Customer, shown: &GdapAccessAssignmentObserved) -> Vec<Conflict> {
        let known = state.access.granular.by_id.get(&shown.relationship);
        let Some(known) = known.and_then(|known| known.assignments.get(&shown.assignment)) else { return Vec::new() };
        let subject = |field: &str| FindingSubject {
            relationship: Some(shown.relationship.clone()),
            field: Some(field.to_owned()),
            ..FindingSubject::partner(shown.partner)
        };
        let of = |what: &str| format!("{what} of assignment {}", shown.assignment);
        let (group, given) = (of("group"), of("roles"));
        [
            self.at_odds(
                subject(&group),
                (&group, Nature::Fixed),
                text(known.group.as_ref()),
                word(shown.group.as_ref()),
            ),
            self.at_odds(
                subject(&given),
                (&given, Nature::Changing),
                named(known.roles.as_ref()),
                shown.roles.as_ref().map(roles::names),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// How far along a status is; those of one end stand on one stage, as one source tells of its beginning and another
/// of its being done. None for words that are not published.
fn stage(status: &GdapStatus) -> Option<u8> {
    Some(match status {
        GdapStatus::Created => 0,
        GdapStatus::ApprovalPending => 1,
        GdapStatus::Approved | GdapStatus::Activating => 2,
        GdapStatus::Active => 3,
        GdapStatus::Expiring | GdapStatus::Expired => 4,
        GdapStatus::TerminationRequested | GdapStatus::Terminating | GdapStatus::Terminated => 5,
        GdapStatus::Rejected => 6,
        GdapStatus::RequestExpired => 7,
        GdapStatus::Deleted => 8,
        GdapStatus::Unrecognised(_) => return None,
    })
}

fn is_over(stage: u8) -> bool {
    stage > 3
}

/// `P0D` and `PT0S` say the same.
fn one_word_for_none(extend: &GdapAutoExtend) -> String {
    match extend {
        GdapAutoExtend::P0D | GdapAutoExtend::Pt0S => GdapAutoExtend::P0D.to_string(),
        GdapAutoExtend::P180D | GdapAutoExtend::Unrecognised(_) => extend.to_string(),
    }
}

fn extension(cell: Option<&Cell<GdapAutoExtend>>) -> Option<(String, Stamp)> {
    cell.map(|cell| (one_word_for_none(&cell.value), cell.set))
}

fn named(cell: Option<&Cell<BTreeSet<RoleId>>>) -> Option<(String, Stamp)> {
    cell.map(|cell| (roles::names(&cell.value), cell.set))
}
