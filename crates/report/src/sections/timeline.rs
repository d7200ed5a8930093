//! What happened, in the order of the world, refusals included; which rows are listed is said with their count.

use std::collections::BTreeSet;

use ofrecord_views::TimelineRow;

use super::Scene;
use crate::document::{Block, Cell, Piece, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, cited: &BTreeSet<u64>) -> Vec<Block> {
    let all = &scene.dossier.timeline;
    let listed = scene.entries.rows(scene.dossier, cited);
    let told = scene.entries.told(listed.len(), all.len(), ("row", "rows"));
    let mut blocks = vec![Block::Sentence(told)];
    if !listed.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "Timeline".to_owned(),
            columns: vec!["effective at", "what", "by", "sources", "recorded at"],
            rows: listed.into_iter().map(|row| self::row(scene, row)).collect(),
        }));
    }
    blocks
}

fn row(scene: &Scene<'_>, row: &TimelineRow) -> Vec<Cell> {
    let sources: Vec<String> = row.sources.iter().map(words::source).collect();
    let mut what = scene.names.sentence(&row.sentence);
    if let Some(refusal) = &row.refusal {
        what = said![what, ", ", Piece::Code(refusal.code.to_string())];
    }
    if let Some(correction) = row.corrected_by {
        what = said![what, "; corrected by ", Piece::Entry(correction)];
    }
    vec![
        Cell::of(row.effective_at),
        Cell::of(what).because([row.position]),
        Cell::of(words::actor(&row.actor, &scene.names)),
        Cell::maybe((!sources.is_empty()).then(|| sources.join(", "))),
        Cell::of(row.recorded_at),
    ]
}
