//! The reseller relationship of each partner, one bar a generation.

use std::collections::BTreeMap;

use ofrecord_core::PartnerTenantId;

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_partner: BTreeMap<PartnerTenantId, Vec<Item>> = BTreeMap::new();
    for spell in scene.dossier.reseller_history.iter().filter(|spell| spell.known_to.is_none()) {
        let value = &spell.value;
        let how = words::established(value, scene.names);
        by_partner.entry(spell.key).or_default().push(Item {
            shape: Shape::Spell { from: spell.valid_from, to: spell.valid_to },
            tone: Tone::Reseller,
            label: format!("{} · {}", value.generation, words::established_by(value.established_by)),
            said: said![format!("reseller, generation {}, ", value.generation), how],
            positions: spell.positions.clone(),
            ended_by: spell.ended_by.clone(),
        });
    }
    let row = |(partner, items)| (Subject::Partner(partner), Row { label: "reseller".to_owned(), items });
    by_partner.into_iter().map(row).collect()
}
