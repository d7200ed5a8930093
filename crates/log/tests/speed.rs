//! Measurements, run by hand: `cargo test --release -p ofrecord-log --test speed -- --ignored --nocapture`.
use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use ofrecord_log::contract::SampleEntries;
use ofrecord_log::{EventLog as _, Identity, LogReader as _, OpenOptions, SledLog};

fn environment(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The next entry in one of 100,000 customers' streams and one of 50 partners'.
fn batch(sample: &mut SampleEntries, count: usize) -> Vec<ofrecord_log::NewEntry> {
    (0..count)
        .map(|_| {
            let position = sample.position();
            let customer = format!("customer/{:036}", position.wrapping_mul(2_654_435_761) % 100_000);
            let partner = format!("partner/{:03}", position % 50);
            let decision = format!("{{\"kind\":\"linked\",\"number\":{position},\"text\":\"as it was agreed\"}}");
            sample.entry(&[&customer, &partner], &decision)
        })
        .collect()
}

#[test]
#[ignore = "a measurement, not a check"]
fn appending_opening_scanning_and_verifying() {
    let total = environment("OFRECORD_SPEED_ENTRIES", 400_000);
    let commit = environment("OFRECORD_SPEED_COMMIT", 256);
    let folders =
        tempfile::tempdir_in(std::env::var("OFRECORD_SPEED_FOLDER").map_or(std::env::temp_dir(), PathBuf::from))
            .unwrap();
    let folder = folders.path().join("ledger");
    let options = OpenOptions::default();
    let identity = Identity::new("example.org/ledger", "2026-01-01T00:00:00.0000000Z", BTreeMap::new());
    let mut log = SledLog::create(&folder, &identity, &options).unwrap();
    let mut sample = SampleEntries::new();
    let (mut appending, mut bytes) = (0.0, 0);
    while log.tree_size() < total as u64 {
        let entries = batch(&mut sample, commit);
        bytes += entries.iter().map(|entry| entry.bytes.len()).sum::<usize>();
        let begun = Instant::now();
        log.append(log.tree_size(), &entries).unwrap();
        appending += begun.elapsed().as_secs_f64();
    }
    let entries = log.tree_size() as f64;
    println!("entries {entries}, {:.0} bytes each, commits of {commit}", bytes as f64 / entries);
    println!("append {:.0} entries/s", entries / appending);
    let begun = Instant::now();
    log.wait_for_background();
    println!("background then took {:.2} s more", begun.elapsed().as_secs_f64());
    let stats = log.stats().unwrap();
    println!(
        "bytes per entry: store {:.0}, segments {:.0}, index {:.0}",
        stats.log_bytes as f64 / entries,
        stats.segment_bytes as f64 / stats.sealed_through as f64,
        stats.index_bytes as f64 / entries
    );
    drop(log);
    for _ in 0..3 {
        let begun = Instant::now();
        let log = SledLog::open(&folder, &options).unwrap();
        println!("open {:.3} s", begun.elapsed().as_secs_f64());
        drop(log);
    }
    let log = SledLog::open(&folder, &options).unwrap();
    let begun = Instant::now();
    let mut seen = 0_usize;
    log.scan(0, log.tree_size(), &mut |_, entry| {
        seen += entry.len();
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(seen, bytes);
    println!("scan {:.0} entries/s", entries / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    let report = log.verify(&mut |_| {});
    assert!(report.is_sound(), "{:?}", report.problems);
    println!("verify {:.0} entries/s", entries / begun.elapsed().as_secs_f64());
    drop(log);
    fs::remove_dir_all(folder.join("views")).unwrap();
    let begun = Instant::now();
    drop(SledLog::open(&folder, &options).unwrap());
    println!("open with the index rebuilt {:.2} s", begun.elapsed().as_secs_f64());
}
