//! Where approvals are kept: a folder with a file for each, which is written whole and is on the device before anybody
//! hears of it.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ofrecord_core::CommandId;
use ofrecord_log::{sync_folder, write_whole};

use super::WAITING_MAX;
use super::record::{Approval, ApprovalState, AskedFor};
use crate::problem::Problem;

/// How the file of an approval ends.
const END: &str = "jsonl";
/// The folder is its owner's alone.
const PRIVATE_FOLDER: u32 = 0o700;

/// The approvals of a server.
#[derive(Debug)]
pub(crate) struct Approvals {
    folder: PathBuf,
    /// Held from reading an approval until it is written, so that it is answered once.
    turn: Mutex<()>,
}

/// What becomes of something that is asked for.
pub(crate) enum Put {
    /// It waits from now on.
    New(Approval),
    /// The very same was asked for before.
    Known(Approval),
}

impl Approvals {
    /// Those of a folder, which need not be there.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, turn: Mutex::default() }
    }

    /// Every approval, the one asked for last first.
    pub(crate) fn all(&self) -> Result<Vec<Approval>, Problem> {
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed("read", &self.folder, &error)),
        };
        let mut all = Vec::new();
        for file in files {
            let path = file.map_err(|error| failed("read", &self.folder, &error))?.path();
            if path.extension().is_some_and(|end| end == END) {
                all.extend(read(&path)?);
            }
        }
        all.sort_by_key(|approval| (approval.asked.asked_at, approval.asked.approval));
        all.reverse();
        Ok(all)
    }

    /// One approval.
    pub(crate) fn one(&self, id: CommandId) -> Result<Approval, Problem> {
        read(&self.path(id))?.ok_or_else(|| Problem::not_found("nothing of this id was asked for"))
    }

    /// Lets something wait, unless the very same does already.
    pub(crate) fn put(&self, asked: AskedFor) -> Result<Put, Problem> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(asked.approval);
        if let Some(known) = read(&path)? {
            let is_same = known.asked.submission == asked.submission && known.asked.asked_by == asked.asked_by;
            let taken = || Problem::not_here("approval_id_reused", "something else was asked for under this id");
            return if is_same { Ok(Put::Known(known)) } else { Err(taken()) };
        }
        let waits = |approval: &Approval| approval.state(asked.asked_at) == ApprovalState::Waiting;
        if self.all()?.into_iter().filter(waits).count() >= WAITING_MAX {
            return Err(Problem::unavailable("too_many_approvals", "as many approvals wait already as may", None));
        }
        let approval = Approval::new(asked).map_err(|error| failed("write", &path, &error))?;
        self.write(&approval)?;
        Ok(Put::New(approval))
    }

    /// Lets a change happen to an approval, and gives it as it is then.
    pub(crate) fn change(
        &self,
        id: CommandId,
        change: impl FnOnce(&mut Approval) -> Result<(), Problem>,
    ) -> Result<Approval, Problem> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.one(id)?;
        let mut approval = before.clone();
        change(&mut approval)?;
        if approval.text() != before.text() {
            self.write(&approval)?;
        }
        Ok(approval)
    }

    fn write(&self, approval: &Approval) -> Result<(), Problem> {
        let path = self.path(approval.asked.approval);
        let written = || {
            if !self.folder.is_dir() {
                DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER).create(&self.folder)?;
                self.folder.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Ok(()), sync_folder)?;
            }
            write_whole(&path, approval.text().as_bytes())
        };
        written().map_err(|error| failed("write", &path, &error))
    }

    fn path(&self, id: CommandId) -> PathBuf {
        self.folder.join(format!("{id}.{END}"))
    }
}

/// What a file holds; none where it is not there. One that holds something else is an error: what was asked for would
/// be forgotten.
fn read(path: &Path) -> Result<Option<Approval>, Problem> {
    match fs::read_to_string(path) {
        Ok(text) => Approval::read(text).map(Some).map_err(|error| failed("read", path, &error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("read", path, &error)),
    }
}

fn failed(doing: &str, path: &Path, error: &dyn std::fmt::Display) -> Problem {
    Problem::internal(&format!("{doing} an approval"), &format_args!("{}: {error}", path.display()))
}
