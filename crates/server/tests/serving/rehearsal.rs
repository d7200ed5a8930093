//! Jobs that a test leads step by step, and one that is the ledger's own.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};

use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{Progress as _, Reader};
use ofrecord_server::{JobError, JobResult, JobVerdict, Order, Task, Underway, Workshop};
use ofrecord_testkit::name;
use serde_json::json;

/// What a job that is led does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It goes on.
    On,
    /// It finds something and ends.
    Found,
    /// It fails.
    Failed,
    /// It breaks.
    Panic,
}

/// Replays as the ledger does; everything else is led.
pub(crate) struct Rehearsal {
    pub(crate) reader: Reader,
    pub(crate) files: PathBuf,
    pub(crate) steps: Mutex<Receiver<Step>>,
}

impl Workshop for Rehearsal {
    fn hindrance(&self, task: &Task) -> Option<String> {
        matches!(task, Task::Backup { .. }).then(|| "there is no folder for backups".to_owned())
    }

    fn work(&self, order: &Order, underway: &Arc<Underway>) -> Result<JobResult, JobError> {
        match &order.task {
            Task::Replay { from, to } => {
                let log = self.reader.log();
                let (from, to) = (from.unwrap_or(0), to.unwrap_or(log.tree_size()));
                let report = replay(log, from, to, underway.as_ref()).map_err(|_| JobError::Stopped)?;
                let report = serde_json::to_value(report).unwrap();
                Ok(JobResult { report, verdict: JobVerdict::Sound, file: None })
            }
            Task::Evidence { .. } => {
                let file = self.files.join(format!("evidence-{}.zip", underway.id()));
                std::fs::write(&file, b"a pack").unwrap();
                Ok(JobResult { report: json!({"bytes": 6}), verdict: JobVerdict::Sound, file: Some(file) })
            }
            Task::Import(import) => {
                let sent = std::fs::read_to_string(import.upload.path()).unwrap();
                underway.tally(|tally| tally.read = sent.lines().count() as u64);
                Ok(JobResult { report: json!({"sent": sent}), ..self.led(underway)? })
            }
            Task::Rebuild {} => Ok(JobResult { report: rebuilt(), ..self.led(underway)? }),
            Task::Verify {} | Task::Certify { .. } | Task::Backup { .. } => self.led(underway),
        }
    }
}

/// What a rebuild says that found a row that differs.
fn rebuilt() -> serde_json::Value {
    json!({
        "through": 5, "resumed_from": 0, "generation": 2, "compared_with": 1, "not_compared": null, "rows": 12,
        "drifted": 1, "kept": [1],
        "drift": [{"stream": format!("customer/{}", name::customer("C")), "row": "present", "difference": "changed"}],
    })
}

impl Rehearsal {
    fn led(&self, underway: &Underway) -> Result<JobResult, JobError> {
        // A job that broke held it.
        let steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        for done in 0.. {
            underway.advance("led", done, 10);
            if underway.cancelled() {
                return Err(JobError::Stopped);
            }
            match steps.recv() {
                Ok(Step::On) => {}
                Ok(Step::Found) | Err(_) => break,
                Ok(Step::Failed) => {
                    let (problem, hint) = ("could not go on".to_owned(), Some("try again".to_owned()));
                    return Err(JobError::Failed { problem, hint });
                }
                Ok(Step::Panic) => panic!("as the test wants it"),
            }
        }
        Ok(JobResult { report: json!({"led": true}), verdict: JobVerdict::Found, file: None })
    }
}
