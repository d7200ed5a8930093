//! What may move: rules T-4, T-5, T-7, T-17 and T-18, and the add-ons that travel with their base.

use serde_json::{Value, json};

use crate::deal::*;

const REQUESTED: &[&str] = &["SubscriptionTransferRequested"];
const ACCEPTED: &[&str] = &["SubscriptionTransferAccepted"];

fn lines(ids: &[&str]) -> Value {
    json!({"lines": ids.iter().map(|id| json!({"subscription": id})).collect::<Vec<_>>()})
}

/// S1 in a status other than active.
fn in_status(family: &str, status: &str) -> Story {
    sold(family, json!({})).told(LATER, json!({"type": "SubscriptionObserved", "subscription": S1, "status": status}))
}

#[test]
fn only_active_subscriptions_of_the_source_are_transferred() {
    let refused_to = |given: Story, because| refused(given, ASKED, agent(Q), legacy_request(), because);
    refused_to(nothing_sold(), ("S-3", "subscription_not_found"));
    let of_provider = nothing_sold().told(BOUGHT, with(purchase(S1, "legacy_license"), json!({"owner": I})));
    refused_to(of_provider, ("T-5", "source_does_not_own_subscription"));
    let seen = json!({"type": "SubscriptionObserved", "subscription": S1, "status": "active"});
    refused_to(nothing_sold().told(BOUGHT, seen), ("S-3", "subscription_owner_unknown"));
    for status in ["suspended", "deleted", "expired", "pending", "disabled"] {
        refused_to(in_status("legacy_license", status), ("T-5", "subscription_not_eligible"));
    }
    let checked = with(legacy_request(), json!({"lines": [{"subscription": S1, "eligibility": "not_eligible"}]}));
    refused(legacy(), ASKED, agent(Q), checked, ("T-5", "subscription_not_eligible"));
    let nothing = with(legacy_request(), json!({"lines": []}));
    refused(legacy(), ASKED, agent(Q), nothing, ("T-5", "transfer_has_no_lines"));
    // A word that no source publishes is not taken for an end.
    happens(in_status("legacy_license", "on_holiday"), ASKED, agent(Q), legacy_request(), REQUESTED);
}

#[test]
fn a_subscription_is_in_one_open_transfer_only() {
    let other = |fields: Value| with(with(legacy_request(), json!({"transfer": T2})), fields);
    refused(legacy_asked(), ANSWERED, agent(Q), other(json!({})), ("T-4", "in_another_transfer"));
    refused(legacy_accepted(), DONE, agent(Q), other(json!({})), ("T-4", "in_another_transfer"));
    let withdrawn = happens(legacy_asked(), ANSWERED, agent(Q), withdraw(), &["SubscriptionTransferWithdrawn"]);
    happens(withdrawn, DONE, agent(Q), other(json!({})), REQUESTED);
    refused(legacy(), ASKED, agent(Q), other(lines(&[S1, S1])), ("T-4", "line_stands_twice"));
    // A request that lets the source select binds nothing before it is accepted.
    let second = with(modern_request(), json!({"transfer": T2}));
    let both = happens(modern_asked(), ASKED, agent(P), second, REQUESTED);
    let first_accepted = happens(both, ANSWERED, agent(Q), accept(&[S1]), ACCEPTED);
    let asked = with(accept(&[S1]), json!({"transfer": T2}));
    refused(first_accepted, ANSWERED, agent(Q), asked, ("T-4", "in_another_transfer"));
}

#[test]
fn a_new_commerce_transfer_moves_a_limited_number_of_items() {
    let ids: Vec<String> = (0..26).map(|number| format!("70000000-0000-0000-0000-0000000000{number:02}")).collect();
    let story = ids.iter().fold(modern(), |story, id| story.told(BOUGHT, purchase(id, "new_commerce_license")));
    let named: Vec<&str> = ids.iter().map(String::as_str).collect();
    let asked = |count: usize| with(modern_request(), lines(&named[..count]));
    refused(story.clone(), ASKED, agent(P), asked(26), ("T-7", "too_many_items"));
    happens(story.clone(), ASKED, agent(P), asked(25), REQUESTED);
    let open = happens(story, ASKED, agent(P), modern_request(), REQUESTED);
    refused(open.clone(), ANSWERED, agent(Q), accept(&named), ("T-7", "too_many_items"));
    happens(open, ANSWERED, agent(Q), accept(&named[..25]), ACCEPTED);
    let old = ids.iter().fold(legacy(), |story, id| story.told(BOUGHT, purchase(id, "legacy_license")));
    happens(old, ASKED, agent(Q), with(legacy_request(), lines(&named)), REQUESTED);
}

#[test]
fn each_family_moves_its_own_products() {
    let legacy_family = |family: &str| (sold(family, json!({})), agent(Q), legacy_request());
    let modern_family = |family: &str| (sold(family, json!({})), agent(P), with(modern_request(), lines(&[S1])));
    let by_hand = |family: &str| (sold(family, json!({})), agent(Q), manual_request());
    let table: [(_, Result<(), (&str, &str)>); 16] = [
        (legacy_family("legacy_license"), Ok(())),
        (legacy_family("legacy_azure"), Ok(())),
        (legacy_family("azure_reservation"), Err(("T-17", "reservation_not_transferable"))),
        (legacy_family("marketplace_saas"), Err(("T-17", "marketplace_not_transferable"))),
        (legacy_family("new_commerce_license"), Err(("T-17", "product_not_in_family"))),
        (legacy_family("azure_plan"), Err(("T-17", "product_not_in_family"))),
        (legacy_family("hardware"), Ok(())),
        (modern_family("new_commerce_license"), Ok(())),
        (modern_family("azure_plan"), Ok(())),
        (modern_family("azure_reservation"), Ok(())),
        (modern_family("marketplace_saas"), Err(("T-17", "marketplace_not_transferable"))),
        (modern_family("legacy_license"), Err(("T-17", "product_not_in_family"))),
        (modern_family("perpetual_software"), Err(("T-17", "product_not_in_family"))),
        (by_hand("legacy_azure"), Ok(())),
        (by_hand("legacy_license"), Err(("T-17", "product_not_in_family"))),
        (by_hand("azure_reservation"), Err(("T-17", "reservation_not_transferable"))),
    ];
    for ((given, actor, asked), then) in table {
        match then {
            Ok(()) => drop(happens(given, ASKED, actor, asked, REQUESTED)),
            Err(because) => refused(given, ASKED, actor, asked, because),
        }
    }
    let checked = with(modern_request(), json!({"lines": [{"subscription": S1, "eligibility": "eligible"}]}));
    happens(sold("marketplace_saas", json!({})), ASKED, agent(P), checked, REQUESTED);
}

#[test]
fn one_inactive_item_fails_the_whole_acceptance() {
    let suspended = json!({"type": "SubscriptionSuspended", "subscription": S2, "reason": "non_payment"});
    let story = modern_asked().told(BOUGHT, purchase(S2, "new_commerce_license")).told(LATER, suspended);
    refused(story.clone(), ANSWERED, agent(Q), accept(&[S1, S2]), ("T-18", "inactive_item_selected"));
    happens(story, ANSWERED, agent(Q), accept(&[S1]), ACCEPTED);
    let not_of_source = modern_asked().told(BOUGHT, with(purchase(S2, "new_commerce_license"), json!({"owner": I})));
    refused(not_of_source, ANSWERED, agent(Q), accept(&[S1, S2]), ("T-5", "source_does_not_own_subscription"));
}

#[test]
fn add_ons_travel_with_their_base() {
    let add_on = |id: &str, owner: &str| {
        with(purchase(id, "legacy_license"), json!({"owner": owner, "parent": S1, "quantity": 4}))
    };
    let story = legacy().told(BOUGHT, add_on(S2, Q)).told(BOUGHT, add_on(S3, I));
    let story = happens(story, ASKED, agent(Q), legacy_request(), REQUESTED);
    let transfer = story.transfer();
    let lines: Vec<(String, Option<u64>, Option<String>)> = transfer
        .lines
        .iter()
        .map(|(id, line)| {
            let base = line.with_base.as_ref().map(|base| base.value.to_string());
            (id.to_string(), line.quantity.as_ref().map(|quantity| quantity.value), base)
        })
        .collect();
    assert_eq!(lines, [(S1.to_owned(), Some(10), None), (S2.to_owned(), Some(4), Some(S1.to_owned()))]);
    let named = with(legacy_request(), json!({"transfer": T2, "lines": [{"subscription": S2}]}));
    refused(story, ANSWERED, agent(Q), named, ("T-4", "in_another_transfer"));
}
