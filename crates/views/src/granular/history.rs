//! Which status each granular relationship had when, on both times; what only time brings about included.

use std::collections::BTreeMap;

use ofrecord_core::effect::Column;
use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{Customer, GdapRelationshipId, PartnerTenantId, Policy, Timestamp};
use serde::Serialize;

use super::status_cells;
use crate::cells::Cells;
use crate::intervals::{Held, Interval, Reading, TimedTurn, bitemporal, by_knowledge};
use crate::record::CustomerRecord;
use crate::viewpoint::Seen;

/// Which relationship of which partner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GranularSpellKey {
    /// The partner.
    pub partner: PartnerTenantId,
    /// The relationship.
    pub relationship: GdapRelationshipId,
}

/// A status, and whether time alone brought it about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GranularSpell {
    /// The status.
    pub status: GdapStatus,
    /// The rule by which it followed from time alone (G-14, G-18); none where an event says so.
    pub rule: Option<&'static str>,
}

/// Which status each relationship had when, by what was known when. An end or
/// an unanswered request that is still to come lies in the future of its
/// interval; an extension is a change of the end, not of the status.
#[must_use]
pub fn granular_history(
    record: &CustomerRecord,
    seen: impl Into<Seen>,
    policy: &Policy,
) -> Vec<Interval<GranularSpellKey, GranularSpell>> {
    bitemporal(record, seen, Column::Access, in_time(policy))
}

/// The same in the world's time alone, by what is known below a position.
pub(crate) fn granular_by_knowledge(
    record: &CustomerRecord,
    known_below: u64,
    policy: &Policy,
) -> Vec<Interval<GranularSpellKey, GranularSpell>> {
    by_knowledge(record, known_below, Column::Access, in_time(policy))
}

fn in_time(policy: &Policy) -> Reading<'_, GranularSpellKey, GranularSpell> {
    Reading::InTime { policy, held: read_statuses, next: next_turn }
}

pub(crate) fn read_statuses(
    customer: &Customer,
    at: Timestamp,
    policy: &Policy,
) -> BTreeMap<GranularSpellKey, Held<GranularSpell>> {
    let mut held = BTreeMap::new();
    for (id, known) in &customer.access.granular.by_id {
        let holds = known.status_at(at, policy);
        let Some(status) = holds.status.clone() else { continue };
        // An extension is due by a rule too, and leaves the status to its event.
        let by_time = Some(&status) != known.status.as_ref().map(|recorded| &recorded.value);
        let mut cells = Cells::default();
        if by_time {
            status_cells(known, &holds, "status", &mut cells);
        } else {
            cells.stamp("status", holds.set);
        }
        let value = GranularSpell { status, rule: holds.rule.filter(|_| by_time) };
        let key = GranularSpellKey { partner: known.partner, relationship: id.clone() };
        held.insert(key, Held { value, positions: cells.positions() });
    }
    held
}

fn next_turn(customer: &Customer, at: Timestamp, policy: &Policy) -> Option<TimedTurn> {
    let turns = customer.access.granular.by_id.values().filter_map(|known| {
        let next = known.next_change(at, policy)?;
        let then = known.status_at(next, policy);
        let mut cells = Cells::default();
        status_cells(known, &then, "status", &mut cells);
        (then.status != known.status_at(at, policy).status).then(|| (next, cells.of("status").collect()))
    });
    TimedTurn::first(turns)
}
