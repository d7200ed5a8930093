//! For which periods the sources were read: outside them, no event means no data.

use std::collections::BTreeSet;

use ofrecord_views::{CoverageRow, Period};

use super::Scene;
use crate::document::{Block, Cell, Phrase, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let period = scene.dossier.period;
    let asked = said!["Asked from ", period.from, " up to ", period.to, "."];
    let rows = &scene.dossier.coverage;
    if rows.is_empty() {
        return vec![
            Block::Sentence(asked),
            Block::Sentence(
                "No evidence of a source, and no reading of one, is on record. \
                 What is not in this dossier may be unknown rather than absent."
                    .into(),
            ),
        ];
    }
    let told = "Where a source was read and shows no event, there was none as far as that source goes. \
                Where it was not read, no event means no data.";
    vec![
        Block::Sentence(asked),
        Block::Sentence(told.into()),
        Block::Table(Table {
            caption: "Sources, and the times for which they are recorded as read".to_owned(),
            columns: vec!["source", "read", "not read: no data"],
            rows: rows.iter().map(row).collect(),
        }),
    ]
}

fn row(row: &CoverageRow) -> Vec<Cell> {
    vec![
        Cell::of(words::source(&row.source)),
        Cell::of(periods(&row.covered, "for no time")).because(row.positions.iter().copied()),
        Cell::of(periods(&row.uncovered, "none of the period")),
    ]
}

fn periods(periods: &[Period], none: &'static str) -> Phrase {
    if periods.is_empty() {
        return none.into();
    }
    Phrase::joined(periods.iter().map(|period| said![period.from, " up to ", period.to]), "; ")
}
