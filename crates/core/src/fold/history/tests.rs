//! The fold with checkpoints beside the plain fold, over random histories with late facts and corrections.

use super::*;
use crate::event::ledger::SourceRetentionGap;
use crate::evidence::SourceSystem;

/// Every fact as it was taken in: two folds are equal when they took in the same facts in the same order.
#[derive(Debug, Clone, Default, PartialEq)]
struct Told(Vec<Fact>);

impl State for Told {
    fn apply(&mut self, fact: &Fact) {
        self.0.push(fact.clone());
    }
}

/// Numbers that look random, from a printed seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn one_in(&mut self, end: u64) -> bool {
        self.below(end) == 0
    }
}

/// How often a history has what.
struct Shape {
    facts: u64,
    /// One in so many is late.
    late: u64,
    /// By at most so much.
    lateness: u64,
    /// One in so many is a correction.
    corrections: u64,
    /// One in so many trades places with an earlier one on its way in.
    disorder: u64,
}

fn instant(second: u64) -> Timestamp {
    Timestamp::from_date(2021, 1, 1).unwrap().plus_seconds(i64::try_from(second).unwrap())
}

fn gap(subject: &str) -> Event {
    Event::SourceRetentionGap(SourceRetentionGap {
        source: SourceSystem::PartnerCenterRest,
        subject: subject.to_owned(),
    })
}

fn correction(dice: &mut Dice, position: u64) -> Event {
    let corrected = dice.below(position + 2);
    Event::EventCorrected(EventCorrected {
        position: corrected,
        event_index: 0,
        replacement: (!dice.one_in(3)).then(|| Box::new(gap("other"))),
        effective_at: dice.one_in(2).then(|| instant(dice.below(position + 20))),
        reason: "Wrong".to_owned(),
    })
}

fn facts(dice: &mut Dice, shape: &Shape) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for position in 0..shape.facts {
        let late = if dice.one_in(shape.late) { dice.below(shape.lateness) } else { 0 };
        let event = if dice.one_in(shape.corrections) { correction(dice, position) } else { gap("as told") };
        let at = EventRef { position, index: 0 };
        facts.push(Fact {
            at,
            effective_at: instant(position.saturating_sub(late)),
            event: event.into(),
            corrected_by: None,
        });
        if dice.one_in(shape.disorder) {
            let other = usize::try_from(dice.below(position + 1)).unwrap();
            facts.swap(other, usize::try_from(position).unwrap());
        }
    }
    facts
}

/// The fold as it is defined: what is known, corrected, in the order of the world, up to the instant.
fn plain(facts: &[Fact], as_of: Timestamp, known_below: u64) -> Told {
    let known = || facts.iter().filter(|fact| fact.at.position < known_below);
    let correction_of = |at: EventRef| {
        let about = known().filter_map(|fact| {
            let Event::EventCorrected(by) = &*fact.event else { return None };
            Some((fact.at, by))
        });
        about.filter(|(_, by)| (by.position, by.event_index) == (at.position, at.index)).max_by_key(|(by, _)| *by)
    };
    let holds = |fact: &Fact| match correction_of(fact.at) {
        None => Some(fact.clone()),
        Some((by, correction)) => Some(Fact {
            at: fact.at,
            effective_at: correction.effective_at.unwrap_or(fact.effective_at),
            event: correction.replacement.as_deref()?.clone().into(),
            corrected_by: Some(by),
        }),
    };
    let mut holding: Vec<Fact> = known().filter_map(holds).filter(|fact| fact.effective_at <= as_of).collect();
    holding.sort_by_key(|fact| (fact.effective_at, fact.at));
    Told(holding)
}

fn check(seed: u64, shape: &Shape) {
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let facts = facts(&mut dice, shape);
    let mut history: History<Told> = History::default();
    for (taken, fact) in (1_usize..).zip(&facts) {
        history.push(fact.clone());
        let so_far = &facts[..taken];
        // Asked seldom, so that facts come in while the fold is gone; and asked in either order.
        if dice.one_in(40) {
            assert_eq!(*history.latest(), plain(so_far, Timestamp::MAX, u64::MAX), "latest after {taken}");
        }
        if dice.one_in(25) || taken == facts.len() {
            let as_of = instant(dice.below(shape.facts + 10));
            let known_below = if dice.one_in(2) { u64::MAX } else { dice.below(shape.facts + 1) };
            assert_eq!(history.state_at(as_of, known_below), plain(so_far, as_of, known_below), "after {taken}");
        }
    }
    assert_eq!(*history.latest(), plain(&facts, Timestamp::MAX, u64::MAX), "at the end");
}

const NEVER: u64 = u64::MAX >> 31;

#[test]
fn late_facts_fold_from_checkpoints_to_the_plain_fold() {
    for seed in 1..=8 {
        check(seed, &Shape { facts: 600, late: 3, lateness: 500, corrections: NEVER, disorder: NEVER });
        check(seed, &Shape { facts: 600, late: 20, lateness: 30, corrections: NEVER, disorder: NEVER });
    }
}

#[test]
fn corrections_leave_the_checkpoints_before_them_and_none_behind() {
    for seed in 1..=8 {
        check(seed, &Shape { facts: 500, late: 4, lateness: 300, corrections: 150, disorder: NEVER });
        check(seed, &Shape { facts: 300, late: 4, lateness: 300, corrections: 10, disorder: NEVER });
    }
}

#[test]
fn facts_in_any_order_come_to_the_plain_fold() {
    for seed in 1..=8 {
        check(seed, &Shape { facts: 400, late: 4, lateness: 300, corrections: 30, disorder: 3 });
        check(seed, &Shape { facts: 400, late: NEVER, lateness: 1, corrections: NEVER, disorder: 2 });
    }
}

#[test]
fn a_long_history_keeps_few_checkpoints_and_folds_a_small_part_for_any_instant() {
    let mut history: History<Counted> = History::default();
    for position in 0..50_000 {
        let at = EventRef { position, index: 0 };
        history.push(Fact { at, effective_at: instant(position), event: gap("as told").into(), corrected_by: None });
    }
    for second in (0..50_000).step_by(997) {
        let before = history.folded().checkpoints.before(usize::try_from(second).unwrap() + 1, u64::MAX);
        let from = before.map_or(0, |kept| kept.facts);
        assert!(usize::try_from(second).unwrap() - from <= 3_000, "{second} folds from {from}");
        assert_eq!(history.state_at(instant(second), u64::MAX).0, second + 1);
    }
    // Dated back to one instant again and again: what is folded each time lies near it.
    for position in 50_000..50_200 {
        let at = EventRef { position, index: 0 };
        history.push(Fact { at, effective_at: instant(25_000), event: gap("late").into(), corrected_by: None });
        assert!(history.folded.get().is_none(), "nothing asked for the whole fold");
        let place = usize::try_from(25_001 + position - 50_000).unwrap();
        assert!(
            place - history.settled.last() <= STRIDE_MIN,
            "the nearest checkpoint is at {}",
            history.settled.last()
        );
        assert_eq!(history.state_at(instant(25_000), u64::MAX).0, 25_002 + position - 50_000);
    }
    assert_eq!(history.latest().0, 50_200);
}

/// How many facts were taken in.
#[derive(Debug, Clone, Default, PartialEq)]
struct Counted(u64);

impl State for Counted {
    fn apply(&mut self, _: &Fact) {
        self.0 += 1;
    }
}
