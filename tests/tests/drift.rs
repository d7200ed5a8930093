//! A stored row that is not what the entries say is found from outside, with its key and both values, and not mended.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::ops::ControlFlow;

use ofrecord_acceptance::stage::{Ran, Stage};
use ofrecord_log::{Directory, RowChanges, RowStores};
use ofrecord_views::FOLD_VERSION;
use serde_json::Value;

/// A ledger with a story, all of it in the stored rows.
fn with_rows() -> Stage {
    let stage = Stage::with_story();
    stage.ran(&["rebuild"], b"").must_exit(0);
    stage
}

/// Flips a bit in the first row whose key begins so, in the generation in use; gives its key.
fn flip(stage: &Stage, prefix: &[u8]) -> String {
    let stores = RowStores::open(&Directory::new(&stage.folder().join("ledger"))).unwrap();
    let store = stores.open_generation(stores.current().unwrap().unwrap(), FOLD_VERSION, 1024 * 1024).unwrap();
    let mut found = None;
    store
        .scan_prefix(prefix, &mut |key, value| {
            found = Some((key.to_vec(), value.to_vec()));
            ControlFlow::Break(())
        })
        .unwrap();
    let (key, mut value) = found.unwrap();
    *value.last_mut().unwrap() ^= 1;
    let named = key.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut changes = RowChanges::default();
    changes.put(key, value);
    store.write(changes, store.checkpoint().unwrap()).unwrap();
    store.flush().unwrap();
    named
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
    for prefix in [b"ec", b"vc", b"vp"] {
        let stage = with_rows();
        let key = flip(&stage, prefix);
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
    flip(&stage, b"vc");
    assert!(submit(&stage, 4).contains("1 row of the stored views is not what the entries say"));
    assert_eq!(stats(&stage)["views_drifted"], 1);
    stage.write("nothing.json", "[]");
    stage.ran(&["import", "nothing.json", "--watch-drift", "--clock", "2019-01-01"], b"").must_exit(4);
}
