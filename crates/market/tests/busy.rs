//! The customer with as many entries as asked: all of them stand, wherever a change is dated to.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ofrecord_core::{Cloud, Request};
use ofrecord_log::MemoryLog;
use ofrecord_market::{History, busy_customer};
use ofrecord_testkit::Running;

const SEED: u64 = 1;

/// Takes a history with a busy customer and more changes of it, and says how many of that customer's commands were
/// accepted.
fn accepted(customers: u32, entries: u32, more: &[(u32, u32)]) -> usize {
    let history = History::new(SEED, customers, Cloud::China21Vianet).with_busy_customer(entries);
    let ledger = Running::over(Box::new(MemoryLog::new("ofrecord.local/busy")), Cloud::China21Vianet).unwrap();
    let hear = |request: Request| ledger.hear(request).unwrap().outcome.word() == "accepted";
    let busy = Some(busy_customer(SEED, customers));
    let recorded = history.requests().map(|recorded| recorded.request);
    let changes = more.iter().map(|(number, place)| history.seat_added(*number, *place));
    // Every command is heard, whoever it is about.
    let count = recorded.chain(changes).filter(|request| hear(request.clone()) && request.customer == busy).count();
    ledger.close();
    count
}

#[test]
fn a_busy_customer_has_as_many_accepted_entries_as_asked() {
    for (customers, entries) in [(0, 4), (0, 5), (0, 300), (3, 200)] {
        assert_eq!(accepted(customers, entries, &[]), usize::try_from(entries).unwrap(), "{customers}, {entries}");
    }
}

#[test]
fn a_change_is_accepted_at_the_end_and_dated_back() {
    assert_eq!(accepted(0, 100, &[(100, 100), (101, 50), (102, 4)]), 103);
}

#[test]
fn a_change_of_a_number_that_is_there_already_is_no_other_command() {
    assert_eq!(accepted(0, 100, &[(99, 99)]), 100);
}
