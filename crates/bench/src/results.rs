//! Where results are printed: the standard output, kept aside from what engines print there by themselves.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;

/// The standard output as it was when the program began.
#[derive(Debug)]
pub(crate) struct Results(File);

impl Results {
    /// Keeps the standard output for results; whatever else is printed there goes to the standard error from now on.
    ///
    /// # Errors
    /// What the system says when it has no handle left.
    pub(crate) fn take() -> io::Result<Self> {
        let kept = io::stdout().as_fd().try_clone_to_owned()?;
        rustix::stdio::dup2_stdout(io::stderr())?;
        Ok(Self(File::from(kept)))
    }

    /// Prints a result. Who has closed the other end is not told so.
    pub(crate) fn say(&mut self, text: &str) {
        drop(self.0.write_all(format!("{text}\n").as_bytes()));
    }
}

/// Prints how far the work is, or why it ended.
pub(crate) fn complain(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}
