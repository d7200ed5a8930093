//! Signing checkpoints: the private keys, what was signed last, and what is checked before anything is signed.
//!
//! A log must never sign two heads that do not fit together. So what was signed last is kept outside the
//! ledger's folder, where a backup that is put back, or a tail that is lost, does not take it along; and before
//! each signature the new entries are read and hashed anew, and their root is compared with the one that the
//! tree of the log gives.

mod checkpointer;
mod folder;
pub(crate) mod private;
mod proven;
mod proving;
mod state;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use ofrecord_core::{CheckpointKey, Timestamp};
use ofrecord_log::entry::stored_leaf_hash;
use ofrecord_log::{Hash, Head, LogReader, ReadError, merkle};
use ofrecord_proof::certificate::Certificate;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{SignedNote, SigningKey};
use thiserror::Error;

pub use self::checkpointer::{Checkpointer, Signed};
pub use self::folder::KeyFolder;
pub use self::proven::{ProvenReceipt, Unproven};
pub use self::proving::{of_this_log, prove, prove_since};
use self::state::SignerState;

/// Why nothing was signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignError {
    /// The log is shorter than a head that was signed: entries are lost, or an old copy was put back.
    #[error("go on with {size} entries: a checkpoint of {} was signed; entries are lost, or an old copy was put back", .signed.size)]
    Behind {
        /// The size of the log.
        size: u64,
        /// The head that was signed.
        signed: Head,
    },
    /// The log has other entries than a head that was signed.
    #[error("go on: the root at size {} is {found}, and {} was signed; this is another history", .signed.size, .signed.root)]
    Forked {
        /// The head that was signed.
        signed: Head,
        /// The root of the log at that size.
        found: Hash,
    },
    /// The entries as read give another root than the tree.
    #[error("sign size {size}: the entries give the root {hashed} and the tree {stored}; the log is damaged")]
    Damaged {
        /// The size of the log.
        size: u64,
        /// The root over the entries as they were read.
        hashed: Hash,
        /// The root of the tree.
        stored: Hash,
    },
    /// No checkpoint that was signed under the present origin covers what a certificate rests on.
    #[error("sign a certificate that rests on {size} entries: the checkpoint that was signed last is of size {}", .signed.size)]
    NotSigned {
        /// On how many entries it rests.
        size: u64,
        /// The head that was signed last.
        signed: Head,
    },
    /// The log could not give an entry.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// None of the keys in the folder is one that the log lets sign.
    #[error("sign: {} holds none of the keys that the log lets sign", .folder.display())]
    NoKey {
        /// The folder of the keys.
        folder: PathBuf,
    },
    /// A file of the folder of keys cannot be used.
    #[error("use {}: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A checkpoint, or a proof under one, that cannot be what it is for.
    #[error("use the checkpoint: {problem}")]
    Unusable {
        /// What is wrong.
        problem: String,
    },
    /// The signer has stopped.
    #[error("sign: the signer has stopped")]
    Stopped,
}

impl SignError {
    pub(crate) fn file(path: &Path, problem: &dyn std::fmt::Display) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string() }
    }

    /// Whether the log no longer extends what was signed, so that only a new epoch goes on.
    #[must_use]
    pub fn lost(&self) -> Option<Head> {
        match self {
            Self::Behind { signed, .. } | Self::Forked { signed, .. } => Some(*signed),
            Self::Damaged { .. }
            | Self::NotSigned { .. }
            | Self::Read(_)
            | Self::NoKey { .. }
            | Self::File { .. }
            | Self::Unusable { .. }
            | Self::Stopped => None,
        }
    }
}

/// The keys of one ledger and what was signed with them last. One process at a time may have it: the ledger's
/// lock is held by whoever signs for it.
#[derive(Debug)]
pub struct Signer {
    folder: KeyFolder,
    keys: Vec<SigningKey>,
    state: SignerState,
}

impl Signer {
    /// Reads the keys and the state of a folder.
    ///
    /// # Errors
    /// [`SignError::File`] when the folder is not one of keys, when others may read a key, or when the state is
    /// missing or damaged: without it nobody could tell that entries are lost.
    pub fn open(folder: KeyFolder) -> Result<Self, SignError> {
        let keys = folder.keys()?;
        let state = SignerState::read(&folder.state())?;
        Ok(Self { folder, keys, state })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &KeyFolder {
        &self.folder
    }

    /// The keys in the folder, as verifiers know them.
    #[must_use]
    pub fn keys(&self) -> BTreeSet<CheckpointKey> {
        self.keys.iter().filter_map(|key| key.verifier().to_string().parse().ok()).collect()
    }

    /// The name under which checkpoints are signed.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.state.origin
    }

    /// The head that was signed last; the empty one before the first.
    #[must_use]
    pub fn signed(&self) -> Head {
        self.state.head()
    }

    /// When the head was signed that was signed last.
    #[must_use]
    pub fn signed_at(&self) -> Timestamp {
        self.state.signed_at
    }

    /// Checks that the log extends what was signed last. Reads a few hashes of the tree and no entry.
    ///
    /// # Errors
    /// [`SignError::Behind`], [`SignError::Forked`], or what reading the log gives.
    pub fn check(&self, log: &dyn LogReader) -> Result<(), SignError> {
        let (size, signed) = (log.tree_size(), self.signed());
        if size < signed.size {
            return Err(SignError::Behind { size, signed });
        }
        let found = log.root_at(signed.size)?;
        if found == signed.root { Ok(()) } else { Err(SignError::Forked { signed, found }) }
    }

    /// Signs the present head of the log with every key of the folder that the log lets sign.
    ///
    /// The entries since the last signature are read and hashed; their root must be the one of the tree. What
    /// is signed is on the device before this returns, so that it is never signed otherwise.
    ///
    /// # Errors
    /// [`SignError`]; nothing was signed then.
    pub fn sign(
        &mut self,
        log: &dyn LogReader,
        allowed: &BTreeSet<CheckpointKey>,
        now: Timestamp,
    ) -> Result<SignedNote, SignError> {
        self.check(log)?;
        let head = log.head();
        let next = self.state.extended(log, head.size, now)?;
        let stored = log.root_at(head.size)?;
        if next.head().root != stored || stored != head.root {
            return Err(SignError::Damaged { size: head.size, hashed: next.head().root, stored });
        }
        let unsound = |problem: String| SignError::File { path: self.folder.state(), problem };
        let checkpoint =
            Checkpoint::new(&next.origin, head.size, head.root).map_err(|error| unsound(error.to_string()))?;
        let note = self.note(&checkpoint.to_string(), allowed)?;
        next.write(&self.folder.state())?;
        self.state = next;
        Ok(note)
    }

    /// Signs a certificate that rests on entries which a checkpoint that was signed covers.
    ///
    /// # Errors
    /// [`SignError::NotSigned`] when it rests on more, [`SignError::Forked`] when it rests on others, and what
    /// [`Self::check`] gives; nothing was signed then.
    pub fn certify(
        &self,
        log: &dyn LogReader,
        allowed: &BTreeSet<CheckpointKey>,
        certificate: &Certificate,
    ) -> Result<SignedNote, SignError> {
        self.check(log)?;
        let (size, signed) = (certificate.size(), self.signed());
        if size > signed.size || certificate.origin() != self.origin() {
            return Err(SignError::NotSigned { size, signed });
        }
        let found = log.root_at(size)?;
        if found != *certificate.root() {
            return Err(SignError::Forked { signed: Head { size, root: *certificate.root() }, found });
        }
        self.note(&certificate.to_string(), allowed)
    }

    /// A note of a text, signed with every key of the folder that the log lets sign.
    fn note(&self, text: &str, allowed: &BTreeSet<CheckpointKey>) -> Result<SignedNote, SignError> {
        let mut keys = self
            .keys
            .iter()
            .filter(|key| key.verifier().to_string().parse().is_ok_and(|key: CheckpointKey| allowed.contains(&key)));
        let nobody = || SignError::NoKey { folder: self.folder.path().to_owned() };
        let unsound = |problem: String| SignError::File { path: self.folder.state(), problem };
        let mut note = keys.next().ok_or_else(nobody)?.sign(text).map_err(|error| unsound(error.to_string()))?;
        for key in keys {
            note.add(key.signature_of(text)).map_err(|error| unsound(error.to_string()))?;
        }
        Ok(note)
    }

    /// Begins anew under another origin, with the log as it is. What was signed under the old one is given up.
    ///
    /// # Errors
    /// [`SignError::File`] when it could not be written.
    pub fn start_epoch(&mut self, origin: &str) -> Result<(), SignError> {
        let state = SignerState::new(origin);
        state.write(&self.folder.state())?;
        self.state = state;
        Ok(())
    }
}

/// Reads and hashes the entries `from..to` into a frontier that ends at `from`.
fn hash_entries(log: &dyn LogReader, to: u64, frontier: &mut merkle::Frontier) -> Result<(), ReadError> {
    log.scan(frontier.size(), to, &mut |_, bytes| {
        frontier.push(stored_leaf_hash(bytes));
        ControlFlow::Continue(())
    })
}
