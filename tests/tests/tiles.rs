//! The whole log as tiles: what is written first and later, what is refused, and that the root follows from them.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use ofrecord_acceptance::signed::{self, TODAY, grow, said};
use ofrecord_acceptance::stage::Stage;
use ofrecord_log::Hash;
use ofrecord_log::merkle::{complete_root, leaf_hash, root_from_subtrees};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::SignedNote;
use ofrecord_proof::tiles::{TileKind, tiles_of};
use serde_json::Value;

fn exported(stage: &Stage, folder: &str) -> Value {
    serde_json::from_str(&said(stage, &["export", "--tiles", folder, "--format", "json"])).unwrap()
}

fn files_below(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path.display().to_string());
        }
    }
    files
}

/// The checkpoint of the folder, once every tile that it calls for stands there, and nothing else, and the root
/// follows from the entries and from the leaf hashes.
fn checkpoint_of(folder: &Path) -> Checkpoint {
    let note = SignedNote::from_bytes(&fs::read(folder.join("checkpoint")).unwrap()).unwrap();
    let checkpoint: Checkpoint = note.text().parse().unwrap();
    let (mut leaves, mut hashes): (Vec<Hash>, Vec<Hash>) = (Vec::new(), Vec::new());
    let mut expected = vec![folder.join("checkpoint").display().to_string()];
    for tile in tiles_of(checkpoint.size()) {
        let path = folder.join(tile.to_string());
        let bytes = fs::read(&path).unwrap();
        expected.push(path.display().to_string());
        match tile.kind() {
            TileKind::Entries => leaves.extend(tile.entries(&bytes).unwrap().into_iter().map(leaf_hash)),
            TileKind::Hashes { level: 0 } => hashes.extend(tile.hashes(&bytes).unwrap()),
            TileKind::Hashes { .. } => {}
        }
    }
    let mut found = files_below(folder);
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(leaves, hashes);
    let subtree = |level: u8, index: u64| -> Result<Hash, std::convert::Infallible> {
        let start = usize::try_from(index << level).unwrap();
        Ok(complete_root(&leaves[start..start + (1 << level)]).unwrap())
    };
    assert_eq!(root_from_subtrees(checkpoint.size(), &mut { subtree }).unwrap(), *checkpoint.root());
    checkpoint
}

fn changed_at(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

#[test]
fn a_later_export_writes_what_is_new_and_nothing_else() {
    let stage = Stage::with_ledger();
    let folder = stage.folder().join("tiles");
    let (mut before, mut exports) = (0, 0);
    for size in [4_u64, 5, 255, 256, 257, 701] {
        // The first key is an entry, and so is each export that was made.
        grow(&stage, 0..u32::try_from(size - 1 - exports).unwrap());
        let full = folder.join("tile/entries/000");
        let (stood, at) = (full.is_file(), full.is_file().then(|| changed_at(&full)));
        let told = exported(&stage, "tiles");
        assert_eq!((told["tree_size"].as_u64(), told["tree_size_before"].as_u64()), (Some(size), Some(before)));
        assert_eq!(checkpoint_of(&folder).size(), size);
        assert!(!stood || at == Some(changed_at(&full)), "a full tile is never written again");
        (before, exports) = (size, exports + 1);
    }
}

#[test]
fn an_interrupted_export_is_taken_up_by_the_next() {
    let stage = Stage::with_ledger();
    grow(&stage, 0..300);
    exported(&stage, "tiles");
    let folder = stage.folder().join("tiles");
    let old = fs::read(folder.join("checkpoint")).unwrap();
    grow(&stage, 300..520);
    exported(&stage, "tiles");
    // As if the second had been stopped before its checkpoint, with a tile that was not finished.
    fs::write(folder.join("checkpoint"), old).unwrap();
    fs::remove_file(folder.join("tile/0/001")).unwrap();
    fs::create_dir_all(folder.join("tile/0/001.p")).unwrap();
    fs::write(folder.join("tile/0/001.p/44"), b"stale").unwrap();
    grow(&stage, 520..530);
    exported(&stage, "tiles");
    // The key, the customers, and two exports before.
    assert_eq!(checkpoint_of(&folder).size(), 533);
    fs::remove_file(folder.join("checkpoint")).unwrap();
    exported(&stage, "tiles");
    assert_eq!(checkpoint_of(&folder).size(), 534, "without a checkpoint everything is written again");
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let stage = Stage::with_ledger();
    grow(&stage, 0..3);
    stage.write("used", "something");
    fs::create_dir(stage.folder().join("full")).unwrap();
    stage.write("full/file", "something");
    stage.ran(&["init", "other", "--origin", "example.cn/other", "--clock", "2018-01-01"], b"").must_exit(0);
    let lines = signed::register(9);
    stage.ran(&["submit", "--quiet", "--clock", TODAY, "--ledger", "other"], lines.as_bytes()).must_exit(0);
    said(&stage, &["export", "--tiles", "others", "--ledger", "other"]);
    for (folder, reason) in [("full", "it holds something and no checkpoint"), ("others", "another history")] {
        let ran = stage.ran(&["export", "--tiles", folder, "--clock", TODAY], b"");
        assert!(ran.stderr.contains(reason), "{}", ran.shown());
        ran.must_exit(2);
    }
    assert_eq!(fs::read(stage.folder().join("full/file")).unwrap(), b"something");
}
