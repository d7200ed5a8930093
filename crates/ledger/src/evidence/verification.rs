//! Checking a pack by keys alone: every file, every proof, the chain of the customer's entries, and every answer again.

mod inspection;
mod keys;
mod statements;

use ofrecord_core::Timestamp;
use ofrecord_proof::checkpoint::{Checkpoint, CheckpointOpenError, Opened};
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_proof::policy::{NotBelieved, Policy};
use serde::Serialize;
use thiserror::Error;

use self::inspection::Inspection;
use self::keys::Followed;
use super::answers::Head;
use super::archive::Files;
use super::{ACCOUNT, About, CHECKPOINT, POLICY, RESELLERS};
use crate::reader::Basis;

/// By which keys a pack is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Believed {
    /// These, and those that they vouch for within the pack, one of which must have signed.
    Keys(Vec<VerifierKey>),
    /// The logs of a policy, whose quorum must have cosigned.
    Policy(Policy),
    /// Those in the pack itself, so that nothing is shown about who made it.
    ThePack,
}

/// What a pack shows, what it does not, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Judgement {
    /// The customer or the partner that it is about.
    #[serde(flatten)]
    pub about: Option<About>,
    /// The instant in the world that it answers for.
    pub as_of: Option<Timestamp>,
    /// What was known.
    pub basis: Option<Basis>,
    /// The believed keys that signed.
    pub signed_by: Vec<String>,
    /// What does not hold, each with its file. Nothing is proven by a pack with one of these.
    pub wrong: Vec<String>,
    /// What is shown.
    pub proven: Vec<String>,
    /// What is not.
    pub not_proven: Vec<String>,
}

/// Why the checkpoint is not believed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
enum Unbelieved {
    #[error("it is missing or cannot be read")]
    Unreadable,
    #[error(transparent)]
    Keys(#[from] CheckpointOpenError),
    #[error(transparent)]
    Policy(#[from] NotBelieved),
}

/// Judges the files of a pack. No ledger is needed.
#[must_use]
pub fn verify(files: &Files, believed: &Believed) -> Judgement {
    let read = |name: &str| files.get(name).map_or(&[][..], Vec::as_slice);
    let of_pack = std::str::from_utf8(read(POLICY)).ok().and_then(|text| text.parse::<Policy>().ok());
    let followed = match believed {
        Believed::Keys(keys) => keys::followed(files, keys),
        Believed::Policy(_) | Believed::ThePack => Followed::default(),
    };
    let opened = match (believed, &of_pack) {
        (Believed::Keys(_), _) => open(read(CHECKPOINT), |note| Ok(Checkpoint::open(note, &followed.keys)?)),
        (Believed::Policy(policy), _) | (Believed::ThePack, Some(policy)) => {
            open(read(CHECKPOINT), |note| Ok(policy.open(note)?))
        }
        (Believed::ThePack, None) => Err(Unbelieved::Unreadable),
    };
    let keys = match (believed, &of_pack) {
        (Believed::Keys(_), _) => followed.keys.as_slice(),
        (Believed::Policy(policy), _) | (Believed::ThePack, Some(policy)) => policy.keys(),
        (Believed::ThePack, None) => &[],
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return Judgement { wrong: vec![format!("{CHECKPOINT}: {error}")], ..Judgement::default() },
    };
    let first = if files.contains_key(ACCOUNT) { ACCOUNT } else { RESELLERS };
    let Ok(head) = serde_json::from_slice::<Head>(read(first)) else {
        let wrong = vec![format!("{first}: it is missing or cannot be read")];
        return Judgement { wrong, ..Judgement::default() };
    };
    let signed_by = opened.verified.iter().map(|one| one.key.to_string()).collect();
    Inspection::new(files, keys, opened.checkpoint, head).judge(believed, signed_by, followed.said)
}

fn open<'keys>(
    bytes: &[u8],
    by: impl FnOnce(&SignedNote) -> Result<Opened<'keys>, Unbelieved>,
) -> Result<Opened<'keys>, Unbelieved> {
    by(&SignedNote::from_bytes(bytes).map_err(|_| Unbelieved::Unreadable)?)
}
