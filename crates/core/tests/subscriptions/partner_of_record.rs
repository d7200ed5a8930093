//! Partners of record and support contacts: rules I-1 to I-4, I-6 and I-10 to I-13.

use ofrecord_core::{ActorKind, Cloud};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, I, IR, LATER, P, Q, S1, S2, SOON, admin, agent, happens, id, nce, of_kind, on, purchase, refused, shop,
    with,
};
use crate::story::Story;

/// I sold C a subscription of a family.
fn of_provider(family: &str) -> Story {
    shop(Cloud::Worldwide).told(BOUGHT, with(purchase(S1, family), json!({"owner": I})))
}

fn given() -> Story {
    of_provider("new_commerce_license")
}

fn record(partner_id: Value) -> Value {
    on("ChangeResellerOfRecord", S1, json!({"partner_id": partner_id}))
}

fn dpor(partner_id: Value) -> Value {
    on("SetDpor", S1, json!({"partner_id": partner_id}))
}

fn pal(partner_id: Value) -> Value {
    on("SetPal", S1, json!({"partner_id": partner_id}))
}

fn contact(partner: &str) -> Value {
    on("SetSupportContact", S1, json!({"partner": partner}))
}

#[test]
fn a_reseller_of_record_is_a_reseller_of_the_provider() {
    let refused_on = |id: &str, because| refused(given(), LATER, agent(I), record(json!(id)), because);
    refused_on("1000003", ("I-2", "provider_cannot_be_partner_on_record"));
    refused_on("7777777", ("I-3", "partner_on_record_unknown"));
    let ended = given().told_of(I, json!({"type": "PartnerRelationshipRemoved", "provider": I, "reseller": IR}));
    refused(ended, LATER, agent(I), record(json!("1000004")), ("I-1", "not_valid_indirect_reseller"));
    let story = happens(given(), LATER, agent(I), record(json!("1000004")), &["ResellerOfRecordChanged"]);
    let story = happens(story, LATER, agent(I), record(json!("1000004")), &[]);
    let story = happens(story, LATER, agent(I), record(json!(null)), &["ResellerOfRecordChanged"]);
    let kept = story.customer().subscriptions.by_id[&id(S1)].partners_of_record.reseller_of_record.clone();
    assert_eq!(kept.unwrap().value, None);
}

#[test]
fn a_partnership_in_which_somebody_else_provides_does_not_count() {
    let created = json!({"type": "PartnerRelationshipCreated", "provider": I, "reseller": Q,
        "reseller_partner_id": "1000009"});
    let asked = record(json!("1000009"));
    refused(nce().told_of(Q, created), LATER, agent(Q), asked, ("I-3", "partner_on_record_unknown"));
}

#[test]
fn a_one_time_purchase_keeps_its_partner_of_record() {
    for family in ["azure_reservation", "perpetual_software"] {
        let asked = record(json!("1000004"));
        refused(of_provider(family), LATER, agent(I), asked, ("I-6", "partner_on_record_not_changeable"));
    }
}

#[test]
fn only_the_customer_sets_the_digital_partner_of_record() {
    for actor in [agent(I), agent(P), of_kind(ActorKind::Microsoft), admin(S2)] {
        refused(given(), LATER, actor, dpor(json!("42")), ("I-10", "only_customer_may_set_dpor"));
    }
    let elsewhere = with(dpor(json!("42")), json!({"subscription": S2}));
    refused(given(), LATER, admin(C), elsewhere, ("S-3", "subscription_not_found"));
    let deleted = given().told(SOON, on("SubscriptionDeleted", S1, json!({})));
    refused(deleted, LATER, admin(C), dpor(json!("42")), ("U-4", "subscription_deleted"));
}

#[test]
fn a_new_digital_partner_of_record_replaces_the_old_one() {
    let story = happens(given(), LATER, admin(C), dpor(json!("42")), &["DigitalPartnerOfRecordSet"]);
    let story = happens(story, LATER, admin(C), dpor(json!("43")), &["DigitalPartnerOfRecordSet"]);
    let story = happens(story, LATER, admin(C), dpor(json!("43")), &[]);
    let dpor = story.customer().subscriptions.by_id[&id(S1)].partners_of_record.dpor.clone();
    assert_eq!(dpor.unwrap().value.unwrap().as_str(), "43");
}

#[test]
fn linking_a_partner_id_needs_no_access_and_gives_none() {
    refused(given(), LATER, admin(C), pal(json!("42")), ("I-12", "actor_not_party"));
    refused(given(), LATER, agent(C), pal(json!("42")), ("R-1", "partner_not_registered"));
    let story = happens(given(), LATER, agent(P), pal(json!("42")), &["PartnerAdminLinked"]);
    assert_eq!(story.customer().access, given().customer().access);
    happens(story, LATER, agent(Q), pal(json!("42")), &[]);
}

#[test]
fn a_support_contact_is_the_owner_or_a_reseller() {
    refused(given(), LATER, agent(I), contact(IR), ("I-13", "support_contact_invalid"));
    let story = happens(given(), LATER, agent(I), contact(P), &["SupportContactChanged"]);
    let story = happens(story, LATER, agent(I), contact(P), &[]);
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": I,
        "subscriptions_considered": [], "generation": 1});
    happens(story.told(LATER, removed), LATER, agent(I), contact(I), &["SupportContactChanged"]);
    refused(nce(), LATER, agent(I), contact(I), ("S-3", "partner_does_not_own_subscription"));
}
