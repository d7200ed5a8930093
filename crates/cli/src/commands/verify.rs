//! `ofrecord verify`: read every entry in every copy, hash, decode and fold it, and list what is wrong.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use ofrecord_ledger::certificate::{Kind, RunFigures};
use ofrecord_ledger::redaction;
use ofrecord_ledger::sweep::{DecodedAlong, Met, StreamFacts, verify_decoding};
use ofrecord_ledger::{Progress as _, ReadFailure};
use ofrecord_log::{Hash, LogChecker, LogReader, OnProgress, Redactions, VerifyReport};
use ofrecord_views as views;
use serde::Serialize;

use super::backup;
use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::notary::Certifying;
use crate::open::{self, stage_name};
use crate::output::Output;
use crate::progress::Bar;
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// How many problems of one check are listed one by one.
const PROBLEMS_MAX: usize = 1_000;

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Exits with 4 when something is wrong.

Examples:
  ofrecord verify && echo sound
  ofrecord verify --bytes-only")]
pub(crate) struct Arguments {
    /// Only read, compare and hash every copy of every entry; what entries say is left to a whole verification
    ///
    /// Positions, times, stream chains, the index, decisions and the rules of the fold are not checked then,
    /// and `ofrecord stats` tells no verification of it.
    #[arg(long, conflicts_with = "certify")]
    bytes_only: bool,
    #[command(flatten)]
    certifying: Certifying,
}

/// What was checked and found.
#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    origin: String,
    tree_size: u64,
    root: Hash,
    pub(super) entries_hashed: u64,
    pub(super) segments_read: u64,
    pub(super) entries_decoded: u64,
    pub(super) customers_folded: u64,
    pub(super) problems: Vec<Problem>,
    pub(super) problems_unlisted: u64,
    /// What the bytes alone do not show; absent where everything was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_checked: Option<NotChecked>,
}

/// What was left out, and how it is checked.
#[derive(Debug, Clone, Copy, Serialize)]
struct NotChecked {
    what: &'static [&'static str],
    checked_by: &'static str,
}

/// What a verification of the bytes alone leaves out.
const BEYOND_BYTES: NotChecked = NotChecked {
    what: &["envelopes", "positions", "times", "stream chains", "the index", "decisions", "the rules of the fold"],
    checked_by: "ofrecord verify",
};

/// One thing that is wrong.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    /// Which check found it: `copies`, `redactions`, `decode` or `effects`.
    check: &'static str,
    /// The file or folder, where it is about one.
    path: Option<String>,
    /// First position concerned.
    from: Option<u64>,
    /// Last position concerned.
    to: Option<u64>,
    /// What is wrong.
    problem: String,
}

impl Problem {
    fn stated(&self, folder: &Path) -> backup::Problem {
        let path = Path::new(self.path.as_deref().unwrap_or_default());
        let path = path.strip_prefix(folder).unwrap_or(path).display().to_string();
        let problem = match (self.from, self.to) {
            (Some(from), Some(to)) if from != to => format!("positions {from} to {to}: {}", self.problem),
            (Some(from), _) => format!("position {from}: {}", self.problem),
            (None, _) => self.problem.clone(),
        };
        backup::Problem { path, problem }
    }
}

const PROBLEMS: Layout = Layout {
    empty: "nothing is wrong",
    columns: &[
        Column::of("check", "check"),
        Column::of("path", "path"),
        Column::of("from", "from"),
        Column::of("to", "to"),
        Column::of("problem", "problem"),
    ],
};

/// Verifies.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let opened = open::log_alone(session)?;
    if arguments.bytes_only {
        let verified = verify_bytes(&opened.log.checker(), &opened.log, session)?;
        print(&verified, session.global.format, &mut session.output())?;
        return Ok(verified.verdict());
    }
    let verified = verify(&opened.log.checker(), &opened.log, session)?;
    let policy = opened.reader().policy().reference;
    drop(opened);
    let mut output = session.output();
    print(&verified, session.global.format, &mut output)?;
    let run = RunFigures {
        policies: [policy].into(),
        figures: verified.figures(),
        problems: verified.stated(&session.global.ledger).into_iter().map(backup::Problem::sentence).collect(),
    };
    arguments.certifying.issue(Kind::Verification, verified.tree_size, run, session)?;
    Ok(verified.verdict())
}

/// Prints what was found.
pub(super) fn print(verified: &Verified, format: Format, output: &mut Output) -> Result<(), Failure> {
    match format {
        Format::Json => {
            output.json(verified)?;
            output.flush()
        }
        Format::Csv => render::rows(output, format, &PROBLEMS, &verified.problems),
        Format::Table => {
            render::rows(output, format, &PROBLEMS, &verified.problems)?;
            if verified.problems_unlisted > 0 {
                output.line(&format!("and {} more", verified.problems_unlisted))?;
            }
            output.line("")?;
            let read = match verified.not_checked {
                Some(_) => String::new(),
                None => {
                    format!(", {} decoded, {} customers folded", verified.entries_decoded, verified.customers_folded)
                }
            };
            output.line(&format!(
                "{} entries hashed{read}, {} segments read · tree size {} · root {}",
                verified.entries_hashed, verified.segments_read, verified.tree_size, verified.root,
            ))?;
            if let Some(NotChecked { what, checked_by }) = verified.not_checked {
                output.line(&format!("not checked: {} · `{checked_by}` checks them too", what.join(", ")))?;
            }
            output.flush()
        }
    }
}

/// Runs every check, the later ones also when an earlier one found something.
pub(crate) fn verify(checker: &LogChecker, log: &dyn LogReader, session: &Session) -> Result<Verified, Failure> {
    let bar = session.bar("verify");
    let (report, along) = shown(&bar, &|stop, progress| verify_decoding(checker, log, stop, progress))?;
    let mut verified = Verified::of(log, &report);
    verified.redactions(log, &report.redacted);
    verified.decode_and_fold(log, along, &bar)?;
    Ok(verified)
}

/// Checks what a copy can lose or change on its device, and that no entry is gone without a redaction.
fn verify_bytes(checker: &LogChecker, log: &dyn LogReader, session: &Session) -> Result<Verified, Failure> {
    let report = shown(&session.bar("verify"), &|stop, progress| checker.verify_bytes_until(stop, progress))?;
    let mut verified = Verified { not_checked: Some(BEYOND_BYTES), ..Verified::of(log, &report) };
    // Where nothing is gone, the log is not asked what may be.
    if !report.redacted.is_empty() {
        verified.redactions(log, &report.redacted);
    }
    Ok(verified)
}

/// Runs a check of the log that the bar shows and stops.
fn shown<T>(bar: &Bar, check: &dyn Fn(&AtomicBool, &mut OnProgress<'_>) -> Option<T>) -> Result<T, Failure> {
    let stop = AtomicBool::new(false);
    let found = check(&stop, &mut |progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
        stop.store(bar.is_stopped(), Ordering::Release);
    });
    found.ok_or(Failure::Stopped)
}

impl Verified {
    fn of(log: &dyn LogReader, report: &VerifyReport) -> Self {
        let problems = report.problems.iter().map(|problem| Problem {
            check: "copies",
            path: Some(problem.path.display().to_string()),
            from: problem.positions.as_ref().map(|positions| positions.start),
            to: problem.positions.as_ref().map(|positions| positions.end.saturating_sub(1)),
            problem: problem.finding.to_string(),
        });
        Self {
            origin: log.origin().to_owned(),
            tree_size: report.head.size,
            root: report.head.root,
            entries_hashed: report.entries,
            segments_read: report.segments,
            entries_decoded: 0,
            customers_folded: 0,
            problems: problems.collect(),
            problems_unlisted: report.problems_unlisted,
            not_checked: None,
        }
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    fn verdict(&self) -> Verdict {
        if self.is_sound() { Verdict::Done } else { Verdict::Found }
    }

    /// What was counted and does not depend on how the log lies on the device.
    fn figures(&self) -> BTreeMap<&'static str, u64> {
        [
            ("entries_hashed", self.entries_hashed),
            ("entries_decoded", self.entries_decoded),
            ("customers_folded", self.customers_folded),
            ("problems", self.problems.len() as u64 + self.problems_unlisted),
        ]
        .into()
    }

    /// What is wrong, each with its path within a folder and its positions in the sentence.
    pub(super) fn stated(&self, folder: &Path) -> Vec<backup::Problem> {
        self.problems.iter().map(|problem| problem.stated(folder)).collect()
    }

    fn found(&mut self, check: &'static str, position: Option<u64>, problem: String) {
        if self.problems.iter().filter(|listed| listed.check == check).count() < PROBLEMS_MAX {
            self.problems.push(Problem { check, path: None, from: position, to: position, problem });
        } else {
            self.problems_unlisted += 1;
        }
    }

    /// What is gone must be what the log says is redacted, and nothing else.
    fn redactions(&mut self, log: &dyn LogReader, left: &Redactions) {
        match redaction::logged(log) {
            Ok(logged) => {
                let mut findings = redaction::compare(left, &logged, self.tree_size);
                // Bytes that are still there are what the bytes alone should show.
                findings.retain(|finding| self.not_checked.is_none() || left.contains_key(&finding.position()));
                for finding in findings {
                    self.found("redactions", Some(finding.position()), finding.to_string());
                }
            }
            Err(error) => self.found("redactions", None, format!("could not {error}")),
        }
    }

    /// Every entry must be one that this build understands, and no event may have changed what its family must not
    /// touch.
    fn decode_and_fold(&mut self, log: &dyn LogReader, along: DecodedAlong, bar: &Bar) -> Result<(), Failure> {
        let judge = |facts: StreamFacts| (facts.stream(), views::effect_violations_in(&facts.effective()));
        let decoded = along.give(log, bar, &judge, &mut |met| {
            match met {
                Met::Entry { position, decoded } => {
                    self.entries_decoded += 1;
                    if let Err(error) = decoded {
                        self.found("decode", Some(position), format!("could not {error}"));
                    }
                }
                Met::Customer((customer, violations)) => {
                    self.customers_folded += 1;
                    for wrong in violations {
                        let problem = format!("{customer}: {} changed {}", wrong.event, wrong.column);
                        self.found("effects", Some(wrong.position), problem);
                    }
                }
            }
            ControlFlow::Continue(())
        });
        if bar.is_stopped() {
            return Err(Failure::Stopped);
        }
        if let Err(error) = decoded.read {
            self.found("decode", None, format!("could not {error}"));
        }
        match decoded.swept {
            // What cannot be decoded is listed by its position already.
            Ok(()) | Err(ReadFailure::Decode(_)) => {}
            Err(error) => self.found("effects", None, format!("could not {error}")),
        }
        Ok(())
    }
}
