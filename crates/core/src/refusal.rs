//! Refusals: the rules said no, with a stable code, the rule's id and the data that shows why.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The code Partner Center answers with in the same case, where one is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Upstream {
    /// HTTP status.
    pub status: u16,
    /// Error code.
    pub code: u32,
}

/// One reason for which a rule refuses a command. All of them stand in [`crate::ground`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ground {
    /// The rule's id, such as `M-1`.
    pub rule: &'static str,
    /// The stable code, `snake_case`.
    pub code: &'static str,
    /// What Partner Center answers, where published.
    pub upstream: Option<Upstream>,
    /// One sentence for people: what is wrong and what to do.
    pub message: &'static str,
}

/// A refused command's answer, as recorded in its entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// The stable code.
    pub code: Cow<'static, str>,
    /// The rule's id.
    pub rule: Cow<'static, str>,
    /// One sentence for people.
    pub message: Cow<'static, str>,
    /// Partner Center's code in the same case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_code: Option<u32>,
    /// Partner Center's HTTP status in the same case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream_status: Option<u16>,
    /// What shows it: names and values, such as the ids of active subscriptions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, Vec<String>>,
}

impl Refusal {
    /// A refusal on a ground, without details yet.
    #[must_use]
    pub fn because(ground: &Ground) -> Self {
        Self {
            code: Cow::Borrowed(ground.code),
            rule: Cow::Borrowed(ground.rule),
            message: Cow::Borrowed(ground.message),
            upstream_code: ground.upstream.map(|upstream| upstream.code),
            upstream_status: ground.upstream.map(|upstream| upstream.status),
            details: BTreeMap::new(),
        }
    }

    /// Adds a named value that shows why.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.details.entry(name.to_owned()).or_default().push(value.to_string());
        self
    }

    /// Adds several values under one name.
    #[must_use]
    pub fn with_all<T: fmt::Display>(mut self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let list = self.details.entry(name.to_owned()).or_default();
        list.extend(values.into_iter().map(|value| value.to_string()));
        self
    }
}
