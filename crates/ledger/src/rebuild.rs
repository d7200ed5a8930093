//! Rebuilding the stored views beside the live ones, comparing row by row, and putting the new generation in place.

use ofrecord_log::{ByOwner, LogReader, OwnerRange, OwnerRows, RowMoment, RowPart, RowStore};
use serde::Serialize;

use crate::giving_way::giving_way;
use crate::progress::Progress;
pub use crate::projection::ProjectionError;
use crate::projection::{self, Moments, fold, follow, in_ranges};
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
    /// Rows of the new generation: of each stream its entries and its present view.
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
        resumed_from: fresh.checkpoint(),
        generation,
        compared_with: None,
        not_compared: None,
        rows: 0,
        drifted: 0,
        drift: Vec::new(),
        kept: Vec::new(),
    };
    projection::fill(&fresh, log, end, progress)?;
    let live = match views.live() {
        Err(reason) => {
            report.not_compared = Some(reason.to_owned());
            None
        }
        // What the live views have not folded yet they fold now, by the same function as ever. A writer may have
        // taken them further meanwhile: the new generation follows them there.
        Ok(live) => match views.at_rest(|| follow(live, log, live.checkpoint().max(end)).map(|()| live.moment())) {
            Ok(rows) => {
                report.compared_with = Some(live.generation());
                report.through = rows.checkpoint();
                projection::fill(&fresh, log, report.through, progress)?;
                Some(rows)
            }
            Err(ProjectionError::Store(error)) => {
                report.not_compared = Some(error.to_string());
                None
            }
            Err(error) => return Err(error),
        },
    };
    match fold_and_compare(&fresh, live.as_ref(), &mut report, progress) {
        // Rows that cannot be read are what the new generation is to replace.
        Err(ProjectionError::Store(error)) if live.is_some() => {
            report.not_compared = Some(error.to_string());
            report.compared_with = None;
            (report.rows, report.drifted, report.drift) = (0, 0, Vec::new());
            fold_and_compare(&fresh, None, &mut report, progress)?;
        }
        folded => folded?,
    }
    views.put_in_use(&fresh)?;
    report.kept = views.generations()?.into_iter().filter(|kept| *kept != generation).collect();
    Ok(report)
}

/// Writes the present views of the new generation, and compares it with the live one, where there is one: the digests
/// as they are, and the present views as they were when the live ones were written.
fn fold_and_compare(
    fresh: &RowStore,
    live: Option<&RowMoment>,
    report: &mut RebuildReport,
    progress: &dyn Progress,
) -> Result<(), ProjectionError> {
    let through = report.through;
    let moments = Moments { earlier: live.map_or(through, RowMoment::anew_through), through };
    let moment = fresh.moment();
    let mut writer = fresh.begin_anew()?;
    let work = |owners: &OwnerRange| {
        let mut compared = Compared { views: fresh.begin_part()?, rows: 0, drifted: 0, drift: Vec::new() };
        let mut there = live.map(|live| live.between(owners)).transpose()?;
        for rows in moment.between(owners)? {
            compared.take(&rows?, there.as_mut(), moments)?;
        }
        there.map_or(Ok(()), |mut there| compared.take_strays(&mut there, None))?;
        Ok(compared)
    };
    in_ranges(&moment, through, progress, &work, &mut |compared: Compared| {
        report.rows += compared.rows;
        report.drifted += compared.drifted;
        let named = DRIFT_NAMED_MAX - report.drift.len();
        report.drift.extend(compared.drift.into_iter().take(named));
        Ok(writer.append(compared.views)?)
    })?;
    Ok(fresh.replace_anew(writer, through)?)
}

/// What came of folding and comparing the rows of some owners.
struct Compared {
    views: RowPart,
    rows: u64,
    drifted: u64,
    drift: Vec<Drift>,
}

impl Compared {
    /// Folds an owner's stream, and compares its rows with the live ones, after those of others before it.
    fn take(&mut self, rows: &OwnerRows, live: Option<&mut ByOwner>, moments: Moments) -> Result<(), ProjectionError> {
        let folded = fold(rows, moments)?;
        if let Some(live) = live {
            self.take_strays(live, Some(&rows.owner))?;
            let there = live.next_of(&rows.owner)?;
            self.compare(&rows.owner, there.as_ref(), Some((rows, folded.earlier.as_deref())));
        }
        self.rows += 1 + u64::from(folded.present.is_some());
        Ok(folded.present.map_or(Ok(()), |view| self.views.put(&rows.owner, &view))?)
    }

    /// Counts the rows of owners that only the live views have, up to an owner.
    fn take_strays(&mut self, live: &mut ByOwner, before: Option<&[u8]>) -> Result<(), ProjectionError> {
        while let Some(stray) = live.next_before(before)? {
            self.compare(&stray.owner, Some(&stray), None);
        }
        Ok(())
    }

    /// Compares what the live views have of an owner with what the new generation has: its digests, and its present view
    /// when the live one was written.
    fn compare(&mut self, owner: &[u8], live: Option<&OwnerRows>, fresh: Option<(&OwnerRows, Option<&[u8]>)>) {
        let digests =
            |rows: &OwnerRows| rows.added.iter().map(|(_, value)| value.as_slice()).collect::<Vec<_>>().concat();
        let entries = |rows: &OwnerRows| (!rows.added.is_empty()).then(|| digests(rows));
        let (one, other) = (live.and_then(entries), fresh.and_then(|(rows, _)| entries(rows)));
        self.count(owner, "entries", one.as_deref(), other.as_deref());
        let view = live.and_then(|rows| rows.anew.as_deref());
        self.count(owner, "present view", view, fresh.and_then(|(_, view)| view));
    }

    fn count(&mut self, owner: &[u8], row: &'static str, live: Option<&[u8]>, fresh: Option<&[u8]>) {
        let difference = match (live, fresh) {
            (live, fresh) if live == fresh => return,
            (Some(_), Some(_)) => "differs",
            (None, _) => "not in the live views",
            (Some(_), None) => "only in the live views",
        };
        self.drifted += 1;
        if self.drift.len() < DRIFT_NAMED_MAX {
            let stream = projection::stream_of(owner).map_or_else(|| "?".to_owned(), |stream| stream.to_string());
            self.drift.push(Drift { stream, row, difference });
        }
    }
}
