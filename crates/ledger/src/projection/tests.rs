//! Each digest is stored once, in its place, however often a stretch of the log is folded and wherever rows are cut.

use ofrecord_log::{Directory, RowStores, RowWriter};

use super::*;

fn stream() -> StreamId {
    StreamId::Customer(ofrecord_core::CustomerId::new(Uuid::from_u128(7)))
}

fn key(first_version: u64) -> Vec<u8> {
    [owner_of_stream(stream()), first_version.to_be_bytes().to_vec()].concat()
}

fn row(digests: &[&str]) -> Vec<u8> {
    let mut value = Vec::new();
    digests.iter().for_each(|digest| put_piece(digest.as_bytes(), &mut value).unwrap());
    value
}

/// What is said of rows that begin with these versions.
fn check(given: &[(u64, Vec<u8>)], expected: Result<&[&str], &str>) {
    let folder = tempfile::tempdir().unwrap();
    let store = RowStores::open(&Directory::new(folder.path())).unwrap().begin_generation("test").unwrap();
    for (checkpoint, (first_version, value)) in (1..).zip(given) {
        let mut rows: RowWriter = store.begin_added().unwrap();
        rows.put(&key(*first_version), value).unwrap();
        store.add(rows, 0, checkpoint).unwrap();
    }
    let rows = store.moment().by_owner().unwrap().next().unwrap().unwrap();
    let expected = expected.map(|digests| digests.iter().map(|digest| digest.as_bytes()).collect());
    assert_eq!(digests_of(stream(), &rows).map_err(|error| error.to_string()), expected.map_err(str::to_owned));
    let read = each_row(&store, stream(), &mut |_| ());
    assert!(read.is_err(), "none of these is a digest of an entry");
}

#[test]
fn digests_come_back_in_their_order_however_they_are_cut_into_rows() {
    check(&[(0, row(&["a", "b", "c"]))], Ok(&["a", "b", "c"]));
    check(&[(0, row(&["a"])), (1, row(&["b", "c"]))], Ok(&["a", "b", "c"]));
}

#[test]
fn a_digest_that_is_missing_or_cut_off_is_said() {
    let of = |problem: &str| format!("read {} in the stored views: {problem}", stream());
    check(&[(1, row(&["b"]))], Err(&of("the digest of its entry 0 is missing")));
    check(&[(0, row(&["a"])), (2, row(&["c"]))], Err(&of("the digest of its entry 1 is missing")));
    check(&[(0, row(&["a", "b"])), (1, row(&["b"]))], Err(&of("the digest of its entry 2 is missing")));
    check(&[(0, b"\0\0\0\x09a".to_vec())], Err(&of("its digests are cut off")));
}
