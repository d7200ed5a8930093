//! `ofrecord export`: the exact bytes of entries, one a line.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use ofrecord_log::LogReader as _;

use crate::failure::{Failure, Verdict};
use crate::open;
use crate::progress::Bar;
use crate::session::Session;

/// Entries between two looks at the progress and at Ctrl-C.
const LOOK_EVERY: u64 = 1_024;

/// Arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord export --from 0 --to 1000 -o entries.jsonl")]
pub(crate) struct Arguments {
    /// First position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// First position no longer printed; without it, the end
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints the entries.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log(session)?;
    let size = opened.log.tree_size();
    let (from, to) = (arguments.from, arguments.to.unwrap_or(size));
    if from > to || to > size {
        return Err(Failure::Range { from, to, size });
    }
    let bar = session.bar("exporting");
    let range = Range { opened: &opened, from, to, bar: &bar };
    match &arguments.output {
        None => {
            let mut output = session.output();
            let verdict = range.write(&mut output, Failure::Output)?;
            output.flush()?;
            Ok(verdict)
        }
        Some(path) => range.write_file(path),
    }
}

struct Range<'a> {
    opened: &'a open::Opened,
    from: u64,
    to: u64,
    bar: &'a Bar,
}

impl Range<'_> {
    fn write_file(&self, path: &Path) -> Result<Verdict, Failure> {
        let failed = |error| Failure::File { doing: "write", path: path.to_owned(), error };
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".unfinished");
        let unfinished = PathBuf::from(unfinished);
        let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
        let verdict = self.write(&mut file, failed)?;
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        if verdict == Verdict::Done {
            fs::rename(&unfinished, path).map_err(failed)?;
        } else {
            fs::remove_file(&unfinished).map_err(failed)?;
        }
        Ok(verdict)
    }

    fn write(&self, to: &mut impl Write, failed: impl Fn(io::Error) -> Failure) -> Result<Verdict, Failure> {
        let mut ended = Ok(Verdict::Done);
        self.opened.log.scan(self.from, self.to, &mut |position, bytes| {
            let done = position - self.from;
            if done.is_multiple_of(LOOK_EVERY) {
                self.bar.at(done, self.to - self.from);
                if self.bar.is_stopped() {
                    ended = Ok(Verdict::Interrupted);
                    return ControlFlow::Break(());
                }
            }
            match to.write_all(bytes).and_then(|()| to.write_all(b"\n")) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    ended = Err(failed(error));
                    ControlFlow::Break(())
                }
            }
        })?;
        ended
    }
}
