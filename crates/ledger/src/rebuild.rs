//! Rebuilding the stored views beside the live ones, comparing row by row, and putting the new generation in place.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ofrecord_log::{LogReader, RowStore};
use serde::Serialize;

use crate::giving_way::giving_way;
use crate::progress::Progress;
pub use crate::projection::ProjectionError;
use crate::projection::{self, PAGES, PRESENT};
use crate::stored_views::StoredViews;

/// Differing rows that a report names one by one.
const DRIFT_NAMED_MAX: usize = 100;

/// What a rebuild did and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RebuildReport {
    /// Entries below this position are folded into the stored views.
    pub through: u64,
    /// Where this run began; above 0 when it went on from an earlier attempt.
    pub resumed_from: u64,
    /// The new generation.
    pub generation: u64,
    /// The generation that it was compared with, where there was one.
    pub compared_with: Option<u64>,
    /// Why it was not compared, where it was not.
    pub not_compared: Option<String>,
    /// Rows of the new generation.
    pub rows: u64,
    /// How many rows differ from the live ones.
    pub drifted: u64,
    /// The first of them, each with the stream concerned.
    pub drift: Vec<Drift>,
    /// Generations that are kept beside the new one.
    pub kept: Vec<u64>,
}

/// A row that is not what the entries say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Drift {
    /// The stream concerned.
    pub stream: String,
    /// Which of its rows.
    pub row: &'static str,
    /// How it differs.
    pub difference: &'static str,
}

/// Folds every entry again into a new generation, compares it with the live one, and swaps.
///
/// The old generation stays until it is removed. A killed run goes on where it stopped. It works on every core and
/// gives way to commands.
///
/// # Errors
/// [`ProjectionError`]; the live views and the log are as they were.
pub fn rebuild(
    log: &dyn LogReader,
    views: &StoredViews,
    progress: &dyn Progress,
) -> Result<RebuildReport, ProjectionError> {
    giving_way(|| rebuilt(log, views, progress))
}

fn rebuilt(
    log: &dyn LogReader,
    views: &StoredViews,
    progress: &dyn Progress,
) -> Result<RebuildReport, ProjectionError> {
    let end = log.tree_size();
    let fresh = views.building()?;
    let generation = fresh.generation();
    let mut report = RebuildReport {
        through: end,
        resumed_from: fresh.checkpoint()?,
        generation,
        compared_with: None,
        not_compared: None,
        rows: 0,
        drifted: 0,
        drift: Vec::new(),
        kept: Vec::new(),
    };
    projection::fill(&fresh, log, end, progress)?;
    match views.live() {
        Err(reason) => report.not_compared = Some(reason.to_owned()),
        // What the live views have not folded yet they fold now, by the same function as ever. A writer may have
        // taken them further meanwhile: the new generation follows them there.
        Ok(live) => views.standing_at(log, end, |through| {
            projection::fill(&fresh, log, through, progress)?;
            report.through = through;
            compare(live, &fresh, &mut report, progress)
        })?,
    }
    fresh.scan_prefix(&[], &mut |_, _| {
        report.rows += 1;
        ControlFlow::Continue(())
    })?;
    views.put_in_use(&fresh)?;
    report.kept = views.generations()?.into_iter().filter(|kept| *kept != generation).collect();
    Ok(report)
}

fn compare(
    live: &RowStore,
    fresh: &RowStore,
    report: &mut RebuildReport,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    report.compared_with = Some(live.generation());
    let mut drift: BTreeSet<Drift> = BTreeSet::new();
    let mut drifted = 0_u64;
    for (one, other, missing) in [(fresh, live, "not in the live views"), (live, fresh, "only in the live views")] {
        for prefix in [PAGES, PRESENT] {
            let mut failure = None;
            let mut done = 0_u64;
            one.scan_prefix(&[prefix], &mut |key, value| {
                done += 1;
                if done.is_multiple_of(1_024) {
                    progress.advance("compare rows", done, done);
                }
                match other.get(key) {
                    Ok(Some(there)) if there == value => {}
                    // A differing row is found from both sides; it is counted from the first.
                    Ok(Some(_)) if std::ptr::eq(one, live) => {}
                    Ok(there) => {
                        drifted += 1;
                        if drift.len() < DRIFT_NAMED_MAX {
                            drift.insert(named(key, if there.is_some() { "differs" } else { missing }));
                        }
                    }
                    Err(error) => {
                        failure = Some(error);
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            })?;
            if let Some(error) = failure {
                return Err(error.into());
            }
        }
    }
    report.drifted = drifted;
    report.drift = drift.into_iter().collect();
    Ok(())
}

fn named(key: &[u8], difference: &'static str) -> Drift {
    Drift {
        stream: projection::stream_of(key).map_or_else(|| "?".to_owned(), |stream| stream.to_string()),
        row: if key.first() == Some(&PAGES) { "entries" } else { "present view" },
        difference,
    }
}
