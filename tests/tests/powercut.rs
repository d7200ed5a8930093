//! Power cuts: the image of the device as it stands while the binary writes, copied, mounted elsewhere, opened and verified.
//!
//! The writer works on an ext4 image behind a loop device. It is stopped after some receipt, and the image file is
//! copied: what the file system had not handed to the device is not in the copy, as after a cut. Needs root and
//! loop devices; skipped, saying so, where they are missing. `OFRECORD_POWER_CUTS` for more than 4 cuts.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

#[path = "outside/check.rs"]
mod check;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ofrecord_acceptance::product;
use ofrecord_testkit::generator::{Range, drafts};
use ofrecord_testkit::outside::{Binary, How, Place, Stop};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Random, line};
use serde_json::Value;

const LINES: usize = 80;
const IMAGE_MEBIBYTES: u64 = 640;
const UNSYNCED: &str = "unsynced";

fn cuts() -> u64 {
    std::env::var("OFRECORD_POWER_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(4)
}

fn does(program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of plain text")
}

/// A mounted image, unmounted at the end.
struct Mounted(PathBuf);

impl Mounted {
    fn new(image: &Path, folder: &Path) -> Result<Self, String> {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        does("mount", &["-o", "loop", text(image), text(folder)])?;
        Ok(Self(folder.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        drop(does("umount", &[text(&self.0)]));
    }
}

/// An ext4 image in a folder, mounted; none where that is not possible.
fn device(folder: &Path) -> Option<(PathBuf, Mounted)> {
    let image = folder.join("device.img");
    let made = std::fs::File::create(&image)
        .and_then(|file| file.set_len(IMAGE_MEBIBYTES * 1024 * 1024))
        .map_err(|error| error.to_string())
        .and_then(|()| does("mkfs.ext4", &["-q", "-F", text(&image)]))
        .and_then(|()| Mounted::new(&image, &folder.join("device")));
    match made {
        Ok(mounted) => Some((image, mounted)),
        Err(problem) => {
            println!("skipped: no loop device can be mounted: {problem}");
            None
        }
    }
}

#[test]
fn what_was_acknowledged_is_on_the_device_when_the_power_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((image, mounted)) = device(folder.path()) else { return };
    let ledger = mounted.0.join("ledger");
    let binary = Binary::at(product::binary().expect("build the binary"));
    binary.init(&ledger);
    let seed = seeds(4_000, 1).first().copied().unwrap_or(4_000);
    println!("seed {seed}, {} cuts", cuts());
    let mut random = Random::new(seed);
    let mut acknowledged: BTreeMap<String, Place> = BTreeMap::new();
    for number in 0..cuts() {
        let drafts = drafts(seed.wrapping_mul(1_000).wrapping_add(number), Range::Everything, LINES);
        let lines: Vec<String> = drafts.iter().map(|draft| line::of(&draft.request)).collect();
        let stop = Stop::AfterReceipts(1 + random.below(u64::try_from(LINES).expect("few")));
        let place = format!("seed {seed}, cut {number}, {stop:?}");
        let copy = folder.path().join("copy.img");
        let mut copied = false;
        let now = binary.submit_until(&ledger, &lines, stop, How::StoodStill, &mut || {
            // What nobody synced: its absence in the copy shows that the copy is a cut.
            std::fs::write(mounted.0.join(UNSYNCED), [0x5a; 4_096]).expect("write beside the ledger");
            does("cp", &["--sparse=always", text(&image), text(&copy)]).expect("copy the image");
            copied = true;
        });
        assert!(copied, "{place}: the process ended before its stop");
        acknowledged.extend(now);
        let after = Mounted::new(&copy, &folder.path().join("after")).expect("mount the copy");
        let unsynced = std::fs::read(after.0.join(UNSYNCED)).unwrap_or_default();
        assert!(unsynced.is_empty(), "{place}: the copy holds what was never synced, so it is no cut");
        let left = after.0.join("ledger");
        let size = check::holds(&left, &acknowledged, &place);
        let verified = binary.run(&left, &["verify"]);
        let said = String::from_utf8_lossy(&verified.stdout).into_owned() + &String::from_utf8_lossy(&verified.stderr);
        assert_eq!(verified.status.code(), Some(0), "{place}: {said}");
        println!("{place}: {size} entries, {} acknowledged", acknowledged.len());
        drop(after);
        std::fs::remove_file(mounted.0.join(UNSYNCED)).expect("remove it again");
    }
}

/// What `backup --verify` says of a backup on the device: its size and root, or nothing where there is none.
fn saved(binary: &Binary, saved: &Path, place: &str) -> Option<(Value, Value)> {
    let checked = binary.run(Path::new("unused"), &["backup", "--verify", text(saved), "--format", "json"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    match checked.status.code() {
        Some(0) => {
            let checked: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
            Some((checked["entries"].clone(), checked["root"].clone()))
        }
        Some(1) if said.contains("there is none") => None,
        _ => panic!("{place}: {said}"),
    }
}

/// What `verify` says of a ledger on the device: its size and root, or nothing where there is none.
fn restored(binary: &Binary, ledger: &Path, place: &str) -> Option<(Value, Value)> {
    let verified = binary.run(ledger, &["verify", "--format", "json"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned() + &String::from_utf8_lossy(&verified.stderr);
    let none = ["there is no such folder", "it is not a ledger", "its creation was interrupted"];
    match verified.status.code() {
        Some(0) => {
            let verified: Value = serde_json::from_slice(&verified.stdout).expect("JSON");
            Some((verified["tree_size"].clone(), verified["root"].clone()))
        }
        Some(1) if none.iter().any(|none| said.contains(none)) => None,
        _ => panic!("{place}: {said}"),
    }
}

/// The device as it is at this moment, mounted elsewhere and asked.
fn after_a_cut<T>(image: &Path, mounted: &Mounted, folder: &Path, place: &str, ask: impl FnOnce(&Path) -> T) -> T {
    let copy = folder.join("copy.img");
    std::fs::write(mounted.0.join(UNSYNCED), [0x5a; 4_096]).expect("write beside the backup");
    does("cp", &["--sparse=always", text(image), text(&copy)]).expect("copy the image");
    let after = Mounted::new(&copy, &folder.join("after")).expect("mount the copy");
    let unsynced = std::fs::read(after.0.join(UNSYNCED)).unwrap_or_default();
    assert!(unsynced.is_empty(), "{place}: the copy holds what was never synced, so it is no cut");
    std::fs::remove_file(mounted.0.join(UNSYNCED)).expect("remove it again");
    ask(&after.0)
}

#[test]
fn a_finished_backup_is_on_the_device_and_an_unfinished_one_leaves_the_earlier() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((image, mounted)) = device(folder.path()) else { return };
    let program = product::binary().expect("build the binary");
    let (binary, ledger) = (Binary::at(program), folder.path().join("ledger"));
    binary.init(&ledger);
    let seed = seeds(5_000, 1).first().copied().unwrap_or(5_000);
    println!("seed {seed}, {} cuts", cuts());
    let mut random = Random::new(seed);
    let backup = mounted.0.join("saved");
    let mut earlier = None;
    for number in 0..cuts() {
        let drafts = drafts(seed.wrapping_mul(1_000).wrapping_add(number), Range::Everything, 600);
        let lines: Vec<String> = drafts.iter().map(|draft| line::of(&draft.request)).collect();
        drop(binary.submit(&ledger, &lines));
        let files = std::fs::read_dir(backup.join("tail")).map_or(0, Iterator::count);
        let more = random.index(5);
        let place = format!("seed {seed}, cut {number}, after {more} files");
        let mut child = Command::new(program)
            .args(["backup", text(&backup), "--quiet", "--ledger", text(&ledger)])
            .stdout(Stdio::null())
            .spawn()
            .expect("start the binary");
        let written = || std::fs::read_dir(backup.join("tail")).map_or(0, Iterator::count);
        while written() < files + more && child.try_wait().expect("its state").is_none() {
            std::thread::yield_now();
        }
        let pid = child.id().to_string();
        let stopped = child.try_wait().expect("its state").is_none() && does("kill", &["-STOP", &pid]).is_ok();
        let ask = |device: &Path| saved(&binary, &device.join("saved"), &place);
        let cut = after_a_cut(&image, &mounted, folder.path(), &place, ask);
        if stopped {
            does("kill", &["-CONT", &pid]).expect("let it go on");
        }
        assert!(child.wait().expect("its end").success(), "{place}");
        let finished = after_a_cut(&image, &mounted, folder.path(), &place, ask);
        assert_eq!(finished, saved(&binary, &backup, &place), "{place}: a finished backup is not on the device");
        assert!(cut == earlier || cut == finished, "{place}: {cut:?} is neither {earlier:?} nor {finished:?}");
        println!("{place}: stopped {stopped}, then {cut:?}");
        earlier = finished;
    }
}

#[test]
fn a_finished_restore_is_on_the_device_and_an_unfinished_one_is_no_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some((image, mounted)) = device(folder.path()) else { return };
    let program = product::binary().expect("build the binary");
    let (binary, ledger, backup) = (Binary::at(program), folder.path().join("ledger"), folder.path().join("backup"));
    binary.init(&ledger);
    let seed = seeds(6_000, 1).first().copied().unwrap_or(6_000);
    println!("seed {seed}, {} cuts", cuts());
    let lines: Vec<String> =
        drafts(seed, Range::Everything, 3_000).iter().map(|draft| line::of(&draft.request)).collect();
    drop(binary.submit(&ledger, &lines));
    let taken = binary.run(&ledger, &["backup", text(&backup)]);
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    let whole = saved(&binary, &backup, "the backup");
    let mut random = Random::new(seed);
    let new = mounted.0.join("ledger");
    // In the order in which they come to be; the last is the identity, with which it is a ledger.
    let marks = ["creating", "ballast", "log/db", "head", "ledger.json"];
    for number in 0..cuts() {
        let mark = new.join(marks.get(random.index(marks.len())).expect("a mark"));
        let place = format!("seed {seed}, cut {number}, at {}", mark.display());
        let mut child = Command::new(program)
            .args(["restore", text(&backup), "--quiet", "--ledger", text(&new)])
            .stdout(Stdio::null())
            .spawn()
            .expect("start the binary");
        while !mark.exists() && child.try_wait().expect("its state").is_none() {
            std::thread::yield_now();
        }
        let pid = child.id().to_string();
        let stopped = child.try_wait().expect("its state").is_none() && does("kill", &["-STOP", &pid]).is_ok();
        let ask = |device: &Path| restored(&binary, &device.join("ledger"), &place);
        let cut = after_a_cut(&image, &mounted, folder.path(), &place, ask);
        if stopped {
            does("kill", &["-CONT", &pid]).expect("let it go on");
        }
        assert!(child.wait().expect("its end").success(), "{place}");
        assert!(cut.is_none() || cut == whole, "{place}: {cut:?} is neither nothing nor {whole:?}");
        let finished = after_a_cut(&image, &mounted, folder.path(), &place, ask);
        assert_eq!(finished, whole, "{place}: a finished restore is not on the device");
        println!("{place}: stopped {stopped}, then {cut:?}");
        std::fs::remove_dir_all(&new).expect("remove it");
    }
}
