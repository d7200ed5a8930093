//! Who is billed for which days.

use std::collections::BTreeSet;

use super::Scene;
use crate::document::{Block, Cell, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.billing;
    if rows.is_empty() {
        return vec![Block::Sentence("Nobody is billed for anything.".into())];
    }
    let row = |row: &ofrecord_views::BillingRow| {
        vec![
            Cell::of(scene.names.subscription(row.subscription)),
            Cell::maybe(row.partner.map(|partner| scene.names.partner(partner))),
            Cell::of(words::billed(row.billed)),
            Cell::of(row.from).because(row.positions.iter().copied()),
            Cell::of(row.to),
            Cell::of(row.days.to_string()),
        ]
    };
    let sentence = said![
        "Whole days in UTC, up to the instant asked about. A day belongs to who owns the subscription in its first \
         instant; suspended days of new commerce are billed, those of legacy subscriptions and trials are not."
    ];
    vec![
        Block::Sentence(sentence),
        Block::Table(Table {
            caption: "Who is billed for which days".to_owned(),
            columns: vec!["subscription", "partner", "billed", "from", "up to", "days"],
            rows: rows.iter().map(row).collect(),
        }),
    ]
}
