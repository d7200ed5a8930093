//! Who owned each subscription; a change of owner is where one bar ends and the next begins.

use std::collections::BTreeMap;

use ofrecord_core::SubscriptionId;

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_subscription: BTreeMap<SubscriptionId, Vec<Item>> = BTreeMap::new();
    for spell in scene.dossier.owner_history.iter().filter(|spell| spell.known_to.is_none()) {
        let owner = scene.names.partner(spell.value);
        by_subscription.entry(spell.key).or_default().push(Item {
            shape: Shape::Spell { from: spell.valid_from, to: spell.valid_to },
            tone: Tone::Owner,
            label: owner.plain(),
            said: said!["owned by ", owner],
            positions: spell.positions.clone(),
            ended_by: spell.ended_by.clone(),
        });
    }
    let row = |(subscription, items)| (Subject::Subscription(subscription), Row { label: "owner".to_owned(), items });
    by_subscription.into_iter().map(row).collect()
}
