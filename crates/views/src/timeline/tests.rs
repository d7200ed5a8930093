//! The timeline's order, filters and marks.

use ofrecord_core::event::partner::PartnerAccountSuspended;
use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::vocabulary::AccountSuspensionReason;
use ofrecord_core::{Event, ground};

use super::{Shown, TimelineQuery, partner_timeline, timeline};
use crate::record::PartnerRecord;
use crate::story::granular::{activated, made, relationship, terms};
use crate::story::transfer::{transfer_requested, transferred};
use crate::story::{Story, accepted, at, bought, p, purchase, q, removed, subscription, suspended, withdrawn};
use crate::viewpoint::Period;

fn story() -> Story {
    Story::new()
        .told("2024-01-01", SourceSystem::Graph, [accepted(q()), bought(purchase(1, q()))])
        .refused("2024-02-01", &ground::relationship::ACTIVE_SUBSCRIPTIONS_EXIST, &removed(q()))
        .on("2024-03-01", [])
        .learned("2024-04-01", "2024-01-15", &[], [accepted(p())])
        .on("2024-05-01", [suspended(1)])
}

fn told(query: &TimelineQuery) -> Vec<(String, Option<u32>)> {
    timeline(&story().record(), query).into_iter().map(|row| (row.effective_at.date_text(), row.index)).collect()
}

fn rows(expected: &[(&str, Option<u32>)]) -> Vec<(String, Option<u32>)> {
    expected.iter().map(|(day, index)| ((*day).to_owned(), *index)).collect()
}

#[test]
fn everything_is_told_in_the_order_of_the_world() {
    let all = TimelineQuery::all(u64::MAX);
    let expected = [
        ("2024-01-01", Some(0)),
        ("2024-01-01", Some(1)),
        ("2024-01-15", Some(0)),
        ("2024-02-01", None),
        ("2024-03-01", None),
        ("2024-05-01", Some(0)),
    ];
    assert_eq!(told(&all), rows(&expected));
}

#[test]
fn each_filter_leaves_what_it_names() {
    let all = || TimelineQuery::all(u64::MAX);
    let of_p = TimelineQuery { partner: Some(p()), ..all() };
    assert_eq!(told(&of_p), rows(&[("2024-01-15", Some(0))]));
    let of_subscription = TimelineQuery { subscription: Some(subscription(1)), ..all() };
    assert_eq!(told(&of_subscription), rows(&[("2024-01-01", Some(1)), ("2024-05-01", Some(0))]));
    let of_relationship = TimelineQuery { relationship: Some(relationship(1)), ..all() };
    assert_eq!(told(&of_relationship), []);
    let granular = story().on("2024-06-01", [made(p(), 1, terms(&[])), made(p(), 2, terms(&[]))]);
    let granular = granular.refused("2024-07-01", &ground::granular::INVALID_TRANSITION, &activated(p(), 1));
    let found: Vec<_> = timeline(&granular.record(), &of_relationship).iter().map(|row| row.index).collect();
    assert_eq!(found, [Some(0), None]);
    let refusals = TimelineQuery { shown: Shown::RefusalsOnly, ..all() };
    assert_eq!(told(&refusals), rows(&[("2024-02-01", None)]));
    let events = TimelineQuery { shown: Shown::EventsOnly, ..all() };
    assert_eq!(told(&events).len(), 4);
    let february = TimelineQuery { period: Period { from: at("2024-02-01"), to: at("2024-03-01") }, ..all() };
    assert_eq!(told(&february), rows(&[("2024-02-01", None)]));
    let early = TimelineQuery::all(story().entries[3].position);
    assert_eq!(told(&early).len(), 4);
}

#[test]
fn a_row_shows_actor_source_and_both_times() {
    let rows = timeline(&story().record(), &TimelineQuery::all(u64::MAX));
    assert_eq!(rows[0].actor.kind, ofrecord_core::ActorKind::Importer);
    assert_eq!(rows[0].sources, [SourceSystem::Graph].into());
    assert_eq!((rows[2].effective_at, rows[2].recorded_at), (at("2024-01-15"), at("2024-04-01")));
    assert!(rows[3].sentence.starts_with("Refused refused: "), "{}", rows[3].sentence);
    assert_eq!(rows[4].sentence, "RecordObservation changed nothing");
}

#[test]
fn a_corrected_event_stays_and_names_its_correction() {
    let story = story();
    let first = story.entries[0].position;
    let story = story.on("2024-06-01", [withdrawn(first, 1)]);
    let rows = timeline(&story.record(), &TimelineQuery::all(u64::MAX));
    let marks: Vec<_> = rows.iter().take(2).map(|row| row.corrected_by).collect();
    assert_eq!(marks, [None, Some(story.last())]);
    assert_eq!(rows[1].positions, [first, story.last()]);
    let before = timeline(&story.record(), &TimelineQuery::all(story.last()));
    assert!(before.iter().all(|row| row.corrected_by.is_none()));
}

#[test]
fn a_partners_stream_has_a_timeline_too() {
    let mut record = PartnerRecord::new(p());
    let event = Event::PartnerAccountSuspended(PartnerAccountSuspended {
        partner: p(),
        reason: AccountSuspensionReason::Abuse,
    });
    Story::new().on("2024-01-01", [event]).entries.iter().for_each(|entry| record.take(entry));
    let rows = partner_timeline(&record, &TimelineQuery::all(u64::MAX));
    assert_eq!(rows[0].sentence, format!("account of partner {} suspended (abuse)", p()));
}

#[test]
fn a_transfer_stands_with_both_partners_and_both_subscriptions() {
    let story = Story::new().on("2024-01-10", [transfer_requested(1)]).on("2024-01-15", [transferred(1, Some(2))]);
    let told = |query: TimelineQuery| timeline(&story.record(), &query).len();
    let all = || TimelineQuery::all(u64::MAX);
    for partner in [p(), q()] {
        assert_eq!(told(TimelineQuery { partner: Some(partner), ..all() }), 2);
    }
    let of = |number: u32| told(TimelineQuery { subscription: Some(subscription(number)), ..all() });
    assert_eq!([of(1), of(2), of(3)], [2, 1, 0]);
}
