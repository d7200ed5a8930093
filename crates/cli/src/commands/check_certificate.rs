//! `ofrecord check-certificate`: the same as `check`, under the name that it had for certificates.

use std::path::PathBuf;

use clap::Args;
use ofrecord_proof::note::VerifierKey;

use super::check;
use crate::failure::{Failure, Verdict};
use crate::session::Session;

const AFTER_HELP: &str = "\
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

/// Checks.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    check::run(&check::Arguments::one(arguments.file.clone(), arguments.believed.clone()), session)
}
