//! Programs in processes of their own: begun, signalled, and those that a desk may lack and CI may not.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::workspace;

/// Says which Python has the packages of `tests/foreign/requirements.txt`; `.ci/run` sets it.
const PYTHON: &str = "OFRECORD_PYTHON";
/// How long a program that was started may take until it says that it is there.
const START_TIME: Duration = Duration::from_secs(120);
/// Where Debian puts the sources of Go packages.
const GO_SOURCES: &str = "/usr/share/gocode";

/// The Python with the foreign packages.
#[must_use]
pub fn python() -> OsString {
    std::env::var_os(PYTHON).unwrap_or_else(|| {
        let own = workspace::root().join("target/foreign/bin/python");
        if own.exists() { own.into_os_string() } else { "python3".into() }
    })
}

/// Everything that a program printed.
#[must_use]
pub fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a program, and gives what keeps it from being run or from ending well.
///
/// # Errors
/// What the program said, or the system.
pub fn run(command: &mut Command) -> Result<String, String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(told(&output)),
        Ok(output) => Err(told(&output)),
        Err(error) => Err(format!("{}: {error}", command.get_program().display())),
    }
}

/// Sends a signal, by its name without `SIG`, to a process by its id, or to a group of them by its id with a minus.
///
/// # Errors
/// What keeps it from being sent.
pub fn signal(name: &str, to: &str) -> Result<String, String> {
    run(Command::new("kill").args(["-s", name, "--", to]))
}

/// Waits for the line of a program by which it says that it is there, and gives what `find` finds in it. What it goes on
/// to say is to be held, so that it can go on saying it.
///
/// # Errors
/// That it ended, or was ended because it said nothing for two minutes.
pub fn begun<T>(
    child: &mut Child,
    mut find: impl FnMut(&str) -> Option<T>,
) -> Result<(T, BufReader<ChildStdout>), String> {
    let id = child.id().to_string();
    let stdout = child.stdout.take().ok_or("its output is not read")?;
    let (there, waited) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        if waited.recv_timeout(START_TIME) == Err(mpsc::RecvTimeoutError::Timeout) {
            signal("KILL", &id).unwrap_or_default();
        }
    });
    let mut said = BufReader::new(stdout);
    let found = said.by_ref().lines().map_while(Result::ok).find_map(|line| find(&line));
    drop(there);
    drop(watch.join());
    Ok((found.ok_or("it ended before it said that it is there")?, said))
}

/// Says that a part of a test was left out; in CI nothing may be.
///
/// # Panics
/// With `CI=true`.
pub fn left_out(test: &str, reason: &str) {
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{reason}");
    // Printed past the test's capture: what was left out must not look like what passed.
    writeln!(std::io::stderr(), "SKIPPED {test}: {}", reason.trim_end()).unwrap_or_default();
}

/// Builds the Go program of a folder, without network and without modules.
///
/// # Errors
/// What the compiler said, or that there is none.
pub fn go_program(source: &Path, folder: &Path) -> Result<PathBuf, String> {
    let program = folder.join("program");
    let mut command = Command::new("go");
    command.args(["build", "-o"]).arg(&program).arg(source);
    command.env("GO111MODULE", "off").env("GOPATH", GO_SOURCES).env("GOFLAGS", "").env("CGO_ENABLED", "0");
    command.env("GOCACHE", folder.join("cache"));
    run(&mut command).map(|_| program)
}
