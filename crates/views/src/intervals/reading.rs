//! How one column is read out of a folded state, and what time alone does to it.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{Customer, Policy, Timestamp};

/// What one key's value is, and which entries set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held<V> {
    pub(crate) value: V,
    pub(crate) positions: Vec<u64>,
}

/// An instant at which time alone changes a column, and the entries that this follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimedTurn {
    pub(crate) at: Timestamp,
    pub(crate) by: BTreeSet<u64>,
}

impl TimedTurn {
    /// The first of some instants, with the entries behind all that fall on it; none when there are none.
    pub(crate) fn first(turns: impl IntoIterator<Item = (Timestamp, BTreeSet<u64>)>) -> Option<Self> {
        let turns: Vec<_> = turns.into_iter().collect();
        let at = turns.iter().map(|(at, _)| *at).min()?;
        let by = turns.into_iter().filter(|(turn, _)| *turn == at).flat_map(|(_, by)| by).collect();
        Some(Self { at, by })
    }
}

/// Reads the values of a column out of a state, by key.
pub(crate) type AtEvents<K, V> = fn(&Customer) -> BTreeMap<K, Held<V>>;
/// The same at an instant not before the newest event of the state.
pub(crate) type AtInstant<K, V> = fn(&Customer, Timestamp, &Policy) -> BTreeMap<K, Held<V>>;
/// The first instant after the given one at which time alone changes the values; none when nothing follows.
pub(crate) type NextTurn = fn(&Customer, Timestamp, &Policy) -> Option<TimedTurn>;

/// How a column is read.
pub(crate) enum Reading<'a, K, V> {
    /// Nothing but events changes it.
    ByEvents(AtEvents<K, V>),
    /// Events change it, and time alone does.
    InTime { policy: &'a Policy, held: AtInstant<K, V>, next: NextTurn },
}

// Derived, this would ask keys and values to be copied too.
impl<K, V> Clone for Reading<'_, K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, V> Copy for Reading<'_, K, V> {}

impl<K, V> Reading<'_, K, V> {
    /// What is held at an instant not before the newest event of the state.
    pub(crate) fn held(&self, state: &Customer, at: Timestamp) -> BTreeMap<K, Held<V>> {
        match self {
            Self::ByEvents(held) => held(state),
            Self::InTime { policy, held, .. } => held(state, at, policy),
        }
    }

    /// What time alone does next, were no further event to come.
    pub(crate) fn next(&self, state: &Customer, at: Timestamp) -> Option<TimedTurn> {
        match self {
            Self::ByEvents(_) => None,
            Self::InTime { policy, next, .. } => next(state, at, policy).filter(|turn| at < turn.at),
        }
    }
}
