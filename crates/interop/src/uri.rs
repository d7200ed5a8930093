//! What the addresses in records say: identifiers in paths and in queries.

use std::str::FromStr;

/// The identifier that follows a path segment, as in `/customers/<id>/subscriptions`.
pub(crate) fn id_after<T: FromStr>(uri: &str, segment: &str) -> Option<T> {
    text_after(uri, segment)?.parse().ok()
}

/// The path segment that follows another.
pub(crate) fn text_after<'a>(uri: &'a str, segment: &str) -> Option<&'a str> {
    let path = uri.split(['?', '#']).next()?;
    let mut segments = path.split('/');
    segments.find(|part| part.eq_ignore_ascii_case(segment))?;
    segments.next().filter(|part| !part.is_empty())
}

/// A parameter of the query, by its name in any case.
pub(crate) fn parameter<'a>(uri: &'a str, name: &str) -> Option<&'a str> {
    let query = uri.split_once('?')?.1.split('#').next()?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests;
