//! Policies: which logs are believed, and which witnesses must have cosigned a checkpoint (C2SP tlog-policy).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointOpenError, Opened};
use crate::note::{Algorithm, SignedNote, VerifierKey};

mod reading;
#[cfg(test)]
mod tests;

/// The most bytes that a policy may have.
pub const POLICY_BYTES_MAX: usize = 100_000;

/// The most logs, witnesses and groups, taken together.
pub const DEFINITIONS_MAX: usize = 256;

/// Why a text is not a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// The text is too long.
    #[error("a policy of {bytes} bytes is longer than {POLICY_BYTES_MAX}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// There is a control character other than tab and line feed.
    #[error("a policy has no control characters but tab and line feed, see byte {at}")]
    Control {
        /// Offset of the first one.
        at: usize,
    },
    /// The last line has no line feed.
    #[error("each line of a policy ends with a line feed")]
    Unfinished,
    /// A line is wrong.
    #[error("line {line}: {problem}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: LineProblem,
    },
    /// There is no quorum.
    #[error("a policy has a line that says what its quorum is")]
    NoQuorum,
}

/// What is wrong with a line of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LineProblem {
    /// It does not begin with `log`, `witness`, `group` or `quorum`, or has words too many or too few.
    #[error("not a definition of a log, a witness, a group or the quorum")]
    Form,
    /// The key is not a verifier key.
    #[error("not a verifier key: {0}")]
    Key(#[from] crate::note::KeyError),
    /// The key is of a kind that does not sign what it is named for.
    #[error("a key of algorithm {algorithm} is not one for this")]
    Algorithm {
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The same public key stands on another line of the same kind.
    #[error("the same public key stands on an earlier line")]
    RepeatedKey,
    /// The name is taken, or is `none`.
    #[error("the name {name} is taken")]
    Name {
        /// The name.
        name: String,
    },
    /// No earlier line defines the name.
    #[error("no earlier line defines {name}")]
    Undefined {
        /// The name.
        name: String,
    },
    /// A name is a member for the second time.
    #[error("{name} is a member already")]
    Member {
        /// The name.
        name: String,
    },
    /// The number is not between 1 and the number of members.
    #[error("a group asks for any, all, or a number of its members between 1 and all")]
    Threshold,
    /// The quorum is defined twice.
    #[error("the quorum is defined already")]
    SecondQuorum,
    /// There are too many definitions.
    #[error("a policy has at most {DEFINITIONS_MAX} definitions")]
    TooMany,
}

/// Why a policy does not believe a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotBelieved {
    /// No log of the policy signed it, or a signature is wrong.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointOpenError),
    /// Too few of the witnesses cosigned it.
    #[error("the witnesses that cosigned the checkpoint are not the quorum {quorum}")]
    Quorum {
        /// The name of the quorum.
        quorum: String,
        /// The names of the witnesses that cosigned it.
        cosigned: Vec<String>,
    },
}

/// Which checkpoints are believed. It prints the text that it was read from, comments and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    text: String,
    /// Keys of logs, then of witnesses.
    keys: Vec<VerifierKey>,
    /// In the order of their lines, so that a group stands below its members.
    parties: Vec<Party>,
    quorum: Option<String>,
}

/// A witness or a group of them, under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Party {
    Witness { name: String, key: VerifierKey },
    Group { name: String, threshold: usize, members: Vec<String> },
}

impl Party {
    fn name(&self) -> &str {
        match self {
            Self::Witness { name, .. } | Self::Group { name, .. } => name,
        }
    }
}

impl Policy {
    /// The keys of the logs and of the witnesses.
    #[must_use]
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    /// The checkpoint of a note, if one of the logs signed it and enough of the witnesses cosigned it.
    ///
    /// # Errors
    /// [`NotBelieved`] when that is not so, and when the signature of any key of the policy is wrong.
    pub fn open(&self, note: &SignedNote) -> Result<Opened<'_>, NotBelieved> {
        let opened = Checkpoint::open(note, &self.keys)?;
        let Some(quorum) = &self.quorum else { return Ok(opened) };
        let mut standing: BTreeSet<&str> = BTreeSet::new();
        let mut cosigned = Vec::new();
        for party in &self.parties {
            let stands = match party {
                Party::Witness { name, key } => {
                    let signed = opened.verified.iter().any(|one| one.key == key);
                    cosigned.extend(signed.then(|| name.clone()));
                    signed
                }
                Party::Group { threshold, members, .. } => {
                    members.iter().filter(|member| standing.contains(member.as_str())).count() >= *threshold
                }
            };
            if stands {
                standing.insert(party.name());
            }
        }
        if standing.contains(quorum.as_str()) {
            Ok(opened)
        } else {
            Err(NotBelieved::Quorum { quorum: quorum.clone(), cosigned })
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > POLICY_BYTES_MAX {
            return Err(PolicyError::TooLong { bytes: text.len() });
        }
        let control = |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') || byte == 0x7f;
        if let Some(at) = text.bytes().position(control) {
            return Err(PolicyError::Control { at });
        }
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(PolicyError::Unfinished);
        }
        let mut reading = reading::Reading::default();
        for (line, text) in (1..).zip(text.split('\n')) {
            reading.line(text).map_err(|problem| PolicyError::Line { line, problem })?;
        }
        reading.finish(text)
    }
}
