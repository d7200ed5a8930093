//! Gathering the files of a pack out of a ledger. Nothing is written here, neither to the ledger nor beside it.

use std::collections::BTreeSet;

use ofrecord_core::{PartnerTenantId, StreamId, Timestamp};
use ofrecord_log::{Hash, ReadError};
use ofrecord_proof::checkpoint::{Checkpoint, CheckpointError};
use ofrecord_proof::consistency::{ConsistencyError, ConsistencyProof};
use ofrecord_proof::inclusion::{InclusionError, InclusionProof};
use ofrecord_proof::receipt::{ReceiptError, ReceiptKey};
use serde::Serialize;
use thiserror::Error;

use super::answers::answers;
use super::archive::{ArchiveError, Files};
use super::bundle::{self, Bundle, Bundled};
use super::manifest::Manifest;
use super::{
    About, CHECKPOINT, COMPLETENESS, ENTRIES, Format, KEYS, MANIFEST, OUTSIDER, PAIRS, POLICY, Question, README,
    manual, pairs,
};
use crate::absence::AbsenceProof;
use crate::certificate::{ProveError, to_bytes};
use crate::codec::DecodeError;
use crate::commitment::{CommittedState, Recorded};
use crate::completeness::CompletenessProof;
use crate::reader::{Basis, Reader, Snapshot};
use crate::sealing::Sealer;
use crate::signing::Signed;

mod vouching;

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
    /// A checkpoint of the chain of keys is none of this log before the one of the pack, or does not cover the key.
    #[error("follow the key at position {position}: the checkpoint of size {size} does not vouch for it")]
    NotVouched {
        /// The position.
        position: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// A receipt could not be written.
    #[error("write a receipt: {0}")]
    Receipt(#[from] ReceiptError),
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
    /// Of whom.
    pub about: About,
    /// The instant in the world.
    pub as_of: Timestamp,
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// A commitment that covers what is known.
    pub recorded: &'a Recorded,
    /// What that commitment was made of.
    pub state: &'a CommittedState,
    /// A checkpoint that covers the commitment.
    pub signed: &'a Signed,
    /// An older checkpoint, since which nothing was rewritten.
    pub since: Option<&'a Signed>,
    /// Partners who never had a relationship with the customer; none of a partner.
    pub never: &'a BTreeSet<PartnerTenantId>,
    /// What has the keys of sealed contacts, where these are to be opened.
    pub sealer: Option<&'a Sealer>,
    /// Checkpoints by which a key that the log named later follows from those it named before: each with the position
    /// of the entry that names the key, which it covers, and signed by a key that signed before that.
    pub chain: &'a [(u64, Signed)],
    /// Replies of authorities that stamped the checkpoint.
    pub stamps: &'a [Vec<u8>],
    /// What signs COSE receipts, where these are asked for.
    pub receipt_key: Option<&'a ReceiptKey>,
    /// Whether all entries of the ledger's own stream are put in. They name everybody of whom something was taken out.
    pub custody: bool,
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

impl Gathering<'_> {
    /// The files of the pack but for the note on its manifest; the same ones each time for the same question, basis,
    /// checkpoint, time stamps and keys.
    ///
    /// # Errors
    /// [`GatherError`].
    pub fn files(&self) -> Result<Files, GatherError> {
        let size = self.snapshot.basis.tree_size;
        if !self.recorded.covers(size) {
            return Err(GatherError::NotCovered { position: self.recorded.position, size });
        }
        let log = self.reader.log().as_ref();
        let checkpoint: Checkpoint = self.signed.note.text().parse()?;
        let question = self.question(&checkpoint);
        let completeness = CompletenessProof::of(log, self.about.stream(), self.recorded, self.state, self.signed)?;
        let bundle = self.bundle(&completeness)?;
        if let Some(position) = bundle.iter().find(|(_, one)| one.envelope.redacted.is_some()).map(|(at, _)| *at) {
            return Err(GatherError::Redacted { position });
        }
        let keys = self.keys(&checkpoint)?;
        let mut files = answers(&question, &bundle, self.reader.policy(), Format::Second);
        for one in bundle.values().chain(keys.values()) {
            files.insert(super::proof_of(one.entry.position), self.inclusion(one.entry.position)?);
        }
        files.insert(COMPLETENESS.to_owned(), to_bytes(&completeness));
        files.insert(ENTRIES.to_owned(), bundle::lines(bundle.values()));
        files.insert(KEYS.to_owned(), bundle::lines(keys.values()));
        files.insert(CHECKPOINT.to_owned(), self.signed.note.to_string().into_bytes());
        let policy = bundle::policy(&bundle::signing_keys(&keys, checkpoint.origin()));
        files.insert(POLICY.to_owned(), policy.into_bytes());
        files.insert(OUTSIDER.to_owned(), manual::outsider(Format::Second).to_vec());
        self.consistency(&checkpoint, &mut files)?;
        self.chain(&keys, &mut files)?;
        self.receipts(&checkpoint, bundle.keys().chain(keys.keys()), &mut files)?;
        self.stamps(&mut files);
        self.custody(&mut files)?;
        self.absences(&mut files)?;
        self.pairs(&bundle, &mut files)?;
        self.unseal(&bundle, &mut files);
        files.insert(README.to_owned(), manual::readme(&question, &checkpoint, &files));
        files.insert(MANIFEST.to_owned(), Manifest::of(&question, &files).to_bytes());
        Ok(files)
    }

    fn question(&self, checkpoint: &Checkpoint) -> Question {
        let Basis { tree_size, root, .. } = self.snapshot.basis;
        let basis = Basis { origin: checkpoint.origin().to_owned(), tree_size, root };
        Question { as_of: self.as_of, basis, about: self.about }
    }

    /// All entries of the stream that the commitment counts, what says who the partners are that a customer's name, and the
    /// commitment itself.
    fn bundle(&self, completeness: &CompletenessProof) -> Result<Bundle, GatherError> {
        let log = self.reader.log().as_ref();
        let mut bundle = Bundle::new();
        for bytes in completeness.entries() {
            let one = Bundled::of(bytes.to_vec())?;
            bundle.insert(one.entry.position, one);
        }
        let known_below = self.snapshot.basis.tree_size;
        let named = self.about.customer().map(|customer| bundle::customer_record(&bundle, customer));
        for partner in named.iter().flat_map(|record| bundle::partners_named(record, known_below)) {
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
        sizes.extend(self.chain.iter().map(|(_, signed)| signed.size));
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

    fn absences(&self, files: &mut Files) -> Result<(), GatherError> {
        let Some(customer) = self.about.customer() else { return Ok(()) };
        for partner in self.never {
            let (log, pair) = (self.reader.log().as_ref(), (customer, *partner));
            let proof = AbsenceProof::of(log, pair, self.recorded, self.state, self.signed)?;
            let proof = proof.ok_or(GatherError::Related { partner: *partner })?;
            files.insert(super::absence_of(*partner), to_bytes(&proof));
        }
        Ok(())
    }

    /// Whether each customer that a partner's entries name ever had a relationship with it.
    fn pairs(&self, bundle: &Bundle, files: &mut Files) -> Result<(), GatherError> {
        if let About::Partner(partner) = self.about {
            let size = self.recorded.commitment.tree_size;
            let pairs = pairs::pairs(bundle, partner, size, self.state).map_err(ProveError::from)?;
            files.insert(PAIRS.to_owned(), to_bytes(&pairs));
        }
        Ok(())
    }

    /// The keys of the contacts, where they are to be opened and can be.
    fn unseal(&self, bundle: &Bundle, files: &mut Files) {
        let (Some(sealer), Some(customer)) = (self.sealer, self.about.customer()) else { return };
        for (position, one) in bundle {
            let unsealing = |sealed: &ofrecord_core::command::agreement::Sealed| {
                let key = Hash(*sealer.field_key(sealed, customer)?.as_bytes());
                Some(Unsealing { kid: sealed.kid.to_string(), key, position: sealed.position })
            };
            let unsealed: Vec<Unsealing> = one.sealed().filter_map(unsealing).collect();
            if !unsealed.is_empty() {
                files.insert(super::unseal_of(*position), to_bytes(&unsealed));
            }
        }
    }
}
