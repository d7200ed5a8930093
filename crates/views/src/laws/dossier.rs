//! Laws of what documents and pictures are drawn from.

use std::collections::BTreeMap;

use ofrecord_core::Timestamp;

use super::{any_viewpoint, for_every_history, relationship_event, subscription_event};
use crate::intervals::Interval;
use crate::story::at;
use crate::*;

#[test]
fn the_spell_of_an_instant_says_what_the_subscriptions_say() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let end = Viewpoint { as_of: at("2024-12-31"), ..any_viewpoint(dice, story, policy) };
        let spells = status_history(&record, &end);
        for _ in 0..20 {
            let as_of = dice.instant();
            let rows = subscriptions(&record, &Viewpoint { as_of, ..end });
            let holds = |spell: &&StatusSpell| spell.from <= as_of && spell.to.is_none_or(|to| as_of < to);
            let holding: Vec<&StatusSpell> = spells.iter().filter(holds).collect();
            assert_eq!(holding.len(), rows.len(), "at {as_of}");
            for (spell, row) in holding.iter().zip(&rows) {
                assert_eq!((spell.subscription, &spell.status), (row.subscription, &row.status), "at {as_of}");
                assert_eq!(spell.rule, row.status_rule, "at {as_of}");
                assert!(row.cells.of("status").all(|position| spell.positions.contains(&position)), "{row:?}");
            }
        }
    });
}

#[test]
fn the_spells_of_a_subscription_follow_each_other_without_gap() {
    for_every_history(|dice, story, policy| {
        let spells = status_history(&story.record(), &any_viewpoint(dice, story, policy));
        for pair in spells.windows(2).filter(|pair| pair[0].subscription == pair[1].subscription) {
            assert_eq!(pair[0].to, Some(pair[1].from));
            assert_ne!((&pair[0].status, pair[0].rule), (&pair[1].status, pair[1].rule));
        }
    });
}

#[test]
fn a_history_seen_at_an_instant_is_drawn_from_what_had_happened_by_then() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let viewpoint = any_viewpoint(dice, story, policy);
        let seen = terms_history(&record, &viewpoint);
        for _ in 0..20 {
            let then = Viewpoint { as_of: dice.instant().min(viewpoint.as_of), ..viewpoint };
            let known_below = dice.roll(viewpoint.known_below + 1);
            let then = Viewpoint { known_below, ..then };
            let held = histories::read_terms(&record.state(&then));
            let answered: BTreeMap<_, _> = seen
                .iter()
                .filter(|one| one.answers(then.as_of, known_below))
                .map(|one| (one.key, (&one.value, &one.positions)))
                .collect();
            assert_eq!(answered, held.iter().map(|(key, held)| (*key, (&held.value, &held.positions))).collect());
        }
        assert!(no_two_are_one(&seen));
    });
}

/// Whether no state of knowledge is split without a difference.
fn no_two_are_one<K: Eq, V: Eq>(intervals: &[Interval<K, V>]) -> bool {
    intervals.windows(2).all(|pair| {
        let Interval { known_from, known_to, .. } = &pair[1];
        let (left, right) = (&pair[0], &pair[1]);
        left.known_to != Some(*known_from)
            || left.key != right.key
            || (&left.value, left.valid_from, left.valid_to) != (&right.value, right.valid_from, right.valid_to)
            || left.positions != right.positions
            || left.ended_by != right.ended_by
            || known_to == &Some(*known_from)
    })
}

#[test]
fn a_dossier_does_not_depend_on_what_comes_later_in_the_world() {
    for_every_history(|dice, story, policy| {
        let viewpoint = Viewpoint { known_below: u64::MAX, ..any_viewpoint(dice, story, policy) };
        let before = dossier(&story.record(), &[], &viewpoint);
        let mut longer = story.clone();
        let later = viewpoint.as_of.plus_days(1);
        longer.append(Timestamp::MIN, later, &[], Ok(vec![relationship_event(dice), subscription_event(dice)]));
        let after = dossier(&longer.record(), &[], &viewpoint);
        assert!(Dossier { entries: before.entries.clone(), ..after } == before, "at {}", viewpoint.as_of);
    });
}

#[test]
fn every_entry_that_a_dossier_cites_can_be_looked_up() {
    for_every_history(|dice, story, policy| {
        let dossier = dossier(&story.record(), &[], &any_viewpoint(dice, story, policy));
        let told = serde_json::to_value(&dossier).unwrap();
        let mut cited = Vec::new();
        positions(&told, &mut cited);
        for position in cited {
            assert!(dossier.entries.contains_key(&position), "entry {position} is cited and not there");
        }
    });
}

fn positions(value: &serde_json::Value, cited: &mut Vec<u64>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        if name == "positions" || name == "ended_by" {
            cited.extend(inner.as_array().into_iter().flatten().filter_map(serde_json::Value::as_u64));
        }
        positions(inner, cited);
    }
    value.as_array().into_iter().flatten().for_each(|inner| positions(inner, cited));
}
