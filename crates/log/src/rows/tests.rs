//! Rows are written with their checkpoint or not at all, and generations replace each other.

use super::*;

const CACHE: u64 = 16 * 1024 * 1024;

fn stores(folder: &Path) -> RowStores {
    RowStores::open(&Directory::new(folder)).unwrap()
}

fn changes(rows: &[(&str, Option<&str>)]) -> RowChanges {
    let mut changes = RowChanges::default();
    for (key, value) in rows {
        match value {
            Some(value) => changes.put(key.as_bytes().to_vec(), value.as_bytes().to_vec()),
            None => changes.delete(key.as_bytes().to_vec()),
        }
    }
    changes
}

fn listed(rows: &RowStore, prefix: &str) -> Vec<String> {
    let mut keys = Vec::new();
    rows.scan_prefix(prefix.as_bytes(), &mut |key, _| {
        keys.push(String::from_utf8(key.to_vec()).unwrap());
        ControlFlow::Continue(())
    })
    .unwrap();
    keys
}

#[test]
fn rows_and_checkpoint_are_there_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    let rows = stores.begin_generation("fold-1", CACHE).unwrap();
    rows.write(changes(&[("a/1", Some("x")), ("a/2", Some("y")), ("b", Some("z"))]), 7).unwrap();
    rows.write(changes(&[("a/1", None), ("a/3", Some("w"))]), 9).unwrap();
    rows.flush().unwrap();
    drop(rows);
    let rows = stores.open_generation(1, "fold-1", CACHE).unwrap();
    assert_eq!(rows.checkpoint().unwrap(), 9);
    assert_eq!(listed(&rows, "a/"), ["a/2", "a/3"]);
    assert_eq!(listed(&rows, ""), ["a/2", "a/3", "b"]);
    assert_eq!(rows.get(b"b").unwrap(), Some(b"z".to_vec()));
    let mut after = Vec::new();
    rows.scan_prefix_after(b"a/", b"a/2", &mut |key, _| {
        after.push(key.to_vec());
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(after, [b"a/3".to_vec()]);
}

#[test]
fn an_unfinished_write_is_told_until_it_is_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    let rows = stores.begin_generation("f", CACHE).unwrap();
    rows.write(changes(&[("a", Some("x"))]), 5).unwrap();
    let many = || {
        let mut many = RowChanges::default();
        (0..1_000).for_each(|number| many.put(format!("m/{number:04}").into_bytes(), vec![7]));
        many
    };
    rows.write_part(many(), 9).unwrap();
    rows.flush().unwrap();
    drop(rows);
    let rows = stores.open_generation(1, "f", CACHE).unwrap();
    assert_eq!((rows.checkpoint().unwrap(), rows.unfinished().unwrap()), (5, Some(9)));
    rows.write(many(), 9).unwrap();
    assert_eq!((rows.checkpoint().unwrap(), rows.unfinished().unwrap()), (9, None));
    assert_eq!((listed(&rows, "m/").len(), listed(&rows, "").len()), (1_000, 1_001));
}

#[test]
fn a_checkpoint_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let rows = stores(folder.path()).begin_generation("f", CACHE).unwrap();
    rows.write(RowChanges::default(), 5).unwrap();
    assert!(matches!(
        rows.write(changes(&[("a", Some("b"))]), 4),
        Err(RowError::CheckpointBack { checkpoint: 5, next: 4 })
    ));
    assert_eq!(rows.get(b"a").unwrap(), None);
}

#[test]
fn rows_of_another_fold_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    drop(stores.begin_generation("fold-1", CACHE).unwrap());
    assert!(matches!(stores.open_generation(1, "fold-2", CACHE), Err(RowError::OtherFold { .. })));
}

#[test]
fn generations_are_listed_put_in_use_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    assert_eq!(stores.current().unwrap(), None);
    for _ in 0..3 {
        drop(stores.begin_generation("f", CACHE).unwrap());
    }
    assert_eq!(stores.generations().unwrap(), [1, 2, 3]);
    stores.set_current(2).unwrap();
    assert_eq!(stores.current().unwrap(), Some(2));
    assert!(matches!(stores.remove_generation(2), Err(RowError::InUse { generation: 2 })));
    stores.set_current(3).unwrap();
    stores.remove_generation(2).unwrap();
    stores.remove_generation(1).unwrap();
    assert_eq!(stores.generations().unwrap(), [3]);
    assert!(matches!(stores.set_current(1), Err(RowError::Missing { .. })));
}

#[test]
fn damaged_or_missing_rows_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    assert!(matches!(stores.open_generation(1, "f", CACHE), Err(RowError::Missing { .. })));
    let rows = stores.begin_generation("f", CACHE).unwrap();
    rows.write(changes(&[("a", Some("b"))]), 1).unwrap();
    rows.flush().unwrap();
    drop(rows);
    let conf = folder.path().join("views/rows-1/conf");
    let mut bytes = fs::read(&conf).unwrap();
    bytes[3] ^= 0x40;
    fs::write(&conf, bytes).unwrap();
    assert!(matches!(stores.open_generation(1, "f", CACHE), Err(RowError::Damaged { .. })));
    fs::write(folder.path().join("views/current"), b"junk").unwrap();
    assert_eq!(stores.current().unwrap(), None);
    let rebuilt = stores.begin_generation("f", CACHE).unwrap();
    assert_eq!((rebuilt.generation(), rebuilt.checkpoint().unwrap()), (2, 0));
}

#[test]
fn a_copy_shows_what_another_fold_wrote_and_leaves_the_generation_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    assert!(RowStores::existing(&Directory::new(folder.path())).is_none());
    let stores = stores(folder.path());
    let rows = stores.begin_generation("fold-1", CACHE).unwrap();
    rows.write(changes(&[("a", Some("x"))]), 7).unwrap();
    rows.flush().unwrap();
    drop(rows);
    drop(stores.open_generation(1, "fold-1", CACHE).unwrap());
    let files = || -> BTreeMap<PathBuf, Vec<u8>> {
        let listed = fs::read_dir(folder.path().join("views/rows-1")).unwrap();
        listed
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| {
                let bytes = fs::read(&path).unwrap();
                (path, bytes)
            })
            .collect()
    };
    // The engine's threads let go of their files a moment after the rows are dropped.
    engine::wait_for_release(&folder.path().join("views/rows-1/db"));
    let before = files();
    let found = RowStores::existing(&Directory::new(folder.path())).unwrap();
    let copied = tempfile::tempdir().unwrap();
    let copy = found.open_copy(1, &copied.path().join("copy"), CACHE).unwrap();
    assert_eq!((copy.generation(), copy.checkpoint().unwrap()), (1, 7));
    assert_eq!(copy.fold_version().unwrap(), "fold-1");
    assert_eq!(listed(&copy, ""), ["a"]);
    copy.write(changes(&[("b", Some("y"))]), 8).unwrap();
    copy.flush().unwrap();
    assert_eq!(files(), before);
    assert!(matches!(found.open_copy(2, &copied.path().join("none"), CACHE), Err(RowError::Missing { .. })));
}
