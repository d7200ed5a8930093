//! The picture, what is not drawn of it, and the same as a table.

use std::collections::BTreeSet;

use super::Scene;
use crate::document::{Block, Phrase};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let table = scene.picture.table();
    if table.rows.is_empty() {
        return vec![Block::Sentence(
            "There is nothing to draw: no relationship, access or subscription is known.".into(),
        )];
    }
    let mut blocks =
        vec![Block::Sentence(scene.picture.description()), Block::Picture(Box::new(scene.picture.clone()))];
    let left_out: Vec<Phrase> = scene.picture.left_out().into_iter().map(Phrase::from).collect();
    if !left_out.is_empty() {
        blocks.push(Block::List(left_out));
    }
    blocks.push(Block::Table(table));
    blocks
}
