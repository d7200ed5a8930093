//! `ofrecord anchor`: have an authority state when the newest checkpoint existed, and record that it did.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use ofrecord_core::Command;
use ofrecord_core::command::custody::{AnchorTime, TreeHead};
use ofrecord_core::time::TimestampError as InstantError;
use ofrecord_ledger::NoEntropy;
use ofrecord_ledger::signing::of_this_log;
use ofrecord_log::{Directory, Hash, write_whole};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::timestamp::{NotStamped, TimestampError, TimestampReply, TimestampRequest};
use serde::Serialize;
use thiserror::Error;

use crate::custody::{self, Person, Under};
use crate::failure::{Failure, Verdict};
use crate::http::{self, HttpError, Trust};
use crate::open;
use crate::render;
use crate::session::Session;

const AFTER_HELP: &str = "\
The request (RFC 3161) is for the three lines of the newest checkpoint, without its signatures. The reply is kept
beside the checkpoint, and the ledger records the authority, the head, the instant and the hash of the token.
Whether the authority signed it is not checked here:
  head -n 3 checkpoint > text
  openssl ts -verify -data text -in market/checkpoints/<size>.tsr -CAfile authority.crt

Examples:
  ofrecord anchor --authority http://timestamp.example/tsr
  ofrecord anchor --authority https://timestamp.internal/tsr --ca-file roots.pem
  ofrecord anchor --request checkpoint.tsq
  ofrecord anchor --request checkpoint.tsq --response checkpoint.tsr --authority timestamp.example";

/// Arguments of `anchor`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The address of the authority; with --response, what the entry calls it
    #[arg(long, value_name = "URL|NAME", required_unless_present = "request")]
    authority: Option<String>,
    /// Write the request to this file and ask nobody; with --response, the request that was written
    #[arg(long, value_name = "FILE")]
    request: Option<PathBuf>,
    /// Take this reply to the request
    #[arg(long, value_name = "FILE", requires = "request", requires = "authority")]
    response: Option<PathBuf>,
    #[command(flatten)]
    trust: Trust,
    #[command(flatten)]
    person: Person,
}

/// Why nothing was anchored.
#[derive(Debug, Error)]
pub(crate) enum AnchorError {
    /// A request or a reply cannot be read.
    #[error("read the time stamp: {0}")]
    Form(#[from] TimestampError),
    /// The reply is no answer to the request.
    #[error("take the time stamp: {0}")]
    NotStamped(#[from] NotStamped),
    /// The authority states an instant that the ledger cannot hold.
    #[error("take the time stamp: {0}")]
    Instant(#[from] InstantError),
    /// The authority answered with something else.
    #[error("have the checkpoint stamped: the authority answered {status}")]
    Refused {
        /// The status.
        status: u16,
    },
    /// There is no nonce.
    #[error(transparent)]
    Nonce(#[from] NoEntropy),
    /// Nobody answered.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The request is for no checkpoint that is kept.
    #[error("take the time stamp: it was asked for no checkpoint that is kept")]
    OtherCheckpoint,
}

/// What was anchored.
#[derive(Debug, Serialize)]
struct Anchored {
    authority: String,
    tree_size: u64,
    root: Hash,
    stamped_at: String,
    token: Hash,
    file: PathBuf,
    position: u64,
}

/// Anchors, or writes the request.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let (checkpoint, request, reply) = match (&arguments.request, &arguments.response, &arguments.authority) {
        (Some(request), Some(response), _) => {
            let request = TimestampRequest::from_der(&read(request)?).map_err(AnchorError::Form)?;
            (asked_for(&request, session)?, request, read(response)?)
        }
        (Some(path), None, _) => {
            let (_, request) = newest(session)?;
            let failed = |error| Failure::File { doing: "write", path: path.clone(), error };
            write_whole(path, &request.to_der()).map_err(failed)?;
            return Ok(Verdict::Done);
        }
        (None, _, authority) => {
            let (checkpoint, request) = newest(session)?;
            let url = authority.as_deref().unwrap_or_default();
            let answer = http::post(url, "application/timestamp-query", &request.to_der(), &arguments.trust)
                .map_err(AnchorError::Http)?;
            if answer.status != 200 {
                return Err(AnchorError::Refused { status: answer.status }.into());
            }
            (checkpoint, request, answer.body)
        }
    };
    let authority = arguments.authority.clone().unwrap_or_default();
    let anchored = anchor(&checkpoint, &request, &reply, authority, &arguments.person, session)?;
    render::pairs(&mut session.output(), session.global.format, &anchored)?;
    Ok(Verdict::Done)
}

/// Keeps the reply first, so that what the log says of it can be shown.
fn anchor(
    checkpoint: &Checkpoint,
    request: &TimestampRequest,
    reply: &[u8],
    authority: String,
    person: &Person,
    session: &Session,
) -> Result<Anchored, Failure> {
    let parsed = TimestampReply::from_der(reply).map_err(AnchorError::Form)?;
    let stamp = parsed.stamp_for(request).map_err(AnchorError::NotStamped)?;
    let (token, size, root) = (Hash::of(&stamp.token), checkpoint.size(), *checkpoint.root());
    let stamped_at = stamp.time.parse().map_err(AnchorError::Instant)?;
    let digest = |hash: Hash| hash.to_string().parse().map_err(Failure::Reason);
    let head = TreeHead { tree_size: size, root: digest(root)? };
    let command = AnchorTime { authority: authority.clone(), head, token: digest(token)?, stamped_at };
    let ledger = open::ledger(session)?;
    let file = unused(&session.global.ledger, size);
    let kept = write_whole(&file, reply).map_err(|error| Failure::File { doing: "write", path: file.clone(), error });
    let recorded = kept.and_then(|()| custody::ask(&ledger, person.operator(), Command::AnchorTime(command)));
    open::close(ledger, session);
    let position = recorded?.position;
    Ok(Anchored { authority, tree_size: size, root, stamped_at: stamp.time.clone(), token, file, position })
}

/// A request for the newest checkpoint. Its nonce is nobody's to guess.
fn newest(session: &Session) -> Result<(Checkpoint, TimestampRequest), Failure> {
    let checkpoint = custody::under(session, Under::AtLeast(1), &mut |log, signed| Ok(of_this_log(log, signed)?))?;
    let purpose = format!("timestamp|{}", checkpoint.size());
    let drawn = custody::entropy(session).draw(&purpose).map_err(AnchorError::Nonce)?;
    let nonce = drawn.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes));
    let request = TimestampRequest::new(checkpoint.to_string().as_bytes(), nonce);
    Ok((checkpoint, request))
}

/// The kept checkpoint that a request was made for.
fn asked_for(request: &TimestampRequest, session: &Session) -> Result<Checkpoint, Failure> {
    for size in custody::sizes_kept(&session.global.ledger)?.into_iter().rev() {
        let signed = custody::checkpoint(&session.global.ledger, size)?;
        if Hash::of(signed.note.text().as_bytes()) == *request.imprint()
            && let Ok(checkpoint) = signed.note.text().parse()
        {
            return Ok(checkpoint);
        }
    }
    Err(AnchorError::OtherCheckpoint.into())
}

/// A name beside the checkpoint that no earlier reply has.
fn unused(ledger: &Path, size: u64) -> PathBuf {
    let folder = Directory::new(ledger).checkpoints();
    let mut paths = custody::stamp_files(folder.clone(), size);
    paths.find(|path| !path.exists()).unwrap_or(folder)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::File { doing: "read", path: path.to_owned(), error })
}
