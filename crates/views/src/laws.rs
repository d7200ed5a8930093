//! Laws that hold for every history: random ones, from printed seeds.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::command::relationship::DapChoice;
use ofrecord_core::event::dap::{
    AzureRoleRemoved, DapEndCause, DapObserved, DapRemovedByPartner, DapState, DapTerminatedByMicrosoft,
};
use ofrecord_core::event::ledger::EvidenceAdded;
use ofrecord_core::event::partner_of_record::{DigitalPartnerOfRecordSet, PartnerAdminLinked, ResellerOfRecordChanged};
use ofrecord_core::event::relationship::{
    ResellerRelationshipObserved, ResellerRelationshipReestablished, ResellerRelationshipRequested,
};
use ofrecord_core::event::subscription::{
    SubscriptionObserved, SubscriptionPurchased, SubscriptionReactivated, SubscriptionSeatsChanged,
    SubscriptionSuspended,
};
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::vocabulary::{ProductFamily, RelationshipKind, Services, SubscriptionStatus};
use ofrecord_core::{Event, Policy, Timestamp, ground};
use serde_json::json;

use self::transfer::{claim_event, transfer_event};
use crate::record::CustomerRecord;
use crate::story::{
    Story, accepted, agreement, at, azure_role, bought, china, customer, dap, dap_removed, names, owner_of_scope,
    partner, product, purchase, removed, replaced, subscription, suspended, withdrawn,
};
use crate::*;

mod dossier;
mod granular;
mod transfer;

const HISTORIES: u64 = 60;

/// SplitMix64: small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn small(&mut self, sides: u32) -> u32 {
        u32::try_from(self.roll(u64::from(sides))).unwrap()
    }

    fn instant(&mut self) -> Timestamp {
        let day = i64::from(self.small(240));
        at("2024-01-01").plus_days(day).plus_hours(i64::from(self.small(3)) * 8)
    }

    fn services(&mut self) -> Services {
        match self.small(4) {
            0 => Services::All,
            1 => names(&["Azure"]),
            2 => names(&["Exchange"]),
            _ => names(&["Azure", "Exchange"]),
        }
    }
}

fn relationship_event(dice: &mut Dice) -> Event {
    let partner = partner(dice.small(3));
    match dice.small(18) {
        13.. => granular::event(dice),
        0 | 1 => accepted(partner),
        2 => removed(partner),
        3 | 4 => dap(partner, dice.services()),
        5 => dap_removed(partner, dice.services()),
        6 => Event::DapRemovedByPartner(DapRemovedByPartner {
            partner,
            services: Services::All,
            cause: DapEndCause::Requested,
        }),
        7 => Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft { partner, last_sign_in_at: None, cause: None }),
        8 => Event::DapObserved(DapObserved {
            partner,
            state: if dice.roll(2) == 0 { DapState::Active } else { DapState::Removed },
            started_at: None,
            ended_at: None,
            last_sign_in_at: None,
        }),
        9 => azure_role(partner),
        10 => Event::AzureRoleRemoved(AzureRoleRemoved { partner, assignment: owner_of_scope() }),
        11 => Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
            partner,
            relationship: match dice.small(3) {
                0 => RelationshipKind::None,
                1 => RelationshipKind::Advisor,
                _ => RelationshipKind::Reseller,
            },
            ended_by: None,
            via_provider: None,
        }),
        _ => match dice.small(2) {
            0 => Event::ResellerRelationshipReestablished(ResellerRelationshipReestablished {
                partner,
                accepted_by: None,
                via_provider: None,
                market: None,
                generation: 2,
                previous_generation_ended_at: at("2024-01-01"),
            }),
            _ => Event::ResellerRelationshipRequested(ResellerRelationshipRequested {
                partner,
                dap: DapChoice::Without,
                link_url: None,
                via_provider: None,
                expires_at: None,
            }),
        },
    }
}

fn subscription_event(dice: &mut Dice) -> Event {
    let number = dice.small(3);
    let id = subscription(number);
    let partner_id = || Some("517285".parse().unwrap());
    match dice.small(10) {
        0 | 1 => bought(SubscriptionPurchased {
            product: product(if dice.roll(2) == 0 {
                ProductFamily::LegacyLicense
            } else {
                ProductFamily::NewCommerceLicense
            }),
            commitment_end: (dice.roll(2) == 0).then(|| at("2024-06-30T23:59:59Z")),
            ..purchase(number, partner(dice.small(3)))
        }),
        2 => suspended(number),
        3 => Event::SubscriptionReactivated(SubscriptionReactivated { subscription: id }),
        4 => Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
            subscription: id,
            before: 25,
            after: dice.roll(50),
            refundable_until: None,
        }),
        5 => Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
            subscription: id,
            before: None,
            after: partner_id(),
        }),
        6 => Event::DigitalPartnerOfRecordSet(DigitalPartnerOfRecordSet {
            subscription: id,
            before: None,
            after: (dice.roll(2) == 0).then(partner_id).flatten(),
        }),
        7 => Event::PartnerAdminLinked(PartnerAdminLinked { subscription: id, before: None, after: partner_id() }),
        8 => claim_event(dice),
        _ => observed(number, dice),
    }
}

fn observed(number: u32, dice: &mut Dice) -> Event {
    let status = match dice.small(3) {
        0 => SubscriptionStatus::Active,
        1 => SubscriptionStatus::Suspended,
        _ => SubscriptionStatus::Deleted,
    };
    Event::SubscriptionObserved(Box::new(SubscriptionObserved {
        status: Some(status),
        quantity: Some(dice.roll(50)),
        owner: (dice.roll(2) == 0).then(|| partner(dice.small(3))),
        ..nothing_shown(number)
    }))
}

/// An observation that shows nothing but the id.
pub(crate) fn nothing_shown(number: u32) -> SubscriptionObserved {
    serde_json::from_value(json!({"subscription": subscription(number)})).unwrap()
}

/// What an entry of a history says of relationships: one event or more.
type Drawn = fn(&mut Dice) -> Vec<Event>;

/// A history of some forty entries: late ones, refusals, corrections, second evidence.
fn history(dice: &mut Dice, about: Drawn) -> Story {
    let mut story = Story::new();
    for step in 0..40 {
        let recorded = at("2024-01-01").plus_days(step * 6);
        let effective = if dice.roll(4) == 0 { dice.instant().min(recorded) } else { recorded };
        let sources: &[SourceSystem] = match dice.small(3) {
            0 => &[],
            1 => &[SourceSystem::PartnerCenterAudit],
            _ => &[SourceSystem::PartnerCenterRest],
        };
        let outcome = outcome(dice, about, &story);
        story.append(recorded, effective, sources, outcome);
    }
    story
}

fn outcome(dice: &mut Dice, about: Drawn, story: &Story) -> Result<Vec<Event>, ofrecord_core::Refusal> {
    let earlier = story.entries.get(usize::try_from(dice.roll(40)).unwrap());
    let correctable = earlier.filter(|entry| {
        entry.decision.events().first().is_some_and(|event| event.family() != ofrecord_core::Family::Ledger)
    });
    Ok(match (dice.small(17), correctable) {
        (0, _) => return Err(ofrecord_core::Refusal::because(&ground::relationship::NOT_A_RESELLER)),
        (1, Some(entry)) => vec![withdrawn(entry.position, 0)],
        (2, Some(entry)) => {
            let old = &entry.decision.events()[0];
            let new = if old.transfer().is_some() {
                transfer_event(dice)
            } else if old.subscription().is_some() {
                subscription_event(dice)
            } else {
                about(dice).remove(0)
            };
            vec![replaced(entry.position, 0, new)]
        }
        (3, Some(entry)) => {
            vec![Event::EvidenceAdded(EvidenceAdded { position: entry.position, event_index: 0 })]
        }
        (4, _) => vec![agreement("2024-02-01")],
        (5, _) => Vec::new(),
        (6, _) => about(dice).into_iter().chain([subscription_event(dice)]).collect(),
        (7..=10, _) => about(dice),
        (11..=13, _) => vec![transfer_event(dice)],
        _ => vec![subscription_event(dice)],
    })
}

/// Runs a law on many histories, some of them full of granular administration; the seed is printed where it fails.
fn for_every_history(law: impl Fn(&mut Dice, &Story, &Policy)) {
    for_every_history_of(|dice| vec![relationship_event(dice)], &law);
    for_every_history_of(granular::events, &law);
}

fn for_every_history_of(about: Drawn, law: impl Fn(&mut Dice, &Story, &Policy)) {
    let policy = china();
    for seed in 0..HISTORIES {
        let mut dice = Dice(seed);
        let story = history(&mut dice, about);
        println!("seed {seed}");
        law(&mut dice, &story, &policy);
    }
}

fn any_viewpoint<'a>(dice: &mut Dice, story: &Story, policy: &'a Policy) -> Viewpoint<'a> {
    let known_below = dice.roll(story.last() + 2);
    Viewpoint { as_of: dice.instant(), known_below, policy }
}

#[test]
fn the_intervals_at_any_instant_and_knowledge_are_the_folded_answer() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let resellers_known = reseller_history(&record, u64::MAX);
        let access_known = access_history(&record, u64::MAX, policy);
        let owners_known = owner_history(&record, u64::MAX);
        let of_record_known = partner_of_record_history(&record, u64::MAX);
        let terms_known = terms_history(&record, u64::MAX);
        for _ in 0..20 {
            let viewpoint = any_viewpoint(dice, story, policy);
            let state = record.state(&viewpoint);
            check_intervals(&resellers_known, &histories::read_resellers(&state), &viewpoint);
            check_intervals(&access_known, &histories::read_access(&state, viewpoint.as_of, policy), &viewpoint);
            check_intervals(&owners_known, &histories::read_owners(&state), &viewpoint);
            check_intervals(&of_record_known, &histories::read_partners_of_record(&state), &viewpoint);
            check_intervals(&terms_known, &histories::read_terms(&state), &viewpoint);
        }
    });
}

#[test]
fn the_history_of_subscriptions_at_any_instant_and_knowledge_is_the_folded_answer() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let history = subscription_history(&record, u64::MAX, policy);
        let turns: Vec<Timestamp> =
            history.iter().flat_map(|one| [Some(one.valid_from), one.valid_to]).flatten().collect();
        for _ in 0..40 {
            let mut viewpoint = any_viewpoint(dice, story, policy);
            if dice.roll(2) == 0 && !turns.is_empty() {
                // The instant of a turn, and the one before it, show a bound that is off by one.
                let turn = turns[usize::try_from(dice.roll(turns.len() as u64)).unwrap()];
                viewpoint.as_of = Timestamp::from_ticks(turn.ticks() - dice.roll(2)).unwrap();
            }
            let answers = history.iter().filter(|one| one.answers(viewpoint.as_of, viewpoint.known_below));
            let rows: Vec<SubscriptionRow> = answers.map(|one| one.value.clone()).collect();
            assert_eq!(rows, subscriptions(&record, &viewpoint), "{viewpoint:?}");
        }
    });
}

fn check_intervals<K, V>(
    intervals: &[Interval<K, V>],
    folded: &BTreeMap<K, intervals::Held<V>>,
    viewpoint: &Viewpoint<'_>,
) where
    K: Ord + Clone + std::fmt::Debug,
    V: Eq + Clone + std::fmt::Debug,
{
    let mut answered = BTreeMap::new();
    for interval in intervals.iter().filter(|one| one.answers(viewpoint.as_of, viewpoint.known_below)) {
        let held = intervals::Held { value: interval.value.clone(), positions: interval.positions.clone() };
        assert!(answered.insert(interval.key.clone(), held).is_none(), "two answers for {:?}", interval.key);
    }
    assert_eq!(&answered, folded);
}

#[test]
fn what_was_known_is_the_fold_of_a_prefix() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let viewpoint = any_viewpoint(dice, story, policy);
        let mut prefix = CustomerRecord::new(customer());
        for entry in story.entries.iter().filter(|entry| entry.position < viewpoint.known_below) {
            prefix.take(entry);
        }
        let everything = Viewpoint { known_below: u64::MAX, ..viewpoint };
        assert_eq!(record.state(&viewpoint), prefix.state(&everything));
        assert_eq!(subscriptions(&record, &viewpoint), subscriptions(&prefix, &everything));
        assert_eq!(transfers(&record, &viewpoint), transfers(&prefix, &everything));
        let nobody = BTreeMap::new();
        assert_eq!(partners_of_record(&record, &nobody, &viewpoint), partners_of_record(&prefix, &nobody, &everything));
        assert_eq!(findings(&record, &BTreeMap::new(), &viewpoint), findings(&prefix, &BTreeMap::new(), &everything));
    });
}

#[test]
fn the_order_in_which_entries_are_taken_does_not_matter() {
    for_every_history(|dice, story, _| {
        let mut shuffled = story.entries.clone();
        for index in (1..shuffled.len()).rev() {
            shuffled.swap(index, usize::try_from(dice.roll(u64::try_from(index).unwrap() + 1)).unwrap());
        }
        let mut record = CustomerRecord::new(customer());
        shuffled.iter().chain(&story.entries).for_each(|entry| record.take(entry));
        assert_eq!(present_row(&record), present_row(&story.record()));
        assert_eq!(record.entries(), story.record().entries());
    });
}

#[test]
fn a_record_seen_below_a_position_is_one_that_never_took_what_stands_beyond() {
    for_every_history(|dice, story, policy| {
        let size = dice.roll(u64::try_from(story.entries.len()).unwrap() + 1);
        let mut prefix = CustomerRecord::new(customer());
        let (below, beyond): (Vec<_>, Vec<_>) = story.entries.iter().partition(|entry| entry.position < size);
        below.iter().for_each(|entry| prefix.take(entry));
        let mut seen = story.record().below(size);
        // Also an entry that it is given is not seen when it stands beyond.
        beyond.iter().for_each(|entry| seen.take(entry));
        assert_eq!((seen.entries(), seen.known()), (prefix.entries(), prefix.known()));
        assert_eq!(present_row(&seen), present_row(&prefix));
        assert!(seen.facts().eq(prefix.facts()));
        assert!(beyond.iter().all(|entry| seen.entry(entry.position).is_none()));
        let viewpoint = Viewpoint { known_below: u64::MAX, ..any_viewpoint(dice, story, policy) };
        let told = |record: &CustomerRecord| serde_json::to_value(dossier(record, &[], &viewpoint)).unwrap();
        assert_eq!(told(&seen), told(&prefix));
    });
}

#[test]
fn an_appended_refusal_changes_nothing_but_the_timeline() {
    for_every_history(|dice, story, policy| {
        let (before, after) = (
            story.record(),
            story.clone().refused("2025-01-01", &ground::relationship::NOT_A_RESELLER, &suspended(1)).record(),
        );
        let viewpoint = Viewpoint { known_below: u64::MAX, ..any_viewpoint(dice, story, policy) };
        assert_eq!(present_row(&before), present_row(&after));
        assert_eq!(findings(&before, &BTreeMap::new(), &viewpoint), findings(&after, &BTreeMap::new(), &viewpoint));
        assert_eq!(reseller_history(&before, u64::MAX), reseller_history(&after, u64::MAX));
        assert_eq!(billing(&before, Period::ALWAYS, &viewpoint), billing(&after, Period::ALWAYS, &viewpoint));
        let query = TimelineQuery::all(u64::MAX);
        assert_eq!(timeline(&before, &query).len() + 1, timeline(&after, &query).len());
    });
}

#[test]
fn the_entries_of_an_explanation_fold_to_the_answer() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        let viewpoint = any_viewpoint(dice, story, policy);
        let subjects = [
            (Question::Resellers, None),
            (Question::Resellers, Some(AboutWhat::Partner(partner(dice.small(3))))),
            (Question::Access, None),
            (Question::Access, Some(AboutWhat::Partner(partner(dice.small(3))))),
            (Question::Subscriptions, None),
            (Question::Subscriptions, Some(AboutWhat::Subscription(subscription(dice.small(3))))),
            (Question::Gdap, None),
            (Question::Gdap, Some(AboutWhat::Partner(partner(dice.small(3))))),
            (Question::Gdap, Some(AboutWhat::Relationship(story::granular::relationship(dice.small(3))))),
            (Question::Transfers, None),
            (Question::Transfers, Some(AboutWhat::Partner(partner(dice.small(3))))),
            (Question::Transfers, Some(AboutWhat::Subscription(subscription(dice.small(3))))),
        ];
        for (question, about) in subjects {
            let explanation = explain(&record, question, about.clone(), &viewpoint);
            let mut chosen = CustomerRecord::new(customer());
            let positions: BTreeSet<u64> = explanation.positions.iter().copied().collect();
            for entry in story.entries.iter().filter(|entry| positions.contains(&entry.position)) {
                chosen.take(entry);
            }
            assert_eq!(explain(&chosen, question, about.clone(), &viewpoint).answer, explanation.answer);
            if !explanation.answer.is_empty() {
                assert_eq!(explain(&chosen, question, about, &viewpoint).positions, explanation.positions);
            }
        }
    });
}

#[test]
fn a_viewpoint_does_not_differ_from_itself() {
    for_every_history(|dice, story, policy| {
        let viewpoint = any_viewpoint(dice, story, policy);
        assert!(diff(&story.record(), &viewpoint, &viewpoint).is_empty());
    });
}

#[test]
fn no_relationship_event_changes_a_subscription() {
    for_every_history(|dice, story, policy| {
        let record = story.record();
        assert!(interference(&record, u64::MAX).holds());
        assert_eq!(effect_violations(&record, u64::MAX), []);
        let mut with_one_more = story.clone();
        with_one_more.append(at("2025-01-01"), dice.instant(), &[], Ok(vec![relationship_event(dice)]));
        let viewpoint = Viewpoint { known_below: u64::MAX, ..any_viewpoint(dice, story, policy) };
        assert_eq!(subscriptions(&record, &viewpoint), subscriptions(&with_one_more.record(), &viewpoint));
    });
}

#[test]
fn every_row_survives_its_bytes() {
    for_every_history(|_, story, _| {
        for entry in &story.entries {
            let row = EntryRow::of(entry);
            let again = EntryRow::from_bytes(&row.to_bytes()).unwrap();
            assert_eq!(again, row);
            assert_eq!(again.to_bytes(), row.to_bytes());
        }
    });
}

#[test]
fn every_event_of_a_suspension_names_its_subscription() {
    let event = Event::SubscriptionSuspended(SubscriptionSuspended {
        subscription: subscription(2),
        reason: Some(ofrecord_core::vocabulary::SuspensionReason::NonPayment),
    });
    let row = EntryRow::of(&Story::new().on("2024-01-01", [event]).entries[0]);
    assert_eq!(row.subscriptions, BTreeSet::from([subscription(2)]));
}
