//! What replaced DAP that Microsoft ended.

use ofrecord_core::Event;
use ofrecord_core::event::dap::{DapTerminatedByMicrosoft, DapTransitionStartedByMicrosoft};
use ofrecord_core::event::gdap::{GdapRelationshipTerminated, GdapTerms};
use ofrecord_core::vocabulary::{DapTerminationCause, Services};

use crate::story::granular::{activated, global_reader, made, relationship, terms};
use crate::story::{Story, accepted, at, dap, p, q, seen_at, worldwide};
use crate::*;

fn ended(partner: ofrecord_core::PartnerTenantId, cause: Option<DapTerminationCause>) -> Event {
    Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft {
        partner,
        last_sign_in_at: Some(at("2022-01-15")),
        cause,
    })
}

fn with_dap() -> Story {
    Story::new().on("2022-01-01", [accepted(p()), dap(p(), Services::All)])
}

fn half_a_year() -> GdapTerms {
    terms(&[global_reader()])
}

fn terminations(story: &Story, as_of: &str) -> Vec<DapTermination> {
    let policy = worldwide();
    dap_terminations(&story.record(), &seen_at(as_of, &policy))
}

#[track_caller]
fn check(story: &Story, as_of: &str, replaced_by: ReplacedBy, replaced_at: Option<&str>) -> DapTermination {
    let mut found = terminations(story, as_of);
    assert_eq!(found.len(), 1, "{found:#?}");
    let one = found.remove(0);
    assert_eq!((one.replaced_by, one.replaced_at), (replaced_by, replaced_at.map(at)), "{one:#?}");
    one
}

#[test]
fn a_termination_that_nothing_followed_says_so_and_why_it_came() {
    let story = with_dap().on("2022-06-01", [ended(p(), None)]);
    assert_eq!(terminations(&story, "2022-05-31"), []);
    let one = check(&story, "2022-12-31", ReplacedBy::Nothing, None);
    assert_eq!((one.partner, one.terminated_at, one.cause), (p(), at("2022-06-01"), None));
    assert_eq!((one.last_sign_in_at, one.positions), (Some(at("2022-01-15")), vec![13]));
}

#[test]
fn the_relationship_of_the_transition_replaces_dap_though_another_stood_before() {
    let started = DapTransitionStartedByMicrosoft { partner: p(), relationship: relationship(2) };
    let story = with_dap()
        .on("2022-02-01", [made(p(), 1, half_a_year()), activated(p(), 1)])
        .on(
            "2022-05-02",
            [Event::DapTransitionStartedByMicrosoft(started), made(p(), 2, half_a_year()), activated(p(), 2)],
        )
        .on("2022-06-01", [ended(p(), Some(DapTerminationCause::MicrosoftLedTransition))]);
    let one = check(&story, "2022-06-01", ReplacedBy::MicrosoftLed, Some("2022-05-02"));
    assert_eq!((one.relationship, one.positions), (Some(relationship(2)), vec![16, 19]));
}

#[test]
fn a_relationship_in_force_then_or_later_replaces_dap_and_one_that_was_over_does_not() {
    let before = with_dap().on("2022-02-01", [made(p(), 1, half_a_year()), activated(p(), 1)]);
    let one =
        check(&before.clone().on("2022-06-01", [ended(p(), None)]), "2022-06-01", ReplacedBy::Gdap, Some("2022-02-01"));
    assert_eq!(one.relationship, Some(relationship(1)));
    // It ran out on 2022-07-31, by no event.
    check(&before.clone().on("2022-07-31", [ended(p(), None)]), "2022-12-31", ReplacedBy::Nothing, None);
    let over = GdapRelationshipTerminated { partner: p(), relationship: relationship(1), by: None };
    let over = before.on("2022-03-01", [Event::GdapRelationshipTerminated(over)]).on("2022-06-01", [ended(p(), None)]);
    check(&over, "2022-12-31", ReplacedBy::Nothing, None);
    let later = over.on("2022-10-01", [made(p(), 3, half_a_year()), activated(p(), 3)]);
    check(&later, "2022-09-30", ReplacedBy::Nothing, None);
    check(&later, "2022-10-01", ReplacedBy::Gdap, Some("2022-10-01"));
}

#[test]
fn dap_that_was_granted_again_replaces_it_and_anothers_does_not() {
    let story = with_dap().on("2022-06-01", [ended(p(), None)]);
    let again = story.clone().on("2022-08-01", [dap(p(), Services::All)]);
    check(&again, "2022-12-31", ReplacedBy::Dap, Some("2022-08-01"));
    let other = story
        .on("2022-08-01", [accepted(q()), dap(q(), Services::All), made(q(), 1, half_a_year()), activated(q(), 1)]);
    check(&other, "2022-12-31", ReplacedBy::Nothing, None);
}
