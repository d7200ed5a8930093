//! `ofrecord key`: the keys that sign for the ledger: which they are, a new one, and the end of an old one.

use clap::{Args, Subcommand};
use ofrecord_core::command::custody::{AddCheckpointKey, RetireCheckpointKey};
use ofrecord_core::{CheckpointKey, Command};
use serde::Serialize;

use crate::arguments::Format;
use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::render::{self, Column, Layout};
use crate::session::Session;

const AFTER_HELP: &str = "\
Private keys lie beside the ledger in a folder of their own (LEDGER.keys, or --keys), with what was signed last.
Keep that folder on another disk where you can, and out of backups: put back with an old ledger, it could not tell
that entries are lost.

Example:
  ofrecord key                     # what an auditor needs: the keys that sign
  ofrecord key --receipts > receipts.pem
  ofrecord key rotate --reason 'two years old'
  ofrecord key retire 'example.org/ledger+530d903a+Aekye…' --reason 'replaced in January'";

/// Arguments of `key`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    /// Print the public key of COSE receipts, which is made when there is none; all forms of it with --format json
    #[arg(long)]
    receipts: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

/// The public key of receipts in the forms that programs take.
#[derive(Debug, Serialize)]
struct ReceiptsKey {
    /// SHA-256 of the COSE key, by which receipts name it (RFC 9679).
    id: String,
    pem: String,
    jwk: serde_json::Value,
    cose_key: String,
}

/// What to do with the keys.
#[derive(Debug, Subcommand)]
enum Action {
    /// Make the folder of keys with a first key, for a ledger that has none
    Create {
        #[command(flatten)]
        person: Person,
    },
    /// Make a key that takes the place of the present one; both sign until that one is retired
    Rotate {
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        person: Person,
    },
    /// Let a key sign no more, and remove its private half
    Retire {
        /// The key, as `ofrecord key` prints it
        key: CheckpointKey,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        person: Person,
    },
}

/// A key that the log names, or that waits to be named.
#[derive(Debug, Serialize)]
struct Row {
    key: CheckpointKey,
    standing: &'static str,
    private_half: &'static str,
    added: Option<u64>,
    retired: Option<u64>,
}

const KEYS: Layout = Layout {
    empty: "no keys: `ofrecord key create` makes the first",
    columns: &[
        Column::of("key", "key"),
        Column::of("standing", "standing"),
        Column::of("private half", "private_half"),
        Column::of("added by", "added"),
        Column::of("retired by", "retired"),
    ],
};

/// Does what is asked, and lists the keys.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    if arguments.receipts {
        return receipts(session);
    }
    match &arguments.action {
        None => {}
        Some(Action::Create { person }) => create(person, session)?,
        Some(Action::Rotate { reason, person }) => rotate(reason, person, session)?,
        Some(Action::Retire { key, reason, person }) => retire(key, reason, person, session)?,
    }
    list(session)
}

fn receipts(session: &Session) -> Result<Verdict, Failure> {
    let key = custody::signer(session)?.folder().receipt_key(&custody::entropy(session))?.verifier();
    let mut output = session.output();
    match session.global.format {
        Format::Table | Format::Csv => output.bytes(key.to_string().as_bytes())?,
        Format::Json => output.json(&ReceiptsKey {
            id: key.id().to_string(),
            pem: key.to_string(),
            jwk: serde_json::from_str(&key.to_jwk()).map_err(|error| Failure::Output(error.into()))?,
            cose_key: key.to_cose_key().iter().map(|byte| format!("{byte:02x}")).collect(),
        })?,
    }
    output.flush()?;
    Ok(Verdict::Done)
}

fn create(person: &Person, session: &Session) -> Result<(), Failure> {
    let ledger = open::ledger(session)?;
    let folder = custody::key_folder(session);
    folder.create(ledger.reader().log().origin(), &custody::entropy(session))?;
    let signer = custody::signer(session)?;
    let named = custody::name_first_key(&ledger, &signer, &person.operator());
    open::close(ledger, session);
    named
}

fn rotate(reason: &str, person: &Person, session: &Session) -> Result<(), Failure> {
    let reason = custody::reason(reason)?;
    let signer = custody::signer(session)?;
    let ledger = open::ledger(session)?;
    custody::name_first_key(&ledger, &signer, &person.operator())?;
    let present = custody::signing_keys(&custody::custody(&ledger.reader())?);
    let replaces = present.into_iter().find(|key| signer.keys().contains(key));
    let key = signer.folder().add_key(signer.origin(), &custody::entropy(session))?.verifier().to_string();
    let key: CheckpointKey = key.parse().map_err(Failure::Reason)?;
    let asked = custody::ask(
        &ledger,
        person.operator(),
        Command::AddCheckpointKey(AddCheckpointKey { key: key.clone(), replaces, reason }),
    );
    if asked.is_err() {
        // A key that the log does not name signs nothing; it would only lie about.
        signer.folder().remove_key(key.as_str())?;
    }
    open::close(ledger, session);
    asked.map(|_| ())
}

fn retire(key: &CheckpointKey, reason: &str, person: &Person, session: &Session) -> Result<(), Failure> {
    let reason = custody::reason(reason)?;
    let ledger = open::ledger(session)?;
    let command = RetireCheckpointKey { key: key.clone(), reason };
    let asked = custody::ask(&ledger, person.operator(), Command::RetireCheckpointKey(command));
    open::close(ledger, session);
    asked?;
    let folder = custody::key_folder(session);
    if folder.exists() {
        folder.remove_key(key.as_str())?;
    }
    Ok(())
}

fn list(session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log(session)?;
    let custody = custody::custody(&opened.reader())?;
    let folder = custody::key_folder(session);
    let mut here = if folder.exists() { custody::signer(session)?.keys() } else { std::collections::BTreeSet::new() };
    let mut rows = Vec::new();
    for (key, standing) in &custody.checkpoint_keys {
        let private_half = if here.remove(key) { "here" } else { "not here" };
        rows.push(Row {
            key: key.clone(),
            standing: if standing.retired.is_none() { "signs" } else { "retired" },
            private_half,
            added: Some(standing.added.at.position),
            retired: standing.retired.map(|retired| retired.at.position),
        });
    }
    rows.extend(here.into_iter().map(|key| Row {
        key,
        standing: "not in the log yet",
        private_half: "here",
        added: None,
        retired: None,
    }));
    let mut output = session.output();
    if session.global.quiet {
        for row in rows.iter().filter(|row| row.retired.is_none()) {
            output.line(row.key.as_str())?;
        }
        output.flush()?;
    } else {
        render::rows(&mut output, session.global.format, &KEYS, &rows)?;
    }
    Ok(Verdict::Done)
}
