//! What comes out of reading a file: statements, and problems that name their place.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ofrecord_core::{CustomerId, Event, Evidence, GdapRelationshipId, StreamId, Timestamp};

use crate::context::Context;

/// Everything one file says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What the records state, in the order of the file.
    pub statements: Vec<Statement>,
    /// What could not be read, is not published, or is worth knowing.
    pub problems: Vec<Problem>,
    /// How many records the file holds, read or not.
    pub records: u64,
    /// How many records are of each shape, by the shape's name.
    pub shapes: BTreeMap<&'static str, u64>,
    /// Granular relationships that records stand below and whose customer neither the file nor the context says.
    /// Once another file has said it, reading this one again places them.
    pub customers_wanted: BTreeSet<GdapRelationshipId>,
}

impl Reading {
    /// Which customer each granular relationship is with, as the records say it.
    pub fn customers_of(&self) -> impl Iterator<Item = (&GdapRelationshipId, CustomerId)> {
        self.statements.iter().flat_map(|statement| {
            let customer = statement.stream.customer();
            let relationships = statement.events.iter().filter_map(Event::granular_relationship);
            relationships.filter_map(move |relationship| Some((relationship, customer?)))
        })
    }
}

/// What one source record says about one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The customer or the partner it is about.
    pub stream: StreamId,
    /// When it became true. For a snapshot, the instant it was fetched; none when nobody says.
    pub effective_at: Option<Timestamp>,
    /// The facts, in the order of the source.
    pub events: Vec<Event>,
    /// The record they rest on.
    pub evidence: Evidence,
    /// Who acted, as the source says: a user principal name, a user's id, or an application.
    pub actor: Option<String>,
    /// Which record of the file, from 0.
    pub record_index: u64,
    /// Which statement of that record, from 0.
    pub part: u32,
}

/// Something about a file that its reader should know. It never stops the rest of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, by the name it was given.
    pub file: String,
    /// Which record of the file, from 0; none when it concerns the file as a whole.
    pub record: Option<u64>,
    /// The line the record begins on, or the line of the fault, from 1.
    pub line: Option<u64>,
    /// The field, as a path in the record.
    pub field: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong, and what to do about it.
    pub message: String,
}

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The record, or the named part of it, was not read.
    Bad,
    /// A word that is not in the published list; the record is in the statements, with the word verbatim.
    Unrecognised,
    /// Nothing is lost; it is worth knowing.
    Note,
}

impl Severity {
    /// The word for lists and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bad => "bad",
            Self::Unrecognised => "unrecognised",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Problem {
    /// `file:line: record 3, field `customerId`: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        match (self.record, &self.field) {
            (Some(record), Some(field)) => write!(f, ": record {record}, field `{field}`")?,
            (Some(record), None) => write!(f, ": record {record}")?,
            (None, Some(field)) => write!(f, ": field `{field}`")?,
            (None, None) => {}
        }
        write!(f, ": {}", self.message)
    }
}

/// Reads a file of another system, recognising its shape.
///
/// One bad record never stops the rest. The same bytes in the same context give the same reading.
#[must_use]
pub fn read(file: &str, bytes: &[u8], context: &Context) -> Reading {
    crate::document::read(file, bytes, context)
}
