//! Whatever the range and wherever it breaks, entries come once each and in order.

use ofrecord_log::entry::{EntryFormat, EntryParts, StreamLink, compose};
use ofrecord_log::{EventLog, Hash, MemoryLog, NewEntry};
use uuid::Uuid;

use super::*;

/// More than two rounds, and not a whole number of tasks.
const ENTRIES: u64 = 2 * ROUND_TASKS * TASK_ENTRIES + 77;

const BOTH: [Reading; 2] = [Reading::OnEveryCore, Reading::Alone];

fn log() -> MemoryLog {
    let mut log = MemoryLog::new("example.test/log");
    for position in 0..ENTRIES {
        let previous = position.checked_sub(1).map(|last| log.leaf_hash(last).unwrap());
        let bytes = compose(&EntryParts {
            format: EntryFormat::One,
            position,
            recorded_at: "2026-01-01T00:00:00.0000000Z",
            command_id: Uuid::from_u128(u128::from(position) + 1),
            request_hash: Hash::of(b""),
            streams: &[StreamLink { stream: "a".to_owned(), version: position, previous }],
            decision: b"{}",
        });
        log.append(position, &[NewEntry { bytes: bytes.unwrap() }]).unwrap();
    }
    log
}

/// The positions that are handed on, reading up to `spoilt` and taking up to `enough`, and the error.
fn taken(
    log: &MemoryLog,
    reading: Reading,
    range: Range<u64>,
    spoilt: u64,
    enough: u64,
) -> (Vec<u64>, Option<ReadError>) {
    let read = |position, _: &[u8]| {
        if position == spoilt { Err(ReadError::BeyondEnd { position, size: 0 }) } else { Ok(position) }
    };
    let mut positions = Vec::new();
    let mut take = |round: Vec<u64>| {
        for position in round {
            if position == enough {
                return Ok(ControlFlow::Break(()));
            }
            positions.push(position);
        }
        Ok(ControlFlow::Continue(()))
    };
    let outcome = match reading {
        Reading::OnEveryCore => in_rounds(log, range, &read, &mut take),
        Reading::Alone => in_rounds_alone(log, range, &read, &mut take),
    };
    (positions, outcome.err())
}

#[test]
fn entries_come_once_each_and_in_order() {
    let log = log();
    for range in [0..ENTRIES, 0..0, 5..6, 255..257, 300..ENTRIES, 4_000..4_200, 0..ENTRIES - 1] {
        for reading in BOTH {
            let taken = taken(&log, reading, range.clone(), u64::MAX, u64::MAX);
            assert_eq!(taken, (range.clone().collect(), None), "{reading:?} {range:?}");
        }
    }
}

#[test]
fn what_stands_before_an_entry_that_cannot_be_read_is_handed_on() {
    let log = log();
    for spoilt in [0, 1, 255, 256, 4_095, 4_096, 4_097, ENTRIES - 1] {
        for reading in BOTH {
            let (positions, error) = taken(&log, reading, 0..ENTRIES, spoilt, u64::MAX);
            assert_eq!(positions, (0..spoilt).collect::<Vec<_>>(), "{reading:?} {spoilt}");
            assert_eq!(error, Some(ReadError::BeyondEnd { position: spoilt, size: 0 }));
        }
    }
}

#[test]
fn a_range_beyond_the_end_is_an_error() {
    let log = log();
    for reading in BOTH {
        let (positions, error) = taken(&log, reading, ENTRIES - 10..ENTRIES + 10, u64::MAX, u64::MAX);
        assert!(error.is_some(), "{reading:?} {positions:?}");
    }
}

#[test]
fn nothing_more_is_handed_on_once_there_is_enough() {
    let log = log();
    for enough in [0, 10, 5_000] {
        for reading in BOTH {
            let (positions, error) = taken(&log, reading, 0..ENTRIES, enough + 1, enough);
            assert_eq!((positions, error), ((0..enough).collect::<Vec<_>>(), None), "{reading:?} {enough}");
        }
    }
}
