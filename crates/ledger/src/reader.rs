//! Reading: one customer's record folded from its entries, an instant on each time axis, and the basis of the answer.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use ofrecord_core::{Cloud, Customer, CustomerId, Entry, Partner, PartnerTenantId, Policy, State, StreamId, Timestamp};
use ofrecord_log::{Hash, LogReader, ReadError};
use ofrecord_views::{CustomerRecord, LedgerRecord, PartnerRecord, Record, Viewpoint, named_partners};

use crate::codec::{DecodeError, decode};
use crate::kept::{Kept, Standing};
use crate::progress::Progress;
use crate::projection::each_row;
use crate::sealing::Names;
use crate::stored_views::StoredViews;
use crate::sweep::sweep_named;

/// Streams named in one page while going over all of them.
const STREAMS_PAGE: usize = 1_024;

/// Why a question could not be answered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadFailure {
    /// The log could not give what was asked.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// An entry could not be understood; it is never skipped.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The tree size asked for is beyond the log.
    #[error("answer by {asked} entries: the ledger has {size}")]
    BeyondEnd {
        /// The size asked for.
        asked: u64,
        /// The ledger's size.
        size: u64,
    },
    /// The stored views cannot be read; they can be rebuilt from the log.
    #[error("read the stored views: {problem}; rebuild them")]
    StoredViews {
        /// What is wrong.
        problem: String,
    },
    /// What was read of the log could not be kept in memory until it was folded.
    #[error("keep what was read of the log in memory: {problem}")]
    NotKept {
        /// What is wrong.
        problem: String,
    },
    /// Nothing in the ledger speaks of the customer or partner.
    #[error("find {stream} in the ledger: no entry by tree size {size} speaks of it")]
    NotFound {
        /// The stream.
        stream: String,
        /// The size asked by.
        size: u64,
    },
}

/// What an answer rests on; the same basis gives the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The log's name.
    pub origin: String,
    /// How many entries were known.
    pub tree_size: u64,
    /// The tree's root at that size.
    pub root: Hash,
}

/// Up to when the ledger's knowledge counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownAt {
    /// Everything in the ledger.
    Now,
    /// What stood in a tree of this size.
    TreeSize(u64),
    /// What was recorded up to this instant, the instant included.
    Instant(Timestamp),
}

/// Rows with the instants asked about and the basis they rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer<Row> {
    /// What the answer rests on.
    pub basis: Basis,
    /// The instant in the world asked about.
    pub as_of: Timestamp,
    /// When the newest entry that counts was recorded; the instant asked about where one was given.
    pub known_at: Timestamp,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A reader over acknowledged entries. Cheap to clone; each question takes its own snapshot.
#[derive(Clone)]
pub struct Reader {
    log: Arc<dyn LogReader>,
    policy: Policy,
    views: Option<Arc<StoredViews>>,
    names: Option<Arc<Names>>,
    kept: Arc<KeptRecords>,
}

/// Records that were asked for, as this reader reads them.
#[derive(Default)]
struct KeptRecords {
    customers: Kept<CustomerId, Customer>,
    partners: Kept<PartnerTenantId, Partner>,
}

/// A snapshot: the tree size that a question's answers rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The basis.
    pub basis: Basis,
    /// When the newest entry that counts was recorded, or the instant asked about.
    pub known_at: Timestamp,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("origin", &self.log.origin()).field("policy", &self.policy.reference).finish()
    }
}

impl Reader {
    /// A reader over a log.
    #[must_use]
    pub fn new(log: Arc<dyn LogReader>, cloud: Cloud) -> Self {
        Self { log, policy: Policy::current(cloud), views: None, names: None, kept: Arc::default() }
    }

    /// The same reader, taking what the stored views hold from there rather than from the log.
    #[must_use]
    pub fn with_views(mut self, views: Arc<StoredViews>) -> Self {
        self.views = Some(views);
        self.kept = Arc::default();
        self
    }

    /// The same reader, with what may be read in place of sealed texts: for answers to people, and for nothing that is
    /// hashed, stored, compared or proven.
    #[must_use]
    pub fn with_names(mut self, names: Arc<Names>) -> Self {
        self.names = Some(names);
        self.kept = Arc::default();
        self
    }

    /// What stands for sealed texts, where it is known.
    #[must_use]
    pub fn names(&self) -> Option<&Names> {
        self.names.as_deref()
    }

    /// The same reader by the log alone, for what must not rest on what is derived, and with texts sealed as they
    /// are recorded.
    #[must_use]
    pub fn without_views(&self) -> Self {
        let policy = self.policy.clone();
        Self { log: Arc::clone(&self.log), policy, views: None, names: None, kept: Arc::default() }
    }

    /// The log underneath.
    #[must_use]
    pub fn log(&self) -> &Arc<dyn LogReader> {
        &self.log
    }

    /// The policy by which time-driven states are computed.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Fixes what is known: the tree size, its root, and the instant of knowledge.
    ///
    /// # Errors
    /// [`ReadFailure::BeyondEnd`] for a size the log has not reached; otherwise what reading the log gives.
    pub fn snapshot(&self, known_at: KnownAt) -> Result<Snapshot, ReadFailure> {
        let head = self.log.head();
        let size = match known_at {
            KnownAt::Now => head.size,
            KnownAt::TreeSize(size) if size <= head.size => size,
            KnownAt::TreeSize(asked) => return Err(ReadFailure::BeyondEnd { asked, size: head.size }),
            KnownAt::Instant(instant) => self.size_between(instant, (0, head.size))?,
        };
        let root = if size == head.size { head.root } else { self.log.root_at(size)? };
        let known_at = match known_at {
            KnownAt::Instant(instant) => instant,
            KnownAt::Now | KnownAt::TreeSize(_) => match size.checked_sub(1) {
                Some(last) => self.entry(last)?.recorded_at,
                None => Timestamp::MIN,
            },
        };
        Ok(Snapshot { basis: Basis { origin: self.log.origin().to_owned(), tree_size: size, root }, known_at })
    }

    /// How many entries of a range, and of those before it, were recorded up to an instant: recorded instants never
    /// decrease, so a search finds it.
    fn size_between(&self, instant: Timestamp, (mut low, mut high): (u64, u64)) -> Result<u64, ReadFailure> {
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry(middle)?.recorded_at <= instant {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// How many entries were recorded up to each of some instants, which ascend. Of a million entries, about twenty are
    /// read for each instant, and fewer for those between which little was recorded.
    ///
    /// # Errors
    /// What reading the log gives.
    pub fn sizes_at(&self, instants: &[Timestamp]) -> Result<Vec<u64>, ReadFailure> {
        let mut sizes = Vec::with_capacity(instants.len());
        self.sizes_within(instants, (0, self.log.tree_size()), &mut sizes)?;
        Ok(sizes)
    }

    /// The same where all of them lie in a range: the one in the middle parts it for the others.
    fn sizes_within(
        &self,
        instants: &[Timestamp],
        (low, high): (u64, u64),
        sizes: &mut Vec<u64>,
    ) -> Result<(), ReadFailure> {
        let (before, rest) = instants.split_at(instants.len() / 2);
        let Some((middle, after)) = rest.split_first() else { return Ok(()) };
        let size = self.size_between(*middle, (low, high))?;
        self.sizes_within(before, (low, size), sizes)?;
        sizes.push(size);
        self.sizes_within(after, (size, high), sizes)
    }

    /// Entries below this position are in the stored rows; none where there are no stored rows that can be used.
    #[must_use]
    pub fn rows_through(&self) -> Option<u64> {
        self.views.as_ref()?.live().ok().map(ofrecord_log::RowStore::checkpoint)
    }

    /// One entry, decoded.
    ///
    /// # Errors
    /// [`ReadFailure`] naming the position.
    pub fn entry(&self, position: u64) -> Result<Entry, ReadFailure> {
        let mut entry = decode(&self.log.read(position)?)?;
        if let Some(names) = &self.names {
            names.entry(&mut entry);
        }
        Ok(entry)
    }

    /// The viewpoint of an instant in the world by a snapshot.
    #[must_use]
    pub fn viewpoint(&self, snapshot: &Snapshot, as_of: Timestamp) -> Viewpoint<'_> {
        Viewpoint { as_of, known_below: snapshot.basis.tree_size, policy: &self.policy }
    }

    /// A customer's record by a snapshot.
    ///
    /// # Errors
    /// [`ReadFailure::NotFound`] when no entry speaks of the customer; otherwise what reading gives.
    pub fn customer(&self, customer: CustomerId, snapshot: &Snapshot) -> Result<CustomerRecord, ReadFailure> {
        let record = self.record(&self.kept.customers, customer, StreamId::Customer(customer), snapshot)?;
        if record.entries().is_empty() {
            return Err(not_found(StreamId::Customer(customer), snapshot));
        }
        Ok(record)
    }

    /// A partner's record by a snapshot; an empty one when no entry speaks of the partner, as customers may
    /// name partners whose account the ledger does not know.
    ///
    /// # Errors
    /// What reading gives.
    pub fn partner(&self, partner: PartnerTenantId, snapshot: &Snapshot) -> Result<PartnerRecord, ReadFailure> {
        self.record(&self.kept.partners, partner, StreamId::Partner(partner), snapshot)
    }

    /// The ledger's own record by a snapshot; an empty one when nothing was done with its custody yet.
    ///
    /// # Errors
    /// What reading gives.
    pub fn custody(&self, snapshot: &Snapshot) -> Result<LedgerRecord, ReadFailure> {
        let mut record = LedgerRecord::new(());
        self.fold(StreamId::Ledger, &mut record)?;
        Ok(record.below(snapshot.basis.tree_size))
    }

    /// The states of the partners that a customer's record names, at a viewpoint.
    ///
    /// # Errors
    /// What reading gives.
    pub fn partners_of(
        &self,
        record: &CustomerRecord,
        snapshot: &Snapshot,
        viewpoint: &Viewpoint<'_>,
    ) -> Result<BTreeMap<PartnerTenantId, Partner>, ReadFailure> {
        let named = named_partners(record).into_iter();
        named.map(|id| Ok((id, self.partner(id, snapshot)?.state(viewpoint)))).collect()
    }

    /// The record of a stream as a snapshot knows it: what is kept of it, and what the stream has gained since.
    fn record<I: Copy + Eq + std::hash::Hash, S: State>(
        &self,
        kept: &Kept<I, S>,
        id: I,
        stream: StreamId,
        snapshot: &Snapshot,
    ) -> Result<Record<I, S>, ReadFailure> {
        let under = Standing {
            custody: self.log.stream_head(&StreamId::Ledger.to_string())?.map_or(0, |head| head.version),
            destroyed: self.names.as_ref().map_or(0, |names| names.destroyed()),
        };
        let record = match kept.get(id, under) {
            Some(mut record) => {
                let known = u64::try_from(record.entries().len()).unwrap_or(u64::MAX);
                let gained = self.log.stream_positions(&stream.to_string(), known)?;
                if gained.is_empty() {
                    return Ok(record.below(snapshot.basis.tree_size));
                }
                kept.let_go(id);
                self.take(&gained, &mut record)?;
                record
            }
            None => {
                let mut record = Record::new(id);
                self.fold(stream, &mut record)?;
                record
            }
        };
        if !record.entries().is_empty() {
            kept.keep(&record, under);
        }
        Ok(record.below(snapshot.basis.tree_size))
    }

    /// Lets a record take in every entry of its stream: the stored digests, then what the log holds beyond them.
    fn fold<I: Copy, S: State>(&self, stream: StreamId, record: &mut Record<I, S>) -> Result<(), ReadFailure> {
        let mut stored = 0;
        if let Some(Ok(live)) = self.views.as_ref().map(|views| views.live()) {
            each_row(live, stream, &mut |mut row| {
                stored += 1;
                if let Some(names) = &self.names {
                    names.row(&mut row);
                }
                record.take_row(row);
            })
            .map_err(|error| ReadFailure::StoredViews { problem: error.to_string() })?;
        }
        self.take(&self.log.stream_positions(&stream.to_string(), stored)?, record)
    }

    /// Lets a record take in the entries at some positions.
    fn take<I: Copy, S: State>(&self, positions: &[u64], record: &mut Record<I, S>) -> Result<(), ReadFailure> {
        positions.iter().try_for_each(|position| {
            record.take_row(self.entry(*position)?.into());
            Ok(())
        })
    }

    /// Gives the record of every customer by the entries below `known_below`, in the order of their ids, from the log.
    ///
    /// # Errors
    /// [`ReadFailure`] naming the position.
    pub fn sweep(
        &self,
        known_below: u64,
        progress: &dyn Progress,
        each: &mut dyn FnMut(CustomerRecord) -> ControlFlow<()>,
    ) -> Result<(), ReadFailure> {
        sweep_named(self.log.as_ref(), known_below, self.names(), progress, each)
    }

    /// Calls `each` for every customer that an entry speaks of, in the order of their ids.
    ///
    /// # Errors
    /// What reading gives, or what `each` returns.
    pub fn customers(&self, each: &mut dyn FnMut(CustomerId) -> Result<(), ReadFailure>) -> Result<(), ReadFailure> {
        self.streams("customer/", &mut |stream| match stream {
            StreamId::Customer(customer) => each(customer),
            StreamId::Partner(_) | StreamId::Ledger => Ok(()),
        })
    }

    /// Calls `each` for every partner that an entry speaks of, in the order of their ids.
    ///
    /// # Errors
    /// What reading gives, or what `each` returns.
    pub fn partners(
        &self,
        each: &mut dyn FnMut(PartnerTenantId) -> Result<(), ReadFailure>,
    ) -> Result<(), ReadFailure> {
        self.streams("partner/", &mut |stream| match stream {
            StreamId::Partner(partner) => each(partner),
            StreamId::Customer(_) | StreamId::Ledger => Ok(()),
        })
    }

    fn streams(
        &self,
        prefix: &str,
        each: &mut dyn FnMut(StreamId) -> Result<(), ReadFailure>,
    ) -> Result<(), ReadFailure> {
        let mut after: Option<String> = None;
        loop {
            let page = self.log.streams(prefix, after.as_deref(), STREAMS_PAGE)?;
            for name in &page {
                if let Ok(stream) = name.parse::<StreamId>() {
                    each(stream)?;
                }
            }
            match page.last() {
                Some(last) => after = Some(last.clone()),
                None => return Ok(()),
            }
        }
    }
}

fn not_found(stream: StreamId, snapshot: &Snapshot) -> ReadFailure {
    ReadFailure::NotFound { stream: stream.to_string(), size: snapshot.basis.tree_size }
}
