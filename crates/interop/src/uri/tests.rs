//! Tests of reading addresses.

use ofrecord_core::CustomerId;

use super::{granular_relationship, id_after, parameter, text_after};

#[test]
fn identifiers_are_found_after_their_segment() {
    let uri = "https://api.example.com/v1/Customers/0a0b0c0d-0001-4000-8000-000000000001/subscriptions/x?key=y";
    assert!(id_after::<CustomerId>(uri, "customers").is_some());
    assert_eq!(text_after(uri, "subscriptions"), Some("x"));
    assert_eq!(id_after::<CustomerId>(uri, "subscriptions"), None);
    assert_eq!(text_after("/customers/", "customers"), None);
}

#[test]
fn parameters_are_found_in_any_case_and_end_before_the_fragment() {
    let uri = "https://admin.example.com/x?invType=A&PartnerId=p&DAP=true#/BillingAccounts?DAP=false";
    assert_eq!(parameter(uri, "partnerid"), Some("p"));
    assert_eq!(parameter(uri, "dap"), Some("true"));
    assert_eq!(parameter(uri, "msppId"), None);
}

#[test]
fn the_last_relationship_of_a_text_is_found_wherever_it_stands() {
    const ONE: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";
    const OTHER: &str = "1041ef52-a99b-4245-a3be-cbd3fa7c5ed1-8777b240-c6f0-4469-9e98-a3205431b836";
    for text in [
        ONE.to_owned(),
        ONE.to_ascii_uppercase(),
        format!("#tenantRelationships/delegatedAdminRelationships('{ONE}')/accessAssignments/$entity"),
        format!("https://graph.example.com/delegatedAdminRelationships/{ONE}/requests?$skiptoken=a"),
        format!("gdap/{OTHER}/accessAssignments-{ONE}.json"),
        format!("face-{ONE}-face.json"),
    ] {
        assert_eq!(granular_relationship(&text).map(|id| id.to_string()).as_deref(), Some(ONE), "{text}");
    }
    for text in ["", &ONE[..72], &format!("a{ONE}"), &format!("{ONE}0"), &ONE[37..], "relationship"] {
        assert_eq!(granular_relationship(text), None, "{text}");
    }
}
