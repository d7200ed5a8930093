//! A wrapper that makes any log fail as planned, for the tests of whatever stands above a log.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::event_log::{
    AppendError, Appended, Each, EventLog, Head, Health, LogReader, NewEntry, NotWritten, ReadError, RecordedCommand,
    StreamHead, WriteState,
};
use crate::hash::Hash;

/// What one append shall do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// Work.
    Succeed,
    /// Fail before anything is written.
    FailBefore,
    /// Be refused because the disk is too full.
    DiskFull,
    /// Have an unknown outcome; in truth nothing was written.
    UnknownNotWritten,
    /// Have an unknown outcome; in truth everything was written.
    UnknownWritten,
}

/// The plan of a [`FaultyLog`], shared with the test that drives it.
#[derive(Debug, Clone, Default)]
pub struct FaultScript(Arc<Mutex<VecDeque<Planned>>>);

impl FaultScript {
    /// Adds what the next unplanned append shall do; with no plan left, appends succeed.
    pub fn push(&self, planned: Planned) {
        self.steps().push_back(planned);
    }

    fn next(&self) -> Planned {
        self.steps().pop_front().unwrap_or(Planned::Succeed)
    }

    fn steps(&self) -> std::sync::MutexGuard<'_, VecDeque<Planned>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A log that fails as planned. After an unknown outcome it refuses, until it is opened again.
pub struct FaultyLog {
    inner: Box<dyn EventLog>,
    script: FaultScript,
    poison: Arc<Mutex<Option<Poison>>>,
}

/// The state since an unknown outcome: what had been acknowledged is all that may be seen.
#[derive(Debug, Clone)]
struct Poison {
    cause: String,
    seen: Head,
}

/// Readers see acknowledged entries only, whatever the inner log has beyond.
struct FaultyReader {
    inner: Arc<dyn LogReader>,
    poison: Arc<Mutex<Option<Poison>>>,
}

impl FaultyLog {
    /// Wraps a log; nothing fails until the script says so.
    #[must_use]
    pub fn new(inner: Box<dyn EventLog>) -> Self {
        Self { inner, script: FaultScript::default(), poison: Arc::default() }
    }

    /// The plan, to add to at any time.
    #[must_use]
    pub fn script(&self) -> FaultScript {
        self.script.clone()
    }

    /// What opening the log again gives: the truth about an unknown outcome, and writes again.
    #[must_use]
    pub fn reopen(self) -> Self {
        Self { inner: self.inner, script: self.script, poison: Arc::default() }
    }

    fn faulty_reader(&self) -> FaultyReader {
        FaultyReader { inner: self.inner.reader(), poison: Arc::clone(&self.poison) }
    }

    fn unknown(&self, expected_next: u64, entries: &[NewEntry], seen: Head) -> AppendError {
        let cause = "planned fault".to_owned();
        *self.poison.lock().unwrap_or_else(PoisonError::into_inner) = Some(Poison { cause: cause.clone(), seen });
        AppendError::Unknown { first_position: expected_next, count: entries.len() as u64, cause }
    }
}

impl EventLog for FaultyLog {
    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Result<Appended, AppendError> {
        if let Some(poison) = self.faulty_reader().poison() {
            return Err(NotWritten::Poisoned { cause: poison.cause }.into());
        }
        match self.script.next() {
            Planned::Succeed => self.inner.append(expected_next, entries),
            Planned::FailBefore => Err(NotWritten::Engine { cause: "planned fault".to_owned() }.into()),
            Planned::DiskFull => Err(NotWritten::DiskFloor { free_bytes: 0, free_bytes_floor: 1 }.into()),
            Planned::UnknownNotWritten => {
                let seen = self.inner.head();
                Err(self.unknown(expected_next, entries, seen))
            }
            Planned::UnknownWritten => {
                let seen = self.inner.head();
                self.inner.append(expected_next, entries)?;
                Err(self.unknown(expected_next, entries, seen))
            }
        }
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        Arc::new(self.faulty_reader())
    }
}

impl FaultyReader {
    fn poison(&self) -> Option<Poison> {
        self.poison.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn within(&self, end: u64) -> Result<(), ReadError> {
        let size = self.head().size;
        if end > size {
            return Err(ReadError::BeyondEnd { position: end, size });
        }
        Ok(())
    }
}

impl LogReader for FaultyReader {
    fn origin(&self) -> &str {
        self.inner.origin()
    }

    fn head(&self) -> Head {
        self.poison().map_or_else(|| self.inner.head(), |poison| poison.seen)
    }

    fn health(&self) -> Health {
        let mut health = self.inner.health();
        if let Some(poison) = self.poison() {
            health.write_state = WriteState::Poisoned { acknowledged: poison.seen.size, cause: poison.cause };
        }
        health
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        let size = self.head().size;
        if position >= size {
            return Err(ReadError::BeyondEnd { position, size });
        }
        self.inner.read(position)
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.within(to)?;
        self.inner.scan(from, to, each)
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        let end = 1_u64.checked_shl(u32::from(level)).and_then(|width| index.checked_add(1)?.checked_mul(width));
        self.within(end.unwrap_or(u64::MAX))?;
        self.inner.subtree_root(level, index)
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        let positions = self.stream_positions(stream, 0)?;
        let Some(last_position) = positions.last().copied() else {
            return Ok(None);
        };
        Ok(Some(StreamHead {
            version: positions.len() as u64,
            last_position,
            last_leaf_hash: self.inner.leaf_hash(last_position)?,
        }))
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        let size = self.head().size;
        let mut positions = self.inner.stream_positions(stream, from_version)?;
        positions.retain(|position| *position < size);
        Ok(positions)
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        let mut names = self.inner.streams(prefix, after, usize::MAX)?;
        let size = self.head().size;
        let mut kept = Vec::new();
        for name in names.drain(..) {
            let first = self.inner.stream_positions(&name, 0)?.first().copied();
            if kept.len() < limit && first.is_some_and(|first| first < size) {
                kept.push(name);
            }
        }
        Ok(kept)
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        let size = self.head().size;
        let found = self.inner.find_command(command_id)?;
        Ok(found.filter(|command| command.position < size))
    }
}

/// A log is its own reader.
impl LogReader for FaultyLog {
    fn origin(&self) -> &str {
        self.inner.origin()
    }

    fn head(&self) -> Head {
        self.faulty_reader().head()
    }

    fn health(&self) -> Health {
        self.faulty_reader().health()
    }

    fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
        self.faulty_reader().read(position)
    }

    fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
        self.faulty_reader().scan(from, to, each)
    }

    fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
        self.faulty_reader().subtree_root(level, index)
    }

    fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
        self.faulty_reader().stream_head(stream)
    }

    fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
        self.faulty_reader().stream_positions(stream, from_version)
    }

    fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
        self.faulty_reader().streams(prefix, after, limit)
    }

    fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
        self.faulty_reader().find_command(command_id)
    }
}
