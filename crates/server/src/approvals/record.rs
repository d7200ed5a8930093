//! The record of an approval: what was asked for, how it was answered, and what came of it, as lines of JSON.
//!
//! The first line says what was asked for, the second how it was answered, the third what came of the command. What an
//! entry names is the SHA-256 of the first two, byte by byte, so that `head -n 2` and `sha256sum` check it.

use ofrecord_core::{CommandId, Completeness, Evidence, Request, SourceSystem, Timestamp};
use ofrecord_ledger::submission::{self, SubmissionError};
use ofrecord_ledger::{Receipt, ReceiptOutcome};
use ofrecord_log::Hash;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Before the id of an approval, in the evidence of an entry.
const RECORD: &str = "approval:";
/// The command that names who approved it, and where it does.
const NAMES_APPROVER: (&str, &str) = ("RedactEntry", "approved_by");

/// What was asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedFor {
    /// Its id, which is that of the command.
    pub(crate) approval: CommandId,
    /// Who asked.
    pub(crate) asked_by: String,
    /// When.
    pub(crate) asked_at: Timestamp,
    /// From when on it can be answered no more.
    pub(crate) expires_at: Timestamp,
    /// The command with its actor, as it will be submitted.
    pub(crate) submission: Map<String, Value>,
}

/// How it was answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answered {
    /// How.
    pub(crate) verdict: Verdict,
    /// By whom.
    pub(crate) answered_by: String,
    /// When.
    pub(crate) answered_at: Timestamp,
    /// Why, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

/// How an approval is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// Somebody else lets it happen.
    Approved,
    /// Somebody else does not.
    Refused,
    /// Whoever asked does so no more.
    Withdrawn,
}

/// What came of a command that was approved.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CameOf {
    /// The word of its receipt.
    pub(crate) outcome: String,
    /// The position of its entry, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) position: Option<u64>,
    /// The code on which it was refused, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
}

/// Where an approval stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ApprovalState {
    /// Nobody has answered yet.
    Waiting,
    /// Nobody answered in time.
    Expired,
    /// It was approved, and it is not known what came of the command: whoever approved does so again.
    Approved,
    /// The command was decided.
    Decided,
    /// It was refused.
    Refused,
    /// Whoever asked withdrew it.
    Withdrawn,
}

impl ApprovalState {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Expired => "expired",
            Self::Approved => "approved",
            Self::Decided => "decided",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl Verdict {
    /// Every verdict.
    pub(crate) const ALL: [Self; 3] = [Self::Approved, Self::Refused, Self::Withdrawn];

    /// What one does who answers so, in paths and on buttons.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Approved => "approve",
            Self::Refused => "refuse",
            Self::Withdrawn => "withdraw",
        }
    }
}

/// An approval, with the lines that are kept of it.
#[derive(Debug, Clone)]
pub(crate) struct Approval {
    /// What was asked for.
    pub(crate) asked: AskedFor,
    /// How it was answered.
    pub(crate) answered: Option<Answered>,
    /// What came of it.
    pub(crate) came_of: Option<CameOf>,
    text: String,
}

impl Approval {
    /// Something that nobody has answered.
    pub(crate) fn new(asked: AskedFor) -> Result<Self, serde_json::Error> {
        let text = line(&asked)?;
        Ok(Self { asked, answered: None, came_of: None, text })
    }

    /// Reads the lines that were kept.
    pub(crate) fn read(text: String) -> Result<Self, serde_json::Error> {
        let mut lines = text.lines();
        let asked = serde_json::from_str(lines.next().unwrap_or_default())?;
        let answered = lines.next().map(serde_json::from_str).transpose()?;
        let came_of = lines.next().map(serde_json::from_str).transpose()?;
        Ok(Self { asked, answered, came_of, text })
    }

    /// The lines.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What an entry names: what was asked for, and how it was answered.
    pub(crate) fn record(&self) -> String {
        self.text.split_inclusive('\n').take(2).collect()
    }

    /// Notes how it was answered.
    pub(crate) fn answer(&mut self, answered: Answered) -> Result<(), serde_json::Error> {
        self.text.push_str(&line(&answered)?);
        self.answered = Some(answered);
        Ok(())
    }

    /// Notes what came of its command.
    pub(crate) fn end(&mut self, receipt: &Receipt) -> Result<(), serde_json::Error> {
        let code = match &receipt.outcome {
            ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Repeated { refusal: None, .. } => None,
            ReceiptOutcome::Refused { refusal, .. }
            | ReceiptOutcome::Repeated { refusal: Some(refusal), .. }
            | ReceiptOutcome::Conflict { refusal } => Some(refusal.code.to_string()),
        };
        let position = receipt.recorded().map(|recorded| recorded.position);
        let came_of = CameOf { outcome: receipt.outcome.word().to_owned(), position, code };
        self.text.push_str(&line(&came_of)?);
        self.came_of = Some(came_of);
        Ok(())
    }

    /// Where it stands at an instant.
    pub(crate) fn state(&self, now: Timestamp) -> ApprovalState {
        match (self.answered.as_ref().map(|answered| answered.verdict), &self.came_of) {
            (None, _) if now < self.asked.expires_at => ApprovalState::Waiting,
            (None, _) => ApprovalState::Expired,
            (Some(Verdict::Approved), None) => ApprovalState::Approved,
            (Some(Verdict::Approved), Some(_)) => ApprovalState::Decided,
            (Some(Verdict::Refused), _) => ApprovalState::Refused,
            (Some(Verdict::Withdrawn), _) => ApprovalState::Withdrawn,
        }
    }

    /// Whether the command names somebody else than `name` as who approves it.
    pub(crate) fn names_another_than(&self, name: &str) -> bool {
        named_approver(&self.asked.submission).is_some_and(|named| named != name)
    }

    /// The command, once it is approved: with who approved it where it says that, and with the record as evidence.
    pub(crate) fn request(&self) -> Result<Request, SubmissionError> {
        let approver = self.answered.as_ref().map_or("", |answered| answered.answered_by.as_str());
        let mut request = read(&self.asked.submission, approver)?;
        request.evidence.push(Evidence {
            source: SourceSystem::Manual,
            record_id: format!("{RECORD}{}", self.asked.approval),
            raw_hash: Hash::of(self.record().as_bytes()).to_string(),
            fetched_at: None,
            completeness: Completeness::Full,
            audit: None,
        });
        Ok(request)
    }
}

/// Reads a submission as it would be if somebody approved it.
pub(crate) fn read(submission: &Map<String, Value>, approver: &str) -> Result<Request, SubmissionError> {
    let mut submission = submission.clone();
    let (kind, field) = NAMES_APPROVER;
    if let Some(Value::Object(command)) = submission.get_mut("command")
        && command.get("type").and_then(Value::as_str) == Some(kind)
    {
        command.entry(field).or_insert_with(|| Value::from(approver));
    }
    submission::read_value(Value::Object(submission)).map_err(|invalid| invalid.error)
}

/// Who approves a command, where it says so itself.
pub(crate) fn named_approver(submission: &Map<String, Value>) -> Option<&str> {
    submission.get("command")?.get(NAMES_APPROVER.1)?.as_str()
}

fn line<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_json::to_string(value).map(|line| line + "\n")
}
