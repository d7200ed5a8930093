//! Who can administer the customer, who could, and through what.

use std::collections::BTreeSet;

use ofrecord_views::{AccessRow, Coverage, GranularKey, Mechanism, UserAccessRow};

use super::Scene;
use super::history::{self, Told};
use crate::document::{Block, Cell, Phrase, Piece, Table, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.access;
    let mut blocks = vec![if rows.is_empty() {
        Block::Sentence(said!["Nobody is on record as able to administer the customer ", scene.as_of(), "."])
    } else {
        Block::Table(Table {
            caption: "Who can administer the customer at the instant asked about".to_owned(),
            columns: vec!["partner", "access", "roles", "since", "until", "standing"],
            rows: rows.iter().map(|row| self::row(scene, row)).collect(),
        })
    }];
    blocks.extend(history::blocks(
        scene,
        &scene.dossier.access_history,
        &Told {
            caption: "Access to administer",
            columns: &["partner", "access", "roles"],
            cells: &|spell| {
                vec![
                    scene.partner(spell.key.partner),
                    Cell::of(access(scene, spell.key.mechanism, &spell.key.coverage, spell.key.granular.as_ref())),
                    Cell::of(words::roles(&spell.value)),
                ]
            },
        },
    ));
    blocks.extend(users(scene));
    blocks
}

fn access(scene: &Scene<'_>, through: Mechanism, reach: &Coverage, granular: Option<&GranularKey>) -> Phrase {
    words::access(through, reach, granular, &scene.names)
}

/// Which users, as far as the groups' members are known.
fn users(scene: &Scene<'_>) -> Option<Block> {
    let rows = &scene.dossier.user_access;
    let row = |row: &UserAccessRow| {
        let key = row.granular.as_ref().map(|granular| &granular.key);
        let user = match &row.user {
            Some(user) => said![Piece::Name(user.to_string())],
            None => words::granular::members(row.members).into(),
        };
        let group = row.group_name.clone().map(Piece::Name).or(row.group.map(|id| Piece::Code(id.to_string())));
        let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
        vec![
            scene.partner(row.partner),
            Cell::of(user).because(by("user")),
            Cell::maybe(group).because(by("group_name")),
            Cell::of(access(scene, row.mechanism, &row.coverage, key)).because(by("access")),
            Cell::of(words::roles(&row.roles)),
            Cell::of(row.since),
        ]
    };
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            caption: "Users of the partners who can, as far as is known".to_owned(),
            columns: vec!["partner", "user", "group", "access", "roles", "since"],
            rows: rows.iter().map(row).collect(),
        })
    })
}

fn row(scene: &Scene<'_>, row: &AccessRow) -> Vec<Cell> {
    let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
    let since = match row.started_at {
        Some(started) => said![row.since, ", where a source showed it there since ", started],
        None => row.since.into(),
    };
    let key = row.granular.as_ref().map(|granular| &granular.key);
    vec![
        scene.partner(row.partner),
        Cell::of(access(scene, row.mechanism, &row.coverage, key)).because(by("access")).because(by("group")),
        Cell::of(words::roles(&row.roles)).because(by("roles")),
        Cell::of(since).because(by("access")).because(by("started_at")),
        Cell::maybe(words::granular::until(row.until, row.granular.as_ref().map(|granular| granular.at_end)))
            .because(by("until")),
        Cell::of(words::standing(row.standing)).because(by("standing")),
    ]
}
