//! The binary killed at random moments: what it acknowledged is there afterwards, and sending everything again repeats it.
//!
//! 100 kills by default, `OFRECORD_CRASH_LOOPS` for another number, `OFRECORD_SEED` for the seed.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "outside/check.rs"]
mod check;

use std::collections::BTreeMap;
use std::path::Path;

use ofrecord_acceptance::product;
use ofrecord_testkit::generator::{Range, drafts};
use ofrecord_testkit::outside::{Binary, How, Place, Stop};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Random, line};

/// Commands fed to one process.
const LINES: usize = 60;

fn loops() -> u64 {
    std::env::var("OFRECORD_CRASH_LOOPS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

fn lines_of(seed: u64) -> Vec<String> {
    drafts(seed, Range::Everything, LINES).iter().map(|draft| line::of(&draft.request)).collect()
}

/// A moment to kill at: by receipts read, or by bytes fed.
fn moment(random: &mut Random, lines: &[String]) -> Stop {
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    if random.percent(50) {
        Stop::AfterReceipts(1 + random.below(u64::try_from(lines.len()).expect("few lines")))
    } else {
        Stop::AfterBytes(random.index(bytes))
    }
}

/// Verifies with the binary, and sends everything again: what was acknowledged is repeated at its place.
fn verified_and_repeated(binary: &Binary, ledger: &Path, sent: &[String], acknowledged: &mut BTreeMap<String, Place>) {
    let verified = binary.run(ledger, &["verify"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned() + &String::from_utf8_lossy(&verified.stderr);
    assert_eq!(verified.status.code(), Some(0), "{said}");
    let again = binary.submit(ledger, sent);
    for (id, place) in acknowledged.iter() {
        assert_eq!(again.get(id), Some(place), "{id}");
    }
    acknowledged.extend(again);
}

#[test]
fn what_was_acknowledged_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let ledger = folder.path().join("ledger");
    let binary = Binary::at(product::binary().expect("build the binary"));
    binary.init(&ledger);
    let seed = seeds(1_000, 1).first().copied().unwrap_or(1_000);
    println!("seed {seed}, {} kills", loops());
    let mut random = Random::new(seed);
    let mut acknowledged: BTreeMap<String, Place> = BTreeMap::new();
    let mut sent: Vec<String> = Vec::new();
    let mut killed_early = 0;
    for number in 0..loops() {
        let mut lines = lines_of(seed.wrapping_mul(10_000).wrapping_add(number));
        if random.percent(30) {
            let earlier: Vec<String> = sent.iter().rev().take(15).cloned().collect();
            lines.splice(0..0, earlier);
        }
        let stop = moment(&mut random, &lines);
        let place = format!("seed {seed}, kill {number}, {stop:?}");
        let now = binary.submit_until(&ledger, &lines, stop, How::Killed, &mut || {});
        killed_early += u64::from(now.len() < lines.len() / 2);
        for (id, at) in now {
            let before = acknowledged.insert(id.clone(), at.clone());
            assert!(before.is_none_or(|before| before == at), "{place}: {id} acknowledged at two places");
        }
        sent.extend(lines);
        check::holds(&ledger, &acknowledged, &place);
        if number % 25 == 24 {
            verified_and_repeated(&binary, &ledger, &sent, &mut acknowledged);
        }
    }
    verified_and_repeated(&binary, &ledger, &sent, &mut acknowledged);
    let size = check::holds(&ledger, &acknowledged, "at the end");
    println!("{size} entries, {} acknowledged, {killed_early} processes killed in the first half", acknowledged.len());
    assert!(loops() < 20 || killed_early > 5, "the kills came too late to show anything");
}
