//! `ofrecord prove`: the proof that an entry is in the log, or that the log begins with what was known before.

use std::path::PathBuf;

use clap::Args;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::codec::decode;
use ofrecord_ledger::signing::{self, Signed, of_this_log};
use ofrecord_log::entry::{redacted_leaf, stored_leaf_hash};
use ofrecord_log::merkle::ProofError;
use ofrecord_log::{Hash, LogReader, merkle};
use ofrecord_proof::inclusion::InclusionError;
use ofrecord_proof::receipt::{ReceiptError, ReceiptKey};
use thiserror::Error;

use crate::custody::{self, Under};
use crate::disclosure::{Taken, Taking};
use crate::failure::{Failure, Verdict};
use crate::open::Held;
use crate::session::Session;
use crate::whole_file;

const AFTER_HELP: &str = "\
A proof carries the checkpoint that it rests on, the newest that is kept unless --size names another.
Where none that is kept covers what is to be shown, the head of the log is signed first.
A receipt (--cose) carries none: give it together with `ofrecord checkpoint --size N`, and the key
that `ofrecord key --receipts` prints.
A proof that carries an entry takes it out of the ledger, which is recorded before it leaves.

Examples:
  ofrecord prove 41 --with-entry -o 41.tlog-proof
  ofrecord prove --since 1000 -o since-1000.txt
  ofrecord prove 41 --cose -o 41.cose";

/// Arguments of `prove`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The position of the entry
    #[arg(required_unless_present = "since")]
    position: Option<u64>,
    /// Instead, show that the log begins with its first SIZE entries
    #[arg(long, value_name = "SIZE", conflicts_with_all = ["position", "with_entry"])]
    since: Option<u64>,
    /// Write a COSE receipt (RFC 9942) rather than text (C2SP tlog-proof)
    #[arg(long)]
    cose: bool,
    /// Have the proof carry the bytes of the entry
    #[arg(long, conflicts_with = "cose")]
    with_entry: bool,
    /// Rest on the kept checkpoint of this size
    #[arg(long, value_name = "SIZE")]
    size: Option<u64>,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

/// Why there is no proof.
#[derive(Debug, Error)]
pub(crate) enum NotProven {
    /// The checkpoint does not cover what is to be shown.
    #[error("prove that: {what} is beyond the {size} entries of the checkpoint")]
    Beyond {
        /// What was asked for.
        what: String,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The bytes of the entry are not those of the tree.
    #[error("prove position {position}: {error}; the log is damaged")]
    Entry {
        /// The position.
        position: u64,
        /// Where its bytes lead.
        error: ProofError,
    },
    /// The proof was to carry an entry whose bytes were taken away.
    #[error("have the proof carry entry {position}: it was redacted, and only its hash is left")]
    Redacted {
        /// The position.
        position: u64,
    },
    /// An inclusion proof cannot be written.
    #[error("write the proof: {0}")]
    Inclusion(#[from] InclusionError),
    /// A receipt cannot be written.
    #[error("write the receipt: {0}")]
    Receipt(#[from] ReceiptError),
}

impl NotProven {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Beyond { .. } => Some("`ofrecord stats` tells the tree size"),
            Self::Entry { .. } => Some("`ofrecord verify` lists what is wrong, `ofrecord repair` mends it"),
            Self::Inclusion(_) => Some("leave --with-entry out and give the entry beside the proof"),
            Self::Redacted { .. } => Some("leave --with-entry out: the proof of its hash holds as before"),
            Self::Receipt(_) => None,
        }
    }
}

/// What is to be shown.
#[derive(Debug, Clone, Copy)]
enum Shown {
    /// An entry is in the log.
    Entry(u64),
    /// The log begins with that many entries.
    Since(u64),
}

/// In which form.
#[derive(Debug)]
enum Form {
    Text,
    TextWithEntry,
    Receipt(Box<ReceiptKey>),
}

/// Proves.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let shown = match (arguments.position, arguments.since) {
        (_, Some(size)) => Shown::Since(size),
        (position, None) => Shown::Entry(position.unwrap_or_default()),
    };
    let form = match (arguments.cose, arguments.with_entry) {
        (true, _) => {
            Form::Receipt(Box::new(custody::signer(session)?.folder().receipt_key(&custody::entropy(session))?))
        }
        (false, true) => Form::TextWithEntry,
        (false, false) => Form::Text,
    };
    let least = match shown {
        Shown::Entry(position) => position.saturating_add(1),
        Shown::Since(size) => size,
    };
    let wanted = arguments.size.map_or(Under::AtLeast(least), Under::Size);
    let (bytes, taken) = custody::under(session, wanted, &mut |log, signed| {
        if least > signed.size {
            let what = match shown {
                Shown::Entry(position) => format!("position {position}"),
                Shown::Since(size) => format!("size {size}"),
            };
            return Err(NotProven::Beyond { what, size: signed.size }.into());
        }
        let bytes = shown.bytes(log, signed, &form)?;
        let taken = shown.taken(log, signed, &form, &bytes)?;
        Ok((bytes, taken))
    })?;
    if let Some(taken) = taken {
        arguments.taking.disclose(&Held::for_taking(session)?, taken, session)?;
    }
    whole_file::write_or_print(arguments.output.as_deref(), &bytes, session)?;
    Ok(Verdict::Done)
}

impl Shown {
    fn bytes(self, log: &dyn LogReader, signed: &Signed, form: &Form) -> Result<Vec<u8>, Failure> {
        if let Form::Receipt(key) = form {
            return self.receipt(log, signed, key);
        }
        match self {
            Self::Entry(position) => {
                let proof = signing::prove(log, position, signed)?;
                let entry = entry_at(log, position, signed, proof.path())?;
                let proof = match form {
                    Form::TextWithEntry if redacted_leaf(&entry).is_some() => {
                        return Err(NotProven::Redacted { position }.into());
                    }
                    Form::TextWithEntry => proof.with_entry(&entry).map_err(NotProven::Inclusion)?,
                    Form::Text | Form::Receipt(_) => proof,
                };
                Ok(proof.to_string().into_bytes())
            }
            Self::Since(size) => Ok(signing::prove_since(log, size, signed)?.to_string().into_bytes()),
        }
    }

    /// What of the ledger leaves it with the proof; hashes and signatures are nothing of it.
    fn taken(self, log: &dyn LogReader, signed: &Signed, form: &Form, proof: &[u8]) -> Result<Option<Taken>, Failure> {
        match (self, form) {
            (Self::Entry(position), Form::TextWithEntry) => {
                // An entry that this version cannot decode is a proof all the same, and of nobody that it knows.
                let customer = decode(&log.read(position)?).ok().and_then(|entry| entry.decision.customer);
                let (kind, digest) = (DisclosureKind::Export, Some(Hash::of(proof)));
                Ok(Some(Taken { kind, customer, tree_size: signed.size, as_of: None, digest }))
            }
            (Self::Entry(_), Form::Text | Form::Receipt(_)) | (Self::Since(_), _) => Ok(None),
        }
    }

    fn receipt(self, log: &dyn LogReader, signed: &Signed, key: &ReceiptKey) -> Result<Vec<u8>, Failure> {
        let checkpoint = of_this_log(log, signed)?;
        let receipt = match self {
            Self::Entry(position) => {
                let path = log.inclusion_proof(position, signed.size)?;
                entry_at(log, position, signed, &path)?;
                key.inclusion(&checkpoint, &format!("entries/{position}"), position, path)
            }
            Self::Since(size) => {
                let path = log.consistency_proof(size, signed.size)?;
                key.consistency(&checkpoint, &format!("sizes/{size}"), size, path)
            }
        };
        Ok(receipt.map_err(NotProven::Receipt)?.as_bytes().to_vec())
    }
}

/// The bytes of an entry, which must be what the tree says: a proof is never given for others.
fn entry_at(log: &dyn LogReader, position: u64, signed: &Signed, path: &[Hash]) -> Result<Vec<u8>, Failure> {
    let root = *of_this_log(log, signed)?.root();
    let entry = log.read(position)?;
    let shown = merkle::verify_inclusion(&stored_leaf_hash(&entry), position, signed.size, path, &root);
    shown.map(|()| entry).map_err(|error| NotProven::Entry { position, error }.into())
}
