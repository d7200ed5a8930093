//! A full device: submitting is refused with a clear error, the ledger opens again, everything acknowledged is there.
//!
//! Needs root, to mount a small file system in memory; skipped, saying so, where that is not allowed.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a test fails by panicking and says what it skips")]

#[path = "outside/small.rs"]
mod small;

use std::collections::BTreeMap;

use ofrecord_core::command::relationship::UpdateCustomer;
use ofrecord_core::{Cloud, Command as Asked, Request};
use ofrecord_ledger::receipt::Recorded;
use ofrecord_ledger::{ReceiptOutcome, SubmitError};
use ofrecord_log::{Identity, LogReader, OpenOptions, SledLog, WriteState};
use ofrecord_testkit::{Random, Running, Story, actor, name};

use small::Small;

const MEBIBYTE: u64 = 1024 * 1024;

/// A command that takes many bytes which do not compress well.
fn large(number: u64) -> Request {
    let mut random = Random::new(number);
    let name: String = (0..2_000).map(|_| format!("{:016x}", random.next_number())).collect();
    let story = Story::new(7_000 + number);
    let mut request = story.at("2024-01-01").ledger().registers_customer("C");
    if number > 0 {
        let command =
            UpdateCustomer { name: Some(name), domain: None, market: None, tenant_type: None, account_status: None };
        request.command = Asked::UpdateCustomer(command).into();
    }
    Request { actor: actor::operator(), customer: Some(name::customer("C")), ..request }
}

/// Submits until the device is full; what was acknowledged, and what was said then.
fn fill(running: &Running) -> (BTreeMap<u64, Recorded>, SubmitError) {
    let mut acknowledged = BTreeMap::new();
    for number in 0..20_000 {
        match running.hear(large(number)) {
            Ok(receipt) => match receipt.outcome {
                ReceiptOutcome::Accepted { recorded, .. }
                | ReceiptOutcome::Refused { recorded, .. }
                | ReceiptOutcome::Repeated { recorded, .. } => {
                    acknowledged.insert(number, recorded);
                }
                ReceiptOutcome::Conflict { .. } => {}
            },
            Err(error) => return (acknowledged, error),
        }
    }
    unreachable!("the device never filled")
}

fn check(small: &Small, options: &OpenOptions) -> SubmitError {
    let ledger = small.path().join("ledger");
    let identity = Identity::new("ofrecord.test/full", "2024-01-01", BTreeMap::new());
    let log = SledLog::create(&ledger, &identity, options).expect("a ledger on the small device");
    let running = Running::over(Box::new(log), Cloud::China21Vianet).expect("a writer");
    let (acknowledged, error) = fill(&running);
    assert!(acknowledged.len() > 20, "filled after {} commands", acknowledged.len());
    println!("{} commands acknowledged, then: could not {error}", acknowledged.len());
    let reader = running.reader();
    for recorded in acknowledged.values() {
        assert_eq!(reader.log().leaf_hash(recorded.position).expect("still readable"), recorded.leaf_hash);
    }
    drop(reader);
    running.close();
    let again = SledLog::open(&ledger, options).expect("a full ledger opens");
    assert!(
        matches!(again.health().write_state, WriteState::Writable | WriteState::Poisoned { .. }),
        "{:?}",
        again.health().write_state
    );
    assert!(again.tree_size() >= u64::try_from(acknowledged.len()).expect("few"));
    for (number, recorded) in &acknowledged {
        assert_eq!(again.leaf_hash(recorded.position).expect("it is there"), recorded.leaf_hash);
        let found = again.find_command(large(*number).command_id.guid()).expect("the index");
        assert_eq!(found.map(|found| found.position), Some(recorded.position), "command {number}");
    }
    assert!(again.verify(&mut |_| {}).is_sound());
    error
}

#[test]
fn below_the_floor_submitting_is_refused_and_nothing_is_lost() {
    let Some(small) = Small::mounted(96) else { return };
    let options =
        OpenOptions { free_bytes_floor: 16 * MEBIBYTE, ballast_bytes: 8 * MEBIBYTE, ..OpenOptions::default() };
    let error = check(&small, &options);
    assert!(matches!(error, SubmitError::NotWritten { .. }), "{error}");
    assert!(error.to_string().contains("free"), "the error does not say what is missing: {error}");
}

#[test]
fn a_device_filled_to_the_last_byte_loses_nothing_acknowledged() {
    let Some(small) = Small::mounted(72) else { return };
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 16 * MEBIBYTE, ..OpenOptions::default() };
    let error = check(&small, &options);
    assert!(matches!(error, SubmitError::NotWritten { .. } | SubmitError::Unknown { .. }), "{error}");
}
