//! The gate: who asks, by the token that a request shows.

use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use ofrecord_core::Timestamp;
use ofrecord_log::Hash;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::access::{Caller, Principal};
use crate::oidc::{Holder, Login, NotSignedIn, Oidc, Returned};
use crate::problem::Problem;
use crate::sessions::SignedIn;
use crate::tokens::TokenFile;

/// What is done when a token is shown.
const LOOKING_UP: &str = "look the token up";

/// Who is let in.
#[derive(Debug, Default)]
pub struct Gate {
    tokens: Option<TokenFile>,
    oidc: Option<Arc<Oidc>>,
}

impl Gate {
    /// Everybody, unasked: for a server that this machine alone reaches.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// Whoever shows a token of this file.
    #[must_use]
    pub fn tokens(file: TokenFile) -> Self {
        Self { tokens: Some(file), oidc: None }
    }

    /// The same, and whoever shows a token of an identity provider.
    #[must_use]
    pub fn with_oidc(self, oidc: Oidc) -> Self {
        Self { oidc: Some(Arc::new(oidc)), ..self }
    }

    /// Whether anybody is asked who is there.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.tokens.is_some() || self.oidc.is_some()
    }

    /// The identity provider whose tokens are taken, where any are.
    #[must_use]
    pub fn provider(&self) -> Option<Arc<Oidc>> {
        self.oidc.clone()
    }

    /// Who asks.
    pub(crate) async fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
        if !self.asks() {
            return Ok(Caller::Anybody);
        }
        self.known(credential(headers, &AUTHORIZATION)?, now).await
    }

    /// As whom somebody who shows a credential signs in.
    pub(crate) async fn sign_in(&self, credential: &str, now: Timestamp) -> Result<SignedIn, Problem> {
        if self.principal(credential, now)?.is_some() {
            return Ok(SignedIn::ByToken(Hash::of(credential.as_bytes())));
        }
        let holder = self.holder(credential, now).await?.ok_or_else(nobodys)?;
        Ok(SignedIn::ByProvider { principal: holder.principal, until: holder.until })
    }

    /// Whom somebody signed in as, where that still holds.
    pub(crate) fn principal_of(&self, signed_in: &SignedIn, now: Timestamp) -> Result<Option<Principal>, Problem> {
        match signed_in {
            SignedIn::ByToken(hash) => {
                let shown = self.tokens.as_ref().map(|tokens| tokens.principal_of(hash, now)).transpose();
                Ok(shown.map_err(|error| Problem::internal(LOOKING_UP, &error))?.flatten())
            }
            SignedIn::ByProvider { principal, until } => Ok((now < *until).then(|| principal.clone())),
        }
    }

    /// Whom people are led to, where there is somebody.
    pub(crate) fn login(&self) -> Option<&Login> {
        self.oidc.as_deref().and_then(Oidc::login)
    }

    /// As whom somebody signed in whom the identity provider leads back.
    pub(crate) async fn returned(&self, returned: Returned, now: Timestamp) -> Result<SignedIn, Problem> {
        let Some(oidc) = self.oidc.clone() else { return Err(not_signed_in(&NotSignedIn::Elsewhere)) };
        let at = Instant::now();
        let signed_in = spawn_blocking(move || oidc.signed_in(&returned, now, at)).await;
        let holder = signed_in.map_err(|error| Problem::internal("have somebody sign in", &error))?;
        let Holder { principal, until } = holder.map_err(|why| not_signed_in(&why))?;
        Ok(SignedIn::ByProvider { principal, until })
    }

    async fn known(&self, credential: &str, now: Timestamp) -> Result<Caller, Problem> {
        if let Some(principal) = self.principal(credential, now)? {
            return Ok(Caller::Known(principal));
        }
        let holder = self.holder(credential, now).await?.ok_or_else(nobodys)?;
        Ok(Caller::Known(holder.principal))
    }

    /// Whose token of the file it is.
    fn principal(&self, credential: &str, now: Timestamp) -> Result<Option<Principal>, Problem> {
        let shown = self.tokens.as_ref().map(|tokens| tokens.principal(credential, now)).transpose();
        Ok(shown.map_err(|error| Problem::internal(LOOKING_UP, &error))?.flatten())
    }

    /// Who holds a token of the identity provider.
    async fn holder(&self, credential: &str, now: Timestamp) -> Result<Option<Holder>, Problem> {
        let Some(oidc) = self.oidc.clone().filter(|_| Oidc::could_be(credential)) else { return Ok(None) };
        let (token, at) = (credential.to_owned(), Instant::now());
        let shown = spawn_blocking(move || oidc.shown_by(&token, now, at)).await;
        shown.map_err(|error| Problem::internal("check the token", &error))
    }
}

fn nobodys() -> Problem {
    Problem::not_authenticated("the token is nobody's, was revoked, or does not hold now")
}

fn not_signed_in(why: &NotSignedIn) -> Problem {
    match why {
        NotSignedIn::Elsewhere => {
            Problem::not_authenticated("the login was begun elsewhere, before the server was started, or too long ago")
        }
        NotSignedIn::Refused(word) => {
            Problem::not_authenticated(&format!("the identity provider lets nobody in: {word}"))
        }
        NotSignedIn::Nobody => Problem::not_authenticated("whoever signed in has no role here"),
        NotSignedIn::Provider(problem) => {
            Problem::unavailable("no_provider", "the identity provider does not answer as it should", Some(problem))
        }
    }
}

/// The credential of a request (RFC 6750, section 2.1): in a header, once, and nowhere else.
fn credential<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Problem> {
    let mut given = headers.get_all(name).iter();
    let shown = match (given.next(), given.next()) {
        (Some(header), None) => header.to_str().ok().and_then(|text| text.split_once(' ')),
        (None, _) | (Some(_), Some(_)) => None,
    };
    match shown {
        Some((scheme, credential)) if scheme.eq_ignore_ascii_case("bearer") => Ok(credential.trim()),
        Some(_) | None => Err(Problem::not_authenticated(&format!("send `{name}: Bearer TOKEN`, once"))),
    }
}
