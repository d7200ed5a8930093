//! DAP that Microsoft ended, and what replaced it (question 13).

use ofrecord_core::event::dap::{DapState, DapTerminatedByMicrosoft};
use ofrecord_core::fold::Fact;
use ofrecord_core::vocabulary::{DapTerminationCause, GdapStatus};
use ofrecord_core::{Event, GdapRelationshipId, PartnerTenantId, Timestamp};
use serde::Serialize;

use crate::granular::history::{GranularSpell, GranularSpellKey, granular_by_knowledge};
use crate::intervals::Interval;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// What a partner could administer by, once Microsoft had ended its DAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplacedBy {
    /// The granular relationship of the transition that Microsoft led (rule D-6).
    MicrosoftLed,
    /// Another granular relationship.
    Gdap,
    /// DAP again.
    Dap,
    /// Nothing, as far as the ledger shows up to the instant asked about.
    Nothing,
}

/// One time that Microsoft ended a partner's DAP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DapTermination {
    /// The partner.
    pub partner: PartnerTenantId,
    /// When it ended.
    pub terminated_at: Timestamp,
    /// Why, where the source says; for inactivity when it does not (rule D-5).
    pub cause: Option<DapTerminationCause>,
    /// The partner's last sign-in, where the source has it.
    pub last_sign_in_at: Option<Timestamp>,
    /// What replaced it.
    pub replaced_by: ReplacedBy,
    /// Since when that was in force; earlier than the end where both stood side by side.
    pub replaced_at: Option<Timestamp>,
    /// The granular relationship, where one replaced it.
    pub relationship: Option<GdapRelationshipId>,
    /// The entries behind the end and behind what replaced it.
    pub positions: Vec<u64>,
}

/// Every time that Microsoft ended DAP up to the instant asked about, in the order of the world.
#[must_use]
pub fn dap_terminations(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<DapTermination> {
    let facts = record.facts_at(viewpoint);
    let spells = granular_by_knowledge(record, viewpoint.known_below, viewpoint.policy);
    let since = Since { facts: &facts, spells: &spells, as_of: viewpoint.as_of };
    facts
        .iter()
        .filter_map(|fact| {
            let Event::DapTerminatedByMicrosoft(event) = &*fact.event else { return None };
            Some(since.termination(fact, event))
        })
        .collect()
}

/// What is known of the time from a termination up to the instant asked about.
struct Since<'a> {
    facts: &'a [Fact],
    spells: &'a [Interval<GranularSpellKey, GranularSpell>],
    as_of: Timestamp,
}

impl Since<'_> {
    fn termination(&self, fact: &Fact, event: &DapTerminatedByMicrosoft) -> DapTermination {
        let (partner, at) = (event.partner, fact.effective_at);
        let led = self.transition(partner, at);
        let granular = self.granular(partner, at, led.as_ref().map(|(_, id)| id));
        let dap = self.granted_again(partner, fact);
        let (replaced_by, replaced_at, relationship, behind) = match (granular, dap) {
            (Some(spell), _) => {
                let by_microsoft = led.filter(|(_, id)| *id == spell.key.relationship);
                let how = if by_microsoft.is_some() { ReplacedBy::MicrosoftLed } else { ReplacedBy::Gdap };
                let started = by_microsoft.iter().flat_map(|(fact, _)| fact.stamp().positions());
                let behind = started.chain(spell.positions.iter().copied()).collect();
                (how, Some(spell.valid_from), Some(spell.key.relationship.clone()), behind)
            }
            (None, Some(again)) => {
                (ReplacedBy::Dap, Some(again.effective_at), None, again.stamp().positions().collect())
            }
            (None, None) => (ReplacedBy::Nothing, None, None, Vec::new()),
        };
        let mut positions: Vec<u64> = fact.stamp().positions().chain(behind).collect();
        positions.sort_unstable();
        positions.dedup();
        DapTermination {
            partner,
            terminated_at: at,
            cause: event.cause.clone(),
            last_sign_in_at: event.last_sign_in_at,
            replaced_by,
            replaced_at,
            relationship,
            positions,
        }
    }

    /// The newest transition that Microsoft began for the partner before an instant.
    fn transition(&self, partner: PartnerTenantId, before: Timestamp) -> Option<(&Fact, GdapRelationshipId)> {
        let earlier = self.facts.iter().filter(|fact| fact.effective_at <= before).rev();
        earlier.into_iter().find_map(|fact| {
            let Event::DapTransitionStartedByMicrosoft(event) = &*fact.event else { return None };
            (event.partner == partner).then(|| (fact, event.relationship.clone()))
        })
    }

    /// A relationship of the partner in force at an instant or later: that of the transition, or else the first one.
    fn granular(
        &self,
        partner: PartnerTenantId,
        from: Timestamp,
        led: Option<&GdapRelationshipId>,
    ) -> Option<&Interval<GranularSpellKey, GranularSpell>> {
        let in_force = self.spells.iter().filter(|spell| {
            spell.key.partner == partner
                && spell.value.status == GdapStatus::Active
                && spell.valid_from <= self.as_of
                && spell.valid_to.is_none_or(|to| from < to)
        });
        in_force.min_by_key(|spell| (led != Some(&spell.key.relationship), spell.valid_from))
    }

    fn granted_again(&self, partner: PartnerTenantId, ended: &Fact) -> Option<&Fact> {
        let later = self.facts.iter().filter(|fact| (fact.effective_at, fact.at) > (ended.effective_at, ended.at));
        later.into_iter().find(|fact| {
            if let Event::DapGranted(event) = &*fact.event {
                event.partner == partner
            } else if let Event::DapObserved(event) = &*fact.event {
                event.partner == partner && event.state == DapState::Active
            } else {
                false
            }
        })
    }
}

#[cfg(test)]
mod tests;
