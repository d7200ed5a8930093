//! `ofrecord export`: entries as their exact bytes, as CloudEvents or as CSV, a data set of Parquet files, and tiles.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::sealing::Names;
use ofrecord_log::LogReader;

use crate::arguments::folder;
use crate::disclosure::{Taken, Taking};
use crate::failure::{Failure, Verdict};
use crate::open::Held;
use crate::progress::Bar;
use crate::session::Session;
use crate::whole_file;
use ofrecord_ledger::known::KnownArgument;

mod entries;
mod stored;
mod tables;
pub(crate) mod tiles;

/// Entries between two looks at the progress and at Ctrl-C.
const LOOK_EVERY: u64 = 1_024;

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(
    after_help = "That something was exported is recorded, before it leaves; the export does not hold that entry.

Examples:
  ofrecord export --from 0 --to 1000 -o entries.jsonl
  ofrecord export --as cloudevents | head -n 1
  ofrecord export --parquet market-tables --as-of 2024-03-01
  ofrecord export --tiles market-tiles"
)]
pub(crate) struct Arguments {
    /// First position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// First position no longer printed; without it, the end, or what --known-at says
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// What an entry is written as
    #[arg(long = "as", value_name = "FORM", value_enum, default_value_t = Form::Entries)]
    form: Form,
    /// Write CloudEvents as one JSON array, the JSON batch format, rather than one a line
    #[arg(long)]
    batch: bool,
    /// Instead, write entries and views as Parquet files below this folder, whole or not at all
    ///
    /// The folder must be empty, or not there yet. Findings, coverage and billing are those of --as-of.
    #[arg(long, value_name = "DIR", value_parser = folder())]
    #[arg(conflicts_with_all = ["from", "to", "output", "form", "batch"])]
    parquet: Option<PathBuf>,
    /// Instead, write the whole log as tiles with its checkpoint below this folder (C2SP tlog-tiles)
    ///
    /// A folder that holds tiles of this log gets those that are new; whoever has it needs no server and no ledger.
    #[arg(long, value_name = "DIR", value_parser = folder())]
    #[arg(conflicts_with_all = ["from", "to", "output", "form", "batch", "parquet"])]
    tiles: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

/// What an entry is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Its exact bytes, one entry a line
    Entries,
    /// CloudEvents 1.0 in JSON, one event a line, refusals included
    #[value(name = "cloudevents")]
    CloudEvents,
    /// CSV with a header, one event a line, refusals included
    Csv,
}

/// Writes what was asked for.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(folder) = &arguments.parquet {
        return tables::run(folder, &arguments.taking, session);
    }
    if let Some(folder) = &arguments.tiles {
        return tiles::run(folder, &arguments.taking, session);
    }
    if arguments.batch && arguments.form != Form::CloudEvents {
        return Err(Failure::Batch);
    }
    let held = Held::for_taking(session)?;
    let log = Arc::clone(held.reader.log());
    // Without --known-at no entry is read yet, so that what is sound of a damaged ledger can be taken out.
    let size = match session.global.known_at {
        None => log.tree_size(),
        Some(known_at) => held.reader.snapshot(KnownArgument::known_at(known_at))?.basis.tree_size,
    };
    let (from, to) = (arguments.from, arguments.to.unwrap_or(size));
    if from > to || to > size {
        return Err(Failure::Range { from, to, size });
    }
    let (kind, as_of) = (DisclosureKind::Export, session.global.as_of);
    let taken = Taken { kind, customer: None, tree_size: to, as_of, digest: None };
    arguments.taking.disclose(&held, taken, session)?;
    let bar = session.bar("exporting");
    let range = Range { log: log.as_ref(), names: held.reader.names(), from, to, bar: &bar };
    match &arguments.output {
        None => {
            let mut output = session.output();
            let verdict = arguments.write(&range, &mut output, &Failure::Output)?;
            output.flush()?;
            Ok(verdict)
        }
        Some(path) => whole_file::write(path, |file| {
            let failed = |error| Failure::File { doing: "write", path: path.clone(), error };
            let verdict = arguments.write(&range, file, &failed)?;
            if verdict == Verdict::Done { Ok(verdict) } else { Err(Failure::Stopped) }
        }),
    }
}

impl Arguments {
    fn write(
        &self,
        range: &Range<'_>,
        to: &mut impl Write,
        failed: &dyn Fn(io::Error) -> Failure,
    ) -> Result<Verdict, Failure> {
        match self.form {
            Form::Entries => entries::bytes(range, to, failed),
            Form::CloudEvents if self.batch => entries::cloud_event_batch(range, to, failed),
            Form::CloudEvents => entries::cloud_events(range, to, failed),
            Form::Csv => entries::csv(range, to, failed),
        }
    }
}

/// The entries that are exported.
struct Range<'a> {
    log: &'a dyn LogReader,
    /// What stands for sealed texts where an entry is written as a table.
    names: Option<&'a Names>,
    from: u64,
    to: u64,
    bar: &'a Bar,
}

impl Range<'_> {
    /// Calls `each` with the bytes of every entry, in order, until there are no more or a stop is asked for.
    fn each(&self, each: &mut dyn FnMut(&[u8]) -> Result<(), Failure>) -> Result<Verdict, Failure> {
        let mut ended = Ok(Verdict::Done);
        self.log.scan(self.from, self.to, &mut |position, bytes| {
            let done = position - self.from;
            if done.is_multiple_of(LOOK_EVERY) {
                self.bar.at(done, self.to - self.from);
                if self.bar.is_stopped() {
                    ended = Ok(Verdict::Interrupted);
                    return ControlFlow::Break(());
                }
            }
            match each(bytes) {
                Ok(()) => ControlFlow::Continue(()),
                Err(failure) => {
                    ended = Err(failure);
                    ControlFlow::Break(())
                }
            }
        })?;
        ended
    }
}
