//! Every ground on which a command is refused: rule, stable code, Partner Center's code, and the sentence people read.

pub mod custody;
pub mod granular;
pub mod ledger;
pub mod relationship;
pub mod subscription;
pub mod transfer;

use crate::refusal::Ground;

/// All grounds, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Ground> {
    relationship::ALL
        .iter()
        .chain(granular::ALL)
        .chain(subscription::ALL)
        .chain(transfer::ALL)
        .chain(ledger::ALL)
        .chain(custody::ALL)
        .copied()
}

/// Defines grounds as constants and lists them.
macro_rules! grounds {
    ($($(#[$meta:meta])* $name:ident = $rule:literal, $code:literal, $upstream:expr, $message:literal;)+) => {
        $($(#[$meta])* pub const $name: crate::refusal::Ground =
            crate::refusal::Ground { rule: $rule, code: $code, upstream: $upstream, message: $message };)+

        /// The grounds of this family, in the order of the reference.
        pub(super) const ALL: &[&crate::refusal::Ground] = &[$(&$name,)+];
    };
}

pub(crate) use grounds;
