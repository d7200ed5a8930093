//! The status of each subscription, with the boundaries of its terms across it.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{SubscriptionId, Timestamp};
use ofrecord_views::StatusSpell;

use super::Scene;
use crate::document::{Phrase, said};
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_subscription: BTreeMap<SubscriptionId, Vec<Item>> = BTreeMap::new();
    for spell in &scene.dossier.status_history {
        by_subscription.entry(spell.subscription).or_default().push(bar(spell));
    }
    for (subscription, boundary) in boundaries(scene) {
        by_subscription.entry(subscription).or_default().push(boundary);
    }
    let row = |(subscription, items)| (Subject::Subscription(subscription), Row { label: "status".to_owned(), items });
    by_subscription.into_iter().map(row).collect()
}

fn bar(spell: &StatusSpell) -> Item {
    let word = words::status_word(&spell.status);
    let (label, what) = match spell.rule {
        None => (word, said![words::status(&spell.status)]),
        Some("U-18") => (
            format!("{word}, renewal not seen"),
            said![words::status(&spell.status), ": its term ended, and no renewal was seen (rule U-18)"],
        ),
        Some(rule) => (word, said![words::status(&spell.status), format!(", by time alone (rule {rule})")]),
    };
    Item {
        shape: Shape::Spell { from: spell.from, to: spell.to },
        tone: words::tone(&spell.status),
        label,
        said: what,
        positions: spell.positions.clone(),
        ended_by: spell.ended_by.clone(),
    }
}

/// Where a term began or was over; several histories of terms may tell of the same instant.
fn boundaries(scene: &Scene<'_>) -> Vec<(SubscriptionId, Item)> {
    let mut told: BTreeMap<(SubscriptionId, Timestamp, &str), BTreeSet<u64>> = BTreeMap::new();
    for spell in scene.dossier.terms_history.iter().filter(|spell| spell.known_to.is_none()) {
        let ends = [(spell.value.term_start, "term began"), (spell.value.term_over, "term over")];
        for (at, what) in ends.into_iter().filter_map(|(at, what)| Some((at?, what))) {
            told.entry((spell.key, at, what)).or_default().extend(&spell.positions);
        }
    }
    let item = |((subscription, at, what), positions): ((SubscriptionId, Timestamp, &str), BTreeSet<u64>)| {
        let boundary = Item {
            shape: Shape::Boundary(at),
            tone: Tone::NotSaid,
            label: what.to_owned(),
            said: Phrase::from(what),
            positions: positions.into_iter().collect(),
            ended_by: Vec::new(),
        };
        (subscription, boundary)
    };
    told.into_iter().map(item).collect()
}
