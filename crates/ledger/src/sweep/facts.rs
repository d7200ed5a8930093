//! The facts of a stream without the fold of them: all that is asked for where events are checked one by one.

use std::io;
use std::sync::Arc;

use ofrecord_core::fold::Fact;
use ofrecord_core::{Entry, Event, History, State, StreamId, Timestamp};

use super::digested::Digested;

/// The facts of one stream.
#[derive(Debug)]
pub struct StreamFacts {
    stream: StreamId,
    history: History<Unfolded>,
}

/// What a history folds to where only its facts are asked for: nothing.
#[derive(Debug, Clone, Copy, Default)]
struct Unfolded;

impl State for Unfolded {
    fn apply(&mut self, _: &Fact) {}
}

impl StreamFacts {
    /// Whose facts they are.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        self.stream
    }

    /// The facts that hold, in the order of the world, with corrections applied.
    #[must_use]
    pub fn effective(&self) -> Vec<Fact> {
        self.history.effective_facts(u64::MAX)
    }
}

/// What an entry tells: its events, and since when they are true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    position: u64,
    effective_at: Timestamp,
    events: Box<[Arc<Event>]>,
}

impl From<Entry> for Told {
    fn from(entry: Entry) -> Self {
        let (position, effective_at) = (entry.position, entry.effective_at());
        let events = entry.decision.events.into_iter().flatten().map(Arc::new).collect();
        Self { position, effective_at, events }
    }
}

/// In bytes: the position, and the rest as JSON.
impl Digested for Told {
    type Stream = StreamFacts;

    fn position(&self) -> u64 {
        self.position
    }

    fn append_bytes(&self, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.extend(self.position.to_be_bytes());
        Ok(serde_json::to_writer(bytes, &(self.effective_at, &self.events))?)
    }

    fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let cut_off = || io::Error::other("a digest in memory is cut off");
        let (position, told) = bytes.split_first_chunk().ok_or_else(cut_off)?;
        let (effective_at, events) = serde_json::from_slice(told)?;
        Ok(Self { position: u64::from_be_bytes(*position), effective_at, events })
    }

    fn gathered(stream: StreamId, all: Vec<Self>) -> StreamFacts {
        let mut history = History::default();
        for Self { position, effective_at, events } in all {
            let facts = Fact::of_events(position, effective_at, events.iter().cloned());
            facts.for_each(|fact| history.push(fact));
        }
        StreamFacts { stream, history }
    }
}
