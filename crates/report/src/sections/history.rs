//! Histories on both times: what is known to have held, and what was answered before more was known.

use ofrecord_views::{Interval, taken_back};

use super::Scene;
use crate::document::{Block, Cell, Phrase, Table, counted};

/// What each interval of a history says, before its times.
pub(super) struct Told<'a, K, V> {
    /// What the rows are.
    pub(super) caption: &'static str,
    /// The titles of the columns before the times.
    pub(super) columns: &'a [&'static str],
    /// The cells below them.
    pub(super) cells: &'a dyn Fn(&Interval<K, V>) -> Vec<Cell>,
}

/// The history by what is known, and apart from it the answers that more knowledge took back.
pub(super) fn blocks<K: Eq, V: Eq>(
    scene: &Scene<'_>,
    intervals: &[Interval<K, V>],
    told: &Told<'_, K, V>,
) -> Vec<Block> {
    let known: Vec<&Interval<K, V>> = intervals.iter().filter(|interval| interval.known_to.is_none()).collect();
    let recorded_at = |position: u64| scene.dossier.entries.get(&position).map(|entry| entry.recorded_at);
    let taken_back = taken_back(intervals, recorded_at);
    let mut blocks = Vec::new();
    if !known.is_empty() {
        blocks.push(Block::Table(Table {
            caption: format!("{}, by what is known", told.caption),
            columns: [told.columns, &["from", "until", "known since"]].concat(),
            rows: known
                .into_iter()
                .map(|interval| {
                    [(told.cells)(interval), world(scene, interval), vec![scene.learned(interval.known_from)]].concat()
                })
                .collect(),
        }));
    }
    if !taken_back.is_empty() {
        blocks.push(Block::Sentence(taken_back_sentence(taken_back.len())));
        blocks.push(Block::Table(Table {
            caption: format!("{}, as it was answered before more was known", told.caption),
            columns: [told.columns, &["from", "until", "answered since", "no longer since"]].concat(),
            rows: taken_back
                .into_iter()
                .map(|interval| {
                    let knowledge = [Some(interval.known_from), interval.known_to]
                        .into_iter()
                        .flatten()
                        .map(|size| scene.learned(size));
                    [(told.cells)(interval), world(scene, interval), knowledge.collect()].concat()
                })
                .collect(),
        }));
    }
    blocks
}

fn taken_back_sentence(count: usize) -> Phrase {
    let (what, stands) =
        (counted(count, "earlier answer", "earlier answers"), if count == 1 { "stands" } else { "stand" });
    format!("{what} about instants that had already passed no longer {stands}, because the ledger learned more:").into()
}

fn world<K, V>(scene: &Scene<'_>, interval: &Interval<K, V>) -> Vec<Cell> {
    vec![
        Cell::of(interval.valid_from).because(interval.positions.iter().copied()),
        scene.until(interval.valid_to).because(interval.ended_by.iter().copied()),
    ]
}
