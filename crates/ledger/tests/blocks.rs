//! One block is decided while another is being written; what is decided upon a block stands and falls with it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use ofrecord_core::{Cloud, Request, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, SubmitError, Ticket, submission};
use ofrecord_log::{
    AppendError, Appended, Each, EventLog, Hash, Head, Health, LogReader, MemoryLog, NewEntry, NotWritten, ReadError,
    RecordedCommand, StreamHead,
};
use uuid::Uuid;

const CUSTOMER: &str = "4b827261-d21f-4aa9-b7db-7fa1f56fb163";

/// What becomes of an append that is held.
enum Verdict {
    Written,
    NotWritten,
}

/// A log whose appends wait until the test says what becomes of them.
struct HeldLog {
    log: MemoryLog,
    reader: Arc<WatchedReader>,
    begun: Sender<usize>,
    verdicts: Mutex<Receiver<Verdict>>,
}

/// A reader that tells which commands are looked for, which the writer does just before it decides one.
struct WatchedReader {
    reader: Arc<dyn LogReader>,
    looked_for: Mutex<Sender<Uuid>>,
}

impl EventLog for HeldLog {
    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Result<Appended, AppendError> {
        self.begun.send(entries.len()).unwrap();
        match self.verdicts.get_mut().unwrap().recv().unwrap() {
            Verdict::Written => self.log.append(expected_next, entries),
            Verdict::NotWritten => Err(NotWritten::Engine { cause: "held back".to_owned() }.into()),
        }
    }

    fn reader(&self) -> Arc<dyn LogReader> {
        self.reader.clone()
    }
}

/// Both sides read as the log behind them does.
macro_rules! reads_as {
    ($type:ty, $field:ident, $looked_for:expr) => {
        impl LogReader for $type {
            fn origin(&self) -> &str {
                self.$field.origin()
            }

            fn head(&self) -> Head {
                self.$field.head()
            }

            fn health(&self) -> Health {
                self.$field.health()
            }

            fn read(&self, position: u64) -> Result<Vec<u8>, ReadError> {
                self.$field.read(position)
            }

            fn scan(&self, from: u64, to: u64, each: &mut Each<'_>) -> Result<(), ReadError> {
                self.$field.scan(from, to, each)
            }

            fn subtree_root(&self, level: u8, index: u64) -> Result<Hash, ReadError> {
                self.$field.subtree_root(level, index)
            }

            fn stream_head(&self, stream: &str) -> Result<Option<StreamHead>, ReadError> {
                self.$field.stream_head(stream)
            }

            fn stream_positions(&self, stream: &str, from_version: u64) -> Result<Vec<u64>, ReadError> {
                self.$field.stream_positions(stream, from_version)
            }

            fn streams(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<String>, ReadError> {
                self.$field.streams(prefix, after, limit)
            }

            fn find_command(&self, command_id: Uuid) -> Result<Option<RecordedCommand>, ReadError> {
                $looked_for(self, command_id);
                self.$field.find_command(command_id)
            }
        }
    };
}

reads_as!(HeldLog, log, |_: &Self, _| {});
reads_as!(WatchedReader, reader, |watched: &Self, id| watched.looked_for.lock().unwrap().send(id).unwrap());

struct Stage {
    ledger: Ledger,
    /// How many entries each append has, as it begins.
    begun: Receiver<usize>,
    verdicts: Sender<Verdict>,
    looked_for: Receiver<Uuid>,
}

fn stage() -> Stage {
    let log = MemoryLog::new("ofrecord.local/test");
    let ((begins, begun), (verdicts, told), (looks, looked_for)) = (channel(), channel(), channel());
    let reader = Arc::new(WatchedReader { reader: log.reader(), looked_for: Mutex::new(looks) });
    let clock = Clock::Set(SetClock::at("2024-06-01".parse::<Timestamp>().unwrap()));
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock, views: None, sealer: None };
    let log = HeldLog { log, reader, begun: begins, verdicts: Mutex::new(told) };
    Stage { ledger: Ledger::start(Box::new(log), options).unwrap(), begun, verdicts, looked_for }
}

fn request(id: u32, command: &str) -> Request {
    let line = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-{id:012}","actor":{{"kind":"operator"}},"customer":"{CUSTOMER}","effective_at":"2024-01-01","command":{command}}}"#
    );
    submission::read(&line).expect("a submission")
}

fn register() -> Request {
    request(1, r#"{"type":"RegisterCustomer","name":"Relecloud"}"#)
}

/// Accepted for a known customer only.
fn rename() -> Request {
    request(2, r#"{"type":"UpdateCustomer","name":"Lamna"}"#)
}

impl Stage {
    /// Hands a command in, and waits until the writer takes it up.
    fn taken_up(&self, request: Request) -> Ticket {
        let id = request.command_id.guid();
        let ticket = self.ledger.submit(request).unwrap();
        assert_eq!(self.looked_for.recv(), Ok(id));
        ticket
    }

    /// The first command, whose append is held, and the second, which is decided upon it meanwhile.
    fn two_in_flight(&self) -> (Ticket, Ticket) {
        let first = self.taken_up(register());
        assert_eq!(self.begun.recv(), Ok(1), "the first block has begun");
        (first, self.taken_up(rename()))
    }

    fn position(&self, ticket: Ticket) -> Option<u64> {
        let receipt = ticket.wait().unwrap();
        (receipt.outcome.word() == "accepted").then(|| receipt.recorded().map(|recorded| recorded.position)).flatten()
    }
}

#[test]
fn a_block_is_decided_upon_the_one_that_is_being_written() {
    let stage = stage();
    let (first, second) = stage.two_in_flight();
    stage.verdicts.send(Verdict::Written).unwrap();
    stage.verdicts.send(Verdict::Written).unwrap();
    assert_eq!((stage.position(first), stage.position(second)), (Some(0), Some(1)));
    assert_eq!(stage.begun.recv(), Ok(1), "in a block of its own");
}

#[test]
fn what_was_decided_upon_a_block_that_failed_fails_with_it() {
    let stage = stage();
    let (first, second) = stage.two_in_flight();
    stage.verdicts.send(Verdict::NotWritten).unwrap();
    for ticket in [first, second] {
        assert!(matches!(ticket.wait(), Err(SubmitError::NotWritten { .. })));
    }
    // Nothing is left of either: the first stands at 0 when it is sent again, and the second after it.
    let first = stage.taken_up(register());
    stage.verdicts.send(Verdict::Written).unwrap();
    assert_eq!(stage.position(first), Some(0));
    let second = stage.taken_up(rename());
    stage.verdicts.send(Verdict::Written).unwrap();
    assert_eq!(stage.position(second), Some(1));
}

#[test]
fn a_repeat_of_what_is_being_written_waits_for_it_and_gets_its_receipt() {
    let stage = stage();
    let first = stage.taken_up(register());
    let again = stage.ledger.submit(register()).unwrap();
    stage.verdicts.send(Verdict::Written).unwrap();
    assert_eq!(stage.position(first), Some(0));
    let again = again.wait().unwrap();
    assert_eq!((again.outcome.word(), again.recorded().map(|recorded| recorded.position)), ("repeated", Some(0)));
}

#[test]
fn a_repeat_of_what_was_not_written_is_decided_anew() {
    let stage = stage();
    let first = stage.taken_up(register());
    assert_eq!(stage.begun.recv(), Ok(1));
    let again = stage.ledger.submit(register()).unwrap();
    stage.verdicts.send(Verdict::NotWritten).unwrap();
    stage.verdicts.send(Verdict::Written).unwrap();
    assert!(matches!(first.wait(), Err(SubmitError::NotWritten { .. })));
    assert_eq!(stage.position(again), Some(0));
}
