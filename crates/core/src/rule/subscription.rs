//! Rules of the families B, U and L.

use super::{Kept, Rule};

/// The rules, in the order of the domain text.
pub(super) const RULES: &[Rule] = &[Rule {
    id: "S-3",
    sentence: "A reseller may not change a subscription that another partner owns.",
    kept: Kept::Refuses,
    test: "only_the_owner_changes_a_subscription",
}];
