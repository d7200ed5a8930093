//! The granular relationships: all of them in one table, then each with its assignments and its history.

use std::collections::BTreeSet;

use ofrecord_views::{AssignmentRow, DapTermination, Effect, GranularRow, GranularSpell, GranularSpellKey, Interval};

use super::Scene;
use super::history::{self, Told};
use crate::document::{Block, Cell, Pairs, Phrase, Piece, Table, said};
use crate::names::granular_anchor;
use crate::words::{self, spoken};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.granular;
    let mut blocks = Vec::new();
    if rows.is_empty() {
        blocks.push(Block::Sentence(said!["No granular relationship is on record ", scene.as_of(), "."]));
    } else {
        blocks.push(overview(scene));
        blocks.extend(rows.iter().flat_map(|row| one(scene, row)));
    }
    blocks.extend(terminations(scene));
    blocks
}

fn overview(scene: &Scene<'_>) -> Block {
    let row = |row: &GranularRow| {
        let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
        vec![
            Cell::of(scene.names.granular(&row.relationship)).because(by("display_name")),
            scene.partner(row.partner),
            status(row).because(by("status")),
            Cell::maybe(words::granular::until(row.ends_at, row.at_end)).because(by("ends_at")),
            Cell::maybe(row.approved.as_ref().map(words::granular::approved)).because(by("approved")),
        ]
    };
    Block::Table(Table {
        caption: "Granular relationships at the instant asked about".to_owned(),
        columns: vec!["relationship", "partner", "status", "ends", "approved"],
        rows: scene.dossier.granular.iter().map(row).collect(),
    })
}

fn status(row: &GranularRow) -> Cell {
    let by_time = row.rule.map_or_else(Phrase::default, |rule| format!(" (rule {rule})").into());
    Cell::maybe(
        row.status
            .as_ref()
            .map(|status| said![words::granular::status(status), " since ", row.status_since, by_time.clone()]),
    )
}

/// One relationship: what is known of it, its assignments, and which status it had when.
fn one(scene: &Scene<'_>, row: &GranularRow) -> Vec<Block> {
    let title = scene.names.granular(&row.relationship).plain();
    let mut blocks = vec![
        Block::Heading(granular_anchor(&row.relationship), Piece::Name(title).into()),
        Block::Pairs(pairs(scene, row)),
    ];
    blocks.extend(assignments(row));
    let own = scene.dossier.granular_history.iter().filter(|spell| spell.key.relationship == row.relationship);
    let own: Vec<Interval<GranularSpellKey, GranularSpell>> = own.cloned().collect();
    let told = Told {
        caption: "Status over time",
        columns: &["status", "brought about by"],
        cells: &|spell: &Interval<GranularSpellKey, GranularSpell>| {
            let by = spell.value.rule.map_or_else(|| "an event".to_owned(), |rule| format!("time alone (rule {rule})"));
            vec![Cell::of(words::granular::status(&spell.value.status)), Cell::of(by)]
        },
    };
    blocks.extend(history::blocks(scene, &own, &told));
    blocks
}

fn pairs(scene: &Scene<'_>, row: &GranularRow) -> Pairs {
    let field = |name: &str, said: Option<Phrase>| Cell::maybe(said).because(row.cells.of(name));
    let at = |at: Option<ofrecord_core::Timestamp>| at.map(Phrase::from);
    let roles = Phrase::joined(row.role_names.iter().map(|name| Piece::Name(name.clone())), ", ");
    let global = row.global_administrator.as_ref().map(|held| {
        let until = held.until.map_or_else(|| Phrase::from(", still in it"), |until| said![" until ", until]);
        said!["since ", held.since, until]
    });
    let gone = row.gone_since.map(|since| said![" since ", since]).unwrap_or_default();
    Pairs {
        caption: "Known at the instant asked about".to_owned(),
        rows: vec![
            ("relationship", Cell::of(Piece::Code(row.relationship.to_string()))),
            ("partner", scene.partner(row.partner)),
            ("status", status(row).because(row.cells.of("status"))),
            ("made at", field("created_at", at(row.created_at))),
            ("locked for approval at", field("submitted_at", at(row.submitted_at))),
            ("approved by", field("approved", row.approved.as_ref().map(words::granular::approved))),
            ("in force since", field("activated_at", at(row.activated_at))),
            ("made for", field("duration", row.duration.as_ref().map(|duration| duration.to_string().into()))),
            ("ends", field("ends_at", words::granular::until(row.ends_at, row.at_end))),
            ("extended", Cell::maybe((row.extensions > 0).then(|| Phrase::from(format!("{} times", row.extensions))))),
            ("goes on by", field("auto_extend", row.auto_extend.as_ref().map(|by| spoken!(by).into()))),
            ("roles it may give", field("roles", Some(roles).filter(|roles| !roles.is_empty()))),
            ("Global Administrator in it", field("global_administrator", global)),
            ("end asked for by", field("termination", row.termination.as_ref().map(|by| spoken!(by).into()))),
            ("made by provider", field("provider", row.provider.map(|provider| scene.names.partner(provider)))),
            ("at Microsoft", field("at_microsoft", Some(said![words::granular::at_microsoft(row.at_microsoft), gone]))),
        ],
    }
}

fn assignments(row: &GranularRow) -> Option<Block> {
    let assignments = row.assignments.as_ref().filter(|assignments| !assignments.is_empty())?;
    let by: Vec<u64> = row.cells.of("assignments").collect();
    let cells = |assignment: &AssignmentRow| {
        let effect = match assignment.effect {
            Effect::InForce => "in force",
            Effect::NotInForce => "not in force",
        };
        let names = assignment.role_names.iter().map(|name| Piece::Name(name.clone()));
        vec![
            Cell::of(Piece::Code(assignment.assignment.to_string())),
            Cell::maybe(assignment.group.map(|group| Piece::Code(group.to_string()))),
            Cell::of(Phrase::joined(names, ", ")),
            Cell::maybe(assignment.status.as_ref().map(|status| spoken!(status))),
            Cell::of(effect).because(by.iter().copied()),
        ]
    };
    let caption = "Access assignments at the instant asked about".to_owned();
    let columns = vec!["assignment", "group", "roles", "status", "effect"];
    Some(Block::Table(Table { caption, columns, rows: assignments.iter().map(cells).collect() }))
}

/// The times that Microsoft ended DAP, and what a partner could administer by afterwards.
fn terminations(scene: &Scene<'_>) -> Option<Block> {
    let rows = &scene.dossier.dap_terminations;
    let row = |row: &DapTermination| {
        let relationship = row.relationship.as_ref().map(|id| said![" ", scene.names.granular(id)]).unwrap_or_default();
        vec![
            scene.partner(row.partner),
            Cell::of(row.terminated_at).because(row.positions.iter().copied()),
            Cell::maybe(row.cause.as_ref().map(|cause| spoken!(cause))),
            Cell::maybe(row.last_sign_in_at),
            Cell::of(said![words::granular::replaced_by(row.replaced_by), relationship]),
            Cell::maybe(row.replaced_at),
        ]
    };
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            caption: "Delegated administration (DAP) that Microsoft ended, and what replaced it".to_owned(),
            columns: vec!["partner", "ended at", "cause", "last sign-in", "replaced by", "since"],
            rows: rows.iter().map(row).collect(),
        })
    })
}
