//! What is known of customers, and the reseller a provider associates with one (rules R-15, I-8).

use ofrecord_core::ActorKind;
use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Story, Then::*, admin, agent, check, of_kind, partner_id};

fn partners() -> Story {
    Story::in_china().with_partners()
}

fn register() -> Value {
    json!({"type": "RegisterCustomer", "name": "Contoso", "market": "CN"})
}

#[test]
fn a_customer_is_registered_once_and_by_the_ledger() {
    for actor in [agent(P), admin(C), of_kind(ActorKind::Microsoft)] {
        check(partners(), (actor.clone(), Some(C), register()), &Refused("L-12", "only_registrar"));
        let update = json!({"type": "UpdateCustomer", "name": "Contoso"});
        check(partners(), (actor, Some(C), update), &Refused("L-12", "only_registrar"));
    }
    let operator = || of_kind(ActorKind::Operator);
    let mut moon = register();
    moon["tenant_type"] = json!("moon");
    check(partners(), (operator(), Some(C), moon), &Refused("L-8", "value_not_recognised"));
    let story = check(partners(), (operator(), Some(C), register()), &Happens(&["CustomerRegistered"]));
    check(story, (operator(), Some(C), register()), &Refused("R-15", "customer_already_registered"));
    let seen = partners().about_customer(C, json!({"type": "CustomerObserved", "name": "Contoso"}));
    check(seen, (operator(), Some(C), register()), &Happens(&["CustomerRegistered"]));
}

#[test]
fn only_what_differs_of_a_customer_is_recorded() {
    let operator = || of_kind(ActorKind::Operator);
    let update = |fields: Value| {
        let mut command = json!({"type": "UpdateCustomer"});
        for (name, value) in fields.as_object().unwrap() {
            command[name] = value.clone();
        }
        command
    };
    let name = || update(json!({"name": "Contoso"}));
    check(partners(), (operator(), Some(C), name()), &Refused("R-15", "customer_not_registered"));
    let known = || check(partners(), (operator(), Some(C), register()), &Happens(&["CustomerRegistered"]));
    check(known(), (operator(), Some(C), name()), &Happens(&[]));
    check(known(), (operator(), Some(C), update(json!({"market": "DE"}))), &Happens(&["CustomerProfileChanged"]));
    for wrong in [json!({"tenant_type": "moon"}), json!({"account_status": "moon"})] {
        check(known(), (operator(), Some(C), update(wrong)), &Refused("L-8", "value_not_recognised"));
    }
}

fn associate(partner: &str, id: Value) -> Value {
    let mut command = json!({"type": "SetAssociatedPartner", "partner": partner});
    command["associated_partner_id"] = id;
    command
}

#[test]
fn only_an_indirect_provider_associates_a_reseller() {
    let given = || partners().with_partnership().reseller(I).reseller(P);
    let ir = || json!("1000004");
    check(given(), (agent(P), Some(C), associate(I, ir())), &Refused("I-8", "actor_not_party"));
    check(given(), (agent(P), Some(C), associate(P, ir())), &Refused("I-8", "only_indirect_provider"));
    check(given(), (agent(IR), Some(C), associate(IR, ir())), &Refused("I-8", "only_indirect_provider"));
    let stranger = "d0000000-0000-0000-0000-00000000000d";
    check(given(), (agent(stranger), Some(C), associate(stranger, ir())), &Refused("R-1", "partner_not_registered"));
    let unrelated = partners().with_partnership();
    check(unrelated, (agent(I), Some(C), associate(I, ir())), &Refused("I-8", "no_reseller_relationship"));
    let create = |partner: &str| {
        json!({"type": "CreateCustomer", "partner": partner, "name": "C", "domain": "c.example", "market": "CN",
            "associated_partner_id": "1000004"})
    };
    check(partners(), (agent(P), Some(C), create(P)), &Refused("I-8", "only_indirect_provider"));
    check(partners().with_partnership(), (agent(I), Some(C), create(I)), &Happens(&["CustomerAdded"]));
    check(partners(), (agent(I), Some(C), create(I)), &Refused("I-1", "not_valid_indirect_reseller"));
}

#[test]
fn the_reseller_associated_is_a_partner_of_the_provider() {
    let given = || partners().with_partnership().reseller(I);
    let own = Refused("I-2", "provider_cannot_be_partner_on_record");
    check(given(), (agent(I), Some(C), associate(I, json!("1000003"))), &own);
    let unknown = Refused("I-1", "not_valid_indirect_reseller");
    check(given(), (agent(I), Some(C), associate(I, json!("9999999"))), &unknown);
    let set = Happens(&["AssociatedPartnerChanged"]);
    let story = check(given(), (agent(I), Some(C), associate(I, json!("1000004"))), &set);
    let story = check(story, (agent(I), Some(C), associate(I, json!("1000004"))), &Happens(&[]));
    let story = check(story, (agent(I), Some(C), associate(I, json!(null))), &set);
    assert_eq!(story.customer().profile.associated_partner[&partner_id(I)].value, None);
}
