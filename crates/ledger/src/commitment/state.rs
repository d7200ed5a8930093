//! The lines of a commitment in memory: made from the log, or from an older commitment and what was appended since.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use ofrecord_core::event::Event;
use ofrecord_core::{CustomerId, PartnerTenantId, StreamId};
use ofrecord_log::LogReader;
use ofrecord_log::entry::Envelope;
use ofrecord_proof::commitment::{CommitmentError, KeyLine, Line, Standing, StreamLine, WholeList};
use ofrecord_views::{EntryRow, FOLD_VERSION};

use super::{CommitError, Recorded, StateCommitment, StateLine, each_line, lines_of, made, relationship_key};
use crate::certificate::ProveError;
use crate::codec::{DecodeError, decode_envelope};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::stream_record::StreamRecord;

/// With more than one entry in so many appended since, everything is folded again: it is faster in one go.
const APPENDED_PART: u64 = 8;

/// What all streams and all relationships were at a size of the log, line by line.
#[derive(Debug, Clone)]
pub struct CommittedState {
    pub(super) tree_size: u64,
    pub(super) streams: WholeList<StreamLine>,
    pub(super) relationships: WholeList<KeyLine>,
}

impl CommittedState {
    /// That at a size, folded from the log alone.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn at(log: &dyn LogReader, size: u64, progress: &dyn Progress) -> Result<Self, CommitError> {
        let (mut streams, mut relationships) = (WholeList::default(), WholeList::default());
        each_line(log, size, progress, &mut |line| match line {
            StateLine::Stream(line) => streams.push(&line),
            StateLine::Relationship(line) => relationships.push(&line),
        })?;
        Ok(Self { tree_size: size, streams, relationships })
    }

    /// That of a recorded commitment, folded again from the log alone.
    ///
    /// # Errors
    /// [`ProveError`] where the log does not give what was committed to, or another version of the fold did.
    pub fn again(log: &dyn LogReader, recorded: &Recorded, progress: &dyn Progress) -> Result<Self, ProveError> {
        let (size, fold) = (recorded.commitment.tree_size, &recorded.commitment.fold);
        if fold != FOLD_VERSION {
            return Err(ProveError::OtherFold { size, fold: fold.clone() });
        }
        let made = Self::at(log, size, progress)?;
        ProveError::unless_same(log, &recorded.commitment, &made.commitment())?;
        Ok(made)
    }

    /// That at a larger size: only streams that have entries since are folded. None where most have, or where an entry
    /// since may bear on streams that it does not stand in.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn grown(&self, log: &dyn LogReader, size: u64, progress: &dyn Progress) -> Result<Option<Self>, CommitError> {
        let appended = size.saturating_sub(self.tree_size);
        if size < self.tree_size || appended.saturating_mul(APPENDED_PART) > size {
            return Ok(None);
        }
        let Some(changed) = changed_streams(log, self.tree_size, size)? else { return Ok(None) };
        let (mut streams, mut relationships) = (BTreeMap::new(), BTreeMap::new());
        let total = changed.len() as u64;
        for (done, name) in (0_u64..).zip(&changed) {
            progress.advance("fold", done, total);
            if progress.cancelled() {
                return Err(CommitError::Stopped);
            }
            let Ok(stream) = name.parse::<StreamId>() else { continue };
            lines_of(log, &record_of(log, stream, size)?, &mut |line| {
                match line {
                    StateLine::Stream(line) => drop(streams.insert(line.stream.clone(), line)),
                    StateLine::Relationship(line) => drop(relationships.insert(line.key.clone(), line)),
                }
                Ok(())
            })?;
        }
        let of_changed = |pair: &str| pair.split_once('|').is_some_and(|(customer, _)| changed.contains(customer));
        Ok(Some(Self {
            tree_size: size,
            streams: merged(&self.streams, streams, |stream| changed.contains(stream))?,
            relationships: merged(&self.relationships, relationships, of_changed)?,
        }))
    }

    /// The commitment to it.
    #[must_use]
    pub fn commitment(&self) -> StateCommitment {
        made(self.tree_size, self.streams.commitment(), self.relationships.commitment())
    }

    /// Whether a stream has entries, with the proof.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn stream(&self, stream: StreamId) -> Result<Standing<StreamLine>, CommitError> {
        Ok(self.streams.standing(&stream.to_string())?)
    }

    /// Whether a customer and a partner ever had a relationship, with the proof.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn relationship(
        &self,
        (customer, partner): (CustomerId, PartnerTenantId),
    ) -> Result<Standing<KeyLine>, CommitError> {
        Ok(self.relationships.standing(&relationship_key(customer, partner))?)
    }
}

/// The streams that the entries from one size to another stand in. None where one of these entries may change what is
/// folded of other streams: of the events of custody, those named here do not.
fn changed_streams(log: &dyn LogReader, from: u64, to: u64) -> Result<Option<BTreeSet<String>>, ReadFailure> {
    let ledger = StreamId::Ledger.to_string();
    let mut streams = BTreeSet::new();
    let mut failure: Option<DecodeError> = None;
    let mut others_changed = false;
    log.scan(from, to, &mut |_, bytes| {
        let taken = Envelope::parse_canonical(bytes).map_err(DecodeError::from).and_then(|envelope| {
            if envelope.streams.iter().any(|link| link.stream == ledger) {
                let entry = decode_envelope(&envelope)?;
                others_changed |= !entry.decision.events().iter().all(bears_on_its_streams_alone);
            }
            streams.extend(envelope.streams.into_iter().map(|link| link.stream));
            Ok(())
        });
        failure = taken.err();
        if failure.is_some() || others_changed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    match failure {
        Some(error) => Err(error.into()),
        None => Ok((!others_changed).then_some(streams)),
    }
}

fn bears_on_its_streams_alone(event: &Event) -> bool {
    matches!(
        event,
        Event::CheckpointKeyAdded(_)
            | Event::CheckpointKeyRetired(_)
            | Event::EpochStarted(_)
            | Event::StateCommitted(_)
            | Event::TimeAnchored(_)
            | Event::DisclosureRecorded(_)
            | Event::HoldPlaced(_)
            | Event::HoldReleased(_)
            | Event::SubjectErased(_)
    )
}

fn record_of(log: &dyn LogReader, stream: StreamId, size: u64) -> Result<StreamRecord, ReadFailure> {
    let mut record = StreamRecord::new(stream);
    for position in log.stream_positions(&stream.to_string(), 0)?.into_iter().filter(|position| *position < size) {
        let envelope = Envelope::parse_canonical(&log.read(position)?).map_err(DecodeError::from)?;
        record.take_row(EntryRow::from(decode_envelope(&envelope)?));
    }
    Ok(record)
}

/// The old lines but for those that are replaced, and the new ones, in the order of their keys.
fn merged<L: Line>(
    old: &WholeList<L>,
    new: BTreeMap<String, L>,
    is_replaced: impl Fn(&str) -> bool,
) -> Result<WholeList<L>, CommitmentError> {
    let mut list = WholeList::default();
    let mut new = new.into_values().peekable();
    for line in old.lines() {
        let line = line?;
        if is_replaced(line.key()) {
            continue;
        }
        while let Some(line) = new.next_if(|new| new.key() < line.key()) {
            list.push(&line)?;
        }
        list.push(&line)?;
    }
    new.try_for_each(|line| list.push(&line))?;
    Ok(list)
}
