//! The gate: who asks, by the token that a request shows.

use std::sync::Arc;

use axum::http::header::{AUTHORIZATION, HeaderMap, HeaderName};
use ofrecord_core::Timestamp;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::access::Caller;
use crate::oidc::Oidc;
use crate::problem::Problem;
use crate::tokens::TokenFile;

/// The header that carries the token of whoever approves.
pub(crate) const APPROVAL: &str = "approval";

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

    /// Who asks.
    pub(crate) async fn caller(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
        if !self.asks() {
            return Ok(Caller::Anybody);
        }
        self.known(credential(headers, &AUTHORIZATION)?, now).await
    }

    /// Who approves what the caller asks: somebody with a token of their own, in a header of its own.
    pub(crate) async fn approver(&self, headers: &HeaderMap, now: Timestamp) -> Result<Caller, Problem> {
        let header = HeaderName::from_static(APPROVAL);
        if !headers.contains_key(&header) {
            return Err(Problem::forbidden(&"it takes a second compliance officer: send `Approval: Bearer TOKEN`"));
        }
        self.known(credential(headers, &header)?, now).await
    }

    async fn known(&self, credential: &str, now: Timestamp) -> Result<Caller, Problem> {
        if let Some(tokens) = &self.tokens {
            let shown = tokens.principal(credential, now);
            if let Some(principal) = shown.map_err(|error| Problem::internal("look the token up", &error))? {
                return Ok(Caller::Known(principal));
            }
        }
        if let Some(oidc) = self.oidc.clone().filter(|_| Oidc::could_be(credential)) {
            let (token, at) = (credential.to_owned(), Instant::now());
            let shown = spawn_blocking(move || oidc.principal(&token, now, at)).await;
            if let Some(principal) = shown.map_err(|error| Problem::internal("check the token", &error))? {
                return Ok(Caller::Known(principal));
            }
        }
        Err(Problem::not_authenticated("the token is nobody's, was revoked, or does not hold now"))
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
