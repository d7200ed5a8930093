//! The address of a next page: the one that the asker came by, with other parameters.

use axum::extract::Query;
use axum::http::header::{HOST, HeaderName};
use axum::http::{HeaderMap, Uri};

use crate::asked::escaped;
use crate::problem::Problem;
use crate::shared::Shared;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the asker came by.
#[derive(Debug)]
pub(crate) struct Link {
    /// Scheme and host, as the asker or the proxy before it wrote them: what they say goes back to the asker alone.
    origin: String,
    path: String,
    query: Vec<(String, String)>,
}

impl Link {
    /// By the address and the headers of a request.
    pub(super) fn of(uri: &Uri, headers: &HeaderMap, shared: &Shared) -> Result<Self, Problem> {
        let own = if shared.speaks_tls { "https" } else { "http" };
        let scheme = ["https", "http"].into_iter().find(|scheme| text(headers, &FORWARDED_PROTO) == Some(scheme));
        let host = text(headers, &FORWARDED_HOST).or_else(|| text(headers, &HOST));
        let Query(query) = Query::try_from_uri(uri).map_err(|error| Problem::malformed("the query", &error))?;
        Ok(Self {
            origin: format!("{}://{}", scheme.unwrap_or(own), host.unwrap_or("localhost")),
            path: uri.path().to_owned(),
            query,
        })
    }

    /// The whole address, with these parameters in place of those of the same names.
    pub(super) fn with(&self, changed: &[(&str, String)]) -> String {
        format!("{}{}", self.origin, self.below(&self.path, changed))
    }

    /// The address of something beside what was asked for.
    pub(super) fn beside(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// A path with the query, with these parameters in place of those of the same names.
    pub(super) fn below(&self, path: &str, changed: &[(&str, String)]) -> String {
        let is_kept = |name: &str| !changed.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let kept = self.query.iter().filter(|(name, _)| is_kept(name));
        let kept = kept.map(|(name, value)| (name.as_str(), value.as_str()));
        let all = kept.chain(changed.iter().map(|(name, value)| (*name, value.as_str())));
        let pairs: Vec<String> = all.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        format!("{path}?{}", pairs.join("&"))
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
