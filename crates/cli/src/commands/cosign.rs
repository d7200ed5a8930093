//! `ofrecord cosign`: put the newest checkpoint before a witness, and keep its cosignature with it.

use std::io;
use std::path::PathBuf;

use clap::Args;
use ofrecord_ledger::signing::{self, SignError, Signed, of_this_log};
use ofrecord_ledger::witness::{Witness, WitnessError};
use ofrecord_log::LogReader;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{NoteError, NoteSignature, OpenError, VerifierKey};
use ofrecord_proof::witness::NotCosigned;
use thiserror::Error;

use crate::custody::{self, Under};
use crate::failure::{Failure, Verdict};
use crate::http::{self, HttpError, Trust};
use crate::session::Session;

const AFTER_HELP: &str = "\
Sends the newest checkpoint that is kept, or signs the first, with the proof that it begins with what the
witness saw last. The cosignature is added to the checkpoint, and every proof under it carries it along.
A witness that saw more than this ledger has, or something else, is told and not agreed with: exit code 4.

Examples:
  ofrecord cosign --witness http://witness.example:8080 --key \"$(cat w1.vkey)\"
  ofrecord cosign --witness https://witness.internal --ca-file roots.pem
  ofrecord cosign --witness ../w";

/// Arguments of `cosign`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The address of a witness, below which `add-checkpoint` is, or its folder
    #[arg(long, value_name = "URL|DIR")]
    witness: String,
    /// The key of the witness; without it, an answer over HTTP is kept unchecked
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,
    #[command(flatten)]
    trust: Trust,
}

/// Why there is no cosignature.
#[derive(Debug, Error)]
pub(crate) enum CosignError {
    /// The witness has seen a larger tree.
    #[error(
        "have size {size} cosigned: the witness has seen size {seen}; entries are lost, or an old copy was put back"
    )]
    Ahead {
        /// The size of the checkpoint.
        size: u64,
        /// The size that the witness saw.
        seen: u64,
    },
    /// The witness has seen another history.
    #[error("have size {size} cosigned: the witness has seen another history of this log: {said}")]
    Forked {
        /// The size of the checkpoint.
        size: u64,
        /// What it said.
        said: String,
    },
    /// The witness refused for another reason.
    #[error("have the checkpoint cosigned: the witness answered {status}: {said}")]
    Refused {
        /// The status.
        status: u16,
        /// What it said.
        said: String,
    },
    /// The answer is no cosignature.
    #[error("use the answer of the witness: {0}")]
    Answer(NoteError),
    /// The answer is not by the key of the witness.
    #[error("use the answer of the witness: {0}")]
    Key(OpenError),
    /// Nobody answered.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A witness could not be made or opened, or does not cosign.
    #[error(transparent)]
    Witness(#[from] WitnessError),
    /// An address could not be listened on.
    #[error("listen: {0}")]
    Listen(io::Error),
}

impl CosignError {
    /// Whether the witness knows of something else than this ledger.
    pub(crate) fn is_a_finding(&self) -> bool {
        match self {
            Self::Ahead { .. }
            | Self::Forked { .. }
            | Self::Witness(WitnessError::NotCosigned(NotCosigned::Proof(_))) => true,
            Self::Refused { .. }
            | Self::Answer(_)
            | Self::Key(_)
            | Self::Http(_)
            | Self::Witness(_)
            | Self::Listen(_) => false,
        }
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        if let Self::Http(error) = self { error.hint() } else { self.is_a_finding().then_some(custody::LOSS_HINT) }
    }
}

/// Who is asked.
enum Asked<'a> {
    Folder(Box<Witness>),
    Address(String, &'a Trust),
}

/// What a witness says to a request.
enum Said {
    Cosigned(String),
    Conflict(u64),
    Refused { status: u16, said: String },
}

/// Has it cosigned.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let is_address = arguments.witness.starts_with("http://") || arguments.witness.starts_with("https://");
    let asked = if is_address {
        Asked::Address(format!("{}/add-checkpoint", arguments.witness.trim_end_matches('/')), &arguments.trust)
    } else {
        Asked::Folder(Box::new(Witness::open(&PathBuf::from(&arguments.witness)).map_err(CosignError::Witness)?))
    };
    let signature = custody::under(session, Under::AtLeast(1), &mut |log, signed| {
        let key = arguments.key.clone().or_else(|| asked.key());
        let signature = cosignature(log, signed, &asked, session)?;
        let mut note = signed.note.clone();
        note.add(signature.clone()).map_err(CosignError::Answer)?;
        if let Some(key) = key {
            note.open(&[key]).map_err(CosignError::Key)?;
        }
        custody::keep(&session.global.ledger, &Signed { size: signed.size, note })?;
        Ok(signature)
    })?;
    let mut output = session.output();
    output.line(&signature.to_string())?;
    output.flush()?;
    Ok(Verdict::Done)
}

/// The first request leads on from nothing, unless the witness says what it saw; then the second does from there.
fn cosignature(
    log: &dyn LogReader,
    signed: &Signed,
    asked: &Asked<'_>,
    session: &Session,
) -> Result<NoteSignature, Failure> {
    let checkpoint = of_this_log(log, signed)?;
    let said = match asked.ask(log, 0, signed, session)? {
        Said::Conflict(seen) if seen > signed.size => {
            return Err(CosignError::Ahead { size: signed.size, seen }.into());
        }
        Said::Conflict(seen) if seen > 0 => asked.ask(log, seen, signed, session)?,
        said @ (Said::Cosigned(_) | Said::Conflict(_) | Said::Refused { .. }) => said,
    };
    match said {
        Said::Cosigned(line) => Ok(line.trim_end().parse().map_err(CosignError::Answer)?),
        Said::Conflict(seen) => Err(forked(&checkpoint, format!("it saw size {seen}"))),
        Said::Refused { status: 422, said } => Err(forked(&checkpoint, said)),
        Said::Refused { status, said } => Err(CosignError::Refused { status, said }.into()),
    }
}

fn forked(checkpoint: &Checkpoint, said: String) -> Failure {
    CosignError::Forked { size: checkpoint.size(), said }.into()
}

impl Asked<'_> {
    /// The key of a witness whose folder is at hand.
    fn key(&self) -> Option<VerifierKey> {
        match self {
            Self::Folder(witness) => Some(witness.key()),
            Self::Address(..) => None,
        }
    }

    fn ask(&self, log: &dyn LogReader, old: u64, signed: &Signed, session: &Session) -> Result<Said, Failure> {
        let request = signing::prove_since(log, old, signed)?.to_string();
        match self {
            Self::Folder(witness) => match witness.add(request.as_bytes(), &session.clock()) {
                Ok(signature) => Ok(Said::Cosigned(signature.to_string())),
                Err(WitnessError::NotCosigned(NotCosigned::Conflict { seen })) => Ok(Said::Conflict(seen)),
                Err(WitnessError::NotCosigned(error)) => {
                    Ok(Said::Refused { status: error.status(), said: error.to_string() })
                }
                Err(WitnessError::File(error)) => Err(SignError::into(error)),
            },
            Self::Address(url, trust) => {
                let answer = http::post(url, "application/octet-stream", request.as_bytes(), trust)
                    .map_err(CosignError::Http)?;
                let said = String::from_utf8_lossy(&answer.body).trim().to_owned();
                Ok(match (answer.status, said.parse()) {
                    (200, _) => Said::Cosigned(said),
                    (409, Ok(seen)) => Said::Conflict(seen),
                    (status, _) => Said::Refused { status, said },
                })
            }
        }
    }
}
