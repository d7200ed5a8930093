//! Where a scratch ledger is signed: its keys, its checkpoints, and a checkpointer for receipts that wait.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ofrecord_core::command::custody::AddCheckpointKey;
use ofrecord_core::{Actor, ActorKind, CheckpointKey, Command, CommandId, Request};
use ofrecord_ledger::signing::{Checkpointer, KeyFolder, SignError, Signed, Signer};
use ofrecord_ledger::{Entropy, KnownAt, Ledger, Ticket};
use ofrecord_log::{Directory, sync_folder, write_whole};
use uuid::Uuid;

use crate::RaceError;
use crate::fill::failed;
use crate::registration::accepted;

/// How far apart the checkpoints are that a checkpointer keeps, as the program has it. Receipts carry their own.
const KEPT_EVERY: Duration = Duration::from_secs(1);

/// An open ledger with the keys that sign for it.
pub(crate) struct Desk<'a> {
    ledger: &'a Ledger,
    keys: KeyFolder,
    checkpoints: PathBuf,
    allowed: std::collections::BTreeSet<CheckpointKey>,
}

impl<'a> Desk<'a> {
    /// Makes keys for a ledger in a folder, and has the log name them.
    pub(crate) fn create(ledger: &'a Ledger, folder: &Path) -> Result<Self, RaceError> {
        let keys = KeyFolder::beside(folder);
        keys.create(ledger.reader().log().origin(), &Entropy::System).map_err(failed)?;
        for (number, key) in (0_u64..).zip(Signer::open(keys.clone()).map_err(failed)?.keys()) {
            let reason = "the first key of this ledger".parse().map_err(failed)?;
            let command = AddCheckpointKey { key, replaces: None, reason };
            let receipt = ledger.submit(request(number, command)).and_then(Ticket::wait).map_err(failed)?;
            accepted(receipt)?;
        }
        let reader = ledger.reader();
        let custody = reader.snapshot(KnownAt::Now).and_then(|snapshot| reader.custody(&snapshot)).map_err(failed)?;
        let allowed = custody.latest().signing_keys().cloned().collect();
        let checkpoints = Directory::new(folder).checkpoints();
        fs::create_dir_all(&checkpoints)?;
        sync_folder(folder)?;
        Ok(Self { ledger, keys, checkpoints, allowed })
    }

    /// The ledger.
    pub(crate) fn ledger(&self) -> &Ledger {
        self.ledger
    }

    /// Signs the head and keeps the checkpoint, on the device when this returns.
    pub(crate) fn sign(&self) -> Result<Signed, RaceError> {
        let mut signer = Signer::open(self.keys.clone()).map_err(failed)?;
        let now = self.ledger.clock().now();
        let note = signer.sign(self.ledger.reader().log().as_ref(), &self.allowed, now).map_err(failed)?;
        let signed = Signed { size: signer.signed().size, note };
        keep(&self.checkpoints, &signed).map_err(failed)?;
        Ok(signed)
    }

    /// Signs on a thread of its own for receipts that wait, and keeps a checkpoint now and then.
    pub(crate) fn checkpointer(&self) -> Result<Checkpointer, RaceError> {
        let signer = Signer::open(self.keys.clone()).map_err(failed)?;
        let (folder, mut kept_at): (PathBuf, Option<Instant>) = (self.checkpoints.clone(), None);
        let put = move |signed: &Signed| {
            if kept_at.is_none_or(|at| at.elapsed() >= KEPT_EVERY) {
                keep(&folder, signed)?;
                kept_at = Some(Instant::now());
            }
            Ok(())
        };
        let log = self.ledger.reader().log().clone();
        Checkpointer::start(signer, log, self.allowed.clone(), self.ledger.clock().clone(), put).map_err(failed)
    }
}

fn keep(folder: &Path, signed: &Signed) -> Result<(), SignError> {
    let path = folder.join(format!("{:020}", signed.size));
    write_whole(&path, signed.note.to_string().as_bytes())
        .map_err(|error| SignError::File { path: path.clone(), problem: error.to_string() })
}

fn request(number: u64, command: AddCheckpointKey) -> Request {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("key/{number}").as_bytes());
    Request {
        command_id: CommandId::new(id),
        actor: Actor::new(ActorKind::System),
        customer: None,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::AddCheckpointKey(command).into(),
    }
}
