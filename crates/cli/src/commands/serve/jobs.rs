//! The jobs of a server: what the commands of these names do, on a ledger that stays open.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ofrecord_core::{CustomerId, Reason};
use ofrecord_ledger::Ledger;
use ofrecord_ledger::evidence::About;
use ofrecord_ledger::known::known_at;
use ofrecord_ledger::rebuild::rebuild;
use ofrecord_ledger::replay::replay;
use ofrecord_log::Hash;
use ofrecord_server::{Import, JobError, JobResult, JobVerdict, Order, Task, Underway, Workshop};
use serde::Serialize;
use serde_json::json;

use crate::commands::{backup, certify, evidence, import, verify};
use crate::custody;
use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::open::Beside;
use crate::session::Session;

/// What jobs work with. The lock of the ledger is held until this is dropped too.
pub(super) struct Works {
    pub(super) ledger: Arc<Ledger>,
    pub(super) beside: Beside,
    pub(super) session: Session,
    /// Where files that come of jobs are put.
    pub(super) results: PathBuf,
    /// Where backups go, where any are taken.
    pub(super) backups: Option<PathBuf>,
}

impl Workshop for Works {
    fn hindrance(&self, task: &Task) -> Option<String> {
        let keys = custody::key_folder(&self.session);
        match task {
            Task::Certify { .. } | Task::Evidence { .. } if !keys.exists() => {
                let folder = keys.path().display();
                Some(format!(
                    "there are no keys to sign with in {folder}; `ofrecord key create` makes one, --keys names them"
                ))
            }
            Task::Backup { .. } if self.backups.is_none() => {
                Some("the server was given no folder for backups; `ofrecord serve --backups DIR` names one".to_owned())
            }
            Task::Rebuild {} if self.beside.views.is_none() => Some(
                "the folder of the stored views cannot be opened; the server said why when it was started".to_owned(),
            ),
            Task::Certify { .. }
            | Task::Evidence { .. }
            | Task::Backup { .. }
            | Task::Rebuild {}
            | Task::Replay { .. }
            | Task::Verify {}
            | Task::Import(_) => None,
        }
    }

    fn work(&self, order: &Order, underway: &Arc<Underway>) -> Result<JobResult, JobError> {
        let session = self.session.watched_by(Arc::<Underway>::clone(underway));
        let by = || order.by.clone();
        let done = match &order.task {
            Task::Rebuild {} => self.rebuild(&session),
            Task::Replay { from, to } => self.replay((*from, *to), &session),
            Task::Verify {} => self.verify(&session),
            Task::Backup { purpose } => self.backup(&Taking::of(by(), purpose.clone()), &session),
            Task::Import(import) => self.import(import, underway, &session),
            Task::Certify { customer, known_at, purpose } => {
                let path = self.results.join(format!("certificate-{}.json", underway.id()));
                self.certify((*customer, known_at.as_deref()), (by(), purpose), path, session)
            }
            Task::Evidence { customer, partner, as_of, known_at, purpose } => {
                let about = customer.map(About::Customer).or(partner.map(About::Partner));
                let path = self.results.join(format!("evidence-{}.zip", underway.id()));
                let mut session = session;
                session.global.as_of = *as_of;
                self.evidence((about, known_at.as_deref()), (by(), purpose), path, session)
            }
        };
        done.map_err(|failure| {
            if failure.is_a_stop() {
                return JobError::Stopped;
            }
            JobError::Failed { problem: format!("could not {failure}"), hint: failure.hint() }
        })
    }
}

impl Works {
    fn rebuild(&self, session: &Session) -> Result<JobResult, Failure> {
        let reader = self.ledger.reader();
        // Asked before the job was taken.
        let Some(views) = &self.beside.views else { return Err(Failure::Stopped) };
        let report = rebuild(reader.log().as_ref(), views, &session.bar("rebuild"))?;
        reported(&report, if report.drifted > 0 { JobVerdict::Found } else { JobVerdict::Sound })
    }

    fn replay(&self, (from, to): (Option<u64>, Option<u64>), session: &Session) -> Result<JobResult, Failure> {
        let reader = self.ledger.reader();
        let size = reader.log().tree_size();
        let (from, to) = (from.unwrap_or(0), to.unwrap_or(size));
        if from > to || to > size {
            return Err(Failure::Range { from, to, size });
        }
        let report = replay(reader.log(), from, to, &session.bar("replay"))?;
        let verdict = if report.difference.is_some() { JobVerdict::Found } else { JobVerdict::Sound };
        reported(&report, verdict)
    }

    fn verify(&self, session: &Session) -> Result<JobResult, Failure> {
        let verified = verify::verify(&self.beside.checker, self.ledger.reader().log().as_ref(), session)?;
        reported(&verified, if verified.is_sound() { JobVerdict::Sound } else { JobVerdict::Found })
    }

    fn import(&self, import: &Import, underway: &Underway, session: &Session) -> Result<JobResult, Failure> {
        let (report, verdict) = import::sent(&self.ledger, import, underway, session)?;
        let verdict = if verdict == Verdict::Done { JobVerdict::Sound } else { JobVerdict::Found };
        Ok(JobResult { report, verdict, file: None })
    }

    fn backup(&self, taking: &Taking, session: &Session) -> Result<JobResult, Failure> {
        // Asked before the job was taken.
        let Some(dir) = &self.backups else { return Err(Failure::Stopped) };
        backup::record_in(&self.ledger, taking)?;
        let reader = self.ledger.reader();
        let taken = backup::copy(&self.beside.backup, reader.log().as_ref(), dir, session)?;
        reported(&taken, JobVerdict::Sound)
    }

    fn certify(
        &self,
        (customer, known): (Option<CustomerId>, Option<&str>),
        (by, purpose): (Option<String>, &Option<Reason>),
        path: PathBuf,
        session: Session,
    ) -> Result<JobResult, Failure> {
        let session = known_by(session, known);
        self.make_folder()?;
        let arguments = certify::Arguments::into_file(customer, path.clone(), Taking::of(by, purpose.clone()));
        let verdict = certify::from_ledger(&arguments, &self.ledger, &session)?;
        let bytes = fs::read(&path).map_err(|error| Failure::File { doing: "read", path: path.clone(), error })?;
        let report = json!({"file": name(&path), "sha256": Hash::of(&bytes), "bytes": bytes.len()});
        let verdict = if verdict == Verdict::Found { JobVerdict::Found } else { JobVerdict::Sound };
        Ok(JobResult { report, verdict, file: Some(path) })
    }

    fn evidence(
        &self,
        (about, known): (Option<About>, Option<&str>),
        (by, purpose): (Option<String>, &Option<Reason>),
        path: PathBuf,
        session: Session,
    ) -> Result<JobResult, Failure> {
        let session = known_by(session, known);
        // An order names one of the two.
        let Some(about) = about else { return Err(Failure::Stopped) };
        self.make_folder()?;
        let arguments = evidence::Arguments::of(Taking::of(by, purpose.clone()));
        let mut taken = evidence::take(&self.ledger, &arguments, (about, &path), &session)?;
        taken.pack = name(&path).into();
        Ok(JobResult { file: Some(path), ..reported(&taken, JobVerdict::Sound)? })
    }

    /// Makes the folder of results: what comes of jobs holds content, so that nobody else on the machine may read it.
    fn make_folder(&self) -> Result<(), Failure> {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(&self.results);
        made.map_err(|error| Failure::File { doing: "make", path: self.results.clone(), error })
    }
}

/// The same asked by a state of knowledge; an order whose text for it is none was not taken.
fn known_by(mut session: Session, known: Option<&str>) -> Session {
    session.global.known_at = known.and_then(|text| known_at(text).ok());
    session
}

fn reported<T: Serialize>(report: &T, verdict: JobVerdict) -> Result<JobResult, Failure> {
    let report = serde_json::to_value(report).map_err(|error| Failure::Output(error.into()))?;
    Ok(JobResult { report, verdict, file: None })
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
