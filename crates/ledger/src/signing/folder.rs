//! The folder of a ledger's keys, which lies outside the ledger's own.

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_log::sync_folder;
use ofrecord_proof::note::{KeyName, SigningKey};
use ofrecord_proof::receipt::ReceiptKey;

use super::SignError;
use super::private::{create_private, create_private_folder, read_private, seed};
use super::state::SignerState;
use crate::entropy::Entropy;

const KEY_SUFFIX: &str = "key";
/// What the names of files with each kind of key begin with.
const CHECKPOINT_KEYS: &str = "checkpoint-";
const RECEIPT_KEYS: &str = "receipts-";
/// Digits of a receipt key's id in the name of its file.
const ID_DIGITS: usize = 8;

/// Where the private keys of a ledger lie, and what was signed with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// Names the folder; nothing is touched.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// The folder where nothing else is said: beside the ledger's, with `.keys` after its name.
    #[must_use]
    pub fn beside(ledger: &Path) -> Self {
        let mut name = ledger.as_os_str().to_owned();
        name.push(".keys");
        Self { path: name.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file that says what was signed last.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.path.join("signed.json")
    }

    /// The file of the keys of subjects.
    #[must_use]
    pub fn subjects(&self) -> PathBuf {
        self.path.join("subjects")
    }

    /// Whether there is a signer's memory in it, and so a folder of keys.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.state().is_file()
    }

    /// Makes the folder with a first key. A folder that has a signer's memory is left alone.
    ///
    /// # Errors
    /// [`SignError::File`] when it could not be made, or exists already.
    pub fn create(&self, origin: &str, entropy: &Entropy) -> Result<SigningKey, SignError> {
        if self.exists() {
            return Err(SignError::file(&self.path, &"there is a signer's memory in it already"));
        }
        create_private_folder(&self.path)?;
        let key = self.add_key(origin, entropy)?;
        SignerState::new(origin).write(&self.state())?;
        Ok(key)
    }

    /// Draws a key of this name and keeps it.
    ///
    /// # Errors
    /// [`SignError::File`] when the name cannot be a key's, or the file could not be written.
    pub fn add_key(&self, name: &str, entropy: &Entropy) -> Result<SigningKey, SignError> {
        let name: KeyName = name.parse().map_err(|error| SignError::file(&self.path, &error))?;
        let purpose = format!("checkpoint|{name}|{}", self.keys().map_or(0, |keys| keys.len()));
        let key = SigningKey::from_seed(name, &*seed(&self.path, entropy, &purpose)?);
        create_private(&self.key_file(&key), &[key.to_private_text().as_bytes(), b"\n"])?;
        Ok(key)
    }

    /// The key that signs receipts, which is made when there is none. It signs nothing else, and the signer's
    /// memory does not speak of it: a receipt is worth what the checkpoint of its root is worth.
    ///
    /// # Errors
    /// [`SignError::File`] when it cannot be read or made, or when there are several.
    pub fn receipt_key(&self, entropy: &Entropy) -> Result<ReceiptKey, SignError> {
        let paths = self.key_files(RECEIPT_KEYS)?;
        match paths.as_slice() {
            [] => {
                let key = ReceiptKey::from_seed(&*seed(&self.path, entropy, "receipts")?);
                let id: String = key.verifier().id().to_string().chars().take(ID_DIGITS).collect();
                let path = self.path.join(format!("{RECEIPT_KEYS}{id}.{KEY_SUFFIX}"));
                create_private(&path, &[key.to_private_pem().as_bytes()])?;
                Ok(key)
            }
            [path] => read_private(path)?.parse().map_err(|error| SignError::file(path, &error)),
            [path, ..] => Err(SignError::file(path, &"there is another key of receipts beside it; keep one")),
        }
    }

    /// Removes the keys and the signer's memory: the folder is as if it had never been made.
    ///
    /// # Errors
    /// [`SignError::File`] when something could not be removed.
    pub fn remove(&self) -> Result<(), SignError> {
        for key in self.keys()? {
            self.remove_key(&key.verifier().to_string())?;
        }
        for path in self.key_files(RECEIPT_KEYS)? {
            fs::remove_file(&path).map_err(|error| SignError::file(&path, &error))?;
        }
        fs::remove_file(self.state()).map_err(|error| SignError::file(&self.state(), &error))
    }

    /// Takes the private half of a retired key away. Nothing happens when it is gone already.
    ///
    /// # Errors
    /// [`SignError::File`] when it could not be removed.
    pub fn remove_key(&self, verifier: &str) -> Result<(), SignError> {
        let kept = self.keys()?;
        for key in kept.iter().filter(|key| key.verifier().to_string() == verifier) {
            let path = self.key_file(key);
            fs::remove_file(&path)
                .and_then(|()| sync_folder(&self.path))
                .map_err(|error| SignError::file(&path, &error))?;
        }
        Ok(())
    }

    /// The keys in the folder that sign checkpoints, by the names of their files.
    pub(super) fn keys(&self) -> Result<Vec<SigningKey>, SignError> {
        let read = |path: &PathBuf| {
            let text = read_private(path)?;
            text.trim_end().parse().map_err(|error| SignError::file(path, &error))
        };
        self.key_files(CHECKPOINT_KEYS)?.iter().map(read).collect()
    }

    /// The files of one kind of key, by name.
    fn key_files(&self, kind: &str) -> Result<Vec<PathBuf>, SignError> {
        let listed = fs::read_dir(&self.path).map_err(|error| SignError::file(&self.path, &error))?;
        let mut paths = Vec::new();
        for entry in listed {
            let path = entry.map_err(|error| SignError::file(&self.path, &error))?.path();
            let of_kind = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(kind));
            if of_kind && path.extension().is_some_and(|suffix| suffix == KEY_SUFFIX) {
                paths.push(path);
            }
        }
        paths.sort();
        Ok(paths)
    }

    /// The file of the only key.
    #[cfg(test)]
    pub(super) fn key_file_for_tests(&self) -> PathBuf {
        self.keys().ok().and_then(|keys| keys.first().map(|key| self.key_file(key))).unwrap_or_default()
    }

    fn key_file(&self, key: &SigningKey) -> PathBuf {
        self.path.join(format!("{CHECKPOINT_KEYS}{}.{KEY_SUFFIX}", key.verifier().id()))
    }
}
