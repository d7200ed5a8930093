//! Asking for a transfer: rules T-1 to T-3, T-6, T-17, T-19, T-20, and the three signatures.

use ofrecord_core::{ActorKind, Cloud};
use serde_json::{Value, json};

use crate::deal::*;

const REQUESTED: &[&str] = &["SubscriptionTransferRequested"];

#[test]
fn the_source_asks_in_the_legacy_families_and_the_target_in_new_commerce() {
    let refused_to = |given: Story, actor, asked| refused(given, ASKED, actor, asked, ("T-1", "wrong_initiator"));
    for actor in [agent(P), agent(I), admin(C), of_kind(ActorKind::Importer), microsoft()] {
        refused_to(legacy(), actor, legacy_request());
    }
    for actor in [agent(Q), agent(I), admin(C), of_kind(ActorKind::Operator)] {
        refused_to(modern(), actor, modern_request());
    }
    let azure = sold("legacy_azure", json!({}));
    refused_to(azure.clone(), agent(P), manual_request());
    happens(azure, ASKED, agent(Q), manual_request(), REQUESTED);
    happens(legacy(), ASKED, app(Q), legacy_request(), REQUESTED);
    let story = happens(modern(), ASKED, app(P), modern_request(), REQUESTED);
    let transfer = story.transfer();
    assert_eq!(transfer.initiated_by.unwrap().value.to_string(), P);
    assert_eq!(
        (transfer.source.unwrap().value.to_string(), transfer.target.unwrap().value.to_string()),
        (Q.into(), P.into())
    );
    let asked = with(legacy_request(), json!({"family": "barter"}));
    refused(legacy(), ASKED, agent(Q), asked, ("L-8", "value_not_recognised"));
}

#[test]
fn a_target_in_disorder_takes_nothing_new_and_a_source_still_gives() {
    let suspended = modern().suspended(P);
    refused(suspended, ASKED, agent(P), modern_request(), ("R-1", "partner_account_suspended"));
    happens(legacy().suspended(Q), ASKED, agent(Q), legacy_request(), REQUESTED);
    refused(legacy_asked().suspended(P), ANSWERED, agent(P), accept(&[]), ("R-1", "partner_account_suspended"));
    happens(modern_asked().suspended(Q), ANSWERED, agent(Q), accept(&[S1]), &["SubscriptionTransferAccepted"]);
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    let asked = with(legacy_request(), json!({"source": stranger}));
    refused(legacy(), ASKED, agent(stranger), asked, ("R-1", "partner_not_registered"));
}

#[test]
fn source_and_target_are_two_partners() {
    let to_itself = with(legacy_request(), json!({"target": Q}));
    refused(legacy(), ASKED, agent(Q), to_itself, ("T-3", "source_equals_target"));
    let from_itself = with(modern_request(), json!({"source": P}));
    refused(modern(), ASKED, agent(P), from_itself, ("T-3", "source_equals_target"));
}

#[test]
fn the_target_is_a_reseller_of_the_customer_who_transacts() {
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": P,
        "subscriptions_considered": [], "generation": 1});
    let left = |story: Story| story.told(BOUGHT, removed.clone());
    for (given, actor, asked) in [(legacy(), agent(Q), legacy_request()), (modern(), agent(P), modern_request())] {
        refused(left(given), ASKED, actor, asked, ("T-2", "no_reseller_relationship"));
    }
    let (given, asked) = (left(legacy_asked()), accept(&[]));
    refused(given, ANSWERED, agent(P), asked, ("T-2", "no_reseller_relationship"));
    for kind in ["indirect_reseller", "advisor"] {
        let updated = json!({"type": "PartnerUpdated", "partner": P, "partner_type": kind});
        let given = legacy().told_of(P, updated);
        refused(given, ASKED, agent(Q), legacy_request(), ("T-2", "target_does_not_transact"));
    }
}

#[test]
fn source_target_and_customer_share_a_region_as_far_as_known() {
    let sells_in =
        |partner: &str, markets: Value| json!({"type": "PartnerUpdated", "partner": partner, "markets": markets});
    let apart = legacy().told_of(P, sells_in(P, json!(["DE"])));
    refused(apart, ASKED, agent(Q), legacy_request(), ("T-6", "region_mismatch"));
    let customer_elsewhere = legacy().told(BOUGHT, json!({"type": "CustomerProfileChanged", "market": "DE"}));
    refused(customer_elsewhere, ASKED, agent(Q), legacy_request(), ("T-6", "region_mismatch"));
    let not_said = legacy().told_of(P, sells_in(P, json!([])));
    happens(not_said, ASKED, agent(Q), legacy_request(), REQUESTED);
}

#[test]
fn a_change_of_provider_by_hand_is_signed_by_all_three() {
    let given = || sold("legacy_azure", json!({}));
    let signed = |by: &str, day: &str| json!({"by": by, "signed_at": day});
    let all = ["customer", "current_partner", "new_partner"];
    let missing = ("T-8", "signatures_missing");
    for left_out in 0..3 {
        let some: Vec<Value> =
            (0..3).filter(|one| *one != left_out).map(|one| signed(all[one], "2024-06-09")).collect();
        refused(given(), ASKED, agent(Q), with(manual_request(), json!({"signatures": some})), missing);
    }
    let tomorrow: Vec<Value> = all.iter().map(|by| signed(by, "2024-06-11")).collect();
    refused(given(), ASKED, agent(Q), with(manual_request(), json!({"signatures": tomorrow})), missing);
    let story = happens(given(), ASKED, agent(Q), manual_request(), REQUESTED);
    let transfer = story.customer().transfers.values().next().unwrap().clone();
    assert_eq!(transfer.signatures.unwrap().value.len(), 3);
}

#[test]
fn new_commerce_licences_move_from_the_day_on_which_the_cloud_offers_it() {
    let early = "2024-05-31T23:59:59Z";
    refused(modern(), early, agent(P), modern_request(), ("T-17", "transfer_not_offered"));
    happens(modern(), "2024-06-01T00:00:00Z", agent(P), modern_request(), REQUESTED);
    for cloud in [Cloud::China21Vianet, Cloud::UsGov] {
        let given = shop(cloud).told(BOUGHT, purchase(S1, "new_commerce_license"));
        refused(given, ASKED, agent(P), modern_request(), ("T-17", "transfer_not_offered"));
    }
    let old = shop(Cloud::China21Vianet).told(BOUGHT, purchase(S1, "legacy_license"));
    happens(old, early, agent(Q), legacy_request(), REQUESTED);
}

#[test]
fn a_provider_names_its_reseller() {
    let to_provider = |family: Value| with(family, json!({"target": I}));
    let required = ("T-19", "reseller_id_required");
    refused(legacy(), ASKED, agent(Q), to_provider(legacy_request()), required);
    refused(modern(), ASKED, agent(I), to_provider(modern_request()), required);
    let line = |id: &str| json!({"lines": [{"subscription": S1, "partner_id_on_record": id}]});
    let of_line = |id: &str| with(to_provider(legacy_request()), line(id));
    refused(legacy(), ASKED, agent(Q), of_line("1000003"), ("I-2", "provider_cannot_be_partner_on_record"));
    refused(legacy(), ASKED, agent(Q), of_line("7777777"), ("I-3", "partner_on_record_unknown"));
    happens(legacy(), ASKED, agent(Q), of_line("1000004"), REQUESTED);
    let of_all = with(to_provider(modern_request()), json!({"partner_id_on_record": "1000004"}));
    happens(modern(), ASKED, agent(I), of_all, REQUESTED);
    // Nothing says what kind of partner an account is that is not registered.
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    let known = legacy().reseller(stranger);
    let asked = with(legacy_request(), json!({"target": stranger, "partner_id_on_record": "1"}));
    happens(known, ASKED, agent(Q), asked, REQUESTED);
}

#[test]
fn an_azure_plan_transfer_needs_a_plan_and_an_agreement_with_the_target() {
    let asked = || with(modern_request(), json!({"family": "azure_plan"}));
    let given = || sold("azure_plan", json!({}));
    let plan_of = |partner: &str| with(purchase(S2, "azure_plan"), json!({"owner": partner}));
    refused(given(), ASKED, agent(P), asked(), ("T-20", "azure_plan_missing"));
    let of_another = given().told(BOUGHT, plan_of(I));
    refused(of_another, ASKED, agent(P), asked(), ("T-20", "azure_plan_missing"));
    let gone = given().told(BOUGHT, plan_of(P)).told(LATER, json!({"type": "SubscriptionDeleted", "subscription": S2}));
    refused(gone, ASKED, agent(P), asked(), ("T-20", "azure_plan_not_active"));
    let attested = |by: &str| {
        json!({"type": "CustomerAgreementConfirmed", "agreement_type": "MicrosoftCustomerAgreement",
            "date_agreed": "2018-01-04T00:00:00Z", "method": "attested", "attested_by": by})
    };
    let without = || {
        let story = crate::shop::without_agreement(Cloud::Worldwide).told(BOUGHT, purchase(S1, "azure_plan"));
        story.told(BOUGHT, plan_of(P))
    };
    let missing = ("T-20", "customer_agreement_missing");
    refused(without(), ASKED, agent(P), asked(), missing);
    refused(without().told(BOUGHT, attested(Q)), ASKED, agent(P), asked(), missing);
    happens(without().told(BOUGHT, attested(P)), ASKED, agent(P), asked(), REQUESTED);
    happens(given().told(BOUGHT, plan_of(P)), ASKED, agent(P), asked(), REQUESTED);
}

#[test]
fn an_id_names_one_transfer_in_either_case_of_letters() {
    let again = with(legacy_request(), json!({"transfer": T1.to_uppercase()}));
    refused(legacy_asked(), ANSWERED, agent(Q), again.clone(), ("T-4", "transfer_already_exists"));
    // One that is dated back does not take the id of a later one.
    refused(legacy_asked(), LATER, agent(Q), again, ("T-4", "transfer_already_exists"));
}
