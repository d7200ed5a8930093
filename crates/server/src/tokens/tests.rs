//! The file of tokens: what is no token to make, what is kept, and whose a credential is.

use std::fs;

use ofrecord_core::Timestamp;
use ofrecord_ledger::Entropy;
use ofrecord_testkit::name;

use super::{TokenError, TokenFile, TokenGrant};
use crate::access::{AccessRole, Scope};

fn now() -> Timestamp {
    "2024-06-01".parse().unwrap()
}

fn grant(name: &str) -> TokenGrant {
    let expires_at = "2024-07-01".parse().unwrap();
    TokenGrant { name: name.to_owned(), role: AccessRole::Auditor, scope: Scope::OfRole, expires_at }
}

#[track_caller]
fn refused(file: &TokenFile, grant: &TokenGrant) -> TokenError {
    file.create(grant, now(), &Entropy::System).unwrap_err()
}

#[test]
fn a_name_that_nobody_can_read_or_that_is_taken_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::in_folder(folder.path());
    for name in ["", "two\nlines", &"x".repeat(129)] {
        assert!(matches!(refused(&file, &grant(name)), TokenError::Name), "{name}");
    }
    file.create(&grant("kim"), now(), &Entropy::System).unwrap();
    assert!(matches!(refused(&file, &grant("kim")), TokenError::NameTaken { .. }));
    assert!(matches!(file.revoke("robin", now()).unwrap_err(), TokenError::Unknown { .. }));
}

#[test]
fn a_role_of_a_tenant_names_it_and_no_other_role_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::in_folder(folder.path());
    let (partner, customer) = (Scope::Partner(name::partner("P")), Scope::Customer(name::customer("C")));
    let wrong = [
        (AccessRole::PartnerUser, Scope::OfRole),
        (AccessRole::PartnerUser, customer),
        (AccessRole::CustomerAdmin, Scope::OfRole),
        (AccessRole::CustomerAdmin, partner),
        (AccessRole::Auditor, partner),
        (AccessRole::ComplianceOfficer, customer),
        (AccessRole::Operator, customer),
    ];
    for (role, scope) in wrong {
        let grant = TokenGrant { role, scope, ..grant("kim") };
        assert!(matches!(refused(&file, &grant), TokenError::Tenant { .. }), "{role:?} {scope:?}");
    }
    assert!(!file.exists());
}

#[test]
fn a_file_that_this_program_did_not_write_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::in_folder(folder.path());
    let token = file.create(&grant("kim"), now(), &Entropy::System).unwrap();
    let text = fs::read_to_string(file.path()).unwrap();
    for damaged in ["", "{}", &text.replace("auditor", "owner"), &text.replace("sha256", "sha1")] {
        fs::write(file.path(), damaged).unwrap();
        let read = TokenFile::in_folder(folder.path()).principal(&token, now());
        assert!(matches!(read, Err(TokenError::Damaged { .. })), "{damaged}: {read:?}");
    }
}

#[test]
fn the_file_knows_a_token_without_holding_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::in_folder(folder.path());
    let token = file.create(&grant("kim"), now(), &Entropy::System).unwrap();
    let text = fs::read_to_string(file.path()).unwrap();
    assert!(!text.contains(token.trim_start_matches("ofrecord_")), "{text}");
    let principal = file.principal(&token, now()).unwrap().unwrap();
    assert_eq!((principal.name.as_str(), principal.role), ("kim", AccessRole::Auditor));
    let last_instant = Timestamp::from_ticks(grant("kim").expires_at.ticks() - 1).unwrap();
    assert!(file.principal(&token, last_instant).unwrap().is_some());
    assert!(file.principal(&token, grant("kim").expires_at).unwrap().is_none());
    for other in ["", "ofrecord_", &token[1..], &format!("{token} "), &token.to_uppercase()] {
        assert_eq!(file.principal(other, now()).unwrap(), None, "{other}");
    }
    file.revoke("kim", now()).unwrap();
    assert_eq!(file.principal(&token, now()).unwrap(), None);
    let kept = file.tokens().unwrap();
    assert_eq!(kept.iter().map(|token| token.revoked_at).collect::<Vec<_>>(), [Some(now())]);
}
