//! Of two reasons to refuse, the one that is listed first is answered.

use ofrecord_core::Actor;
use ofrecord_core::precedence::grounds_of;
use serde_json::{Value, json};

use crate::deal::*;

/// The command is refused on the first code, although the second applies too.
#[track_caller]
fn first(given: Story, instant: &str, (actor, asked): (Actor, Value), codes: (&str, &str)) {
    let name = asked["type"].as_str().unwrap().to_owned();
    let place = |code: &str| grounds_of(&name).iter().position(|ground| ground.code == code).unwrap();
    assert!(place(codes.0) < place(codes.1), "{name} lists {} after {}", codes.0, codes.1);
    let rule = grounds_of(&name)[place(codes.0)].rule;
    refused(given, instant, actor, asked, (rule, codes.0));
}

#[test]
fn asking_looks_at_who_asks_then_the_target_then_the_lines() {
    let to_itself = |fields: Value| with(with(legacy_request(), json!({"target": Q})), fields);
    first(legacy(), ASKED, (agent(P), to_itself(json!({}))), ("wrong_initiator", "source_equals_target"));
    let used = legacy_asked();
    first(used, ANSWERED, (agent(Q), to_itself(json!({}))), ("source_equals_target", "transfer_already_exists"));
    let asked = with(modern_request(), json!({"lines": [{"subscription": S3}]}));
    let early = "2024-05-01T00:00:00Z";
    first(modern(), early, (agent(P), asked), ("transfer_not_offered", "subscription_not_found"));
    let nowhere = "d0000000-0000-0000-0000-00000000000d";
    let asked = with(legacy_request(), json!({"target": nowhere, "lines": []}));
    first(legacy(), ASKED, (agent(Q), asked), ("no_reseller_relationship", "transfer_has_no_lines"));
    let both = with(legacy_request(), json!({"lines": [{"subscription": S3}, {"subscription": S3}]}));
    first(legacy(), ASKED, (agent(Q), both), ("line_stands_twice", "subscription_not_found"));
    let suspended = json!({"type": "SubscriptionSuspended", "subscription": S1, "reason": "fraud"});
    let given = sold("azure_reservation", json!({})).told(LATER, suspended);
    let codes = ("subscription_not_eligible", "reservation_not_transferable");
    first(given, ASKED, (agent(Q), legacy_request()), codes);
    let asked = with(legacy_request(), json!({"target": I}));
    let given = sold("azure_reservation", json!({}));
    first(given, ASKED, (agent(Q), asked), ("reservation_not_transferable", "reseller_id_required"));
}

#[test]
fn answering_looks_at_who_answers_then_the_status_then_the_items() {
    first(legacy(), ASKED, (admin(C), accept(&[])), ("wrong_acceptor", "transfer_not_found"));
    let over = happens(legacy_asked(), ANSWERED, agent(P), reject(), &["SubscriptionTransferRejected"]);
    first(over.clone(), AFTER, (agent(Q), accept(&[])), ("wrong_acceptor", "transfer_has_ended"));
    first(over, AFTER, (agent(P), accept(&[S3])), ("transfer_has_ended", "items_cannot_be_selected"));
    let ids: Vec<String> = (0..26).map(|number| format!("70000000-0000-0000-0000-0000000000{number:02}")).collect();
    let named: Vec<&str> = ids.iter().map(String::as_str).collect();
    first(modern_asked(), ANSWERED, (agent(Q), accept(&named)), ("too_many_items", "subscription_not_found"));
    first(modern_accepted(), DONE, (agent(Q), withdraw()), ("wrong_initiator", "not_cancellable"));
}

#[test]
fn carrying_out_looks_at_the_status_then_the_lines_then_the_split() {
    let early = with(complete(json!([moved(S3)])), json!({"billing_split_date": "2020-01-01"}));
    first(legacy(), ASKED, (agent(Q), early.clone()), ("only_microsoft_may", "transfer_not_found"));
    first(legacy_asked(), DONE, (microsoft(), early.clone()), ("transfer_not_accepted", "outcome_of_every_line"));
    first(legacy_accepted(), DONE, (microsoft(), early), ("outcome_of_every_line", "billing_split_out_of_range"));
    let same = with(complete(json!([moved(S1)])), json!({"billing_split_date": "2020-01-01"}));
    let codes = ("new_subscription_required", "billing_split_out_of_range");
    first(legacy_accepted(), DONE, (microsoft(), same), codes);
}
