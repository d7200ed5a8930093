//! Laws that hold of every history: random commands on both engines, seeds printed, `OFRECORD_SEED` for one alone.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and prints its seed")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;

use ofrecord_core::{Cloud, CustomerId, Entry};
use ofrecord_ledger::codec::decode;
use ofrecord_ledger::rebuild::rebuild;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{KnownAt, Reader, ReceiptOutcome, StoredViews};
use ofrecord_log::{Directory, EventLog, Identity, MemoryLog, OpenOptions, OwnerRows, RowStores, SledLog};
use ofrecord_testkit::generator::{Range, cloud_of, drafts};
use ofrecord_testkit::random::seeds;
use ofrecord_testkit::{Draft, Random, Running};
use ofrecord_views::{
    CustomerRecord, EntryRow, access, effect_violations, granular_relationships, interference, present_bytes,
    resellers, subscriptions, transfers,
};
use sha2::{Digest, Sha256};

const COMMANDS: usize = 340;

type Engine<'a> = (&'static str, &'a dyn Fn(u64) -> Box<dyn EventLog>);

fn durable(folder: &Path, seed: u64) -> SledLog {
    let identity = Identity::new("ofrecord.test/laws", "2022-01-01", BTreeMap::new());
    let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
    SledLog::create(&folder.join(seed.to_string()), &identity, &options).unwrap()
}

/// Runs a law over histories of both engines.
fn law(first: u64, in_memory: u64, on_disk: u64, holds: &dyn Fn(&History)) {
    let folder = tempfile::tempdir().unwrap();
    let memory = |_| -> Box<dyn EventLog> { Box::new(MemoryLog::new("ofrecord.test/laws")) };
    let disk = |seed| -> Box<dyn EventLog> { Box::new(durable(folder.path(), seed)) };
    let engines: [(Engine<'_>, u64); 2] = [(("memory", &memory), in_memory), (("disk", &disk), on_disk)];
    for ((engine, open), count) in engines {
        for seed in seeds(first, count) {
            println!("seed {seed} on {engine}");
            holds(&History::told(seed, open(seed)));
        }
    }
}

/// A ledger that has heard a seed's drafts.
struct History {
    seed: u64,
    running: Running,
    drafts: Vec<Draft>,
    /// What came of each draft; nothing for one that concerns neither customer nor partner as it should.
    outcomes: Vec<Option<ReceiptOutcome>>,
}

impl History {
    fn told(seed: u64, log: Box<dyn EventLog>) -> Self {
        let running = Running::over(log, cloud_of(seed)).unwrap();
        let drafts = drafts(seed, Range::Everything, COMMANDS);
        let outcomes = drafts.iter().map(|draft| running.hear_draft(draft).ok().map(|receipt| receipt.outcome));
        let outcomes = outcomes.collect();
        Self { seed, running, drafts, outcomes }
    }

    fn reader(&self) -> Reader {
        self.running.reader()
    }

    fn size(&self) -> u64 {
        self.reader().log().tree_size()
    }

    fn entries(&self) -> Vec<Entry> {
        (0..self.size()).map(|position| self.reader().entry(position).unwrap()).collect()
    }

    fn customers(&self) -> Vec<CustomerId> {
        let mut found = Vec::new();
        self.reader()
            .customers(&mut |customer| {
                found.push(customer);
                Ok(())
            })
            .unwrap();
        found
    }

    fn record(&self, customer: CustomerId, known_at: KnownAt) -> Option<CustomerRecord> {
        self.running.record(customer, known_at).ok().map(|(record, _)| record)
    }
}

#[test]
fn what_was_known_is_what_its_prefix_folds_to() {
    law(100, 8, 2, &|history| {
        let mut random = Random::new(history.seed);
        let policy = history.reader().policy().clone();
        for customer in history.customers() {
            let whole = history.record(customer, KnownAt::Now).unwrap();
            for _ in 0..6 {
                let size = random.below(history.size() + 1);
                let Some(prefix) = history.record(customer, KnownAt::TreeSize(size)) else { continue };
                let days = i64::try_from(random.below(900)).unwrap();
                let as_of = history.drafts[0].recorded_at.plus_days(days);
                let by_prefix = ofrecord_views::Viewpoint { as_of, known_below: u64::MAX, policy: &policy };
                let by_size = ofrecord_views::Viewpoint { known_below: size, ..by_prefix };
                assert_eq!(resellers(&prefix, &by_prefix), resellers(&whole, &by_size), "{customer} {size} {as_of}");
                assert_eq!(access(&prefix, &by_prefix), access(&whole, &by_size), "{customer} {size} {as_of}");
                let expected = subscriptions(&whole, &by_size);
                assert_eq!(subscriptions(&prefix, &by_prefix), expected, "{customer} {size} {as_of}");
                let expected = granular_relationships(&whole, &by_size);
                assert_eq!(granular_relationships(&prefix, &by_prefix), expected, "{customer} {size} {as_of}");
                let expected = transfers(&whole, &by_size);
                assert_eq!(transfers(&prefix, &by_prefix), expected, "{customer} {size} {as_of}");
            }
        }
    });
}

#[test]
fn a_repeat_changes_nothing_and_gives_the_first_receipt() {
    law(200, 6, 2, &|history| {
        let (size, root) = (history.size(), history.reader().log().root());
        for (draft, first) in history.drafts.iter().zip(&history.outcomes) {
            let again = history.running.hear_draft(draft).ok().map(|receipt| receipt.outcome);
            match (first, again) {
                (
                    Some(
                        ReceiptOutcome::Accepted { recorded, .. }
                        | ReceiptOutcome::Refused { recorded, .. }
                        | ReceiptOutcome::Repeated { recorded, .. },
                    ),
                    Some(ReceiptOutcome::Repeated { recorded: second, .. }),
                ) => assert_eq!(*recorded, second),
                // A draft under an id used before, or by a version that was not the stream's.
                (Some(ReceiptOutcome::Conflict { .. }), Some(ReceiptOutcome::Conflict { .. })) | (None, None) => {}
                (first, second) => unexpected(&format!("{first:?} then {second:?}")),
            }
        }
        assert_eq!((history.size(), history.reader().log().root()), (size, root));
    });
}

#[expect(clippy::panic, reason = "a test fails by panicking")]
fn unexpected(what: &str) -> ! {
    panic!("{what}")
}

#[test]
fn a_refusal_appends_no_event_and_changes_no_present() {
    law(300, 6, 1, &|history| {
        let refused: Vec<u64> = history
            .entries()
            .iter()
            .filter(|entry| entry.decision.refusal.is_some())
            .map(|entry| {
                assert!(entry.decision.events.is_none(), "position {}", entry.position);
                entry.position
            })
            .collect();
        assert!(refused.len() > 20, "the seed refuses too little to show anything");
        let mut random = Random::new(history.seed);
        for position in refused.into_iter().filter(|_| random.percent(20)) {
            for customer in history.customers() {
                let present = |size| {
                    let record = history.record(customer, KnownAt::TreeSize(size));
                    record.map(|record| present_bytes(&record))
                };
                let (before, after) = (present(position), present(position + 1));
                // A refusal may be the first that is heard of a customer; then there is no present before it.
                if before.is_some() {
                    assert_eq!(before, after, "position {position} {customer}");
                }
            }
        }
    });
}

#[test]
fn recorded_instants_never_decrease_and_streams_have_no_gaps() {
    law(400, 6, 2, &|history| {
        let entries = history.entries();
        for pair in entries.windows(2) {
            assert!(pair[0].recorded_at <= pair[1].recorded_at, "position {}", pair[1].position);
        }
        let mut versions: BTreeMap<String, u64> = BTreeMap::new();
        for position in 0..history.size() {
            let bytes = history.reader().log().read(position).unwrap();
            for link in ofrecord_log::entry::Envelope::parse(&bytes).unwrap().streams {
                let next = versions.entry(link.stream.clone()).or_default();
                assert_eq!(link.version, *next, "position {position} {}", link.stream);
                *next += 1;
            }
        }
    });
}

#[test]
fn deciding_every_command_again_gives_the_same_bytes() {
    law(500, 8, 2, &|history| {
        let log = std::sync::Arc::clone(history.reader().log());
        let report = replay(&log, 0, log.tree_size(), &()).unwrap();
        assert_eq!(report.difference, None);
        assert_eq!(report.commands, log.tree_size());
    });
}

/// Every digest that rows hold.
type Digests = BTreeSet<Vec<u8>>;
/// Every present view, under the key of its stream.
type PresentViews = BTreeMap<Vec<u8>, Vec<u8>>;

fn stored(folder: &Path) -> (Digests, PresentViews) {
    let stores = RowStores::existing(&Directory::new(folder)).unwrap();
    let rows = stores.read_generation(stores.current().unwrap().unwrap()).unwrap();
    let (mut digests, mut views) = (BTreeSet::new(), BTreeMap::new());
    for owner in rows.moment().by_owner().unwrap() {
        let OwnerRows { owner, added, anew } = owner.unwrap();
        for (_, value) in added {
            let mut rest = value.as_slice();
            while let Some((length, behind)) = rest.split_first_chunk::<4>() {
                let (digest, behind) = behind.split_at(u32::from_be_bytes(*length).try_into().unwrap());
                digests.insert(digest.to_vec());
                rest = behind;
            }
        }
        views.extend(anew.map(|view| (owner, view)));
    }
    (digests, views)
}

#[test]
fn a_rebuild_stores_what_entries_read_whole_come_to() {
    law(550, 8, 2, &|history| {
        let folder = tempfile::tempdir().unwrap();
        let views = StoredViews::open(&Directory::new(folder.path())).unwrap();
        let log = std::sync::Arc::clone(history.reader().log());
        rebuild(log.as_ref(), &views, &()).unwrap();
        let (digests, views) = stored(folder.path());
        let expected: BTreeSet<_> = history.entries().iter().map(|entry| EntryRow::of(entry).to_bytes()).collect();
        assert_eq!((digests.len() as u64, digests == expected), (history.size(), true));
        for customer in history.customers() {
            let key = [b"c".as_slice(), customer.guid().as_bytes()].concat();
            let record = history.record(customer, KnownAt::Now).unwrap();
            assert_eq!(views.get(&key), Some(&present_bytes(&record)), "{customer}");
        }
    });
}

#[test]
fn every_event_changes_only_what_the_matrix_gives_its_family() {
    law(600, 10, 1, &|history| {
        for customer in history.customers() {
            let record = history.record(customer, KnownAt::Now).unwrap();
            assert_eq!(effect_violations(&record, u64::MAX), [], "{customer}");
            let certificate = interference(&record, u64::MAX);
            assert!(certificate.holds(), "{customer}: {certificate:?}");
        }
    });
}

/// RFC 6962, written here from the RFC alone.
fn tree_hash(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let mut left = 1;
            while left * 2 < leaves.len() {
                left *= 2;
            }
            let (left, right) = leaves.split_at(left);
            let mut hash = Sha256::new();
            hash.update([1]);
            hash.update(tree_hash(left));
            hash.update(tree_hash(right));
            hash.finalize().into()
        }
    }
}

#[test]
fn what_is_exported_is_what_is_stored_and_hashes_to_the_root() {
    law(700, 6, 2, &|history| {
        let reader = history.reader();
        let log = reader.log();
        let mut leaves = Vec::new();
        let mut next = 0;
        log.scan(0, log.tree_size(), &mut |position, bytes| {
            assert_eq!(position, next);
            next += 1;
            assert_eq!(log.read(position).unwrap(), bytes, "position {position}");
            assert_eq!(decode(bytes).unwrap().position, position);
            let mut hash = Sha256::new();
            hash.update([0]);
            hash.update(bytes);
            leaves.push(hash.finalize().into());
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(next, log.tree_size());
        assert_eq!(tree_hash(&leaves), log.root().0);
        for (position, leaf) in (0..).zip(&leaves) {
            assert_eq!(*leaf, log.leaf_hash(position).unwrap().0, "position {position}");
        }
        for size in [1, log.tree_size() / 3, log.tree_size() / 2] {
            let end = usize::try_from(size).unwrap();
            assert_eq!(tree_hash(&leaves[..end]), log.root_at(size).unwrap().0, "size {size}");
        }
    });
}

#[test]
fn both_engines_come_to_the_same_root_and_keep_it_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    for seed in seeds(800, 3) {
        println!("seed {seed}");
        let memory = History::told(seed, Box::new(MemoryLog::new("ofrecord.test/laws")));
        let disk = History::told(seed, Box::new(durable(folder.path(), seed)));
        let root = memory.reader().log().root();
        assert_eq!(disk.reader().log().root(), root);
        let customers = memory.customers();
        disk.running.close();
        let options = OpenOptions { free_bytes_floor: 0, ballast_bytes: 0, ..OpenOptions::default() };
        let again = SledLog::open(&folder.path().join(seed.to_string()), &options).unwrap();
        let again = Running::over(Box::new(again), cloud_of(seed)).unwrap();
        assert_eq!(again.reader().log().root(), root);
        for customer in customers {
            let present = |running: &Running| {
                let (record, _) = running.record(customer, KnownAt::Now).unwrap();
                present_bytes(&record)
            };
            assert_eq!(present(&again), present(&memory.running), "{customer}");
        }
    }
}

#[test]
fn a_cloud_of_each_kind_is_among_the_seeds() {
    let clouds: BTreeSet<Cloud> = (0..3).map(cloud_of).collect();
    assert_eq!(clouds.len(), Cloud::ALL.len());
}
