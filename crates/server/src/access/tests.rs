//! The table of roles: one line each, and a word that leads back.

use super::{AccessRole, Caller, Need, Principal, ROLES, Scope};

#[test]
fn every_role_has_one_line_and_one_word() {
    for role in AccessRole::ALL {
        assert_eq!(ROLES.iter().filter(|line| line.role == role).count(), 1, "{role:?}");
        assert_eq!(AccessRole::from_word(role.word()), Some(role));
    }
    assert_eq!(ROLES.len(), AccessRole::ALL.len());
    assert_eq!(AccessRole::from_word("owner"), None);
}

#[test]
fn a_role_that_sees_no_content_sees_no_customer() {
    let principal = Principal { name: "kim".to_owned(), role: AccessRole::Operator, scope: Scope::OfRole };
    let caller = Caller::Known(principal);
    assert!(caller.may(Need::Content).is_err());
    assert!(caller.sight(ofrecord_testkit::name::customer("C")).is_err());
}
