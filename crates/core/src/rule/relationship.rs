//! Rules of the families S, R, M, D and I.

use super::{Kept, Rule};

/// The rules, in the order of the domain text.
pub(super) const RULES: &[Rule] = &[Rule {
    id: "R-1",
    sentence: "A partner whose account is suspended cannot request a relationship or create a customer; existing relationships stay valid.",
    kept: Kept::Refuses,
    test: "a_suspended_partner_cannot_begin_anything",
}];
