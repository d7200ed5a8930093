//! What an auditor should look at: each finding, and what its kind means.

use std::collections::BTreeSet;

use ofrecord_views::{Finding, FindingCode};

use super::Scene;
use crate::document::{Block, Cell, Phrase, Piece, Table, said};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let findings = &scene.dossier.findings;
    if findings.is_empty() {
        return vec![Block::Sentence(said!["There is no finding ", scene.as_of(), "."])];
    }
    let rows = (1..).zip(findings).map(|(number, finding)| row(scene, number, finding));
    let kinds: BTreeSet<FindingCode> = findings.iter().map(|finding| finding.code).collect();
    let meanings = kinds
        .into_iter()
        .map(|code| said![Piece::Code(code.as_str().to_owned()), ": ", code.title(), " ", code.meaning()]);
    vec![
        Block::Table(Table {
            caption: "Findings at the instant asked about".to_owned(),
            columns: vec!["number", "kind", "what", "rule", "since", "until"],
            rows: rows.collect(),
        }),
        Block::Sentence(
            "A finding is not a judgement: some have a good reason that no source shows. What the kinds mean:".into(),
        ),
        Block::List(meanings.collect()),
    ]
}

fn row(scene: &Scene<'_>, number: usize, finding: &Finding) -> Vec<Cell> {
    vec![
        Cell::of(format!("F{number}")),
        Cell::of(Piece::Code(finding.code.as_str().to_owned())),
        Cell::of(scene.names.sentence(&finding.sentence)).because(finding.positions.iter().copied()),
        Cell::maybe(finding.rule.map(Phrase::from)),
        Cell::of(finding.since),
        Cell::maybe(finding.until),
    ]
}
