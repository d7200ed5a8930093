//! The files by which outsiders check a ledger, each made once for a small log and shown on the page.

use std::convert::Infallible;
use std::fmt::Write as _;

use ofrecord_log::Hash;
use ofrecord_log::merkle::{complete_root, consistency_proof, inclusion_proof, leaf_hash, root_from_subtrees};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::commitment::{Commitment, KeyLine, Standing};
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::cosignature::CosigningKey;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{SignedNote, SigningKey};
use ofrecord_proof::policy::Policy;
use ofrecord_proof::receipt::ReceiptKey;
use ofrecord_proof::tiles::tiles_of;
use ofrecord_proof::timestamp::TimestampRequest;

const ORIGIN: &str = "ledger.example/page";
/// When the cosigner saw the checkpoint.
const SEEN_AT: u64 = 1_800_000_000;
const NONCE: u64 = 0x0123_4567_89ab_cdef;

/// The log of the page: five entries, and keys whose seeds everybody knows.
struct Shown {
    entries: Vec<String>,
    leaves: Vec<Hash>,
}

impl Shown {
    fn new() -> Self {
        let entries: Vec<String> = (0..5).map(|position| format!("{{\"position\":{position}}}")).collect();
        let leaves = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
        Self { entries, leaves }
    }

    fn subtree(&self, level: u8, index: u64) -> Result<Hash, Infallible> {
        let start = usize::try_from(index << level).unwrap();
        Ok(self.leaves.get(start..start + (1 << level)).and_then(complete_root).unwrap())
    }

    fn checkpoint(&self, size: u64) -> Checkpoint {
        let root = root_from_subtrees(size, &mut |level, index| self.subtree(level, index)).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap()
    }

    fn note(&self, size: u64) -> SignedNote {
        let checkpoint = self.checkpoint(size);
        let mut note = log_key().sign(&checkpoint.to_string()).unwrap();
        note.add(cosigning_key().cosign(&checkpoint, SEEN_AT)).unwrap();
        note
    }

    fn inclusion_path(&self, index: u64) -> Vec<Hash> {
        inclusion_proof(index, 5, &mut |level, index| self.subtree(level, index)).unwrap()
    }

    fn inclusion(&self, index: u64) -> InclusionProof {
        let proof = InclusionProof::new(index, self.inclusion_path(index), self.note(5)).unwrap();
        let entry = self.entries.get(usize::try_from(index).unwrap()).unwrap().as_bytes();
        let proof = proof.with_entry(entry).unwrap();
        proof.verify_by(entry, &policy()).unwrap();
        proof
    }

    fn consistency(&self, old: u64) -> ConsistencyProof {
        let path = consistency_proof(old, 5, &mut |level, index| self.subtree(level, index)).unwrap();
        let proof = ConsistencyProof::new(old, path, self.note(5)).unwrap();
        proof.verify_by(&self.checkpoint(old), &policy()).unwrap();
        proof
    }
}

fn log_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN.parse().unwrap(), &[1; 32])
}

fn cosigning_key() -> CosigningKey {
    CosigningKey::from_seed("witness.example/w1".parse().unwrap(), &[2; 32])
}

fn receipt_key() -> ReceiptKey {
    ReceiptKey::from_seed(&[3; 32])
}

fn policy() -> Policy {
    let (log, cosigner) = (log_key().verifier(), cosigning_key().verifier());
    let text = format!("log {log}\nwitness w1 {cosigner}\ngroup outside any w1\nquorum outside\n");
    text.parse().unwrap()
}

/// The generated parts of the page.
pub(crate) fn parts() -> Vec<(&'static str, String)> {
    let shown = Shown::new();
    vec![
        ("keys", keys()),
        ("checkpoint", block(&shown.note(5).to_string())),
        ("inclusion", block(&shown.inclusion(3).to_string())),
        ("consistency", block(&shown.consistency(3).to_string())),
        ("receipt", receipt(&shown)),
        ("policy", block(&policy().to_string())),
        ("tiles", tiles()),
        ("timestamp", timestamp(&shown)),
        ("commitment", commitment()),
    ]
}

fn block(text: &str) -> String {
    format!("```text\n{}```\n", if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") })
}

/// Bytes in hexadecimal, 32 a line.
fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.chunks(32) {
        line.iter().for_each(|byte| write!(text, "{byte:02x}").unwrap());
        text.push('\n');
    }
    block(&text)
}

fn keys() -> String {
    let log = log_key();
    let texts = [
        log.verifier().to_string(),
        cosigning_key().verifier().to_string(),
        log.to_private_text().to_string(),
        receipt_key().verifier().to_string(),
    ];
    block(&texts.join("\n"))
}

fn receipt(shown: &Shown) -> String {
    let checkpoint = shown.checkpoint(5);
    let receipt = receipt_key().inclusion(&checkpoint, "entries/3", 3, shown.inclusion_path(3)).unwrap();
    let entry = shown.entries.get(3).unwrap().as_bytes();
    receipt.verify_inclusion(entry, &receipt_key().verifier(), &checkpoint).unwrap();
    hexadecimal(receipt.as_bytes())
}

fn tiles() -> String {
    let mut table = "| size | tiles |\n|---|---|\n".to_owned();
    for size in [0, 5, 256, 300] {
        let paths: Vec<_> = tiles_of(size).map(|tile| format!("`{tile}`")).collect();
        writeln!(table, "| {size} | {} |", paths.join(", ")).unwrap();
    }
    let counted = tiles_of(1_000_000).count();
    writeln!(table, "| 1 000 000 | {counted} tiles, up to `{}` |", tiles_of(1_000_000).last().unwrap()).unwrap();
    table
}

fn timestamp(shown: &Shown) -> String {
    hexadecimal(&TimestampRequest::new(shown.checkpoint(5).to_string().as_bytes(), NONCE).to_der())
}

fn commitment() -> String {
    let lines = || ["a", "c", "e"].map(|key| KeyLine { key: key.to_owned() });
    let commitment = Commitment::over(lines()).unwrap();
    let mut text = format!("root of 3 lines: {}\n", commitment.root);
    for key in ["c", "d"] {
        let standing = Standing::of(key, lines()).unwrap();
        commitment.verify(key, &standing).unwrap();
        writeln!(text, "{key}: {}", String::from_utf8(standing.to_bytes().unwrap()).unwrap()).unwrap();
    }
    block(&text)
}
