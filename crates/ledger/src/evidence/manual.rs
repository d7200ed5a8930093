//! The ladder of checks by programs that are not ours, as it stands in every pack.

use ofrecord_proof::checkpoint::Checkpoint;

use super::archive::Files;
use super::{About, Format, Question};

const OUTSIDER: &[u8] = include_bytes!("check.go");
const FIRST_OUTSIDER: &[u8] = include_bytes!("first/check.go");

const LADDER: &str = include_str!("readme.txt");
const ANSWERS: &str = include_str!("readme_answers.txt");
const END: &str = include_str!("readme_end.txt");

/// What each file is, for the table at the top.
const CONTENTS: &[(&str, &str)] = &[
    ("answers/", "the answers: JSON with the positions behind every cell, and some of them as CSV"),
    ("entries.jsonl", "the entries that they rest on, exact bytes, one a line"),
    ("proofs/", "for each entry, that it is in the log (C2SP tlog-proof)"),
    ("checkpoint", "what the log signed: its name, its size, its root (C2SP tlog-checkpoint)"),
    ("keys.jsonl", "the entries that say which keys sign"),
    ("policy.txt", "those keys (C2SP tlog-policy)"),
    ("completeness.json", "that these are all entries of the stream"),
    ("consistency/", "that the log begins with the basis, and with what stands in checkpoints/"),
    ("checkpoints/", "older checkpoints"),
    ("absence/", "that the customer never had a relationship with a partner"),
    ("pairs.json", "of each customer that the entries name, whether it ever had a relationship with the partner"),
    ("unseal/", "keys that open the sealed contacts of an entry"),
    ("fold.sql", "what is there as CSV made again by sqlite3"),
    ("check.go", "the proofs checked again by Go"),
    ("chain/", "that a key was named while an older one signed"),
    ("stamps/", "replies of authorities that stamped the checkpoint (RFC 3161)"),
    ("receipts", "the proofs once more as COSE receipts (RFC 9942), and their key"),
    ("custody.json", "all entries on the ledger itself"),
    ("manifest.json", "the names and SHA-256 of all other files"),
    ("manifest.note", "what the log signed of the manifest"),
];

/// A program for outsiders that checks the signatures, the proofs and the chain.
pub(super) fn outsider(format: Format) -> &'static [u8] {
    match format {
        Format::First => FIRST_OUTSIDER,
        Format::Second => OUTSIDER,
    }
}

/// The ladder, for one pack.
pub(super) fn readme(question: &Question, checkpoint: &Checkpoint, files: &Files) -> Vec<u8> {
    let Question { as_of, basis, about } = question;
    let mut text = format!(
        "EVIDENCE PACK\n\n\
         About {about}\n\
         as of          {as_of}\n\
         known from     the first {} entries of {}\n\
         with the root  {}\n\
         proven under   the checkpoint of size {}\n\n",
        basis.tree_size,
        basis.origin,
        basis.root,
        checkpoint.size()
    );
    let there = |name: &str| name.starts_with("manifest.") || files.keys().any(|file| file.starts_with(name));
    for (name, meaning) in CONTENTS.iter().filter(|(name, _)| there(name)) {
        text.push_str(&format!("{name:<18} {meaning}\n"));
    }
    text.push('\n');
    text.push_str(LADDER);
    match about {
        About::Customer(_) => text.push_str(ANSWERS),
        About::Partner(_) => {}
    }
    text.push_str(END);
    text.into_bytes()
}
