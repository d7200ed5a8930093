//! SQLite with a write-ahead log and full syncing, as its documentation asks for durable commits.

use std::path::Path;

use rusqlite::{Connection, params};

use super::Engine;
use crate::RaceError;
use crate::record::Record;

/// The engine's name in errors.
const NAME: &str = "SQLite";

/// A database with one table of events.
pub(crate) struct SqliteEngine {
    connection: Connection,
}

impl SqliteEngine {
    /// A new database in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, RaceError> {
        let opened = Connection::open(folder.join("events.sqlite")).and_then(|connection| {
            connection.execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;
                 CREATE TABLE events (
                     position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, id BLOB NOT NULL,
                     body BLOB NOT NULL, UNIQUE (stream, version), UNIQUE (id));",
            )?;
            Ok(Self { connection })
        });
        opened.map_err(|error| RaceError::of(NAME)(&error))
    }

    fn insert(&mut self, batch: &[Record]) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert =
                transaction.prepare_cached("INSERT INTO events (stream, version, id, body) VALUES (?1, ?2, ?3, ?4)")?;
            for record in batch {
                let version = i64::try_from(record.version).unwrap_or(i64::MAX);
                insert.execute(params![record.stream, version, record.id.as_bytes(), record.bytes])?;
            }
        }
        transaction.commit()
    }

    fn read(&self, each: &mut dyn FnMut(&[u8])) -> rusqlite::Result<u64> {
        let mut select = self.connection.prepare("SELECT body FROM events ORDER BY position")?;
        let mut rows = select.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            each(row.get_ref(0)?.as_blob()?);
            count += 1;
        }
        Ok(count)
    }
}

impl Engine for SqliteEngine {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        self.insert(batch).map_err(|error| RaceError::of(NAME)(&error))
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        self.read(each).map_err(|error| RaceError::of(NAME)(&error))
    }
}
