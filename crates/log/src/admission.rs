//! The checks that every engine makes before it writes a batch.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::canonical::ENTRY_BYTES_MAX;
use crate::entry::{EntryError, Outline, StreamLink, redacted_leaf};
use crate::event_log::{BATCH_ENTRIES_MAX, LogReader, NewEntry, NotWritten, StreamHead};
use crate::hash::Hash;
use crate::merkle::leaf_hash;

/// An entry that may be written as it is.
pub(crate) struct Admitted {
    pub(crate) leaf: Hash,
    pub(crate) outline: Outline,
}

/// Checks a batch against the log and against itself. Nothing has been written when this fails.
///
/// `last_recorded_at` is the time of the last entry in the log, if there is one.
pub(crate) fn admit(
    log: &dyn LogReader,
    last_recorded_at: Option<&str>,
    expected_next: u64,
    entries: &[NewEntry],
) -> Result<Vec<Admitted>, NotWritten> {
    let next = log.tree_size();
    if expected_next != next {
        return Err(NotWritten::WrongNext { expected: expected_next, next });
    }
    if entries.is_empty() || entries.len() > BATCH_ENTRIES_MAX {
        return Err(NotWritten::BatchSize { count: entries.len(), count_max: BATCH_ENTRIES_MAX });
    }
    let mut batch = Batch {
        log,
        last_recorded_at: last_recorded_at.map(str::to_owned),
        commands: BTreeMap::new(),
        heads: BTreeMap::new(),
    };
    let mut admitted = Vec::with_capacity(entries.len());
    for (index, (position, entry)) in (next..).zip(entries).enumerate() {
        let outline = parse(index, &entry.bytes)?;
        let leaf = leaf_hash(&entry.bytes);
        batch.check(index, position, leaf, &outline)?;
        admitted.push(Admitted { leaf, outline });
    }
    Ok(admitted)
}

fn parse(index: usize, bytes: &[u8]) -> Result<Outline, NotWritten> {
    if bytes.len() > ENTRY_BYTES_MAX {
        return Err(NotWritten::TooLarge { index, bytes: bytes.len(), bytes_max: ENTRY_BYTES_MAX });
    }
    let refused = |error| {
        if let EntryError::Canonical(error) = error {
            NotWritten::NotCanonical { index, error }
        } else {
            NotWritten::Envelope { index, error }
        }
    };
    let outline = Outline::parse(bytes).map_err(refused)?;
    if redacted_leaf(bytes).is_some() {
        return Err(NotWritten::Envelope { index, error: EntryError::Remainder });
    }
    Ok(outline)
}

/// What the batch has brought so far, over what the log holds.
struct Batch<'a> {
    log: &'a dyn LogReader,
    last_recorded_at: Option<String>,
    commands: BTreeMap<Uuid, u64>,
    heads: BTreeMap<String, StreamHead>,
}

impl Batch<'_> {
    fn check(&mut self, index: usize, position: u64, leaf: Hash, outline: &Outline) -> Result<(), NotWritten> {
        if outline.position != position {
            return Err(NotWritten::Position { index, stated: outline.position, position });
        }
        self.check_time(index, outline)?;
        self.check_command(index, position, outline.command_id)?;
        for link in &outline.streams {
            self.check_stream(index, link)?;
            self.heads.insert(
                link.stream.clone(),
                StreamHead { version: link.version + 1, last_position: position, last_leaf_hash: leaf },
            );
        }
        Ok(())
    }

    fn check_time(&mut self, index: usize, outline: &Outline) -> Result<(), NotWritten> {
        if let Some(last) = &self.last_recorded_at
            && outline.recorded_at < *last
        {
            return Err(NotWritten::TimeRunsBack {
                index,
                recorded_at: outline.recorded_at.clone(),
                last: last.clone(),
            });
        }
        self.last_recorded_at = Some(outline.recorded_at.clone());
        Ok(())
    }

    fn check_command(&mut self, index: usize, position: u64, command_id: Uuid) -> Result<(), NotWritten> {
        let recorded = match self.commands.insert(command_id, position) {
            Some(earlier) => Some(earlier),
            None => self.log.find_command(command_id)?.map(|command| command.position),
        };
        match recorded {
            Some(position) => Err(NotWritten::DuplicateCommand { index, command_id, position }),
            None => Ok(()),
        }
    }

    fn check_stream(&self, index: usize, link: &StreamLink) -> Result<(), NotWritten> {
        let head = match self.heads.get(&link.stream) {
            Some(head) => Some(*head),
            None => self.log.stream_head(&link.stream)?,
        };
        let next = head.map_or(0, |head| head.version);
        if link.version != next {
            return Err(NotWritten::StreamVersion { index, stream: link.stream.clone(), stated: link.version, next });
        }
        let last = head.map(|head| head.last_leaf_hash);
        if link.previous != last {
            return Err(NotWritten::StreamPrevious { index, stream: link.stream.clone(), last });
        }
        Ok(())
    }
}
