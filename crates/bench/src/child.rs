//! Steps in processes of their own, so that the memory of each is its own and one of them can be killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use clap::ValueEnum as _;
use serde::de::DeserializeOwned;

use crate::RaceError;
use crate::fill::Extent;
use crate::steps::Step;

/// What a step says before it goes on until it is killed.
pub(crate) const APPENDING: &str = "appending";

fn command(step: Step, folder: &Path, extent: Extent) -> Result<Command, RaceError> {
    let name = step.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["step", &name, "--entries", &extent.entries.to_string(), "--busy", &extent.busy.to_string(), "--ledger"])
        .arg(folder)
        .stdin(Stdio::null());
    Ok(command)
}

/// Runs a step over the ledger in a folder, and reads what it found.
///
/// # Errors
/// [`RaceError`] with what it said when it ended otherwise.
pub(crate) fn run<T: DeserializeOwned>(step: Step, folder: &Path, extent: Extent) -> Result<T, RaceError> {
    let output = command(step, folder, extent)?.output()?;
    let failed = |problem: &dyn std::fmt::Display| RaceError::of("a step in a process of its own")(problem);
    if !output.status.success() {
        return Err(failed(&format!(
            "{step:?} ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(&error))
}

/// Lets a process append to the ledger in a folder, and kills it while it does.
///
/// # Errors
/// [`RaceError`] when it did not get so far.
pub(crate) fn kill_while_appending(folder: &Path, extent: Extent) -> Result<(), RaceError> {
    let mut appending = command(Step::Append, folder, extent)?.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(stdout) = appending.stdout.as_mut() {
        BufReader::new(stdout).read_line(&mut line)?;
    }
    appending.kill()?;
    appending.wait()?;
    if line.trim() == APPENDING {
        return Ok(());
    }
    Err(RaceError::of("a process that appends")(&format!("it said `{}`", line.trim())))
}

/// Greatest resident memory of this process so far in MiB, as the kernel counts it; 0 where it does not.
pub(crate) fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1_024.0
}
