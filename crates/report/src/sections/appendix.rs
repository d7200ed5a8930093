//! The entries that are cited: who asked for what, when, on what evidence, and what came of it.

use std::collections::BTreeSet;

use ofrecord_core::Evidence;
use ofrecord_views::{EntryRow, describe};

use super::Scene;
use crate::document::{Block, Cell, Pairs, Phrase, Piece, said};
use crate::words::{self, spoken};

pub(super) fn blocks(scene: &Scene<'_>, cited: &BTreeSet<u64>) -> Vec<Block> {
    let listed = scene.entries.positions(scene.dossier, cited);
    let known = scene.entries.countable(scene.dossier, cited);
    let told = scene.entries.told(listed.len(), known, ("entry", "entries"));
    let mut blocks = vec![Block::Sentence(told)];
    for entry in listed.iter().filter_map(|position| scene.dossier.entries.get(position)) {
        blocks.push(Block::Heading(format!("entry-{}", entry.position), format!("Entry {}", entry.position).into()));
        blocks.push(Block::Pairs(pairs(scene, entry)));
    }
    blocks
}

fn pairs(scene: &Scene<'_>, entry: &EntryRow) -> Pairs {
    let mut rows = vec![
        ("recorded at", Cell::of(entry.recorded_at)),
        ("effective at", Cell::of(entry.effective_at)),
        ("actor", Cell::of(words::actor(&entry.actor, &scene.names))),
        (
            "command",
            Cell::of(said![Piece::Code(entry.command.clone()), ", id ", Piece::Code(entry.command_id.to_string())]),
        ),
    ];
    rows.extend(entry.events.iter().map(|event| {
        let what = said![Piece::Code(event.name().to_owned()), ": ", scene.names.sentence(&describe(event))];
        ("event", Cell::of(what))
    }));
    if let Some(refusal) = &entry.refusal {
        rows.push(("refused", Cell::of(refused(scene, refusal))));
    } else if entry.events.is_empty() {
        rows.push(("event", Cell::of("none: it changed nothing")));
    }
    rows.extend(entry.evidence.iter().map(|evidence| ("evidence", Cell::of(self::evidence(evidence)))));
    if entry.evidence.is_empty() {
        rows.push(("evidence", Cell::of("none: it was decided by a command to this ledger")));
    }
    rows.push(("policy", Cell::of(words::policy(entry.policy))));
    if let Some(leaf) = scene.leaves.leaf(entry.position) {
        rows.push(("leaf hash", Cell::of(Piece::Code(leaf.to_owned()))));
    }
    Pairs { caption: format!("Entry {}", entry.position), rows }
}

fn refused(scene: &Scene<'_>, refusal: &ofrecord_core::Refusal) -> Phrase {
    let details = super::refusals::details(scene, refusal);
    let shown = if details.is_empty() { details } else { said![" (", details, ")"] };
    said![Piece::Code(refusal.code.to_string()), format!(", rule {}: {}", refusal.rule, refusal.message), shown]
}

fn evidence(evidence: &Evidence) -> Phrase {
    let fetched = evidence.fetched_at.map_or_else(Phrase::default, |at| said![", fetched at ", at]);
    said![
        words::source(&evidence.source),
        ", record ",
        Piece::Code(evidence.record_id.clone()),
        format!(" ({})", spoken!(evidence.completeness)),
        fetched,
        ", SHA-256 of the raw record ",
        Piece::Code(evidence.raw_hash.clone())
    ]
}
