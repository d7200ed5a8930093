//! Gathering the files of a pack out of a ledger. Nothing is written here, neither to the ledger nor beside it.

use std::collections::BTreeSet;

use ofrecord_core::{CustomerId, PartnerTenantId, StreamId, Timestamp};
use ofrecord_log::{Hash, ReadError};
use ofrecord_proof::checkpoint::{Checkpoint, CheckpointError};
use ofrecord_proof::consistency::{ConsistencyError, ConsistencyProof};
use ofrecord_proof::inclusion::{InclusionError, InclusionProof};
use serde::Serialize;
use thiserror::Error;

use super::answers::answers;
use super::archive::{ArchiveError, Files};
use super::bundle::{self, Bundle, Bundled};
use super::{CHECKPOINT, COMPLETENESS, ENTRIES, KEYS, MANIFEST, OUTSIDER, POLICY, Question, README, manual};
use crate::absence::AbsenceProof;
use crate::certificate::{ProveError, to_bytes};
use crate::codec::DecodeError;
use crate::commitment::Recorded;
use crate::completeness::CompletenessProof;
use crate::progress::Progress;
use crate::reader::{Basis, Reader, Snapshot};
use crate::sealing::Sealer;
use crate::signing::Signed;

/// Why no pack was made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GatherError {
    /// The log could not be read, or completeness or absence not be proven.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// The commitment does not speak of everything that is known.
    #[error("rest the pack on the commitment at position {position}: it does not cover the first {size} entries")]
    NotCovered {
        /// The position of the commitment.
        position: u64,
        /// How many entries are known.
        size: u64,
    },
    /// The kept note is no checkpoint.
    #[error("read the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A proof of inclusion could not be written.
    #[error("write a proof of inclusion: {0}")]
    Inclusion(#[from] InclusionError),
    /// A proof of consistency could not be written.
    #[error("write a proof of consistency: {0}")]
    Consistency(#[from] ConsistencyError),
    /// The older checkpoint is not one of this log under this origin, or not an older one.
    #[error("prove consistency with the checkpoint of size {size}: it is none of this log before the one of the pack")]
    NotOlder {
        /// Its size.
        size: u64,
    },
    /// The customer and the partner had a relationship.
    #[error("prove that the customer and {partner} never had a reseller relationship: they had one")]
    Related {
        /// The partner.
        partner: PartnerTenantId,
    },
    /// An entry that the answers would rest on was redacted: nobody can check them without it.
    #[error("put entry {position} into the pack: it was redacted, and the answers cannot be checked without it")]
    Redacted {
        /// The position.
        position: u64,
    },
    /// The files are no pack.
    #[error("write the pack: {0}")]
    Archive(#[from] ArchiveError),
}

impl From<ReadError> for GatherError {
    fn from(error: ReadError) -> Self {
        Self::Prove(error.into())
    }
}

impl From<DecodeError> for GatherError {
    fn from(error: DecodeError) -> Self {
        Self::Prove(ProveError::Read(error.into()))
    }
}

/// What is asked, and what it is proven by.
#[derive(Debug, Clone, Copy)]
pub struct Gathering<'a> {
    /// The ledger.
    pub reader: &'a Reader,
    /// The customer.
    pub customer: CustomerId,
    /// The instant in the world.
    pub as_of: Timestamp,
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// A commitment that covers what is known.
    pub recorded: &'a Recorded,
    /// A checkpoint that covers the commitment.
    pub signed: &'a Signed,
    /// An older checkpoint, since which nothing was rewritten.
    pub since: Option<&'a Signed>,
    /// Partners who never had a relationship with the customer.
    pub never: &'a BTreeSet<PartnerTenantId>,
    /// What has the keys of sealed contacts, where these are to be opened.
    pub sealer: Option<&'a Sealer>,
}

/// The key that opens one contact and nothing else, as it is handed over.
#[derive(Debug, Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unsealing {
    /// Whose contact it is.
    pub(super) kid: String,
    /// The key, in hexadecimal.
    pub(super) key: Hash,
    /// The position for which it was sealed.
    pub(super) position: u64,
}

/// A file as the manifest lists it.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    sha256: Hash,
}

/// The manifest.
#[derive(Serialize)]
struct Manifest<'a> {
    as_of: Timestamp,
    basis: &'a Basis,
    customer: CustomerId,
    files: Vec<Listed<'a>>,
    kind: &'static str,
}

impl Gathering<'_> {
    /// The files of the pack; the same ones each time for the same question, basis and checkpoint.
    ///
    /// # Errors
    /// [`GatherError`].
    pub fn files(&self, progress: &dyn Progress) -> Result<Files, GatherError> {
        let size = self.snapshot.basis.tree_size;
        if !self.recorded.covers(size) {
            return Err(GatherError::NotCovered { position: self.recorded.position, size });
        }
        let log = self.reader.log().as_ref();
        let checkpoint: Checkpoint = self.signed.note.text().parse()?;
        let question = self.question(&checkpoint);
        let completeness =
            CompletenessProof::of(log, StreamId::Customer(self.customer), self.recorded, self.signed, progress)?;
        let bundle = self.bundle(&completeness)?;
        if let Some(position) = bundle.iter().find(|(_, one)| one.envelope.redacted.is_some()).map(|(at, _)| *at) {
            return Err(GatherError::Redacted { position });
        }
        let keys = self.keys(&checkpoint)?;
        let mut files = answers(&question, &bundle, self.reader.policy());
        for one in bundle.values().chain(keys.values()) {
            files.insert(super::proof_of(one.entry.position), self.inclusion(one.entry.position)?);
        }
        files.insert(COMPLETENESS.to_owned(), to_bytes(&completeness));
        files.insert(ENTRIES.to_owned(), bundle::lines(bundle.values()));
        files.insert(KEYS.to_owned(), bundle::lines(keys.values()));
        files.insert(CHECKPOINT.to_owned(), self.signed.note.to_string().into_bytes());
        let policy = bundle::policy(&bundle::signing_keys(&keys, checkpoint.origin()));
        files.insert(POLICY.to_owned(), policy.into_bytes());
        files.insert(OUTSIDER.to_owned(), manual::OUTSIDER.to_vec());
        self.consistency(&checkpoint, &mut files)?;
        self.absences(progress, &mut files)?;
        self.unseal(&bundle, &mut files);
        files.insert(README.to_owned(), manual::readme(&question, &checkpoint, &files));
        files.insert(MANIFEST.to_owned(), manifest(&question, &files));
        Ok(files)
    }

    fn question(&self, checkpoint: &Checkpoint) -> Question {
        let Basis { tree_size, root, .. } = self.snapshot.basis;
        let basis = Basis { origin: checkpoint.origin().to_owned(), tree_size, root };
        Question { as_of: self.as_of, basis, customer: self.customer }
    }

    /// All entries of the customer that the commitment counts, what says who the partners are that they name, and the
    /// commitment itself.
    fn bundle(&self, completeness: &CompletenessProof) -> Result<Bundle, GatherError> {
        let log = self.reader.log().as_ref();
        let mut bundle = Bundle::new();
        for bytes in completeness.entries() {
            let one = Bundled::of(bytes.to_vec())?;
            bundle.insert(one.entry.position, one);
        }
        let known_below = self.snapshot.basis.tree_size;
        let record = bundle::customer_record(&bundle, self.customer);
        for partner in bundle::partners_named(&record, known_below) {
            let positions = log.stream_positions(&StreamId::Partner(partner).to_string(), 0)?;
            for position in positions.into_iter().filter(|position| *position < known_below) {
                let one = Bundled::of(log.read(position)?)?;
                if one.is_on_account() {
                    bundle.insert(position, one);
                }
            }
        }
        let commitment = Bundled::of(log.read(self.recorded.position)?)?;
        bundle.insert(self.recorded.position, commitment);
        Ok(bundle)
    }

    /// What the log of the checkpoint says of its keys.
    fn keys(&self, checkpoint: &Checkpoint) -> Result<Bundle, GatherError> {
        let log = self.reader.log().as_ref();
        let mut keys = Bundle::new();
        let positions = log.stream_positions(&StreamId::Ledger.to_string(), 0)?;
        for position in positions.into_iter().filter(|position| *position < checkpoint.size()) {
            let one = Bundled::of(log.read(position)?)?;
            if one.is_on_keys() {
                keys.insert(position, one);
            }
        }
        Ok(keys)
    }

    fn inclusion(&self, position: u64) -> Result<Vec<u8>, GatherError> {
        let path = self.reader.log().inclusion_proof(position, self.signed.size)?;
        Ok(InclusionProof::new(position, path, self.signed.note.clone())?.to_string().into_bytes())
    }

    /// That the log of the checkpoint begins with what is known, and with the older checkpoint.
    fn consistency(&self, checkpoint: &Checkpoint, files: &mut Files) -> Result<(), GatherError> {
        let mut sizes = vec![self.snapshot.basis.tree_size];
        if let Some(older) = self.since {
            let not_older = GatherError::NotOlder { size: older.size };
            let kept: Checkpoint = older.note.text().parse()?;
            if kept.origin() != checkpoint.origin()
                || kept.size() > checkpoint.size()
                || self.reader.log().root_at(kept.size())? != *kept.root()
            {
                return Err(not_older);
            }
            files.insert(super::checkpoint_of(kept.size()), older.note.to_string().into_bytes());
            sizes.push(kept.size());
        }
        for old in sizes {
            let path = self.reader.log().consistency_proof(old, checkpoint.size())?;
            let proof = ConsistencyProof::new(old, path, self.signed.note.clone())?;
            files.insert(super::consistency_of(old, checkpoint.size()), proof.to_string().into_bytes());
        }
        Ok(())
    }

    fn absences(&self, progress: &dyn Progress, files: &mut Files) -> Result<(), GatherError> {
        for partner in self.never {
            let (log, pair) = (self.reader.log().as_ref(), (self.customer, *partner));
            let proof = AbsenceProof::of(log, pair, self.recorded, self.signed, progress)?;
            let proof = proof.ok_or(GatherError::Related { partner: *partner })?;
            files.insert(super::absence_of(*partner), to_bytes(&proof));
        }
        Ok(())
    }

    /// The keys of the contacts, where they are to be opened and can be.
    fn unseal(&self, bundle: &Bundle, files: &mut Files) {
        let Some(sealer) = self.sealer else { return };
        for (position, one) in bundle {
            let unsealing = |sealed: &ofrecord_core::command::agreement::Sealed| {
                let key = Hash(*sealer.field_key(sealed, self.customer)?.as_bytes());
                Some(Unsealing { kid: sealed.kid.to_string(), key, position: sealed.position })
            };
            let unsealed: Vec<Unsealing> = one.sealed().filter_map(unsealing).collect();
            if !unsealed.is_empty() {
                files.insert(super::unseal_of(*position), to_bytes(&unsealed));
            }
        }
    }
}

fn manifest(question: &Question, files: &Files) -> Vec<u8> {
    let Question { as_of, basis, customer } = question;
    let files = files.iter().map(|(name, content)| Listed { name, sha256: Hash::of(content) }).collect();
    to_bytes(&Manifest { as_of: *as_of, basis, customer: *customer, files, kind: "evidence pack v1" })
}
