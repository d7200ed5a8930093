//! `ofrecord repair`: write each damaged copy anew from the one that is sound; nothing is invented.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use clap::Args;
use ofrecord_ledger::Progress as _;
use ofrecord_log::{Hash, LostTail, OpenOptions, RepairAction, RepairOptions, RepairReport, repair};
use serde::Serialize;

use super::verify;
use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::open::{self, stage_name};
use crate::render;
use crate::session::Session;

/// Arguments of `repair`.
#[derive(Debug, Args)]
#[command(after_help = "What is replaced is kept aside under another name.
Exits with 4 when acknowledged entries are lost, or with --dry-run when something is wrong.

Example:
  ofrecord repair --dry-run && ofrecord repair")]
pub(crate) struct Arguments {
    /// Only list what is wrong; change nothing
    #[arg(long)]
    dry_run: bool,
    /// Let the ledger end before acknowledged entries of which no copy is left, so that it takes entries again
    ///
    /// Without it such a ledger stays read-only, and the loss stays visible.
    #[arg(long, conflicts_with = "dry_run")]
    give_up_lost_tail: bool,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Repaired {
    tree_size: u64,
    root: Hash,
    actions: Vec<String>,
    lost_from: Option<u64>,
    lost_to: Option<u64>,
}

/// Repairs.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if arguments.dry_run {
        return dry_run(session);
    }
    let bar = session.bar("repair");
    let lost_tail = if arguments.give_up_lost_tail { LostTail::GiveUp } else { LostTail::StayReadOnly };
    let options = RepairOptions { open: OpenOptions::default(), lost_tail };
    let report = repair(&session.global.ledger, &options, &mut |progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
    })?;
    drop(bar);
    print(&report, session)?;
    Ok(if report.lost.is_some() { Verdict::Found } else { Verdict::Done })
}

fn dry_run(session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log_alone(session)?;
    let verified = verify::verify(&opened.log.checker(), &opened.log, session)?;
    verify::print(&verified, session.global.format, &mut session.output())?;
    Ok(if verified.is_sound() { Verdict::Done } else { Verdict::Found })
}

fn print(report: &RepairReport, session: &Session) -> Result<(), Failure> {
    let repaired = Repaired {
        tree_size: report.head.size,
        root: report.head.root,
        actions: report.actions.iter().map(sentence).collect(),
        lost_from: report.lost.as_ref().map(|lost| lost.start),
        lost_to: report.lost.as_ref().map(|lost| lost.end.saturating_sub(1)),
    };
    let mut output = session.output();
    if session.global.format != Format::Table {
        return render::pairs(&mut output, session.global.format, &repaired);
    }
    if repaired.actions.is_empty() {
        output.line("nothing to repair")?;
    }
    for action in &repaired.actions {
        output.line(action)?;
    }
    if let (Some(from), Some(to)) = (repaired.lost_from, repaired.lost_to) {
        output.line(&format!("LOST: no copy is left of the acknowledged positions {from} to {to}"))?;
    }
    output.line(&format!("tree size {} · root {}", repaired.tree_size, repaired.root))?;
    output.flush()
}

fn sentence(action: &RepairAction) -> String {
    let (mut text, kept_aside) = match action {
        RepairAction::StoreRebuilt { from_segments, salvaged, entries, kept_aside } => {
            let ranges: Vec<String> = from_segments.iter().map(positions).collect();
            let mut text = format!("the store was written anew with {entries} entries");
            if !ranges.is_empty() {
                // Writing to a string cannot fail.
                write!(text, ", of which {} came from sealed segments", ranges.join(", ")).unwrap_or_default();
            }
            if *salvaged > 0 {
                write!(text, ", {salvaged} were found in the raw bytes of the damaged store").unwrap_or_default();
            }
            (text, kept_aside)
        }
        RepairAction::SegmentResealed { path, positions: range, finding, kept_aside } => {
            (format!("{} was sealed anew with {}: {finding}", path.display(), positions(range)), kept_aside)
        }
        RepairAction::WitnessRewritten { before, after, kept_aside } => {
            let before = before.map_or_else(|| "could not be read".to_owned(), |head| format!("said {}", head.size));
            (format!("the head witness {before}, and says {} again", after.size), kept_aside)
        }
        RepairAction::IndexTakenAway { path, finding } => {
            let path = path.display();
            (format!("the index {path} was taken away and is built anew at the next opening: {finding}"), &None)
        }
        RepairAction::IdentityRestored { path, kept_aside } => {
            (format!("the identity in {} was restored from its copy", path.display()), kept_aside)
        }
    };
    if let Some(path) = kept_aside {
        write!(text, "; the old one is {}", Path::new(path).display()).unwrap_or_default();
    }
    text
}

fn positions(range: &Range<u64>) -> String {
    format!("positions {} to {}", range.start, range.end.saturating_sub(1))
}
