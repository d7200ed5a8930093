//! The four lines: whether a relationship event ever changed a subscription, shown event by event.

use std::collections::BTreeSet;

use ofrecord_views::InterferenceRow;

use super::Scene;
use crate::document::{Block, Cell, Phrase, Piece, Table, said};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let interference = &scene.dossier.interference;
    let promise = "Adding, changing or ending a reseller relationship must not change a subscription, move it or the \
                   account to another owner, change its terms, or change its partner of record.";
    let replay = if interference.replay_unchanged {
        said![
            "A replay of the record without any of these events gives ",
            Piece::Strong("the same".to_owned()),
            " owners, terms and partners of record."
        ]
    } else {
        said![
            "A replay of the record without these events gives ",
            Piece::Strong("other".to_owned()),
            " owners, terms or partners of record."
        ]
    };
    let mut blocks = vec![Block::Sentence(promise.into()), Block::Sentence(replay)];
    if interference.events.is_empty() {
        blocks.push(Block::Sentence("There is no relationship event yet.".into()));
        return blocks;
    }
    blocks.push(Block::Table(Table {
        caption: "Relationship, access and partnership events, and the subscriptions before and after each".to_owned(),
        columns: vec!["event", "effective at", "subscriptions before and after"],
        rows: interference.events.iter().map(row).collect(),
    }));
    blocks
}

fn row(row: &InterferenceRow) -> Vec<Cell> {
    let outcome = if row.unchanged {
        Phrase::from("the same")
    } else {
        said![Piece::Strong("not the same".to_owned()), format!(": {}", row.changed.join(", "))]
    };
    vec![
        Cell::of(Piece::Code(row.event.to_owned())).because([row.position]),
        Cell::of(row.effective_at),
        Cell::of(outcome),
    ]
}
