//! What a job is told to do, as a body or a form says it.

use ofrecord_core::{CustomerId, PartnerTenantId, Reason, Timestamp};
use ofrecord_ledger::known::known_at;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::import::Import;
use crate::access::Need;
use crate::problem::Problem;

/// What kind of work a job does; each is what the command of that name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobKind {
    /// Folds every entry into new stored rows, compares, and puts them in place.
    Rebuild,
    /// Decides every command again and compares.
    Replay,
    /// Reads and checks every entry in every copy.
    Verify,
    /// Certifies the four lines of a customer, or of all.
    Certify,
    /// Takes an evidence pack.
    Evidence,
    /// Copies what is acknowledged into the folder of backups.
    Backup,
    /// Records what a source says that was sent.
    Import,
}

impl JobKind {
    /// Every kind, in the order of the pages.
    pub const ALL: [Self; 7] =
        [Self::Verify, Self::Replay, Self::Rebuild, Self::Backup, Self::Certify, Self::Evidence, Self::Import];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Rebuild => "rebuild",
            Self::Replay => "replay",
            Self::Verify => "verify",
            Self::Certify => "certify",
            Self::Evidence => "evidence",
            Self::Backup => "backup",
            Self::Import => "import",
        }
    }

    /// What it takes to order one, to change it, and to read what came of it.
    pub(crate) fn needs(self) -> Need {
        match self {
            Self::Replay | Self::Verify => Need::Checks,
            Self::Rebuild | Self::Backup => Need::Upkeep,
            Self::Certify | Self::Evidence => Need::Certifying,
            Self::Import => Need::Importing,
        }
    }
}

/// What a job is told to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Task {
    /// [`JobKind::Rebuild`].
    Rebuild {},
    /// [`JobKind::Replay`].
    Replay {
        /// First position; without it, the first entry.
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<u64>,
        /// First position no longer replayed; without it, the end.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<u64>,
    },
    /// [`JobKind::Verify`].
    Verify {},
    /// [`JobKind::Certify`].
    Certify {
        /// The customer; without it, all.
        #[serde(skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// Up to when knowledge counts, as questions take it.
        #[serde(skip_serializing_if = "Option::is_none")]
        known_at: Option<String>,
        /// Why, as the entry on this disclosure says.
        #[serde(skip_serializing_if = "Option::is_none")]
        purpose: Option<Reason>,
    },
    /// [`JobKind::Evidence`].
    Evidence {
        /// The customer that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// Instead of a customer, the partner that it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        partner: Option<PartnerTenantId>,
        /// The instant asked about; without it, the present.
        #[serde(skip_serializing_if = "Option::is_none")]
        as_of: Option<Timestamp>,
        /// Up to when knowledge counts, as questions take it.
        #[serde(skip_serializing_if = "Option::is_none")]
        known_at: Option<String>,
        /// Why, as the entry on this disclosure says.
        #[serde(skip_serializing_if = "Option::is_none")]
        purpose: Option<Reason>,
    },
    /// [`JobKind::Backup`].
    Backup {
        /// Why, as the entry on this disclosure says.
        #[serde(skip_serializing_if = "Option::is_none")]
        purpose: Option<Reason>,
    },
    /// [`JobKind::Import`]; it is ordered by sending the source, and not by its kind.
    #[serde(skip_deserializing)]
    Import(Box<Import>),
}

/// A task, and who ordered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What is to be done.
    pub task: Task,
    /// The name of the token, where somebody was asked for one.
    pub by: Option<String>,
}

impl Task {
    /// The kind.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Rebuild {} => JobKind::Rebuild,
            Self::Replay { .. } => JobKind::Replay,
            Self::Verify {} => JobKind::Verify,
            Self::Certify { .. } => JobKind::Certify,
            Self::Evidence { .. } => JobKind::Evidence,
            Self::Backup { .. } => JobKind::Backup,
            Self::Import(_) => JobKind::Import,
        }
    }

    /// Removes what was kept for the job alone, which has ended.
    pub(super) fn clear(&self) {
        if let Self::Import(import) = self {
            import.upload.remove();
        }
    }

    /// Reads a body.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let task: Self = serde_json::from_slice(body).map_err(|error| Problem::malformed("the body", &error))?;
        task.checked()
    }

    /// Reads the fields of a form that were filled in.
    pub(crate) fn of_fields<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, Problem> {
        let value = |name: &str, text: &str| match name {
            "from" | "to" => text.parse().map_or_else(|_| Value::from(text), |position: u64| Value::from(position)),
            _ => Value::from(text),
        };
        let fields: Map<String, Value> = fields.map(|(name, text)| (name.to_owned(), value(name, text))).collect();
        let task: Self =
            serde_json::from_value(fields.into()).map_err(|error| Problem::malformed("the form", &error))?;
        task.checked()
    }

    fn checked(self) -> Result<Self, Problem> {
        let (known, both) = match &self {
            Self::Certify { known_at, .. } => (known_at, None),
            Self::Evidence { customer, partner, known_at, .. } => (known_at, Some((customer, partner))),
            Self::Rebuild {} | Self::Replay { .. } | Self::Verify {} | Self::Backup { .. } | Self::Import(_) => {
                return Ok(self);
            }
        };
        if let Some(text) = known {
            known_at(text).map_err(|error| Problem::malformed("known_at", &error))?;
        }
        match both {
            Some((Some(_), Some(_)) | (None, None)) => {
                Err(Problem::malformed("customer", &"a pack is about a customer or a partner: name one of the two"))
            }
            Some((Some(_), None) | (None, Some(_))) | None => Ok(self),
        }
    }
}
