//! The partner of record of each subscription, one row a kind.

use std::collections::BTreeMap;

use ofrecord_views::OfRecordKey;

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_key: BTreeMap<&OfRecordKey, Vec<Item>> = BTreeMap::new();
    for spell in scene.dossier.partner_of_record_history.iter().filter(|spell| spell.known_to.is_none()) {
        let (label, who) = match &spell.value {
            Some(id) => (id.to_string(), scene.names.partner_id(id)),
            None => ("nobody".to_owned(), "nobody".into()),
        };
        by_key.entry(&spell.key).or_default().push(Item {
            shape: Shape::Spell { from: spell.valid_from, to: spell.valid_to },
            tone: Tone::OfRecord,
            label,
            said: said![words::of_record_row(&spell.key), ": ", who],
            positions: spell.positions.clone(),
            ended_by: spell.ended_by.clone(),
        });
    }
    let row = |(key, items): (&OfRecordKey, Vec<Item>)| {
        (Subject::Subscription(key.subscription), Row { label: words::of_record_row(key), items })
    };
    by_key.into_iter().map(row).collect()
}
