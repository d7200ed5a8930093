//! Sealing the personal texts of a request: users, names of signatories, and raw source records.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ofrecord_core::personal::{PersonalText, RECORD_FIELD, SealedWord};
use ofrecord_core::{CustomerId, Request, StreamId, SubjectId};
use ofrecord_log::Hash;
use ofrecord_proof::seal::{FieldKey, Place, SealError, SealedText, SubjectKey, equality_tag, joined_key};
use zeroize::Zeroizing;

use super::{NO_CUSTOMER, Revealed, Sealer, SealingError, digest, persons, unwritable};

/// What the fields of users and names are called; a number follows, their place in the request.
const NAME_FIELD: &str = "name";

impl Sealer {
    /// The request with its personal texts sealed for the entry at `position`; the same request when it has none.
    pub(super) fn seal_texts<'a>(
        &mut self,
        request: Cow<'a, Request>,
        position: u64,
    ) -> Result<Cow<'a, Request>, SealingError> {
        let acting = request.actor.user.as_deref().is_some_and(may_say_who);
        if !acting && !request.command.may_hold_personal_texts() {
            return Ok(request);
        }
        let mut sealed = request.as_ref().clone();
        let customer = request.customer.unwrap_or(NO_CUSTOMER);
        let user = sealed.actor.user.iter_mut().map(PersonalText::User);
        let mut changed = false;
        for (index, text) in user.chain(sealed.command.personal_texts_mut()).enumerate() {
            changed |= self.seal_text(text, index, customer, position)?;
        }
        if !changed {
            return Ok(request);
        }
        if request.command != sealed.command {
            sealed.command.write_in_newest();
        }
        Ok(Cow::Owned(sealed))
    }

    /// Seals a text that says who somebody is, and tells whether it did.
    fn seal_text(
        &mut self,
        text: PersonalText<'_>,
        index: usize,
        customer: CustomerId,
        position: u64,
    ) -> Result<bool, SealingError> {
        let is_record = matches!(text, PersonalText::Record(_));
        let says_who = text.says_who();
        let text = text.into_text();
        if let Ok(sealed) = text.parse::<SealedWord>() {
            let Some(opened) = self.opened_again(&sealed, customer)? else { return Ok(false) };
            opened.as_str().clone_into(text);
        } else if !says_who {
            return Ok(false);
        }
        let (field, persons) = if is_record {
            (RECORD_FIELD, persons::of_record(text))
        } else {
            (NAME_FIELD, BTreeSet::from([text.trim().to_lowercase()]))
        };
        let mut subjects =
            persons.iter().map(|person| self.subject(person, customer)).collect::<Result<Vec<_>, _>>()?;
        subjects.sort_by_key(|(subject, _)| *subject);
        *text = self.sealed_word(text, (field, index), subjects, customer, position)?.to_string();
        Ok(true)
    }

    /// The text behind a sealed one that is sent back, as a correction does that takes it over from an entry: it is
    /// sealed anew. None for somebody who is erased, of whom nothing is left but the word.
    ///
    /// One from elsewhere, or of another customer, is refused: only this ledger seals, and nobody is to find out by
    /// it who is the same person in two places.
    fn opened_again(
        &self,
        sealed: &SealedWord,
        customer: CustomerId,
    ) -> Result<Option<Zeroizing<String>>, SealingError> {
        let known = sealed.kids.iter().all(|kid| self.keys.customer(*kid) == Some(customer));
        if !known {
            return Err(SealingError::SealedBySubmitter);
        }
        match self.reveal_text(sealed) {
            Ok(Revealed::Open(text)) => Ok(Some(text)),
            Ok(Revealed::Erased) => Ok(None),
            Ok(Revealed::KeyMissing) | Err(_) => Err(SealingError::SealedBySubmitter),
        }
    }

    fn sealed_word(
        &self,
        text: &str,
        (field, index): (&str, usize),
        subjects: Vec<(SubjectId, SubjectKey)>,
        customer: CustomerId,
        position: u64,
    ) -> Result<SealedWord, SealingError> {
        let (kids, keys): (Vec<SubjectId>, Vec<SubjectKey>) = subjects.into_iter().unzip();
        let key = joined_key(&keys);
        let (tag, field) = (equality_tag(&key, field, text), format!("{field}/{index}"));
        let stream = StreamId::Customer(customer).to_string();
        let place = Place { position, stream: &stream, field: &field };
        let drawn = self.entropy.draw(&format!("nonce|{position}|{field}|{tag}"))?;
        let nonce = drawn.first_chunk::<12>().copied().unwrap_or_default();
        let sealed = FieldKey::derive(&key, place).seal(place, nonce, text)?;
        Ok(SealedWord {
            kids,
            position,
            kc: digest(&sealed.commitment)?,
            tag: digest(&tag)?,
            nonce: hex::encode(sealed.nonce),
            ct: Base64UrlUnpadded::encode_string(&sealed.ciphertext),
            field,
        })
    }

    /// Opens a sealed text.
    ///
    /// # Errors
    /// [`SealingError`] when it is damaged.
    pub fn reveal_text(&self, sealed: &SealedWord) -> Result<Revealed<Zeroizing<String>>, SealingError> {
        let Some((key, customer)) = self.text_key(sealed) else {
            let erased = sealed.kids.iter().any(|kid| self.keys.is_erased(*kid));
            return Ok(if erased { Revealed::Erased } else { Revealed::KeyMissing });
        };
        Ok(Revealed::Open(open_text(&key, sealed, customer)?))
    }

    /// The key that opens this text and nothing else, with the customer under whom it stands; none when the key of one
    /// of its subjects is gone.
    #[must_use]
    pub fn text_key(&self, sealed: &SealedWord) -> Option<(FieldKey, CustomerId)> {
        let keys = sealed.kids.iter().map(|kid| self.keys.key(*kid).cloned()).collect::<Option<Vec<_>>>()?;
        let customer = self.keys.customer(*sealed.kids.first()?)?;
        let stream = StreamId::Customer(customer).to_string();
        let place = Place { position: sealed.position, stream: &stream, field: &sealed.field };
        Some((FieldKey::derive(&joined_key(&keys), place), customer))
    }

    /// The subjects of those of the persons' kids that are erased.
    pub(super) fn erased_of(&self, sealed: &SealedWord) -> Vec<SubjectId> {
        sealed.kids.iter().copied().filter(|kid| self.keys.is_erased(*kid)).collect()
    }
}

/// Opens a sealed text with the key of its field, as whoever was handed it does.
///
/// # Errors
/// [`SealingError`] when the key is another or the text is damaged.
pub fn open_text(key: &FieldKey, sealed: &SealedWord, customer: CustomerId) -> Result<Zeroizing<String>, SealingError> {
    let stream = StreamId::Customer(customer).to_string();
    let place = Place { position: sealed.position, stream: &stream, field: &sealed.field };
    let nonce = hex::decode(&sealed.nonce).ok().and_then(|nonce| nonce.try_into().ok());
    let text = SealedText {
        commitment: sealed.kc.as_str().parse::<Hash>().map_err(|error| unwritable(&error))?,
        nonce: nonce.ok_or(SealError::Damaged)?,
        ciphertext: Base64UrlUnpadded::decode_vec(&sealed.ct).map_err(|_| SealError::Damaged)?,
    };
    Ok(key.open(place, &text)?)
}

/// Whether a user says who somebody is, or is a sealed text that a submitter may not send.
fn may_say_who(user: &str) -> bool {
    user.contains('@') || user.parse::<SealedWord>().is_ok()
}
