//! Scratch ledgers, empty or filled with a generated history through real commands.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ofrecord_core::{Cloud, CustomerId};
use ofrecord_ledger::clock::ScriptClock;
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, Reader, StoredViews, Window};
use ofrecord_log::{Directory, EventLog as _, Identity, OpenOptions, SledLog};
use ofrecord_market::{History, busy_customer};

use crate::RaceError;
use crate::figure::OURS;

/// Seed of the histories that are measured.
const SEED: u64 = 1;
/// Commands of a generated history for each customer, roughly; measured, and only used to choose its size.
const COMMANDS_PER_CUSTOMER: u64 = 14;
/// Commands on their way while filling or importing.
pub(crate) const IN_FLIGHT: usize = 2_048;
/// The label of a ledger's identity that names its cloud.
const CLOUD_LABEL: &str = "cloud";
/// The cloud of the histories that are measured.
pub(crate) const CLOUD: Cloud = Cloud::China21Vianet;

/// How large a generated history is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Args)]
pub(crate) struct Extent {
    /// Entries of the ledger.
    #[arg(long, default_value_t = 200_000)]
    pub(crate) entries: u64,
    /// Entries of the largest customer, who is there when the ledger has at least twice as many.
    #[arg(long, default_value_t = 50_000)]
    pub(crate) busy: u32,
}

impl Extent {
    /// Whether the largest customer is there.
    pub(crate) fn has_busy(self) -> bool {
        self.busy > 0 && self.entries >= 2 * u64::from(self.busy)
    }

    fn busy_entries(self) -> u32 {
        if self.has_busy() { self.busy } else { 0 }
    }

    /// Customers beside the largest one.
    fn customers(self) -> u32 {
        let entries = self.entries.saturating_sub(u64::from(self.busy_entries()));
        u32::try_from(entries / COMMANDS_PER_CUSTOMER + 1).unwrap_or(u32::MAX)
    }

    /// The history, laid out.
    pub(crate) fn history(self) -> History {
        let history = History::new(SEED, self.customers(), CLOUD);
        if self.has_busy() { history.with_busy_customer(self.busy) } else { history }
    }

    /// The largest customer, where it is there.
    pub(crate) fn busy_customer(self) -> Option<CustomerId> {
        self.has_busy().then(|| busy_customer(SEED, self.customers()))
    }
}

/// A new, empty ledger of a cloud, with the machine's clock.
pub(crate) fn scratch_ledger(folder: &Path, cloud: Cloud) -> Result<Ledger, RaceError> {
    start(create(folder, cloud)?, cloud, Clock::Machine, None)
}

/// A new ledger with so many entries of a generated history and its stored views; says how many there are.
pub(crate) fn filled_ledger(folder: &Path, extent: Extent) -> Result<u64, RaceError> {
    filled_by(folder, &extent.history(), extent.entries)
}

/// A new ledger with the first entries of a history and its stored views; says how many there are.
pub(crate) fn filled_by(folder: &Path, history: &History, entries: u64) -> Result<u64, RaceError> {
    let log = create(folder, CLOUD)?;
    let views = views(folder)?;
    let clock = ScriptClock::default();
    let ledger = start(log, CLOUD, Clock::Script(clock.clone()), Some(Arc::clone(&views)))?;
    let mut window = Window::of(&ledger, IN_FLIGHT);
    for recorded in history.requests().take(usize::try_from(entries).unwrap_or(usize::MAX)) {
        clock.push(recorded.recorded_at);
        window.submit(recorded.request).map_err(failed)?;
    }
    for receipt in window.rest() {
        receipt.map_err(failed)?;
    }
    let reader = ledger.reader();
    views.follow(reader.log().as_ref()).map_err(failed)?;
    let size = reader.log().tree_size();
    ledger.close();
    Ok(size)
}

fn create(folder: &Path, cloud: Cloud) -> Result<SledLog, RaceError> {
    let labels = BTreeMap::from([(CLOUD_LABEL.to_owned(), cloud.as_str().to_owned())]);
    let created_at = Clock::Machine.now().to_string();
    let identity = Identity::new("ofrecord.local/bench", &created_at, labels);
    SledLog::create(folder, &identity, &OpenOptions::default()).map_err(failed)
}

/// Opens a ledger's log.
pub(crate) fn open(folder: &Path) -> Result<SledLog, RaceError> {
    SledLog::open(folder, &OpenOptions::default()).map_err(failed)
}

/// A ledger's stored views.
pub(crate) fn views(folder: &Path) -> Result<Arc<StoredViews>, RaceError> {
    StoredViews::open(&Directory::new(folder)).map(Arc::new).map_err(failed)
}

/// A reader over an open log and the stored views of its folder.
pub(crate) fn reader(folder: &Path, log: &SledLog) -> Result<Reader, RaceError> {
    Ok(Reader::new(log.reader(), CLOUD).with_views(views(folder)?))
}

/// The writer over an open log.
pub(crate) fn start(
    log: SledLog,
    cloud: Cloud,
    clock: Clock,
    views: Option<Arc<StoredViews>>,
) -> Result<Ledger, RaceError> {
    Ledger::start(Box::new(log), LedgerOptions { cloud, clock, views, sealer: None }).map_err(failed)
}

/// Any failure of a ledger.
pub(crate) fn failed(error: impl std::fmt::Display) -> RaceError {
    RaceError::of(OURS)(&error)
}
