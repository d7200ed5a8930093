//! The keys of subjects: one file of records of a fixed size, outside the ledger and outside its backups.
//!
//! A record is overwritten in place when its subject is erased, so that the key is gone from the file at once; what
//! the device keeps of overwritten blocks is its own affair, and a reason to keep the file on an encrypted one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use ofrecord_core::{CustomerId, SubjectId};
use ofrecord_log::sync_folder;
use ofrecord_proof::seal::SubjectKey;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SealingError;

/// Magic, and the secret by which subjects are found again.
const HEADER_BYTES: usize = 40;
const MAGIC: &[u8; 8] = b"OFRSUBJ1";
/// Subject, customer, state, key, checksum.
const RECORD_BYTES: usize = 72;
const LIVE: u32 = 1;
const ERASED: u32 = 2;

/// What is kept of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kept {
    customer: CustomerId,
    /// None once it is erased.
    key: Option<SubjectKey>,
    offset: u64,
}

/// The open file.
#[derive(Debug)]
pub(super) struct SubjectKeys {
    file: File,
    path: PathBuf,
    secret: Zeroizing<[u8; 32]>,
    subjects: BTreeMap<SubjectId, Kept>,
    end: u64,
    /// Whether something was written that is not on the device yet.
    unsynced: bool,
    /// Keys destroyed since the file was opened.
    destroyed: u64,
}

impl SubjectKeys {
    /// Opens the file, or makes it with a secret that is drawn for it.
    pub(super) fn open(
        path: &Path,
        secret: impl FnOnce() -> Result<[u8; 32], SealingError>,
    ) -> Result<Self, SealingError> {
        let failed = |error: io::Error| SealingError::file(path, &error);
        let mut options = OpenOptions::new();
        let file =
            options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        if bytes < HEADER_BYTES as u64 {
            // Nothing can rest on a file whose header was never finished.
            let secret = Zeroizing::new(secret()?);
            let header = [MAGIC.as_slice(), secret.as_slice()].concat();
            file.write_all_at(&header, 0).and_then(|()| file.sync_all()).map_err(failed)?;
            path.parent().map_or(Ok(()), sync_folder).map_err(failed)?;
        }
        Self::read(file, path)
    }

    fn read(file: File, path: &Path) -> Result<Self, SealingError> {
        let failed = |error: io::Error| SealingError::file(path, &error);
        let mut header = [0; HEADER_BYTES];
        file.read_exact_at(&mut header, 0).map_err(failed)?;
        let (magic, secret) = header.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(SealingError::file(path, &"it is not a file of subjects' keys"));
        }
        let secret = <[u8; 32]>::try_from(secret).map(Zeroizing::new);
        let secret = secret.map_err(|_| SealingError::file(path, &"its header is cut off"))?;
        let mut keys = Self {
            path: path.to_owned(),
            secret,
            subjects: BTreeMap::new(),
            end: HEADER_BYTES as u64,
            unsynced: false,
            destroyed: 0,
            file,
        };
        let length = keys.file.metadata().map_err(failed)?.len();
        let mut record = Zeroizing::new([0; RECORD_BYTES]);
        while keys.end + RECORD_BYTES as u64 <= length {
            keys.file.read_exact_at(record.as_mut_slice(), keys.end).map_err(failed)?;
            match decode(&record, keys.end) {
                Some((subject, kept)) => drop(keys.subjects.insert(subject, kept)),
                // The last record may never have been finished; no entry rests on it then.
                None if keys.end + 2 * RECORD_BYTES as u64 > length => break,
                None => return Err(SealingError::file(path, &format!("the record at byte {} is damaged", keys.end))),
            }
            keys.end += RECORD_BYTES as u64;
        }
        Ok(keys)
    }

    /// The secret by which subjects are found again.
    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The customer of a subject, erased or not.
    pub(super) fn customer(&self, subject: SubjectId) -> Option<CustomerId> {
        self.subjects.get(&subject).map(|kept| kept.customer)
    }

    /// Every customer under whom a subject stands.
    pub(super) fn customers(&self) -> BTreeSet<CustomerId> {
        self.subjects.values().map(|kept| kept.customer).collect()
    }

    /// Whether a subject was erased.
    pub(super) fn is_erased(&self, subject: SubjectId) -> bool {
        self.subjects.get(&subject).is_some_and(|kept| kept.key.is_none())
    }

    /// How many keys were destroyed since the file was opened.
    pub(super) fn destroyed(&self) -> u64 {
        self.destroyed
    }

    /// The key of a subject that is not erased.
    pub(super) fn key(&self, subject: SubjectId) -> Option<&SubjectKey> {
        self.subjects.get(&subject)?.key.as_ref()
    }

    /// Keeps the key of a new subject. It is on the device only after [`SubjectKeys::sync`].
    pub(super) fn add(
        &mut self,
        subject: SubjectId,
        customer: CustomerId,
        key: SubjectKey,
    ) -> Result<(), SealingError> {
        let offset = self.end;
        let kept = Kept { customer, key: Some(key), offset };
        self.write(subject, &kept)?;
        self.subjects.insert(subject, kept);
        self.end += RECORD_BYTES as u64;
        Ok(())
    }

    /// Brings what was added to the device.
    pub(super) fn sync(&mut self) -> Result<(), SealingError> {
        if self.unsynced {
            self.file.sync_data().map_err(|error| SealingError::file(&self.path, &error))?;
            self.unsynced = false;
        }
        Ok(())
    }

    /// Overwrites the key of a subject; on the device when this returns. Nothing happens where there is none.
    pub(super) fn destroy(&mut self, subject: SubjectId) -> Result<(), SealingError> {
        let Some(kept) = self.subjects.get(&subject).filter(|kept| kept.key.is_some()) else { return Ok(()) };
        let erased = Kept { key: None, ..kept.clone() };
        self.write(subject, &erased)?;
        self.sync()?;
        self.subjects.insert(subject, erased);
        self.destroyed += 1;
        Ok(())
    }

    fn write(&mut self, subject: SubjectId, kept: &Kept) -> Result<(), SealingError> {
        let record = encode(subject, kept);
        self.unsynced = true;
        self.file.write_all_at(record.as_slice(), kept.offset).map_err(|error| SealingError::file(&self.path, &error))
    }
}

fn encode(subject: SubjectId, kept: &Kept) -> Zeroizing<Vec<u8>> {
    let mut record = Zeroizing::new(Vec::with_capacity(RECORD_BYTES));
    record.extend_from_slice(subject.guid().as_bytes());
    record.extend_from_slice(kept.customer.guid().as_bytes());
    let (state, key) = match &kept.key {
        Some(key) => (LIVE, key.as_slice()),
        None => (ERASED, [0; 32].as_slice()),
    };
    record.extend_from_slice(&state.to_be_bytes());
    record.extend_from_slice(key);
    let checksum = ofrecord_log::checksum(&record);
    record.extend_from_slice(&checksum.to_be_bytes());
    record
}

fn decode(record: &[u8; RECORD_BYTES], offset: u64) -> Option<(SubjectId, Kept)> {
    let (body, checksum) = record.split_last_chunk::<4>()?;
    if ofrecord_log::checksum(body) != u32::from_be_bytes(*checksum) {
        return None;
    }
    let (subject, rest) = body.split_first_chunk::<16>()?;
    let (customer, rest) = rest.split_first_chunk::<16>()?;
    let (state, key) = rest.split_first_chunk::<4>()?;
    let key = match u32::from_be_bytes(*state) {
        LIVE => Some(Zeroizing::new(<[u8; 32]>::try_from(key).ok()?)),
        ERASED => None,
        _ => return None,
    };
    let kept = Kept { customer: CustomerId::new(Uuid::from_bytes(*customer)), key, offset };
    Some((SubjectId::new(Uuid::from_bytes(*subject)), kept))
}
