//! On how many sources each fact rests; facts of one source, or of none, are counted unless all entries are wanted.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_views::{Agreement, SourcedFact};

use super::Scene;
use crate::document::{Block, Cell, Phrase, Piece, Table, counted, said};
use crate::report::Entries;
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let facts = &scene.dossier.sources;
    if facts.is_empty() {
        return vec![Block::Sentence("There is no fact yet.".into())];
    }
    let mut counts: BTreeMap<Agreement, usize> = BTreeMap::new();
    facts.iter().for_each(|fact| *counts.entry(fact.agreement).or_default() += 1);
    let each = counts.iter().map(|(agreement, count)| format!("{} {count}", words::agreement(*agreement)));
    let sentence = said![
        format!("Of {}: ", counted(facts.len(), "fact", "facts")),
        Phrase::joined(each.map(Phrase::from), "; "),
        "."
    ];
    let shown: Vec<&SourcedFact> = facts.iter().filter(|fact| is_shown(scene.entries, fact)).collect();
    let left_out = facts.len() - shown.len();
    let mut blocks = vec![Block::Sentence(sentence)];
    if left_out > 0 {
        let verb = if left_out == 1 { "rests" } else { "rest" };
        blocks.push(Block::Sentence(
            format!(
                "{} {verb} on one source, or on a command to this ledger, and {} not listed one by one; \
                 with all entries they are.",
                counted(left_out, "fact", "facts"),
                if left_out == 1 { "is" } else { "are" },
            )
            .into(),
        ));
    }
    if !shown.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "Facts and the sources that state them".to_owned(),
            columns: vec!["fact", "effective at", "sources", "how they agree"],
            rows: shown.into_iter().map(row).collect(),
        }));
    }
    blocks
}

fn is_shown(entries: Entries, fact: &SourcedFact) -> bool {
    let telling = matches!(fact.agreement, Agreement::SourcesAgree | Agreement::SourcesConflict);
    telling || entries == Entries::All
}

fn row(fact: &SourcedFact) -> Vec<Cell> {
    let sources: Vec<String> = fact.sources.iter().map(words::source).collect();
    vec![
        Cell::of(Piece::Code(fact.event.to_owned())).because(fact.positions.iter().copied()),
        Cell::of(fact.effective_at),
        Cell::maybe((!sources.is_empty()).then(|| sources.join(", "))),
        Cell::of(words::agreement(fact.agreement)),
    ]
}
