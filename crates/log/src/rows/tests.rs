//! Rows are there with their checkpoint or not at all, and generations replace each other.

use super::*;

fn stores(folder: &Path) -> RowStores {
    RowStores::open(&Directory::new(folder)).unwrap()
}

/// A key of an owner, whose first byte is given.
fn key(owner: u8, rest: &str) -> Vec<u8> {
    let mut key = vec![owner; OWNER_BYTES];
    key.extend_from_slice(rest.as_bytes());
    key
}

fn put(mut rows: RowWriter, given: &[(u8, &str, &str)]) -> RowWriter {
    given.iter().for_each(|(owner, rest, value)| rows.put(&key(*owner, rest), value.as_bytes()).unwrap());
    rows
}

fn add(store: &RowStore, given: &[(u8, &str, &str)], checkpoint: u64) {
    store.add(put(store.begin_added().unwrap(), given), 0, checkpoint).unwrap();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What `each_added` gives of an owner.
fn added(store: &RowStore, owner: u8) -> String {
    let mut found = Vec::new();
    store
        .each_added(&key(owner, ""), &mut |key, value| {
            found.push(format!("{}={}", text(&key[OWNER_BYTES..]), text(value)));
            ControlFlow::Continue(())
        })
        .unwrap();
    found.join(" ")
}

/// Everything, owner by owner.
fn everything(store: &RowStore) -> Vec<String> {
    let owner = |rows: OwnerRows| {
        let added = rows.added.iter().map(|(key, value)| format!("{}={}", text(key), text(value)));
        let anew = rows.anew.iter().map(|value| format!("anew {}", text(value)));
        let told: Vec<String> = added.chain(anew).collect();
        format!("{}: {}", rows.owner[0], told.join(" "))
    };
    store.moment().by_owner().unwrap().map(|rows| owner(rows.unwrap())).collect()
}

#[test]
fn rows_and_checkpoints_are_there_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    let store = stores.begin_generation("fold-1").unwrap();
    add(&store, &[(1, "0", "x"), (2, "0", "y")], 7);
    store.replace_anew(put(store.begin_anew().unwrap(), &[(1, "", "old"), (3, "", "gone")]), 7).unwrap();
    add(&store, &[(1, "1", "z"), (4, "0", "w")], 9);
    let before = store.moment();
    store.replace_anew(put(store.begin_anew().unwrap(), &[(1, "", "new")]), 8).unwrap();
    drop(put(store.begin_added().unwrap(), &[(1, "2", "never added")]));
    assert_eq!((before.checkpoint(), before.anew_through()), (9, 7));
    let owners: Vec<u8> = before.by_owner().unwrap().map(|rows| rows.unwrap().owner[0]).collect();
    assert_eq!(owners, [1, 2, 3, 4], "a moment stays as it was");
    drop((before, store));
    let store = stores.open_generation(1, "fold-1").unwrap();
    assert_eq!((store.checkpoint(), store.anew_through()), (9, 8));
    assert_eq!((added(&store, 1), added(&store, 2), added(&store, 3)), ("0=x 1=z".into(), "0=y".into(), String::new()));
    assert_eq!(everything(&store), ["1: 0=x 1=z anew new", "2: 0=y", "4: 0=w"]);
}

#[test]
fn rows_of_an_owner_stay_in_their_order_when_they_are_brought_together() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    let store = stores.begin_generation("f").unwrap();
    for number in 0..9 {
        let rest = number.to_string();
        add(&store, &[(1, &rest, "a"), (2, &rest, "b")], number + 1);
        store.bring_together().unwrap();
    }
    assert_eq!(added(&store, 2), "0=b 1=b 2=b 3=b 4=b 5=b 6=b 7=b 8=b");
    assert_eq!(store.checkpoint(), 9);
    let runs = fs::read_dir(folder.path().join("views/rows-1/added")).unwrap().count() - 1;
    assert_eq!(runs, 3, "two fours and one");
}

#[test]
fn ranges_of_owners_are_all_of_them_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = stores(folder.path()).begin_generation("f").unwrap();
    let large = "x".repeat(40_000);
    for number in 0..3 {
        let rest = number.to_string();
        let rows: Vec<(u8, &str, &str)> =
            (0..200).filter(|owner| owner % 3 != number).map(|owner| (owner, rest.as_str(), large.as_str())).collect();
        add(&store, &rows, u64::from(number) + 1);
    }
    store.replace_anew(put(store.begin_anew().unwrap(), &[(0, "", "first"), (250, "", "last")]), 1).unwrap();
    let moment = store.moment();
    let ranges = moment.ranges();
    assert!(ranges.len() > 5, "{}", ranges.len());
    let of_range = |range: &OwnerRange| moment.between(range).unwrap().map(Result::unwrap).collect::<Vec<OwnerRows>>();
    let parts: Vec<OwnerRows> = ranges.iter().flat_map(of_range).collect();
    assert_eq!(parts, moment.by_owner().unwrap().map(Result::unwrap).collect::<Vec<OwnerRows>>());
    assert_eq!(parts.len(), 201);
}

#[test]
fn a_checkpoint_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = stores(folder.path()).begin_generation("f").unwrap();
    add(&store, &[], 5);
    let back = store.add(put(store.begin_added().unwrap(), &[(1, "0", "b")]), 0, 4);
    assert!(matches!(back, Err(RowError::CheckpointBack { checkpoint: 5, next: 4 })));
    assert_eq!((store.checkpoint(), added(&store, 1)), (5, String::new()));
}

#[test]
fn rows_of_another_fold_or_form_are_refused_and_may_be_read_where_the_form_is_known() {
    let folder = tempfile::tempdir().unwrap();
    assert!(RowStores::existing(&Directory::new(folder.path())).is_none());
    let stores = stores(folder.path());
    let store = stores.begin_generation("fold-1").unwrap();
    add(&store, &[(1, "0", "x")], 7);
    drop(store);
    assert!(matches!(stores.open_generation(1, "fold-2"), Err(RowError::OtherFold { .. })));
    fs::write(folder.path().join("views/rows-1/added/run-9"), b"left behind").unwrap();
    let read = RowStores::existing(&Directory::new(folder.path())).unwrap().read_generation(1).unwrap();
    assert_eq!((read.fold_version().unwrap(), read.checkpoint()), ("fold-1".to_owned(), 7));
    assert_eq!(everything(&read), ["1: 0=x"]);
    assert!(folder.path().join("views/rows-1/added/run-9").exists(), "reading does nothing to it");
    fs::create_dir(folder.path().join("views/rows-2")).unwrap();
    assert!(matches!(stores.read_generation(2), Err(RowError::Missing { .. })));
    fs::write(folder.path().join("views/rows-2/db"), b"").unwrap();
    assert!(matches!(stores.open_generation(2, "fold-1"), Err(RowError::OtherForm { .. })));
}

#[test]
fn generations_are_listed_put_in_use_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let stores = stores(folder.path());
    assert_eq!(stores.current().unwrap(), None);
    for _ in 0..3 {
        drop(stores.begin_generation("f").unwrap());
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
    assert!(matches!(stores.open_generation(1, "f"), Err(RowError::Missing { .. })));
    let store = stores.begin_generation("f").unwrap();
    add(&store, &[(1, "0", "b")], 1);
    drop(store);
    let list = folder.path().join("views/rows-1/added/runs");
    let mut bytes = fs::read(&list).unwrap();
    bytes[3] ^= 0x40;
    fs::write(&list, bytes).unwrap();
    assert!(matches!(stores.open_generation(1, "f"), Err(RowError::Damaged { .. })));
    fs::remove_file(&list).unwrap();
    assert!(matches!(stores.open_generation(1, "f"), Err(RowError::Damaged { .. })), "no list and no fold");
    fs::write(folder.path().join("views/current"), b"junk").unwrap();
    assert_eq!(stores.current().unwrap(), None);
    let rebuilt = stores.begin_generation("f").unwrap();
    assert_eq!((rebuilt.generation(), rebuilt.checkpoint()), (2, 0));
}
