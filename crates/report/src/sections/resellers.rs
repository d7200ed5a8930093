//! Who is reseller, who was, and when nobody was.

use std::collections::BTreeSet;

use ofrecord_core::PartnerTenantId;
use ofrecord_views::{Interval, ResellerRow, ResellerSpell};

use super::Scene;
use super::history::{self, Told};
use crate::document::{Block, Cell, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.resellers;
    let mut blocks = vec![if rows.is_empty() {
        Block::Sentence(said!["Nobody is reseller ", scene.as_of(), "."])
    } else {
        Block::Table(Table {
            caption: "Resellers at the instant asked about".to_owned(),
            columns: vec!["partner", "since", "generation", "how it was established", "sells to it", "DAP"],
            rows: rows.iter().map(|row| self::row(scene, row)).collect(),
        })
    }];
    blocks.extend(history::blocks(
        scene,
        &scene.dossier.reseller_history,
        &Told {
            caption: "Reseller relationships",
            columns: &["partner", "generation", "how it was established"],
            cells: &|spell| spell_cells(scene, spell),
        },
    ));
    blocks.push(gaps(scene));
    blocks
}

fn row(scene: &Scene<'_>, row: &ResellerRow) -> Vec<Cell> {
    let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
    vec![
        scene.partner(row.partner).because(by("relationship")),
        Cell::of(row.since).because(by("established")),
        Cell::of(row.generation.to_string()),
        Cell::of(words::established(&spell(row), &scene.names))
            .because(by("established"))
            .because(by("accepted_by"))
            .because(by("consent_reference")),
        Cell::of(words::transacting(row.transacting)).because(by("transacting")),
        Cell::of(words::dap(&row.dap)).because(by("dap")),
    ]
}

fn spell_cells(scene: &Scene<'_>, spell: &Interval<PartnerTenantId, ResellerSpell>) -> Vec<Cell> {
    vec![
        scene.partner(spell.key),
        Cell::of(spell.value.generation.to_string()),
        Cell::of(words::established(&spell.value, &scene.names)),
    ]
}

/// What its spell is at the instant asked about.
fn spell(row: &ResellerRow) -> ResellerSpell {
    ResellerSpell {
        generation: row.generation,
        established_by: row.established_by,
        accepted_by: row.accepted_by.clone(),
        via_provider: row.via_provider,
        extended_from: row.extended_from,
        consent_reference: row.consent_reference.clone(),
    }
}

fn gaps(scene: &Scene<'_>) -> Block {
    let gaps = &scene.dossier.reseller_gaps;
    if gaps.is_empty() {
        return Block::Sentence("There was a reseller at every instant since the first fact.".into());
    }
    Block::Table(Table {
        caption: "Times without any reseller, since the first fact".to_owned(),
        columns: vec!["from", "until"],
        rows: gaps
            .iter()
            .map(|gap| {
                let until = gap.to.map_or_else(|| Cell::of("the instant asked about, and it goes on"), Cell::of);
                vec![Cell::of(gap.from).because(gap.positions.iter().copied()), until]
            })
            .collect(),
    })
}
