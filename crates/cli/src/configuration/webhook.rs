//! Receivers of events, as the file names them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_server::{AccessRole, Scope, WebhookSecret};
use serde::Deserialize;
use toml::Value;

use super::{Setting, from_folder_of};
use crate::http::Reach;

/// Letters of a name, at most.
const NAME_CHARS_MAX: usize = 40;

/// A receiver, and what it gets.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WebhookSettings {
    /// Its name.
    pub(crate) name: String,
    /// Where it listens.
    pub(crate) url: String,
    secret_file: PathBuf,
    /// In which role it sees; without it, as an auditor.
    role: Option<String>,
    /// The partner or the customer of that role.
    tenant: Option<String>,
    /// Only entries about this customer.
    pub(crate) customer: Option<CustomerId>,
    /// Only entries that name this partner.
    pub(crate) partner: Option<PartnerTenantId>,
    /// Only this event or command.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// Where to begin.
    pub(crate) from: Option<u64>,
    #[serde(default)]
    allow_private: bool,
    #[serde(skip)]
    secret: Option<WebhookSecret>,
    #[serde(skip)]
    sees: Option<(AccessRole, Scope)>,
}

impl WebhookSettings {
    /// Reads the tables of a file, with the secrets that they name.
    pub(super) fn read(value: &Value, file: &Path) -> Result<Vec<Self>, String> {
        let tables = value.as_array().ok_or("write each as a table: [[webhook]]")?;
        let mut names = BTreeSet::new();
        let mut all = Vec::new();
        for table in tables {
            let mut webhook: Self =
                table.clone().try_into().map_err(|error: toml::de::Error| error.message().to_owned())?;
            webhook.checked(file).map_err(|problem| format!("{}: {problem}", webhook.name))?;
            if !names.insert(webhook.name.clone()) {
                return Err(format!("{}: there are two of this name", webhook.name));
            }
            all.push(webhook);
        }
        Ok(all)
    }

    fn checked(&mut self, file: &Path) -> Result<(), String> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || self.name.len() > NAME_CHARS_MAX || !self.name.bytes().all(is_plain) {
            return Err(format!("`name`: write up to {NAME_CHARS_MAX} small letters, digits and -"));
        }
        let rest =
            self.url.strip_prefix("https://").or(self.url.strip_prefix("http://").filter(|_| self.allow_private));
        if rest.is_none_or(|rest| rest.is_empty() || rest.contains(char::is_whitespace) || rest.contains('@')) {
            return Err("`url`: write one that begins with https://, or allow_private = true beside http://".to_owned());
        }
        self.sees = Some(self.sight()?);
        let path = from_folder_of(file, &self.secret_file.to_string_lossy());
        let failed = |problem: &dyn std::fmt::Display| format!("`secret_file`: {}: {problem}", path.display());
        let mode = fs::metadata(&path).map_err(|error| failed(&error))?.permissions().mode();
        if mode & 0o007 != 0 {
            return Err(failed(&"everybody on this machine may read it; chmod o= it"));
        }
        let text = fs::read_to_string(&path).map_err(|error| failed(&error))?;
        self.secret = Some(text.parse().map_err(|error| failed(&error))?);
        Ok(())
    }

    /// In which role it sees, and whose content.
    fn sight(&self) -> Result<(AccessRole, Scope), String> {
        let word = self.role.as_deref().unwrap_or(AccessRole::Auditor.word());
        let none = || format!("`role`: `{word}` is none of auditor, partner_user and customer_admin");
        let needs = |of: &str| format!("`tenant`: a {word} is of one {of}, which has to be named");
        let wrong = |error: ofrecord_core::id::IdError| format!("`tenant`: {error}");
        match (AccessRole::from_word(word).ok_or_else(none)?, self.tenant.as_deref()) {
            (AccessRole::Auditor, None) => Ok((AccessRole::Auditor, Scope::OfRole)),
            (AccessRole::Auditor, Some(_)) => Err("`tenant`: an auditor is of no tenant".to_owned()),
            (AccessRole::PartnerUser, tenant) => {
                let partner: PartnerTenantId = tenant.ok_or_else(|| needs("partner"))?.parse().map_err(wrong)?;
                Ok((AccessRole::PartnerUser, Scope::Partner(partner)))
            }
            (AccessRole::CustomerAdmin, tenant) => {
                let own: CustomerId = tenant.ok_or_else(|| needs("customer"))?.parse().map_err(wrong)?;
                if self.customer.is_some_and(|customer| customer != own) {
                    return Err("`customer`: it sees no other than its `tenant`".to_owned());
                }
                Ok((AccessRole::CustomerAdmin, Scope::Customer(own)))
            }
            (AccessRole::ComplianceOfficer | AccessRole::Operator, _) => Err(none()),
        }
    }

    /// In which role it sees, and whose content; there is one once it was read.
    pub(crate) fn sees(&self) -> Option<(AccessRole, Scope)> {
        self.sees
    }

    /// What it is signed with; there is one once it was read.
    pub(crate) fn secret(&self) -> Option<&WebhookSecret> {
        self.secret.as_ref()
    }

    /// Whom it may reach.
    pub(crate) fn reach(&self) -> Reach {
        if self.allow_private { Reach::Anywhere } else { Reach::Outside }
    }

    /// As a setting that is told; what stands behind the host of an address may be a secret.
    pub(super) fn stated(&self, origin: &str) -> Setting {
        let host = self.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        Setting { setting: format!("webhook {}", self.name), value: Some(host), from: origin.to_owned() }
    }
}
