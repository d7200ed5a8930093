//! What is kept of records that were asked for, and when it is forgotten.

use ofrecord_core::{Customer, CustomerId, Timestamp};
use ofrecord_views::{CustomerRecord, EntryRow};
use serde_json::json;
use uuid::Uuid;

use super::{ENTRIES_MAX, Kept, Standing};

type Customers = Kept<CustomerId, Customer>;

fn id(number: u128) -> CustomerId {
    CustomerId::new(Uuid::from_u128(number))
}

/// A record of some entries by which nothing happened.
fn record(number: u128, entries: usize) -> CustomerRecord {
    let row: EntryRow = serde_json::from_value(json!({
        "position": 0, "recorded_at": Timestamp::MIN, "effective_at": Timestamp::MIN,
        "command_id": Uuid::nil(), "command": "RegisterCustomer", "actor": { "kind": "operator" },
        "policy": { "cloud": "china21vianet", "version": 1 },
    }))
    .unwrap();
    let mut record = CustomerRecord::new(id(number));
    (0..).take(entries).for_each(|position| record.take_row(EntryRow { position, ..row.clone() }));
    record
}

fn known(kept: &Customers, number: u128, under: Standing) -> Option<usize> {
    kept.get(id(number), under).map(|record| record.entries().len())
}

#[test]
fn what_was_asked_for_longest_ago_is_forgotten_beyond_the_bound() {
    let (kept, under) = (Customers::default(), Standing::default());
    for number in 1..=3 {
        kept.keep(&record(number, ENTRIES_MAX / 3), under);
    }
    assert_eq!(known(&kept, 1, under), Some(ENTRIES_MAX / 3));
    kept.keep(&record(4, ENTRIES_MAX / 4), under);
    let sizes: Vec<Option<usize>> = (1..=4).map(|number| known(&kept, number, under)).collect();
    assert_eq!(sizes, [Some(ENTRIES_MAX / 3), None, Some(ENTRIES_MAX / 3), Some(ENTRIES_MAX / 4)]);
}

#[test]
fn one_record_is_kept_however_large_it_is() {
    let (kept, under) = (Customers::default(), Standing::default());
    kept.keep(&record(1, 10), under);
    kept.keep(&record(2, ENTRIES_MAX + 1), under);
    assert_eq!((known(&kept, 1, under), known(&kept, 2, under)), (None, Some(ENTRIES_MAX + 1)));
}

#[test]
fn a_record_that_grew_counts_once() {
    let (kept, under) = (Customers::default(), Standing::default());
    kept.keep(&record(1, 1), under);
    for entries in [ENTRIES_MAX - 3, ENTRIES_MAX - 2, ENTRIES_MAX - 1] {
        kept.keep(&record(2, entries), under);
    }
    assert_eq!((known(&kept, 1, under), known(&kept, 2, under)), (Some(1), Some(ENTRIES_MAX - 1)));
}

#[test]
fn nothing_is_kept_over_an_entry_of_the_ledger_or_a_key_destroyed() {
    for after in [Standing { custody: 1, destroyed: 0 }, Standing { custody: 0, destroyed: 1 }] {
        let (kept, under) = (Customers::default(), Standing::default());
        kept.keep(&record(1, 5), under);
        assert_eq!((known(&kept, 1, under), known(&kept, 1, after)), (Some(5), None));
        // Folded before, it comes too late.
        kept.keep(&record(1, 5), under);
        assert_eq!(known(&kept, 1, after), None);
    }
}

#[test]
fn a_record_that_is_let_go_takes_its_entries_along() {
    let (kept, under) = (Customers::default(), Standing::default());
    kept.keep(&record(1, ENTRIES_MAX - 1), under);
    kept.let_go(id(1));
    kept.keep(&record(2, ENTRIES_MAX - 1), under);
    kept.keep(&record(3, 1), under);
    let left: Vec<Option<usize>> = (1..=3).map(|number| known(&kept, number, under)).collect();
    assert_eq!(left, [None, Some(ENTRIES_MAX - 1), Some(1)]);
}
