//! The built binary fed by a pipe, and what it acknowledged before it was stopped.
#![expect(clippy::expect_used, reason = "a test that cannot run the binary fails by panicking")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The instant that every process takes for the present.
pub const CLOCK: &str = "2040-01-01T00:00:00Z";

/// Where an entry stands, as a receipt says.
pub type Place = (u64, String);

/// The built binary.
#[derive(Debug, Clone)]
pub struct Binary(PathBuf);

/// How a process is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is killed.
    Killed,
    /// It is made to stand still first, so that the test can look at what it has written so far.
    StoodStill,
}

/// When a submitting process is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Once so many receipts were read.
    AfterReceipts(u64),
    /// Once so many bytes were fed.
    AfterBytes(usize),
    /// When the input ends.
    Never,
}

impl Binary {
    /// The binary at a path.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Runs it on a ledger to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn run(&self, ledger: &Path, arguments: &[&str]) -> Output {
        self.command(ledger, arguments).output().expect("run the binary")
    }

    /// Makes a ledger of the cloud in which every mechanism is offered.
    ///
    /// # Panics
    /// When that fails.
    pub fn init(&self, ledger: &Path) {
        let mut command = Command::new(&self.0);
        command.arg("init").arg(ledger).args(["--origin", "ofrecord.test/outside", "--cloud", "worldwide"]);
        command.args(["--clock", CLOCK, "--quiet"]);
        let output = command.output().expect("run the binary");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, ledger: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.0);
        command.args(arguments).arg("--ledger").arg(ledger).args(["--clock", CLOCK, "--quiet", "--no-color"]);
        command.env_remove("OFRECORD_LOG").stdin(Stdio::null());
        command
    }

    /// Feeds all lines to `ofrecord submit` and gives back where each command stands.
    ///
    /// # Panics
    /// When a receipt says that the machine failed.
    #[must_use]
    pub fn submit(&self, ledger: &Path, lines: &[String]) -> BTreeMap<String, Place> {
        self.submit_until(ledger, lines, Stop::Never, How::Killed, &mut || {})
    }

    /// Feeds lines to `ofrecord submit` and stops it at some moment; gives back what it acknowledged.
    /// `at_stop` is called when it was stopped and before it is killed.
    ///
    /// # Panics
    /// When a receipt says that the machine failed, or two say that one command stands at two places.
    #[must_use]
    pub fn submit_until(
        &self,
        ledger: &Path,
        lines: &[String],
        stop: Stop,
        how: How,
        at_stop: &mut dyn FnMut(),
    ) -> BTreeMap<String, Place> {
        let mut child = self
            .command(ledger, &["submit", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("start the binary");
        let pid = Pid::from_child(&child);
        let mut input = child.stdin.take().expect("a pipe to write to");
        let mut bytes: Vec<u8> = lines.iter().flat_map(|line| line.bytes().chain([b'\n'])).collect();
        let cut = match stop {
            Stop::AfterBytes(cut) => cut.min(bytes.len()),
            Stop::AfterReceipts(_) | Stop::Never => bytes.len(),
        };
        bytes.truncate(cut);
        let feeder = std::thread::spawn(move || {
            // A process that was stopped breaks the pipe; what it did not read it did not acknowledge.
            let fed = input.write_all(&bytes).and_then(|()| input.flush());
            if matches!(stop, Stop::AfterBytes(_)) {
                kill_process(pid, how.signal()).expect("send the signal");
            }
            drop(fed);
            drop(input);
        });
        let acknowledged = receipts(&mut child, stop, pid, how, at_stop);
        feeder.join().expect("the feeding thread");
        let status = child.wait().expect("wait for the binary");
        if stop == Stop::Never {
            assert!(matches!(status.code(), Some(0 | 2 | 3)), "{status}");
        }
        acknowledged
    }
}

impl How {
    fn signal(self) -> Signal {
        match self {
            Self::Killed => Signal::KILL,
            Self::StoodStill => Signal::STOP,
        }
    }
}

fn receipts(child: &mut Child, stop: Stop, pid: Pid, how: How, at_stop: &mut dyn FnMut()) -> BTreeMap<String, Place> {
    let mut acknowledged = BTreeMap::new();
    let mut output = BufReader::new(child.stdout.take().expect("a pipe to read from"));
    let mut line = String::new();
    let mut read = 0;
    while output.read_line(&mut line).expect("read receipts") > 0 {
        // A line without its end was cut off by the stop: nobody has read it as a receipt.
        if let Some(whole) = line.strip_suffix('\n') {
            note(whole, &mut acknowledged);
        }
        line.clear();
        read += 1;
        if stop == Stop::AfterReceipts(read) {
            kill_process(pid, how.signal()).expect("send the signal");
            at_stop();
            if how == How::StoodStill {
                kill_process(pid, Signal::KILL).expect("send the signal");
            }
        }
    }
    acknowledged
}

fn note(line: &str, acknowledged: &mut BTreeMap<String, Place>) {
    let receipt: Value = serde_json::from_str(line).expect("a receipt is JSON");
    let text = |name: &str| receipt.get(name).and_then(Value::as_str).map(str::to_owned);
    let outcome = text("outcome").expect("a receipt has an outcome");
    assert!(outcome != "failed" && outcome != "unknown", "{line}");
    if let (Some(id), Some(position), Some(leaf)) =
        (text("command_id"), receipt.get("position").and_then(Value::as_u64), text("leaf_hash"))
    {
        let place = (position, leaf);
        let before = acknowledged.insert(id, place.clone());
        assert!(before.is_none_or(|before| before == place), "one command at two places: {line}");
    }
}
