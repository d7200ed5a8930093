//! Pages hold each digest once, however often a stretch of the log is folded.

use ofrecord_log::{Directory, RowStores};

use super::pages::{Arrivals, packed_pages};
use super::*;

fn arrived(first_version: u64, rows: &[&str]) -> Arrivals {
    Arrivals { first_version, rows: rows.iter().map(|row| row.as_bytes().into()).collect() }
}

#[test]
fn a_stretch_that_is_folded_again_does_not_lengthen_a_page_again() {
    let folder = tempfile::tempdir().unwrap();
    let stores = RowStores::open(&Directory::new(folder.path())).unwrap();
    let store = stores.begin_generation("test", 1024 * 1024).unwrap();
    let mut packing = Packing::new().unwrap();
    let stream = StreamId::Customer(ofrecord_core::CustomerId::new(Uuid::from_u128(7)));
    for (first_version, rows) in [(0, &["a", "b"][..]), (0, &["a", "b"]), (2, &["c"]), (2, &["c"])] {
        let changes = packed_pages(&store, &mut packing, stream, &arrived(first_version, rows)).unwrap();
        store.write(changes, 1).unwrap();
    }
    let page = page_rows(&store, &mut packing, stream, 0).unwrap().unwrap();
    assert_eq!(page, [b"a", b"b", b"c"]);
    let gap = packed_pages(&store, &mut packing, stream, &arrived(5, &["f"]));
    assert!(matches!(gap, Err(ProjectionError::PageMissing { page: 0, .. })), "{gap:?}");
}
