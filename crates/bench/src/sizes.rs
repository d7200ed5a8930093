//! What the ledger costs by its size: for each size a generated ledger, and one measurement after the other over it.

use std::path::{Path, PathBuf};

use ofrecord_log::Directory;
use serde::{Deserialize, Serialize};

use crate::child::{kill_while_appending, run};
use crate::fill::Extent;
use crate::grid::Grid;
use crate::reckoning::{grouped, median, rounded, shared};
use crate::results::complain;
use crate::steps::{Asked, Latency, Opened, Step, Verified, Worked};
use crate::{Plan, RaceError};

/// Bytes on the device that one entry may need while it is measured, with the views that a rebuild makes beside the old.
const BYTES_PER_ENTRY: u64 = 1_500;
/// Bytes that are needed whatever the size: the ballast, and what a ledger wants to stay free.
const BYTES_ALWAYS: u64 = 512 * 1024 * 1024;

/// What every size costs.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sizes {
    /// One after the other, in the order asked for.
    pub(crate) sizes: Vec<Size>,
}

/// What one size costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Size {
    /// Entries of the ledger.
    pub(crate) entries: u64,
    /// How it was filled: commands decided, made durable and put into the views.
    pub(crate) fill: Worked,
    /// Bytes on the device for each entry.
    pub(crate) disk: Disk,
    /// All views folded again and compared.
    pub(crate) rebuild: Worked,
    /// All commands decided again and compared.
    pub(crate) replay: Worked,
    /// Every entry of every copy read, hashed, decoded and folded.
    pub(crate) verify: Verified,
    /// Every entry of every copy read, compared and hashed, and no more; none in results of before that could be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verify_bytes: Option<Verified>,
    /// Questions at past instants.
    pub(crate) ask: Asked,
    /// The process before was killed while it appended; medians of the rounds.
    pub(crate) open: Opened,
}

/// Bytes on the device for each entry, by what they hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Disk {
    /// The store of the log.
    pub(crate) store: f64,
    /// Sealed segments.
    pub(crate) segments: f64,
    /// The index of streams and commands.
    pub(crate) index: f64,
    /// The stored rows.
    pub(crate) views: f64,
    /// Everything but the ballast.
    pub(crate) all: f64,
}

/// Measures each size in a ledger of its own, which is removed before the next one is made.
pub(crate) fn measure(plan: &Plan, sizes: &[u64], busy: u32) -> Result<Sizes, RaceError> {
    let most = sizes.iter().max().copied().unwrap_or(0);
    require_free(&plan.scratch, most.saturating_mul(BYTES_PER_ENTRY).saturating_add(BYTES_ALWAYS))?;
    let mut measured = Vec::new();
    for entries in sizes {
        let folder = plan.scratch.join(format!("entries-{entries}"));
        measured.push(one_size(plan, &folder, Extent { entries: *entries, busy })?);
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(Sizes { sizes: measured })
}

fn require_free(folder: &Path, wanted: u64) -> Result<(), RaceError> {
    let device = rustix::fs::statvfs(folder).map_err(std::io::Error::from)?;
    let free = device.f_bavail.saturating_mul(device.f_frsize);
    if free < wanted { Err(RaceError::Disk { folder: folder.to_owned(), wanted, free }) } else { Ok(()) }
}

fn one_size(plan: &Plan, folder: &Path, extent: Extent) -> Result<Size, RaceError> {
    let say = |what: &str| complain(&format!("{} entries: {what}", extent.entries));
    say("fill");
    let fill: Worked = run(Step::Fill, folder, extent)?;
    let disk = Disk::of(folder, fill.entries);
    say("ask");
    let ask = run(Step::Ask, folder, extent)?;
    say("verify");
    let verify = run(Step::Verify, folder, extent)?;
    say("verify the bytes alone");
    let verify_bytes = Some(run(Step::VerifyBytes, folder, extent)?);
    say("replay");
    let replay = run(Step::Replay, folder, extent)?;
    say("rebuild");
    let rebuild = run(Step::Rebuild, folder, extent)?;
    let mut openings = Vec::new();
    for round in 0..plan.rounds {
        say(&format!("open after a kill, {} of {}", round + 1, plan.rounds));
        kill_while_appending(folder, extent)?;
        openings.push(run(Step::Open, folder, extent)?);
    }
    let open = Opened::median_of(&openings);
    Ok(Size { entries: fill.entries, fill, disk, rebuild, replay, verify, verify_bytes, ask, open })
}

impl Opened {
    fn median_of(openings: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(&mut openings.iter().map(figure).collect::<Vec<_>>());
        Self {
            first_answer_ms: of(|one| one.first_answer_ms),
            first_command_ms: of(|one| one.first_command_ms),
            peak_mib: of(|one| one.peak_mib),
        }
    }
}

impl Disk {
    fn of(folder: &Path, entries: u64) -> Self {
        let directory = Directory::new(folder);
        let each = |path: PathBuf| shared(bytes_below(&path), entries);
        let ballast = std::fs::metadata(directory.ballast()).map_or(0, |metadata| metadata.len());
        let index = bytes_below(&directory.index());
        Self {
            store: each(directory.log()),
            segments: each(directory.segments()),
            index: shared(index, entries),
            views: shared(bytes_below(&directory.views()).saturating_sub(index), entries),
            all: shared(bytes_below(folder).saturating_sub(ballast), entries),
        }
    }
}

/// Bytes of the files in a folder and the folders below it; 0 where there is none.
fn bytes_below(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .filter_map(Result::ok)
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => bytes_below(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

impl Sizes {
    /// A column for each size.
    pub(crate) fn grid(&self) -> Grid {
        let mut grid = Grid::under(&["measured"]);
        grid.header.extend(self.sizes.iter().map(|size| format!("{} entries", grouped(shared(size.entries, 1)))));
        for (name, figure) in FIGURES {
            let told = self.sizes.iter().map(|size| figure(size).map_or_else(|| "-".to_owned(), rounded));
            grid.rows.push(std::iter::once((*name).to_owned()).chain(told).collect());
        }
        grid
    }
}

/// A figure of one size; none where the size has nothing of the kind.
pub(crate) type FigureOf = fn(&Size) -> Option<f64>;

/// What the table tells, line by line.
const FIGURES: &[(&str, FigureOf)] = &[
    ("fill, commands/s", |size| Some(size.fill.per_second)),
    ("rebuild, s", |size| Some(size.rebuild.seconds)),
    ("rebuild, entries/s", |size| Some(size.rebuild.per_second)),
    ("rebuild, greatest memory, MiB", |size| Some(size.rebuild.peak_mib)),
    ("replay, s", |size| Some(size.replay.seconds)),
    ("replay, commands/s", |size| Some(size.replay.per_second)),
    ("replay, greatest memory, MiB", |size| Some(size.replay.peak_mib)),
    ("verify, s", |size| Some(size.verify.worked.seconds)),
    ("verify, MB/s of entry bytes", |size| Some(size.verify.mb_per_second)),
    ("verify, greatest memory, MiB", |size| Some(size.verify.worked.peak_mib)),
    ("verify the bytes alone, s", |size| bytes_alone(size).map(|verified| verified.worked.seconds)),
    ("verify the bytes alone, MB/s of entry bytes", |size| bytes_alone(size).map(|verified| verified.mb_per_second)),
    ("verify the bytes alone, greatest memory, MiB", |size| bytes_alone(size).map(|verified| verified.worked.peak_mib)),
    ("open after a kill: first answer, ms", |size| Some(size.open.first_answer_ms)),
    ("open after a kill: first command, ms", |size| Some(size.open.first_command_ms)),
    ("open after a kill: greatest memory, MiB", |size| Some(size.open.peak_mib)),
    ("disk, bytes/entry", |size| Some(size.disk.all)),
    ("disk: store", |size| Some(size.disk.store)),
    ("disk: segments", |size| Some(size.disk.segments)),
    ("disk: index", |size| Some(size.disk.index)),
    ("disk: views", |size| Some(size.disk.views)),
    ("an entry, bytes", |size| Some(shared(size.verify.entry_bytes, size.verify.worked.entries))),
    ("resellers, p50 ms", |size| Some(size.ask.resellers.p50_ms)),
    ("resellers, p99 ms", |size| Some(size.ask.resellers.p99_ms)),
    ("subscriptions, p50 ms", |size| Some(size.ask.subscriptions.p50_ms)),
    ("subscriptions, p99 ms", |size| Some(size.ask.subscriptions.p99_ms)),
    ("largest customer, entries", |size| size.ask.busy.as_ref().map(|busy| shared(busy.entries, 1))),
    ("largest customer: first question, ms", |size| size.ask.busy.as_ref().and_then(|busy| busy.first_ms)),
    ("largest customer: resellers, p99 ms", |size| busy(size, |busy| &busy.resellers)),
    ("largest customer: subscriptions, p99 ms", |size| busy(size, |busy| &busy.subscriptions)),
    ("largest customer: resellers known before, p99 ms", |size| busy(size, |busy| &busy.resellers_known_before)),
    ("largest customer: subscriptions known before, p99 ms", |size| {
        busy(size, |busy| &busy.subscriptions_known_before)
    }),
];

fn bytes_alone(size: &Size) -> Option<&Verified> {
    size.verify_bytes.as_ref()
}

/// The 99th percentile of questions about the largest customer.
fn busy(size: &Size, which: fn(&crate::steps::BusyAsked) -> &Latency) -> Option<f64> {
    size.ask.busy.as_ref().map(|busy| which(busy).p99_ms)
}
