//! `ofrecord drift`: fold every stream afresh, compare it with the stored views, and list what they say wrongly.

use clap::Args;
use ofrecord_ledger::StoredViews;
use ofrecord_ledger::drift::{DriftError, DriftReport, DriftedRow, Verified, find_drift};
use ofrecord_log::{Directory, EventLog as _};
use serde::Serialize;
use serde_json::Value;

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::output::Output;
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Characters of a value that a table shows; the other formats show all of it.
const SHOWN_MAX: usize = 160;

/// Arguments of `drift`.
#[derive(Debug, Args)]
#[command(after_help = "Writes no row: what drifted stays until `ofrecord rebuild`.
Leaves a mark that `ofrecord stats` shows.
Exits with 4 when a stored row is not what the entries say.

Example:
  ofrecord drift --format json")]
pub(crate) struct Arguments {}

/// A row that drifted, as a line.
#[derive(Debug, Serialize)]
struct DriftLine<'a> {
    stream: &'a str,
    row: &'a str,
    key: &'a str,
    difference: &'static str,
    stored: Option<String>,
    folded: Option<String>,
}

const DRIFT: Layout = Layout {
    empty: "no row drifted",
    columns: &[
        Column::of("stream", "stream"),
        Column::of("row", "row"),
        Column::of("key", "key"),
        Column::of("difference", "difference"),
        Column::of("stored", "stored"),
        Column::of("folded", "folded"),
    ],
};

/// What is printed as JSON: the report, and what it makes of the ledger.
#[derive(Debug, Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    report: &'a DriftReport,
    /// Below it, every byte and every row was found right.
    all_verified_through: u64,
}

/// Compares.
pub(super) fn run(_: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log_alone(session)?;
    let views = StoredViews::open(&Directory::new(&session.global.ledger))?;
    let log = opened.log.reader();
    let bar = session.bar("drift");
    let report = find_drift(log.as_ref(), &views, &session.clock(), &bar)?;
    drop(bar);
    print(&report, &Verified::of(log.as_ref(), Some(&views)), session.global.format, &mut session.output())?;
    Ok(if report.drifted > 0 { Verdict::Found } else { Verdict::Done })
}

fn print(report: &DriftReport, verified: &Verified, format: Format, output: &mut Output) -> Result<(), Failure> {
    let lines: Vec<DriftLine<'_>> = report.drift.iter().map(|row| line(row, format)).collect();
    match format {
        Format::Json => {
            output.json(&Printed { report, all_verified_through: verified.through() })?;
            return output.flush();
        }
        Format::Csv => return render::rows(output, format, &DRIFT, &lines),
        Format::Table => render::rows(output, format, &DRIFT, &lines)?,
    }
    let unnamed = report.drifted - report.drift.len() as u64;
    if unnamed > 0 {
        output.line(&format!("and {unnamed} more"))?;
    }
    output.line("")?;
    output.line(&format!(
        "{} streams folded, {} rows compared, {} drifted · through position {} of {} · root {}",
        report.streams, report.rows, report.drifted, report.through, report.tree_size, report.root
    ))?;
    output.line(&format!(
        "verified through {}: the log's bytes through {}, the views through {}",
        verified.through(),
        verified.log,
        verified.views
    ))?;
    output.flush()
}

fn line(row: &DriftedRow, format: Format) -> DriftLine<'_> {
    let text = |value: &Option<Value>| value.as_ref().map(|value| shown(value.to_string(), format));
    DriftLine {
        stream: &row.stream,
        row: row.row,
        key: &row.key,
        difference: row.difference.as_str(),
        stored: text(&row.stored),
        folded: text(&row.folded),
    }
}

/// A value that fits a cell.
fn shown(text: String, format: Format) -> String {
    match format {
        Format::Table if text.chars().count() > SHOWN_MAX => {
            text.chars().take(SHOWN_MAX).chain("… (the rest with --format json)".chars()).collect()
        }
        Format::Table | Format::Json | Format::Csv => text,
    }
}

impl From<DriftError> for Failure {
    fn from(error: DriftError) -> Self {
        match error {
            DriftError::Stopped => Self::Stopped,
            DriftError::Read(error) => Self::Read(error),
            DriftError::Rows(error) => Self::Rebuild(error),
            error @ (DriftError::NotUsable { .. } | DriftError::BeyondEnd { .. } | DriftError::Mark(_)) => {
                Self::Drift(error)
            }
        }
    }
}
