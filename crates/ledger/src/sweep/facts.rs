//! The facts of a stream without the fold of them: all that is asked for where events are checked one by one.

use std::io;

use ofrecord_core::fold::Fact;
use ofrecord_core::{History, State, StreamId};
use ofrecord_views::Told;

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

/// In bytes, as long as it is in memory: the position, and the rest as JSON.
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
        all.into_iter().flat_map(Self::into_facts).for_each(|fact| history.push(fact));
        StreamFacts { stream, history }
    }
}
