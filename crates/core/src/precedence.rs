//! For each command every ground it can be refused on, in the order in which they are checked: when two apply, the first is answered.

mod custody;
mod granular;
mod relationship;
mod subscription;
mod transfer;

use crate::refusal::Ground;

/// The grounds of a command by its name, in the order in which they are checked; none for a name that is no command's.
#[must_use]
pub fn grounds_of(command_name: &str) -> &'static [&'static Ground] {
    relationship::grounds_of(command_name)
        .or_else(|| granular::grounds_of(command_name))
        .or_else(|| subscription::grounds_of(command_name))
        .or_else(|| transfer::grounds_of(command_name))
        .or_else(|| custody::grounds_of(command_name))
        .unwrap_or_default()
}

/// Lists the grounds of commands as a function of the command's name. What is
/// checked for every command goes first (the command's id and the version that
/// the asker had seen by the ledger, not by `decide`): `any` for most, and
/// `relationship` for the commands that the four lines speak about, which may
/// not carry other things.
macro_rules! precedence {
    ($($command:literal => $first:ident [$($ground:expr),* $(,)?];)+) => {
        /// The grounds of the commands of this family; none for any other name.
        pub(super) fn grounds_of(command_name: &str) -> Option<&'static [&'static crate::refusal::Ground]> {
            Some(match command_name {
                $($command => crate::precedence::checked!($first $($ground),*),)+
                _ => return None,
            })
        }
    };
}

macro_rules! checked {
    (any $($ground:expr),*) => {
        &[
            &crate::ground::ledger::REQUEST_ID_REUSED,
            &crate::ground::ledger::COMMAND_REDACTED,
            &crate::ground::relationship::SUBJECT_MISMATCH,
            &crate::ground::ledger::WRONG_EXPECTED_VERSION,
            &crate::ground::ledger::EFFECTIVE_AT_IN_FUTURE,
            $(&$ground,)*
        ]
    };
    (relationship $($ground:expr),*) => {
        &[
            &crate::ground::ledger::REQUEST_ID_REUSED,
            &crate::ground::ledger::COMMAND_REDACTED,
            &crate::ground::relationship::SUBJECT_MISMATCH,
            &crate::ground::ledger::WRONG_EXPECTED_VERSION,
            &crate::ground::ledger::EFFECTIVE_AT_IN_FUTURE,
            &crate::ground::relationship::RELATIONSHIP_COMMAND_CANNOT_CHANGE_SUBSCRIPTION,
            &crate::ground::relationship::ACCOUNT_OWNERSHIP_NOT_IN_SCOPE,
            &crate::ground::relationship::PARTNER_OF_RECORD_NOT_CHANGED_BY_RELATIONSHIP,
            $(&$ground,)*
        ]
    };
}

use {checked, precedence};
