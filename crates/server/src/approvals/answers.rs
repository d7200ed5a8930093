//! What is answered about approvals: who may ask, who may answer, and how the command is submitted once both have.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{HeaderMap, LOCATION};
use ofrecord_core::{CommandId, Timestamp};
use ofrecord_ledger::Receipt;
use ofrecord_log::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::WAITS_DAYS;
use super::kept::Put;
use super::record::{Answered, Approval, ApprovalState, AskedFor, Verdict, named_approver, read};
use crate::access::{Caller, Principal};
use crate::asked::Asked;
use crate::commands;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::refuse_other_pages;

/// Longest reason that is given for an answer, in characters.
const REASON_CHARS_MAX: usize = 1_000;
/// Who approves, as long as nobody did: the command is read with it, and never submitted.
const NOBODY_YET: &str = "nobody yet";

/// What is asked about approvals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Approving {
    /// That something happens once somebody else approves.
    Ask,
    /// All of them.
    All,
    /// One of them.
    One,
    /// That one is answered.
    Answer(Verdict),
}

/// An approval, as it is told.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    /// Its id, which is that of the command.
    pub(crate) id: CommandId,
    /// Where it stands.
    pub(crate) state: ApprovalState,
    /// Who asked.
    pub(crate) asked_by: String,
    /// When.
    pub(crate) asked_at: Timestamp,
    /// From when on it can be answered no more.
    pub(crate) expires_at: Timestamp,
    /// The command, with its actor.
    pub(crate) submission: Map<String, Value>,
    /// Who answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answered_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answered_at: Option<Timestamp>,
    /// Why, where that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// What came of the command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    /// The position of its entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<u64>,
    /// The code on which it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// What the entry names, once it was answered: text, and its SHA-256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<Record>,
}

/// What an entry names of an approval.
#[derive(Debug, Serialize)]
pub(crate) struct Record {
    text: String,
    sha256: Hash,
}

/// All of them.
#[derive(Debug, Serialize)]
struct All {
    approvals: Vec<Told>,
}

/// Why something is refused or withdrawn.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    #[serde(default)]
    reason: Option<String>,
}

impl Told {
    /// Whether somebody has yet to do something about it.
    pub(crate) fn is_unsettled(&self) -> bool {
        match self.state {
            ApprovalState::Waiting | ApprovalState::Approved => true,
            ApprovalState::Expired | ApprovalState::Decided | ApprovalState::Refused | ApprovalState::Withdrawn => {
                false
            }
        }
    }

    /// Whether somebody can answer it so: whoever asked withdraws, and anybody else approves or refuses.
    pub(crate) fn is_open_to(&self, caller: &Caller, verdict: Verdict) -> bool {
        let asked_it = caller.name().is_some_and(|name| is_same_person(name, &self.asked_by));
        match (self.state, verdict) {
            (ApprovalState::Waiting, Verdict::Withdrawn) => asked_it,
            (ApprovalState::Waiting, Verdict::Approved | Verdict::Refused) => !asked_it,
            (ApprovalState::Approved, Verdict::Approved) => caller.name() == self.answered_by.as_deref(),
            (ApprovalState::Approved, Verdict::Refused | Verdict::Withdrawn)
            | (
                ApprovalState::Expired | ApprovalState::Decided | ApprovalState::Refused | ApprovalState::Withdrawn,
                _,
            ) => false,
        }
    }
}

/// Answers what is asked about approvals.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    approving: Approving,
    caller: Caller,
    asked: Asked,
    (headers, body): (HeaderMap, Vec<u8>),
) -> Result<Reply, Problem> {
    match approving {
        Approving::Ask => ask(&shared, &caller, &headers, &body).await,
        Approving::All => {
            let of = Arc::clone(&shared);
            Ok(Reply::json(&All { approvals: shared.in_turn(move || all(&of)).await? })?.not_kept())
        }
        Approving::One => {
            let (of, id) = (Arc::clone(&shared), asked.needed("approval")?);
            let told = shared.in_turn(move || Ok(told(&of.approvals.one(id)?, of.ledger.clock().now()))).await?;
            Ok(Reply::json(&told)?.not_kept())
        }
        Approving::Answer(verdict) => {
            refuse_other_pages(&headers)?;
            let id = asked.needed("approval")?;
            let why: Why = match verdict {
                Verdict::Approved => Why::default(),
                Verdict::Refused | Verdict::Withdrawn => {
                    serde_json::from_slice(&body).map_err(|error| Problem::malformed("the body", &error))?
                }
            };
            match answered(&shared, &caller, id, (verdict, why.reason)).await? {
                Some(receipt) => commands::answer(receipt),
                None => {
                    let (of, now) = (Arc::clone(&shared), shared.ledger.clock().now());
                    Ok(Reply::json(&shared.in_turn(move || Ok(told(&of.approvals.one(id)?, now))).await?)?)
                }
            }
        }
    }
}

/// Every approval, the one asked for last first.
pub(crate) fn all(shared: &Shared) -> Result<Vec<Told>, Problem> {
    let now = shared.ledger.clock().now();
    Ok(shared.approvals.all()?.iter().map(|approval| told(approval, now)).collect())
}

/// Lets a command wait for somebody else.
async fn ask(shared: &Arc<Shared>, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Problem> {
    refuse_other_pages(headers)?;
    let principal = one_of_two(caller)?;
    let mut submission = commands::document(body)?;
    commands::take_headers(&mut submission, headers)?;
    if !submission.contains_key("command_id") {
        submission.insert("command_id".to_owned(), Value::from(commands::drawn_id()?.to_string()));
    }
    let officer = || json!({"kind": "operator", "user": principal.name, "role": "compliance_officer"});
    submission.entry("actor").or_insert_with(officer);
    let request = read(&submission, NOBODY_YET).map_err(|error| Problem::not_a_command(error.to_string()))?;
    if let Some(hindrance) = caller.hindrance(&request) {
        return Err(Problem::forbidden(&hindrance));
    }
    if !caller.needs_approval(request.command.command()) {
        return Err(Problem::not_a_command("command: it takes one person; submit it".to_owned()));
    }
    if named_approver(&submission).is_some_and(|named| is_same_person(named, &principal.name)) {
        return Err(Problem::forbidden(&"`approved_by` is who asks"));
    }
    let now = shared.ledger.clock().now();
    let asked_for = AskedFor {
        approval: request.command_id,
        asked_by: principal.name.clone(),
        asked_at: now,
        expires_at: now.plus_days(WAITS_DAYS),
        submission,
    };
    let of = Arc::clone(shared);
    let put = shared.in_turn(move || of.approvals.put(asked_for)).await?;
    let (status, approval) = match put {
        Put::New(approval) => (StatusCode::CREATED, approval),
        Put::Known(approval) => (StatusCode::OK, approval),
    };
    let place = format!("/v1/approvals/{}", approval.asked.approval);
    Ok(Reply::json(&told(&approval, now))?.with_status(status).with_header(LOCATION, &place))
}

/// Answers an approval; gives the receipt of its command where it was approved.
pub(crate) async fn answered(
    shared: &Arc<Shared>,
    caller: &Caller,
    id: CommandId,
    (verdict, reason): (Verdict, Option<String>),
) -> Result<Option<Receipt>, Problem> {
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        return Err(Problem::malformed("reason", &format_args!("it has more than {REASON_CHARS_MAX} characters")));
    }
    let (by, now, of) = (one_of_two(caller)?.clone(), shared.ledger.clock().now(), Arc::clone(shared));
    let change = move |approval: &mut Approval| take(approval, &by, (verdict, reason), now);
    let approval = shared.in_turn(move || of.approvals.change(id, change)).await?;
    if verdict != Verdict::Approved {
        return Ok(None);
    }
    // Where the server ends here, the command is approved and not submitted: whoever approved does so again.
    let request = approval.request().map_err(|error| Problem::not_a_command(error.to_string()))?;
    let receipt = commands::recorded(shared, request).await?;
    let (of, ended) = (Arc::clone(shared), receipt.clone());
    let noted = move |approval: &mut Approval| {
        if approval.came_of.is_some() {
            return Ok(());
        }
        approval.end(&ended).map_err(|error| Problem::internal("write an approval", &error))
    };
    if let Err(problem) = shared.in_turn(move || of.approvals.change(id, noted)).await {
        // The log has the entry; approving again finds it there.
        tracing::warn!(%id, cause = problem.cause(), "what came of an approval is not kept");
    }
    Ok(Some(receipt))
}

/// Notes an answer, where it may be given: by somebody else, in time, and once.
fn take(
    approval: &mut Approval,
    by: &Principal,
    (verdict, reason): (Verdict, Option<String>),
    now: Timestamp,
) -> Result<(), Problem> {
    let asked_it = is_same_person(&by.name, &approval.asked.asked_by);
    match verdict {
        Verdict::Approved | Verdict::Refused if asked_it => {
            return Err(Problem::forbidden(&"it takes a second person: whoever asked does not answer"));
        }
        Verdict::Withdrawn if !asked_it => {
            return Err(Problem::forbidden(&"whoever asked withdraws it, and nobody else"));
        }
        Verdict::Approved if approval.names_another_than(&by.name) => {
            return Err(Problem::forbidden(&"`approved_by` names somebody else"));
        }
        Verdict::Approved | Verdict::Refused | Verdict::Withdrawn => {}
    }
    let state = approval.state(now);
    let approved_it = approval.answered.as_ref().is_some_and(|answered| answered.answered_by == by.name);
    if state == ApprovalState::Approved && verdict == Verdict::Approved && approved_it {
        return Ok(());
    }
    if state != ApprovalState::Waiting {
        let why = format!("it is {}, so there is nothing to {}", state.word(), verdict.word());
        return Err(Problem::not_here("approval_state", &why));
    }
    let answered = Answered { verdict, answered_by: by.name.clone(), answered_at: now, reason };
    approval.answer(answered).map_err(|error| Problem::internal("write an approval", &error))?;
    // Before it is kept: what cannot be submitted cannot be approved.
    approval.request().map(drop).map_err(|error| Problem::not_a_command(error.to_string()))
}

/// Somebody who has a name; where nobody is asked for one, no two persons can be told apart.
fn one_of_two(caller: &Caller) -> Result<&Principal, Problem> {
    match caller {
        Caller::Known(principal) => Ok(principal),
        Caller::Anybody | Caller::Nobody => Err(Problem::not_here(
            "approvals_need_names",
            "this server asks nobody who is there, so that nothing here takes two persons; submit the command",
        )),
    }
}

/// Whether two names are of one person, as rule L-19 tells persons apart: whatever the case of the letters. It does not
/// matter by which token or session either of them is known.
fn is_same_person(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn told(approval: &Approval, now: Timestamp) -> Told {
    let AskedFor { approval: id, asked_by, asked_at, expires_at, submission } = approval.asked.clone();
    let answered = approval.answered.clone();
    let came_of = approval.came_of.clone();
    let record = answered.is_some().then(|| {
        let text = approval.record();
        Record { sha256: Hash::of(text.as_bytes()), text }
    });
    Told {
        id,
        state: approval.state(now),
        asked_by,
        asked_at,
        expires_at,
        submission,
        answered_by: answered.as_ref().map(|answered| answered.answered_by.clone()),
        answered_at: answered.as_ref().map(|answered| answered.answered_at),
        reason: answered.and_then(|answered| answered.reason),
        outcome: came_of.as_ref().map(|came_of| came_of.outcome.clone()),
        position: came_of.as_ref().and_then(|came_of| came_of.position),
        code: came_of.and_then(|came_of| came_of.code),
        record,
    }
}
