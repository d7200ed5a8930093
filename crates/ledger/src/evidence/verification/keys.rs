//! From keys that are believed to those that the log named later, by checkpoints that the believed ones signed.

use ofrecord_core::Event;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::VerifierKey;

use super::super::archive::Files;
use super::super::bundle::Bundled;
use super::super::{KEYS, chain_of};

/// The keys that are believed, and how the later ones follow.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// Those that were believed, and those that follow.
    pub(super) keys: Vec<VerifierKey>,
    /// How each of the latter does.
    pub(super) said: Vec<String>,
}

/// Follows the entries on keys in a pack: one that names a key is believed where a key that is believed already signed
/// the head of a log that holds it. Whatever cannot be read leads nowhere.
pub(super) fn followed(files: &Files, believed: &[VerifierKey]) -> Followed {
    let mut followed = Followed { keys: believed.to_vec(), said: Vec::new() };
    let lines = files.get(KEYS).map(Vec::as_slice).unwrap_or_default();
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let Ok(one) = Bundled::of(line.to_vec()) else { continue };
        let proof = files.get(&chain_of(one.entry.position)).and_then(|bytes| InclusionProof::from_bytes(bytes).ok());
        let Some(proof) = proof.filter(|proof| proof.index() == one.entry.position) else { continue };
        if !one.is_on_keys() || proof.verify(&one.bytes, &followed.keys).is_err() {
            continue;
        }
        for event in one.entry.decision.events() {
            let Event::CheckpointKeyAdded(added) = event else { continue };
            let Ok(key) = added.key.as_str().parse::<VerifierKey>() else { continue };
            if !followed.keys.contains(&key) {
                let position = one.entry.position;
                followed
                    .said
                    .push(format!("a believed key signed a head of the log whose entry {position} names {key}"));
                followed.keys.push(key);
            }
        }
    }
    followed
}
