//! Places of this server's pages, to which a browser may be led: never one elsewhere, whatever it was handed.

use std::fmt;

/// Longest place; a longer one is not gone back to.
const PLACE_BYTES_MAX: usize = 512;
/// Below which there are pages.
const PAGES: &[&str] = &["/console", "/api"];
/// Where there is nothing to do but to begin.
const BEGINNING: &str = "/console";
/// What leads nowhere once somebody is signed in.
const LOGIN: &str = "/console/login";

/// A path of a page of this server, with its query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place(String);

impl Place {
    /// The place that a text names, or where one begins.
    pub(crate) fn of(text: &str) -> Self {
        let path = text.split('?').next().unwrap_or_default();
        let below = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
        let is_login = path.starts_with(LOGIN);
        let is_place = text.len() <= PLACE_BYTES_MAX && is_plain && PAGES.iter().any(|root| below(root)) && !is_login;
        Self(if is_place { text.to_owned() } else { BEGINNING.to_owned() })
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
