//! What a file that holds has shown, and what nobody should read into it, as sentences.

use ofrecord_core::Timestamp;
use ofrecord_log::Hash;
use ofrecord_log::entry::Envelope;
use ofrecord_proof::checkpoint::{Checkpoint, Opened};
use ofrecord_proof::note::{Algorithm, VerifierKey};

/// Sentences of both kinds.
#[derive(Debug, Default)]
pub(super) struct Statements {
    pub(super) proven: Vec<String>,
    pub(super) not_proven: Vec<String>,
}

impl Statements {
    fn shows(&mut self, sentence: String) {
        self.proven.push(sentence);
    }

    fn leaves_open(&mut self, sentence: impl Into<String>) {
        self.not_proven.push(sentence.into());
    }

    /// Who signed a checkpoint, and what that says.
    pub(super) fn of_checkpoint(opened: &Opened<'_>, quorum: Quorum) -> Self {
        let mut statements = Self::default();
        let checkpoint = &opened.checkpoint;
        let mut seen_outside = false;
        for signer in &opened.verified {
            let key = named(signer.key);
            statements.shows(match signer.key.algorithm() {
                Algorithm::Cosignature => {
                    seen_outside = true;
                    let time = signer.time.map_or_else(String::new, time_text);
                    format!("cosigned by {key}, which says that it had seen no larger tree of this log at {time}")
                }
                Algorithm::Note | Algorithm::Other(_) => format!("signed by {key}: {}", head_text(checkpoint)),
            });
        }
        match quorum {
            Quorum::Reached => statements.shows("everybody whom the policy asks for has signed".to_owned()),
            Quorum::NotAsked => {}
        }
        if !seen_outside {
            statements.leaves_open("that others were shown the same history: no witness that is known here cosigned");
            statements.leaves_open("when it was signed");
        }
        statements.leaves_open("who holds the keys: that is for whoever gave them to you to say");
        statements
    }

    /// An entry is in the log of the checkpoint.
    pub(super) fn entry_is_in(&mut self, entry: &[u8], position: u64, checkpoint: &Checkpoint) {
        self.shows(format!(
            "the entry of {} bytes with SHA-256 {} stands at position {position} of these {}",
            entry.len(),
            Hash::of(entry),
            checkpoint.size()
        ));
        match Envelope::parse(entry) {
            Ok(envelope) => self.leaves_open(format!(
                "that it was recorded at {}, and that what it says is true: both are the ledger's own word",
                envelope.recorded_at
            )),
            Err(_) => self.leaves_open("what it says: it is not an entry as this program writes them"),
        }
        self.leaves_open("that no other entry speaks of the same");
    }

    /// The log of the checkpoint begins with an older one.
    pub(super) fn begins_with(&mut self, old: &Checkpoint, checkpoint: &Checkpoint) {
        self.shows(format!(
            "the log of {} entries begins with the {} entries of the older checkpoint, unchanged and in their order",
            checkpoint.size(),
            old.size()
        ));
        self.leaves_open("that the older checkpoint is the one you were given then: keep it where nobody else writes");
    }
}

/// Whether a quorum was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quorum {
    /// A policy was, and whoever it asks for has cosigned.
    Reached,
    /// There was no policy.
    NotAsked,
}

fn named(key: &VerifierKey) -> String {
    format!("{} ({})", key.name(), key.id())
}

fn head_text(checkpoint: &Checkpoint) -> String {
    format!("the log {} has {} entries with the root {}", checkpoint.origin(), checkpoint.size(), checkpoint.root())
}

/// Seconds since 1970 as an instant.
fn time_text(seconds: u64) -> String {
    let instant = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_unix(seconds, 0));
    instant.map_or_else(|| format!("{seconds} seconds after 1970"), |instant| instant.to_string())
}
