//! What leaves the ledger to be believed without it: the kinds, how each is read, and what checking one says.

use ofrecord_log::merkle::ProofError;
use ofrecord_log::{Hash, LogReader, ReadError};
use ofrecord_proof::certificate::CertificateOpenError;
use ofrecord_proof::checkpoint::{Checkpoint, CheckpointOpenError};
use ofrecord_proof::commitment::NotShown;
use ofrecord_proof::note::{NoteError, VerifierKey};
use ofrecord_views::canonical_bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use thiserror::Error;

use crate::absence::AbsenceProof;
use crate::codec::DecodeError;
use crate::commitment::{CommitError, StateCommitment};
use crate::completeness::CompletenessProof;
use crate::reader::ReadFailure;
use crate::redaction::{logged, redacted_since};

mod four_lines;
mod runs;
mod signed;

pub use self::four_lines::{AllFourLines, AllFourLinesBody, FourLinesBody};
pub use self::runs::{RunBody, RunFigures};
pub use self::signed::{Body, Certified, Judgement};

/// What a file shows, and in which version of its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// These are all entries of a stream.
    Completeness,
    /// A customer and a partner never had a relationship.
    Absence,
    /// What stood of a customer's subscriptions around each relationship event.
    FourLines,
    /// That of all customers, each by its hash.
    AllFourLines,
    /// Every command of a range was decided again.
    Replay,
    /// The stored views were folded again.
    Rebuild,
    /// Every entry was read in every copy, hashed, decoded and folded.
    Verification,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Completeness,
        Self::Absence,
        Self::FourLines,
        Self::AllFourLines,
        Self::Replay,
        Self::Rebuild,
        Self::Verification,
    ];

    /// As it stands in a file and in a note.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completeness => "completeness v1",
            Self::Absence => "absence v1",
            Self::FourLines => "four lines v1",
            Self::AllFourLines => "four lines of all v1",
            Self::Replay => "replay v1",
            Self::Rebuild => "rebuild v1",
            Self::Verification => "verification v1",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        known.ok_or_else(|| serde::de::Error::custom("a kind that is not known"))
    }
}

/// Why no proof was made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProveError {
    /// The log could not be read or folded, or does not have what is asked about.
    #[error(transparent)]
    Read(#[from] ReadFailure),
    /// The commitment could not be made again.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The commitment was made by another version of the fold.
    #[error("prove by the commitment of size {size}: version {fold} of the fold made it")]
    OtherFold {
        /// The size that it speaks of.
        size: u64,
        /// The version.
        fold: String,
    },
    /// The log no longer gives what was committed to.
    #[error("prove by the commitment of size {size}: the entries give another one now")]
    Differs {
        /// The size that it speaks of.
        size: u64,
    },
    /// An entry that was committed to was redacted since, and its part of the state cannot be made again.
    #[error("prove by the commitment of size {size}: entry {position} was redacted since, by entry {by}")]
    Redacted {
        /// The size that it speaks of.
        size: u64,
        /// The position of the entry.
        position: u64,
        /// The position of the entry that says so.
        by: u64,
    },
    /// The checkpoint is of a log that does not have the commitment yet.
    #[error("prove by the commitment at position {position}: the checkpoint is of size {size}")]
    NotCovered {
        /// The position of the commitment.
        position: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// An entry is no text.
    #[error("write an entry as text: byte {at} is not UTF-8")]
    Text {
        /// The first byte that is not.
        at: usize,
    },
}

impl From<ReadError> for ProveError {
    fn from(error: ReadError) -> Self {
        Self::Read(error.into())
    }
}

impl ProveError {
    /// Nothing is proven by a commitment that cannot be made again.
    pub(crate) fn unless_same(
        log: &dyn LogReader,
        recorded: &StateCommitment,
        made: &StateCommitment,
    ) -> Result<(), Self> {
        let size = recorded.tree_size;
        if recorded.fold != made.fold {
            return Err(Self::OtherFold { size, fold: recorded.fold.clone() });
        }
        // What it was made of may have been kept: that still agrees when entries behind it are gone.
        if let Some((position, logged)) = redacted_since(&logged(log)?, size) {
            return Err(Self::Redacted { size, position, by: logged.position });
        }
        if recorded == made { Ok(()) } else { Err(Self::Differs { size }) }
    }
}

/// Why a file does not show what it says.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotHolding {
    /// It is not canonical JSON, or of no known kind, or has other fields.
    #[error("it is no certificate or proof of this program, or not in its one spelling")]
    Spelling,
    /// It says of itself that it is of another kind.
    #[error("it is of another kind")]
    Kind,
    /// The checkpoint, or what vouches for a body, is no note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Nobody known vouches for the body.
    #[error(transparent)]
    Certificate(#[from] CertificateOpenError),
    /// The note is about another body, or about other entries than the body rests on.
    #[error("the note is about another body")]
    OtherBody,
    /// The body contradicts itself.
    #[error("the body contradicts itself: {problem}")]
    Body {
        /// Where.
        problem: &'static str,
    },
    /// Nobody known vouches for the checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointOpenError),
    /// An entry could not be read.
    #[error("an entry in it cannot be read: could not {0}")]
    Entry(#[from] DecodeError),
    /// The entry with the commitment is not in the log of the checkpoint.
    #[error("the entry with the commitment: {0}")]
    Inclusion(#[from] ProofError),
    /// The entry commits to nothing, or to a log longer than what stood before it.
    #[error("the entry in it makes no commitment to what stood before it")]
    NoCommitment,
    /// The line is that of another stream.
    #[error("the line in it is that of {stream}")]
    OtherStream {
        /// That stream.
        stream: String,
    },
    /// The lines are not in the tree that was committed to, or not the ones asked for.
    #[error("the lines in it: {0}")]
    Line(#[from] NotShown),
    /// An entry is missing, too many, or another one.
    #[error("the chain of entries breaks at version {version} of the stream")]
    Chain {
        /// The version of the first entry, from the newest down, that is not the one named.
        version: u64,
    },
    /// The entries fold to another view.
    #[error("the entries fold to another view than the one committed to")]
    View,
}

/// What a file that holds shows, and what it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checked {
    /// What it is.
    pub kind: Kind,
    /// Which log it is about.
    pub origin: String,
    /// The size of that log, as it signed it.
    pub tree_size: u64,
    /// The root at that size.
    pub root: Hash,
    /// The known keys that signed.
    pub signed_by: Vec<String>,
    /// What it says is wrong; nothing where all is as it should be.
    pub found: Vec<String>,
    /// What is shown.
    pub proven: Vec<String>,
    /// What is not.
    pub not_proven: Vec<String>,
}

impl Checked {
    pub(crate) fn of_log(
        kind: Kind,
        checkpoint: &Checkpoint,
        signed_by: Vec<String>,
        proven: Vec<String>,
        not_proven: Vec<String>,
    ) -> Self {
        let (origin, tree_size, root) = (checkpoint.origin().to_owned(), checkpoint.size(), *checkpoint.root());
        Self { kind, origin, tree_size, root, signed_by, found: Vec::new(), proven, not_proven }
    }
}

/// The one spelling of a proof or certificate: canonical JSON and a line feed.
#[must_use]
pub fn to_bytes(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = canonical_bytes(&serde_json::to_value(document).unwrap_or(Value::Null));
    bytes.push(b'\n');
    bytes
}

/// Reads a proof or certificate of one kind; nothing is verified here.
///
/// # Errors
/// [`NotHolding::Spelling`] for anything that would be written otherwise.
pub fn from_bytes<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, NotHolding> {
    let read: T = serde_json::from_slice(bytes).map_err(|_| NotHolding::Spelling)?;
    if to_bytes(&read) == bytes { Ok(read) } else { Err(NotHolding::Spelling) }
}

/// What says which kind a file is: a proof itself, a certificate in its body.
#[derive(Deserialize)]
#[serde(untagged)]
enum Heading {
    Proof { kind: Kind },
    Certificate { body: Inside },
}

#[derive(Deserialize)]
struct Inside {
    kind: Kind,
}

/// Checks a file of whichever kind by the keys that are known. No ledger is needed.
///
/// # Errors
/// [`NotHolding`] with the first thing that does not hold.
pub fn check(bytes: &[u8], keys: &[VerifierKey]) -> Result<Checked, NotHolding> {
    let heading = serde_json::from_slice(bytes).map_err(|_| NotHolding::Spelling)?;
    let (Heading::Proof { kind } | Heading::Certificate { body: Inside { kind } }) = heading;
    match kind {
        Kind::Completeness => from_bytes::<CompletenessProof>(bytes)?.verify(keys),
        Kind::Absence => from_bytes::<AbsenceProof>(bytes)?.verify(keys),
        Kind::FourLines => from_bytes::<Certified<FourLinesBody>>(bytes)?.verify(keys),
        Kind::AllFourLines => from_bytes::<Certified<AllFourLinesBody>>(bytes)?.verify(keys),
        Kind::Replay | Kind::Rebuild | Kind::Verification => from_bytes::<Certified<RunBody>>(bytes)?.verify(keys),
    }
}
