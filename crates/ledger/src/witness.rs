//! A witness: somebody outside who cosigns the checkpoints of logs, each only if it extends what was seen before.
//!
//! It needs a folder of its own and no ledger: its key, the keys of the logs that it follows, and the checkpoint
//! of each that it cosigned last. That memory is on the device before a cosignature is given away.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use ofrecord_core::Timestamp;
use ofrecord_log::{Hash, write_whole};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::cosignature::CosigningKey;
use ofrecord_proof::note::{KeyName, NoteSignature, VerifierKey};
use ofrecord_proof::witness::{NotCosigned, consider};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::signing::SignError;
use crate::signing::private::{create_private, create_private_folder, read_private, seed};

#[cfg(test)]
mod tests;

/// Why nothing was cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WitnessError {
    /// A file of the witness cannot be used.
    #[error(transparent)]
    File(#[from] SignError),
    /// The checkpoint is not one that may be cosigned.
    #[error("cosign: {0}")]
    NotCosigned(#[from] NotCosigned),
}

/// The folder of a witness.
#[derive(Debug)]
pub struct Witness {
    folder: PathBuf,
    key: CosigningKey,
    logs: Vec<VerifierKey>,
}

/// What was cosigned last, by the origins of the logs.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    logs: BTreeMap<String, Cosigned>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cosigned {
    cosigned_at: Timestamp,
    root: String,
    tree_size: u64,
}

impl Witness {
    /// Makes the folder of a new witness, with a key of this name.
    ///
    /// # Errors
    /// [`WitnessError::File`] when there is one already, or it could not be made.
    pub fn create(folder: &Path, name: KeyName, logs: &[VerifierKey], entropy: &Entropy) -> Result<Self, WitnessError> {
        create_private_folder(folder)?;
        let purpose = format!("witness|{name}");
        let key = CosigningKey::from_seed(name, &*seed(folder, entropy, &purpose)?);
        create_private(&key_file(folder), &[key.to_private_text().as_bytes(), b"\n"])?;
        let mut witness = Self { folder: folder.to_owned(), key, logs: Vec::new() };
        witness.remember(&Memory::default())?;
        witness.follow(logs)?;
        Ok(witness)
    }

    /// Opens the folder of a witness.
    ///
    /// # Errors
    /// [`WitnessError::File`] when it is none, when others may read the key, or when a file is damaged.
    pub fn open(folder: &Path) -> Result<Self, WitnessError> {
        let path = key_file(folder);
        let key = read_private(&path)?.trim_end().parse().map_err(|error| SignError::file(&path, &error))?;
        let path = folder.join("logs");
        let text = fs::read_to_string(&path).map_err(|error| SignError::file(&path, &error))?;
        let logs = text.lines().map(|line| line.parse().map_err(|error| SignError::file(&path, &error)));
        let logs = logs.collect::<Result<_, SignError>>()?;
        let witness = Self { folder: folder.to_owned(), key, logs };
        witness.memory()?;
        Ok(witness)
    }

    /// The key by which its cosignatures are checked.
    #[must_use]
    pub fn key(&self) -> VerifierKey {
        self.key.verifier()
    }

    /// Follows further logs, by their keys.
    ///
    /// # Errors
    /// [`WitnessError::File`] when that could not be written.
    pub fn follow(&mut self, logs: &[VerifierKey]) -> Result<(), WitnessError> {
        for key in logs {
            if !self.logs.contains(key) {
                self.logs.push(key.clone());
            }
        }
        let path = self.folder.join("logs");
        let text: String = self.logs.iter().map(|key| format!("{key}\n")).collect();
        Ok(write_whole(&path, text.as_bytes()).map_err(|error| SignError::file(&path, &error))?)
    }

    /// Cosigns the checkpoint of a request, the body of `add-checkpoint`, if it extends what was cosigned last.
    ///
    /// One request at a time is considered, also by several processes. A clock that was set back does not make the
    /// time of a later cosignature the earlier one.
    ///
    /// # Errors
    /// [`WitnessError::NotCosigned`] when it does not extend that, [`WitnessError::File`] when the memory could not
    /// be read or written; nothing was cosigned then.
    pub fn add(&self, request: &[u8], clock: &Clock) -> Result<NoteSignature, WitnessError> {
        let alone = self.locked()?;
        let mut memory = self.memory()?;
        let seen = |origin: &str| memory.logs.get(origin).and_then(|cosigned| cosigned.checkpoint(origin));
        let checkpoint = consider(request, &self.logs, seen)?;
        let before = memory.logs.get(checkpoint.origin()).map_or(Timestamp::MIN, |cosigned| cosigned.cosigned_at);
        let cosigned_at = clock.now().max(before);
        let (root, tree_size) = (checkpoint.root().to_string(), checkpoint.size());
        memory.logs.insert(checkpoint.origin().to_owned(), Cosigned { cosigned_at, root, tree_size });
        self.remember(&memory)?;
        drop(alone);
        Ok(self.key.cosign(&checkpoint, cosigned_at.unix_seconds()))
    }

    /// The file that is held while a request is considered.
    fn locked(&self) -> Result<File, WitnessError> {
        let path = self.folder.join("lock");
        let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let locked = opened.and_then(|file| file.lock().map(|()| file));
        Ok(locked.map_err(|error| SignError::file(&path, &error))?)
    }

    fn memory_file(&self) -> PathBuf {
        self.folder.join("cosigned.json")
    }

    /// A memory that is gone or damaged is an error: with an empty one, any history would be the first.
    fn memory(&self) -> Result<Memory, SignError> {
        let path = self.memory_file();
        let bytes = fs::read(&path).map_err(|error| SignError::file(&path, &error))?;
        let memory: Memory = serde_json::from_slice(&bytes).map_err(|error| SignError::file(&path, &error))?;
        match memory.logs.iter().find(|(origin, cosigned)| cosigned.checkpoint(origin).is_none()) {
            Some((origin, _)) => Err(SignError::file(&path, &format!("what it says of {origin} is no checkpoint"))),
            None => Ok(memory),
        }
    }

    fn remember(&self, memory: &Memory) -> Result<(), SignError> {
        let path = self.memory_file();
        let mut bytes = serde_json::to_vec_pretty(memory).map_err(|error| SignError::file(&path, &error))?;
        bytes.push(b'\n');
        write_whole(&path, &bytes).map_err(|error| SignError::file(&path, &error))
    }
}

impl Cosigned {
    fn checkpoint(&self, origin: &str) -> Option<Checkpoint> {
        let root: Hash = self.root.parse().ok()?;
        Checkpoint::new(origin, self.tree_size, root).ok()
    }
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("witness.key")
}
