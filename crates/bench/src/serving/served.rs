//! The program that serves a ledger, in a process of its own that can be killed and started again.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use super::failed;
use crate::RaceError;

/// A served ledger; the process ends with it.
pub(super) struct Served {
    program: PathBuf,
    folder: PathBuf,
    running: Running,
}

/// A process that has said where it listens; it ends with this.
pub(super) struct Running {
    child: Child,
    /// Held, so that the program can go on saying what it does.
    _said: BufReader<ChildStdout>,
    address: String,
}

impl Served {
    /// Makes a ledger and serves it, to so many followers at once.
    pub(super) fn start(program: &Path, folder: &Path, followers: usize) -> Result<Self, RaceError> {
        let made = Command::new(program).arg("init").arg("--ledger").arg(folder).output()?;
        if !made.status.success() {
            return Err(failed(&String::from_utf8_lossy(&made.stderr)));
        }
        std::fs::write(settings(folder), limits(followers))?;
        let running = Running::start(&mut serving(program, folder))?;
        Ok(Self { program: program.to_owned(), folder: folder.to_owned(), running })
    }

    pub(super) fn address(&self) -> &str {
        self.running.address()
    }

    /// Kills the process, as the kernel does without a word to it.
    pub(super) fn kill(&mut self) -> Result<(), RaceError> {
        self.running.child.kill()?;
        self.running.child.wait()?;
        Ok(())
    }

    /// Serves the ledger again after that.
    pub(super) fn start_again(&mut self) -> Result<(), RaceError> {
        self.running = Running::start(&mut serving(&self.program, &self.folder))?;
        Ok(())
    }

    /// Resident memory of the process in KiB, as the kernel counts it; 0 where it does not.
    pub(super) fn resident_kib(&self) -> f64 {
        let path = format!("/proc/{}/status", self.running.child.id());
        let status = std::fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0.0)
    }
}

/// The program, serving a ledger on a port that is free.
fn serving(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--ledger"]).arg(folder).arg("--config").arg(settings(folder));
    command
}

fn settings(folder: &Path) -> PathBuf {
    folder.with_extension("toml")
}

/// The limits of the server, raised where there are more followers than it serves without being told.
fn limits(followers: usize) -> String {
    let more = |usual: usize| usual.max(followers + 256);
    let (connections, from_one) = (more(1_024), more(512));
    format!(
        "[limits]\nconnections = {connections}\npeer_connections = {from_one}\nfollowers = {}\n",
        followers.max(512)
    )
}

impl Running {
    /// Where it listens.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Starts it, and reads the line with its address.
    pub(super) fn start(command: &mut Command) -> Result<Self, RaceError> {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let mut said = BufReader::new(child.stdout.take().ok_or_else(|| failed("it has no standard output"))?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
        let running = |address| Self { child, _said: said, address };
        address.map(running).ok_or_else(|| failed(&format!("it said `{}`", line.trim())))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A process that was killed already cannot be killed again.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
