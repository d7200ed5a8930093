//! What the dossier rests on, and how whoever has the ledger checks it.

use std::collections::BTreeSet;

use super::Scene;
use crate::document::{Block, Piece, said};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let (dossier, basis) = (scene.dossier, scene.basis);
    let rests = said![
        "Every answer is folded from the first ",
        Piece::Strong(basis.tree_size.to_string()),
        " entries of the ledger ",
        Piece::Code(basis.origin.clone()),
        ", whose Merkle tree has the root ",
        Piece::Code(basis.root.clone()),
        ". A number in brackets is the position of an entry that says what stands before it."
    ];
    let signed = "The root is not signed: whoever wants to be sure that it is the root of this ledger compares it with one \
                  noted elsewhere, or asks the ledger.";
    let viewpoint = format!("--as-of {} --known-at @{}", dossier.as_of, basis.tree_size);
    let customer = dossier.customer;
    vec![
        Block::Sentence(rests),
        Block::Sentence(signed.into()),
        Block::Sentence("Read and check every entry, every hash and every rule of the fold:".into()),
        Block::Shell(vec!["ofrecord verify".to_owned()]),
        Block::Sentence("Ask why an answer is what it is, entry by entry:".into()),
        Block::Shell(
            ["resellers", "access", "gdap", "subscriptions", "transfers"]
                .map(|answer| format!("ofrecord explain {answer} {customer} {viewpoint}"))
                .to_vec(),
        ),
        Block::Sentence(
            "Get the exact bytes of the entry at a position; the leaf hash is the SHA-256 of a zero byte and these bytes \
             without the line's end:"
                .into(),
        ),
        Block::Shell(vec!["ofrecord export --from <position> --to <position + 1>".to_owned()]),
        Block::Sentence("Write the same dossier again, byte for byte:".into()),
        Block::Shell(vec![format!("ofrecord report {customer} {viewpoint}")]),
    ]
}
