//! The engines, each behind the same contract: a batch is durable as a whole, in the order given, versions unique.

mod fjall_engine;
mod postgres_engine;
mod raw_file;
mod redb_engine;
mod sqlite_engine;
mod uma_engine;

use std::path::Path;

use self::fjall_engine::FjallEngine;
pub(crate) use self::postgres_engine::{PostgresEngine, Single, Views};
pub(crate) use self::raw_file::RawFile;
use self::redb_engine::RedbEngine;
use self::sqlite_engine::SqliteEngine;
use self::uma_engine::UmaEngine;
use crate::RaceError;
use crate::record::Record;

/// An engine that stores events.
pub(crate) trait Engine: Send {
    /// Stores a batch whole, and returns once it is on the device.
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError>;

    /// Reads every event in order; says how many there were.
    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError>;
}

/// Makes an engine with nothing in it in a folder.
pub(crate) type Create = fn(&Path) -> Result<Box<dyn Engine>, RaceError>;

/// The embedded engines by name, in the order in which they run.
pub(crate) const EMBEDDED: &[(&str, Create)] = &[
    ("raw file", |folder| Ok(Box::new(RawFile::create(folder)?))),
    ("SQLite", |folder| Ok(Box::new(SqliteEngine::create(folder)?))),
    ("redb", |folder| Ok(Box::new(RedbEngine::create(folder)?))),
    ("fjall", |folder| Ok(Box::new(FjallEngine::create(folder)?))),
    ("umadb", |folder| Ok(Box::new(UmaEngine::create(folder)?))),
];
