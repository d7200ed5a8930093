//! The streams that decisions read, folded in memory; a bounded number of them, and more of them packed. What is neither
//! is loaded from the log when asked for.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use thiserror::Error;

use ofrecord_core::{
    Custody, Customer, CustomerId, Fact, History, Outcome, Partner, PartnerTenantId, Policy, Request, StreamId,
    StreamVersion, Streams, Timestamp, When, decide, partners_named, partners_needed, streams_written,
};
use ofrecord_log::{Hash, LogReader, ReadError};

use crate::codec::{DecodeError, decode};

mod packed;
#[cfg(test)]
mod tests;

use packed::PackedStreams;

/// Of as many facts as may be held, one is let go at a time, so that no command waits long for it.
const LET_GO_OF: usize = 200;
/// Of as many facts as may be held, those that one is of are looked for together, because that looks at every stream.
const LOOKED_FOR_OF: usize = 10;

/// Why a stream could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LoadError {
    /// The log could not give an entry.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An entry could not be understood.
    #[error(transparent)]
    Decode(#[from] DecodeError),
}

/// A decision before it has bytes.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) outcome: Outcome,
    /// The streams that the entry belongs to, the one decided in first.
    pub(crate) streams: Vec<StreamId>,
    /// What was read.
    pub(crate) read: Vec<StreamVersion>,
}

#[derive(Debug)]
enum Folded {
    Customer(History<Customer>),
    Partner(History<Partner>),
    Ledger(History<Custody>),
}

#[derive(Debug)]
struct Held {
    folded: Folded,
    version: u64,
    last_leaf: Option<Hash>,
    used: u64,
}

/// Where the entries are of a stream that is not in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotHeld {
    /// In the log.
    InTheLog,
    /// It has none so far: whatever came was taken in, and nothing was let go.
    Empty,
}

/// An entry of one of the streams that are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    position: u64,
    /// Which of the streams.
    number: usize,
    stands: Stands,
}

/// Where in its stream an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stands {
    Within,
    AtTheEnd,
}

/// How much is kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// Facts over all streams that are folded; each takes some 1,300 bytes.
    pub(crate) facts: usize,
    /// Bytes of the streams that are packed.
    pub(crate) packed_bytes: usize,
}

/// Streams in memory.
pub(crate) struct StreamCache {
    log: Arc<dyn LogReader>,
    /// Entries at and beyond this position come by [`StreamCache::push`], not from the log.
    loaded_below: u64,
    /// Boxed, so that the map grows without moving what it holds.
    held: HashMap<StreamId, Box<Held>>,
    /// Streams that are let go next, the one used longest ago first, and when each was used when that was looked up.
    leaving: VecDeque<(u64, StreamId)>,
    /// What was let go.
    packed: PackedStreams,
    not_held: NotHeld,
    facts: usize,
    facts_max: usize,
    clock: u64,
}

impl StreamCache {
    /// An empty cache that loads what stands below `loaded_below`.
    pub(crate) fn new(log: Arc<dyn LogReader>, loaded_below: u64, room: Room) -> Self {
        let (packed, facts_max) = (PackedStreams::new(room.packed_bytes), room.facts);
        let (held, leaving, not_held) = (HashMap::new(), VecDeque::new(), NotHeld::InTheLog);
        Self { log, loaded_below, held, leaving, packed, not_held, facts: 0, facts_max, clock: 0 }
    }

    /// A cache of a log of which everything is about to be pushed, from the first entry on: nothing is loaded as long
    /// as everything has room. Every entry of a stream that is ever asked for must be pushed.
    pub(crate) fn from_the_first(log: Arc<dyn LogReader>, room: Room) -> Self {
        Self { not_held: NotHeld::Empty, ..Self::new(log, 0, room) }
    }

    /// Forgets everything, after an append that did not happen.
    pub(crate) fn clear(&mut self) {
        self.held.clear();
        self.leaving.clear();
        self.packed.clear();
        self.facts = 0;
    }

    /// Entries below this position may now be loaded from the log.
    pub(crate) fn set_loaded_below(&mut self, position: u64) {
        self.loaded_below = position;
    }

    /// How many entries a stream has, and the leaf hash of its last one. The stream must be loaded.
    pub(crate) fn end(&self, stream: StreamId) -> (u64, Option<Hash>) {
        self.held.get(&stream).map_or((0, None), |held| (held.version, held.last_leaf))
    }

    /// Makes sure that a stream is in memory.
    pub(crate) fn load(&mut self, stream: StreamId) -> Result<(), LoadError> {
        self.clock += 1;
        if let Some(held) = self.held.get_mut(&stream) {
            held.used = self.clock;
            return Ok(());
        }
        if self.unpack(stream) {
            return Ok(());
        }
        match self.not_held {
            NotHeld::InTheLog => self.read([stream].into()),
            NotHeld::Empty => {
                self.held.insert(stream, Box::new(Held::empty(stream, self.clock)));
                Ok(())
            }
        }
    }

    /// Makes sure that the streams are in memory which requests need by themselves alone. What the log holds of them is
    /// read in its order, so that no part of it is unpacked for each stream anew.
    pub(crate) fn load_for<'a>(&mut self, requests: impl Iterator<Item = &'a Request>) -> Result<(), LoadError> {
        if self.not_held == NotHeld::Empty {
            return Ok(());
        }
        let mut streams: BTreeSet<StreamId> = requests.flat_map(needed_alone).collect();
        self.clock += 1;
        streams.retain(|stream| !self.held.contains_key(stream) && !self.unpack(*stream));
        self.read(streams)
    }

    /// Unpacks a stream, if it is packed.
    fn unpack(&mut self, stream: StreamId) -> bool {
        let Some(held) = self.packed.take(stream, self.clock) else { return false };
        self.facts += held.folded.len();
        self.held.insert(stream, Box::new(held));
        true
    }

    /// Reads streams that are not in memory from the log, in the order of the log.
    fn read(&mut self, streams: BTreeSet<StreamId>) -> Result<(), LoadError> {
        let mut read: Vec<(StreamId, Held)> =
            streams.into_iter().map(|stream| (stream, Held::empty(stream, self.clock))).collect();
        let mut places = Vec::new();
        for (number, (stream, _)) in read.iter().enumerate() {
            let positions = self.log.stream_positions(&stream.to_string(), 0)?;
            let positions = positions.into_iter().take_while(|position| *position < self.loaded_below);
            let from = places.len();
            places.extend(positions.map(|position| Place { position, number, stands: Stands::Within }));
            if let Some(last) = places.get_mut(from..).and_then(<[Place]>::last_mut) {
                last.stands = Stands::AtTheEnd;
            }
        }
        places.sort_unstable();
        // An entry may stand in several of them.
        let mut last: Option<(u64, Vec<Fact>)> = None;
        for Place { position, number, stands } in places {
            let facts = match last.take().filter(|(at, _)| *at == position) {
                Some((_, facts)) => facts,
                None => facts_at(self.log.as_ref(), position)?,
            };
            if let Some((_, held)) = read.get_mut(number) {
                held.folded.take(facts.iter().cloned());
                held.version += 1;
                if stands == Stands::AtTheEnd {
                    held.last_leaf = Some(self.log.leaf_hash(position)?);
                }
            }
            last = Some((position, facts));
        }
        for (stream, held) in read {
            self.facts += held.folded.len();
            self.held.insert(stream, Box::new(held));
        }
        Ok(())
    }

    /// Whether more is held than should be.
    pub(crate) fn is_full(&self) -> bool {
        self.facts > self.facts_max
    }

    /// Packs some of the streams that were used least recently when too much is held. Never called while a block is
    /// pending, as what is pending cannot be loaded again.
    pub(crate) fn shrink(&mut self) {
        if !self.is_full() {
            return;
        }
        self.not_held = NotHeld::InTheLog;
        let room = self.facts_max - self.facts_max / LET_GO_OF;
        while self.facts > room {
            if self.leaving.is_empty() {
                self.leaving = self.used_least_recently();
            }
            let Some((used, stream)) = self.leaving.pop_front() else { return };
            // It may have been used since.
            if let Entry::Occupied(held) = self.held.entry(stream)
                && held.get().used == used
            {
                let held = held.remove();
                self.facts -= held.folded.len();
                self.packed.put(stream, &held);
            }
        }
    }

    /// Streams that were used least recently, and when.
    fn used_least_recently(&self) -> VecDeque<(u64, StreamId)> {
        let mut uses: Vec<(u64, StreamId, usize)> =
            self.held.iter().map(|(stream, held)| (held.used, *stream, held.folded.len())).collect();
        uses.sort_unstable();
        let (mut facts, enough) = (0, self.facts_max / LOOKED_FOR_OF);
        let oldest = uses.into_iter().take_while(|(_, _, of)| {
            let before = facts;
            facts += of;
            before <= enough
        });
        oldest.map(|(used, stream, _)| (used, stream)).collect()
    }

    /// Takes in the facts of an entry that was just decided, or is read as it was; `leaf` only where somebody will ask
    /// for the end of its streams.
    pub(crate) fn push(
        &mut self,
        facts: &(impl Iterator<Item = Fact> + Clone),
        streams: &[StreamId],
        leaf: Option<Hash>,
    ) {
        for stream in streams {
            let held = match (self.held.get_mut(stream), self.not_held) {
                (Some(held), _) => held,
                (None, NotHeld::InTheLog) => {
                    self.packed.forget(*stream);
                    continue;
                }
                (None, NotHeld::Empty) => {
                    self.held.entry(*stream).or_insert_with(|| Box::new(Held::empty(*stream, self.clock)))
                }
            };
            self.facts += held.folded.take(facts.clone());
            held.version += 1;
            held.last_leaf = leaf;
        }
    }

    /// Decides a request at an instant; the streams it needs are loaded. None when the request names no stream.
    pub(crate) fn decide(
        &mut self,
        request: &Request,
        policy: &Policy,
        recorded_at: Timestamp,
    ) -> Result<Option<Decided>, LoadError> {
        let Some(written) = streams_written(request) else { return Ok(None) };
        for stream in &written {
            self.load(*stream)?;
        }
        let when = When { effective_at: request.effective_at.unwrap_or(recorded_at), recorded_at };
        if let Some(customer) = request.customer {
            self.load(StreamId::Customer(customer))?;
        }
        let custody =
            if written.contains(&StreamId::Ledger) { self.custody_at(when.effective_at) } else { Custody::default() };
        let mut asked = partners_named(request);
        loop {
            for partner in &asked {
                self.load(StreamId::Partner(*partner))?;
            }
            let customer = self.customer_at(request.customer, when.effective_at);
            let partners: Vec<(PartnerTenantId, Cow<'_, Partner>)> =
                asked.iter().map(|id| (*id, self.partner_at(*id, when.effective_at))).collect();
            let streams = Streams {
                customer: &customer,
                custody: &custody,
                partners: partners.iter().map(|(id, partner)| (*id, partner.as_ref())).collect(),
                facts: written.first().map_or(&[], |stream| self.facts_of(*stream)),
            };
            let needed = partners_needed(request, &streams);
            if needed.is_subset(&asked) {
                let outcome = decide(request, &streams, policy, when);
                let read = self.read_set(request, &written, &asked);
                return Ok(Some(Decided { outcome, streams: written, read }));
            }
            asked.extend(needed);
        }
    }

    fn read_set(
        &self,
        request: &Request,
        written: &[StreamId],
        partners: &BTreeSet<PartnerTenantId>,
    ) -> Vec<StreamVersion> {
        let mut streams: Vec<StreamId> = written
            .iter()
            .copied()
            .chain(request.customer.map(StreamId::Customer))
            .chain(partners.iter().copied().map(StreamId::Partner))
            .collect();
        streams.sort_unstable();
        streams.dedup();
        streams.into_iter().map(|stream| StreamVersion { stream, version: self.end(stream).0 }).collect()
    }

    fn facts_of(&self, stream: StreamId) -> &[Fact] {
        self.held.get(&stream).map_or(&[], |held| held.folded.facts())
    }

    fn customer_at(&self, customer: Option<CustomerId>, at: Timestamp) -> Cow<'_, Customer> {
        let held = customer.and_then(|id| self.held.get(&StreamId::Customer(id)));
        match held.map(|held| &held.folded) {
            Some(Folded::Customer(history)) => at_instant(history, at),
            Some(Folded::Partner(_) | Folded::Ledger(_)) | None => Cow::Owned(Customer::default()),
        }
    }

    fn partner_at(&self, partner: PartnerTenantId, at: Timestamp) -> Cow<'_, Partner> {
        match self.held.get(&StreamId::Partner(partner)).map(|held| &held.folded) {
            Some(Folded::Partner(history)) => at_instant(history, at),
            Some(Folded::Customer(_) | Folded::Ledger(_)) | None => Cow::Owned(Partner::default()),
        }
    }

    /// The ledger's own custody, where its stream is in memory: only commands on it have it read.
    fn custody_at(&self, at: Timestamp) -> Custody {
        match self.held.get(&StreamId::Ledger).map(|held| &held.folded) {
            Some(Folded::Ledger(history)) => at_instant(history, at).into_owned(),
            Some(Folded::Customer(_) | Folded::Partner(_)) | None => Custody::default(),
        }
    }
}

impl Held {
    fn empty(stream: StreamId, used: u64) -> Self {
        let folded = match stream {
            StreamId::Customer(_) => Folded::Customer(History::default()),
            StreamId::Partner(_) => Folded::Partner(History::default()),
            StreamId::Ledger => Folded::Ledger(History::default()),
        };
        Self { folded, version: 0, last_leaf: None, used }
    }
}

/// What happened by the entry at a position.
fn facts_at(log: &dyn LogReader, position: u64) -> Result<Vec<Fact>, LoadError> {
    let entry = decode(&log.read(position)?)?;
    let effective_at = entry.effective_at();
    let events = entry.decision.events.unwrap_or_default().into_iter().map(Arc::new);
    Ok(Fact::of_events(position, effective_at, events).collect())
}

/// The streams that a decision needs by its request alone.
fn needed_alone(request: &Request) -> impl Iterator<Item = StreamId> {
    let (customer, custody) = (Customer::default(), Custody::default());
    let streams = Streams { customer: &customer, partners: BTreeMap::new(), custody: &custody, facts: &[] };
    let partners = partners_needed(request, &streams).into_iter().map(StreamId::Partner);
    let written = streams_written(request).unwrap_or_default();
    written.into_iter().chain(request.customer.map(StreamId::Customer)).chain(partners)
}

impl Folded {
    /// Takes facts in; how many there were.
    fn take(&mut self, facts: impl Iterator<Item = Fact>) -> usize {
        let before = self.len();
        for fact in facts {
            match self {
                Self::Customer(history) => history.push(fact),
                Self::Partner(history) => history.push(fact),
                Self::Ledger(history) => history.push(fact),
            }
        }
        self.len() - before
    }

    fn facts(&self) -> &[Fact] {
        match self {
            Self::Customer(history) => history.facts(),
            Self::Partner(history) => history.facts(),
            Self::Ledger(history) => history.facts(),
        }
    }

    fn len(&self) -> usize {
        self.facts().len()
    }
}

/// The state at an instant: the newest one as it is, unless a fact lies beyond the instant.
fn at_instant<S: ofrecord_core::State>(history: &History<S>, at: Timestamp) -> Cow<'_, S> {
    if history.latest_effective().is_none_or(|latest| latest <= at) {
        Cow::Borrowed(history.latest())
    } else {
        Cow::Owned(history.state_at(at, u64::MAX))
    }
}
