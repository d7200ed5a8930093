//! The mark of the last sweep: up to where the stored views are what the entries say, kept across processes.
//!
//! It is a line of JSON and its CRC-32 in the next, beside the rows and outside of every entry. It is derived: without
//! it, or when it does not fit the rows, the fold or the log, nothing of the views counts as verified.

use std::fs;
use std::io;

use ofrecord_core::Timestamp;
use ofrecord_log::{Hash, LogReader, parse_summed, remove_if_there, write_summed};
use ofrecord_views::FOLD_VERSION;
use serde::{Deserialize, Serialize};

use super::DriftReport;
use crate::stored_views::StoredViews;

/// What the last sweep that came to its end said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewsMark {
    /// How many rows drifted.
    pub drifted: u64,
    /// When the sweep ended.
    pub ended_at: Timestamp,
    /// The fold that was compared.
    pub fold: String,
    /// The generation of the rows.
    pub generation: u64,
    /// The log's root at the size `through`.
    pub root: Hash,
    /// Rows compared.
    pub rows: u64,
    /// Entries below this position were compared.
    pub through: u64,
}

impl ViewsMark {
    /// The mark of some views, where there is one that fits them, this fold, and the log.
    ///
    /// Rows of another generation or another fold, a log with another root, and rows that went back behind the mark
    /// make it void.
    #[must_use]
    pub fn of(log: &dyn LogReader, views: &StoredViews) -> Option<Self> {
        let mark: Self = parse_summed(&fs::read(views.mark()).ok()?)?;
        let live = views.live().ok()?;
        let fits = mark.fold == FOLD_VERSION
            && mark.generation == live.generation()
            && mark.through <= live.checkpoint()
            && log.root_at(mark.through).is_ok_and(|root| root == mark.root);
        fits.then_some(mark)
    }
}

/// Up to where the ledger was verified, the bytes of the log and the rows that answers come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries below this position were compared and hashed in every copy, and nothing was wrong.
    pub log: u64,
    /// Entries below this position were folded afresh, and the stored views said the same; the whole log where
    /// nothing is stored, since answers come from the log then.
    pub views: u64,
    /// What the last sweep of the views said, where that still holds.
    pub mark: Option<ViewsMark>,
}

impl Verified {
    /// What is known of a log and its stored views; without views, answers come from the log alone.
    #[must_use]
    pub fn of(log: &dyn LogReader, views: Option<&StoredViews>) -> Self {
        let size = log.tree_size();
        let mark = views.and_then(|views| ViewsMark::of(log, views));
        let written = views.map_or(0, |views| match views.live() {
            Ok(live) => live.checkpoint(),
            // Rows that cannot be used answer nothing.
            Err(_) => 0,
        });
        let compared = mark.as_ref().map_or(0, |mark| if mark.drifted == 0 { mark.through } else { 0 });
        let drifted = mark.as_ref().is_some_and(|mark| mark.drifted > 0);
        let views = if compared >= written && !drifted { size } else { compared };
        Self { log: log.health().verified_through, views, mark }
    }

    /// The one answer: below this position, every byte and every row was found right.
    #[must_use]
    pub fn through(&self) -> u64 {
        self.log.min(self.views)
    }
}

/// Leaves the mark of a sweep that came to its end.
pub(super) fn keep(views: &StoredViews, report: &DriftReport) -> io::Result<()> {
    let mark = ViewsMark {
        drifted: report.drifted,
        ended_at: report.ended_at,
        fold: report.fold.to_owned(),
        generation: report.generation,
        root: report.root,
        rows: report.rows,
        through: report.through,
    };
    write_summed(&views.mark(), &mark)
}

/// Takes the mark of an earlier sweep back.
pub(super) fn withdraw(views: &StoredViews) -> io::Result<()> {
    remove_if_there(&views.mark())
}
