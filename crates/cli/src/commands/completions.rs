//! `ofrecord completions`: a completion script for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::arguments;
use crate::failure::{Failure, Verdict};
use crate::session::Session;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord completions bash > /etc/bash_completion.d/ofrecord")]
pub(crate) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the script.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    // Generated in memory first: the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut arguments::Arguments::command(), "ofrecord", &mut script);
    let mut output = session.output();
    output.bytes(&script)?;
    output.flush()?;
    Ok(Verdict::Done)
}
