//! Writes that fail, and writes that fail after they worked: at every append of a history, nothing acknowledged is lost, nothing appears twice.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use ofrecord_core::CommandId;
use ofrecord_ledger::receipt::Recorded;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{ReceiptOutcome, SubmitError};
use ofrecord_log::{FaultScript, FaultyLog, LogReader, MemoryLog, Planned};
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Draft, Running};

const COMMANDS: usize = 32;

/// A ledger over a log that fails as planned, with everything that it acknowledged.
struct Tried {
    seed: u64,
    log: MemoryLog,
    running: Running,
    script: FaultScript,
    acknowledged: BTreeMap<CommandId, Recorded>,
}

fn start(log: &MemoryLog, seed: u64) -> (Running, FaultScript) {
    let faulty = FaultyLog::new(Box::new(log.clone()));
    let script = faulty.script();
    (Running::over(Box::new(faulty), cloud_of(seed)).unwrap(), script)
}

impl Tried {
    fn new(seed: u64) -> Self {
        let log = MemoryLog::new("ofrecord.test/faults");
        let (running, script) = start(&log, seed);
        Self { seed, log, running, script, acknowledged: BTreeMap::new() }
    }

    fn hear(&mut self, draft: &Draft) -> Result<ReceiptOutcome, SubmitError> {
        let outcome = self.running.hear_draft(draft)?.outcome;
        match &outcome {
            ReceiptOutcome::Accepted { recorded, .. } | ReceiptOutcome::Refused { recorded, .. } => {
                let before = self.acknowledged.insert(draft.request.command_id, *recorded);
                assert_eq!(before, None, "acknowledged as new twice");
            }
            ReceiptOutcome::Repeated { recorded, .. } => {
                // After a fault the first receipt may never have arrived; from here it is acknowledged.
                let known = *self.acknowledged.entry(draft.request.command_id).or_insert(*recorded);
                assert_eq!(known, *recorded, "a repeat gives the first receipt");
            }
            ReceiptOutcome::Conflict { .. } => {}
        }
        Ok(outcome)
    }

    /// Stops the ledger and starts it over what the log truly holds.
    fn reopen(mut self) -> Self {
        let (running, script) = start(&self.log, self.seed);
        std::mem::replace(&mut self.running, running).close();
        self.script = script;
        self
    }

    /// Everything acknowledged is there with its leaf hash, nothing stands twice, and deciding again agrees.
    fn check(&self, place: &str) {
        let reader = self.running.reader();
        let log = reader.log();
        for (command, recorded) in &self.acknowledged {
            let found = log.find_command(command.guid()).unwrap().unwrap();
            assert_eq!(found.position, recorded.position, "{place}: {command}");
            assert_eq!(log.leaf_hash(recorded.position).unwrap(), recorded.leaf_hash, "{place}: {command}");
        }
        let mut seen = BTreeMap::new();
        for position in 0..log.tree_size() {
            let entry = reader.entry(position).unwrap();
            assert_eq!(seen.insert(entry.command_id, position), None, "{place}: {} stands twice", entry.command_id);
        }
        let report = replay(log, 0, log.tree_size(), &()).unwrap();
        assert_eq!(report.difference, None, "{place}");
    }
}

/// Plays a history in which one append goes as planned, then opens again and sends everything once more.
fn plays(seed: u64, at: usize, planned: Planned) {
    let place = format!("seed {seed}, append {at}, {planned:?}");
    let drafts = drafts(seed, Range::Everything, COMMANDS);
    let mut tried = Tried::new(seed);
    for (number, draft) in drafts.iter().enumerate() {
        if number == at {
            tried.script.push(planned);
        }
        let size = tried.log.tree_size();
        let unknown_before = tried.log.find_command(draft.request.command_id.guid()).unwrap().is_none();
        let outcome = tried.hear(draft);
        match (number.cmp(&at), planned) {
            (std::cmp::Ordering::Less, _) => {}
            (std::cmp::Ordering::Equal, _) => judged(&place, &outcome, planned, unknown_before),
            (std::cmp::Ordering::Greater, Planned::UnknownNotWritten | Planned::UnknownWritten) => {
                let appended = matches!(outcome, Ok(ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Refused { .. }));
                assert!(!appended || tried.log.tree_size() == size + 1, "{place}: acknowledged without being written");
            }
            (std::cmp::Ordering::Greater, Planned::Succeed | Planned::FailBefore | Planned::DiskFull) => {}
        }
    }
    tried.check(&place);
    let mut tried = tried.reopen();
    for draft in &drafts {
        // What was not written is decided anew, what was is repeated; a conflict stays one.
        if let Err(error) = tried.hear(draft) {
            assert!(
                matches!(error, SubmitError::Misaddressed { .. } | SubmitError::NotAnEntry { .. }),
                "{place}: {error}"
            );
        }
    }
    tried.check(&place);
}

/// What the answer at the planned append must be, where the command came to an append at all.
fn judged(place: &str, outcome: &Result<ReceiptOutcome, SubmitError>, planned: Planned, unknown_before: bool) {
    if let Ok(ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. })
    | Err(SubmitError::Misaddressed { .. } | SubmitError::NotAnEntry { .. }) = outcome
    {
        return;
    }
    assert!(unknown_before, "{place}");
    match planned {
        Planned::Succeed => assert!(outcome.is_ok(), "{place}: {outcome:?}"),
        Planned::FailBefore | Planned::DiskFull => {
            assert!(matches!(outcome, Err(SubmitError::NotWritten { .. })), "{place}: {outcome:?}");
        }
        Planned::UnknownNotWritten | Planned::UnknownWritten => {
            assert!(matches!(outcome, Err(SubmitError::Unknown { .. })), "{place}: {outcome:?}");
        }
    }
}

#[test]
fn a_write_that_fails_at_any_append_loses_nothing_acknowledged_and_repeats_nothing() {
    for seed in seeds(900, 2) {
        println!("seed {seed}");
        for at in 0..COMMANDS {
            for planned in [Planned::FailBefore, Planned::DiskFull, Planned::UnknownNotWritten, Planned::UnknownWritten]
            {
                plays(seed, at, planned);
            }
        }
    }
}

#[test]
fn after_an_unknown_outcome_nothing_more_is_written_until_the_ledger_is_opened_again() {
    for (planned, written) in [(Planned::UnknownNotWritten, 0), (Planned::UnknownWritten, 1)] {
        let drafts = drafts(77, Range::Everything, 12);
        let mut tried = Tried::new(77);
        for draft in drafts.iter().take(5) {
            tried.hear(draft).unwrap();
        }
        let size = tried.log.tree_size();
        tried.script.push(planned);
        let first = drafts.get(5).unwrap();
        assert!(matches!(tried.hear(first), Err(SubmitError::Unknown { .. })), "{planned:?}");
        for draft in drafts.iter().skip(6) {
            assert!(tried.hear(draft).is_err(), "{planned:?}: a poisoned ledger took a command");
        }
        assert!(tried.hear(first).is_err(), "{planned:?}: its outcome is unknown until opened again");
        assert_eq!(tried.log.tree_size(), size + written, "{planned:?}");
        let mut tried = tried.reopen();
        let outcome = tried.hear(first).unwrap();
        assert_eq!(matches!(outcome, ReceiptOutcome::Repeated { .. }), written == 1, "{planned:?}: {outcome:?}");
        assert_eq!(tried.log.tree_size(), size + 1, "{planned:?}");
        tried.check("after opening again");
    }
}

#[test]
fn a_poisoned_ledger_still_answers_questions_from_what_was_acknowledged() {
    let drafts = drafts(78, Range::Everything, 20);
    let mut tried = Tried::new(78);
    for draft in drafts.iter().take(15) {
        tried.hear(draft).unwrap();
    }
    let (size, root) = (tried.running.reader().log().tree_size(), tried.running.reader().log().root());
    tried.script.push(Planned::UnknownWritten);
    assert!(tried.hear(drafts.get(15).unwrap()).is_err());
    let reader = tried.running.reader();
    assert_eq!((reader.log().tree_size(), reader.log().root()), (size, root));
    assert!(reader.entry(size).is_err(), "what was not acknowledged is not shown");
    tried.check("poisoned");
}
