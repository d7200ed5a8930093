//! Submitting to a server that holds the ledger: in batches, each once the one before is answered.

use std::io::{self, BufReader, Write as _};

use ofrecord_core::CommandId;
use ofrecord_ledger::NoReceipt;
use ofrecord_ledger::submission::SUBMISSION_BYTES_MAX;
use serde::Deserialize;

use super::{Arguments, Counts, input};
use crate::failure::{Failure, Verdict};
use crate::lines::{Line, Lines};
use crate::output::Output;
use crate::remote::{RemoteError, Server};
use crate::session::Session;

/// Commands of a batch, at most; the server takes as many.
const BATCH_COMMANDS: usize = 1_024;
/// Bytes of a batch, at most, but for those of its last command; the server takes twice as many.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// Lines on their way, with their numbers.
#[derive(Default)]
struct Batch {
    numbers: Vec<u64>,
    text: Vec<u8>,
}

/// What the server says of one line.
#[derive(Debug, Deserialize)]
struct Told<'a> {
    #[serde(default)]
    command_id: Option<CommandId>,
    #[serde(borrow)]
    outcome: &'a str,
    /// Where there is no receipt, the line in the batch.
    #[serde(default)]
    line: Option<u64>,
    #[serde(default)]
    error: Option<String>,
}

/// Submits every line to the server.
pub(super) fn run(arguments: &Arguments, server: &Server<'_>, session: &Session) -> Result<Verdict, Failure> {
    let (mut output, mut counts, mut batch) = (session.output(), Counts::default(), Batch::default());
    for line in Lines::new(BufReader::new(input(arguments.file.as_deref())?), SUBMISSION_BYTES_MAX) {
        let Line { number, text } = line.map_err(Failure::Input)?;
        match text {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => batch.take(number, &text),
            Err(error) => {
                batch.send(server, &mut output, &mut counts)?;
                let error = error.to_string();
                print(&mut output, &NoReceipt { command_id: None, outcome: "invalid", line: number, error: &error })?;
                counts.invalid += 1;
            }
        }
        if batch.is_full() {
            batch.send(server, &mut output, &mut counts)?;
        }
        if session.interrupt.requested() {
            break;
        }
    }
    batch.send(server, &mut output, &mut counts)?;
    output.flush()?;
    session.remark(&counts.sentence());
    if counts.failed > 0 {
        return Err(RemoteError::NotRecorded { count: counts.failed }.into());
    }
    Ok(if session.interrupt.requested() { Verdict::Interrupted } else { counts.verdict() })
}

impl Batch {
    fn take(&mut self, number: u64, text: &str) {
        self.numbers.push(number);
        self.text.extend_from_slice(text.as_bytes());
        self.text.push(b'\n');
    }

    fn is_full(&self) -> bool {
        self.numbers.len() >= BATCH_COMMANDS || self.text.len() >= BATCH_BYTES
    }

    /// Has its commands decided and prints what became of them, under the numbers that their lines had here.
    fn send(&mut self, server: &Server<'_>, output: &mut Output, counts: &mut Counts) -> Result<(), Failure> {
        let Self { numbers, text } = std::mem::take(self);
        if numbers.is_empty() {
            return Ok(());
        }
        let answers = server.decide(&text)?;
        let answers = std::str::from_utf8(&answers).map_err(|error| server.unreadable(&error))?;
        if answers.lines().count() != numbers.len() {
            return Err(server.unreadable(&"it has not a line for each command").into());
        }
        for (number, answer) in numbers.into_iter().zip(answers.lines()) {
            let told: Told<'_> = serde_json::from_str(answer).map_err(|error| server.unreadable(&error))?;
            *counts.of(told.outcome) += 1;
            if told.line.is_some() {
                let error = told.error.as_deref().unwrap_or_default();
                print(output, &NoReceipt { command_id: told.command_id, outcome: told.outcome, line: number, error })?;
            } else {
                output.line(answer)?;
            }
        }
        output.flush()
    }
}

impl Counts {
    /// The count that an outcome goes to.
    fn of(&mut self, outcome: &str) -> &mut u64 {
        match outcome {
            "accepted" => &mut self.accepted,
            "refused" => &mut self.refused,
            "repeated" => &mut self.repeated,
            "conflict" => &mut self.conflict,
            "invalid" | "forbidden" => &mut self.invalid,
            _ => &mut self.failed,
        }
    }
}

fn print(output: &mut Output, line: &NoReceipt<'_>) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, line).map_err(|error| Failure::Output(io::Error::from(error)))?;
    output.write_all(b"\n").map_err(Failure::Output)
}
