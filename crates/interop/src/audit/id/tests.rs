//! Tests of taking audit ids apart.

use super::AuditId;

#[test]
fn the_ticks_of_an_id_are_its_instant() {
    let id = "0a0b0c0d-0001-4000-8000-00000000000a_0a0b0c0d-0001-4000-8000-000000000001_ab_c1_createorder_637346662909268372";
    let parsed = AuditId::parse(id).unwrap();
    assert_eq!(parsed.operation, "createorder");
    assert_eq!(parsed.at.unwrap().to_string(), "2020-09-02T17:58:10.9268372Z");
    assert!(parsed.partner.is_some() && parsed.customer.is_some());
}

#[test]
fn a_text_that_is_no_audit_id_is_none() {
    for text in ["", "x", "a_b", "a_b_c", "a_b_99999999999999999999999"] {
        assert_eq!(AuditId::parse(text), None, "{text}");
    }
}
