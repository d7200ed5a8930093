//! Which status Graph has for a refusal. Those of a missing and a stale tag are not published.

use axum::http::StatusCode;
use ofrecord_core::Refusal;
use ofrecord_core::ground::{granular as g, relationship as r};
use ofrecord_core::refusal::Ground;

/// By ground; every other one is a bad request.
const STATUSES: &[(StatusCode, &[&Ground])] = &[
    (StatusCode::PRECONDITION_REQUIRED, &[&g::PRECONDITION_REQUIRED, &g::ASSIGNMENT_PRECONDITION_REQUIRED]),
    (StatusCode::PRECONDITION_FAILED, &[&g::PRECONDITION_FAILED, &g::ASSIGNMENT_PRECONDITION_FAILED]),
    (StatusCode::NOT_FOUND, &[&g::GDAP_RELATIONSHIP_NOT_FOUND, &g::ASSIGNMENT_NOT_FOUND, &g::REQUEST_EXPIRED]),
    (
        StatusCode::FORBIDDEN,
        &[
            &g::ACTOR_NOT_PARTY_TO_GDAP,
            &g::ACTOR_NOT_PARTY_TO_GDAP_TERMINATION,
            &g::ONLY_CUSTOMER_MAY_APPROVE,
            &g::ONLY_RESELLER_MAY_REJECT,
            &r::CUSTOMER_GLOBAL_ADMIN_REQUIRED,
            &r::PARTNER_NOT_REGISTERED,
        ],
    ),
    (
        StatusCode::CONFLICT,
        &[
            &g::GDAP_RELATIONSHIP_EXISTS,
            &g::DISPLAY_NAME_NOT_UNIQUE,
            &g::ASSIGNMENT_EXISTS,
            &g::NOT_EDITABLE_IN_STATUS,
            &g::AUTO_EXTEND_NOT_EDITABLE_IN_STATUS,
            &g::GLOBAL_ADMINISTRATOR_NOT_REMOVABLE,
            &g::DELETE_ONLY_IN_CREATED,
            &g::INVALID_TRANSITION,
            &g::INVITATION_ALREADY_USED,
            &g::PARTNER_CONSENT_PENDING,
            &g::GDAP_NOT_ACTIVE,
            &g::RELATIONSHIP_NOT_ACTIVE,
            &g::ASSIGNMENT_NOT_LIVE,
        ],
    ),
];

/// The status of a refusal.
pub(super) fn of(refusal: &Refusal) -> StatusCode {
    let is_its = |ground: &&&Ground| ground.code == refusal.code && ground.rule == refusal.rule;
    let found = STATUSES.iter().find(|(_, grounds)| grounds.iter().any(|ground| is_its(&ground)));
    found.map_or(StatusCode::BAD_REQUEST, |(status, _)| *status)
}
