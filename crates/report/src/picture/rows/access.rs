//! Who could administer, one row for each service, tenant, assignment or role.

use std::collections::BTreeMap;

use ofrecord_views::{AccessKey, HeldRole, Mechanism};

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_key: BTreeMap<&AccessKey, Vec<Item>> = BTreeMap::new();
    for spell in scene.dossier.access_history.iter().filter(|spell| spell.known_to.is_none()) {
        let (tone, label) = drawn(&spell.key, &spell.value);
        let key = &spell.key;
        let access = words::access(key.mechanism, &key.coverage, key.granular.as_ref(), scene.names);
        by_key.entry(key).or_default().push(Item {
            shape: Shape::Spell { from: spell.valid_from, to: spell.valid_to },
            tone,
            label,
            said: said![access, ": ", words::roles(&spell.value)],
            positions: spell.positions.clone(),
            ended_by: spell.ended_by.clone(),
        });
    }
    let row = |(key, items): (&AccessKey, Vec<Item>)| {
        (Subject::Partner(key.partner), Row { label: words::access_row(key, scene.names), items })
    };
    by_key.into_iter().map(row).collect()
}

/// The colour of an access, and the words on its bar.
fn drawn(key: &AccessKey, roles: &[HeldRole]) -> (Tone, String) {
    match key.mechanism {
        Mechanism::Dap => (Tone::Dap, words::coverage(&key.coverage).plain()),
        Mechanism::AzureRole => (Tone::AzureRole, key.role.clone().unwrap_or_default()),
        Mechanism::Gdap if roles.is_empty() => (Tone::Gdap, "roles not known".to_owned()),
        Mechanism::Gdap => {
            let names: Vec<&str> = roles.iter().map(|held| held.role.as_str()).collect();
            (Tone::Gdap, names.join(", "))
        }
    }
}
