//! Partner accounts and partnerships: registration, suspension, rules I-1 to I-4 and I-7.

use ofrecord_core::ActorKind;
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Q, Story, Then::*, admin, agent, app, check, of_kind};

const STRANGER: &str = "d0000000-0000-0000-0000-00000000000d";

fn partners() -> Story {
    Story::in_china().with_partners()
}

fn register(partner: &str, partner_type: &str) -> Value {
    json!({"type": "RegisterPartner", "partner": partner, "name": "D", "partner_type": partner_type, "markets": ["CN"]})
}

#[test]
fn only_the_ledger_registers_partners() {
    for actor in [agent(STRANGER), admin(C), of_kind(ActorKind::Microsoft)] {
        let refused = Refused("L-12", "only_registrar");
        check(partners(), (actor.clone(), None, register(STRANGER, "advisor")), &refused);
        check(partners(), (actor, None, json!({"type": "UpdatePartner", "partner": P})), &refused);
    }
    for kind in [ActorKind::Operator, ActorKind::System, ActorKind::Importer] {
        check(partners(), (of_kind(kind), None, register(STRANGER, "advisor")), &Happens(&["PartnerRegistered"]));
    }
}

#[test]
fn a_partner_is_registered_once_and_updated_afterwards() {
    let operator = || of_kind(ActorKind::Operator);
    check(partners(), (operator(), None, register(P, "advisor")), &Refused("R-1", "partner_already_registered"));
    let update = |fields: Value| {
        let mut command = json!({"type": "UpdatePartner", "partner": P});
        for (name, value) in fields.as_object().unwrap() {
            command[name] = value.clone();
        }
        command
    };
    let unknown = json!({"type": "UpdatePartner", "partner": STRANGER, "name": "D"});
    check(partners(), (operator(), None, unknown), &Refused("R-1", "partner_not_registered"));
    check(partners(), (operator(), None, update(json!({"name": "Example"}))), &Happens(&[]));
    check(partners(), (operator(), None, update(json!({"name": "Other"}))), &Happens(&["PartnerUpdated"]));
    let enrolment = |word: &str| update(json!({"indirect_reseller_enrolment": word}));
    let story = check(partners(), (operator(), None, enrolment("begun")), &Happens(&["PartnerUpdated"]));
    check(story, (operator(), None, enrolment("begun")), &Happens(&[]));
    for wrong in
        [json!({"programme": "moon"}), json!({"partner_type": "moon"}), json!({"indirect_reseller_enrolment": "moon"})]
    {
        check(partners(), (operator(), None, update(wrong)), &Refused("L-8", "value_not_recognised"));
    }
    check(partners(), (operator(), None, register(STRANGER, "moon")), &Refused("L-8", "value_not_recognised"));
    let mut enrolled = register(STRANGER, "direct_bill");
    enrolled["indirect_reseller_enrolment"] = json!("completed");
    let story = check(partners(), (operator(), None, enrolled), &Happens(&["PartnerRegistered"]));
    assert!(story.partner(STRANGER).has_completed_enrolment());
    let seen = json!({"type": "PartnerObserved", "partner": P, "indirect_reseller_enrolment": "completed"});
    assert!(partners().about_partner(P, seen).partner(P).is_indirect_reseller());
}

#[test]
fn only_microsoft_or_the_ledger_suspends_an_account() {
    let suspend = || json!({"type": "SuspendPartnerAccount", "partner": P, "reason": "abuse"});
    let reinstate = || json!({"type": "ReinstatePartnerAccount", "partner": P});
    for actor in [agent(P), agent(Q), admin(C)] {
        check(partners(), (actor.clone(), None, suspend()), &Refused("R-1", "only_microsoft_may"));
        check(partners().suspended(P), (actor, None, reinstate()), &Refused("R-1", "only_microsoft_may"));
    }
    let microsoft = || of_kind(ActorKind::Microsoft);
    check(partners(), (microsoft(), None, reinstate()), &Refused("R-1", "partner_account_not_suspended"));
    let story = check(partners(), (microsoft(), None, suspend()), &Happens(&["PartnerAccountSuspended"]));
    let story = check(story, (microsoft(), None, suspend()), &Happens(&[]));
    let story = check(story, (microsoft(), None, reinstate()), &Happens(&["PartnerAccountReinstated"]));
    assert_eq!(story.partner(P).suspended, None);
    let unknown = json!({"type": "SuspendPartnerAccount", "partner": STRANGER, "reason": "abuse"});
    check(partners(), (microsoft(), None, unknown), &Refused("R-1", "partner_not_registered"));
}

#[test]
fn the_partner_agreement_is_accepted_once() {
    let accept = || json!({"type": "AcceptPartnerAgreement", "partner": P});
    check(partners(), (agent(Q), None, accept()), &Refused("B-6", "actor_not_party"));
    check(partners(), (admin(C), None, accept()), &Refused("B-6", "actor_not_party"));
    let unknown = json!({"type": "AcceptPartnerAgreement", "partner": STRANGER});
    check(partners(), (agent(STRANGER), None, unknown), &Refused("R-1", "partner_not_registered"));
    let story = check(partners(), (agent(P), None, accept()), &Happens(&["PartnerAgreementAccepted"]));
    check(story, (of_kind(ActorKind::Microsoft), None, accept()), &Happens(&[]));
}

fn invite(provider: &str, reseller: &str) -> Value {
    json!({"type": "InvitePartner", "provider": provider, "reseller": reseller})
}

fn accept(provider: &str, reseller: &str) -> Value {
    json!({"type": "AcceptPartnership", "provider": provider, "reseller": reseller})
}

fn remove(provider: &str, reseller: &str) -> Value {
    json!({"type": "RemovePartnership", "provider": provider, "reseller": reseller})
}

fn invited() -> Story {
    let event = json!({"type": "PartnerInvited", "provider": I, "reseller": IR});
    partners().about_partner(I, event.clone()).about_partner(IR, event)
}

#[test]
fn a_provider_invites_an_indirect_reseller() {
    check(partners(), (agent(IR), None, invite(I, IR)), &Refused("I-1", "actor_not_party"));
    check(partners(), (agent(STRANGER), None, invite(STRANGER, IR)), &Refused("R-1", "partner_not_registered"));
    check(partners(), (agent(P), None, invite(P, IR)), &Refused("I-1", "only_provider_may_invite"));
    check(partners(), (agent(I), None, invite(I, I)), &Refused("I-2", "provider_equals_reseller"));
    check(partners(), (agent(I), None, invite(I, Q)), &Refused("I-3", "not_an_indirect_reseller"));
    let active = partners().with_partnership();
    check(active, (agent(I), None, invite(I, IR)), &Refused("I-1", "partnership_already_active"));
    check(partners(), (app(I), None, invite(I, IR)), &Happens(&["PartnerInvited"]));
}

#[test]
fn the_reseller_accepts_what_it_was_invited_to() {
    check(invited(), (agent(I), None, accept(I, IR)), &Refused("I-1", "actor_not_party"));
    check(partners(), (agent(IR), None, accept(I, IR)), &Refused("I-1", "no_partnership_invitation"));
    check(invited(), (agent(P), None, accept(I, P)), &Refused("I-3", "not_an_indirect_reseller"));
    check(invited(), (agent(IR), None, accept(P, IR)), &Refused("I-1", "only_provider_may_invite"));
    let story = check(invited(), (agent(IR), None, accept(I, IR)), &Happens(&["PartnerRelationshipCreated"]));
    for side in [I, IR] {
        let account = story.partner(side);
        let partnership = account.partnerships.values().next().unwrap();
        assert!(partnership.is_active());
        assert_eq!(partnership.reseller_partner_id.as_ref().map(ToString::to_string), Some("1000004".to_owned()));
    }
    check(story, (agent(IR), None, accept(I, IR)), &Refused("I-1", "partnership_already_active"));
}

#[test]
fn a_reseller_in_a_partnership_is_enrolled_and_near() {
    let dormant =
        invited().about_partner(IR, json!({"type": "PartnerUpdated", "partner": IR, "programme": "not_active"}));
    check(dormant, (agent(IR), None, accept(I, IR)), &Refused("I-3", "reseller_programme_not_active"));
    let abroad = invited().about_partner(IR, json!({"type": "PartnerUpdated", "partner": IR, "markets": ["DE"]}));
    check(abroad, (agent(IR), None, accept(I, IR)), &Refused("I-1", "partnership_market_mismatch"));
    let silent = invited().about_partner(IR, json!({"type": "PartnerUpdated", "partner": IR, "markets": []}));
    check(silent, (agent(IR), None, accept(I, IR)), &Happens(&["PartnerRelationshipCreated"]));
}

#[test]
fn a_reseller_in_a_partnership_has_accepted_its_agreement() {
    let unsigned =
        invited().about_partner(IR, json!({"type": "PartnerObserved", "partner": IR, "agreement_signed": false}));
    check(unsigned, (agent(IR), None, accept(I, IR)), &Refused("I-4", "partner_agreement_missing"));
}

#[test]
fn ending_a_partnership_touches_no_customer() {
    let given =
        || partners().with_partnership().reseller(I).dap(IR, json!("all")).sold(I, crate::story::S1, "legacy_license");
    check(given(), (agent(P), None, remove(I, IR)), &Refused("I-1", "actor_not_party"));
    check(given(), (admin(C), None, remove(I, IR)), &Refused("I-1", "actor_not_party"));
    check(partners(), (agent(I), None, remove(I, IR)), &Refused("I-7", "partnership_not_active"));
    for side in [I, IR] {
        let before = given().customer();
        let story = check(given(), (agent(side), None, remove(I, IR)), &Happens(&["PartnerRelationshipRemoved"]));
        assert_eq!(story.customer(), before);
        check(story, (agent(side), None, remove(I, IR)), &Refused("I-7", "partnership_not_active"));
    }
}

#[test]
fn a_partnership_can_begin_again() {
    let story = check(
        partners().with_partnership(),
        (agent(I), None, remove(I, IR)),
        &Happens(&["PartnerRelationshipRemoved"]),
    );
    let story = check(story, (agent(IR), None, accept(I, IR)), &Refused("I-1", "no_partnership_invitation"));
    let story = check(story, (agent(I), None, invite(I, IR)), &Happens(&["PartnerInvited"]));
    check(story, (agent(IR), None, accept(I, IR)), &Happens(&["PartnerRelationshipCreated"]));
}

#[test]
fn observed_facts_about_two_accounts_do_not_share_an_entry() {
    let seen = |partner: &str| json!({"type": "PartnerObserved", "partner": partner, "name": "Seen"});
    let observe = |events: Vec<Value>| json!({"type": "RecordObservation", "events": events});
    let importer = || of_kind(ActorKind::Importer);
    let refused = Refused("L-12", "subject_mismatch");
    check(partners(), (importer(), None, observe(vec![seen(P), seen(Q)])), &refused);
    let pair = json!({"type": "PartnerRelationshipCreated", "provider": I, "reseller": IR});
    check(partners(), (importer(), None, observe(vec![seen(I), pair])), &refused);
}
