//! A share: what is kept from a partner first, and then that nothing another partner does can be told from it.

use std::collections::BTreeSet;

use ofrecord_core::command::relationship::DapChoice;
use ofrecord_core::event::partner_of_record::ResellerOfRecordChanged;
use ofrecord_core::event::relationship::ResellerRelationshipRequested;
use ofrecord_core::event::subscription::{SubscriptionPurchased, SubscriptionSeatsChanged};
use ofrecord_core::{Event, PartnerTenantId, Refusal, Timestamp, ground};

use super::share;
use crate::record::CustomerRecord;
use crate::story::transfer::{transfer_requested, transferred};
use crate::story::{
    Story, accepted, agreement, at, bought, china, customer, dap, dap_removed, names, p, partner, purchase, q, removed,
    replaced, seen_at, subscription, supported, suspended, user_of, withdrawn,
};
use crate::{dossier, json};

const MARCH: &str = "2024-03-01";

fn seats(number: u32, after: u64) -> Event {
    let subscription = subscription(number);
    Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
        subscription,
        before: 25,
        after,
        refundable_until: None,
    })
}

fn link_by(partner: PartnerTenantId) -> Event {
    Event::ResellerRelationshipRequested(ResellerRelationshipRequested {
        partner,
        dap: DapChoice::Without,
        link_url: None,
        via_provider: None,
        expires_at: None,
    })
}

/// The names of the events in the share of P, each with the instant at which it became true.
fn told(story: &Story) -> Vec<String> {
    let share = share(&story.record(), p(), &BTreeSet::new(), u64::MAX);
    let facts = share.facts();
    facts.map(|fact| format!("{} {}", &fact.effective_at.to_string()[..10], fact.event.name())).collect()
}

#[track_caller]
fn check(story: &Story, expected: &[&str]) {
    assert_eq!(told(story), expected);
}

#[test]
fn a_partner_whom_nothing_names_has_no_share() {
    let story = Story::new()
        .on("2024-01-01", [agreement("2024-01-01"), accepted(q()), bought(purchase(1, q()))])
        .on("2024-01-02", [dap(q(), names(&["Azure"]))])
        .refused("2024-01-03", &ground::relationship::NOT_A_RESELLER, &removed(p()));
    check(&story, &[]);
    assert!(share(&story.record(), p(), &BTreeSet::new(), u64::MAX).entries().is_empty());
}

#[test]
fn who_only_made_a_link_learns_nothing_of_the_customer() {
    let story = Story::new().on("2024-01-01", [agreement("2024-01-01")]).on("2024-01-02", [link_by(p())]);
    check(&story, &["2024-01-02 ResellerRelationshipRequested"]);
    let accepted = story.on("2024-01-03", [accepted(p())]);
    check(
        &accepted,
        &[
            "2024-01-01 CustomerAgreementConfirmed",
            "2024-01-02 ResellerRelationshipRequested",
            "2024-01-03 ResellerRelationshipAcceptedByCustomer",
        ],
    );
}

#[test]
fn what_another_partner_sold_in_the_same_entry_is_left_out() {
    let story = Story::new().on("2024-01-01", [bought(purchase(1, q())), bought(purchase(2, p())), seats(1, 5)]);
    check(&story, &["2024-01-01 SubscriptionPurchased"]);
    let share = share(&story.record(), p(), &BTreeSet::new(), u64::MAX);
    let row = &share.entries()[0];
    assert_eq!((&row.partners, &row.subscriptions), (&[p()].into(), &[subscription(2)].into()));
    assert_eq!(share.facts().next().unwrap().at.index, 1, "what is kept stays at its place");
}

#[test]
fn a_subscription_that_was_given_away_is_told_up_to_its_transfer() {
    // In a transfer of these stories the source is Q, which is why the shares are looked at from both sides.
    let story = Story::new()
        .on("2024-01-01", [bought(purchase(1, q())), bought(purchase(2, q()))])
        .on("2024-01-02", [seats(1, 5), seats(2, 6)])
        .on("2024-01-03", [transferred(1, None)])
        .on("2024-01-04", [seats(1, 7), seats(2, 8)]);
    check(
        &story,
        &[
            "2024-01-01 SubscriptionPurchased",
            "2024-01-02 SubscriptionSeatsChanged",
            "2024-01-03 SubscriptionTransferCompleted",
            "2024-01-04 SubscriptionSeatsChanged",
        ],
    );
    let source = share(&story.record(), q(), &BTreeSet::new(), u64::MAX);
    let seats_of = |event: &Event| {
        if let Event::SubscriptionSeatsChanged(changed) = event { Some(changed.after) } else { None }
    };
    let seats: Vec<u64> = source.facts().filter_map(|fact| seats_of(&fact.event)).collect();
    assert_eq!(seats, [5, 6, 8]);
}

#[test]
fn a_past_that_names_what_was_not_transferred_is_not_told() {
    let base = SubscriptionPurchased { parent: Some(subscription(2)), ..purchase(1, q()) };
    let story = Story::new()
        .on("2024-01-01", [bought(purchase(2, q())), bought(base)])
        .on("2024-01-03", [transferred(1, None)]);
    check(&story, &["2024-01-03 SubscriptionTransferCompleted"]);
}

#[test]
fn both_sides_see_a_transfer_and_nobody_else_does() {
    let story = Story::new().on("2024-01-01", [bought(purchase(1, q()))]).on("2024-01-02", [transfer_requested(1)]);
    check(&story, &["2024-01-02 SubscriptionTransferRequested"]);
    let third = share(&story.record(), partner(3), &BTreeSet::new(), u64::MAX);
    assert!(third.entries().is_empty());
}

#[test]
fn a_correction_goes_where_the_event_goes_that_it_corrects() {
    let first = Story::new().on("2024-01-01", [bought(purchase(1, p()))]).on("2024-01-02", [bought(purchase(2, q()))]);
    let (own, others) = (first.entries[0].position, first.entries[1].position);
    let replacement = || bought(SubscriptionPurchased { quantity: 3, ..purchase(1, p()) });
    check(
        &first.clone().on("2024-01-03", [replaced(own, 0, replacement())]),
        &["2024-01-01 SubscriptionPurchased", "2024-01-03 EventCorrected"],
    );
    check(&first.clone().on("2024-01-03", [withdrawn(others, 0)]), &["2024-01-01 SubscriptionPurchased"]);
    // What was another's when it was recorded is not told, whoever turns out to have sold it.
    let moved = bought(purchase(2, p()));
    check(&first.clone().on("2024-01-03", [replaced(others, 0, moved)]), &["2024-01-01 SubscriptionPurchased"]);
    check(&first.on("2024-01-03", [withdrawn(own, 0)]), &[]);
}

#[test]
fn a_refusal_is_told_to_who_asked_and_only_where_it_names_nothing_of_others() {
    let mut story = Story::new().on("2024-01-01", [bought(purchase(1, q()))]);
    story = story.refused("2024-01-02", &ground::relationship::NOT_A_RESELLER, &removed(p()));
    story = story.refused("2024-01-03", &ground::relationship::NOT_A_RESELLER, &seats(1, 5));
    story = story.refused("2024-01-04", &ground::relationship::NOT_A_RESELLER, &removed(p()));
    for entry in &mut story.entries[2..] {
        entry.decision.actor = user_of(p());
    }
    let share = share(&story.record(), p(), &BTreeSet::new(), u64::MAX);
    let positions: Vec<u64> = share.entries().iter().map(|row| row.position).collect();
    assert_eq!(positions, [story.entries[3].position]);
    let speaking = Refusal::because(&ground::relationship::NOT_A_RESELLER).with("subscription", subscription(1));
    story.entries[3].decision.refusal = Some(speaking);
    assert!(super::share(&story.record(), p(), &BTreeSet::new(), u64::MAX).entries().is_empty());
}

#[test]
fn the_reseller_of_record_sees_what_its_provider_sold_through_it() {
    let through = |id: &str| {
        Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
            subscription: subscription(1),
            before: None,
            after: Some(id.parse().unwrap()),
        })
    };
    let story = Story::new()
        .on("2024-01-01", [bought(purchase(1, q())), bought(purchase(2, q()))])
        .on("2024-01-02", [through("517285")])
        .on("2024-01-03", [seats(1, 5), seats(2, 5)]);
    check(&story, &[]);
    let ids = ["517285".parse().unwrap()].into();
    let told: Vec<&str> = share(&story.record(), p(), &ids, u64::MAX).facts().map(|fact| fact.event.name()).collect();
    assert_eq!(told, ["ResellerOfRecordChanged", "SubscriptionSeatsChanged"]);
}

#[test]
fn what_is_not_known_yet_changes_nothing() {
    let story = Story::new().on("2024-01-01", [bought(purchase(1, p()))]);
    let below = story.last() + 1;
    let later = story.clone().on("2024-01-03", [withdrawn(story.last(), 0)]);
    assert_eq!(
        share(&later.record(), p(), &BTreeSet::new(), below).entries(),
        share(&story.record(), p(), &BTreeSet::new(), below).entries()
    );
}

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(sides)).unwrap()
    }
}

/// What a partner does with subscriptions of its own.
fn own_event(dice: &mut Dice, partner: PartnerTenantId, first: u32) -> Event {
    let number = first + dice.roll(3);
    match dice.roll(9) {
        0 => accepted(partner),
        1 => removed(partner),
        2 => dap(partner, names(&["Azure"])),
        3 => dap_removed(partner, names(&["Azure"])),
        4 => link_by(partner),
        5 => seats(number, u64::from(dice.roll(50))),
        6 => suspended(number),
        7 => supported(number, p()),
        _ => bought(purchase(number, partner)),
    }
}

/// What the rival does, in which P has no part; corrections of its own entries included.
fn rival_events(dice: &mut Dice, entries: &[u64]) -> Vec<Event> {
    let rival = partner(3);
    let earlier = entries.get(usize::try_from(dice.roll(20)).unwrap()).copied();
    match (dice.roll(8), earlier) {
        (0, Some(at)) => vec![withdrawn(at, 0)],
        (1, Some(at)) => vec![replaced(at, 0, own_event(dice, rival, 20))],
        (2, _) => vec![own_event(dice, rival, 20), own_event(dice, rival, 20)],
        _ => vec![own_event(dice, rival, 20)],
    }
}

/// What concerns P: its own, what Q gives it, and the customer itself.
fn concerning_events(dice: &mut Dice, entries: &[u64]) -> Vec<Event> {
    let earlier = entries.get(usize::try_from(dice.roll(20)).unwrap()).copied();
    match (dice.roll(12), earlier) {
        (0, Some(at)) => vec![withdrawn(at, 0)],
        (1, Some(at)) => vec![replaced(at, 0, own_event(dice, p(), 10))],
        (2, _) => vec![agreement("2024-02-01")],
        (3, _) => vec![bought(purchase(1 + dice.roll(2), q()))],
        (4, _) => vec![transfer_requested(1 + dice.roll(2))],
        (5, _) => vec![transferred(1, None)],
        (6, _) => vec![transferred(2, Some(5))],
        _ => vec![own_event(dice, p(), 10)],
    }
}

/// Two histories that are the same but for what the rival did.
fn histories(dice: &mut Dice) -> (CustomerRecord, CustomerRecord) {
    let (mut story, mut rivals, mut own, mut mixed) = (Story::new(), Vec::new(), Vec::new(), BTreeSet::new());
    for step in 0..40 {
        let recorded = at("2024-01-01").plus_days(step * 2);
        let effective = if dice.roll(4) == 0 { recorded.plus_days(-i64::from(dice.roll(30))) } else { recorded };
        let turn = dice.roll(6);
        let events = match turn {
            0 | 1 => rival_events(dice, &rivals),
            2 => [own_event(dice, p(), 10), own_event(dice, partner(3), 20)].into(),
            _ => concerning_events(dice, &own),
        };
        story.append(recorded, effective, &[], Ok(events));
        match turn {
            0 | 1 => rivals.push(story.last()),
            2 => drop(mixed.insert(story.last())),
            _ => own.push(story.last()),
        }
    }
    let (whole, mut without) = (story.record(), CustomerRecord::new(customer()));
    for entry in story.entries.iter().filter(|entry| !rivals.contains(&entry.position)) {
        let mut entry = entry.clone();
        if mixed.contains(&entry.position) {
            entry.decision.events.iter_mut().for_each(|events| events.truncate(1));
        }
        without.take(&entry);
    }
    (whole, without)
}

#[test]
fn whether_another_partner_sold_something_cannot_be_told_from_any_answer() {
    let (policy, mut told) = (china(), 0);
    for seed in 0..200 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let (whole, without) = histories(&mut dice);
        for known_below in [u64::MAX, u64::from(dice.roll(120))] {
            let viewpoint = crate::Viewpoint { known_below, ..seen_at(MARCH, &policy) };
            let answers = |record: &CustomerRecord| {
                let share = share(record, p(), &BTreeSet::new(), known_below);
                json::value(&dossier(&share, &[], &viewpoint))
            };
            let answered = answers(&whole);
            assert_eq!(answered, answers(&without));
            let text = answered.to_string();
            for number in 20..23 {
                assert!(!text.contains(&subscription(number).to_string()), "{text}");
            }
            assert!(!text.contains(&partner(3).to_string()), "{text}");
            told += answered["timeline"].as_array().unwrap().len();
        }
    }
    assert!(told > 1_000, "the shares hold enough to tell something by: {told}");
}

#[test]
fn a_share_of_who_sold_everything_answers_as_the_whole_record_does() {
    let policy = china();
    for seed in 0..60 {
        println!("seed {seed}");
        let mut dice = Dice(seed);
        let mut story = Story::new().on("2024-01-01", [accepted(p()), bought(purchase(10, p()))]);
        for number in 11..13 {
            story = story.on("2024-01-02", [bought(purchase(number, p()))]);
        }
        for step in 0..30 {
            let recorded: Timestamp = at("2024-01-03").plus_days(step);
            let events = vec![own_event(&mut dice, p(), 10)];
            story.append(recorded, recorded, &[], Ok(events));
        }
        let record = story.record();
        let share = share(&record, p(), &BTreeSet::new(), u64::MAX);
        let viewpoint = seen_at(MARCH, &policy);
        assert_eq!(json::value(&dossier(&share, &[], &viewpoint)), json::value(&dossier(&record, &[], &viewpoint)));
    }
}
