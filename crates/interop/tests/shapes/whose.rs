//! Through whose Partner Center, and at which instant: a partner sees its own, and time does what it does.

use ofrecord_core::PartnerTenantId;
use ofrecord_interop::write::{self, Seen};
use serde_json::Value;

use crate::fold::{Folded, at};
use crate::sources::fixtures;

fn folded(name: &str) -> Folded {
    Folded::of(name, &std::fs::read(fixtures().join("shapes").join(name)).expect("a fixture"))
}

fn other() -> PartnerTenantId {
    "0a000000-0000-4000-8000-0000000000a9".parse().unwrap()
}

fn value(shape: &write::Shape, name: &str) -> Option<Value> {
    serde_json::to_value(shape).unwrap().get(name).cloned()
}

#[test]
fn a_partner_sees_its_own_subscriptions_and_nobody_elses() {
    let folded = folded("subscription_new_commerce.json");
    let own = folded.seen().remove(0);
    for (by, count) in [(own.by, 1), (None, 1), (Some(other()), 0)] {
        let seen = Seen { by, ..own };
        assert_eq!(write::subscriptions(&seen).count(), count, "{by:?}");
        let id = *own.state.subscriptions.by_id.keys().next().unwrap();
        assert_eq!(write::subscription(&seen, id).is_some(), count == 1, "{by:?}");
    }
}

#[test]
fn the_status_is_the_one_of_the_instant() {
    let folded = folded("subscription_new_commerce.json");
    let own = folded.seen().remove(0);
    for (as_of, status) in [("2024-06-01", "active"), ("2025-03-04", "expired"), ("2025-12-31", "deleted")] {
        let shape = write::subscriptions(&Seen { as_of: at(as_of), ..own }).next().map(|(_, shape)| shape).unwrap();
        assert_eq!(value(&shape, "status"), Some(Value::from(status)), "{as_of}");
    }
}

#[test]
fn what_holds_for_one_partner_is_said_to_that_partner_only() {
    let folded = folded("customer_advised.json");
    let own = folded.seen().remove(0);
    let told = |by: Option<PartnerTenantId>, name: &str| value(&write::customer(&Seen { by, ..own }), name);
    assert_eq!(told(own.by, "relationshipToPartner"), Some(Value::from("advisor")));
    assert_eq!(told(Some(other()), "relationshipToPartner"), Some(Value::from("none")));
    assert_eq!(told(None, "relationshipToPartner"), None);
    for name in ["allowDelegatedAccess", "associatedPartnerId"] {
        assert!(told(own.by, name).is_some(), "{name}");
        assert_eq!((told(Some(other()), name), told(None, name)), (None, None), "{name}");
    }
    assert!(write::stands_in_list(own.state, own.by.unwrap()));
    assert!(!write::stands_in_list(own.state, other()));
}

#[test]
fn a_customers_reseller_is_seen_by_the_provider_it_resells_through() {
    let folded = folded("resellers_of_customer.json");
    let (own, partners) = (folded.seen().remove(0), folded.partners());
    for (by, count) in [(own.by, 1), (None, 1), (Some(other()), 0)] {
        assert_eq!(write::resellers_of_customer(&Seen { by, ..own }, &partners).len(), count, "{by:?}");
    }
}

#[test]
fn a_relationship_that_stands_has_no_answer_to_a_removal() {
    let folded = folded("customer.json");
    let own = folded.seen().remove(0);
    assert_eq!(write::relationship_removed(&own), None);
    assert_eq!(write::relationship_removed(&Seen { by: None, ..own }), None);
}
