//! Versions of events: what was stored once is read forever, the folds know the newest alone, and nothing is guessed at.

use std::collections::BTreeMap;

use ofrecord_core::event::upcast::{self, UnknownVersion, VERSIONS};
use ofrecord_core::{
    Command, Customer, Event, EventRef, Fact, History, ParsedCommand, PartnerTenantId, SubscriptionId, Timestamp,
};
use serde_json::{Value, json};

use crate::sample::{OLD_VERSIONS, event_of};
use crate::story::{IR, P, Q, S1, S2, at, event};

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn written(event: &Event) -> Value {
    serde_json::to_value(event).unwrap()
}

#[test]
fn every_version_that_is_no_longer_written_has_a_sample() {
    for versions in VERSIONS {
        assert!(Event::KINDS.iter().any(|(kind, _)| *kind == versions.event), "{} is no event", versions.event);
        for version in 1..versions.newest() {
            let sample = OLD_VERSIONS.iter().find(|old| old.event == versions.event && old.version == version);
            assert!(sample.is_some(), "version {version} of {} has no sample", versions.event);
        }
    }
    assert!(OLD_VERSIONS.iter().all(|old| old.version < upcast::newest(old.event)));
}

#[test]
fn an_older_version_is_read_as_the_newest() {
    for old in OLD_VERSIONS {
        let (stored, newest) = (parsed(old.stored), parsed(old.newest));
        assert_eq!(stored["type"], old.event);
        assert_eq!(stored.get("version"), (old.version > 1).then(|| json!(old.version)).as_ref());
        assert_eq!(written(&event(stored.clone())), newest, "{stored}");
        assert_eq!(event(stored), event(newest));
    }
}

#[test]
fn every_event_is_written_in_its_newest_version() {
    for (kind, _) in Event::KINDS {
        let (newest, written) = (upcast::newest(kind), written(&event(event_of(kind).unwrap())));
        assert_eq!(written.get("version").cloned(), (newest > 1).then(|| json!(newest)), "{kind}");
        assert_eq!(upcast::newest_in(&json!({"events": [written]})), newest, "{kind}");
    }
}

#[test]
fn a_version_that_nobody_knows_is_refused_with_its_event_and_never_guessed_at() {
    for (kind, _) in Event::KINDS {
        let newest = upcast::newest(kind);
        let mut later = event_of(kind).unwrap();
        later["version"] = json!(newest + 1);
        assert!(serde_json::from_value::<Event>(later.clone()).is_err(), "{later}");
        let inside = json!({"events": [{"type": "EventCorrected", "replacement": later}]});
        let unknown = UnknownVersion { event: kind, version: newest + 1, newest };
        assert_eq!(upcast::unknown_in(&inside), Some(unknown));
        assert_eq!(upcast::unknown_in(&json!([event_of(kind).unwrap()])), None, "{kind}");
    }
    let mut later = event_of("SupportContactChanged").unwrap();
    later["version"] = json!(3);
    let refused = serde_json::from_value::<Event>(later).unwrap_err().to_string();
    assert_eq!(refused, "SupportContactChanged has version 3, this build reads up to 2");
}

#[test]
fn a_version_is_a_number_from_two_on_with_the_fields_of_that_version() {
    let check = |fields: Value| {
        let mut stated = json!({"type": "SupportContactChanged", "subscription": S1});
        stated.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let refused = serde_json::from_value::<Event>(stated.clone());
        assert!(refused.is_err(), "{stated} is read as {refused:?}");
    };
    for version in [json!(0), json!(1), json!(-2), json!(2.0), json!("2"), json!(null), json!([2])] {
        check(json!({"version": version, "partner": P}));
        check(json!({"version": version, "contact": {"partner": P}}));
    }
    check(json!({"contact": {"partner": P}}));
    check(json!({"version": 2, "partner": P}));
    check(json!({"version": 2, "contact": {"partner": P, "colour": "red"}}));
    check(json!({"partner": P, "name": "P"}));
    check(json!({"partner": P, "version": 2, "contact": {"partner": P}}));
}

fn first(subscription: &str, partner: Option<&str>) -> Value {
    match partner {
        Some(partner) => json!({"type": "SupportContactChanged", "subscription": subscription, "partner": partner}),
        None => json!({"type": "SupportContactChanged", "subscription": subscription}),
    }
}

fn second(subscription: &str, contact: &Value) -> Value {
    json!({"type": "SupportContactChanged", "version": 2, "subscription": subscription, "contact": contact})
}

#[test]
fn a_replacement_of_an_older_version_is_read_as_the_newest() {
    let correction = |replacement: Value| {
        event(json!({"type": "EventCorrected", "position": 3, "event_index": 0, "reason": "a slip",
            "replacement": replacement}))
    };
    let old = correction(first(S1, Some(P)));
    assert_eq!(old, correction(second(S1, &json!({"partner": P}))));
    assert_eq!(upcast::newest_in(&written(&old)), 2);
}

/// A command with these events, or with this replacement.
fn stating(events: &[Value]) -> [Value; 2] {
    let mut correction = json!({"type": "CorrectEvent", "position": 0, "event_index": 0, "reason": "a slip"});
    if let Some(replacement) = events.first() {
        correction["replacement"] = replacement.clone();
    }
    [json!({"type": "RecordObservation", "events": events}), correction]
}

#[test]
fn a_command_is_written_with_the_versions_it_stated() {
    let newest = second(S2, &json!({"partner": Q, "name": "Q"}));
    let corrected = json!({"type": "EventCorrected", "position": 1, "event_index": 0, "reason": "a slip",
        "replacement": first(S1, Some(Q))});
    for events in [
        vec![first(S1, Some(P))],
        vec![first(S1, None), newest.clone()],
        vec![newest.clone(), first(S1, Some(P)), event_of("DapGranted").unwrap()],
        vec![newest],
        vec![corrected],
    ] {
        for stated in stating(&events) {
            let command = ParsedCommand::from_json(stated.clone()).unwrap();
            assert_eq!(serde_json::to_value(&command).unwrap(), stated);
            assert_eq!(ParsedCommand::from_json(serde_json::to_value(&command).unwrap()), Ok(command.clone()));
            // What is decided is the newest version all the same.
            let decided = ParsedCommand::from(command.command().clone());
            assert!(!upcast::has_older(&serde_json::to_value(&decided).unwrap()), "{stated}");
        }
    }
}

#[test]
fn one_statement_in_two_spellings_is_one_command() {
    let spelt = |partner: &str| {
        let [command, _] = stating(&[first(S1, Some(partner))]);
        serde_json::to_value(ParsedCommand::from_json(command).unwrap()).unwrap()
    };
    assert_eq!(spelt(&P.to_uppercase()), spelt(P));
}

#[test]
fn a_command_of_the_time_of_the_first_version_reads_and_writes_as_it_did() {
    let asked = json!({"type": "SetSupportContact", "subscription": S1, "partner": P});
    let command = ParsedCommand::from_json(asked.clone()).unwrap();
    assert_eq!(serde_json::to_value(&command).unwrap(), asked);
    let Command::SetSupportContact(command) = command.command() else { panic!("another command") };
    assert_eq!((command.partner_id.as_ref(), command.name.as_ref()), (None, None));
}

/// Numbers that are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// What the first version said: of which subscription, and who supports it.
#[derive(Debug, Clone, Copy)]
struct Said {
    subscription: &'static str,
    partner: Option<&'static str>,
}

impl Said {
    fn roll(dice: &mut Dice) -> Self {
        let partner = [None, Some(P), Some(Q), Some(IR)][dice.roll(4)];
        Self { subscription: [S1, S2][dice.roll(2)], partner }
    }

    fn stored(self) -> Value {
        first(self.subscription, self.partner)
    }
}

/// A history of the first version: what was said, what replaced it and when, all in the order of the log.
struct First {
    said: Vec<(Timestamp, Said)>,
    /// For a position, what holds instead: nothing for a withdrawal.
    corrected: BTreeMap<usize, Option<(Timestamp, Said)>>,
    facts: Vec<Fact>,
}

fn fact(position: usize, effective_at: Timestamp, stored: Value) -> Fact {
    let at = EventRef { position: u64::try_from(position).unwrap(), index: 0 };
    Fact { at, effective_at, event: event(stored).into(), corrected_by: None }
}

fn rolled(dice: &mut Dice) -> First {
    let day = |dice: &mut Dice| at("2018-01-01").plus_days(i64::try_from(dice.roll(20)).unwrap());
    let mut history = First { said: Vec::new(), corrected: BTreeMap::new(), facts: Vec::new() };
    for position in 0..20 {
        let (when, said) = (day(dice), Said::roll(dice));
        history.said.push((when, said));
        history.facts.push(fact(position, when, said.stored()));
    }
    for position in 20..26 {
        let corrected = dice.roll(20);
        let mut correction =
            json!({"type": "EventCorrected", "position": corrected, "event_index": 0, "reason": "a slip"});
        let holds = (dice.roll(3) > 0).then(|| {
            let (_, said) = history.said[corrected];
            let replacement = Said { subscription: said.subscription, ..Said::roll(dice) };
            (day(dice), replacement)
        });
        if let Some((when, replacement)) = holds {
            correction["replacement"] = replacement.stored();
            correction["effective_at"] = json!(when);
        }
        history.facts.push(fact(position, day(dice), correction));
        history.corrected.insert(corrected, holds);
    }
    history
}

/// Who supports which subscription at an instant, by the words of the first version alone.
fn supporters(history: &First, as_of: Timestamp) -> BTreeMap<SubscriptionId, Option<PartnerTenantId>> {
    let mut holding: Vec<(Timestamp, usize, Said)> = Vec::new();
    for (position, (when, said)) in history.said.iter().enumerate() {
        match history.corrected.get(&position) {
            None => holding.push((*when, position, *said)),
            Some(None) => {}
            Some(Some((when, replacement))) => holding.push((*when, position, *replacement)),
        }
    }
    holding.retain(|(when, _, _)| *when <= as_of);
    holding.sort_by_key(|(when, position, _)| (*when, *position));
    let id = |said: &Said| said.subscription.parse().unwrap();
    holding.iter().map(|(_, _, said)| (id(said), said.partner.map(|partner| partner.parse().unwrap()))).collect()
}

#[test]
fn folding_upcast_events_is_what_the_first_version_meant() {
    for seed in 1..=300 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let told = rolled(&mut dice);
        let mut history: History<Customer> = History::default();
        for fact in &told.facts {
            history.push(fact.clone());
        }
        for day in 0..20 {
            let as_of = at("2018-01-01").plus_days(day);
            let folded = history.state_at(as_of, u64::MAX).subscriptions.by_id;
            let contacts: BTreeMap<SubscriptionId, Option<PartnerTenantId>> = folded
                .iter()
                .map(|(id, subscription)| {
                    let contact = subscription.support_contact.as_ref().unwrap().value.as_ref();
                    assert!(contact.is_none_or(|contact| contact.partner_id.is_none() && contact.name.is_none()));
                    (*id, contact.map(|contact| contact.partner))
                })
                .collect();
            assert_eq!(contacts, supporters(&told, as_of), "seed {seed}, day {day}");
        }
    }
}
