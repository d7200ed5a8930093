//! Where a source shows a value that another record rules out (question 28).
//!
//! What may never change (the owner, the order, the day of the purchase) is at
//! odds whenever it differs, unless a transfer changed it. What may change is at odds when it differs from
//! what another source, or a command to this ledger, left: one source that
//! shows a new value has merely seen a change.

use std::collections::BTreeSet;

use ofrecord_core::event::customer::CustomerObserved;
use ofrecord_core::event::dap::{DapObserved, DapState};
use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::event::subscription::{ObservedPartnerId, SubscriptionObserved, SubscriptionPurchased};
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::fold::{Cell, Fact};
use ofrecord_core::vocabulary::{LineStatus, RelationshipKind};
use ofrecord_core::{Customer, Event, PartnerId, PartnerTenantId, Stamp, State, SubscriptionId, Timestamp};

use super::{Scene, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

mod granular;

/// A value shown that is at odds with what was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conflict {
    subject: FindingSubject,
    since: Timestamp,
    known: String,
    shown: String,
    earlier: BTreeSet<u64>,
    later: BTreeSet<u64>,
}

impl Conflict {
    /// Whether an entry is on either side.
    pub(crate) fn concerns(&self, position: u64) -> bool {
        self.earlier.contains(&position) || self.later.contains(&position)
    }

    /// The entries of both sides.
    pub(crate) fn positions(&self) -> impl Iterator<Item = u64> + '_ {
        self.earlier.iter().chain(&self.later).copied()
    }
}

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    conflicts(scene.record, scene.viewpoint)
        .into_iter()
        .map(|conflict| {
            let field = conflict.subject.field.clone().unwrap_or_default();
            let sentence = format!("{field} is shown as {}; it was known as {}", conflict.shown, conflict.known);
            let positions: Vec<u64> = conflict.positions().collect();
            finding(FindingCode::SourceConflict, conflict.subject, conflict.since, sentence, positions)
        })
        .collect()
}

/// The conflicts among the facts of a viewpoint, in the order of the world.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other events say what changed, and contradict nothing")]
pub(crate) fn conflicts(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<Conflict> {
    let mut state = Customer::default();
    let mut found = Vec::new();
    for fact in record.facts_at(viewpoint) {
        let sighting = Sighting { record, viewpoint, fact: &fact };
        match &*fact.event {
            Event::SubscriptionObserved(shown) => found.extend(sighting.subscription(&state, shown)),
            Event::SubscriptionPurchased(bought) => found.extend(sighting.purchase(&state, bought)),
            Event::ResellerRelationshipObserved(shown) => found.extend(sighting.relationship(&state, shown)),
            Event::CustomerObserved(shown) => found.extend(sighting.customer(&state, shown)),
            Event::DapObserved(shown) => found.extend(sighting.dap(&state, shown)),
            Event::GdapRelationshipObserved(shown) => found.extend(sighting.granular(&state, shown)),
            Event::GdapAccessAssignmentObserved(shown) => found.extend(sighting.assignment(&state, shown)),
            _ => {}
        }
        state.apply(&fact);
    }
    found
}

/// Whether a value may become another without an event that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nature {
    /// Never.
    Fixed,
    /// It may, unseen by the source that shows it.
    Changing,
}

/// A fact that shows values, against what is known before it.
struct Sighting<'a> {
    record: &'a CustomerRecord,
    viewpoint: &'a Viewpoint<'a>,
    fact: &'a Fact,
}

impl Sighting<'_> {
    fn at_odds(
        &self,
        subject: FindingSubject,
        field: (&str, Nature),
        known: Option<(String, Stamp)>,
        shown: Option<String>,
    ) -> Option<Conflict> {
        let ((known, set), shown) = (known?, shown?);
        let (field, nature) = field;
        if known == shown || (nature == Nature::Changing && self.same_source(set)) {
            return None;
        }
        Some(Conflict {
            subject: FindingSubject { field: Some(field.to_owned()), ..subject },
            since: self.fact.effective_at,
            known,
            shown,
            earlier: set.positions().collect(),
            later: self.fact.stamp().positions().collect(),
        })
    }

    fn same_source(&self, set: Stamp) -> bool {
        let earlier = self.sources(set);
        let later = self.sources(self.fact.stamp());
        !earlier.is_disjoint(&later) || (earlier.is_empty() && later.is_empty())
    }

    fn sources(&self, stamp: Stamp) -> BTreeSet<SourceSystem> {
        stamp
            .positions()
            .filter_map(|position| self.record.entry(position))
            .flat_map(|entry| entry.evidence.iter().map(|evidence| evidence.source.clone()))
            .collect()
    }

    fn subscription(&self, state: &Customer, shown: &SubscriptionObserved) -> Vec<Conflict> {
        let Some(known) = state.subscriptions.by_id.get(&shown.subscription) else { return Vec::new() };
        let terms = &known.terms;
        let before = Viewpoint { as_of: self.fact.effective_at, ..*self.viewpoint };
        let status = crate::subscriptions::status(known, &before);
        let status = terms.status.as_ref().map(|_| (status.status.to_string(), status.set));
        let of_record = known.partners_of_record.reseller_of_record.as_ref();
        let taken_over = shown.owner.is_some_and(|owner| taken_over(state, shown.subscription, owner));
        let at_odds = |name, nature, known: Option<(String, Stamp)>, shown: Option<String>| {
            let known = known.filter(|_| nature == Nature::Changing || !taken_over);
            self.at_odds(subject(shown_id(self.fact)), (name, nature), known, shown)
        };
        [
            at_odds("owner", Nature::Fixed, text(known.owner.as_ref()), word(shown.owner.as_ref())),
            at_odds("order", Nature::Fixed, order(terms.order.as_ref()), lower(shown.order.as_ref())),
            at_odds(
                "bought_at",
                Nature::Fixed,
                near_day(terms.bought_at.as_ref(), shown.created_at),
                day(shown.created_at),
            ),
            at_odds("status", Nature::Changing, status, word(shown.status.as_ref())),
            at_odds("quantity", Nature::Changing, text(terms.quantity.as_ref()), word(shown.quantity.as_ref())),
            at_odds("term", Nature::Changing, text(terms.term.as_ref()), word(shown.term.as_ref())),
            at_odds(
                "billing_cycle",
                Nature::Changing,
                text(terms.billing_cycle.as_ref()),
                word(shown.billing_cycle.as_ref()),
            ),
            at_odds("auto_renew", Nature::Changing, text(terms.auto_renew.as_ref()), word(shown.auto_renew.as_ref())),
            at_odds("commitment_end", Nature::Changing, days(terms.commitment_end.as_ref()), day(shown.commitment_end)),
            at_odds(
                "reseller_of_record",
                Nature::Changing,
                of_record.map(|cell| (partner_id(cell.value.as_ref()), cell.set)),
                shown.reseller_of_record.as_ref().map(|shown| match shown {
                    ObservedPartnerId::Nobody => partner_id(None),
                    ObservedPartnerId::Partner(id) => partner_id(Some(id)),
                }),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn purchase(&self, state: &Customer, bought: &SubscriptionPurchased) -> Vec<Conflict> {
        let Some(known) = state.subscriptions.by_id.get(&bought.subscription) else { return Vec::new() };
        if taken_over(state, bought.subscription, bought.owner) {
            return Vec::new();
        }
        let at_odds = |name, known, shown: String| {
            self.at_odds(subject(Some(bought.subscription)), (name, Nature::Fixed), known, Some(shown))
        };
        [
            at_odds("owner", text(known.owner.as_ref()), bought.owner.to_string()),
            at_odds("order", order(known.terms.order.as_ref()), bought.order.as_str().to_ascii_lowercase()),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn relationship(&self, state: &Customer, shown: &ResellerRelationshipObserved) -> Option<Conflict> {
        self.kind(state, shown.partner, &shown.relationship)
    }

    fn customer(&self, state: &Customer, shown: &CustomerObserved) -> Option<Conflict> {
        self.kind(state, shown.partner?, shown.relationship.as_ref()?)
    }

    /// A source that does not say contradicts nothing.
    fn kind(&self, state: &Customer, partner: PartnerTenantId, shown: &RelationshipKind) -> Option<Conflict> {
        let known = state.resellers.relationships.get(&partner)?;
        let known = match &known.ended {
            Some(ended) => (RelationshipKind::None.to_string(), ended.set),
            None => (known.kind.value.to_string(), known.kind.set),
        };
        let shown = Some(shown.to_string()).filter(|_| *shown != RelationshipKind::Unknown);
        self.at_odds(FindingSubject::partner(partner), ("relationship", Nature::Changing), Some(known), shown)
    }

    fn dap(&self, state: &Customer, shown: &DapObserved) -> Option<Conflict> {
        let access = state.access.of(shown.partner)?;
        let on = access.dap.values().map(|grant| grant.granted).max();
        let known = match (on, &access.dap_ended) {
            (Some(granted), _) => ("on".to_owned(), granted),
            (None, Some(ended)) => ("off".to_owned(), ended.set),
            (None, None) => return None,
        };
        let shown_word = match shown.state {
            DapState::Active => "on",
            DapState::Removed => "off",
        };
        let subject = FindingSubject::partner(shown.partner);
        self.at_odds(subject, ("dap", Nature::Changing), Some(known), Some(shown_word.to_owned()))
    }
}

/// Whether a transfer of the subscription to the partner is on record: the owner, the order and the day of the
/// purchase are the target's then, whether a completion or only a reading of the transfer tells of it.
fn taken_over(state: &Customer, id: SubscriptionId, owner: PartnerTenantId) -> bool {
    state.transfers.values().any(|transfer| {
        let moved = transfer.lines.iter().filter(|(_, line)| line.status.value == LineStatus::Complete);
        let mut ids = moved.flat_map(|(old, line)| [Some(*old), line.new_subscription.as_ref().map(|new| new.value)]);
        transfer.target.as_ref().is_some_and(|target| target.value == owner) && ids.any(|known| known == Some(id))
    })
}

fn shown_id(fact: &Fact) -> Option<SubscriptionId> {
    fact.event.subscription()
}

fn subject(id: Option<SubscriptionId>) -> FindingSubject {
    FindingSubject { subscription: id, ..FindingSubject::default() }
}

fn text<T: ToString>(cell: Option<&Cell<T>>) -> Option<(String, Stamp)> {
    cell.map(|cell| (cell.value.to_string(), cell.set))
}

fn word<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(ToString::to_string)
}

/// Legacy order ids come in either case.
fn order<T: ToString>(cell: Option<&Cell<T>>) -> Option<(String, Stamp)> {
    cell.map(|cell| (cell.value.to_string().to_ascii_lowercase(), cell.set))
}

fn lower<T: ToString>(value: Option<&T>) -> Option<String> {
    value.map(|value| value.to_string().to_ascii_lowercase())
}

/// Sources write the same end as its day's first or last instant, so days are compared.
fn day(at: Option<Timestamp>) -> Option<String> {
    at.map(Timestamp::date_text)
}

fn days(cell: Option<&Cell<Timestamp>>) -> Option<(String, Stamp)> {
    cell.map(|cell| (cell.value.date_text(), cell.set))
}

/// The order and the subscription it created are up to a day apart, so a
/// neighbouring day is the same day.
fn near_day(cell: Option<&Cell<Timestamp>>, shown: Option<Timestamp>) -> Option<(String, Stamp)> {
    let cell = cell?;
    let near = shown.is_some_and(|shown| cell.value.days_since(shown).abs() <= 1);
    let known = if near { shown.unwrap_or(cell.value) } else { cell.value };
    Some((known.date_text(), cell.set))
}

fn partner_id(id: Option<&PartnerId>) -> String {
    id.map_or_else(|| "nobody".to_owned(), ToString::to_string)
}
