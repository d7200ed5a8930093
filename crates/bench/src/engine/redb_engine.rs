//! redb with its default durability, which syncs before a commit returns.

use std::path::Path;

use redb::{Database, ReadableDatabase as _, ReadableTable as _, TableDefinition};

use super::Engine;
use crate::RaceError;
use crate::record::Record;

/// The engine's name in errors.
const NAME: &str = "redb";
const EVENTS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("events");
const VERSIONS: TableDefinition<'_, (&str, u64), u64> = TableDefinition::new("versions");
const IDS: TableDefinition<'_, u128, u64> = TableDefinition::new("ids");

/// A database with the events and its two indexes.
pub(crate) struct RedbEngine {
    database: Database,
    next: u64,
}

impl RedbEngine {
    /// A new database in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, RaceError> {
        let database = Database::builder().set_cache_size(64 * 1024 * 1024).create(folder.join("events.redb"));
        Ok(Self { database: database.map_err(|error| RaceError::of(NAME)(&error))?, next: 0 })
    }

    fn insert(&mut self, batch: &[Record]) -> Result<(), redb::Error> {
        let transaction = self.database.begin_write()?;
        {
            let mut events = transaction.open_table(EVENTS)?;
            let mut versions = transaction.open_table(VERSIONS)?;
            let mut ids = transaction.open_table(IDS)?;
            for (position, record) in (self.next..).zip(batch) {
                events.insert(position, record.bytes.as_slice())?;
                versions.insert((record.stream.as_str(), record.version), position)?;
                ids.insert(record.id.as_u128(), position)?;
            }
        }
        transaction.commit()?;
        self.next += batch.len() as u64;
        Ok(())
    }

    fn read(&self, each: &mut dyn FnMut(&[u8])) -> Result<u64, redb::Error> {
        let transaction = self.database.begin_read()?;
        let events = transaction.open_table(EVENTS)?;
        let mut count = 0;
        for row in events.iter()? {
            each(row?.1.value());
            count += 1;
        }
        Ok(count)
    }
}

impl Engine for RedbEngine {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        self.insert(batch).map_err(|error| RaceError::of(NAME)(&error))
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        self.read(each).map_err(|error| RaceError::of(NAME)(&error))
    }
}
