//! What an import did: counts, by shape too, and every problem with its file and record.

use std::collections::BTreeMap;

use ofrecord_interop::{Problem, Reading, Severity};
use ofrecord_ledger::{ReceiptOutcome, SubmitError};
use serde::Serialize;

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::pipeline::is_the_machines;
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Event of an entry that only adds a source to a fact already recorded.
const EVIDENCE_ADDED: &str = "EvidenceAdded";
/// Event of an entry that keeps a record which no rule reads.
const RECORD_KEPT: &str = "SourceRecordKept";

/// Counts and problems.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    files: u64,
    records: u64,
    statements: u64,
    /// Entries with new facts.
    new: u64,
    /// Entries that add a source to a fact already recorded.
    second_evidence: u64,
    /// Entries that keep a record which no rule reads.
    kept: u64,
    /// Entries that say nothing that was not known.
    unchanged: u64,
    /// Statements imported before.
    repeated: u64,
    /// Statements that the ledger refused.
    refused: u64,
    /// Statements under a source id that was imported with another content.
    conflicts: u64,
    /// Records, or parts of them, that could not be read.
    bad: u64,
    /// Words that are in no published list.
    unrecognised: u64,
    /// What is worth knowing, with nothing lost.
    notes: u64,
    /// Records by their shape.
    shapes: BTreeMap<&'static str, u64>,
    problems: Vec<Told>,
    /// The first failure of the machine.
    #[serde(skip)]
    pub(super) failure: Option<SubmitError>,
}

/// A problem as reported.
#[derive(Debug, Serialize)]
struct Told {
    severity: &'static str,
    place: String,
    message: String,
}

const COUNTS: [&str; 13] = [
    "files",
    "records",
    "statements",
    "new entries",
    "second evidences",
    "records kept",
    "nothing new",
    "repeated",
    "refused",
    "conflicts",
    "bad",
    "unrecognised",
    "notes",
];

const PROBLEMS: Layout = Layout {
    empty: "no problem",
    columns: &[Column::of("severity", "severity"), Column::of("place", "place"), Column::of("message", "message")],
};

impl Report {
    /// Counts what was read.
    pub(super) fn read(&mut self, reading: &Reading) {
        self.files += 1;
        self.records += reading.records;
        self.statements += reading.statements.len() as u64;
        for (shape, records) in &reading.shapes {
            *self.shapes.entry(shape).or_default() += records;
        }
        for problem in &reading.problems {
            match problem.severity {
                Severity::Bad => self.bad += 1,
                Severity::Unrecognised => self.unrecognised += 1,
                Severity::Note => self.notes += 1,
            }
            self.problems.push(told(problem));
        }
    }

    /// Counts what became of a statement.
    pub(super) fn receipt(&mut self, file: &str, record: u64, outcome: &ReceiptOutcome) {
        match outcome {
            ReceiptOutcome::Accepted { events, .. } => self.accepted(events),
            ReceiptOutcome::Repeated { .. } => self.repeated += 1,
            ReceiptOutcome::Refused { refusal, .. } => {
                self.refused += 1;
                self.tell("refused", file, record, format!("{}: {}", refusal.code, refusal.message));
            }
            ReceiptOutcome::Conflict { refusal } => {
                self.conflicts += 1;
                self.tell("conflict", file, record, format!("{}: {}", refusal.code, refusal.message));
            }
        }
    }

    fn accepted(&mut self, events: &[&str]) {
        if events.is_empty() {
            self.unchanged += 1;
        } else if events.contains(&RECORD_KEPT) {
            self.kept += 1;
        } else if events.iter().all(|event| *event == EVIDENCE_ADDED) {
            self.second_evidence += 1;
        } else {
            self.new += 1;
        }
    }

    /// Notes that a statement has no receipt.
    pub(super) fn not_taken(&mut self, file: &str, record: u64, error: SubmitError) {
        self.tell("bad", file, record, format!("could not {error}"));
        if is_the_machines(&error) {
            self.failure.get_or_insert(error);
        } else {
            self.bad += 1;
        }
    }

    /// Notes what is doubtful of what the operator says.
    pub(super) fn doubt(&mut self, option: &str, message: String) {
        self.notes += 1;
        self.problems.push(Told { severity: Severity::Note.as_str(), place: option.to_owned(), message });
    }

    fn tell(&mut self, severity: &'static str, file: &str, record: u64, message: String) {
        self.problems.push(Told { severity, place: format!("{file}:{record}"), message });
    }

    /// Adds what another thread counted.
    pub(super) fn add(&mut self, settled: Report) {
        self.new += settled.new;
        self.second_evidence += settled.second_evidence;
        self.kept += settled.kept;
        self.unchanged += settled.unchanged;
        self.repeated += settled.repeated;
        self.refused += settled.refused;
        self.conflicts += settled.conflicts;
        self.bad += settled.bad;
        self.problems.extend(settled.problems);
        self.failure = self.failure.take().or(settled.failure);
    }

    /// Records, or parts of them, that cannot be read or are in no published list.
    pub(super) fn unknown(&self) -> u64 {
        self.bad + self.unrecognised
    }

    /// How many statements were recorded, repeated, and refused or in conflict.
    pub(super) fn settled(&self) -> (u64, u64, u64) {
        let recorded = self.new + self.second_evidence + self.kept + self.unchanged;
        (recorded, self.repeated, self.refused + self.conflicts)
    }

    /// Conflicts weigh more than records that could not be read: they speak of what is recorded.
    pub(super) fn verdict(&self) -> Verdict {
        if self.conflicts + self.refused > 0 {
            Verdict::Refused
        } else if self.bad > 0 {
            Verdict::Invalid
        } else {
            Verdict::Done
        }
    }

    /// Prints the counts and the problems.
    pub(super) fn print(&self, format: Format, session: &Session) -> Result<(), Failure> {
        let mut output = session.output();
        match format {
            Format::Json => output.json(self)?,
            Format::Csv => return render::rows(&mut output, format, &PROBLEMS, &self.problems),
            Format::Table => {
                for (name, count) in COUNTS.iter().zip(self.counts()) {
                    output.line(&format!("{name:<16}  {count}"))?;
                }
                if !self.shapes.is_empty() {
                    output.line("")?;
                }
                for (shape, records) in &self.shapes {
                    output.line(&format!("{records:>8}  {shape}"))?;
                }
                if !self.problems.is_empty() {
                    output.line("")?;
                }
                for problem in &self.problems {
                    output.line(&format!("{}: {}: {}", problem.severity, problem.place, problem.message))?;
                }
            }
        }
        output.flush()
    }

    fn counts(&self) -> [u64; 13] {
        [
            self.files,
            self.records,
            self.statements,
            self.new,
            self.second_evidence,
            self.kept,
            self.unchanged,
            self.repeated,
            self.refused,
            self.conflicts,
            self.bad,
            self.unrecognised,
            self.notes,
        ]
    }
}

/// The place is `file:record: field`, with the line where the reader has it.
fn told(problem: &Problem) -> Told {
    let mut place = problem.file.clone();
    match (problem.record, problem.line) {
        (Some(record), _) => place.push_str(&format!(":{record}")),
        (None, Some(line)) => place.push_str(&format!(": line {line}")),
        (None, None) => {}
    }
    if let Some(field) = &problem.field {
        place.push_str(&format!(": {field}"));
    }
    Told { severity: problem.severity.as_str(), place, message: problem.message.clone() }
}

#[cfg(test)]
mod tests;
