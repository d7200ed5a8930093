//! Opening a ledger: for writing with its writer's thread, or for reading only.

use std::path::Path;
use std::sync::Arc;

use ofrecord_core::Cloud;
use ofrecord_ledger::redaction;
use ofrecord_ledger::{Ledger, LedgerOptions, Progress as _, Reader, StoredViews};
use ofrecord_log::{
    Directory, EventLog as _, LogBackup, LogChecker, LogReader as _, OpenError, OpenOptions, SledLog, Stage,
    WriteState, take_away,
};

use crate::custody;
use crate::disclosure;
use crate::failure::Failure;
use crate::session::Session;

/// The label of a ledger's identity that names its cloud.
pub(crate) const CLOUD_LABEL: &str = "cloud";

/// The label of a ledger that was created with a set clock. Only such a ledger takes commands under one: a
/// recorded instant far in the future would hold for every later entry.
pub(crate) const CLOCK_LABEL: &str = "clock";
/// The value of that label.
pub(crate) const CLOCK_SET: &str = "set";

/// An open log with the cloud it speaks about and its stored views. Reading needs nothing more.
pub(crate) struct Opened {
    /// The log; it holds the folder's lock.
    pub(crate) log: SledLog,
    /// The cloud whose rules decide.
    pub(crate) cloud: Cloud,
    /// The stored views, where they can be used.
    pub(crate) views: Option<Arc<StoredViews>>,
}

impl Opened {
    /// A reader over what is acknowledged.
    pub(crate) fn reader(&self) -> Reader {
        let reader = Reader::new(self.log.reader(), self.cloud);
        match &self.views {
            Some(views) => reader.with_views(Arc::clone(views)),
            None => reader,
        }
    }
}

/// Opens the log with its stored views.
///
/// A log in which something is wrong opens too, with a warning, and is then read without the stored views:
/// they may hold what the log has lost.
pub(crate) fn log(session: &Session) -> Result<Opened, Failure> {
    let opened = log_alone(session)?;
    if opened.log.health().write_state != WriteState::Writable {
        return Ok(opened);
    }
    Ok(Opened { views: views(session), ..opened })
}

/// Opens the log without the stored views.
pub(crate) fn log_alone(session: &Session) -> Result<Opened, Failure> {
    let opened = log_in(&session.global.ledger, session)?;
    custody::warn_of_loss(session, &opened.log);
    Ok(opened)
}

/// Opens the log of the ledger in a folder without its stored views.
pub(crate) fn log_in(folder: &Path, session: &Session) -> Result<Opened, Failure> {
    let opened = silently(folder, session)?;
    if let WriteState::ReadOnly(reason) = opened.log.health().write_state {
        session.warn(
            &format!("this ledger is damaged and answers only from what is left: {reason}"),
            "`ofrecord verify` lists what is wrong, `ofrecord repair` mends it",
        );
    }
    Ok(opened)
}

/// Opens the ledger for writing, and verifies in the background what it holds already.
///
/// A log that no longer extends what was signed takes no entries: what it lost may still be somewhere.
pub(crate) fn ledger(session: &Session) -> Result<Ledger, Failure> {
    ledger_and_beside(session).map(|(ledger, _)| ledger)
}

/// What works on the log and the stored rows of a ledger beside its writer, from any thread.
///
/// The lock of the ledger is held until this is dropped too.
pub(crate) struct Beside {
    /// Verifies the log.
    pub(crate) checker: LogChecker,
    /// Takes backups of the log.
    pub(crate) backup: LogBackup,
    /// The stored rows that the ledger answers from, where they can be used.
    pub(crate) views: Option<Arc<StoredViews>>,
}

/// The same with what works beside the writer.
pub(crate) fn ledger_and_beside(session: &Session) -> Result<(Ledger, Beside), Failure> {
    let (ledger, beside) = despite_loss(session)?;
    custody::loss(session, ledger.reader().log().as_ref())?;
    Ok((ledger, beside))
}

/// Opens the ledger for writing even when entries that were signed are lost, to say so in it.
pub(crate) fn ledger_despite_loss(session: &Session) -> Result<Ledger, Failure> {
    despite_loss(session).map(|(ledger, _)| ledger)
}

fn despite_loss(session: &Session) -> Result<(Ledger, Beside), Failure> {
    let Opened { mut log, cloud, .. } = writable(session)?;
    let is_for_tests = log.identity().labels.get(CLOCK_LABEL).is_some_and(|clock| clock == CLOCK_SET);
    if session.global.clock.is_some() && !is_for_tests {
        return Err(Failure::ClockOfTests);
    }
    log.verify_in_background().map_err(Failure::Thread)?;
    let sealer = custody::sealer(session)?;
    let beside = Beside { checker: log.checker(), backup: log.backup(), views: views(session) };
    let options = LedgerOptions { cloud, clock: session.clock(), views: beside.views.clone(), sealer };
    Ok((Ledger::start(Box::new(log), options)?, beside))
}

/// Takes away the bytes of entries that the log says are redacted.
pub(crate) fn take_redacted_away(session: &Session) -> Result<(), Failure> {
    writable(session).map(drop)
}

/// Opens a log that takes entries, and in which nothing stands any more of what it says is redacted: whoever recorded
/// that was stopped before the bytes were gone, or leaves it to this.
fn writable(session: &Session) -> Result<Opened, Failure> {
    let folder = &session.global.ledger;
    let opened = silently(folder, session)?;
    if let WriteState::ReadOnly(reason) = opened.log.health().write_state {
        return Err(Failure::ReadOnly(reason));
    }
    let redactions = redaction::redactions(&redaction::logged(&opened.log)?);
    if opened.log.not_taken_away(&redactions).map_err(Failure::Log)?.is_empty() {
        return Ok(opened);
    }
    drop(opened);
    let taken = take_away(folder, &redactions, &OpenOptions::default())?;
    for path in taken.set_aside {
        session.remark(&format!("removed {}, which an earlier repair had set aside", path.display()));
    }
    let opened = silently(folder, session)?;
    // Until the segments are sealed again, the store is the only copy.
    opened.log.wait_for_background();
    if let Some(views) = views(session) {
        views.follow(&opened.log)?;
    }
    Ok(opened)
}

/// An open ledger that something is read from, and its lock for as long.
pub(crate) struct Held {
    /// The reader.
    pub(crate) reader: Reader,
    ledger: Option<Ledger>,
    _opened: Option<Opened>,
}

impl Held {
    /// Opened for reading.
    pub(crate) fn for_reading(session: &Session) -> Result<Self, Failure> {
        let opened = log(session)?;
        Ok(Self { reader: named(opened.reader(), session), ledger: None, _opened: Some(opened) })
    }

    /// Opened for taking something out, which is recorded: for writing, then. From a ledger that takes no entries
    /// it can still be taken, with a warning.
    pub(crate) fn for_taking(session: &Session) -> Result<Self, Failure> {
        match ledger(session) {
            Ok(ledger) => {
                let reader = ledger.reader().with_names(ledger.names());
                Ok(Self { reader, ledger: Some(ledger), _opened: None })
            }
            Err(failure) if failure.leaves_reading() => {
                disclosure::warn_not_recorded(session, &failure);
                Self::for_reading(session)
            }
            Err(failure) => Err(failure),
        }
    }

    /// The ledger, where it is open for writing.
    pub(crate) fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }
}

/// The reader with what may be read in place of sealed texts.
fn named(reader: Reader, session: &Session) -> Reader {
    reader.with_names(Arc::new(custody::names(session)))
}

/// Closes a ledger that was opened for writing, and says so if it was found damaged meanwhile.
pub(crate) fn close(ledger: Ledger, session: &Session) {
    let log = Arc::clone(ledger.reader().log());
    ledger.close();
    if let WriteState::ReadOnly(reason) = log.health().write_state {
        session.warn(
            &format!("this ledger was found damaged while it was written to: {reason}"),
            "`ofrecord verify` lists what is wrong, `ofrecord repair` mends it",
        );
    }
}

fn silently(folder: &Path, session: &Session) -> Result<Opened, Failure> {
    let log = log_of(folder, session)?;
    let cloud = cloud_of(&log)?;
    Ok(Opened { log, cloud, views: None })
}

/// Opens a log, whatever cloud it speaks about and however it is.
pub(crate) fn log_of(folder: &Path, session: &Session) -> Result<SledLog, OpenError> {
    let bar = session.bar("opening");
    let mut on_progress = |progress: ofrecord_log::Progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
    };
    SledLog::open_with_progress(folder, &OpenOptions::default(), &mut on_progress)
}

fn views(session: &Session) -> Option<Arc<StoredViews>> {
    let opened = StoredViews::open(&Directory::new(&session.global.ledger));
    let views = opened.map(Arc::new).map_err(|error| {
        session.warn(
            &format!("could not {error}; answers come from the log alone"),
            "move the folder `views` in the ledger away and run `ofrecord rebuild`",
        );
    });
    views.ok()
}

/// What a step of the log is called beside its bar.
pub(crate) fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::ReadingTail => "reading tail",
        Stage::Indexing => "indexing",
        Stage::Verifying => "verifying",
        Stage::Repairing => "repairing",
        Stage::BackingUp => "backing up",
        Stage::Restoring => "restoring",
    }
}

fn cloud_of(log: &SledLog) -> Result<Cloud, Failure> {
    let found = log.identity().labels.get(CLOUD_LABEL);
    found.and_then(|word| Cloud::from_name(word)).ok_or_else(|| Failure::Cloud { found: found.cloned() })
}
