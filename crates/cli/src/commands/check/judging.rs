//! Whether a file holds, by the keys that are trusted and the other files that were given.

use std::path::Path;

use ofrecord_ledger::certificate;
use ofrecord_log::entry::Envelope;
use ofrecord_log::merkle::empty_root;
use ofrecord_proof::checkpoint::{Checkpoint, Opened};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_proof::policy::{NotBelieved, Policy};
use ofrecord_proof::receipt::{Receipt, ReceiptProof, ReceiptVerifierKey};

use super::document::Document;
use super::statements::{Quorum, Statements};
use super::{Checked, Standing};

/// What whoever checks brings along.
#[derive(Debug)]
pub(super) struct Trusted {
    /// Keys of logs and witnesses; none where there is a policy.
    pub(super) keys: Vec<VerifierKey>,
    /// Whom to believe, and who must have cosigned.
    pub(super) policy: Option<Policy>,
    /// The checkpoint known before.
    pub(super) old: Option<SignedNote>,
    /// The entry that proofs are about.
    pub(super) entry: Option<Vec<u8>>,
    /// The key of receipts.
    pub(super) receipt_key: Option<ReceiptVerifierKey>,
}

impl Trusted {
    fn open<'this>(&'this self, note: &SignedNote) -> Result<Opened<'this>, NotBelieved> {
        match &self.policy {
            Some(policy) => policy.open(note),
            None => Ok(Checkpoint::open(note, &self.keys)?),
        }
    }

    /// The keys that are believed, or those of the policy's logs.
    fn log_keys(&self) -> &[VerifierKey] {
        self.policy.as_ref().map_or(self.keys.as_slice(), Policy::keys)
    }

    fn quorum(&self) -> Quorum {
        if self.policy.is_some() { Quorum::Reached } else { Quorum::NotAsked }
    }

    /// The checkpoint known before. It was believed when it was given: its log must have signed it, no quorum.
    fn old(&self) -> Option<Result<Checkpoint, String>> {
        let opened = Checkpoint::open(self.old.as_ref()?, self.log_keys()).map(|opened| opened.checkpoint);
        Some(opened.map_err(|error| format!("the older checkpoint: {error}")))
    }
}

/// Why a file is not said to hold.
enum Verdict {
    Fails(String),
    Incomplete(String),
}

fn fails(error: impl std::fmt::Display) -> Verdict {
    Verdict::Fails(error.to_string())
}

fn incomplete(missing: String) -> Verdict {
    Verdict::Incomplete(missing)
}

/// The trusted keys, and every checkpoint among the files that they bear out.
pub(super) struct Judge<'a> {
    trusted: &'a Trusted,
    heads: Vec<(&'a Path, Opened<'a>)>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        trusted: &'a Trusted,
        documents: impl Iterator<Item = (&'a std::path::PathBuf, &'a Document)>,
    ) -> Self {
        let believed = |(file, document): (&'a std::path::PathBuf, &'a Document)| {
            Some((file.as_path(), trusted.open(document.note()?).ok()?))
        };
        Self { trusted, heads: documents.filter_map(believed).collect() }
    }

    /// What came of one file.
    pub(super) fn judged(&self, file: &Path, document: &Document) -> Checked {
        let judged = match document {
            Document::Checkpoint(note) => self.checkpoint(note),
            Document::Inclusion(proof) => self.inclusion(proof),
            Document::Consistency(proof) => self.consistency(proof),
            Document::Receipt(receipt) => self.receipt(receipt),
            Document::Certificate(bytes) => return self.certificate(file, bytes),
        };
        let (file, kind) = (file.to_owned(), document.kind());
        let (standing, statements, problem) = match judged {
            Ok(statements) => (Standing::Holds, statements, None),
            Err(Verdict::Fails(problem)) => (Standing::Fails, Statements::default(), Some(problem)),
            Err(Verdict::Incomplete(problem)) => (Standing::Incomplete, Statements::default(), Some(problem)),
        };
        Checked { file, kind, standing, proven: statements.proven, not_proven: statements.not_proven, problem }
    }

    /// Two believed checkpoints of one log and one size with two roots: each is told that it fails with the other.
    pub(super) fn compare_histories(&self, checked: &mut [Checked]) {
        for (file, Opened { checkpoint: head, .. }) in &self.heads {
            let same = |other: &Checkpoint| other.origin() == head.origin() && other.size() == head.size();
            let mut others = self.heads.iter().map(|(beside, opened)| (beside, &opened.checkpoint));
            let other = others.find(|(_, other)| same(other) && other.root() != head.root());
            let Some((beside, other)) = other else { continue };
            for one in checked.iter_mut().filter(|one| one.file == *file) {
                one.standing = Standing::Fails;
                one.proven.clear();
                one.not_proven.clear();
                one.problem = Some(format!(
                    "the log has shown two histories: at size {} it has the root {} here and {} in {}",
                    head.size(),
                    head.root(),
                    other.root(),
                    beside.display()
                ));
            }
        }
    }

    /// What the ledger proved or certified, by the keys alone: such a file carries its checkpoint.
    fn certificate(&self, file: &Path, bytes: &[u8]) -> Checked {
        match certificate::check(bytes, self.trusted.log_keys()) {
            Ok(certificate::Checked { kind, signed_by, found, mut proven, not_proven, .. }) => {
                let standing = if found.is_empty() { Standing::Holds } else { Standing::Accuses };
                let problem = Some(found.join("; ")).filter(|found| !found.is_empty());
                proven.splice(0..0, signed_by.iter().map(|key| format!("signed by {key}")));
                Checked { file: file.to_owned(), kind: kind.as_str(), standing, proven, not_proven, problem }
            }
            Err(error) => Checked {
                file: file.to_owned(),
                kind: "certificate",
                standing: Standing::Fails,
                proven: Vec::new(),
                not_proven: Vec::new(),
                problem: Some(error.to_string()),
            },
        }
    }

    fn checkpoint(&self, note: &SignedNote) -> Result<Statements, Verdict> {
        let opened = self.trusted.open(note).map_err(fails)?;
        Ok(Statements::of_checkpoint(&opened, self.trusted.quorum()))
    }

    fn inclusion(&self, proof: &InclusionProof) -> Result<Statements, Verdict> {
        let opened = self.trusted.open(proof.checkpoint()).map_err(fails)?;
        let entry = self.trusted.entry.as_deref().or(proof.entry());
        let entry =
            entry.ok_or_else(|| incomplete("it does not carry its entry: give that with --entry".to_owned()))?;
        match &self.trusted.policy {
            Some(policy) => proof.verify_by(entry, policy),
            None => proof.verify(entry, &self.trusted.keys),
        }
        .map_err(fails)?;
        self.entry_in(entry, proof.index(), &opened)
    }

    fn entry_in(&self, entry: &[u8], position: u64, opened: &Opened<'_>) -> Result<Statements, Verdict> {
        if let Ok(envelope) = Envelope::parse(entry)
            && envelope.position != position
        {
            return Err(fails(format!(
                "the entry says that it stands at position {}, not {position}",
                envelope.position
            )));
        }
        let mut statements = Statements::of_checkpoint(opened, self.trusted.quorum());
        statements.entry_is_in(entry, position, &opened.checkpoint);
        Ok(statements)
    }

    fn consistency(&self, proof: &ConsistencyProof) -> Result<Statements, Verdict> {
        let opened = self.trusted.open(proof.checkpoint()).map_err(fails)?;
        let old = self.older(proof.old_size(), &opened.checkpoint)?;
        match &self.trusted.policy {
            Some(policy) => proof.verify_by(&old, policy),
            None => proof.verify(&old, &self.trusted.keys),
        }
        .map_err(fails)?;
        let mut statements = Statements::of_checkpoint(&opened, self.trusted.quorum());
        statements.begins_with(&old, &opened.checkpoint);
        Ok(statements)
    }

    /// The checkpoint known before: the one that was named, or one of that size among the files.
    fn older(&self, size: u64, newer: &Checkpoint) -> Result<Checkpoint, Verdict> {
        if let Some(old) = self.trusted.old() {
            return old.map_err(Verdict::Fails);
        }
        if size == 0 {
            return Checkpoint::new(newer.origin(), 0, empty_root()).map_err(fails);
        }
        let mut known = self.heads.iter().map(|(_, opened)| &opened.checkpoint);
        let known = known.find(|head| head.origin() == newer.origin() && head.size() == size);
        let missing =
            || incomplete(format!("it leads on from size {size}: give the checkpoint of that size with --old"));
        known.cloned().ok_or_else(missing)
    }

    fn receipt(&self, receipt: &Receipt) -> Result<Statements, Verdict> {
        let missing = || incomplete("give the key of receipts with --receipt-key".to_owned());
        let key = self.trusted.receipt_key.as_ref().ok_or_else(missing)?;
        let (ReceiptProof::Inclusion { size, .. } | ReceiptProof::Consistency { size, .. }) = receipt.proof();
        let of_size =
            |head: &Checkpoint| head.size() == *size && receipt.issuer().is_none_or(|issuer| issuer == head.origin());
        let missing = || incomplete(format!("a receipt signs no size: give the checkpoint of size {size} beside it"));
        let (_, opened) = self.heads.iter().find(|(_, opened)| of_size(&opened.checkpoint)).ok_or_else(missing)?;
        let head = &opened.checkpoint;
        match receipt.proof() {
            ReceiptProof::Inclusion { index, .. } => {
                let missing = || incomplete("a receipt does not carry its entry: give that with --entry".to_owned());
                let entry = self.trusted.entry.as_deref().ok_or_else(missing)?;
                receipt.verify_inclusion(entry, key, head).map_err(fails)?;
                self.entry_in(entry, *index, opened)
            }
            ReceiptProof::Consistency { old_size, .. } => {
                let old = self.older(*old_size, head)?;
                receipt.verify_consistency(&old, key, head).map_err(fails)?;
                let mut statements = Statements::of_checkpoint(opened, self.trusted.quorum());
                statements.begins_with(&old, head);
                Ok(statements)
            }
        }
    }
}
