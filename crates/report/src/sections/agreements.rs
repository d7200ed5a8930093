//! The customer agreements confirmed.

use std::collections::BTreeSet;

use super::Scene;
use crate::document::{Block, Cell, Piece, Table};
use crate::words::spoken;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.agreements;
    if rows.is_empty() {
        return vec![Block::Sentence("No customer agreement is on record.".into())];
    }
    let row = |row: &ofrecord_views::AgreementRow| {
        vec![
            Cell::of(spoken!(row.agreement_type)).because(row.positions.iter().copied()),
            Cell::of(row.date_agreed),
            Cell::of(spoken!(row.method)),
            Cell::maybe(row.attested_by.map(|partner| scene.names.partner(partner))),
            Cell::maybe(row.template_id.clone().map(Piece::Code)),
            Cell::of(row.confirmed_at),
        ]
    };
    vec![Block::Table(Table {
        caption: "Customer agreements, in the order in which they were confirmed".to_owned(),
        columns: vec!["agreement", "agreed on", "how", "attested by", "template", "confirmed at"],
        rows: rows.iter().map(row).collect(),
    })]
}
