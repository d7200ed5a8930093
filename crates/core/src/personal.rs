//! Personal texts: user names, names of signatories and raw source records, in the clear or sealed (rule L-10).
//!
//! A sealed text stands where the text would stand, as one word that names whose it is. No rule and no fold looks
//! into a personal text, so it is decided, hashed, recorded and folded like any other text.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::event::Event;
use crate::id::{Digest, SubjectId};

#[cfg(test)]
mod tests;

/// How the field of a source record is named; its place in the request follows.
pub const RECORD_FIELD: &str = "record";

/// A personal text as it stands where its text would stand: field, subjects, position, commitment, tag, nonce and
/// ciphertext, joined by colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedWord {
    /// The name of the field that it was sealed as, of which its key is made.
    pub field: String,
    /// Whose keys open it: all of them, together.
    pub kids: Vec<SubjectId>,
    /// The position of the entry that it was sealed for.
    pub position: u64,
    /// The commitment to the key.
    pub kc: Digest,
    /// By which the holder of the keys tells equal texts.
    pub tag: Digest,
    /// The nonce: 24 hexadecimal digits.
    pub nonce: String,
    /// The ciphertext in the alphabet of base64 for addresses, without padding.
    pub ct: String,
}

/// A text that is not a sealed one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not a sealed text")]
pub struct NotSealed;

impl SealedWord {
    /// How every sealed text begins: the word, and the cipher.
    pub const BEGINNING: &'static str = "sealed:A256GCM:";

    /// Whether it was sealed as a source record, which may name several people.
    #[must_use]
    pub fn is_record(&self) -> bool {
        self.field.starts_with(RECORD_FIELD)
    }

    /// What stays the same when the same text is sealed again: whose it is, and its tag.
    #[must_use]
    pub fn reduced(&self) -> String {
        format!("{}{}:{}", Self::BEGINNING, joined(&self.kids), self.tag)
    }
}

impl fmt::Display for SealedWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, kids, position, kc, tag, nonce, ct } = self;
        write!(f, "{}{field}:{}:{position}:{kc}:{tag}:{nonce}:{ct}", Self::BEGINNING, joined(kids))
    }
}

impl FromStr for SealedWord {
    type Err = NotSealed;

    fn from_str(text: &str) -> Result<Self, NotSealed> {
        let mut parts = text.strip_prefix(Self::BEGINNING).ok_or(NotSealed)?.split(':');
        let mut next = || parts.next().ok_or(NotSealed);
        let read = Self {
            field: next()?.to_owned(),
            kids: next()?.split('+').map(|kid| kid.parse().map_err(|_| NotSealed)).collect::<Result<_, _>>()?,
            position: next()?.parse().map_err(|_| NotSealed)?,
            kc: next()?.parse().map_err(|_| NotSealed)?,
            tag: next()?.parse().map_err(|_| NotSealed)?,
            nonce: next()?.to_owned(),
            ct: next()?.to_owned(),
        };
        // One spelling: what is read is written so again.
        if read.to_string() == text { Ok(read) } else { Err(NotSealed) }
    }
}

fn joined(kids: &[SubjectId]) -> String {
    kids.iter().map(SubjectId::to_string).collect::<Vec<_>>().join("+")
}

/// A personal text, and what it is.
#[derive(Debug, PartialEq, Eq)]
pub enum PersonalText<'a> {
    /// A user: a user principal name, an object id, or the name of an application.
    User(&'a mut String),
    /// The name of a person.
    Name(&'a mut String),
    /// A source record as it came, which may name anybody.
    Record(&'a mut String),
}

impl<'a> PersonalText<'a> {
    /// The text itself.
    #[must_use]
    pub fn into_text(self) -> &'a mut String {
        match self {
            Self::User(text) | Self::Name(text) | Self::Record(text) => text,
        }
    }

    /// Whether it says who somebody is: a user without an `@` is an object id or an application, which say nothing.
    #[must_use]
    pub fn says_who(&self) -> bool {
        match self {
            Self::User(text) => text.contains('@'),
            Self::Name(text) | Self::Record(text) => !text.trim().is_empty(),
        }
    }
}

/// The personal texts that an event states, those of a replacement included.
pub(crate) fn texts_of(event: &mut Event) -> Vec<PersonalText<'_>> {
    fn user(text: &mut Option<String>) -> Vec<PersonalText<'_>> {
        text.iter_mut().map(PersonalText::User).collect()
    }
    if let Event::ResellerRelationshipAcceptedByCustomer(event) = event {
        user(&mut event.accepted_by)
    } else if let Event::ResellerRelationshipReestablished(event) = event {
        user(&mut event.accepted_by)
    } else if let Event::ResellerRelationshipRemovedByPartner(event) = event {
        user(&mut event.removed_by)
    } else if let Event::GdapRelationshipApproved(event) = event {
        user(&mut event.approved_by)
    } else if let Event::SubscriptionTransferRequested(event) = event {
        event.signatures.iter_mut().filter_map(|signature| signature.name.as_mut()).map(PersonalText::Name).collect()
    } else if let Event::SourceRecordKept(event) = event {
        event.raw.iter_mut().map(PersonalText::Record).collect()
    } else if let Event::EventCorrected(event) = event {
        event.replacement.as_deref_mut().map(texts_of).unwrap_or_default()
    } else {
        Vec::new()
    }
}
