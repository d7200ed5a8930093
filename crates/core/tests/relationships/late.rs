//! What is learned late takes its place in the world, before what was decided without knowing it.

use ofrecord_core::StreamId;
use serde_json::{Value, json};

use crate::story::{C, P, Story, customer_id, partner_id};

fn of_customer(story: Story, instant: &str, event: Value) -> Story {
    story.on(instant, StreamId::Customer(customer_id(C)), event)
}

fn accepted() -> Value {
    json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": P, "generation": 1})
}

fn removed() -> Value {
    json!({"type": "ResellerRelationshipRemovedByPartner", "partner": P, "subscriptions_considered": [], "generation": 1})
}

#[test]
fn a_grant_learned_after_the_removal_ended_with_it() {
    let story = of_customer(Story::in_china(), "2020-01-01", accepted());
    let story = of_customer(story, "2020-06-01", removed());
    let story = of_customer(story, "2020-03-01", json!({"type": "DapGranted", "partner": P, "services": "all"}));
    let customer = story.customer();
    let access = customer.access.of(partner_id(P)).expect("a grant that has ended");
    assert!(!access.has_dap());
    assert_eq!(access.dap_ended.as_ref().map(|end| end.set.effective_at), Some(crate::story::at("2020-06-01")));
}

#[test]
fn a_confirmation_after_a_removal_learned_later_begins_a_generation() {
    let story = of_customer(Story::in_china(), "2020-01-01", accepted());
    let confirmed = json!({"type": "ResellerRelationshipConfirmed", "partner": P, "generation": 1});
    let story = of_customer(story, "2020-09-01", confirmed);
    assert_eq!(story.customer().resellers.standing(partner_id(P)).map(|known| known.generation), Some(1));
    let story = of_customer(story, "2020-06-01", removed());
    let customer = story.customer();
    let standing = customer.resellers.standing(partner_id(P)).expect("the customer accepted after the removal");
    assert_eq!(standing.generation, 2);
    assert_eq!(standing.established.set.effective_at, crate::story::at("2020-09-01"));
}
