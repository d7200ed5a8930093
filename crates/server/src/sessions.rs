//! Sessions of browsers: who signed in, until they sign out, rest too long, or what they signed in with is worth nothing.
//!
//! A session is known by the hash of a random text that the browser alone holds, and by no credential: that a token was
//! revoked is found by its hash at the next request. Nothing of it outlives the process.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ofrecord_core::Timestamp;
use ofrecord_ledger::{Entropy, NoEntropy};
use ofrecord_log::Hash;
use tokio::time::Instant;

use crate::access::Principal;
use crate::limits::Limits;

/// What stands before the text of a session where the token of its forms is made of it.
const OF_FORMS: &[u8] = b"forms of ";

/// By what somebody signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SignedIn {
    /// By a token of the file, which has this hash.
    ByToken(Hash),
    /// By an identity provider: as whom, and until when what it said holds.
    ByProvider {
        /// As whom.
        principal: Principal,
        /// Until when.
        until: Timestamp,
    },
}

/// The sessions, by the hash of what the browser holds.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<BTreeMap<Hash, Session>>);

#[derive(Debug)]
struct Session {
    signed_in: SignedIn,
    began: Instant,
    used: Instant,
}

impl Session {
    fn goes_on(&self, limits: &Limits, now: Instant) -> bool {
        now.duration_since(self.began) < limits.session_time && now.duration_since(self.used) < limits.session_rest
    }
}

impl Sessions {
    /// Begins a session, and gives the text by which the browser shows it.
    pub(crate) fn begin(&self, signed_in: SignedIn, limits: &Limits, now: Instant) -> Result<String, NoEntropy> {
        let text = Hash(Entropy::System.draw("a session")?).to_string();
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= limits.sessions {
            sessions.retain(|_, session| session.goes_on(limits, now));
        }
        if sessions.len() >= limits.sessions
            && let Some(rested) = sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            sessions.remove(&rested);
        }
        sessions.insert(key(&text), Session { signed_in, began: now, used: now });
        Ok(text)
    }

    /// By what the browser that holds a text signed in; none where that is over.
    pub(crate) fn used(&self, text: &str, limits: &Limits, now: Instant) -> Option<SignedIn> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = key(text);
        let session = sessions.get_mut(&key)?;
        if !session.goes_on(limits, now) {
            sessions.remove(&key);
            return None;
        }
        session.used = now;
        Some(session.signed_in.clone())
    }

    /// Ends a session.
    pub(crate) fn end(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(text));
    }
}

fn key(text: &str) -> Hash {
    Hash::of(text.as_bytes())
}

/// What the forms of a session carry, so that no other page can have them sent: it tells nothing of the session's text.
pub(crate) fn form_token(text: &str) -> Hash {
    Hash::of(&[OF_FORMS, text.as_bytes()].concat())
}

#[cfg(test)]
mod tests;
