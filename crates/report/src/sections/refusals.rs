//! What was asked for and refused, by whom, and on which ground.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::Refusal;
use ofrecord_views::TimelineRow;

use super::Scene;
use crate::document::{Block, Cell, Phrase, Piece, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let refused: Vec<(&TimelineRow, &Refusal)> =
        scene.dossier.timeline.iter().filter_map(|row| Some((row, row.refusal.as_ref()?))).collect();
    if refused.is_empty() {
        return vec![Block::Sentence("Nothing was refused.".into())];
    }
    let mut grounds: BTreeMap<&str, &str> = BTreeMap::new();
    for (_, refusal) in &refused {
        grounds.insert(&refusal.code, &refusal.message);
    }
    let meanings = grounds.into_iter().map(|(code, message)| said![Piece::Code(code.to_owned()), ": ", message, "."]);
    vec![
        Block::Table(Table {
            caption: "Commands that the rules refused; none of them changed anything".to_owned(),
            columns: vec!["asked for", "effective at", "by", "refused as", "rule", "what shows it"],
            rows: refused.into_iter().map(|(row, refusal)| self::row(scene, row, refusal)).collect(),
        }),
        Block::Sentence("What the grounds mean:".into()),
        Block::List(meanings.collect()),
    ]
}

fn row(scene: &Scene<'_>, row: &TimelineRow, refusal: &Refusal) -> Vec<Cell> {
    vec![
        Cell::of(Piece::Code(row.command.clone())).because([row.position]),
        Cell::of(row.effective_at),
        Cell::of(words::actor(&row.actor, &scene.names)),
        Cell::of(Piece::Code(refusal.code.to_string())),
        Cell::of(refusal.rule.to_string()),
        Cell::of(details(scene, refusal)),
    ]
}

/// The names and values that show why, with names for ids.
pub(super) fn details(scene: &Scene<'_>, refusal: &Refusal) -> Phrase {
    let each = refusal.details.iter().map(|(name, values)| {
        let values = values.iter().map(|value| scene.names.sentence(value));
        said![name.replace('_', " "), ": ", Phrase::joined(values, ", ")]
    });
    Phrase::joined(each, "; ")
}
