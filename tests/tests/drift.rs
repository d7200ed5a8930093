//! A stored row that is not what the entries say is found from outside, with its key and both values, and not mended.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use ofrecord_acceptance::stage::{Ran, Stage};
use ofrecord_log::{Directory, RowStores};
use ofrecord_views::FOLD_VERSION;
use serde_json::Value;

/// A ledger with a story, all of it in the stored rows.
fn with_rows() -> Stage {
    let stage = Stage::with_story();
    stage.ran(&["rebuild"], b"").must_exit(0);
    stage
}

/// The rows that are spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    Entries,
    Views,
}

/// Flips a bit of the last byte that is stored of the first stream of a kind, in the generation in use; gives what its
/// keys begin with.
fn flip(stage: &Stage, rows: Rows, kind: u8) -> String {
    let stores = RowStores::open(&Directory::new(&stage.folder().join("ledger"))).unwrap();
    let store = stores.open_generation(stores.current().unwrap().unwrap(), FOLD_VERSION).unwrap();
    let (mut added, mut anew, mut found) = (store.begin_added().unwrap(), store.begin_anew().unwrap(), None);
    for owner in store.moment().by_owner().unwrap() {
        let mut owner = owner.unwrap();
        if found.is_none() && owner.owner.first() == Some(&kind) {
            let row = match rows {
                Rows::Entries => owner.added.last_mut().map(|(_, digests)| digests),
                Rows::Views => owner.anew.as_mut(),
            };
            *row.unwrap().last_mut().unwrap() ^= 1;
            found = Some(owner.owner.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        for (rest, digests) in owner.added {
            added.put(&[owner.owner.clone(), rest].concat(), &digests).unwrap();
        }
        anew.put(&owner.owner, &owner.anew.unwrap()).unwrap();
    }
    let through = store.anew_through();
    store.replace_added(added).unwrap();
    store.replace_anew(anew, through).unwrap();
    found.unwrap()
}

fn json_of(ran: Ran, code: i32) -> Value {
    let value = serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}\n{}", ran.shown()));
    ran.must_exit(code);
    value
}

fn stats(stage: &Stage) -> Value {
    json_of(stage.ran(&["stats", "--format", "json"], b""), 0)
}

#[test]
fn a_flipped_row_is_named_each_time_until_a_rebuild() {
    for (rows, kind) in [(Rows::Entries, b'c'), (Rows::Views, b'c'), (Rows::Views, b'p')] {
        let stage = with_rows();
        let key = flip(&stage, rows, kind);
        for _ in 0..2 {
            let report = json_of(stage.ran(&["drift", "--format", "json"], b""), 4);
            assert_eq!((&report["drifted"], &report["drift"][0]["key"]), (&1.into(), &key.clone().into()));
            assert!(report["drift"][0]["folded"].is_object());
            assert_eq!(report["all_verified_through"], 0);
        }
        assert_eq!((&stats(&stage)["views_drifted"], &stats(&stage)["views_verified_through"]), (&1.into(), &0.into()));
        let table = stage.ran(&["drift"], b"");
        assert!(table.stdout.contains(&key) && table.stdout.contains("1 drifted"), "{}", table.shown());
        stage.ran(&["rebuild"], b"").must_exit(4);
        assert_eq!(json_of(stage.ran(&["drift", "--format", "json"], b""), 0)["drifted"], 0);
    }
}

#[test]
fn one_figure_says_up_to_where_bytes_and_rows_are_verified() {
    let stage = with_rows();
    let figures = |stage: &Stage| {
        let stats = stats(stage);
        ["verified_through", "views_verified_through", "all_verified_through"].map(|name| stats[name].as_u64().unwrap())
    };
    assert_eq!(figures(&stage)[1..], [0, 0], "rows that were never compared");
    stage.ran(&["drift"], b"").must_exit(0);
    stage.ran(&["verify"], b"").must_exit(0);
    assert_eq!(figures(&stage), [21, 21, 21]);
    let stats = stats(&stage);
    assert_eq!(stats["views_drifted"], 0);
    assert!(stats["views_compared_at"].is_string());
    stage.ran(&["rebuild"], b"").must_exit(0);
    assert_eq!(figures(&stage), [21, 0, 0], "another generation was not compared");
}

#[test]
fn what_watches_meanwhile_says_at_the_end_what_drifted() {
    let stage = with_rows();
    let submit = |stage: &Stage, code: i32| {
        let ran = stage.ran(&["submit", "--watch-drift", "--clock", "2019-01-01"], b"");
        let said = ran.stderr.clone();
        ran.must_exit(code);
        said
    };
    assert!(!submit(&stage, 0).contains("of the stored views"));
    assert_eq!(stats(&stage)["views_verified_through"], 21);
    flip(&stage, Rows::Views, b'c');
    assert!(submit(&stage, 4).contains("1 row of the stored views is not what the entries say"));
    assert_eq!(stats(&stage)["views_drifted"], 1);
    stage.write("nothing.json", "[]");
    stage.ran(&["import", "nothing.json", "--watch-drift", "--clock", "2019-01-01"], b"").must_exit(4);
}
