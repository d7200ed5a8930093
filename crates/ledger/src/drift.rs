//! Drift: stored rows that are not what the entries say, found stream by stream while the ledger is in use.
//!
//! Every stream is folded afresh from the log, by the sweep that verification makes, and the rows of that fold are
//! compared byte by byte with the stored ones as they were when the sweep began, as a rebuild compares them. So writing
//! never looks like drift.
//! Nothing is mended: a row that drifted stays until a rebuild.

use std::ops::ControlFlow;

use ofrecord_core::Timestamp;
use ofrecord_log::{Hash, LogReader, ReadError, RowError, RowMoment, RowStore};
use ofrecord_views::FOLD_VERSION;
use serde::Serialize;
use thiserror::Error;

use crate::clock::Clock;
use crate::progress::Progress;
use crate::projection::ProjectionError;
use crate::reader::ReadFailure;
use crate::rounds::Reading;
use crate::stored_views::StoredViews;
use crate::stream_record::StreamRecord;
use crate::sweep::sweep_streams_by;

mod mark;
mod rows;
mod watch;

pub use self::mark::{Verified, ViewsMark};
use self::rows::Comparison;
pub(crate) use self::watch::DriftWatch;
pub use self::watch::{Ending, Watched};

/// Differing rows that a report names one by one; all are counted.
const DRIFT_NAMED_MAX: usize = 100;
/// Streams between two reports of progress.
const REPORT_EVERY: u64 = 64;

/// Why the stored views could not be compared with the log to the end. Neither is changed by it.
#[derive(Debug, Error)]
pub enum DriftError {
    /// The stored views cannot be used, so there is nothing to compare.
    #[error("compare the stored views with the log: {reason}")]
    NotUsable {
        /// Why not.
        reason: String,
    },
    /// The stored views hold more than the log.
    #[error("compare the stored views with the log: they hold {stored} entries, and it has {size}")]
    BeyondEnd {
        /// Entries that are folded into the rows.
        stored: u64,
        /// Entries of the log.
        size: u64,
    },
    /// The log could not be read or understood.
    #[error(transparent)]
    Read(#[from] ReadFailure),
    /// A row could not be folded or read.
    #[error(transparent)]
    Rows(#[from] ProjectionError),
    /// The mark of the sweep could not be written or taken back.
    #[error("write the mark of what was compared: {0}")]
    Mark(#[source] std::io::Error),
    /// It was stopped before its end, and left no mark.
    #[error("finish: it was stopped before every stream was compared")]
    Stopped,
}

impl From<RowError> for DriftError {
    fn from(error: RowError) -> Self {
        Self::Rows(error.into())
    }
}

impl From<ReadError> for DriftError {
    fn from(error: ReadError) -> Self {
        Self::Read(error.into())
    }
}

/// What a sweep compared and found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftReport {
    /// Entries below this position are compared: those folded into the stored rows when the sweep began.
    pub through: u64,
    /// The log's root at that size.
    pub root: Hash,
    /// How many entries the log had. Those that are in no row yet are answered from the log.
    pub tree_size: u64,
    /// The generation of the stored rows.
    pub generation: u64,
    /// The fold that both sides are by.
    pub fold: &'static str,
    /// Streams folded afresh.
    pub streams: u64,
    /// Rows compared, those on one side only included.
    pub rows: u64,
    /// How many of them drifted.
    pub drifted: u64,
    /// The first of them.
    pub drift: Vec<DriftedRow>,
    /// When the sweep ended.
    pub ended_at: Timestamp,
}

/// A stored row that is not what the entries say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DriftedRow {
    /// The stream that the row is of; `?` where its key names none.
    pub stream: String,
    /// What the row's key begins with in the store, hexadecimal: its owner.
    pub key: String,
    /// Which of the stream's rows: its `entries`, or its `present view`.
    pub row: &'static str,
    /// How it differs.
    pub difference: Difference,
    /// What stands there, without what is the same on both sides; none where nothing does or it cannot be read.
    pub stored: Option<serde_json::Value>,
    /// What the entries say, likewise; none where they say nothing.
    pub folded: Option<serde_json::Value>,
}

/// How a stored row differs from the fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Both are there, and say different things.
    Differs,
    /// The entries say it, and no row does.
    NotStored,
    /// A row says it, and no entry does.
    OnlyStored,
    /// The stored row is damaged.
    Unreadable,
    /// Both say the same in other bytes.
    OtherBytes,
}

impl Difference {
    /// The word for it, as in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::NotStored => "not-stored",
            Self::OnlyStored => "only-stored",
            Self::Unreadable => "unreadable",
            Self::OtherBytes => "other-bytes",
        }
    }
}

impl DriftReport {
    fn begun(log: &dyn LogReader, live: &RowStore, rows: &RowMoment) -> Result<Self, DriftError> {
        let (through, tree_size) = (rows.checkpoint(), log.tree_size());
        if through > tree_size {
            return Err(DriftError::BeyondEnd { stored: through, size: tree_size });
        }
        Ok(Self {
            through,
            root: log.root_at(through)?,
            tree_size,
            generation: live.generation(),
            fold: FOLD_VERSION,
            streams: 0,
            rows: 0,
            drifted: 0,
            drift: Vec::new(),
            ended_at: Timestamp::MIN,
        })
    }
}

/// Folds every stream afresh and compares its rows with the stored ones; leaves a [`ViewsMark`] that says so.
///
/// Commands may be appended and rows be written meanwhile. Where something drifted, the mark of an earlier sweep
/// is taken back as soon as the first row is found, and the new mark says how many there are.
///
/// # Errors
/// [`DriftError`]; a sweep that did not come to its end leaves no mark.
pub fn find_drift(
    log: &dyn LogReader,
    views: &StoredViews,
    clock: &Clock,
    progress: &dyn Progress,
) -> Result<DriftReport, DriftError> {
    let mut found = None;
    sweep_into(&mut found, log, Reading::OnEveryCore, views, clock, progress)?;
    found.ok_or(DriftError::Stopped)
}

/// The same, leaving in `found` what was found also when it was stopped or failed.
fn sweep_into(
    found: &mut Option<DriftReport>,
    log: &dyn LogReader,
    reading: Reading,
    views: &StoredViews,
    clock: &Clock,
    progress: &dyn Progress,
) -> Result<(), DriftError> {
    let live = views.live().map_err(|reason| DriftError::NotUsable { reason: reason.to_owned() })?;
    let rows = views.at_rest(|| live.moment());
    let report = found.insert(DriftReport::begun(log, live, &rows)?);
    let compared = compare_all(log, reading, views, &rows, progress, report);
    if let Err(DriftError::Rows(ProjectionError::Store(_))) = compared {
        // Rows that cannot be read are not what an earlier sweep found right.
        mark::withdraw(views).map_err(DriftError::Mark)?;
    }
    compared?;
    report.ended_at = clock.now();
    mark::keep(views, report).map_err(DriftError::Mark)
}

fn compare_all(
    log: &dyn LogReader,
    reading: Reading,
    views: &StoredViews,
    rows: &RowMoment,
    progress: &dyn Progress,
    report: &mut DriftReport,
) -> Result<(), DriftError> {
    let through = report.through;
    let mut comparison = Comparison::new(rows, report)?;
    let mut failure = None;
    let mut each = |record: StreamRecord| {
        if comparison.streams().is_multiple_of(REPORT_EVERY) {
            progress.advance("compare rows", comparison.streams(), comparison.streams());
        }
        let compared = mark_first(views, &mut comparison, |comparison| comparison.take(&record));
        match compared {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    sweep_streams_by(log, reading, through, progress, &mut each)?;
    if let Some(error) = failure {
        return Err(error);
    }
    if progress.cancelled() {
        return Err(DriftError::Stopped);
    }
    mark_first(views, &mut comparison, |comparison| comparison.take_rest())
}

/// Compares, and takes the mark of an earlier sweep back at once when that finds the first row that drifted.
fn mark_first(
    views: &StoredViews,
    comparison: &mut Comparison<'_>,
    compare: impl FnOnce(&mut Comparison<'_>) -> Result<(), DriftError>,
) -> Result<(), DriftError> {
    let before = comparison.drifted();
    let compared = compare(comparison);
    if before == 0 && comparison.drifted() > 0 {
        mark::withdraw(views).map_err(DriftError::Mark)?;
    }
    compared
}

#[cfg(test)]
mod tests;
