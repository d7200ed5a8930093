//! The built binary fed by a pipe, and what it acknowledged before it was stopped.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use ofrecord_acceptance::product::binary;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The instant that every process takes for the present.
pub(crate) const CLOCK: &str = "2040-01-01T00:00:00Z";

/// Where an entry stands, as a receipt says.
pub(crate) type Place = (u64, String);

/// Runs the binary on a ledger to its end.
pub(crate) fn run(ledger: &Path, arguments: &[&str]) -> Output {
    command(ledger, arguments).output().expect("run the binary")
}

fn command(ledger: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary().expect("build the binary"));
    command.args(arguments).arg("--ledger").arg(ledger).args(["--clock", CLOCK, "--quiet", "--no-color"]);
    command.env_remove("OFRECORD_LOG").stdin(Stdio::null());
    command
}

/// Makes a ledger of the cloud that 21Vianet operates.
pub(crate) fn init(ledger: &Path) {
    let mut command = Command::new(binary().expect("build the binary"));
    command.arg("init").arg(ledger).args(["--origin", "ofrecord.test/outside", "--clock", CLOCK, "--quiet"]);
    let output = command.output().expect("run the binary");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// When a submitting process is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Once so many receipts were read.
    AfterReceipts(u64),
    /// Once so many bytes were fed.
    AfterBytes(usize),
    /// When the input ends.
    Never,
}

/// Feeds lines to `ofrecord submit` and stops it by a signal at some moment; gives back what it acknowledged.
/// `at_stop` is called when the signal was sent and before the process is killed.
pub(crate) fn submit(
    ledger: &Path,
    lines: &[String],
    stop: Stop,
    signal: Signal,
    at_stop: &mut dyn FnMut(),
) -> BTreeMap<String, Place> {
    let mut child = command(ledger, &["submit", "-"])
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
            kill_process(pid, signal).expect("send the signal");
        }
        drop(fed);
        drop(input);
    });
    let acknowledged = receipts(&mut child, stop, pid, signal, at_stop);
    feeder.join().expect("the feeding thread");
    let status = child.wait().expect("wait for the binary");
    if stop == Stop::Never {
        assert!(matches!(status.code(), Some(0 | 2 | 3)), "{status}");
    }
    acknowledged
}

fn receipts(
    child: &mut Child,
    stop: Stop,
    pid: Pid,
    signal: Signal,
    at_stop: &mut dyn FnMut(),
) -> BTreeMap<String, Place> {
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
            kill_process(pid, signal).expect("send the signal");
            at_stop();
            if signal != Signal::KILL {
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
