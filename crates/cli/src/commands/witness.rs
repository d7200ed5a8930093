//! `ofrecord witness`: be somebody outside who cosigns the checkpoints of logs; no ledger is needed.

use std::io::Read as _;
use std::net::TcpListener;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use ofrecord_ledger::witness::{Witness, WitnessError};
use ofrecord_proof::inclusion::PROOF_BYTES_MAX;
use ofrecord_proof::note::{KeyName, VerifierKey};
use ofrecord_proof::witness::NotCosigned;

use super::cosign::CosignError;
use crate::arguments::folder;
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::session::Session;

mod server;

const AFTER_HELP: &str = "\
A witness remembers the largest checkpoint of each log that it cosigned, and cosigns only what extends it
(C2SP tlog-witness). Its folder holds its key and that memory: a copy of it must never be put back.

Examples:
  ofrecord witness init w --name witness.example/w1 --log \"$(cat log.vkey)\"
  ofrecord witness add w < request
  ofrecord witness serve w --listen 127.0.0.1:8080";

/// Arguments of `witness`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

/// What to do as a witness.
#[derive(Debug, Subcommand)]
enum Action {
    /// Make the folder of a witness, and print its key
    Init {
        /// The folder
        #[arg(value_name = "DIR", value_parser = folder())]
        dir: PathBuf,
        /// The name of its key, such as witness.example/w1
        #[arg(long, value_name = "NAME")]
        name: KeyName,
        /// The key of a log to follow, as `ofrecord key` prints it; may be repeated
        #[arg(long, value_name = "VKEY")]
        log: Vec<VerifierKey>,
    },
    /// Cosign the checkpoint of a request on the standard input, if it extends what was seen
    Add {
        /// The folder
        #[arg(value_name = "DIR", value_parser = folder())]
        dir: PathBuf,
        /// The key of a further log to follow from now on; may be repeated
        #[arg(long, value_name = "VKEY")]
        log: Vec<VerifierKey>,
    },
    /// Do the same for requests over HTTP, until it is stopped
    Serve {
        /// The folder
        #[arg(value_name = "DIR", value_parser = folder())]
        dir: PathBuf,
        /// Where to listen; port 0 takes any that is free, and the first line says which
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
        listen: String,
        /// The key of a further log to follow from now on; may be repeated
        #[arg(long, value_name = "VKEY")]
        log: Vec<VerifierKey>,
    },
}

/// Does it.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    // What was cosigned is remembered before anybody hears of it.
    session.interrupt.end_at_once();
    match &arguments.action {
        Action::Init { dir, name, log } => {
            let witness =
                Witness::create(dir, name.clone(), log, &custody::entropy(session)).map_err(CosignError::Witness)?;
            let mut output = session.output();
            output.line(&witness.key().to_string())?;
            output.flush()?;
            Ok(Verdict::Done)
        }
        Action::Add { dir, log } => add(&following(dir, log)?, session),
        Action::Serve { dir, listen, log } => {
            let witness = following(dir, log)?;
            let listener = TcpListener::bind(listen).map_err(CosignError::Listen)?;
            let mut output = session.output();
            output.line(&format!("listening on http://{}", listener.local_addr().map_err(CosignError::Listen)?))?;
            output.flush()?;
            drop(output);
            server::serve(&listener, witness, session.clock())
        }
    }
}

fn following(dir: &std::path::Path, logs: &[VerifierKey]) -> Result<Witness, Failure> {
    let mut witness = Witness::open(dir).map_err(CosignError::Witness)?;
    if !logs.is_empty() {
        witness.follow(logs).map_err(CosignError::Witness)?;
    }
    Ok(witness)
}

fn add(witness: &Witness, session: &Session) -> Result<Verdict, Failure> {
    let mut request = Vec::new();
    let most = u64::try_from(PROOF_BYTES_MAX).unwrap_or(u64::MAX);
    std::io::stdin().take(most + 1).read_to_end(&mut request).map_err(Failure::Input)?;
    let mut output = session.output();
    match witness.add(&request, &session.clock()) {
        Ok(signature) => {
            output.line(&signature.to_string())?;
            output.flush()?;
            Ok(Verdict::Done)
        }
        // The size is the answer: whoever asked begins there.
        Err(WitnessError::NotCosigned(error @ NotCosigned::Conflict { seen })) => {
            session.remark(&format!("not cosigned: {error}"));
            output.line(&seen.to_string())?;
            output.flush()?;
            Ok(Verdict::Found)
        }
        Err(error) => Err(CosignError::Witness(error).into()),
    }
}
