//! The partners that the record names, as their accounts are known.

use std::collections::BTreeSet;

use ofrecord_views::AccountRow;

use super::Scene;
use crate::document::{Block, Cell, Phrase, Piece, Table};
use crate::words::spoken;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    if scene.dossier.accounts.is_empty() {
        return vec![Block::Sentence("No partner is named.".into())];
    }
    vec![Block::Table(Table {
        caption: "Partners named in this dossier".to_owned(),
        columns: vec!["partner", "tenant", "kind", "partner ID", "markets", "account", "partner agreement accepted"],
        rows: scene.dossier.accounts.iter().map(|row| self::row(scene, row)).collect(),
    })]
}

fn row(scene: &Scene<'_>, row: &AccountRow) -> Vec<Cell> {
    let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
    let markets = row.markets.as_ref().map(|markets| {
        let names: Vec<String> = markets.iter().map(ToString::to_string).collect();
        names.join(", ")
    });
    let suspended = row.suspended.as_ref().map(|reason| format!("suspended ({})", spoken!(reason)));
    let programme = row.programme.as_ref().map(|programme| format!("programme {}", spoken!(programme)));
    let enrolment = row.indirect_reseller_enrolment.as_ref();
    let enrolment = enrolment.map(|how| format!("enrolment as indirect reseller {}", spoken!(how)));
    let account = Phrase::joined([suspended, programme, enrolment].into_iter().flatten(), ", ");
    vec![
        scene.partner(row.partner).because(by("name")),
        Cell::of(Piece::Code(row.partner.to_string())),
        Cell::maybe(row.partner_type.as_ref().map(|kind| spoken!(kind))).because(by("partner_type")),
        Cell::maybe(row.partner_id.as_ref().map(|id| Piece::Code(id.to_string()))).because(by("partner_id")),
        Cell::maybe(markets).because(by("markets")),
        Cell::of(account).because(by("suspended")).because(by("programme")).because(by("indirect_reseller_enrolment")),
        Cell::maybe(row.agreement_accepted).because(by("agreement_accepted")),
    ]
}
