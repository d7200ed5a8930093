//! Tokens of an identity provider: a JWT (RFC 9068, OpenID Connect) is taken when the issuer signed it for this
//! audience, it holds now, and its claims come to a role.

use std::fmt;
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;
use tokio::time::Instant;

use self::keys::{Discovery, Keys};
use self::login::LoginSettings;
pub(crate) use self::login::{LOGIN_SECONDS, Login, NotSignedIn, Returned, place};
use crate::access::{AccessRole, Principal, Scope};

mod keys;
mod login;
mod signatures;

/// The algorithms that are taken. Those with a shared secret are not: whoever could check a token could make one.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// Longest token that is looked at.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How an identity provider's tokens are read; one JSON document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct OidcSettings {
    /// The issuer, as its tokens name it.
    issuer: String,
    /// This server, as tokens name whom they are for.
    audience: String,
    /// Where the issuer's keys are; without it, where its discovery document says.
    #[serde(default)]
    jwks_uri: Option<String>,
    /// The claim that names who asks.
    #[serde(default = "subject")]
    name_claim: String,
    /// By how many seconds the clocks of the issuer and of this machine may differ.
    #[serde(default = "leeway")]
    leeway_seconds: u32,
    /// Which claims come to which role; the first that fits counts.
    roles: Vec<RoleOfClaim>,
    /// How people sign in by a browser; without it, nobody does by this provider.
    #[serde(default)]
    login: Option<LoginSettings>,
}

fn subject() -> String {
    "sub".to_owned()
}

fn leeway() -> u32 {
    60
}

/// A claim that comes to a role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleOfClaim {
    /// The claim, such as `roles`.
    claim: String,
    /// The text that it is, or that it has among others.
    value: String,
    /// The word of the role.
    role: String,
    /// The claim with the tenant, for a role of one tenant, such as `tid`.
    #[serde(default)]
    tenant_claim: Option<String>,
}

/// Why an identity provider cannot be used. Each message reads after "could not".
#[derive(Debug, Error)]
pub enum OidcError {
    /// The settings are none.
    #[error("read the settings of the identity provider: {0}")]
    Settings(String),
    /// Its keys cannot be had.
    #[error("get the keys of {issuer}: {problem}")]
    Keys {
        /// The issuer.
        issuer: String,
        /// What is wrong.
        problem: String,
    },
    /// Nobody could sign in by it.
    #[error("have people sign in by {issuer}: {problem}")]
    Login {
        /// The issuer.
        issuer: String,
        /// What is wrong.
        problem: String,
    },
}

/// What an identity provider is asked.
#[derive(Debug, Clone, Copy)]
pub enum Ask<'a> {
    /// What stands at an address.
    Get(&'a str),
    /// What it answers to a form.
    Post {
        /// Where it takes it.
        url: &'a str,
        /// The form, as `application/x-www-form-urlencoded`.
        form: &'a str,
        /// The header `Authorization`, where one is sent.
        authorization: Option<&'a str>,
    },
}

/// Gives what an identity provider answers, or says why not. It may block.
pub type Fetch = Box<dyn Fn(&Ask<'_>) -> Result<Vec<u8>, String> + Send + Sync>;

/// Who holds a token of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    /// Who.
    pub(crate) principal: Principal,
    /// Until when the token says so.
    pub(crate) until: Timestamp,
}

/// For whom a token must be.
#[derive(Debug, Clone, Copy)]
enum For<'a> {
    /// For this server, as a program shows it.
    Server,
    /// For this server as the client that had somebody sign in, in answer to this very request.
    Client { client_id: &'a str, nonce: &'a str },
}

/// An identity provider.
pub struct Oidc {
    settings: OidcSettings,
    roles: Vec<(RoleOfClaim, AccessRole)>,
    keys: Keys,
    login: Option<Login>,
}

impl fmt::Debug for Oidc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oidc").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Oidc {
    /// An identity provider by its settings. Its keys are fetched, so that one that is wrong is noticed at once; later
    /// they are fetched again when a token names one that is not known, but not more often than once in `pause`.
    ///
    /// # Errors
    /// [`OidcError`] where the settings are none, or there are no keys.
    pub fn new(settings: &[u8], fetch: Fetch, pause: Duration) -> Result<Self, OidcError> {
        signatures::install();
        let wrong = |problem: String| OidcError::Settings(problem);
        let settings: OidcSettings = serde_json::from_slice(settings).map_err(|error| wrong(error.to_string()))?;
        let mut roles = Vec::new();
        for of_claim in &settings.roles {
            let role = AccessRole::from_word(&of_claim.role);
            let role = role.ok_or_else(|| wrong(format!("`{}` is no role", of_claim.role)))?;
            let is_of_tenant = matches!(role, AccessRole::PartnerUser | AccessRole::CustomerAdmin);
            if is_of_tenant != of_claim.tenant_claim.is_some() {
                return Err(wrong(format!("`tenant_claim` goes with a role of one tenant; see {}", of_claim.role)));
            }
            roles.push((of_claim.clone(), role));
        }
        let keys = Keys::new(settings.issuer.clone(), settings.jwks_uri.clone(), fetch, pause);
        let issuer = settings.issuer.clone();
        keys.fetch().map_err(|problem| OidcError::Keys { issuer: issuer.clone(), problem })?;
        let login = settings.login.clone().map(|login| {
            keys.discovered()
                .and_then(|found: Discovery| Login::new(login, found))
                .map_err(|problem| OidcError::Login { issuer, problem })
        });
        Ok(Self { login: login.transpose()?, settings, roles, keys })
    }

    /// Whom people are led to, where they sign in by it.
    pub(crate) fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }

    /// Who signed in, when the provider has led a browser back. It asks the provider, and so blocks.
    pub(crate) fn signed_in(&self, returned: &Returned, now: Timestamp, at: Instant) -> Result<Holder, NotSignedIn> {
        let login = self.login.as_ref().ok_or(NotSignedIn::Elsewhere)?;
        let exchange = login.exchange(returned, &self.settings.issuer, now)?;
        let answer = self.keys.ask(&exchange.ask()).map_err(NotSignedIn::Provider)?;
        let token = exchange.token(&answer)?;
        let whom = For::Client { client_id: login.client_id(), nonce: exchange.nonce() };
        self.holder(&token, whom, now, at).ok_or(NotSignedIn::Nobody)
    }

    /// Whether a credential could be a token of an identity provider: three parts with dots between.
    pub(crate) fn could_be(credential: &str) -> bool {
        credential.len() <= TOKEN_BYTES_MAX && credential.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// Fetches the keys again. It blocks while the provider is asked.
    ///
    /// # Errors
    /// [`OidcError::Keys`]; then the last ones go on.
    pub fn fetch_again(&self) -> Result<(), OidcError> {
        let issuer = || self.settings.issuer.clone();
        self.keys.fetch().map_err(|problem| OidcError::Keys { issuer: issuer(), problem })
    }

    /// Who shows a token; none where it is not taken. It may fetch keys, and so block.
    pub(crate) fn shown_by(&self, token: &str, now: Timestamp, at: Instant) -> Option<Holder> {
        self.holder(token, For::Server, now, at)
    }

    fn holder(&self, token: &str, whom: For<'_>, now: Timestamp, at: Instant) -> Option<Holder> {
        let header = decode_header(token).ok()?;
        if !ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
            return None;
        }
        let known = key(&self.keys.known(), header.kid.as_deref(), header.alg);
        let key = known.or_else(|| key(&self.keys.fetched_again(at), header.kid.as_deref(), header.alg))?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[match whom {
            For::Server => self.settings.audience.as_str(),
            For::Client { client_id, .. } => client_id,
        }]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // The instants are compared with the ledger's clock below, and not with the machine's.
        validation.validate_exp = false;
        let claims = decode::<Map<String, Value>>(token, &key, &validation).ok()?.claims;
        let until = self.holds(&claims, now)?;
        whom.is_meant(&claims).then_some(Holder { principal: self.shown(&claims)?, until })
    }

    /// Until when a token holds, where it does at an instant.
    fn holds(&self, claims: &Map<String, Value>, now: Timestamp) -> Option<Timestamp> {
        let leeway = i64::from(self.settings.leeway_seconds);
        let instant = |claim: &str| match claims.get(claim) {
            None => Some(None),
            Some(seconds) => Some(Some(seconds_of(seconds).and_then(|seconds| Timestamp::from_unix(seconds, 0))?)),
        };
        let begun = |claim: Option<Timestamp>| claim.is_none_or(|at| at <= now.plus_seconds(leeway));
        let ends = instant("exp")??;
        let holds = now < ends.plus_seconds(leeway) && begun(instant("nbf")?) && begun(instant("iat")?);
        holds.then_some(ends)
    }

    /// Who shows claims: a name, and a role that a claim comes to.
    fn shown(&self, claims: &Map<String, Value>) -> Option<Principal> {
        let name = claims.get(&self.settings.name_claim)?.as_str().filter(|name| !name.is_empty())?;
        let has = |of: &RoleOfClaim| claims.get(&of.claim).is_some_and(|claim| says(claim, &of.value));
        let (of_claim, role) = self.roles.iter().find(|(of_claim, _)| has(of_claim))?;
        let tenant = of_claim.tenant_claim.as_ref().map(|claim| claims.get(claim).and_then(Value::as_str));
        let scope = match (role, tenant) {
            (AccessRole::PartnerUser, Some(tenant)) => Scope::Partner(tenant?.parse::<PartnerTenantId>().ok()?),
            (AccessRole::CustomerAdmin, Some(tenant)) => Scope::Customer(tenant?.parse::<CustomerId>().ok()?),
            (AccessRole::PartnerUser | AccessRole::CustomerAdmin, None) => return None,
            (AccessRole::Auditor | AccessRole::ComplianceOfficer | AccessRole::Operator, _) => Scope::OfRole,
        };
        Some(Principal { name: name.to_owned(), role: *role, scope })
    }
}

impl For<'_> {
    /// Whether a token answers the very request that it was asked for by (OpenID Connect Core, section 3.1.3.7).
    fn is_meant(self, claims: &Map<String, Value>) -> bool {
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
        match self {
            Self::Server => true,
            Self::Client { client_id, nonce } => {
                text("nonce") == Some(nonce) && text("azp").is_none_or(|party| party == client_id)
            }
        }
    }
}

/// Whole seconds; some issuers write fractions.
fn seconds_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        let text = value.as_f64()?.trunc().to_string();
        text.parse().ok()
    })
}

/// Whether a claim is a text, or has it among others.
fn says(claim: &Value, wanted: &str) -> bool {
    match claim {
        Value::String(text) => text == wanted,
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    }
}

/// The key of a name, or the only one where none is named; none that is not for signatures of this algorithm.
fn key(set: &JwkSet, kid: Option<&str>, algorithm: Algorithm) -> Option<DecodingKey> {
    let mut fitting = set.keys.iter().filter(|key| signatures::is_for(key, algorithm));
    let found = match kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_deref() == Some(kid)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    };
    DecodingKey::from_jwk(found?).ok()
}

#[cfg(test)]
mod tests;
