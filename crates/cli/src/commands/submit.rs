//! `ofrecord submit`: commands in as JSON Lines, receipts out in the same order, each once it is durable.

use std::fs::File;
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use clap::{Args, ValueEnum};
use ofrecord_core::CommandId;
use ofrecord_ledger::signing::SignError;
use ofrecord_ledger::submission::{self, SUBMISSION_BYTES_MAX};
use ofrecord_ledger::{NoReceipt, Receipt, ReceiptOutcome, SubmitError};
use serde::Serialize;

use crate::custody::{self, Checkpointing};
use crate::failure::{Failure, Verdict};
use crate::lines::{Line, Lines};
use crate::open;
use crate::output::Output;
use crate::pipeline::{self, Answers, IN_FLIGHT_MAX, Intake};
use crate::remote::Remote;
use crate::session::Session;
use crate::watching::Watching;

mod over_http;

const AFTER_HELP: &str = "\
Each line is one command:
  {\"command_id\": GUID, \"actor\": {\"kind\": …, \"tenant_id\"?, \"user\"?, \"role\"?}, \"customer\"?: GUID,
   \"effective_at\"?: TIME, \"expected_version\"?: N, \"evidence\"?: […], \"command\": {\"type\": …, …}}
and is answered by one line, in the same order, once it is durable:
  {\"command_id\", \"outcome\": \"accepted|refused|repeated|conflict|invalid\", \"position\"?, \"tree_size\"?,
   \"leaf_hash\"?, \"events\"?, \"refusal\"?, \"proof\"?}
When the machine fails, the outcome is `failed` (nothing was written) or `unknown` (it may have been).
With --receipts proven, each receipt waits for a checkpoint, and `proof` is a file that `ofrecord check`
takes: the text of a .tlog-proof. Commands that wait together share one checkpoint.
A line that is not a command does not stop the rest. The same command_id again gives the first receipt.

Example:
  ofrecord submit commands.jsonl > receipts.jsonl";

/// Arguments of `submit`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file to read; `-` or nothing reads the standard input
    file: Option<PathBuf>,
    /// What a receipt waits for
    #[arg(long, value_name = "LEVEL", value_enum, default_value_t = Level::Durable, conflicts_with = "server")]
    receipts: Level,
    #[command(flatten)]
    watching: Watching,
    #[command(flatten)]
    remote: Remote,
}

/// What a receipt waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    /// The entry is on the device
    Durable,
    /// A signed checkpoint covers it, and the receipt carries the proof
    Proven,
}

/// What the answers' thread needs to know of a line.
enum Tag {
    /// It was submitted.
    Submitted { line: u64, command_id: CommandId },
    /// It is no command.
    Invalid { line: u64, command_id: Option<CommandId>, error: String },
}

/// How many lines came to what.
#[derive(Debug, Default)]
struct Counts {
    accepted: u64,
    refused: u64,
    repeated: u64,
    conflict: u64,
    invalid: u64,
    failed: u64,
}

/// Submits every line.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(server) = arguments.remote.server()? {
        return over_http::run(arguments, &server, session);
    }
    let input = input(arguments.file.as_deref())?;
    let signer = match arguments.receipts {
        Level::Durable => None,
        Level::Proven => Some(custody::signer(session)?),
    };
    let mut ledger = open::ledger(session)?;
    arguments.watching.begin(&mut ledger)?;
    let checkpointing = match signer {
        None => None,
        Some(signer) => Some(Checkpointing::start(signer, &ledger, &session.global.ledger)?),
    };
    let (lines, read) = sync_channel(IN_FLIGHT_MAX);
    let wake = lines.clone();
    session.interrupt.on_request(move || {
        // With a full channel nobody sleeps on it, so nobody needs waking.
        drop(wake.try_send(FromInput::Stop));
    });
    // Reading blocks, and a terminal or pipe may never end: the thread is left behind when a stop is asked for.
    std::thread::Builder::new()
        .name("ofrecord-input".to_owned())
        .spawn(move || read_lines(input, &lines))
        .map_err(Failure::Thread)?;
    let counts = Counts::default();
    let mut receipts = Receipts { output: session.output(), counts, failure: None, checkpointing, unproven: None };
    let fed = pipeline::run(&ledger, &mut receipts, |intake| feed(&read, intake, session));
    let Receipts { counts, failure, checkpointing, unproven, .. } = receipts;
    let kept = checkpointing.map_or(Ok(()), Checkpointing::end);
    let watched = arguments.watching.end(&mut ledger, session);
    open::close(ledger, session);
    session.remark(&counts.sentence());
    fed?;
    if let Some(error) = unproven {
        return Err(Failure::Unproven(error));
    }
    kept?;
    match failure {
        Some(error) => Err(Failure::Submit(error)),
        None if session.interrupt.requested() => Ok(Verdict::Interrupted),
        None => Ok(watched.or(counts.verdict())),
    }
}

/// What the input's thread hands over.
enum FromInput {
    /// A line.
    Line(Line),
    /// The input ended, or could not be read on.
    End(io::Result<()>),
    /// A stop was asked for.
    Stop,
}

fn input(file: Option<&Path>) -> Result<Box<dyn io::Read + Send>, Failure> {
    match file.filter(|path| *path != Path::new("-")) {
        None => Ok(Box::new(io::stdin())),
        Some(path) => {
            let opened = File::open(path);
            let file = opened.map_err(|error| Failure::File { doing: "read", path: path.to_owned(), error })?;
            Ok(Box::new(file))
        }
    }
}

fn read_lines(input: impl io::Read, lines: &SyncSender<FromInput>) {
    for line in Lines::new(BufReader::new(input), SUBMISSION_BYTES_MAX) {
        let read = match line {
            Ok(line) => FromInput::Line(line),
            Err(error) => {
                drop(lines.send(FromInput::End(Err(error))));
                return;
            }
        };
        if lines.send(read).is_err() {
            return;
        }
    }
    drop(lines.send(FromInput::End(Ok(()))));
}

fn feed(read: &Receiver<FromInput>, intake: &Intake<'_, Tag>, session: &Session) -> Result<(), Failure> {
    while let Ok(next) = read.recv() {
        if session.interrupt.requested() || intake.is_closed() {
            return Ok(());
        }
        match next {
            FromInput::Line(line) => submit(line, intake)?,
            FromInput::End(ended) => return ended.map_err(Failure::Input),
            FromInput::Stop => return Ok(()),
        }
    }
    Ok(())
}

fn submit(Line { number, text }: Line, intake: &Intake<'_, Tag>) -> Result<(), Failure> {
    let text = match text {
        Ok(text) => text,
        Err(error) => {
            intake.skip(Tag::Invalid { line: number, command_id: None, error: error.to_string() });
            return Ok(());
        }
    };
    if text.trim().is_empty() {
        return Ok(());
    }
    match submission::read(&text) {
        Ok(request) => intake.submit(Tag::Submitted { line: number, command_id: request.command_id }, request),
        Err(invalid) => {
            let error = invalid.error.to_string();
            intake.skip(Tag::Invalid { line: number, command_id: invalid.command_id, error });
            Ok(())
        }
    }
}

/// Prints a line for each answer.
struct Receipts {
    output: Output,
    counts: Counts,
    /// The first failure of the machine.
    failure: Option<SubmitError>,
    /// What proves the receipts, where they are to be proven.
    checkpointing: Option<Checkpointing>,
    /// Why a receipt could not be proven.
    unproven: Option<SignError>,
}

impl Receipts {
    fn none(&mut self, command_id: Option<CommandId>, outcome: &str, line: u64, error: &str) -> io::Result<()> {
        self.json(&NoReceipt { command_id, outcome, line, error })
    }

    fn json<T: Serialize>(&mut self, value: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.output, value)?;
        self.output.write_all(b"\n")
    }

    fn receipt(&mut self, receipt: Receipt) -> io::Result<()> {
        match receipt.outcome {
            ReceiptOutcome::Accepted { .. } => self.counts.accepted += 1,
            ReceiptOutcome::Refused { .. } => self.counts.refused += 1,
            ReceiptOutcome::Repeated { .. } => self.counts.repeated += 1,
            ReceiptOutcome::Conflict { .. } => self.counts.conflict += 1,
        }
        let Some(checkpointing) = &self.checkpointing else { return self.json(&receipt) };
        match checkpointing.proven(receipt) {
            Ok(proven) => self.json(&proven),
            Err(unproven) => {
                self.unproven.get_or_insert(unproven.error);
                self.json(&unproven.receipt)
            }
        }
    }

    fn failed(&mut self, command_id: CommandId, line: u64, error: SubmitError) -> io::Result<()> {
        let printed = self.none(Some(command_id), error.word(), line, &format!("could not {error}"));
        if pipeline::is_the_machines(&error) {
            self.counts.failed += 1;
            self.failure.get_or_insert(error);
        } else {
            self.counts.invalid += 1;
        }
        printed
    }
}

impl Answers<Tag> for Receipts {
    fn take(&mut self, tag: Tag, answer: Option<Result<Receipt, SubmitError>>) -> io::Result<()> {
        match (tag, answer) {
            (Tag::Submitted { .. }, Some(Ok(receipt))) => self.receipt(receipt),
            (Tag::Submitted { line, command_id }, Some(Err(error))) => self.failed(command_id, line, error),
            (Tag::Submitted { line, command_id }, None) => self.failed(command_id, line, SubmitError::Stopped),
            (Tag::Invalid { line, command_id, error }, _) => {
                self.counts.invalid += 1;
                self.none(command_id, "invalid", line, &error)
            }
        }
    }

    fn pause(&mut self) -> io::Result<()> {
        io::Write::flush(&mut self.output)
    }

    fn is_over(&self) -> bool {
        self.unproven.is_some()
    }
}

impl Counts {
    fn sentence(&self) -> String {
        let counts = [
            (self.accepted, "accepted"),
            (self.refused, "refused"),
            (self.repeated, "repeated"),
            (self.conflict, "conflict"),
            (self.invalid, "invalid"),
            (self.failed, "failed"),
        ];
        let total: u64 = counts.iter().map(|(count, _)| count).sum();
        let parts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
        match total {
            0 => "0 commands".to_owned(),
            1 => format!("1 command: {}", parts.join(", ")),
            total => format!("{total} commands: {}", parts.join(", ")),
        }
    }

    fn verdict(&self) -> Verdict {
        if self.invalid > 0 {
            Verdict::Invalid
        } else if self.refused + self.conflict > 0 {
            Verdict::Refused
        } else {
            Verdict::Done
        }
    }
}
