//! Who makes a request, and by what: by a token that it shows, or by the session of a browser.

use axum::http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, ORIGIN};
use ofrecord_log::Hash;
use tokio::time::Instant;

use crate::access::Caller;
use crate::cookies::{Cookie, Way};
use crate::problem::Problem;
use crate::sessions::form_token;
use crate::shared::Shared;
use crate::tokens::is_same;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The header that carries the token of forms where a script makes the request.
pub(crate) const FORM_TOKEN: &str = "form-token";

/// Who makes a request.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Who asks.
    pub(crate) caller: Caller,
    /// What the forms of the session carry, where it is by a session that the caller is known.
    form_token: Option<Hash>,
}

impl Visitor {
    /// Somebody who is known by what the request shows, or whom nobody asks.
    pub(crate) fn of(caller: Caller) -> Self {
        Self { caller, form_token: None }
    }

    /// What forms carry, where there is a session.
    pub(crate) fn form_token(&self) -> Option<Hash> {
        self.form_token
    }

    /// Refuses what another page than one of this server may have had the browser send. Who is known by a token that
    /// the request shows was not sent by a browser on its own.
    pub(crate) fn sent_it(&self, headers: &HeaderMap, given: Option<&str>) -> Result<(), Problem> {
        let Some(token) = self.form_token else { return Ok(()) };
        check_own_page(headers)?;
        let given: Option<Hash> = given.and_then(|given| given.parse().ok());
        if given.is_some_and(|given| is_same(&given, &token)) {
            return Ok(());
        }
        Err(Problem::malformed(FORM_TOKEN, &"it is not that of the session; open the page again"))
    }
}

/// Whoever has a browser here send something must be a page of this server, or a page elsewhere could act in somebody's
/// name.
pub(crate) fn check_own_page(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = match (text(&FETCH_SITE), text(&ORIGIN), text(&HOST)) {
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, _, None) | (None, None, _) => false,
    };
    if is_own { Ok(()) } else { Err(Problem::malformed("Origin", &"it is taken from the pages of this server alone")) }
}

/// Refuses what a page from elsewhere has a browser send; a program that is no browser says nothing of where it is.
pub(crate) fn refuse_other_pages(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.contains_key(&FETCH_SITE) || headers.contains_key(ORIGIN) { check_own_page(headers) } else { Ok(()) }
}

/// Whether a page elsewhere led here, so that the browser did not show its session.
pub(crate) fn is_led_here(headers: &HeaderMap) -> bool {
    headers.get(FETCH_SITE).is_some_and(|site| site.as_bytes() == b"cross-site")
}

impl Shared {
    /// Who makes a request. A token that it shows comes before the session of the browser.
    pub(crate) async fn visitor(&self, headers: &HeaderMap) -> Result<Visitor, Problem> {
        match self.signed_in(headers)? {
            Some(visitor) if !headers.contains_key(AUTHORIZATION) => Ok(visitor),
            Some(_) | None => self.gate.caller(headers, self.ledger.clock().now()).await.map(Visitor::of),
        }
    }

    /// Whose session the browser shows; none where it shows none that goes on.
    pub(crate) fn signed_in(&self, headers: &HeaderMap) -> Result<Option<Visitor>, Problem> {
        if !self.gate.asks() {
            return Ok(None);
        }
        let Some(text) = Cookie::Session.shown(headers, Way::of(self, headers)) else { return Ok(None) };
        let Some(signed_in) = self.sessions.used(text, &self.limits, Instant::now()) else { return Ok(None) };
        let Some(principal) = self.gate.principal_of(&signed_in, self.ledger.clock().now())? else {
            self.sessions.end(text);
            return Ok(None);
        };
        Ok(Some(Visitor { caller: Caller::Known(principal), form_token: Some(form_token(text)) }))
    }

    /// Who looks at a page that asks nobody who is there, as far as the browser says it.
    pub(crate) fn looker(&self, headers: &HeaderMap) -> Visitor {
        if !self.gate.asks() {
            return Visitor::of(Caller::Anybody);
        }
        // Where the file of tokens cannot be read, nobody is known.
        self.signed_in(headers).ok().flatten().unwrap_or_else(|| Visitor::of(Caller::Nobody))
    }
}
