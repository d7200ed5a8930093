//! Scratch ledgers, empty or filled with a generated history through real commands.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ofrecord_core::Cloud;
use ofrecord_ledger::clock::ScriptClock;
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, StoredViews};
use ofrecord_log::{Directory, Identity, OpenOptions, SledLog};

use super::BenchError;
use crate::demo::History;
use crate::open::CLOUD_LABEL;
use crate::window::Window;

/// Seed of the benchmarks' histories.
const SEED: u64 = 1;
/// Commands of a generated history for each customer, roughly; measured, and only used to choose its size.
const COMMANDS_PER_CUSTOMER: u64 = 14;
/// Commands on their way while filling or importing.
pub(super) const IN_FLIGHT: usize = 2_048;

/// A new, empty ledger of a cloud.
pub(crate) fn scratch_ledger(folder: &Path, cloud: Cloud) -> Result<Ledger, BenchError> {
    start(create(folder, cloud)?, cloud, Clock::Machine, None)
}

/// A new ledger with at least `entries` entries of a generated history and its stored views.
pub(crate) fn filled_ledger(folder: &Path, entries: u64) -> Result<(), BenchError> {
    let cloud = Cloud::China21Vianet;
    let log = create(folder, cloud)?;
    let views = Arc::new(StoredViews::open(&Directory::new(folder)).map_err(ledger_error)?);
    let clock = ScriptClock::default();
    let ledger = start(log, cloud, Clock::Script(clock.clone()), Some(Arc::clone(&views)))?;
    let customers = u32::try_from(entries / COMMANDS_PER_CUSTOMER + 1).unwrap_or(u32::MAX);
    let history = History::new(SEED, customers, cloud);
    let mut window = Window::of(&ledger, IN_FLIGHT);
    for recorded in history.requests().take(usize::try_from(entries).unwrap_or(usize::MAX)) {
        clock.push(recorded.recorded_at);
        window.submit(recorded.request).map_err(ledger_error)?;
    }
    for receipt in window.rest() {
        receipt.map_err(ledger_error)?;
    }
    let reader = ledger.reader();
    views.follow(reader.log().as_ref()).map_err(ledger_error)?;
    ledger.close();
    Ok(())
}

fn create(folder: &Path, cloud: Cloud) -> Result<SledLog, BenchError> {
    let labels = BTreeMap::from([(CLOUD_LABEL.to_owned(), cloud.as_str().to_owned())]);
    let created_at = Clock::Machine.now().to_string();
    let identity = Identity::new("ofrecord.local/bench", &created_at, labels);
    SledLog::create(folder, &identity, &OpenOptions::default()).map_err(ledger_error)
}

/// The writer over an open log.
pub(super) fn start(
    log: SledLog,
    cloud: Cloud,
    clock: Clock,
    views: Option<Arc<StoredViews>>,
) -> Result<Ledger, BenchError> {
    let options = LedgerOptions { cloud, clock, views, sealer: None };
    Ledger::start(Box::new(log), options).map_err(ledger_error)
}

/// Any failure of a scratch ledger, as text.
pub(crate) fn ledger_error(error: impl std::fmt::Display) -> BenchError {
    BenchError::Ledger(error.to_string())
}
