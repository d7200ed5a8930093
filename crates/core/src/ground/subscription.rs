//! Grounds on agreements, orders, subscriptions and partners of record (families B, U, and the rest of I and S).

use super::grounds;
use crate::refusal::Upstream;

grounds! {
    /// The asking partner does not own the subscription.
    PARTNER_DOES_NOT_OWN_SUBSCRIPTION = "S-3", "partner_does_not_own_subscription", Some(Upstream { status: 403, code: 20_002 }),
        "only the partner who owns the subscription may change it; a reseller relationship gives no right over another partner's subscription";
}
