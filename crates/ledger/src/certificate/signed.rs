//! A body that the log vouches for: canonical JSON beside a note that signs its hash.

use std::collections::BTreeSet;

use ofrecord_core::CheckpointKey;
use ofrecord_log::{Hash, LogReader};
use ofrecord_proof::certificate::Certificate;
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_views::canonical_bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Checked, Kind, NotHolding};
use crate::reader::Basis;
use crate::signing::{SignError, Signer};

/// What a certificate is about. It must follow from its basis alone, so that it can be made again to the same bytes.
pub trait Body: Serialize + DeserializeOwned {
    /// Of which kind it says it is.
    fn kind(&self) -> Kind;

    /// Whether that is the kind that its fields are of.
    fn is_of_its_kind(&self) -> bool;

    /// What it rests on.
    fn basis(&self) -> &Basis;

    /// What it says, as far as it can be checked by itself.
    ///
    /// # Errors
    /// [`NotHolding::Body`] when it contradicts itself.
    fn judge(&self) -> Result<Judgement, NotHolding>;
}

/// What a body says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judgement {
    /// What is wrong.
    pub found: Vec<String>,
    /// What it shows by itself.
    pub proven: Vec<String>,
    /// How it is made again.
    pub again: String,
}

/// A certificate, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certified<B> {
    body: B,
    note: String,
}

impl<B: Body> Certified<B> {
    /// Has the log vouch for a body.
    ///
    /// # Errors
    /// [`SignError`]; nothing was signed then.
    pub fn of(
        body: B,
        signer: &Signer,
        log: &dyn LogReader,
        allowed: &BTreeSet<CheckpointKey>,
    ) -> Result<Self, SignError> {
        let Basis { origin: _, tree_size, root } = body.basis();
        // Since an epoch the log signs under another name than it began with.
        let certificate = Certificate::new(body.kind().as_str(), signer.origin(), (*tree_size, *root), hash(&body))
            .map_err(|error| SignError::file(signer.folder().path(), &error))?;
        let note = signer.certify(log, allowed, &certificate)?.to_string();
        Ok(Self { body, note })
    }

    /// Checks it by the keys that are known, and nothing else.
    ///
    /// # Errors
    /// [`NotHolding`] with the first thing that does not hold.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Checked, NotHolding> {
        if !self.body.is_of_its_kind() {
            return Err(NotHolding::Kind);
        }
        let note: SignedNote = self.note.parse()?;
        let (certificate, signers) = Certificate::open(&note, keys)?;
        let (kind, basis) = (self.body.kind(), self.body.basis());
        let about = certificate.kind() == kind.as_str()
            && *certificate.body() == hash(&self.body)
            && (certificate.size(), certificate.root()) == (basis.tree_size, &basis.root);
        if !about {
            return Err(NotHolding::OtherBody);
        }
        let Judgement { found, mut proven, again } = self.body.judge()?;
        proven.insert(0, format!("{} has signed this, by its first {} entries", certificate.origin(), basis.tree_size));
        Ok(Checked {
            kind,
            origin: certificate.origin().to_owned(),
            tree_size: basis.tree_size,
            root: basis.root,
            signed_by: signers.iter().map(ToString::to_string).collect(),
            found,
            proven,
            not_proven: vec![
                format!("that it follows from the entries: whoever has them makes it again, by {again}"),
                "that the ledger showed nobody another log: compare checkpoints, or have them cosigned".to_owned(),
                "that what was recorded is true".to_owned(),
            ],
        })
    }

    /// What is vouched for.
    #[must_use]
    pub fn body(&self) -> &B {
        &self.body
    }
}

/// SHA-256 of a body as canonical JSON.
pub(super) fn hash(body: &impl Serialize) -> Hash {
    Hash::of(&canonical_bytes(&serde_json::to_value(body).unwrap_or(Value::Null)))
}
