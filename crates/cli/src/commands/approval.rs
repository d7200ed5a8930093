//! `ofrecord approval`: what takes two persons, asked for and answered at the server that holds the ledger.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use ofrecord_core::CommandId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::remote::{Remote, RemoteError, Server};
use crate::render::{self, Column, Layout};
use crate::session::Session;

const AFTER_HELP: &str = "\
Erasing, redacting and releasing a hold take two compliance officers at a server that asks for tokens: one asks, and
another one approves within seven days, each with a token of their own. What was asked for is kept there with the exact
command, and the entry names the record of both among its evidence.

Example:
  ofrecord approval ask redaction.json --server https://ledger.example.org --token-file kim.token
  ofrecord approval list --server https://ledger.example.org --token-file robin.token
  ofrecord approval approve 01930000-0000-7000-8000-000000000001 \\
      --server https://ledger.example.org --token-file robin.token";

/// The status with which a server says that a rule refuses a command.
const REFUSED: u16 = 422;

/// Arguments of `approval`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Ask for a command that takes two persons
    Ask {
        /// The file with the command, as `submit` takes it; `-` is the standard input. Its id, its actor and, of a
        /// redaction, who approves may be left out
        file: PathBuf,
        #[command(flatten)]
        remote: Remote,
    },
    /// List what was asked for, and how it was answered
    List {
        #[command(flatten)]
        remote: Remote,
    },
    /// Let something happen that somebody else asked for
    Approve {
        /// Its id
        approval: CommandId,
        #[command(flatten)]
        remote: Remote,
    },
    /// Do not let it happen
    Refuse {
        /// Its id
        approval: CommandId,
        /// Why, for whoever reads the record
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
    /// Ask for it no more
    Withdraw {
        /// Its id
        approval: CommandId,
        /// Why, for whoever reads the record
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
        #[command(flatten)]
        remote: Remote,
    },
}

/// All approvals, as a server tells of them.
#[derive(Debug, Deserialize)]
struct All {
    approvals: Vec<Value>,
}

const APPROVALS: Layout = Layout {
    empty: "nothing was asked for",
    columns: &[
        Column::of("approval", "id"),
        Column::of("state", "state"),
        Column::of("command", "submission.command.type"),
        Column::of("asked by", "asked_by"),
        Column::of("asked", "asked_at"),
        Column::of("until", "expires_at"),
        Column::of("answered by", "answered_by"),
        Column::of("outcome", "outcome"),
        Column::of("entry", "position"),
    ],
};

/// Asks, answers or lists.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    match &arguments.action {
        Action::List { remote } => list(&remote.needed()?, session),
        Action::Ask { file, remote } => {
            let server = remote.needed()?;
            let told = server.tell("approvals", &content(file)?)?;
            let until = |told: &Said| format!("{} waits until {}", told.named("id"), told.named("expires_at"));
            print(&server, &told, session, until)
        }
        Action::Approve { approval, remote } => approve(*approval, &remote.needed()?, session),
        Action::Refuse { approval, reason, remote } => {
            answer(*approval, ("refuse", "refused"), reason.as_deref(), &remote.needed()?, session)
        }
        Action::Withdraw { approval, reason, remote } => {
            answer(*approval, ("withdraw", "withdrew"), reason.as_deref(), &remote.needed()?, session)
        }
    }
}

/// Has the command decided. That a rule refuses it is what came of it, and recorded.
fn approve(approval: CommandId, server: &Server<'_>, session: &Session) -> Result<Verdict, Failure> {
    match server.tell(&format!("approvals/{approval}/approve"), b"") {
        Ok(told) => print(server, &told, session, |told| format!("approved: entry {} says so", told.named("position"))),
        Err(Failure::Remote(RemoteError::Problem { status: REFUSED, code, detail, .. })) => {
            let told = json!({"outcome": "refused", "code": code, "detail": detail}).to_string() + "\n";
            let sentence =
                |told: &Said| format!("approved, and refused: {} ({})", told.named("detail"), told.named("code"));
            print(server, told.as_bytes(), session, sentence).map(|_| Verdict::Refused)
        }
        Err(failure) => Err(failure),
    }
}

/// Answers otherwise, with a reason where there is one.
fn answer(
    approval: CommandId,
    (word, done): (&str, &str),
    reason: Option<&str>,
    server: &Server<'_>,
    session: &Session,
) -> Result<Verdict, Failure> {
    let why = reason.map_or_else(|| json!({}), |reason| json!({"reason": reason}));
    let told = server.tell(&format!("approvals/{approval}/{word}"), why.to_string().as_bytes())?;
    print(server, &told, session, |told| format!("{done} {}", told.named("id")))
}

fn list(server: &Server<'_>, session: &Session) -> Result<Verdict, Failure> {
    let body = server.get("approvals")?;
    let mut output = session.output();
    match session.global.format {
        Format::Json => {
            output.bytes(&body)?;
            output.flush()?;
        }
        Format::Table | Format::Csv => {
            let all: All = serde_json::from_slice(&body).map_err(|error| server.unreadable(&error))?;
            render::rows(&mut output, session.global.format, &APPROVALS, &all.approvals)?;
        }
    }
    Ok(Verdict::Done)
}

/// What a server told, of which a sentence takes some fields.
struct Said(Value);

impl Said {
    fn named(&self, field: &str) -> String {
        match self.0.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }
}

/// Prints what the server told, or a sentence of it for people.
fn print(
    server: &Server<'_>,
    told: &[u8],
    session: &Session,
    sentence: impl FnOnce(&Said) -> String,
) -> Result<Verdict, Failure> {
    let mut output = session.output();
    match session.global.format {
        Format::Json => output.bytes(told)?,
        Format::Table | Format::Csv => {
            let said = Said(serde_json::from_slice(told).map_err(|error| server.unreadable(&error))?);
            output.line(&sentence(&said))?;
        }
    }
    output.flush()?;
    Ok(Verdict::Done)
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error: io::Error| Failure::File { doing: "read", path: file.to_owned(), error };
    if file != Path::new("-") {
        return fs::read(file).map_err(failed);
    }
    let mut content = Vec::new();
    io::stdin().read_to_end(&mut content).map_err(Failure::Input)?;
    Ok(content)
}
