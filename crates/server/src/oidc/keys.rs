//! The keys of an identity provider, fetched again when a token names one that is not known: issuers change them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use tokio::time::Instant;

use super::{Ask, Fetch};

/// The keys of an issuer.
pub(super) struct Keys {
    issuer: String,
    uri: Option<String>,
    fetch: Fetch,
    /// The keys may not be fetched again before this time has passed, whoever asks with whatever key.
    pause: Duration,
    /// Held while one looks at the keys or puts others in their place; not while they are fetched.
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    set: Arc<JwkSet>,
    tried: Option<Instant>,
}

/// What an issuer says of itself (OpenID Connect Discovery, section 3).
#[derive(Deserialize)]
pub(super) struct Discovery {
    issuer: String,
    jwks_uri: String,
    /// Where people sign in.
    pub(super) authorization_endpoint: Option<String>,
    /// Where what they come back with becomes a token.
    pub(super) token_endpoint: Option<String>,
}

impl Keys {
    pub(super) fn new(issuer: String, uri: Option<String>, fetch: Fetch, pause: Duration) -> Self {
        let state = State { set: Arc::new(JwkSet { keys: Vec::new() }), tried: None };
        Self { issuer, uri, fetch, pause, state: Mutex::new(state) }
    }

    /// The keys that were fetched last.
    pub(super) fn known(&self) -> Arc<JwkSet> {
        Arc::clone(&self.state.lock().unwrap_or_else(PoisonError::into_inner).set)
    }

    /// The keys, fetched again unless that was tried a moment ago. Where they cannot be had, the last ones go on.
    pub(super) fn fetched_again(&self, at: Instant) -> Arc<JwkSet> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.tried.is_some_and(|tried| at.duration_since(tried) < self.pause) {
            return Arc::clone(&state.set);
        }
        state.tried = Some(at);
        drop(state);
        if let Err(problem) = self.fetch() {
            tracing::warn!(issuer = self.issuer, problem, "could not get the keys of the identity provider");
        }
        self.known()
    }

    /// Fetches the keys.
    pub(super) fn fetch(&self) -> Result<(), String> {
        let uri = match &self.uri {
            Some(uri) => uri.clone(),
            None => self.discovered()?.jwks_uri,
        };
        let set: JwkSet = serde_json::from_slice(&self.ask(&Ask::Get(&uri))?).map_err(|error| error.to_string())?;
        if set.keys.is_empty() {
            return Err("there are none".to_owned());
        }
        self.state.lock().unwrap_or_else(PoisonError::into_inner).set = Arc::new(set);
        Ok(())
    }

    /// What the provider answers.
    pub(super) fn ask(&self, ask: &Ask<'_>) -> Result<Vec<u8>, String> {
        (self.fetch)(ask)
    }

    /// What the issuer says of itself.
    pub(super) fn discovered(&self) -> Result<Discovery, String> {
        let address = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let found: Discovery =
            serde_json::from_slice(&self.ask(&Ask::Get(&address))?).map_err(|error| error.to_string())?;
        if found.issuer != self.issuer {
            return Err(format!("the document at {address} is of {}", found.issuer));
        }
        Ok(found)
    }
}
