//! Commands: one as a JSON document, many as JSON Lines; each is decided by the ledger's writer and nowhere else.

use std::fmt::Display;

use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, IF_MATCH};
use ofrecord_core::{CommandId, Request};
use ofrecord_ledger::submission;
use ofrecord_ledger::{Entropy, NoReceipt, Receipt, ReceiptOutcome, SubmitError, Ticket};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Builder;

use crate::access::Caller;
use crate::problem::Problem;
use crate::reply::{JSON_LINES, Reply};
use crate::shared::{Shared, stopping};
use crate::traces;

/// The header that carries the command's id.
pub(crate) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Decides one command.
pub(crate) async fn one(shared: &Shared, caller: &Caller, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Problem> {
    let read = || {
        let mut command = document(body)?;
        take_headers(&mut command, headers)?;
        submission::read_value(Value::Object(command)).map_err(|error| Problem::not_a_command(error.error.to_string()))
    };
    let request = read().inspect_err(|_| shared.meter.command("invalid"))?;
    answer(decided(shared, caller, request).await?)
}

/// The document that a body holds.
pub(crate) fn document(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let value: Value =
        serde_json::from_slice(body).map_err(|error| Problem::not_a_command(format!("not JSON: {error}")))?;
    match value {
        Value::Object(command) => Ok(command),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(Problem::not_a_command("a command is one JSON object".to_owned()))
        }
    }
}

/// Has a request decided, where the caller may submit it.
pub(crate) async fn decided(shared: &Shared, caller: &Caller, request: Request) -> Result<Receipt, Problem> {
    if let Some(hindrance) = hindrance(caller, &request) {
        shared.meter.command("forbidden");
        return Err(Problem::forbidden(&hindrance));
    }
    recorded(shared, request).await
}

/// Has a request decided that somebody may submit.
pub(crate) async fn recorded(shared: &Shared, request: Request) -> Result<Receipt, Problem> {
    let decided = shared.ledger.decide(request).await;
    shared.tell_growth();
    let receipt = decided.map_err(|error| {
        shared.meter.command(error.word());
        not_recorded(&error)
    })?;
    shared.meter.command(receipt.outcome.word());
    traces::note_receipt(&receipt);
    Ok(receipt)
}

/// Why the caller may not submit a command.
fn hindrance(caller: &Caller, request: &Request) -> Option<&'static str> {
    let two = "it takes two persons: ask for it at /v1/approvals, and have another compliance officer approve it";
    caller.hindrance(request).or_else(|| caller.needs_approval(request.command.command()).then_some(two))
}

/// Decides many: a line for each, in the order of the lines, in the form of `ofrecord submit`.
pub(crate) async fn many(shared: &Shared, caller: &Caller, body: &[u8]) -> Result<Reply, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| Problem::not_a_command(error.to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines: Vec<(u64, &str)> = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()).collect();
    let most = shared.limits.batch_commands;
    if lines.len() > most {
        return Err(Problem::not_a_command(format!(
            "the batch has {} commands; at most {most} are taken",
            lines.len()
        )));
    }
    let mut underway = Vec::with_capacity(lines.len());
    for (line, text) in lines {
        underway.push((line, hand_in(shared, caller, text).await));
    }
    let mut answers = Vec::new();
    for (line, handed) in underway {
        let word = match handed {
            Ok((command_id, ticket)) => answered(&mut answers, line, command_id, ticket).await?,
            Err(NotHandedIn { command_id, outcome, error }) => {
                put(&mut answers, &NoReceipt { command_id, outcome, line, error: &error })?;
                outcome
            }
        };
        shared.meter.command(word);
    }
    shared.tell_growth();
    Ok(Reply::bytes(JSON_LINES, answers))
}

/// A line of a batch that never came before the ledger.
struct NotHandedIn {
    command_id: Option<CommandId>,
    outcome: &'static str,
    error: String,
}

async fn hand_in(
    shared: &Shared,
    caller: &Caller,
    text: &str,
) -> Result<(CommandId, Result<Ticket, SubmitError>), NotHandedIn> {
    let request = submission::read(text).map_err(|invalid| NotHandedIn {
        command_id: invalid.command_id,
        outcome: "invalid",
        error: invalid.error.to_string(),
    })?;
    if let Some(hindrance) = hindrance(caller, &request) {
        let command_id = Some(request.command_id);
        return Err(NotHandedIn { command_id, outcome: "forbidden", error: hindrance.to_owned() });
    }
    Ok((request.command_id, shared.ledger.hand_in(request).await))
}

/// Writes the line of a command that was handed in, and gives the word for what became of it.
async fn answered(
    answers: &mut Vec<u8>,
    line: u64,
    command_id: CommandId,
    ticket: Result<Ticket, SubmitError>,
) -> Result<&'static str, Problem> {
    let receipt = match ticket {
        Ok(ticket) => ticket.received().await,
        Err(error) => Err(error),
    };
    match receipt {
        Ok(receipt) => {
            put(answers, &receipt)?;
            Ok(receipt.outcome.word())
        }
        Err(error) => {
            if error.word() != "invalid" {
                tracing::error!(%command_id, %error, "a command of a batch has no receipt");
            }
            let said = format!("could not {error}");
            put(answers, &NoReceipt { command_id: Some(command_id), outcome: error.word(), line, error: &said })?;
            Ok(error.word())
        }
    }
}

fn put<T: Serialize>(answers: &mut Vec<u8>, value: &T) -> Result<(), Problem> {
    serde_json::to_writer(&mut *answers, value).map_err(|error| Problem::internal("write a receipt", &error))?;
    answers.push(b'\n');
    Ok(())
}

/// An id for a command that came without one.
pub(crate) fn drawn_id() -> Result<CommandId, Problem> {
    let failed = |error: &dyn Display| Problem::internal("draw the id of a command", error);
    let drawn = Entropy::System.draw("the id of a command").map_err(|error| failed(&error))?;
    let (bytes, _) = drawn.split_at(16);
    let bytes = bytes.try_into().map_err(|error| failed(&error))?;
    Ok(CommandId::new(Builder::from_random_bytes(bytes).into_uuid()))
}

/// Takes the id and the expected version from the headers, where they stand there. Both may also stand in the body,
/// but not as something else.
pub(crate) fn take_headers(command: &mut Map<String, Value>, headers: &HeaderMap) -> Result<(), Problem> {
    if let Some(key) = text(headers, &HeaderName::from_static(IDEMPOTENCY_KEY))? {
        let id: CommandId =
            key.trim_matches('"').parse().map_err(|error| Problem::malformed("Idempotency-Key", &error))?;
        let given = command.get("command_id").and_then(Value::as_str).map(str::parse::<CommandId>);
        if given.is_some_and(|given| given != Ok(id)) || (given_otherwise(command, "command_id")) {
            return Err(Problem::malformed("Idempotency-Key", &"is not the `command_id` of the body"));
        }
        command.insert("command_id".to_owned(), Value::String(id.to_string()));
    }
    if let Some(tag) = text(headers, &IF_MATCH)? {
        let version = version(tag).ok_or_else(|| {
            Problem::malformed("If-Match", &"is neither a version like \"17\" nor the ETag of an answer")
        })?;
        if command.get("expected_version").is_some_and(|given| given.as_u64() != Some(version)) {
            return Err(Problem::malformed("If-Match", &"is not the `expected_version` of the body"));
        }
        command.insert("expected_version".to_owned(), Value::from(version));
    }
    Ok(())
}

/// Whether something stands under the key that is no text.
fn given_otherwise(command: &Map<String, Value>, key: &str) -> bool {
    command.get(key).is_some_and(|value| !value.is_string())
}

pub(crate) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::malformed(name.as_str(), &"given twice"));
    }
    value.to_str().map(Some).map_err(|error| Problem::malformed(name.as_str(), &error))
}

/// The version of a stream in the mark of an answer, or by itself.
fn version(tag: &str) -> Option<u64> {
    let tag = tag.trim();
    let quoted = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    quoted.split('-').next()?.parse().ok()
}

/// Answers with a receipt, or with why it was refused.
pub(crate) fn answer(receipt: Receipt) -> Result<Reply, Problem> {
    let position = receipt.recorded().map(|recorded| recorded.position);
    let (status, refusal) = match &receipt.outcome {
        ReceiptOutcome::Accepted { .. } => (StatusCode::CREATED, None),
        ReceiptOutcome::Repeated { refusal: None, .. } => (StatusCode::OK, None),
        ReceiptOutcome::Refused { refusal, .. } | ReceiptOutcome::Repeated { refusal: Some(refusal), .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(refusal.clone()))
        }
        ReceiptOutcome::Conflict { refusal } => (StatusCode::CONFLICT, Some(refusal.clone())),
    };
    if let Some(refusal) = refusal {
        return Err(Problem::refused(status, &refusal, receipt));
    }
    let reply = Reply::json(&receipt)?.with_status(status);
    Ok(match position {
        Some(position) => reply.at(position),
        None => reply,
    })
}

fn not_recorded(error: &SubmitError) -> Problem {
    match error {
        SubmitError::Misaddressed { .. } | SubmitError::NotAnEntry { .. } => {
            Problem::not_a_command(format!("could not {error}"))
        }
        SubmitError::NotWritten { .. } => {
            Problem::unavailable("not_written", "nothing was written; send the command again", Some(error))
        }
        SubmitError::Stopped => stopping(),
        SubmitError::Unknown { .. } | SubmitError::Unreadable { .. } => Problem::internal("record the command", error),
    }
}
