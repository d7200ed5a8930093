//! `ofrecord checkpoint`: sign the size and the root of the log, or print what was signed.

use clap::Args;

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::session::Session;

const AFTER_HELP: &str = "\
Prints a signed note (C2SP tlog-checkpoint): origin, tree size, root, and a line for each signature.
Give it to whoever should be able to tell later that nothing before it was changed.
Before it signs, it reads the new entries, hashes them, and compares the root with the tree's.

Example:
  ofrecord checkpoint > checkpoint.txt
  ofrecord check checkpoint.txt --key \"$(ofrecord key --quiet)\"";

/// Arguments of `checkpoint`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Print the newest checkpoint that was signed, and sign nothing
    #[arg(long)]
    newest: bool,
    /// Print the checkpoint of this size, if it is kept, and sign nothing
    #[arg(long, value_name = "SIZE", conflicts_with = "newest")]
    size: Option<u64>,
    #[command(flatten)]
    person: Person,
}

/// Signs.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let signed = if let Some(size) = arguments.size {
        custody::checkpoint(&session.global.ledger, size)?
    } else if arguments.newest {
        custody::newest_checkpoint(&session.global.ledger)?.ok_or(Failure::NothingSigned)?
    } else {
        let mut signer = custody::signer(session)?;
        let ledger = open::ledger(session)?;
        custody::name_first_key(&ledger, &signer, &arguments.person.operator())?;
        let signed = custody::sign(&ledger, &mut signer, session);
        open::close(ledger, session);
        signed?
    };
    let mut output = session.output();
    output.bytes(signed.note.to_string().as_bytes())?;
    output.flush()?;
    Ok(Verdict::Done)
}
