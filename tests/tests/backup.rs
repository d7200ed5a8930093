//! Backup, restore and drill as an operator has them: refusals, certificates, a full device, and kills at any moment.
//!
//! 16 kills of each kind by default, `OFRECORD_BACKUP_KILLS` for another number, `OFRECORD_SEED` for the seed.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

#[path = "outside/small.rs"]
mod small;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use ofrecord_acceptance::product;
use ofrecord_acceptance::signed::copy;
use ofrecord_acceptance::stage::{Ran, Stage};
use ofrecord_testkit::generator::{Range, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Random, line};
use serde_json::Value;

use small::Small;

/// Entries of the ledger before it grows. Each backup adds the one that says that it was taken, and holds it.
const ENTRIES: u64 = 2_000;

fn kills() -> u64 {
    std::env::var("OFRECORD_BACKUP_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(16)
}

/// A folder with a ledger of a generated history in `ledger`.
fn filled() -> Stage {
    let stage = Stage::empty();
    let entries = ENTRIES.to_string();
    let filled = Command::new(product::bench().expect("build the measurements"))
        .args(["step", "fill", "--entries", &entries, "--ledger"])
        .arg(stage.folder().join("ledger"))
        .output()
        .expect("fill a ledger");
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    stage
}

/// Lets the ledger grow by commands that are decided somehow.
fn grow(stage: &Stage, commands: usize) {
    submit(stage, "ledger", 7, commands);
}

fn submit(stage: &Stage, ledger: &str, seed: u64, commands: usize) {
    let drafts = drafts(seed, Range::Everything, commands);
    stage.write("commands.jsonl", drafts.iter().map(|draft| line::of(&draft.request) + "\n").collect::<String>());
    let ran = stage.ran(&["submit", "commands.jsonl", "--ledger", ledger, "--quiet"], b"");
    assert!(matches!(ran.code, Some(0 | 3)), "{}", ran.stderr);
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}", ran.shown()))
}

/// Runs to the end with this exit code, and gives what was said as JSON.
fn said(stage: &Stage, arguments: &[&str], code: i32) -> Value {
    let ran = stage.ran(&[arguments, &["--format", "json"]].concat(), b"");
    assert_eq!(ran.code, Some(code), "{}", ran.shown());
    json(&ran)
}

/// Runs to its failure with this exit code, and gives what was said.
fn refused(stage: &Stage, arguments: &[&str], code: i32) -> String {
    let ran = stage.ran(arguments, b"");
    assert_eq!(ran.code, Some(code), "{}", ran.shown());
    ran.stderr
}

/// Tree size and root of a ledger that is verified to be sound.
fn verified(stage: &Stage, ledger: &str) -> (Value, Value) {
    let verified = said(stage, &["verify", "--ledger", ledger], 0);
    (verified["tree_size"].clone(), verified["root"].clone())
}

fn flip(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    *bytes.get_mut(middle).expect("a byte") ^= 1;
    fs::write(path, bytes).expect("write it");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_backup_goes_nowhere_that_holds_something_else() {
    let stage = filled();
    fs::create_dir(stage.folder().join("letters")).expect("a folder");
    stage.write("letters/dear", "dear");
    let error = refused(&stage, &["backup", "letters"], 2);
    assert!(error.contains("back up into ./letters: it holds ./letters/dear and no backup"), "{error}");
    assert_eq!(names(&stage.folder().join("letters")), ["dear"]);

    said(&stage, &["backup", "saved"], 0);
    stage.ran(&["init", "other", "--origin", "example.org/other"], b"").must_exit(0);
    let error = refused(&stage, &["backup", "saved", "--ledger", "other"], 2);
    assert!(error.contains("it holds a backup of ofrecord.local/bench"), "{error}");
    said(&stage, &["backup", "--verify", "saved"], 0);

    let error = refused(&stage, &["backup", "--verify", "nowhere"], 1);
    assert!(error.contains("there is none"), "{error}");
    let error = refused(&stage, &["restore", "nowhere", "--ledger", "new"], 1);
    assert!(error.contains("there is none"), "{error}");
    assert!(!stage.folder().join("new").exists());
    let error = refused(&stage, &["restore", "saved"], 1);
    assert!(error.contains("create a ledger in ./ledger: it holds"), "{error}");
    refused(&stage, &["restore", "saved", "--scratch", "aside"], 2);
}

#[test]
fn a_ledger_that_lost_entries_does_not_overwrite_its_longer_backup() {
    let stage = filled();
    said(&stage, &["backup", "early"], 0);
    grow(&stage, 300);
    let late = said(&stage, &["backup", "late"], 0);
    said(&stage, &["restore", "early", "--ledger", "shorter"], 0);
    let error = refused(&stage, &["backup", "late", "--ledger", "shorter"], 1);
    assert!(error.contains(&format!("more than the {} of this ledger", ENTRIES + 2)), "{error}");
    assert_eq!(said(&stage, &["backup", "--verify", "late"], 0)["root"], late["root"]);

    // Once it goes on from there in another way, the two have nothing more to do with each other.
    submit(&stage, "shorter", 8, 400);
    let error = refused(&stage, &["backup", "late", "--ledger", "shorter"], 1);
    assert!(error.contains("it holds another history"), "{error}");
    let drill = said(&stage, &["restore", "late", "--drill", "--against", "shorter"], 4);
    assert_eq!(drill["report"]["checks"][0]["outcome"], "wrong", "{drill}");
}

#[test]
fn a_ledger_that_lost_what_was_signed_is_restored_but_neither_written_nor_backed_up() {
    let stage = Stage::with_ledger();
    let place = |name: &str| stage.folder().join(name);
    submit(&stage, "ledger", 7, 20);
    let early = said(&stage, &["backup", "early"], 0);
    submit(&stage, "ledger", 8, 20);
    stage.ran(&["checkpoint"], b"").must_exit(0);
    fs::rename(place("ledger"), place("gone")).expect("move the ledger away");
    assert_eq!(said(&stage, &["restore", "early"], 0)["root"], early["root"]);
    assert_eq!(verified(&stage, "ledger").1, early["root"]);
    let error = refused(&stage, &["backup", "saved"], 1);
    assert!(error.contains("entries are lost"), "{error}");
    assert!(!place("saved").exists());
    refused(&stage, &["submit", "commands.jsonl"], 1);
    let drill = said(&stage, &["restore", "early", "--drill"], 0);
    assert_eq!(drill["report"]["sound"], true, "{drill}");

    fs::remove_dir_all(place("ledger")).expect("remove it");
    fs::rename(place("gone"), place("ledger")).expect("put it back");
    said(&stage, &["backup", "early"], 0);
}

#[test]
fn what_was_backed_up_is_restored_and_goes_on() {
    let stage = filled();
    let first = said(&stage, &["backup", "saved"], 0);
    assert_eq!((first["entries"].as_u64(), first["kept_files"].as_u64()), (Some(ENTRIES + 1), Some(0)));
    grow(&stage, 700);
    let second = said(&stage, &["backup", "saved"], 0);
    assert_eq!(second["kept_files"], 7, "seven bundles were full: {second}");
    let again = said(&stage, &["backup", "saved"], 0);
    assert_eq!((again["copied_files"].as_u64(), &again["root"]), (Some(1), &verified(&stage, "ledger").1));
    assert_eq!(
        again["entries"].as_u64(),
        second["entries"].as_u64().map(|entries| entries + 1),
        "its own entry is new"
    );
    let checked = said(&stage, &["backup", "--verify", "saved"], 0);
    assert_eq!((&checked["entries_hashed"], &checked["root"]), (&again["entries"], &again["root"]));

    let restored = said(&stage, &["restore", "saved", "--ledger", "new"], 0);
    assert_eq!(restored["root"], again["root"]);
    assert_eq!(verified(&stage, "new"), verified(&stage, "ledger"));
    assert_eq!(stage.ran(&["export"], b"").stdout, stage.ran(&["export", "--ledger", "new"], b"").stdout);
    submit(&stage, "new", 9, 20);
    for check in ["replay", "rebuild"] {
        stage.ran(&[check, "--ledger", "new"], b"").must_exit(0);
    }
}

#[test]
fn damage_to_a_backup_is_found_by_its_check_a_drill_and_a_restore() {
    let stage = filled();
    said(&stage, &["backup", "saved"], 0);
    let names = ["backup.json", "ledger.json", "tail/000000000256-256.bundle", "tail/000000001792-209.bundle"];
    for name in names {
        let path = stage.folder().join("saved").join(name);
        let right = fs::read(&path).expect("a file of the backup");
        flip(&path);
        let checked = said(&stage, &["backup", "--verify", "saved"], 4);
        assert_eq!(checked["problems"][0]["path"], name, "{checked}");
        let arguments = ["restore", "saved", "--drill", "--certificate", "certificate.json"];
        let drill = said(&stage, &arguments, 4);
        assert_eq!(drill["report"]["sound"], false, "{drill}");
        assert_eq!(drill["report"]["problems"][0]["path"], name, "{drill}");
        let kept = fs::read_to_string(stage.folder().join("certificate.json")).expect("the certificate");
        assert_eq!(serde_json::from_str::<Value>(&kept).expect("JSON")["report"], drill["report"]);
        let restored = stage.ran(&["restore", "saved", "--ledger", "new"], b"");
        if name == "ledger.json" {
            assert!(restored.stderr.contains("warning: every entry is restored"), "{}", restored.shown());
            restored.must_exit(0);
            verified(&stage, "new");
            fs::remove_dir_all(stage.folder().join("new")).expect("remove it");
        } else {
            assert!(restored.stderr.contains(name), "{}", restored.shown());
            restored.must_exit(1);
            stage.ran(&["verify", "--ledger", "new"], b"").must_exit(1);
        }
        fs::write(&path, right).expect("mend it");
    }
    said(&stage, &["restore", "saved", "--ledger", "new"], 0);
    assert_eq!(verified(&stage, "new"), verified(&stage, "ledger"));
}

/// What a drill leaves beside the folders that were there.
fn left(stage: &Stage) -> Vec<String> {
    names(stage.folder()).into_iter().filter(|name| name.starts_with("ofrecord-")).collect()
}

#[test]
fn a_drill_says_the_same_each_time_and_leaves_only_its_certificate() {
    let stage = filled();
    said(&stage, &["backup", "saved"], 0);
    let first = said(&stage, &["restore", "saved", "--drill"], 0);
    grow(&stage, 50);
    let second = said(&stage, &["restore", "saved", "--drill"], 0);
    assert_eq!(first["report"], second["report"]);
    let outcomes: Vec<&Value> =
        first["report"]["checks"].as_array().expect("checks").iter().map(|check| &check["outcome"]).collect();
    assert_eq!(outcomes, ["sound"; 5], "{first}");
    assert_eq!(first["report"]["restored"]["entries_decoded"].as_u64(), Some(ENTRIES + 1));
    let certificates = names(&stage.folder().join("saved")).into_iter().filter(|name| name.starts_with("drill-"));
    assert_eq!(certificates.count(), 2);
    assert_eq!(left(&stage), Vec::<String>::new());
    said(&stage, &["backup", "saved"], 0);
    said(&stage, &["backup", "--verify", "saved"], 0);

    let elsewhere =
        ["restore", "saved", "--drill", "--ledger", "gone", "--scratch", "aside", "--certificate", "c.json"];
    let drill = said(&stage, &elsewhere, 0);
    assert_eq!(drill["report"]["checks"][0]["outcome"], "not_made", "{drill}");
    assert_eq!(names(&stage.folder().join("aside")), Vec::<String>::new());
    refused(&stage, &["restore", "saved", "--drill", "--against", "gone"], 1);
    stage.ran(&["init", "other"], b"").must_exit(0);
    let drill = said(&stage, &["restore", "saved", "--drill", "--against", "other"], 4);
    assert_eq!(drill["report"]["checks"][0]["outcome"], "wrong", "{drill}");
    assert_eq!(left(&stage), Vec::<String>::new());
}

#[test]
fn a_full_device_leaves_the_earlier_backup() {
    let Some(small) = Small::mounted(1) else { return };
    let stage = filled();
    let saved = small.path().join("saved").display().to_string();
    let first = said(&stage, &["backup", &saved], 0);
    grow(&stage, 4_000);
    let error = refused(&stage, &["backup", &saved], 1);
    assert!(error.contains("it needs about") && error.contains("are free"), "{error}");
    let checked = said(&stage, &["backup", "--verify", &saved], 0);
    assert_eq!((&checked["entries"], &checked["root"]), (&first["entries"], &first["root"]));
    let new = small.path().join("new").display().to_string();
    let error = refused(&stage, &["restore", &saved, "--ledger", &new], 1);
    assert!(error.contains("restore into") && error.contains("it needs about"), "{error}");
    stage.ran(&["verify", "--ledger", &new], b"").must_exit(1);
    assert!(!small.path().join("new").exists(), "nothing was written");
}

/// Starts a run and kills it as soon as `moment` has come. Whether it was still running then.
fn killed(stage: &Stage, arguments: &[&str], moment: impl Fn() -> bool) -> bool {
    let mut child = stage.start(arguments);
    while !moment() {
        if child.try_wait().expect("its state").is_some() {
            return false;
        }
        thread::yield_now();
    }
    let ended = child.try_wait().expect("its state").is_some();
    child.kill().expect("kill it");
    child.wait().expect("its end");
    !ended
}

#[test]
fn a_backup_that_is_killed_leaves_the_earlier_one_and_can_be_repeated() {
    let stage = filled();
    let earlier = said(&stage, &["backup", "earlier"], 0);
    grow(&stage, 4_000);
    let whole = said(&stage, &["backup", "whole"], 0);
    let files = names(&stage.folder().join("whole/tail")).len() as u64;
    // What a backup counts beside the bundles of its tail, the same number each time.
    let beside = whole["copied_files"].as_u64().map(|copied| copied - files);
    let seed = seeds(8_000, 1).first().copied().unwrap_or(8_000);
    println!("seed {seed}, {} kills", kills());
    let mut random = Random::new(seed);
    let mut early = 0;
    let saved = stage.folder().join("saved");
    for number in 0..kills() {
        let first = random.percent(50);
        if !first {
            copy(&stage.folder().join("earlier"), &saved);
        }
        let written = usize::try_from(random.below(files + 2)).expect("few files");
        let place = format!("seed {seed}, kill {number}, after {written} files, first {first}");
        let moment = || names(&saved.join("tail")).len() >= written;
        early += u64::from(killed(&stage, &["backup", "saved"], moment));
        let checked = stage.ran(&["backup", "--verify", "saved", "--format", "json"], b"");
        let (_, now) = verified(&stage, "ledger");
        match checked.code {
            Some(0) => {
                let root = &json(&checked)["root"];
                assert!(*root == now || (!first && *root == earlier["root"]), "{place}: {}", checked.shown());
            }
            Some(1) if first => assert!(checked.stderr.contains("there is none"), "{place}: {}", checked.shown()),
            _ => panic!("{place}: {}", checked.shown()),
        }
        let again = said(&stage, &["backup", "saved"], 0);
        assert_eq!(again["root"], verified(&stage, "ledger").1, "{place}");
        said(&stage, &["backup", "--verify", "saved"], 0);
        assert_eq!(names(&saved), names(&stage.folder().join("whole")), "{place}: something was left behind");
        let files = again["copied_files"].as_u64().zip(again["kept_files"].as_u64()).map(|(new, kept)| new + kept);
        let tail = names(&saved.join("tail")).len() as u64;
        assert_eq!(files.map(|files| files - tail), beside, "{place}: something was left behind");
        fs::remove_dir_all(&saved).expect("remove it");
    }
    println!("{early} were killed before their end");
    assert!(kills() < 10 || early > 3, "the kills came too late to show anything");
}

#[test]
fn a_restore_that_is_killed_is_no_ledger_or_a_whole_one_and_can_be_repeated() {
    let stage = filled();
    grow(&stage, 4_000);
    let whole = said(&stage, &["backup", "saved"], 0);
    let expected = (whole["entries"].clone(), whole["root"].clone());
    let seed = seeds(9_000, 1).first().copied().unwrap_or(9_000);
    println!("seed {seed}, {} kills", kills());
    let mut random = Random::new(seed);
    let mut early = 0;
    let new = stage.folder().join("new");
    // In the order in which they come to be.
    let marks = ["", "lock", "creating", "segments", "views", "ballast", "log", "log/db", "head", "ledger.json"];
    for number in 0..kills() {
        let mark: PathBuf = new.join(marks.get(random.index(marks.len())).expect("a mark"));
        let spins = random.below(4_000);
        let place = format!("seed {seed}, kill {number}, {spins} looks after {}", mark.display());
        let looks = std::cell::Cell::new(0);
        let moment = || {
            looks.set(looks.get() + u64::from(mark.exists()));
            looks.get() > spins
        };
        early += u64::from(killed(&stage, &["restore", "saved", "--ledger", "new", "--quiet"], moment));
        let checked = stage.ran(&["verify", "--ledger", "new", "--format", "json"], b"");
        match checked.code {
            Some(0) => {
                let verified = json(&checked);
                assert_eq!((verified["tree_size"].clone(), verified["root"].clone()), expected, "{place}");
            }
            Some(1) => {
                let why = ["there is no such folder", "it is not a ledger", "its creation was interrupted"];
                assert!(why.iter().any(|why| checked.stderr.contains(why)), "{place}: {}", checked.shown());
                said(&stage, &["restore", "saved", "--ledger", "new"], 0);
                assert_eq!(verified(&stage, "new"), expected, "{place}");
            }
            _ => panic!("{place}: {}", checked.shown()),
        }
        fs::remove_dir_all(&new).expect("remove it");
    }
    println!("{early} were killed before their end");
    assert!(kills() < 10 || early > 3, "the kills came too late to show anything");
}
