//! The one fold: facts in the order of the world, corrections applied, up to an instant and a position.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::Entry;
use crate::event::Event;
use crate::event::ledger::EventCorrected;
use crate::time::Timestamp;

mod checkpoints;
mod history;

pub use self::history::History;

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
    /// What happened; shared, because one event is held by its entry, by folds and by answers.
    pub event: Arc<Event>,
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
    pub fn of(entry: &Entry) -> impl Iterator<Item = Fact> + Clone + '_ {
        let events = entry.decision.events().iter().map(|event| Arc::new(event.clone()));
        Self::of_events(entry.position, entry.effective_at(), events)
    }

    /// The facts that the events of the entry at a position are, true since one instant.
    pub fn of_events<Events: Iterator<Item = Arc<Event>> + Clone>(
        position: u64,
        effective_at: Timestamp,
        events: Events,
    ) -> impl Iterator<Item = Fact> + Clone + use<Events> {
        (0_u32..).zip(events).map(move |(index, event)| Fact {
            at: EventRef { position, index },
            effective_at,
            event,
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

/// The events that hold once every correction among the facts is applied, whenever they became true.
pub(crate) fn events_that_hold(facts: &[Fact]) -> impl Iterator<Item = &Event> {
    let mut corrections: BTreeMap<EventRef, (EventRef, &EventCorrected)> = BTreeMap::new();
    for fact in facts {
        if let Event::EventCorrected(correction) = &*fact.event {
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
