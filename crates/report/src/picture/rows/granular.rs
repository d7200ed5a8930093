//! The status of each granular relationship, the end by time alone included.

use std::collections::BTreeMap;

use ofrecord_views::GranularSpellKey;

use super::Scene;
use crate::document::{Phrase, said};
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_key: BTreeMap<&GranularSpellKey, Vec<Item>> = BTreeMap::new();
    for spell in scene.dossier.granular_history.iter().filter(|spell| spell.known_to.is_none()) {
        let status = &spell.value.status;
        let by_time =
            spell.value.rule.map_or_else(Phrase::default, |rule| format!(", by time alone (rule {rule})").into());
        by_key.entry(&spell.key).or_default().push(Item {
            shape: Shape::Spell { from: spell.valid_from, to: spell.valid_to },
            tone: words::granular::tone(status),
            label: words::granular::word(status),
            said: said![
                "granular relationship ",
                scene.names.granular(&spell.key.relationship),
                " ",
                words::granular::status(status),
                by_time
            ],
            positions: spell.positions.clone(),
            ended_by: spell.ended_by.clone(),
        });
    }
    let row = |(key, items): (&GranularSpellKey, Vec<Item>)| {
        let label = format!("granular {}", scene.names.granular(&key.relationship).plain());
        (Subject::Partner(key.partner), Row { label, items })
    };
    by_key.into_iter().map(row).collect()
}
