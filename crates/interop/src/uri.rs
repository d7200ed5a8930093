//! What the addresses in records say: identifiers in paths and in queries.

use std::str::FromStr;

use ofrecord_core::GdapRelationshipId;

/// Letters of the id of a granular relationship: two GUIDs and the hyphen between them.
const RELATIONSHIP_LETTERS: usize = 73;

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

/// The last id of a granular relationship in a text: an address, a file's path, a list of words.
pub(crate) fn granular_relationship(text: &str) -> Option<GdapRelationshipId> {
    let stretches = text.rsplit(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
    let mut long = stretches.filter(|stretch| stretch.len() >= RELATIONSHIP_LETTERS);
    long.find_map(|stretch| {
        let starts = 0..=stretch.len().saturating_sub(RELATIONSHIP_LETTERS);
        starts.rev().find_map(|start| between_hyphens(stretch, start)?.to_ascii_lowercase().parse().ok())
    })
}

/// The piece of a stretch that could be an id: no other letter touches it.
fn between_hyphens(stretch: &str, start: usize) -> Option<&str> {
    let end = start.checked_add(RELATIONSHIP_LETTERS)?;
    let (before, after) = (stretch.get(..start)?, stretch.get(end..)?);
    let apart = (before.is_empty() || before.ends_with('-')) && (after.is_empty() || after.starts_with('-'));
    stretch.get(start..end).filter(|_| apart)
}

#[cfg(test)]
mod tests;
