//! For which periods each source was read: outside its bars, no event means no data (rule L-11).

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let read = |row: &ofrecord_views::CoverageRow| {
        let source = words::source(&row.source);
        let items = row.covered.iter().map(|covered| Item {
            shape: Shape::Spell { from: covered.from, to: Some(covered.to) },
            tone: Tone::Covered,
            label: "read".to_owned(),
            said: said![source.clone(), " was read for this period"],
            positions: row.positions.clone(),
            ended_by: Vec::new(),
        });
        Row { items: items.collect(), label: source.clone() }
    };
    scene.dossier.coverage.iter().map(|row| (Subject::Customer, read(row))).collect()
}
