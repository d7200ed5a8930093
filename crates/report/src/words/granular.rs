//! The words of granular administration as people say them.

use ofrecord_core::Timestamp;
use ofrecord_core::vocabulary::{ApprovalBasis, GdapStatus};
use ofrecord_views::{Approved, AtEnd, AtMicrosoft, Members, ReplacedBy};

use crate::document::{Phrase, Piece, said};
use crate::palette::Tone;

/// When an access reaches its end, and what happens then.
pub(crate) fn until(until: Option<Timestamp>, at_end: Option<AtEnd>) -> Option<Phrase> {
    let then = match at_end {
        Some(AtEnd::GoesOn) => ", where it goes on by its extension",
        Some(AtEnd::NotKnown) => return Some("no source says when".into()),
        Some(AtEnd::Ends) | None => "",
    };
    until.map(|at| said![at, then].without_empty())
}

/// On what the approval of a granular relationship rests.
pub(crate) fn approved(approved: &Approved) -> Phrase {
    let basis = match &approved.basis {
        ApprovalBasis::CustomerGlobalAdmin => "a global administrator of the customer".to_owned(),
        ApprovalBasis::ImpliedByDap => "implied by DAP that was there".to_owned(),
        ApprovalBasis::MicrosoftLed => "Microsoft led the transition; the customer approved nothing".to_owned(),
        ApprovalBasis::AccountCreated => "it came with the account that the partner created".to_owned(),
        ApprovalBasis::NotStated => "no source says by whom".to_owned(),
        ApprovalBasis::Unrecognised(word) => word.to_string(),
    };
    let by = approved.by.as_ref().map(|who| said![" (", Piece::Name(who.clone()), ")"]).unwrap_or_default();
    said![basis, by, " at ", approved.at]
}

/// A status of a granular relationship with its colour.
pub(crate) fn status(status: &GdapStatus) -> Phrase {
    Piece::Mark(tone(status), word(status)).into()
}

/// A status of a granular relationship in words.
pub(crate) fn word(status: &GdapStatus) -> String {
    match status {
        GdapStatus::ApprovalPending => "approval pending".to_owned(),
        GdapStatus::TerminationRequested => "termination requested".to_owned(),
        GdapStatus::RequestExpired => "request expired".to_owned(),
        GdapStatus::Created
        | GdapStatus::Approved
        | GdapStatus::Activating
        | GdapStatus::Active
        | GdapStatus::Expiring
        | GdapStatus::Expired
        | GdapStatus::Terminating
        | GdapStatus::Terminated
        | GdapStatus::Rejected
        | GdapStatus::Deleted
        | GdapStatus::Unrecognised(_) => status.as_str().to_owned(),
    }
}

/// The colour of a status of a granular relationship: in force, being ended, over, or not there yet.
pub(crate) fn tone(status: &GdapStatus) -> Tone {
    match status {
        GdapStatus::Active => Tone::Active,
        GdapStatus::Expiring | GdapStatus::TerminationRequested | GdapStatus::Terminating => Tone::Suspended,
        GdapStatus::Expired | GdapStatus::RequestExpired => Tone::Expired,
        GdapStatus::Terminated | GdapStatus::Rejected | GdapStatus::Deleted => Tone::Deleted,
        GdapStatus::Created
        | GdapStatus::ApprovalPending
        | GdapStatus::Approved
        | GdapStatus::Activating
        | GdapStatus::Unrecognised(_) => Tone::NotSaid,
    }
}

/// What became of DAP that Microsoft ended.
pub(crate) fn replaced_by(by: ReplacedBy) -> &'static str {
    match by {
        ReplacedBy::MicrosoftLed => "the granular relationship of the transition that Microsoft led",
        ReplacedBy::Gdap => "a granular relationship",
        ReplacedBy::Dap => "DAP again",
        ReplacedBy::Nothing => "nothing, as far as the ledger shows",
    }
}

/// Whether Microsoft shows a granular relationship.
pub(crate) fn at_microsoft(shown: AtMicrosoft) -> &'static str {
    match shown {
        AtMicrosoft::Shown => "shown, as far as is known",
        AtMicrosoft::CleanedUp => "cleaned up; the ledger keeps it",
        AtMicrosoft::NoLongerShown => "no longer shown; the ledger keeps it",
    }
}

/// What is known of the members of a group.
pub(crate) fn members(members: Members) -> &'static str {
    match members {
        Members::Seen => "seen to come in",
        Members::NoneLeft => "all who were seen to come in have left",
        Members::NotKnown => "no source lists them: this is no data, not nobody",
    }
}
