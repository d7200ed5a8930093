//! How approvals are described: what is sent, what is answered, and what is wrong with either.

use utoipa::openapi::ArrayBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::{Field, named};
use crate::approvals::{Approving, Verdict};

/// What is asked for.
pub(super) const ASKED_FOR: &[Field] = &[
    ("command_id", Type::String, "The command's id, a GUID, and the approval's; without it, one is drawn."),
    ("actor", Type::Object, "Who asks; without it, the compliance officer of the token."),
    ("customer", Type::String, "The customer that it is about, where it is about one."),
    ("effective_at", Type::String, "When it becomes true; without it, when it is approved."),
    ("expected_version", Type::Integer, "The version of the stream that it is conditioned on."),
    ("evidence", Type::Array, "What it rests on, beside the approval."),
    ("command", Type::Object, "The command: `type`, and the fields of that type; `approved_by` may be left out."),
];

/// Why something is refused or withdrawn.
pub(super) const WHY: &[Field] = &[("reason", Type::String, "Why, for whoever reads the record.")];

/// An approval.
pub(super) const APPROVAL: &[Field] = &[
    ("id", Type::String, "Its id, which is that of the command."),
    ("state", Type::String, "`waiting`, `expired`, `approved`, `decided`, `refused` or `withdrawn`."),
    ("asked_by", Type::String, "Who asked."),
    ("asked_at", Type::String, "When."),
    ("expires_at", Type::String, "From when on it can be answered no more."),
    ("submission", Type::Object, "The command with its actor, as it is submitted."),
    ("answered_by", Type::String, "Who answered."),
    ("answered_at", Type::String, "When."),
    ("reason", Type::String, "Why, where that was said."),
    ("outcome", Type::String, "What came of the command: `accepted`, `refused`, `repeated` or `conflict`."),
    ("position", Type::Integer, "Where its entry stands."),
    ("code", Type::String, "The code on which it was refused."),
    ("record", Type::Object, "What the entry names: `text`, and `sha256` of it."),
];

/// The fields that every approval has.
pub(super) const ALWAYS: &[&str] = &["id", "state", "asked_by", "asked_at", "expires_at", "submission"];

/// All of them.
pub(super) fn all() -> ObjectBuilder {
    ObjectBuilder::new().property("approvals", ArrayBuilder::new().items(named("Approval"))).required("approvals")
}

/// What can be wrong with what is asked about approvals.
pub(super) fn problems(approving: Approving) -> &'static [(&'static str, &'static str)] {
    match approving {
        Approving::Ask => &[
            ("400", "No command, or one that takes one person; the detail names the field."),
            ("409", "Nobody here is asked who is there, or the id was taken for something else."),
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
            ("503", "As many wait already as may."),
        ],
        Approving::All => &[],
        Approving::One => &[("400", "The id is none."), ("404", "Nothing of this id was asked for.")],
        Approving::Answer(Verdict::Approved) => &[
            ("400", "The id is none."),
            ("404", "Nothing of this id was asked for."),
            ("409", "It does not wait, or the command conflicts with what is recorded."),
            ("422", "A rule refuses the command, which is recorded."),
            ("503", "Nothing was written; approve it again."),
            ("504", "It may have been recorded; approve it again."),
        ],
        Approving::Answer(Verdict::Refused | Verdict::Withdrawn) => &[
            ("400", "The id or the body is none."),
            ("404", "Nothing of this id was asked for."),
            ("409", "It does not wait."),
            ("413", "The body is too long."),
            ("415", "The body is of another media type."),
        ],
    }
}
