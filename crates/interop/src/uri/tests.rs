//! Tests of reading addresses.

use ofrecord_core::CustomerId;

use super::{id_after, parameter, text_after};

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
