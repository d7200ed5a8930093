//! The facts of one stream and the fold of them, with checkpoints so that what is late or past costs what lies near it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::checkpoints::{Checkpoint, Checkpoints, STRIDE_MIN};
use super::{EventRef, Fact, State, order};
use crate::event::Event;
use crate::event::ledger::EventCorrected;
use crate::time::Timestamp;

#[cfg(test)]
mod tests;

/// All facts of one stream, and the state after all of them.
///
/// Facts are kept in the order of the world (effective instant, then place), so
/// a late one is put where it belongs; what was known earlier is a prefix by position.
/// States are kept along the way, of facts that no correction touches: any question, and any late fact,
/// folds from the nearest one before it.
#[derive(Debug, Clone)]
pub struct History<S> {
    facts: Vec<Fact>,
    corrections: BTreeMap<EventRef, Vec<(EventRef, EventCorrected)>>,
    /// The earliest instant at which a correction takes a fact away or puts one.
    touched: Option<Timestamp>,
    /// What holds of the facts while they are not folded.
    settled: Checkpoints<S>,
    /// The fold of all facts; gone after a late one, until it is asked for.
    folded: OnceLock<Folded<S>>,
}

/// The fold of all facts of a history.
#[derive(Debug, Clone)]
struct Folded<S> {
    /// The settled checkpoints, and those made since.
    checkpoints: Checkpoints<S>,
    /// Every fact stands below this position.
    known: u64,
    state: S,
}

impl<S: State> Default for History<S> {
    fn default() -> Self {
        let folded = Folded { checkpoints: Checkpoints::default(), known: 0, state: S::default() };
        Self {
            facts: Vec::new(),
            corrections: BTreeMap::new(),
            touched: None,
            settled: Checkpoints::default(),
            folded: OnceLock::from(folded),
        }
    }
}

impl<S: State> History<S> {
    /// Takes in a fact. One that is the newest in the world is folded on. After a
    /// late one, a correction, and any fact that a correction moves or moved another
    /// behind, the fold goes on from before it when it is next asked for.
    pub fn push(&mut self, fact: Fact) {
        let newest = self.is_newest(&fact);
        if let Event::EventCorrected(correction) = &*fact.event {
            self.note(&fact, correction);
        } else if newest {
            self.go_on(fact);
            return;
        }
        if self.corrections.contains_key(&fact.at) {
            self.touch(fact.effective_at);
        }
        let place = self.facts.partition_point(|known| order(known) < order(&fact));
        self.settle(place);
        self.facts.insert(place, fact);
    }

    /// Whether a fact comes after all others, also those that corrections moved, and none corrects it.
    fn is_newest(&self, fact: &Fact) -> bool {
        let moved =
            self.corrections.iter().flat_map(|(at, list)| list.iter().map(move |(_, by)| (by.effective_at, *at)));
        !self.corrections.contains_key(&fact.at)
            && self.facts.last().is_none_or(|last| order(last) < order(fact))
            && moved.filter_map(|(moved_to, at)| Some((moved_to?, at))).all(|moved| moved < order(fact))
    }

    /// Takes in the newest fact.
    fn go_on(&mut self, fact: Fact) {
        if let Some(folded) = self.folded.get_mut() {
            if self.touched.is_none() {
                folded.checkpoints.pass(self.facts.len(), folded.known, &folded.state);
            }
            folded.take(&fact);
        }
        self.facts.push(fact);
    }

    /// Notes what a correction says of which event.
    fn note(&mut self, fact: &Fact, correction: &EventCorrected) {
        let corrected = EventRef { position: correction.position, index: correction.event_index };
        let recorded = self.facts.iter().find(|known| known.at == corrected).map(|known| known.effective_at);
        recorded.into_iter().chain(correction.effective_at).for_each(|at| self.touch(at));
        self.corrections.entry(corrected).or_default().push((fact.at, correction.clone()));
    }

    fn touch(&mut self, at: Timestamp) {
        self.touched = Some(self.touched.map_or(at, |touched| touched.min(at)));
    }

    /// Gives up the fold, save for checkpoints of the facts before a place that no correction touches.
    fn settle(&mut self, place: usize) {
        if let Some(folded) = self.folded.take() {
            self.settled = folded.checkpoints;
        }
        let place = place.min(self.untouched());
        self.settled.cut(place);
        // Late facts come near each other: the next one need not go as far back.
        if place >= self.settled.last() + STRIDE_MIN {
            let (from, known) = self.settled.before(place, u64::MAX).map_or((0, 0), |kept| (kept.facts, kept.known));
            let since = self.facts.get(from..place).unwrap_or_default();
            let known = since.iter().map(|fact| fact.at.position.saturating_add(1)).fold(known, u64::max);
            let state = self.plain(&self.settled, place, u64::MAX).into();
            self.settled.keep(Checkpoint { facts: place, known, state });
        }
    }

    /// How many facts come before everything that corrections touch.
    fn untouched(&self) -> usize {
        let touched = |touched| self.facts.partition_point(|fact| fact.effective_at < touched);
        self.touched.map_or(self.facts.len(), touched)
    }

    /// The state after everything known.
    #[must_use]
    pub fn latest(&self) -> &S {
        &self.folded().state
    }

    fn folded(&self) -> &Folded<S> {
        self.folded.get_or_init(|| {
            let checkpoints = self.settled.clone();
            let (from, known, state) = match checkpoints.before(usize::MAX, u64::MAX) {
                Some(kept) => (kept.facts, kept.known, S::clone(&kept.state)),
                None => (0, 0, S::default()),
            };
            let mut folded = Folded { checkpoints, known, state };
            let untouched = self.untouched();
            for (number, fact) in (from..untouched).zip(self.facts.iter().skip(from)) {
                folded.checkpoints.pass(number, folded.known, &folded.state);
                folded.take(fact);
            }
            self.effective_from(untouched, u64::MAX).iter().for_each(|fact| folded.take(fact));
            folded
        })
    }

    /// The facts, in the order of the world.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The newest instant in the world that a fact speaks of, as recorded or as corrected.
    #[must_use]
    pub fn latest_effective(&self) -> Option<Timestamp> {
        let recorded = self.facts.last().map(|fact| fact.effective_at);
        let moved_to = self.corrections.values().flatten().filter_map(|(_, correction)| correction.effective_at);
        recorded.into_iter().chain(moved_to).max()
    }

    /// The state at an instant of the world, by what stood at positions below `known_below`.
    #[must_use]
    pub fn state_at(&self, as_of: Timestamp, known_below: u64) -> S {
        let facts = self.facts.partition_point(|fact| fact.effective_at <= as_of);
        let untouched = self.untouched().min(facts);
        let mut state = match self.folded.get() {
            Some(folded) => self.plain(&folded.checkpoints, untouched, known_below),
            // Far beyond what is settled, everything is folded once, and checkpoints with it.
            None if untouched > self.settled.last() + 2 * STRIDE_MIN => {
                self.plain(&self.folded().checkpoints, untouched, known_below)
            }
            None => self.plain(&self.settled, untouched, known_below),
        };
        if self.touched.is_some_and(|touched| touched <= as_of) {
            let rest = self.effective_from(untouched, known_below);
            rest.iter().take_while(|fact| fact.effective_at <= as_of).for_each(|fact| state.apply(fact));
        }
        state
    }

    /// The state after the first facts, as long as no correction touches them.
    fn plain(&self, checkpoints: &Checkpoints<S>, facts: usize, known_below: u64) -> S {
        let (from, mut state) = match checkpoints.before(facts, known_below) {
            Some(kept) => (kept.facts, S::clone(&kept.state)),
            None => (0, S::default()),
        };
        let facts = self.facts.get(from..facts).unwrap_or_default();
        facts.iter().filter(|fact| fact.at.position < known_below).for_each(|fact| state.apply(fact));
        state
    }

    /// The facts that hold by what stood at positions below `known_below`, in
    /// the order of the world, with corrections applied.
    #[must_use]
    pub fn effective_facts(&self, known_below: u64) -> Vec<Fact> {
        self.effective_from(0, known_below)
    }

    /// The same, of the facts from one on; no fact before it may be touched by a correction.
    fn effective_from(&self, first: usize, known_below: u64) -> Vec<Fact> {
        let mut moved = false;
        let facts = self.facts.get(first..).unwrap_or_default();
        let mut facts: Vec<Fact> = facts
            .iter()
            .filter(|fact| fact.at.position < known_below)
            .filter_map(|fact| self.corrected(fact, known_below, &mut moved))
            .collect();
        if moved {
            facts.sort_by_key(order);
        }
        facts
    }

    fn corrected(&self, fact: &Fact, known_below: u64, moved: &mut bool) -> Option<Fact> {
        let newest = self
            .corrections
            .get(&fact.at)
            .and_then(|list| list.iter().filter(|(at, _)| at.position < known_below).max_by_key(|(at, _)| *at));
        let Some((by, correction)) = newest else { return Some(fact.clone()) };
        let event = Arc::new(correction.replacement.as_deref()?.clone());
        let effective_at = correction.effective_at.unwrap_or(fact.effective_at);
        *moved |= effective_at != fact.effective_at;
        Some(Fact { at: fact.at, effective_at, event, corrected_by: Some(*by) })
    }
}

impl<S: State> Folded<S> {
    fn take(&mut self, fact: &Fact) {
        self.state.apply(fact);
        self.known = self.known.max(fact.at.position.saturating_add(1));
    }
}
