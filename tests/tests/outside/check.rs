//! What must hold of a ledger after any stop: everything acknowledged is there, without gaps, and every entry can be read.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use ofrecord_ledger::codec::decode;
use ofrecord_log::{LogReader, OpenOptions, SledLog, WriteState};

use ofrecord_testkit::outside::Place;

/// Opens a ledger in this process and checks it against what was acknowledged. Gives back its size.
pub(crate) fn holds(ledger: &Path, acknowledged: &BTreeMap<String, Place>, place: &str) -> u64 {
    let options = OpenOptions { free_bytes_floor: 0, ..OpenOptions::default() };
    let log = SledLog::open(ledger, &options).unwrap_or_else(|error| panic!("{place}: could not {error}"));
    assert_eq!(log.health().write_state, WriteState::Writable, "{place}");
    let size = log.tree_size();
    for (id, (position, leaf)) in acknowledged {
        let found = log.find_command(id.parse().expect("a GUID")).expect("the index");
        assert_eq!(found.map(|found| found.position), Some(*position), "{place}: {id}");
        assert_eq!(log.leaf_hash(*position).expect("a leaf").to_string(), *leaf, "{place}: {id}");
    }
    let mut next = 0;
    let scanned = log.scan(0, size, &mut |position, bytes| {
        assert_eq!(position, next, "{place}: a gap");
        let entry = decode(bytes).unwrap_or_else(|error| panic!("{place}: could not {error}"));
        assert_eq!(entry.position, position, "{place}");
        next += 1;
        ControlFlow::Continue(())
    });
    scanned.unwrap_or_else(|error| panic!("{place}: could not {error}"));
    assert_eq!(next, size, "{place}");
    size
}
