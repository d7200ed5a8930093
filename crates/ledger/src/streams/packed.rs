//! Streams that were let go, packed: what the log would give of them, without the unpacking of as many parts of it.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use ofrecord_core::{Event, EventRef, Fact, StreamId, Timestamp};
use ofrecord_log::Hash;
use serde::{Deserialize, Serialize};

use super::Held;
use crate::packing::Packing;

/// What one stream takes besides its packed facts, in bytes.
const BYTES_BESIDE: usize = 160;

/// How many streams may be in the order that are not here any more, beside as many as are.
const ORDER_SLACK: usize = 1_000;

/// Packed streams, up to so many bytes.
pub(super) struct PackedStreams {
    /// None where there is no room; then nothing is kept.
    packing: Option<Packing>,
    streams: HashMap<StreamId, PackedStream>,
    /// When each was packed, the first one first; also of some that are not here any more.
    order: VecDeque<(u64, StreamId)>,
    bytes: usize,
    bytes_max: usize,
    clock: u64,
}

struct PackedStream {
    facts: Box<[u8]>,
    version: u64,
    last_leaf: Option<Hash>,
    packed_at: u64,
}

/// A fact as it is packed: position, number of the event, effective instant, event.
#[derive(Serialize)]
struct Written<'a>(u64, u32, Timestamp, &'a Event);

/// The same as it is unpacked.
#[derive(Deserialize)]
struct Read(u64, u32, Timestamp, Event);

impl PackedStreams {
    pub(super) fn new(bytes_max: usize) -> Self {
        let packing = (bytes_max > 0).then(Packing::new).and_then(Result::ok);
        Self { packing, streams: HashMap::new(), order: VecDeque::new(), bytes: 0, bytes_max, clock: 0 }
    }

    /// Packs a stream that is let go. One that cannot be packed is in the log all the same.
    pub(super) fn put(&mut self, stream: StreamId, held: &Held) {
        let Some(packing) = &mut self.packing else { return };
        let Ok(facts) = packed(held.folded.facts(), packing) else { return };
        self.forget(stream);
        self.clock += 1;
        let (version, last_leaf, packed_at) = (held.version, held.last_leaf, self.clock);
        let packed = PackedStream { facts: facts.into_boxed_slice(), version, last_leaf, packed_at };
        self.bytes += packed.bytes();
        self.streams.insert(stream, packed);
        self.order.push_back((packed_at, stream));
        self.shrink();
    }

    /// The stream as it was when it was let go, which is not packed any more.
    pub(super) fn take(&mut self, stream: StreamId, used: u64) -> Option<Held> {
        let packed = self.streams.remove(&stream)?;
        self.bytes -= packed.bytes();
        let facts = unpacked(&packed.facts, self.packing.as_mut()?).ok()?;
        let mut held = Held::empty(stream, used);
        held.folded.take(facts);
        Some(Held { version: packed.version, last_leaf: packed.last_leaf, ..held })
    }

    /// Forgets a stream, which has gained an entry since.
    pub(super) fn forget(&mut self, stream: StreamId) {
        self.bytes -= self.streams.remove(&stream).map_or(0, |packed| packed.bytes());
    }

    pub(super) fn clear(&mut self) {
        self.streams.clear();
        self.order.clear();
        self.bytes = 0;
    }

    /// How many there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.streams.len()
    }

    /// Lets those go that were packed first, until there is room.
    fn shrink(&mut self) {
        while self.bytes > self.bytes_max
            && let Some((packed_at, stream)) = self.order.pop_front()
        {
            if self.is_here(packed_at, stream) {
                self.forget(stream);
            }
        }
        if self.order.len() > 2 * self.streams.len() + ORDER_SLACK {
            let order = std::mem::take(&mut self.order);
            self.order = order.into_iter().filter(|(packed_at, stream)| self.is_here(*packed_at, *stream)).collect();
        }
    }

    /// Whether a stream has not been taken out since it was packed.
    fn is_here(&self, packed_at: u64, stream: StreamId) -> bool {
        self.streams.get(&stream).is_some_and(|packed| packed.packed_at == packed_at)
    }
}

impl PackedStream {
    fn bytes(&self) -> usize {
        self.facts.len() + BYTES_BESIDE
    }
}

fn packed(facts: &[Fact], packing: &mut Packing) -> io::Result<Vec<u8>> {
    let written = facts.iter().map(|fact| Written(fact.at.position, fact.at.index, fact.effective_at, &fact.event));
    packing.pack(&serde_json::to_vec(&written.collect::<Vec<_>>())?)
}

fn unpacked(packed: &[u8], packing: &mut Packing) -> io::Result<impl Iterator<Item = Fact>> {
    let read: Vec<Read> = serde_json::from_slice(&packing.unpack(packed)?)?;
    Ok(read.into_iter().map(|Read(position, index, effective_at, event)| Fact {
        at: EventRef { position, index },
        effective_at,
        event: Arc::new(event),
        corrected_by: None,
    }))
}
