//! The one fold: facts in the order of the world, corrections applied, up to an instant and a position.

use std::collections::BTreeMap;

use crate::decision::Entry;
use crate::event::Event;
use crate::event::ledger::EventCorrected;
use crate::time::Timestamp;

/// Which event of which entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventRef {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry, from 0.
    pub index: u32,
}

/// An event with its place and its time in the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Where it stands.
    pub at: EventRef,
    /// When it became true.
    pub effective_at: Timestamp,
    /// What happened.
    pub event: Event,
    /// The correction that put this in place of what was recorded first.
    pub corrected_by: Option<EventRef>,
}

/// When and by which event a value was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// By which event.
    pub at: EventRef,
    /// Since when in the world.
    pub effective_at: Timestamp,
    /// The correction behind it, when the event was corrected.
    pub corrected_by: Option<EventRef>,
}

impl Stamp {
    /// The positions of the entries that set the value: the event's, and its correction's.
    pub fn positions(self) -> impl Iterator<Item = u64> {
        [Some(self.at), self.corrected_by].into_iter().flatten().map(|at| at.position)
    }
}

/// A value and the event that set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<T> {
    /// The value.
    pub value: T,
    /// What set it.
    pub set: Stamp,
}

impl<T> Cell<T> {
    /// A value set by a stamp.
    pub fn new(value: T, set: Stamp) -> Self {
        Self { value, set }
    }
}

impl Fact {
    /// The facts of an entry, in their order.
    pub fn of(entry: &Entry) -> impl Iterator<Item = Fact> + '_ {
        (0_u32..).zip(entry.decision.events()).map(|(index, event)| Fact {
            at: EventRef { position: entry.position, index },
            effective_at: entry.effective_at(),
            event: event.clone(),
            corrected_by: None,
        })
    }

    /// The stamp it leaves on what it sets.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.at, effective_at: self.effective_at, corrected_by: self.corrected_by }
    }
}

/// State folded from facts. Total: every event can be applied to every state
/// (old facts must stay readable when a rule changes).
pub trait State: Clone + Default {
    /// Takes in one fact. Must not fail, and must not depend on anything but the state and the fact.
    fn apply(&mut self, fact: &Fact);
}

/// All facts of one stream, and the state after all of them.
///
/// Facts are kept in the order of the world (effective instant, then place), so
/// a late one is put where it belongs; what was known earlier is a prefix by position.
#[derive(Debug, Clone)]
pub struct History<S> {
    facts: Vec<Fact>,
    corrections: BTreeMap<EventRef, Vec<(EventRef, EventCorrected)>>,
    state: S,
}

impl<S: State> Default for History<S> {
    fn default() -> Self {
        Self { facts: Vec::new(), corrections: BTreeMap::new(), state: S::default() }
    }
}

impl<S: State> History<S> {
    /// Takes in a fact. One that is the newest in the world is folded on; a
    /// late one, a correction, and any fact that a correction moved another
    /// behind fold the whole history again.
    pub fn push(&mut self, fact: Fact) {
        if let Event::EventCorrected(correction) = &fact.event {
            let corrected = EventRef { position: correction.position, index: correction.event_index };
            self.corrections.entry(corrected).or_default().push((fact.at, correction.clone()));
            self.insert(fact);
            self.state = self.state_at(Timestamp::MAX, u64::MAX);
        } else if self.latest_effective().is_none_or(|latest| latest <= fact.effective_at)
            && self.facts.last().is_none_or(|last| order(last) < order(&fact))
        {
            self.state.apply(&fact);
            self.facts.push(fact);
        } else {
            self.insert(fact);
            self.state = self.state_at(Timestamp::MAX, u64::MAX);
        }
    }

    fn insert(&mut self, fact: Fact) {
        let place = self.facts.partition_point(|known| order(known) < order(&fact));
        self.facts.insert(place, fact);
    }

    /// The state after everything known.
    #[must_use]
    pub fn latest(&self) -> &S {
        &self.state
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
        let mut state = S::default();
        if self.corrections.is_empty() {
            let until = self.facts.iter().take_while(|fact| fact.effective_at <= as_of);
            until.filter(|fact| fact.at.position < known_below).for_each(|fact| state.apply(fact));
            return state;
        }
        for fact in self.effective_facts(known_below) {
            if fact.effective_at > as_of {
                break;
            }
            state.apply(&fact);
        }
        state
    }

    /// The facts that hold by what stood at positions below `known_below`, in
    /// the order of the world, with corrections applied.
    #[must_use]
    pub fn effective_facts(&self, known_below: u64) -> Vec<Fact> {
        let mut moved = false;
        let mut facts: Vec<Fact> = self
            .facts
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
        let event = correction.replacement.as_deref()?.clone();
        let effective_at = correction.effective_at.unwrap_or(fact.effective_at);
        *moved |= effective_at != fact.effective_at;
        Some(Fact { at: fact.at, effective_at, event, corrected_by: Some(*by) })
    }
}

/// The events that hold once every correction among the facts is applied, whenever they became true.
pub(crate) fn events_that_hold(facts: &[Fact]) -> impl Iterator<Item = &Event> {
    let mut corrections: BTreeMap<EventRef, (EventRef, &EventCorrected)> = BTreeMap::new();
    for fact in facts {
        if let Event::EventCorrected(correction) = &fact.event {
            let corrected = EventRef { position: correction.position, index: correction.event_index };
            let newest = corrections.entry(corrected).or_insert((fact.at, correction));
            if newest.0 < fact.at {
                *newest = (fact.at, correction);
            }
        }
    }
    facts.iter().filter_map(move |fact| match corrections.get(&fact.at) {
        Some((_, correction)) => correction.replacement.as_deref(),
        None => Some(&fact.event),
    })
}

fn order(fact: &Fact) -> (Timestamp, EventRef) {
    (fact.effective_at, fact.at)
}
