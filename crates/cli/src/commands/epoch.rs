//! `ofrecord epoch`: go on after entries were lost for good, in the open.

use clap::Args;
use ofrecord_core::command::custody::{AddCheckpointKey, RetireCheckpointKey, StartEpoch, TreeHead};
use ofrecord_core::{CheckpointKey, Command, LogOrigin};
use ofrecord_ledger::signing::Signer;
use ofrecord_ledger::{Entropy, Ledger};
use ofrecord_log::Head;

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::session::Session;

const AFTER_HELP: &str = "\
A ledger whose log no longer extends what was signed takes no entries: entries were lost, or an old copy was put
back. If a newer copy exists, restore that. If none does, this records what was lost, and goes on under another
origin with another key, so that nobody takes the new checkpoints for a continuation of the old ones.

Example:
  ofrecord epoch --reason 'disk failed on 3 March, restored from the backup of 2 March' --by kim";

/// Arguments of `epoch`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// What happened, and why there is no newer copy
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The name of the log from here on; without it, the present one with the number of the epoch
    #[arg(long, value_name = "NAME")]
    origin: Option<LogOrigin>,
    #[command(flatten)]
    person: Person,
}

/// Starts the epoch.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let reason = custody::reason(&arguments.reason)?;
    let mut signer = custody::signer(session)?;
    let ledger = open::ledger_despite_loss(session)?;
    let lost = match signer.check(ledger.reader().log().as_ref()) {
        Ok(()) => return Err(Failure::NothingLost),
        Err(error) => error.lost().ok_or(error)?,
    };
    let entropy = custody::entropy(session);
    let started = start(&ledger, &mut signer, lost, (arguments, &reason, &entropy));
    open::close(ledger, session);
    let origin = started?;
    let mut output = session.output();
    output.line(&format!("the log goes on as {origin}"))?;
    output.line(&format!("lost: the head of size {} with root {}", lost.size, lost.root))?;
    output.flush()?;
    Ok(Verdict::Done)
}

/// First the log, then the signer: stopped in between, the same again finds the epoch in the log and goes on.
fn start(
    ledger: &Ledger,
    signer: &mut Signer,
    lost: Head,
    (arguments, reason, entropy): (&Arguments, &ofrecord_core::Reason, &Entropy),
) -> Result<LogOrigin, Failure> {
    let custody = custody::custody(&ledger.reader())?;
    let head = TreeHead { tree_size: lost.size, root: lost.root.to_string().parse().map_err(Failure::Reason)? };
    let begun = custody.epochs.iter().find(|epoch| epoch.lost == head).map(|epoch| epoch.origin.clone());
    let origin = match begun {
        Some(origin) => origin,
        None => {
            let origin = match &arguments.origin {
                Some(origin) => origin.clone(),
                None => numbered(ledger.reader().log().origin(), custody.epochs.len() + 2)?,
            };
            let command = StartEpoch { origin: origin.clone(), lost: head, reason: reason.clone() };
            custody::ask(ledger, arguments.person.compliance_officer(), Command::StartEpoch(command))?;
            origin
        }
    };
    let operator = || arguments.person.operator();
    let known = signer.keys().into_iter().find(|key| key.as_str().starts_with(&format!("{origin}+")));
    let key = match known {
        Some(key) => key,
        None => signer
            .folder()
            .add_key(origin.as_str(), entropy)?
            .verifier()
            .to_string()
            .parse()
            .map_err(Failure::Reason)?,
    };
    let older: Vec<CheckpointKey> = custody.signing_keys().filter(|other| **other != key).cloned().collect();
    if !custody.checkpoint_keys.contains_key(&key) {
        let command = AddCheckpointKey { key: key.clone(), replaces: older.first().cloned(), reason: reason.clone() };
        custody::ask(ledger, operator(), Command::AddCheckpointKey(command))?;
    }
    for key in older {
        let command = RetireCheckpointKey { key: key.clone(), reason: reason.clone() };
        custody::ask(ledger, operator(), Command::RetireCheckpointKey(command))?;
    }
    for other in signer.keys().into_iter().filter(|other| *other != key) {
        signer.folder().remove_key(other.as_str())?;
    }
    signer.start_epoch(origin.as_str())?;
    Ok(origin)
}

fn numbered(origin: &str, number: usize) -> Result<LogOrigin, Failure> {
    format!("{origin}/e{number}").parse().map_err(Failure::Reason)
}
