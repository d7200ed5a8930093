//! Partners of record and support contacts: rules I-1 to I-4, I-6 and I-10 to I-13.

use ofrecord_core::{ActorKind, Cloud};
use serde_json::{Value, json};

use crate::shop::{
    BOUGHT, C, I, IR, LATER, P, Q, S1, S2, SOON, admin, agent, at, happens, id, nce, of_kind, on, purchase, refused,
    shop, with,
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

fn full_contact(name: &str) -> Value {
    on("SetSupportContact", S1, json!({"partner": P, "partner_id": "1000001", "name": name}))
}

/// The support contact of S1 as an event would carry it.
fn supporter(story: &Story) -> Value {
    let customer = story.customer();
    let contact = customer.subscriptions.by_id.get(&id(S1)).unwrap().support_contact.as_ref().unwrap();
    serde_json::to_value(&contact.value).unwrap()
}

#[test]
fn a_support_contact_keeps_what_is_stated_of_it() {
    let story = happens(given(), LATER, agent(I), full_contact("First line"), &["SupportContactChanged"]);
    assert_eq!(supporter(&story), json!({"partner": P, "partner_id": "1000001", "name": "First line"}));
    let story = happens(story, LATER, agent(I), full_contact("First line"), &[]);
    let story = happens(story, LATER, agent(I), full_contact("Second line"), &["SupportContactChanged"]);
    assert_eq!(supporter(&story).get("name"), Some(&json!("Second line")));
    let story = happens(story, LATER, agent(I), contact(P), &["SupportContactChanged"]);
    assert_eq!(supporter(&story), json!({"partner": P}));
}

fn contact_seen(contact: Value) -> Value {
    let seen = json!({"type": "SupportContactChanged", "version": 2, "subscription": S1, "contact": contact});
    json!({"type": "RecordObservation", "events": [seen]})
}

#[test]
fn a_source_that_says_less_of_a_support_contact_adds_only_evidence() {
    let full = json!({"partner": P, "partner_id": "1000001", "name": "First line"});
    let of_the_first_version = json!({"type": "RecordObservation",
        "events": [{"type": "SupportContactChanged", "subscription": S1, "partner": P}]});
    let importer = || of_kind(ActorKind::Importer);
    let story = happens(given(), LATER, importer(), contact_seen(full.clone()), &["SupportContactChanged"]);
    for less in [
        contact_seen(full.clone()),
        contact_seen(json!({"partner": P})),
        contact_seen(json!({"partner": P, "name": "First line"})),
        of_the_first_version.clone(),
    ] {
        let story = happens(story.clone(), LATER, importer(), less, &["EvidenceAdded"]);
        assert_eq!(supporter(&story), full);
    }
    for other in [json!({"partner": Q}), json!({"partner": P, "name": "Second line"})] {
        happens(story.clone(), LATER, importer(), contact_seen(other), &["SupportContactChanged"]);
    }
    let story = happens(given(), LATER, importer(), of_the_first_version, &["SupportContactChanged"]);
    let story = happens(story, LATER, importer(), contact_seen(full.clone()), &["SupportContactChanged"]);
    assert_eq!(supporter(&story), full, "one that says more is not lost");
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

fn claim(kind: &str, partner_id: &str) -> Value {
    json!({"type": kind, "subscription": S1, "workload": "Exchange Online", "partner_id": partner_id,
        "claim_id": format!("claim of {partner_id}")})
}

/// What a source shows of claims, one after the other.
fn claimed(events: &[(&str, &str)]) -> Story {
    (0..).zip(events).fold(given(), |story, (day, (kind, partner_id))| {
        let instant = at(LATER).plus_days(day).to_string();
        let observed = json!({"type": "RecordObservation", "events": [claim(kind, partner_id)]});
        happens(story, &instant, of_kind(ActorKind::Importer), observed, &[kind])
    })
}

#[test]
fn a_claimed_workload_has_the_partner_whose_claim_was_approved_last() {
    let of = |events: &[(&str, &str)]| {
        let record = claimed(events).customer().subscriptions.by_id[&id(S1)].partners_of_record.clone();
        let association = record.cpor.values().next().unwrap().clone();
        let state = |claim: &ofrecord_core::state::CporClaim| claim.state.value.as_str().to_owned();
        let claims: Vec<(String, String)> =
            association.claims.iter().map(|(claimant, claim)| (claimant.to_string(), state(claim))).collect();
        (association.associated.map(|known| known.value.map(|partner| partner.to_string())), claims)
    };
    let row = |partner: &str, state: &str| (partner.to_owned(), state.to_owned());
    let some = |partner: &str| Some(Some(partner.to_owned()));
    assert_eq!(of(&[("CporClaimSubmitted", "42")]), (None, vec![row("42", "submitted")]));
    let approved = [("CporClaimSubmitted", "42"), ("CporClaimApproved", "42")];
    assert_eq!(of(&approved), (some("42"), vec![row("42", "approved")]));
    let newcomer = [approved[0], approved[1], ("CporClaimSubmitted", "43"), ("CporClaimRejected", "43")];
    assert_eq!(of(&newcomer), (some("42"), vec![row("42", "approved"), row("43", "rejected")]));
    let disputed = [newcomer[0], newcomer[1], newcomer[2], newcomer[3], ("CporClaimDisputed", "43")];
    assert_eq!(of(&disputed), (some("42"), vec![row("42", "approved"), row("43", "disputed")]));
    let won = [disputed[0], disputed[1], ("CporClaimRejected", "42"), ("CporClaimApproved", "43")];
    assert_eq!(of(&won), (some("43"), vec![row("42", "rejected"), row("43", "approved")]));
    let taken_away = [approved[0], approved[1], ("CporClaimRejected", "42")];
    assert_eq!(of(&taken_away), (Some(None), vec![row("42", "rejected")]));
}

#[test]
fn a_claim_is_told_by_a_source_and_changes_nothing_but_the_claim() {
    let observed = json!({"type": "RecordObservation", "events": [claim("CporClaimApproved", "42")]});
    refused(given(), LATER, agent(P), observed.clone(), ("L-12", "only_importer_may_observe"));
    let story = happens(given(), LATER, of_kind(ActorKind::Importer), observed.clone(), &["CporClaimApproved"]);
    let (before, after) = (given().customer(), story.customer());
    let (left, right) = (&before.subscriptions.by_id[&id(S1)], &after.subscriptions.by_id[&id(S1)]);
    assert_eq!((&left.owner, &left.terms), (&right.owner, &right.terms));
    assert_eq!((&before.access, &before.resellers), (&after.access, &after.resellers));
    happens(story, LATER, of_kind(ActorKind::Importer), observed, &["EvidenceAdded"]);
}
