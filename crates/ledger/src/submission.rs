//! Reading a submission in the fixed JSON shape: the one place where a request comes in as text.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use ofrecord_core::command::CommandError;
use ofrecord_core::{Actor, CommandId, CustomerId, Evidence, ParsedCommand, Request, Timestamp};

/// Longest submission that is read, in bytes.
pub const SUBMISSION_BYTES_MAX: usize = 1024 * 1024;

/// Why a text is not a submission.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SubmissionError {
    /// Longer than a submission may be.
    #[error("the submission has {bytes} bytes; at most {SUBMISSION_BYTES_MAX} are read")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// Not JSON.
    #[error("not JSON: {problem}")]
    NotJson {
        /// What is wrong, with line and column.
        problem: String,
    },
    /// JSON, but not of the shape.
    #[error("{problem}")]
    Shape {
        /// What is wrong, naming the field.
        problem: String,
    },
    /// The command inside is not one.
    #[error("command: {0}")]
    Command(#[from] CommandError),
}

/// A submission that could not be read, with its id where that much was readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSubmission {
    /// The command's id, where it could be read.
    pub command_id: Option<CommandId>,
    /// Why.
    pub error: SubmissionError,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    command_id: CommandId,
    actor: Actor,
    #[serde(default)]
    customer: Option<CustomerId>,
    #[serde(default)]
    effective_at: Option<Timestamp>,
    #[serde(default)]
    expected_version: Option<u64>,
    #[serde(default)]
    evidence: Vec<Evidence>,
    command: Value,
}

/// Reads one submission.
///
/// # Errors
/// [`InvalidSubmission`] saying what and where.
pub fn read(text: &str) -> Result<Request, InvalidSubmission> {
    let invalid = |command_id, error| InvalidSubmission { command_id, error };
    if text.len() > SUBMISSION_BYTES_MAX {
        return Err(invalid(None, SubmissionError::TooLong { bytes: text.len() }));
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| invalid(None, SubmissionError::NotJson { problem: error.to_string() }))?;
    read_value(value)
}

/// Reads one submission that is JSON already.
///
/// # Errors
/// [`InvalidSubmission`] saying what and where.
pub fn read_value(value: Value) -> Result<Request, InvalidSubmission> {
    let invalid = |command_id, error| InvalidSubmission { command_id, error };
    if !value.is_object() {
        let problem = "a submission is a JSON object, one a line".to_owned();
        return Err(invalid(None, SubmissionError::Shape { problem }));
    }
    let command_id = value.get("command_id").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let shape: Shape = serde_json::from_value(value)
        .map_err(|error| invalid(command_id, SubmissionError::Shape { problem: error.to_string() }))?;
    let command = ParsedCommand::from_json(shape.command).map_err(|error| invalid(command_id, error.into()))?;
    Ok(Request {
        command_id: shape.command_id,
        actor: shape.actor,
        customer: shape.customer,
        effective_at: shape.effective_at,
        expected_version: shape.expected_version,
        evidence: shape.evidence,
        command,
    })
}
