//! The reseller set's rows and gaps.

use ofrecord_core::Event;
use ofrecord_core::event::relationship::{ResellerRelationshipAcceptedByCustomer, ResellerRelationshipReestablished};
use ofrecord_core::vocabulary::Services;

use super::{DapSummary, EstablishedBy, ResellerRow, Transacting, reseller_gaps, resellers};
use crate::story::{
    Story, accepted, at, bought, china, dap, names, p, partner, purchase, q, removed, seen_at, suspended,
};

fn only(story: &Story, as_of: &str) -> ResellerRow {
    let policy = china();
    let mut rows = resellers(&story.record(), &seen_at(as_of, &policy));
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

#[test]
fn a_row_says_how_and_by_whom_the_relationship_came_to_stand() {
    let joint = Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
        partner: q(),
        accepted_by: Some("admin@contoso.example".to_owned()),
        via_provider: Some(p()),
        market: None,
        generation: 1,
    });
    let story = Story::new().on("2024-01-01", [joint]);
    let row = only(&story, "2024-01-02");
    assert_eq!((row.established_by, row.via_provider), (EstablishedBy::JointLink, Some(p())));
    assert_eq!(row.accepted_by.as_deref(), Some("admin@contoso.example"));
    assert_eq!((row.since, row.generation, row.positions), (at("2024-01-01"), 1, vec![story.last()]));
}

#[test]
fn a_reestablished_relationship_is_a_new_generation() {
    let again = Event::ResellerRelationshipReestablished(ResellerRelationshipReestablished {
        partner: q(),
        accepted_by: None,
        via_provider: None,
        market: None,
        generation: 2,
        previous_generation_ended_at: at("2024-02-01"),
    });
    let story =
        Story::new().on("2024-01-01", [accepted(q())]).on("2024-02-01", [removed(q())]).on("2024-03-01", [again]);
    let row = only(&story, "2024-03-01");
    assert_eq!((row.since, row.generation), (at("2024-03-01"), 2));
    assert_eq!(row.positions, [story.last()]);
    let policy = china();
    let gaps = reseller_gaps(&story.record(), &seen_at("2024-04-01", &policy));
    let drawn: Vec<_> = gaps.into_iter().map(|gap| (gap.from, gap.to)).collect();
    assert_eq!(drawn, [(at("2024-02-01"), Some(at("2024-03-01")))]);
}

#[test]
fn dap_is_summed_up_by_what_it_covers() {
    let with = |services: Services| Story::new().on("2024-01-01", [accepted(q()), dap(q(), services)]);
    assert_eq!(only(&Story::new().on("2024-01-01", [accepted(q())]), "2024-01-02").dap, DapSummary::None);
    assert_eq!(only(&with(Services::All), "2024-01-02").dap, DapSummary::Tenant);
    let services = DapSummary::Services(["Azure".parse().unwrap(), "Exchange".parse().unwrap()].into());
    assert_eq!(only(&with(names(&["Exchange", "Azure"])), "2024-01-02").dap, services);
}

#[test]
fn a_reseller_transacts_while_it_owns_a_subscription_that_is_not_gone() {
    let story = Story::new().on("2024-01-01", [accepted(q())]).on("2024-01-02", [bought(purchase(1, q()))]);
    assert_eq!(only(&story, "2024-01-01").transacting, Transacting::NotSeen);
    assert_eq!(only(&story, "2024-01-02").transacting, Transacting::OwnsSubscriptions);
    let suspended = story.on("2024-01-03", [suspended(1)]);
    assert_eq!(only(&suspended, "2024-01-04").transacting, Transacting::OwnsSubscriptions);
    assert_eq!(only(&suspended, "2024-12-01").transacting, Transacting::NotSeen);
}

#[test]
fn a_second_reseller_closes_no_gap_that_the_first_one_left_open() {
    let story = Story::new()
        .on("2024-01-01", [accepted(q())])
        .on("2024-02-01", [accepted(p())])
        .on("2024-03-01", [removed(q())])
        .on("2024-04-01", [removed(p())])
        .on("2024-05-01", [accepted(partner(3))]);
    let policy = china();
    let drawn: Vec<_> = reseller_gaps(&story.record(), &seen_at("2024-06-01", &policy))
        .into_iter()
        .map(|gap| (gap.from, gap.to))
        .collect();
    assert_eq!(drawn, [(at("2024-04-01"), Some(at("2024-05-01")))]);
    assert_eq!(reseller_gaps(&Story::new().record(), &seen_at("2024-06-01", &policy)), []);
}
