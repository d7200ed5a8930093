//! What is told of a job, as far as whoever asks may know it.

use ofrecord_core::Timestamp;
use serde::Serialize;

use super::queue::{Job, State};
use super::underway::{Steps, Tally};
use super::{JobError, JobKind, JobVerdict, Task};
use crate::access::Caller;

/// A job, as it is told.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    /// Its id.
    pub(crate) id: String,
    /// The word for its kind.
    #[serde(serialize_with = "word")]
    pub(crate) kind: JobKind,
    /// Where it stands.
    pub(crate) state: JobState,
    /// Who ordered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    /// What was ordered; to those who may order such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<Task>,
    /// When it was ordered.
    pub(crate) ordered_at: Timestamp,
    /// When work on it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ended_at: Option<Timestamp>,
    /// How far it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) progress: Option<Steps>,
    /// What an import came to so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tally: Option<Tally>,
    /// `sound`, or `found` where a check found something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<&'static str>,
    /// What is said of the file that it made, to those who may have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<serde_json::Value>,
    /// Where what came of it can be had, to those who may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<String>,
    /// What kept it from its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) problem: Option<String>,
    /// What to do about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

/// Where a job stands, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    /// It waits.
    Queued,
    /// It is worked on.
    Running,
    /// It is worked on, and held.
    Paused,
    /// It came to its end.
    Done,
    /// It came to nothing.
    Failed,
    /// It was stopped.
    Cancelled,
}

impl JobState {
    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more becomes of it.
    pub(crate) fn has_ended(self) -> bool {
        match self {
            Self::Queued | Self::Running | Self::Paused => false,
            Self::Done | Self::Failed | Self::Cancelled => true,
        }
    }
}

impl Job {
    pub(super) fn turn(&self) -> JobState {
        match self.state {
            State::Queued => JobState::Queued,
            State::Running if self.underway.is_paused() => JobState::Paused,
            State::Running => JobState::Running,
            State::Done => JobState::Done,
            State::Failed => JobState::Failed,
            State::Cancelled => JobState::Cancelled,
        }
    }

    /// As it is told to a caller: what was ordered names customers, so only those who may order it read that.
    pub(super) fn told(&self, caller: &Caller) -> Told {
        let kind = self.order.task.kind();
        let (verdict, problem, hint) = match &self.outcome {
            Some(Ok(result)) => (Some(result.verdict.word()), None, None),
            Some(Err(JobError::Failed { problem, hint })) => (None, Some(problem.clone()), hint.clone()),
            Some(Err(JobError::Stopped)) | None => (None, None, None),
        };
        let may = caller.may(kind.needs()).is_ok();
        let has_result = verdict.is_some() && self.is_given_to(caller);
        Told {
            id: self.id.clone(),
            kind,
            state: self.turn(),
            by: self.order.by.clone(),
            order: may.then(|| self.order.task.clone()),
            ordered_at: self.ordered_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            progress: self.underway.steps(),
            tally: self.underway.tallied(),
            verdict: verdict.filter(|_| may),
            report: self.made().filter(|_| has_result).cloned(),
            result: has_result.then(|| format!("/v1/jobs/{}/result", self.id)),
            problem: problem.filter(|_| may),
            hint: hint.filter(|_| may),
        }
    }

    /// What is said of the file that it made, where it made one.
    fn made(&self) -> Option<&serde_json::Value> {
        let result = self.outcome.as_ref()?.as_ref().ok()?;
        result.file.as_ref().map(|_| &result.report)
    }

    /// What came of a job is given to whoever ordered it: that it leaves was recorded under that name.
    pub(super) fn is_given_to(&self, caller: &Caller) -> bool {
        caller.may(self.order.task.kind().needs()).is_ok() && caller.name() == self.order.by.as_deref()
    }
}

impl JobVerdict {
    fn word(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Found => "found",
        }
    }
}

fn word<S: serde::Serializer>(kind: &JobKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.word())
}
