//! fjall with `PersistMode::SyncData` after each batch, as its documentation asks for durable commits.

use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode};

use super::Engine;
use crate::RaceError;
use crate::record::Record;

/// The engine's name in errors.
const NAME: &str = "fjall";

/// A database with the events and its two indexes.
pub(crate) struct FjallEngine {
    database: Database,
    events: Keyspace,
    versions: Keyspace,
    ids: Keyspace,
    next: u64,
}

impl FjallEngine {
    /// A new database in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, RaceError> {
        let opened = || -> fjall::Result<Self> {
            let database = Database::builder(folder.join("events.fjall")).open()?;
            let keyspace = |name: &str| database.keyspace(name, KeyspaceCreateOptions::default);
            let (events, versions, ids) = (keyspace("events")?, keyspace("versions")?, keyspace("ids")?);
            Ok(Self { events, versions, ids, database, next: 0 })
        };
        opened().map_err(|error| RaceError::of(NAME)(&error))
    }

    fn insert(&mut self, records: &[Record]) -> fjall::Result<()> {
        let mut batch = self.database.batch();
        for (position, record) in (self.next..).zip(records) {
            let position = position.to_be_bytes();
            let version = [record.stream.as_bytes(), &record.version.to_be_bytes()].concat();
            batch.insert(&self.events, position, record.bytes.as_slice());
            batch.insert(&self.versions, version, position);
            batch.insert(&self.ids, record.id.as_bytes(), position);
        }
        batch.commit()?;
        self.database.persist(PersistMode::SyncData)?;
        self.next += records.len() as u64;
        Ok(())
    }

    fn read(&self, each: &mut dyn FnMut(&[u8])) -> fjall::Result<u64> {
        let mut count = 0;
        for row in self.events.iter() {
            each(&row.value()?);
            count += 1;
        }
        Ok(count)
    }
}

impl Engine for FjallEngine {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        self.insert(batch).map_err(|error| RaceError::of(NAME)(&error))
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        self.read(each).map_err(|error| RaceError::of(NAME)(&error))
    }
}
