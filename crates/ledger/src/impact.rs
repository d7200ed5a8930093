//! What a new fold or a new upcaster would change: the whole log folded by this build, compared with the rows that another build folded.
//!
//! The rows of this build come from the fold that a rebuild makes, into a folder that is thrown away. What they
//! are compared with is read only: the stored views, or a file of rows that were saved.
//! The ledger is not written to.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;

use serde::Serialize;
use thiserror::Error;

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_log::{Directory, LogReader, ReadError, RowError, RowStore, RowStores};
use ofrecord_views::{FOLD_VERSION, RowDifference, Tally};

use crate::progress::Progress;
use crate::projection::{self, ProjectionError, stored_rows};

mod saved;
mod walk;

pub use self::saved::SavedError;
use self::saved::{Header, SavedRows};
use self::walk::walk;

/// Streams between two reports of progress.
const REPORT_EVERY: u64 = 256;

/// Why an impact could not be told. The ledger and its stored views are as they were.
#[derive(Debug, Error)]
pub enum ImpactError {
    /// An entry could not be folded by this build, or rows could not be read.
    #[error(transparent)]
    Fold(ProjectionError),
    /// Saved rows could not be read or written.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// The ledger has no rows to compare with: nobody folded any yet.
    #[error("compare with stored views: none were ever written to the end of a stride or by a rebuild")]
    NothingStored,
    /// The rows are not of this ledger, or not of a past of it.
    #[error("compare with rows of {origin} at tree size {through}: this ledger is {here}, or has another past")]
    OtherLedger {
        /// The ledger that they name.
        origin: String,
        /// The tree size that they name.
        through: u64,
        /// The ledger at hand.
        here: String,
    },
    /// Neither side has a row of the customer asked about.
    #[error("find {customer} in the rows of either build")]
    NoSuchCustomer {
        /// The customer.
        customer: CustomerId,
    },
    /// It was stopped.
    #[error("finish: it was stopped")]
    Stopped,
}

impl From<ProjectionError> for ImpactError {
    fn from(error: ProjectionError) -> Self {
        match error {
            ProjectionError::Stopped { .. } => Self::Stopped,
            error @ (ProjectionError::Log(_)
            | ProjectionError::Decode(_)
            | ProjectionError::Store(_)
            | ProjectionError::Stream { .. }
            | ProjectionError::Row { .. }
            | ProjectionError::Pack(_)) => Self::Fold(error),
        }
    }
}

impl From<RowError> for ImpactError {
    fn from(error: RowError) -> Self {
        Self::Fold(error.into())
    }
}

impl From<ReadError> for ImpactError {
    fn from(error: ReadError) -> Self {
        Self::Fold(error.into())
    }
}

/// The rows that another build folded.
pub struct Baseline<'a>(Source<'a>);

enum Source<'a> {
    Stored { rows: RowStore, fold: String },
    Saved(SavedRows<'a>),
}

impl<'a> Baseline<'a> {
    /// The stored views of a ledger, whichever fold wrote them. Nothing is done to them: not even a first generation is
    /// begun.
    ///
    /// # Errors
    /// [`ImpactError::NothingStored`], or what reading them gives.
    pub fn stored(directory: &Directory) -> Result<Self, ImpactError> {
        let stores = RowStores::existing(directory).ok_or(ImpactError::NothingStored)?;
        let generation = stores.current()?.ok_or(ImpactError::NothingStored)?;
        let rows = stores.read_generation(generation)?;
        if rows.anew_through() == 0 {
            return Err(ImpactError::NothingStored);
        }
        let fold = rows.fold_version()?;
        Ok(Self(Source::Stored { rows, fold }))
    }

    /// Rows that [`save`] wrote; `name` is what errors call them.
    ///
    /// # Errors
    /// [`SavedError`] when they do not begin as saved rows do.
    pub fn saved(name: &Path, from: impl BufRead + 'a) -> Result<Self, ImpactError> {
        Ok(Self(Source::Saved(SavedRows::open(name, Box::new(from))?)))
    }

    /// Entries below this position are folded into the present views.
    #[must_use]
    pub fn through(&self) -> u64 {
        match &self.0 {
            Source::Stored { rows, .. } => rows.anew_through(),
            Source::Saved(rows) => rows.header().through,
        }
    }

    /// Entries below this position have their digests in the rows; present views may be older.
    fn digests_through(&self) -> u64 {
        match &self.0 {
            Source::Stored { rows, .. } => rows.checkpoint(),
            Source::Saved(rows) => rows.header().through,
        }
    }

    /// Refuses rows of another ledger.
    fn check(&self, log: &dyn LogReader) -> Result<(), ImpactError> {
        let Source::Saved(rows) = &self.0 else { return Ok(()) };
        let Header { origin, root, through, .. } = rows.header();
        if origin == log.origin() && *through <= log.tree_size() && *root == log.root_at(*through)? {
            return Ok(());
        }
        Err(ImpactError::OtherLedger { origin: origin.clone(), through: *through, here: log.origin().to_owned() })
    }

    fn against(&self) -> Against {
        match &self.0 {
            Source::Stored { rows, fold } => Against { fold: fold.clone(), generation: Some(rows.generation()) },
            Source::Saved(rows) => Against { fold: rows.header().fold.clone(), generation: None },
        }
    }
}

/// What is asked of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Only this customer's rows.
    pub customer: Option<CustomerId>,
    /// How many differing rows are named; all are counted.
    pub limit: usize,
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactReport {
    /// The fold of this build.
    pub fold: &'static str,
    /// What was compared with.
    pub against: Against,
    /// Entries below this position are in the present views of both sides.
    pub through: u64,
    /// How many entries the log has. Those that are in no row yet were decoded by this build all the same.
    pub tree_size: u64,
    /// How many rows of each kind there are.
    pub kinds: BTreeMap<String, Tally>,
    /// How many rows differ.
    pub differing: u64,
    /// The first of them, in the order of customers and then of partners.
    pub rows: Vec<ImpactRow>,
}

/// What was compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Against {
    /// The fold that wrote the rows.
    pub fold: String,
    /// The generation of the stored views; none for saved rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<u64>,
}

/// A row that would change, and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ImpactRow {
    /// The customer, for a row of a customer's stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The partner, for a row of a partner's stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// How it differs.
    #[serde(flatten)]
    pub difference: RowDifference,
}

/// Folds the log as the rows of `baseline` are folded, by this build and into `scratch`, and compares row by row.
///
/// # Errors
/// [`ImpactError`]; an entry that this build cannot fold is named, wherever in the log it stands.
pub fn impact(
    log: &dyn LogReader,
    baseline: Baseline<'_>,
    asked: Asked,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<ImpactReport, ImpactError> {
    baseline.check(log)?;
    let through = baseline.through();
    let tree_size = log.tree_size();
    let fresh = folded(log, baseline.digests_through(), through, scratch, progress)?;
    let mut report = ImpactReport {
        fold: FOLD_VERSION,
        against: baseline.against(),
        through,
        tree_size,
        kinds: BTreeMap::new(),
        differing: 0,
        rows: Vec::new(),
    };
    match baseline.0 {
        Source::Stored { rows, .. } => {
            let before = stored_rows(&rows)?.map(|rows| rows.map_err(ImpactError::from));
            walk(before, &fresh, asked, &mut report, progress)?;
        }
        Source::Saved(rows) => {
            let before = rows.map(|rows| rows.map_err(ImpactError::from));
            walk(before, &fresh, asked, &mut report, progress)?;
        }
    }
    if let Some(customer) = asked.customer.filter(|_| report.kinds.is_empty()) {
        return Err(ImpactError::NoSuchCustomer { customer });
    }
    // What is in no row yet must be readable too before this build is let at it.
    projection::fill(&fresh, log, tree_size, progress)?;
    Ok(report)
}

/// Writes the rows that this build folds from the whole log.
///
/// # Errors
/// [`ImpactError`].
pub fn save(
    log: &dyn LogReader,
    scratch: &Path,
    to: &mut dyn Write,
    progress: &dyn Progress,
) -> Result<u64, ImpactError> {
    let head = log.head();
    let fresh = folded(log, head.size, head.size, scratch, progress)?;
    let header = Header::of(log.origin(), head);
    let mut written = 0;
    saved::write_header(to, &header)?;
    for (done, rows) in (0_u64..).zip(stored_rows(&fresh)?) {
        report_progress("save rows", done, progress)?;
        written += saved::write_rows(to, &rows?)?;
    }
    to.flush().map_err(SavedError::Write)?;
    Ok(written)
}

fn folded(
    log: &dyn LogReader,
    digests_through: u64,
    through: u64,
    scratch: &Path,
    progress: &dyn Progress,
) -> Result<RowStore, ImpactError> {
    let stores = RowStores::open(&Directory::new(scratch))?;
    let fresh = stores.begin_generation(FOLD_VERSION)?;
    projection::fill(&fresh, log, digests_through, progress)?;
    projection::write_views(&fresh, through, progress)?;
    Ok(fresh)
}

fn report_progress(stage: &'static str, done: u64, progress: &dyn Progress) -> Result<(), ImpactError> {
    if done.is_multiple_of(REPORT_EVERY) {
        progress.advance(stage, done, done);
        if progress.cancelled() {
            return Err(ImpactError::Stopped);
        }
    }
    Ok(())
}
