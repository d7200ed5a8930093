//! Signing in by an identity provider: the authorization code flow (RFC 6749, section 4.1; OpenID Connect Core, section
//! 3.1) with a proof of possession of the code (RFC 7636, S256).
//!
//! What a login was begun with is made of a text that the browser keeps and of a key of this process, so that nothing is
//! kept here for whoever begins one and does not come back.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use ofrecord_core::Timestamp;
use ofrecord_ledger::{Entropy, NoEntropy};
use ofrecord_log::Hash;
use ring::hmac;
use serde::Deserialize;

use super::Ask;
use super::keys::Discovery;
use crate::asked::escaped;
use crate::places::Place;
use crate::tokens::is_same;

/// The path by which the provider leads a browser back.
const RETURNED: &str = "/console/login/returned";
/// How long somebody may take to sign in, in seconds.
pub(crate) const LOGIN_SECONDS: i64 = 10 * 60;
/// What must not be set on the file of a secret.
const OTHERS: u32 = 0o077;

/// How people sign in by a browser.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginSettings {
    /// This server, as the provider knows it.
    client_id: String,
    /// The file of the secret that the provider gave it, where it gave one.
    #[serde(default)]
    client_secret_file: Option<PathBuf>,
    /// The address of [`RETURNED`] on this server, as the provider knows it.
    redirect_uri: String,
    /// What is asked for, apart by spaces.
    #[serde(default = "openid")]
    scope: String,
}

fn openid() -> String {
    "openid".to_owned()
}

/// How people sign in.
pub(crate) struct Login {
    settings: LoginSettings,
    secret: Option<String>,
    authorization_endpoint: String,
    token_endpoint: String,
    /// Of what a login was begun with, everything that the provider sees is made with it.
    key: hmac::Key,
}

/// A login that was begun: where the browser goes, and what it keeps until it comes back.
pub(crate) struct Begun {
    /// The address.
    pub(crate) address: String,
    /// What it keeps.
    pub(crate) kept: String,
}

/// With what a browser comes back from the provider.
#[derive(Debug, Clone)]
pub(crate) struct Returned {
    /// What it kept.
    pub(crate) kept: String,
    /// What ties it to that.
    pub(crate) state: String,
    /// The code, or the provider's word for why there is none.
    pub(crate) code: Result<String, String>,
    /// Who led it back, where the provider says it (RFC 9207).
    pub(crate) issuer: Option<String>,
}

/// Why nobody is signed in.
#[derive(Debug)]
pub(crate) enum NotSignedIn {
    /// The login was begun by another browser, by another process, or too long ago.
    Elsewhere,
    /// The provider's word for why it did not let them.
    Refused(String),
    /// The provider did not answer as it should.
    Provider(String),
    /// Whoever signed in has no role here.
    Nobody,
}

/// What an exchange of the code for a token takes.
pub(super) struct Exchange {
    url: String,
    form: String,
    authorization: Option<String>,
    nonce: String,
}

/// The answer to it.
#[derive(Deserialize)]
struct Exchanged {
    id_token: String,
}

impl Login {
    /// By the settings, and by what the provider says of itself.
    pub(super) fn new(settings: LoginSettings, found: Discovery) -> Result<Self, String> {
        let missing = |endpoint: &str| format!("its discovery document names no {endpoint}");
        let authorization_endpoint = found.authorization_endpoint.ok_or_else(|| missing("authorization_endpoint"))?;
        let token_endpoint = found.token_endpoint.ok_or_else(|| missing("token_endpoint"))?;
        for url in [&authorization_endpoint, &settings.redirect_uri] {
            if !is_private(url) {
                return Err(format!("{url} is neither https nor on this machine"));
            }
        }
        if !settings.redirect_uri.ends_with(RETURNED) {
            return Err(format!("`redirect_uri` is {}, and ends with {RETURNED}", settings.redirect_uri));
        }
        if !settings.scope.split(' ').any(|scope| scope == "openid") {
            return Err("`scope` lacks openid".to_owned());
        }
        let secret = settings.client_secret_file.as_deref().map(secret_in).transpose()?;
        let drawn = Entropy::System.draw("the key of logins").map_err(|error| error.to_string())?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &drawn);
        Ok(Self { settings, secret, authorization_endpoint, token_endpoint, key })
    }

    /// The provider's host, for people.
    pub(crate) fn host(&self) -> &str {
        let rest = self.authorization_endpoint.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or_default()
    }

    pub(super) fn client_id(&self) -> &str {
        &self.settings.client_id
    }

    /// Begins a login that ends at a place of this server.
    pub(crate) fn begin(&self, to: &Place, now: Timestamp) -> Result<Begun, NoEntropy> {
        let drawn = Hash(Entropy::System.draw("a login")?);
        let place: String = to.as_str().bytes().map(|byte| format!("{byte:02x}")).collect();
        let kept = format!("{drawn}_{now}_{place}");
        let (settings, of) = (&self.settings, |what: &str| self.made_of(what, &kept));
        let challenge = Base64UrlUnpadded::encode_string(&Hash::of(of("verifier").to_string().as_bytes()).0);
        let join = if self.authorization_endpoint.contains('?') { '&' } else { '?' };
        let address = format!(
            "{}{join}response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&nonce={}&code_challenge={challenge}\
             &code_challenge_method=S256",
            self.authorization_endpoint,
            escaped(&settings.client_id),
            escaped(&settings.redirect_uri),
            escaped(&settings.scope),
            of("state"),
            of("nonce"),
        );
        Ok(Begun { address, kept })
    }

    /// What is exchanged for a token, where this is the browser that began the login.
    pub(super) fn exchange(&self, returned: &Returned, issuer: &str, now: Timestamp) -> Result<Exchange, NotSignedIn> {
        let kept = returned.kept.as_str();
        let state: Option<Hash> = returned.state.parse().ok();
        let is_own = state.is_some_and(|state| is_same(&state, &self.made_of("state", kept)))
            && returned.issuer.as_deref().is_none_or(|from| from == issuer)
            && began(kept).is_some_and(|began| began <= now && now < began.plus_seconds(LOGIN_SECONDS));
        if !is_own {
            return Err(NotSignedIn::Elsewhere);
        }
        let code = returned.code.as_ref().map_err(|word| NotSignedIn::Refused(word.clone()))?;
        let (settings, verifier) = (&self.settings, self.made_of("verifier", kept));
        let form = format!(
            "grant_type=authorization_code&code={}&redirect_uri={}&client_id={}&code_verifier={verifier}",
            escaped(code),
            escaped(&settings.redirect_uri),
            escaped(&settings.client_id),
        );
        // As a provider that gave a secret must take it (RFC 6749, section 2.3.1).
        let authorization = self.secret.as_ref().map(|secret| {
            let pair = format!("{}:{}", escaped(&settings.client_id), escaped(secret));
            format!("Basic {}", Base64::encode_string(pair.as_bytes()))
        });
        let nonce = self.made_of("nonce", kept).to_string();
        Ok(Exchange { url: self.token_endpoint.clone(), form, authorization, nonce })
    }

    fn made_of(&self, what: &str, kept: &str) -> Hash {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hmac::sign(&self.key, format!("{what} of {kept}").as_bytes()).as_ref());
        Hash(bytes)
    }
}

impl Exchange {
    pub(super) fn ask(&self) -> Ask<'_> {
        Ask::Post { url: &self.url, form: &self.form, authorization: self.authorization.as_deref() }
    }

    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The token in the answer.
    pub(super) fn token(&self, answer: &[u8]) -> Result<String, NotSignedIn> {
        let read: Result<Exchanged, _> = serde_json::from_slice(answer);
        read.map(|read| read.id_token).map_err(|error| NotSignedIn::Provider(error.to_string()))
    }
}

/// Where a login that a browser kept should end.
pub(crate) fn place(kept: &str) -> Place {
    let hex = kept.rsplit('_').next().unwrap_or_default();
    let digits: Vec<u8> = hex.bytes().filter_map(|digit| char::from(digit).to_digit(16)?.try_into().ok()).collect();
    let bytes = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte * 16 + digit));
    Place::of(&String::from_utf8(bytes.collect()).unwrap_or_default())
}

/// When a login was begun.
fn began(kept: &str) -> Option<Timestamp> {
    kept.split('_').nth(1)?.parse().ok()
}

/// A secret, from a file that nobody but its owner reads.
fn secret_in(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let mode = fs::metadata(path).map_err(failed)?.mode();
    if mode & OTHERS != 0 {
        return Err(format!("others may read {} (mode {:o}); chmod 600 it", path.display(), mode & 0o777));
    }
    let secret = fs::read_to_string(path).map_err(failed)?.trim().to_owned();
    if secret.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(secret) }
}

/// Whether nobody on the way reads what is said at an address.
fn is_private(url: &str) -> bool {
    let own = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let is_own = |own: &&str| url.strip_prefix(own).is_some_and(|rest| rest.starts_with([':', '/']));
    url.starts_with("https://") || (own.iter().any(is_own) && !url.contains('@'))
}

#[cfg(test)]
mod tests;
