//! The routes of approvals: what each is called, what it takes, and what it needs of whoever asks.

use super::Verdict;
use super::answers::Approving;
use crate::access::Need;
use crate::reply::JSON;
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, parameter};

const APPROVAL: &[Parameter] =
    &[parameter(Place::Path, "approval", Shape::Guid, "The id of the approval, which is that of its command.")];

const fn route(
    (method, path): (Verb, &'static str),
    name: &'static str,
    says: &'static str,
    (approving, needs): (Approving, Need),
    own: &'static [Parameter],
) -> Route {
    Route { method, path, name, says, media: JSON, needs, run: Run::Approval(approving), own }
}

/// Every route of approvals.
pub(crate) static ROUTES: &[Route] = &[
    route(
        (Verb::Post, "/v1/approvals"),
        "askForApproval",
        "Ask for what takes two persons: a command that waits until another compliance officer answers.",
        (Approving::Ask, Need::Approving),
        &[parameter(Place::Header, "Idempotency-Key", Shape::Guid, "The command's id, also as `command_id`.")],
    ),
    route(
        (Verb::Get, "/v1/approvals"),
        "approvals",
        "What was asked for, the last first, and how it was answered.",
        (Approving::All, Need::AllContent),
        &[],
    ),
    route(
        (Verb::Get, "/v1/approvals/{approval}"),
        "approval",
        "One of them, with the record that the entry names.",
        (Approving::One, Need::AllContent),
        APPROVAL,
    ),
    route(
        (Verb::Post, "/v1/approvals/{approval}/approve"),
        "approve",
        "Let it happen: the command is decided, and the answer is that of a command.",
        (Approving::Answer(Verdict::Approved), Need::Approving),
        APPROVAL,
    ),
    route(
        (Verb::Post, "/v1/approvals/{approval}/refuse"),
        "refuseApproval",
        "Do not let it happen; `reason` says why.",
        (Approving::Answer(Verdict::Refused), Need::Approving),
        APPROVAL,
    ),
    route(
        (Verb::Post, "/v1/approvals/{approval}/withdraw"),
        "withdrawApproval",
        "Ask for it no more; `reason` says why.",
        (Approving::Answer(Verdict::Withdrawn), Need::Approving),
        APPROVAL,
    ),
];
