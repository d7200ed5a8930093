//! What a witness refuses, in the order of the specification, and what it cosigns.

use std::convert::Infallible;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{complete_root, consistency_proof, leaf_hash, root_from_subtrees};

use super::*;
use crate::note::{SignedNote, SigningKey};

const ORIGIN: &str = "log.example/witnessed";

/// A log whose entries begin with a word.
struct Log(&'static str);

impl Log {
    fn subtree(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        let leaves: Vec<Hash> =
            (index << level..(index + 1) << level).map(|n| leaf_hash(format!("{} {n}", self.0).as_bytes())).collect();
        Ok(complete_root(&leaves).unwrap())
    }

    fn checkpoint(&self, size: u64) -> Checkpoint {
        let root = root_from_subtrees(size, &mut |level, index| self.subtree(level, index)).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap()
    }

    fn note(&self, size: u64) -> SignedNote {
        key().sign(&self.checkpoint(size).to_string()).unwrap()
    }

    fn request(&self, old: u64, size: u64) -> String {
        let path = consistency_proof(old, size, &mut |level, index| self.subtree(level, index)).unwrap();
        ConsistencyProof::new(old, path, self.note(size)).unwrap().to_string()
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn considered(request: &str, seen: Option<Checkpoint>) -> Result<u64, u16> {
    let outcome = consider(request.as_bytes(), &[key().verifier()], |origin| {
        assert_eq!(origin, ORIGIN);
        seen
    });
    outcome.map(|checkpoint| checkpoint.size()).map_err(|error| error.status())
}

#[test]
fn what_cannot_be_read_or_does_not_follow_is_not_cosigned() {
    let log = Log("a");
    let (sound, seen) = (log.request(3, 7), || Some(log.checkpoint(3)));
    let other_log = "other.example/log";
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[2; 32]);
    let by_stranger = ConsistencyProof::new(3, Vec::new(), stranger.sign(log.note(7).text()).unwrap()).unwrap();
    for (request, expected) in [
        (sound.replace("old 3", "old 03"), Err(400)),
        (sound.replace("\n\n", "\n"), Err(400)),
        (sound.replace("\n7\n", "\n2\n"), Err(400)),
        (sound.replace(ORIGIN, other_log), Err(404)),
        (by_stranger.to_string(), Err(403)),
        (sound.replace("\n7\n", "\n8\n"), Err(403)),
        (log.request(0, 7), Err(409)),
        (log.request(4, 7), Err(409)),
        (Log("b").request(3, 3), Err(409)),
        (Log("b").request(3, 7), Err(422)),
        (sound.replacen('\n', "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", 1), Err(422)),
        (sound.clone(), Ok(7)),
        (log.request(3, 3), Ok(3)),
    ] {
        assert_eq!(considered(&request, seen()), expected, "{request}");
    }
}

#[test]
fn the_first_checkpoint_of_a_log_leads_on_from_nothing() {
    let log = Log("a");
    assert_eq!(considered(&log.request(0, 5), None), Ok(5));
    assert_eq!(considered(&log.request(2, 5), None), Err(409));
    let conflict = consider(log.request(2, 5).as_bytes(), &[key().verifier()], |_| Some(log.checkpoint(4)));
    assert_eq!(conflict, Err(NotCosigned::Conflict { seen: 4 }));
}
