//! `ofrecord check-certificate`: check what the ledger proved or certified by its key alone.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use ofrecord_ledger::certificate::{Checked, check};
use ofrecord_proof::note::VerifierKey;
use serde::Serialize;

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::output::Output;
use crate::session::Session;

const AFTER_HELP: &str = "\
Opens no ledger: it needs the file and the key, which must come from somebody you believe and not with the file.
Says what is proven and what is not.
Exits with 4 when the file does not hold, or when it says that something is wrong.

Example:
  ofrecord check-certificate all.json --key 'example.org/ledger+530d903a+Aekye…'";

/// Arguments of `check-certificate`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A key that is believed, as `ofrecord key` prints it; more than once for more
    #[arg(long = "key", value_name = "VKEY", required = true)]
    believed: Vec<VerifierKey>,
}

/// Why it does not hold.
#[derive(Debug, Serialize)]
struct NotHolding {
    does_not_hold: String,
}

/// Checks.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let path = &arguments.file;
    let bytes = fs::read(path).map_err(|error| Failure::File { doing: "read", path: path.clone(), error })?;
    let mut output = session.output();
    let verdict = match check(&bytes, &arguments.believed) {
        Ok(checked) => {
            match session.global.format {
                Format::Table => print(&checked, &mut output)?,
                Format::Json | Format::Csv => output.json(&checked)?,
            }
            if checked.found.is_empty() { Verdict::Done } else { Verdict::Found }
        }
        Err(reason) => {
            match session.global.format {
                Format::Table => output.line(&format!("it does not hold: {reason}"))?,
                Format::Json | Format::Csv => output.json(&NotHolding { does_not_hold: reason.to_string() })?,
            }
            Verdict::Found
        }
    };
    output.flush()?;
    Ok(verdict)
}

fn print(checked: &Checked, output: &mut Output) -> Result<(), Failure> {
    output.line(&format!("it holds: {}", checked.kind.as_str()))?;
    for (title, sentences) in [
        ("it says that something is wrong", &checked.found),
        ("signed by", &checked.signed_by),
        ("proven", &checked.proven),
        ("not proven", &checked.not_proven),
    ] {
        if sentences.is_empty() {
            continue;
        }
        output.line("")?;
        output.line(&format!("{title}:"))?;
        for sentence in sentences {
            output.line(&format!("  {sentence}"))?;
        }
    }
    Ok(())
}
