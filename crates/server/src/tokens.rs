//! The tokens of a single machine: a file beside the ledger's keys, which knows each by its SHA-256 alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};
use ofrecord_ledger::{Entropy, NoEntropy};
use ofrecord_log::{Hash, sync_folder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::access::{AccessRole, Principal, Scope};

/// What every token begins with, so that one that got lost is recognised.
const PREFIX: &str = "ofrecord_";
/// Readable by nobody but the owner.
const PRIVATE_FILE: u32 = 0o600;
/// What must not be set on a private file.
const OTHERS: u32 = 0o077;
/// Longest name of a token.
const NAME_CHARS_MAX: usize = 128;
/// Longest credential that is looked at.
const CREDENTIAL_BYTES_MAX: usize = 8 * 1024;

/// Why the tokens cannot be used or changed. Each message reads after "could not".
#[derive(Debug, Error)]
pub enum TokenError {
    /// The file could not be read or written.
    #[error("use {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Others than its owner may read the file.
    #[error("use {path}: others may read it (mode {mode:o}); chmod 600 it")]
    NotPrivate {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The file is not what this program writes.
    #[error("read {path}: {problem}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The name is empty, too long, or holds what does not print.
    #[error("name a token so: a name has 1 to {NAME_CHARS_MAX} characters that print")]
    Name,
    /// A token that is not revoked has the name.
    #[error("name a token {name}: there is one of that name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The role needs a tenant that was not named, or has none that was.
    #[error("make a token for {role}: {problem}")]
    Tenant {
        /// The role's word.
        role: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// No token that is not revoked has the name.
    #[error("revoke {name}: there is no token of that name")]
    Unknown {
        /// The name.
        name: String,
    },
    /// The system gave no random bytes.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenGrant {
    /// Whose it is; the user of whoever acts by it.
    pub name: String,
    /// In which role.
    pub role: AccessRole,
    /// Whose content.
    pub scope: Scope,
    /// Until when.
    pub expires_at: Timestamp,
}

/// A token as it is kept: everything but the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Whose it is.
    pub name: String,
    /// The word of its role.
    pub role: String,
    /// The partner whose content it shows, where it is a partner's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// The customer whose content it shows, where it is a customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is taken.
    pub expires_at: Timestamp,
    /// When it was revoked, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    sha256: Hash,
}

/// The file of tokens. A change is seen by the next request, also of a server that runs.
#[derive(Debug)]
pub struct TokenFile {
    path: PathBuf,
    /// What was read last; held while the file is looked at.
    read: Mutex<Read>,
}

#[derive(Debug, Default)]
struct Read {
    /// By what the file is known again.
    stamp: Option<(u64, i64, i64)>,
    tokens: Arc<Vec<Token>>,
}

impl TokenFile {
    /// The file in a folder of keys.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("tokens.json"), read: Mutex::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is one: then nobody is answered without a token.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Every token that was ever made.
    ///
    /// # Errors
    /// [`TokenError`] where the file is not as it should be.
    pub fn tokens(&self) -> Result<Arc<Vec<Token>>, TokenError> {
        let found = match fs::metadata(&self.path) {
            Ok(found) => found,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Arc::default()),
            Err(error) => return Err(self.failed(error)),
        };
        if found.mode() & OTHERS != 0 {
            return Err(TokenError::NotPrivate { path: self.path.clone(), mode: found.mode() & 0o777 });
        }
        let stamp = Some((found.ino(), found.mtime(), found.mtime_nsec()));
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.stamp != stamp {
            let text = fs::read(&self.path).map_err(|error| self.failed(error))?;
            let tokens = serde_json::from_slice(&text).map_err(|error| self.damaged(error.to_string()))?;
            *read = Read { stamp, tokens: Arc::new(tokens) };
        }
        Ok(Arc::clone(&read.tokens))
    }

    /// Makes a token, and gives it: nobody can read it again.
    ///
    /// # Errors
    /// [`TokenError`]; then there is no such token.
    pub fn create(&self, grant: &TokenGrant, now: Timestamp, entropy: &Entropy) -> Result<String, TokenError> {
        let name = grant.name.as_str();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(TokenError::Name);
        }
        check_tenant(grant)?;
        let mut tokens = self.tokens()?.to_vec();
        if tokens.iter().any(|token| token.revoked_at.is_none() && token.name == name) {
            return Err(TokenError::NameTaken { name: name.to_owned() });
        }
        let bytes = entropy.draw(&format!("token {} {name} {now}", tokens.len()))?;
        let text = format!("{PREFIX}{}", Hash(bytes));
        let (partner, customer) = match grant.scope {
            Scope::Partner(partner) => (Some(partner), None),
            Scope::Customer(customer) => (None, Some(customer)),
            Scope::OfRole => (None, None),
        };
        tokens.push(Token {
            name: name.to_owned(),
            role: grant.role.word().to_owned(),
            partner,
            customer,
            created_at: now,
            expires_at: grant.expires_at,
            revoked_at: None,
            sha256: Hash::of(text.as_bytes()),
        });
        self.write(&tokens)?;
        Ok(text)
    }

    /// Makes a token worthless.
    ///
    /// # Errors
    /// [`TokenError`]; then it is taken as before.
    pub fn revoke(&self, name: &str, now: Timestamp) -> Result<(), TokenError> {
        let mut tokens = self.tokens()?.to_vec();
        let found = tokens.iter_mut().find(|token| token.revoked_at.is_none() && token.name == name);
        let token = found.ok_or_else(|| TokenError::Unknown { name: name.to_owned() })?;
        token.revoked_at = Some(now);
        self.write(&tokens)
    }

    /// Whose token it is; none where it is nobody's, revoked or expired.
    ///
    /// # Errors
    /// [`TokenError`] where the file is not as it should be.
    pub(crate) fn principal(&self, credential: &str, now: Timestamp) -> Result<Option<Principal>, TokenError> {
        if !credential.starts_with(PREFIX) || credential.len() > CREDENTIAL_BYTES_MAX {
            return Ok(None);
        }
        self.principal_of(&Hash::of(credential.as_bytes()), now)
    }

    /// Whose token has a hash; none where it is nobody's, revoked or expired.
    ///
    /// # Errors
    /// [`TokenError`] where the file is not as it should be.
    pub(crate) fn principal_of(&self, digest: &Hash, now: Timestamp) -> Result<Option<Principal>, TokenError> {
        let mut found = None;
        // Every token is compared to its end, so that the time says nothing of how near a guess was.
        for token in self.tokens()?.iter() {
            if is_same(&token.sha256, digest) {
                found = Some(token.clone());
            }
        }
        let valid = found.filter(|token| token.revoked_at.is_none() && now < token.expires_at);
        valid.map(|token| self.shown(&token)).transpose()
    }

    fn shown(&self, token: &Token) -> Result<Principal, TokenError> {
        let role = AccessRole::from_word(&token.role);
        let role = role.ok_or_else(|| self.damaged(format!("`{}` is no role", token.role)))?;
        let scope = match (token.partner, token.customer) {
            (Some(partner), None) => Scope::Partner(partner),
            (None, Some(customer)) => Scope::Customer(customer),
            (None, None) => Scope::OfRole,
            (Some(_), Some(_)) => return Err(self.damaged("a token names two tenants".to_owned())),
        };
        let grant = TokenGrant { name: token.name.clone(), role, scope, expires_at: token.expires_at };
        check_tenant(&grant).map_err(|error| self.damaged(error.to_string()))?;
        Ok(Principal { name: grant.name, role, scope })
    }

    fn write(&self, tokens: &[Token]) -> Result<(), TokenError> {
        let unfinished = self.path.with_extension("json.unfinished");
        let written = (|| {
            let mut text = serde_json::to_vec_pretty(tokens)?;
            text.push(b'\n');
            let mut file: File =
                OpenOptions::new().write(true).create(true).truncate(true).mode(PRIVATE_FILE).open(&unfinished)?;
            file.write_all(&text)?;
            file.sync_all()?;
            fs::rename(&unfinished, &self.path)?;
            self.path.parent().map_or(Ok(()), sync_folder)
        })();
        written.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: io::Error) -> TokenError {
        TokenError::File { path: self.path.clone(), error }
    }

    fn damaged(&self, problem: String) -> TokenError {
        TokenError::Damaged { path: self.path.clone(), problem }
    }
}

/// A role of one tenant names it, and no other role does.
fn check_tenant(grant: &TokenGrant) -> Result<(), TokenError> {
    let problem = match (grant.role, grant.scope) {
        (AccessRole::PartnerUser, Scope::Partner(_))
        | (AccessRole::CustomerAdmin, Scope::Customer(_))
        | (AccessRole::Auditor | AccessRole::ComplianceOfficer | AccessRole::Operator, Scope::OfRole) => return Ok(()),
        (AccessRole::PartnerUser, Scope::Customer(_) | Scope::OfRole) => "it is for one partner, which has to be named",
        (AccessRole::CustomerAdmin, Scope::Partner(_) | Scope::OfRole) => {
            "it is for one customer, which has to be named"
        }
        (
            AccessRole::Auditor | AccessRole::ComplianceOfficer | AccessRole::Operator,
            Scope::Partner(_) | Scope::Customer(_),
        ) => "it is for no tenant",
    };
    Err(TokenError::Tenant { role: grant.role.word(), problem })
}

/// Compares every byte, whatever the first ones say.
pub(crate) fn is_same(left: &Hash, right: &Hash) -> bool {
    left.0.iter().zip(&right.0).fold(0, |differing, (left, right)| differing | (left ^ right)) == 0
}

#[cfg(test)]
mod tests;
