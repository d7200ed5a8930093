//! Grounds on relationships, delegated administration and partner accounts (families S, R, M, D, I).

use super::grounds;
use crate::refusal::Upstream;

grounds! {
    /// The partner's account is suspended.
    PARTNER_ACCOUNT_SUSPENDED = "R-1", "partner_account_suspended", None,
        "the partner's account is suspended; it may manage what exists but cannot request relationships, create customers or sell";
    /// There is no reseller relationship to act on.
    NO_RESELLER_RELATIONSHIP = "D-2", "no_reseller_relationship", Some(Upstream { status: 403, code: 20_002 }),
        "the partner has no reseller relationship with the customer";
}
