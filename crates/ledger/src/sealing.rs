//! Sealing personal fields before anything is decided, opening them again, and destroying the keys of who is erased.
//!
//! A person of a customer is one subject: who has the same e-mail address or user principal name there, or the same
//! name where there is none. A subject's id says nothing about who it is, and is found again by a secret that lies
//! with the keys.

pub mod fields;

mod keys;
mod names;
mod occurrences;
mod persons;
#[cfg(test)]
mod tests;
mod texts;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ofrecord_core::command::agreement::{Contact, Sealed};
use ofrecord_core::{CustomerId, Request, StreamId, SubjectId};
use ofrecord_log::Hash;
use ofrecord_proof::seal::{ALGORITHM, FieldKey, Place, SealError, SealedText, SubjectKey, equality_tag};
use thiserror::Error;
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

use self::keys::SubjectKeys;
pub use self::names::Names;
pub use self::occurrences::{Occurrence, Personal, occurrences};
pub use self::texts::open_text;
use crate::entropy::{Entropy, NoEntropy};
use crate::signing::KeyFolder;

/// The name of the field that is sealed, as its key is derived by it.
pub const CONTACT_FIELD: &str = "contact";

/// Under whom persons stand where no customer is named: those who act for a partner's account or for the ledger.
pub const NO_CUSTOMER: CustomerId = CustomerId::new(Uuid::nil());

/// Why a personal field was not sealed, opened or destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealingError {
    /// The file of keys cannot be used.
    #[error("use {}: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// There are no random bytes.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The text cannot be sealed, or does not open.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A submitter sends a sealed field.
    #[error("take a sealed field: only this ledger seals; send it in the clear")]
    SealedBySubmitter,
    /// A contact that cannot be written as JSON, or a sealed one that is none.
    #[error("read or write the contact: {problem}")]
    Contact {
        /// What is wrong.
        problem: String,
    },
}

impl SealingError {
    fn file(path: &Path, problem: &dyn std::fmt::Display) -> Self {
        Self::File { path: path.to_owned(), problem: problem.to_string() }
    }
}

/// What a sealed field is to whoever asks now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revealed<Field> {
    /// It opens.
    Open(Field),
    /// Its subject was erased, or one of them.
    Erased,
    /// Its key is not here.
    KeyMissing,
}

/// Seals with the keys of a folder. One process at a time may have it, as with the ledger itself.
#[derive(Debug)]
pub struct Sealer {
    keys: SubjectKeys,
    entropy: Entropy,
}

/// One sealer for the writer, who seals and erases with it, and for whoever reads.
#[derive(Debug, Clone)]
pub(crate) struct SharedSealer(Arc<Mutex<Sealer>>);

impl SharedSealer {
    pub(crate) fn new(sealer: Sealer) -> Self {
        Self(Arc::new(Mutex::new(sealer)))
    }

    pub(crate) fn held(&self) -> MutexGuard<'_, Sealer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sealer {
    /// Opens the keys of subjects in a folder of keys, which must exist.
    ///
    /// # Errors
    /// [`SealingError::File`].
    pub fn open(folder: &KeyFolder, entropy: Entropy) -> Result<Self, SealingError> {
        let keys = SubjectKeys::open(&folder.subjects(), || Ok(entropy.draw("subjects")?))?;
        Ok(Self { keys, entropy })
    }

    /// The request with its personal fields sealed for the entry at `position`; the request itself when it has none.
    ///
    /// # Errors
    /// [`SealingError`]; keys that were added meanwhile are kept and harm nobody.
    pub fn seal<'a>(&mut self, request: &'a Request, position: u64) -> Result<Cow<'a, Request>, SealingError> {
        let request = self.seal_contacts(request, position)?;
        self.seal_texts(request, position)
    }

    /// The request with nothing but its contacts sealed, as entries hold it from before other fields were sealed.
    pub(crate) fn seal_contacts<'a>(
        &mut self,
        request: &'a Request,
        position: u64,
    ) -> Result<Cow<'a, Request>, SealingError> {
        if !request.command.has_contacts() {
            return Ok(Cow::Borrowed(request));
        }
        let mut request = request.clone();
        // Even where no customer is named, what is refused must not stand in the log in the clear.
        let customer = request.customer.unwrap_or(NO_CUSTOMER);
        for contact in request.command.contacts_mut() {
            if contact.sealed.is_some() {
                return Err(SealingError::SealedBySubmitter);
            }
            if contact.is_clear() {
                *contact = self.sealed(contact, customer, position)?;
            }
        }
        Ok(Cow::Owned(request))
    }

    fn sealed(&mut self, contact: &Contact, customer: CustomerId, position: u64) -> Result<Contact, SealingError> {
        let text = serde_json::to_string(contact).map_err(|error| unwritable(&error))?;
        let (subject, key) = self.subject(&identity(contact), customer)?;
        let stream = StreamId::Customer(customer).to_string();
        let place = Place { position, stream: &stream, field: CONTACT_FIELD };
        let drawn = self.entropy.draw(&format!("nonce|{position}|{subject}"))?;
        let nonce = drawn.first_chunk::<12>().copied().unwrap_or_default();
        let sealed = FieldKey::derive(&key, place).seal(place, nonce, &text)?;
        let tag = equality_tag(&key, CONTACT_FIELD, &text);
        Ok(Contact {
            first_name: None,
            last_name: None,
            email: None,
            phone_number: None,
            sealed: Some(Sealed {
                alg: ALGORITHM.to_owned(),
                kid: subject,
                position,
                kc: digest(&sealed.commitment)?,
                tag: digest(&tag)?,
                nonce: hex::encode(sealed.nonce),
                ct: hex::encode(sealed.ciphertext),
            }),
        })
    }

    /// The subject that a person is, with its key; a new one when there is none that is not erased.
    fn subject(&mut self, person: &str, customer: CustomerId) -> Result<(SubjectId, SubjectKey), SealingError> {
        let mut generation = 0_u32;
        loop {
            let subject = self.subject_named(person, customer, generation);
            if let Some(key) = self.keys.key(subject) {
                return Ok((subject, key.clone()));
            }
            if !self.keys.is_erased(subject) {
                let key = Zeroizing::new(self.entropy.draw(&format!("subject|{subject}"))?);
                self.keys.add(subject, customer, key.clone())?;
                return Ok((subject, key));
            }
            // Who was erased and comes back is somebody new: the old key does not.
            generation = generation.saturating_add(1);
        }
    }

    /// The id that a person has under a customer, once more for each time the person came back after an erasure.
    fn subject_named(&self, person: &str, customer: CustomerId, generation: u32) -> SubjectId {
        let secret = Zeroizing::new(*self.keys.secret());
        let name = format!("{customer}|{generation}|{person}");
        subject_of(&equality_tag(&secret, "subject", &name))
    }

    /// Every subject that somebody with this address, or with this name of a signatory, is: by customer, the erased
    /// ones included.
    #[must_use]
    pub fn subjects_of(&self, person: &str) -> Vec<(CustomerId, SubjectId)> {
        let person = person.trim().to_lowercase();
        let mut found = Vec::new();
        for customer in self.keys.customers() {
            let ids = (0..).map(|generation| self.subject_named(&person, customer, generation));
            let known = ids.take_while(|subject| self.keys.customer(*subject).is_some());
            found.extend(known.map(|subject| (customer, subject)));
        }
        found
    }

    /// Brings the keys that were added to the device. No entry may be appended that was sealed with others.
    ///
    /// # Errors
    /// [`SealingError::File`].
    pub fn sync(&mut self) -> Result<(), SealingError> {
        self.keys.sync()
    }

    /// Destroys the key of a subject, for which the log must say already that it is erased.
    ///
    /// # Errors
    /// [`SealingError::File`]; the key may still be there then.
    pub fn destroy(&mut self, subject: SubjectId) -> Result<(), SealingError> {
        self.keys.destroy(subject)
    }

    /// How many keys it has destroyed: what was opened before the last of them may be open no more.
    pub(crate) fn destroyed(&self) -> u64 {
        self.keys.destroyed()
    }

    /// The customer under whom a subject stands, erased or not; none when no key was ever kept for it.
    #[must_use]
    pub fn customer_of(&self, subject: SubjectId) -> Option<CustomerId> {
        self.keys.customer(subject)
    }

    /// Opens a sealed contact of a customer.
    ///
    /// # Errors
    /// [`SealingError`] when it is damaged.
    pub fn reveal(&self, sealed: &Sealed, customer: CustomerId) -> Result<Revealed<Box<Contact>>, SealingError> {
        let Some(key) = self.field_key(sealed, customer) else {
            let erased = self.keys.is_erased(sealed.kid);
            return Ok(if erased { Revealed::Erased } else { Revealed::KeyMissing });
        };
        Ok(Revealed::Open(Box::new(open(&key, sealed, customer)?)))
    }

    /// The key that opens this contact and nothing else, to be handed to an auditor; none when its subject's is gone.
    #[must_use]
    pub fn field_key(&self, sealed: &Sealed, customer: CustomerId) -> Option<FieldKey> {
        let stream = StreamId::Customer(customer).to_string();
        let place = Place { position: sealed.position, stream: &stream, field: CONTACT_FIELD };
        self.keys.key(sealed.kid).map(|key| FieldKey::derive(key, place))
    }
}

/// Opens a sealed contact with the key of its field, as whoever was handed it does.
///
/// # Errors
/// [`SealingError`] when the key is another or the contact is damaged.
pub fn open(key: &FieldKey, sealed: &Sealed, customer: CustomerId) -> Result<Contact, SealingError> {
    let stream = StreamId::Customer(customer).to_string();
    let place = Place { position: sealed.position, stream: &stream, field: CONTACT_FIELD };
    let nonce = hex::decode(&sealed.nonce).ok().and_then(|nonce| nonce.try_into().ok());
    let text = SealedText {
        commitment: sealed.kc.as_str().parse().map_err(|error| unwritable(&error))?,
        nonce: nonce.ok_or(SealError::Damaged)?,
        ciphertext: hex::decode(&sealed.ct).map_err(|_| SealError::Damaged)?,
    };
    serde_json::from_str(&key.open(place, &text)?).map_err(|error| unwritable(&error))
}

/// By what a person is told from another one: the e-mail address, or else everything that is known.
fn identity(contact: &Contact) -> String {
    let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_lowercase();
    match lower(&contact.email) {
        email if email.is_empty() => {
            [&contact.first_name, &contact.last_name, &contact.phone_number].map(lower).join("|")
        }
        email => email,
    }
}

fn subject_of(tag: &Hash) -> SubjectId {
    let bytes = tag.as_bytes().first_chunk::<16>().copied().unwrap_or_default();
    SubjectId::new(Builder::from_custom_bytes(bytes).into_uuid())
}

fn digest(hash: &Hash) -> Result<ofrecord_core::Digest, SealingError> {
    hash.to_string().parse().map_err(|error| unwritable(&error))
}

fn unwritable(error: &dyn std::fmt::Display) -> SealingError {
    SealingError::Contact { problem: error.to_string() }
}
