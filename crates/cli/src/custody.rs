//! What the commands on the ledger's own custody share: who asks, the folder of keys, and the checkpoints kept.

use std::path::Path;

use clap::Args;
use ofrecord_core::command::custody::AddCheckpointKey;
use ofrecord_core::state::Custody;
use ofrecord_core::{Actor, ActorKind, CheckpointKey, Command, CommandId, Reason, Request, Role};
use ofrecord_ledger::receipt::Recorded;
use ofrecord_ledger::sealing::{Names, Sealer};
use ofrecord_ledger::signing::{KeyFolder, SignError, Signer};
use ofrecord_ledger::{Entropy, KnownAt, Ledger, Reader, ReceiptOutcome};
use ofrecord_log::LogReader;
use uuid::Uuid;

use crate::failure::Failure;
use crate::session::Session;

mod checkpointing;
mod kept;

pub(crate) use self::checkpointing::Checkpointing;
pub(crate) use self::kept::{
    Under, checkpoint, checkpoint_by, checkpoint_covering, keep, newest_checkpoint, sign, sign_into, sizes_kept,
    stamp_files, under,
};

/// Who does something with the ledger itself.
#[derive(Debug, Args)]
pub(crate) struct Person {
    /// Who does it, as the entry will say; without it, the user of this machine
    #[arg(long, global = true, value_name = "NAME", env = "USER", hide_env = true)]
    by: Option<String>,
}

impl Person {
    /// Somebody of a name, where there is one.
    pub(crate) fn named(by: Option<String>) -> Self {
        Self { by }
    }

    /// As an operator.
    pub(crate) fn operator(&self) -> Actor {
        Actor { user: self.by.clone(), ..Actor::new(ActorKind::Operator) }
    }

    /// As a compliance officer.
    pub(crate) fn compliance_officer(&self) -> Actor {
        Actor { role: Some(Role::ComplianceOfficer), ..self.operator() }
    }
}

/// Has a command on the ledger decided, and waits until it is durable.
#[expect(clippy::disallowed_methods, reason = "the binary is the edge that may draw an id")]
pub(crate) fn ask(ledger: &Ledger, actor: Actor, command: Command) -> Result<Recorded, Failure> {
    let request = Request {
        command_id: CommandId::new(Uuid::now_v7()),
        actor,
        customer: None,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: command.into(),
    };
    match ledger.submit(request)?.wait()?.outcome {
        ReceiptOutcome::Accepted { recorded, .. } | ReceiptOutcome::Repeated { recorded, .. } => Ok(recorded),
        ReceiptOutcome::Refused { refusal, .. } | ReceiptOutcome::Conflict { refusal } => {
            Err(Failure::Refused(Box::new(refusal)))
        }
    }
}

/// The folder of the keys of the ledger that is spoken of.
pub(crate) fn key_folder(session: &Session) -> KeyFolder {
    key_folder_of(session, &session.global.ledger)
}

fn key_folder_of(session: &Session, ledger: &Path) -> KeyFolder {
    match &session.global.keys {
        Some(path) => KeyFolder::new(path),
        None => KeyFolder::beside(ledger),
    }
}

/// Refuses to create a ledger whose folder of keys is that of another.
pub(crate) fn check_key_folder(session: &Session, ledger: &Path) -> Result<(), Failure> {
    let folder = key_folder_of(session, ledger);
    if folder.exists() {
        let signer = Signer::open(folder.clone())?;
        if signer.signed().size > 0 {
            let (folder, origin) = (folder.path().to_owned(), signer.origin().to_owned());
            return Err(Failure::KeysOfAnother { folder, origin });
        }
    }
    Ok(())
}

/// Makes the keys of a new ledger, and gives the public half of the first. Keys that never signed anything give way:
/// they are what an interrupted creation left.
pub(crate) fn make_keys(session: &Session, ledger: &Path, origin: &str) -> Result<String, Failure> {
    let folder = key_folder_of(session, ledger);
    if folder.exists() {
        folder.remove()?;
    }
    Ok(folder.create(origin, &entropy(session))?.verifier().to_string())
}

/// What seals personal fields; none where there is no folder of keys.
pub(crate) fn sealer(session: &Session) -> Result<Option<Sealer>, Failure> {
    let folder = key_folder(session);
    if !folder.exists() {
        return Ok(None);
    }
    Ok(Some(Sealer::open(&folder, entropy(session))?))
}

/// What may be read in place of sealed texts. Where the keys cannot be used, answers are given without them.
pub(crate) fn names(session: &Session) -> Names {
    if !key_folder(session).subjects().exists() {
        return Names::new(None);
    }
    Names::new(sealer(session).unwrap_or_else(|failure| {
        session.warn(
            &format!("personal fields are shown as sealed: {failure}"),
            "`--keys` names the folder of keys, which has to be readable and writable",
        );
        None
    }))
}

/// Where keys and nonces come from. A set clock is for tests, which want the same entries each time.
pub(crate) fn entropy(session: &Session) -> Entropy {
    match session.global.clock {
        Some(_) => Entropy::Seeded("tests".to_owned()),
        None => Entropy::System,
    }
}

/// The signer of the ledger that is spoken of.
pub(crate) fn signer(session: &Session) -> Result<Signer, Failure> {
    let folder = key_folder(session);
    if !folder.exists() {
        return Err(Failure::NoKeys { folder: folder.path().to_owned() });
    }
    Ok(Signer::open(folder)?)
}

/// What the ledger says of its own custody, after everything known.
pub(crate) fn custody(reader: &Reader) -> Result<Custody, Failure> {
    let snapshot = reader.snapshot(KnownAt::Now)?;
    Ok(reader.custody(&snapshot)?.latest().clone())
}

/// Has the log name the key of the folder, where it names none yet: no key signs before the log says so.
pub(crate) fn name_first_key(ledger: &Ledger, signer: &Signer, actor: &Actor) -> Result<(), Failure> {
    if custody(&ledger.reader())?.checkpoint_keys.is_empty() {
        for key in signer.keys() {
            let command = AddCheckpointKey { key, replaces: None, reason: reason("the first key of this ledger")? };
            ask(ledger, actor.clone(), Command::AddCheckpointKey(command))?;
        }
    }
    Ok(())
}

/// Warns when the log no longer extends what was signed. Reading goes on; nothing else can.
pub(crate) fn warn_of_loss(session: &Session, log: &dyn LogReader) {
    if let Some(lost) = loss(session, log).err().and_then(|error| error.lost()) {
        let said = format!("this ledger has lost entries: {} were signed, and it does not hold them", lost.size);
        session.warn(&said, LOSS_HINT);
    }
}

/// What to do when the log no longer extends what was signed.
pub(crate) const LOSS_HINT: &str =
    "put the lost entries back from a newer copy or a backup; only if there is none, go on with `ofrecord epoch`";

/// Fails when the log no longer extends what was signed; not where there are no keys.
pub(crate) fn loss(session: &Session, log: &dyn LogReader) -> Result<(), SignError> {
    let folder = key_folder(session);
    if folder.exists() { Signer::open(folder)?.check(log) } else { Ok(()) }
}

/// A reason given on the command line, or by this program.
pub(crate) fn reason(text: &str) -> Result<Reason, Failure> {
    text.parse().map_err(Failure::Reason)
}

/// The keys that may sign, as texts.
pub(crate) fn signing_keys(custody: &Custody) -> Vec<CheckpointKey> {
    custody.signing_keys().cloned().collect()
}
