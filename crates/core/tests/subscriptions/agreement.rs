//! Customer agreements: rules B-3, B-4, B-5 and B-11.

use ofrecord_core::{ActorKind, Cloud};
use serde_json::{Value, json};

use crate::shop::{C, I, IR, LATER, P, Q, admin, agent, app, events_of, happens, of_kind, refused, without_agreement};
use crate::story::Story;

const CONFIRMED: &[&str] = &["CustomerAgreementConfirmed"];

fn attest() -> Value {
    json!({"type": "ConfirmCustomerAgreement", "agreement_type": "MicrosoftCustomerAgreement",
        "date_agreed": "2024-05-31T00:00:00Z", "method": "attested"})
}

fn accept() -> Value {
    crate::shop::with(attest(), json!({"method": "direct"}))
}

fn given() -> Story {
    without_agreement(Cloud::Worldwide)
}

#[test]
fn an_agreement_is_attested_by_a_person_of_a_transacting_partner() {
    refused(given(), LATER, admin(C), attest(), ("B-4", "actor_not_party"));
    refused(given(), LATER, of_kind(ActorKind::Operator), attest(), ("B-4", "actor_not_party"));
    refused(given(), LATER, app(Q), attest(), ("B-4", "app_user_required"));
    refused(given(), LATER, agent(C), attest(), ("R-1", "partner_not_registered"));
    refused(given(), LATER, agent(IR), attest(), ("B-4", "only_direct_or_provider"));
    happens(given(), LATER, agent(Q), attest(), CONFIRMED);
    let (_, events) = events_of(given(), LATER, agent(I), attest());
    assert_eq!(events[0].partner().unwrap().to_string(), I);
}

#[test]
fn only_the_customer_accepts_directly() {
    refused(given(), LATER, agent(Q), accept(), ("B-11", "only_customer_accepts_directly"));
    refused(given(), LATER, admin(Q), accept(), ("B-11", "only_customer_accepts_directly"));
    let (_, events) = events_of(given(), LATER, admin(C), accept());
    assert_eq!(events[0].partner(), None);
}

#[test]
fn an_agreement_is_not_made_in_the_future() {
    let tomorrow = crate::shop::with(attest(), json!({"date_agreed": "2024-06-02T00:00:00Z"}));
    refused(given(), LATER, agent(Q), tomorrow, ("B-3", "date_in_future"));
    let today = crate::shop::with(attest(), json!({"date_agreed": LATER}));
    happens(given(), LATER, agent(Q), today, CONFIRMED);
}

#[test]
fn a_second_confirmation_of_the_same_type_is_refused() {
    let attested = || happens(given(), LATER, agent(Q), attest(), CONFIRMED);
    refused(attested(), LATER, agent(Q), attest(), ("B-5", "agreement_already_confirmed"));
    happens(attested(), LATER, agent(P), attest(), CONFIRMED);
    let other_type = crate::shop::with(attest(), json!({"agreement_type": "MicrosoftCloudAgreement"}));
    happens(attested(), LATER, agent(Q), other_type, CONFIRMED);
    let accepted = || happens(attested(), LATER, admin(C), accept(), CONFIRMED);
    refused(accepted(), LATER, admin(C), accept(), ("B-5", "agreement_already_confirmed"));
    refused(accepted(), LATER, agent(P), attest(), ("B-5", "agreement_already_confirmed"));
}

#[test]
fn words_that_a_rule_on_agreements_reads_must_be_published() {
    for field in ["method", "agreement_type"] {
        let asked = crate::shop::with(attest(), json!({field: "handshake"}));
        refused(given(), LATER, agent(Q), asked, ("L-8", "value_not_recognised"));
    }
}
