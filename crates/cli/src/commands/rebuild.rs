//! `ofrecord rebuild`: fold the log into new views, compare them with the stored ones, and put them in place.

use clap::Args;
use ofrecord_ledger::StoredViews;
use ofrecord_ledger::certificate::{Kind, RunFigures};
use ofrecord_ledger::rebuild::{RebuildReport, rebuild};
use ofrecord_log::{Directory, LogReader as _};

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::notary::Certifying;
use crate::open;
use crate::output::Output;
use crate::render;
use crate::session::Session;

/// Arguments of `rebuild`.
#[derive(Debug, Args)]
#[command(after_help = "A rebuild that was stopped goes on where it stopped.
Exits with 4 when a stored row is not what the entries say.

Example:
  ofrecord rebuild --remove-old")]
pub(crate) struct Arguments {
    /// Remove the views that are no longer in use
    #[arg(long)]
    remove_old: bool,
    #[command(flatten)]
    certifying: Certifying,
}

/// Rebuilds and compares.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log_alone(session)?;
    let views = StoredViews::open(&Directory::new(&session.global.ledger))?;
    let mut report = rebuild(&opened.log, &views, &session.bar("rebuild"))?;
    if arguments.remove_old {
        let removed = views.remove_old()?;
        report.kept.retain(|generation| !removed.contains(generation));
    } else {
        drop(views);
    }
    let (size, policy) = (opened.log.tree_size(), opened.reader().policy().reference);
    drop(opened);
    let mut output = session.output();
    match session.global.format {
        Format::Table => print(&report, size, &mut output)?,
        Format::Json | Format::Csv => render::pairs(&mut output, session.global.format, &report)?,
    }
    let run = RunFigures {
        policies: [policy].into(),
        figures: [("rows", report.rows), ("drifted", report.drifted)].into(),
        problems: report
            .drift
            .iter()
            .map(|drift| format!("{}: {} {}", drift.stream, drift.row, drift.difference))
            .collect(),
    };
    arguments.certifying.issue(Kind::Rebuild, report.through, run, session)?;
    Ok(if report.drifted > 0 { Verdict::Found } else { Verdict::Done })
}

fn print(report: &RebuildReport, tree_size: u64, output: &mut Output) -> Result<(), Failure> {
    output.line(&format!(
        "folded {} entries into {} rows, generation {}",
        report.through, report.rows, report.generation
    ))?;
    if report.through < tree_size {
        let unfolded = tree_size - report.through;
        output.line(&format!("the newest {unfolded} entries are not folded yet: answers read them from the log"))?;
    }
    if report.resumed_from > 0 {
        output.line(&format!("went on from position {}, where an earlier run had stopped", report.resumed_from))?;
    }
    match (report.compared_with, &report.not_compared) {
        (Some(generation), _) if report.drifted == 0 => {
            output.line(&format!("every row is equal to generation {generation}, byte by byte"))?;
        }
        (Some(generation), _) => {
            output
                .line(&format!("{} rows of generation {generation} are not what the entries say:", report.drifted))?;
        }
        (None, Some(reason)) => output.line(&format!("not compared: {reason}"))?,
        (None, None) => output.line("not compared: there were no views")?,
    }
    for drift in &report.drift {
        output.line(&format!("{}: {} {}", drift.stream, drift.row, drift.difference))?;
    }
    if !report.kept.is_empty() {
        let kept: Vec<String> = report.kept.iter().map(u64::to_string).collect();
        output.line(&format!("kept beside: generation {}", kept.join(", ")))?;
    }
    output.flush()
}
