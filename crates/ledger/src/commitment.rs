//! Commitments to the state of all streams at a size of the log (rule L-15): made from the log, and made again to prove against.
//!
//! Two sorted lists are committed to. One has a line for every stream: how many entries it has, the leaf hash of
//! the newest, and the hash of its present view. The other has every pair of a customer and a partner that ever
//! had a reseller relationship. The log stores the two roots and the numbers of lines; the lines are kept beside it,
//! to be made again at any time.

use std::ops::ControlFlow;

use ofrecord_core::command::custody::{CommitState, CommittedTree};
use ofrecord_core::event::Event;
use ofrecord_core::event::custody::StateCommitted;
use ofrecord_core::id::IdError;
use ofrecord_core::{CustomerId, PartnerTenantId, StreamId};
use ofrecord_log::{Hash, HashTextError, LogReader, ReadError};
use ofrecord_proof::commitment::{Commitment, CommitmentError, Committing, KeyLine, StreamLine};
use ofrecord_views::{EntryRow, FOLD_VERSION, LedgerRecord};
use serde::Serialize;
use thiserror::Error;

use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::stream_record::StreamRecord;
use crate::sweep::sweep_streams;

mod kept;
mod state;

pub use self::kept::KeptStates;
pub use self::state::CommittedState;

/// Why no commitment was made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CommitError {
    /// The log could not be read or folded.
    #[error(transparent)]
    Read(#[from] ReadFailure),
    /// A line could not be written.
    #[error("write a line of the commitment: {0}")]
    Line(#[from] CommitmentError),
    /// It was stopped.
    #[error("finish the commitment: it was stopped")]
    Stopped,
}

impl From<ReadError> for CommitError {
    fn from(error: ReadError) -> Self {
        Self::Read(error.into())
    }
}

/// What all streams and all relationships were at a size of the log, as two roots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateCommitment {
    /// The size.
    pub tree_size: u64,
    /// The version of the fold that made the views.
    pub fold: String,
    /// The tree over the streams.
    pub streams: Commitment,
    /// The tree over the pairs of a customer and a partner.
    pub relationships: Commitment,
}

impl StateCommitment {
    /// The commitment as the log recorded it.
    ///
    /// # Errors
    /// [`HashTextError`] for a root that is none; no decision writes such a one.
    pub fn of_event(event: &StateCommitted) -> Result<Self, HashTextError> {
        Ok(Self {
            tree_size: event.tree_size,
            fold: event.fold.clone(),
            streams: committed(&event.streams)?,
            relationships: committed(&event.relationships)?,
        })
    }

    /// The command that records it.
    ///
    /// # Errors
    /// [`IdError`] for a root that has no spelling; every root has one.
    pub fn command(&self) -> Result<CommitState, IdError> {
        let tree = |commitment: &Commitment| -> Result<CommittedTree, IdError> {
            Ok(CommittedTree { lines: commitment.count, root: commitment.root.to_string().parse()? })
        };
        Ok(CommitState {
            tree_size: self.tree_size,
            fold: self.fold.clone(),
            streams: tree(&self.streams)?,
            relationships: tree(&self.relationships)?,
        })
    }
}

fn committed(tree: &CommittedTree) -> Result<Commitment, HashTextError> {
    Ok(Commitment { count: tree.lines, root: tree.root.as_str().parse()? })
}

/// A commitment that stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The position of its entry.
    pub position: u64,
    /// What was committed to.
    pub commitment: StateCommitment,
}

impl Recorded {
    /// Whether it speaks of everything in the first `size` entries, but for its own entry, which is in no stream but
    /// the ledger's own.
    #[must_use]
    pub fn covers(&self, size: u64) -> bool {
        let spoken_of = self.commitment.tree_size;
        size <= spoken_of || (spoken_of == self.position && size == spoken_of.saturating_add(1))
    }
}

/// The first commitment in the ledger's own record that covers the first `size` entries and was made by this version
/// of the fold, unless something in it was redacted since, so that the same proof comes of it however often is committed later.
#[must_use]
pub fn first_covering(record: &LedgerRecord, size: u64) -> Option<Recorded> {
    record.entries().iter().find_map(|row| {
        let commitment = committed_by(row).filter(|commitment| commitment.fold == FOLD_VERSION)?;
        let recorded = Recorded { position: row.position, commitment };
        Some(recorded).filter(|recorded| recorded.covers(size) && can_be_made_again(record, recorded))
    })
}

/// Whether nothing that a commitment speaks of was redacted after it.
fn can_be_made_again(record: &LedgerRecord, recorded: &Recorded) -> bool {
    let later = record.entries().iter().filter(|row| row.position > recorded.position);
    !later.flat_map(|row| &row.events).any(
        |event| matches!(**event, Event::EntryRedacted(ref event) if event.position < recorded.commitment.tree_size),
    )
}

/// The newest commitment in the ledger's own record that speaks of no more than `size` entries.
#[must_use]
pub fn newest_recorded(record: &LedgerRecord, size: u64) -> Option<Recorded> {
    record.entries().iter().rev().find_map(|row| {
        let commitment = committed_by(row).filter(|commitment| commitment.tree_size <= size)?;
        Some(Recorded { position: row.position, commitment })
    })
}

/// The commitment that an entry made.
#[must_use]
pub fn committed_by(row: &EntryRow) -> Option<StateCommitment> {
    row.events.iter().find_map(|event| {
        let Event::StateCommitted(event) = &**event else { return None };
        StateCommitment::of_event(event).ok()
    })
}

/// The key of a pair in the list of relationships.
#[must_use]
pub fn relationship_key(customer: CustomerId, partner: PartnerTenantId) -> String {
    format!("{}|{}", StreamId::Customer(customer), StreamId::Partner(partner))
}

/// The commitment to what stood in the first `size` entries.
///
/// # Errors
/// [`CommitError`].
pub fn commitment_at(log: &dyn LogReader, size: u64, progress: &dyn Progress) -> Result<StateCommitment, CommitError> {
    let (mut streams, mut relationships) = (Committing::default(), Committing::default());
    each_line(log, size, progress, &mut |line| match line {
        StateLine::Stream(line) => streams.push(&line),
        StateLine::Relationship(line) => relationships.push(&line),
    })?;
    Ok(made(size, streams.commitment(), relationships.commitment()))
}

fn made(tree_size: u64, streams: Commitment, relationships: Commitment) -> StateCommitment {
    StateCommitment { tree_size, fold: FOLD_VERSION.to_owned(), streams, relationships }
}

/// A line of one of the two lists.
enum StateLine {
    Stream(StreamLine),
    Relationship(KeyLine),
}

/// What takes the lines, one after the other.
type Take<'a> = dyn FnMut(StateLine) -> Result<(), CommitmentError> + 'a;

/// Gives the lines of both lists at a size, each list in the order of its keys.
fn each_line(log: &dyn LogReader, size: u64, progress: &dyn Progress, take: &mut Take<'_>) -> Result<(), CommitError> {
    let mut outcome: Result<(), CommitError> = Ok(());
    sweep_streams(log, size, progress, &mut |record| {
        outcome = lines_of(log, &record, take);
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    if progress.cancelled() { Err(CommitError::Stopped) } else { outcome }
}

fn lines_of(log: &dyn LogReader, record: &StreamRecord, take: &mut Take<'_>) -> Result<(), CommitError> {
    let Some(newest) = record.entries().last() else { return Ok(()) };
    take(StateLine::Stream(StreamLine {
        count: record.entries().len() as u64,
        head: log.leaf_hash(newest.position)?,
        stream: record.stream().to_string(),
        view: view_hash(record),
    }))?;
    if let StreamRecord::Customer(record) = record {
        for partner in record.latest().resellers.relationships.keys() {
            take(StateLine::Relationship(KeyLine { key: relationship_key(record.id(), *partner) }))?;
        }
    }
    Ok(())
}

/// SHA-256 of the present view of a record, as it is committed to.
#[must_use]
pub fn view_hash(record: &StreamRecord) -> Hash {
    Hash::of(&record.present_bytes())
}
