//! The ladder of checks by programs that are not ours, as it stands in every pack.

use ofrecord_proof::checkpoint::Checkpoint;

use super::Question;
use super::archive::Files;

/// A program for outsiders that checks the signature, the proofs and the chain.
pub(super) const OUTSIDER: &[u8] = include_bytes!("check.go");

const LADDER: &str = include_str!("readme.txt");

/// What each file is, for the table at the top.
const CONTENTS: &[(&str, &str)] = &[
    ("answers/", "the answers: JSON with the positions behind every cell, and two of them as CSV"),
    ("entries.jsonl", "the entries that they rest on, exact bytes, one a line"),
    ("proofs/", "for each entry, that it is in the log (C2SP tlog-proof)"),
    ("checkpoint", "what the log signed: its name, its size, its root (C2SP tlog-checkpoint)"),
    ("keys.jsonl", "the entries that say which keys sign"),
    ("policy.txt", "those keys (C2SP tlog-policy)"),
    ("completeness.json", "that these are all entries of the customer"),
    ("consistency/", "that the log begins with the basis, and with what stands in checkpoints/"),
    ("checkpoints/", "older checkpoints"),
    ("absence/", "that the customer never had a relationship with a partner"),
    ("unseal/", "keys that open the sealed contacts of an entry"),
    ("fold.sql", "two of the answers made again by sqlite3"),
    ("check.go", "the proofs checked again by Go"),
    ("manifest.json", "the names and SHA-256 of the files; nothing rests on it"),
];

/// The ladder, for one pack.
pub(super) fn readme(question: &Question, checkpoint: &Checkpoint, files: &Files) -> Vec<u8> {
    let Question { as_of, basis, customer } = question;
    let mut text = format!(
        "EVIDENCE PACK\n\n\
         About customer {customer}\n\
         as of          {as_of}\n\
         known from     the first {} entries of {}\n\
         with the root  {}\n\
         proven under   the checkpoint of size {}\n\n",
        basis.tree_size,
        basis.origin,
        basis.root,
        checkpoint.size()
    );
    let there = |name: &str| name == "manifest.json" || files.keys().any(|file| file.starts_with(name));
    for (name, meaning) in CONTENTS.iter().filter(|(name, _)| there(name)) {
        text.push_str(&format!("{name:<18} {meaning}\n"));
    }
    text.push('\n');
    text.push_str(LADDER);
    text.into_bytes()
}
