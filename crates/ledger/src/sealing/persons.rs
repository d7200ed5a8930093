//! Whom a raw source record names: every e-mail address or user principal name in it, and every contact person.

use std::collections::BTreeSet;

use ofrecord_core::command::agreement::Contact;
use ofrecord_log::Hash;
use serde_json::{Map, Value};

use super::identity;

/// What separates an address from the text around it.
const BREAKS: &[char] =
    &['"', '\'', '\\', '`', ',', ';', ':', '<', '>', '(', ')', '[', ']', '{', '}', '|', '=', '/', '?', '&', '\u{feff}'];
/// What follows the `@` of an annotation of OData, which is no address.
const ANNOTATION: &str = "odata.";
/// How deep texts of JSON are looked for in texts of JSON.
const DEPTH_MAX: usize = 8;

/// The persons that a record names, each as who the same person is elsewhere; where none is found, the record itself
/// stands for whoever it may name, so that it can be erased all the same.
pub(super) fn of_record(raw: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    in_text(raw, 0, &mut found);
    if found.is_empty() {
        found.insert(format!("record|{}", Hash::of(raw.as_bytes())));
    }
    found
}

fn in_text(text: &str, depth: usize, found: &mut BTreeSet<String>) {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let parsed = (is_json && depth < DEPTH_MAX).then(|| serde_json::from_str::<Value>(text).ok()).flatten();
    match parsed {
        Some(value) => in_value(&value, depth + 1, found),
        None => found.extend(addresses(text)),
    }
}

fn in_value(value: &Value, depth: usize, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => in_text(text, depth, found),
        Value::Array(items) => items.iter().for_each(|item| in_value(item, depth, found)),
        Value::Object(fields) => {
            found.extend(contact_in(fields));
            for (name, value) in fields {
                found.extend(addresses(name));
                in_value(value, depth, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Who an object is that has the fields of a contact person.
fn contact_in(fields: &Map<String, Value>) -> Option<String> {
    let text = |wanted: &str| {
        let mut named = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named.find_map(|(_, value)| value.as_str()).filter(|text| !text.trim().is_empty()).map(str::to_owned)
    };
    let contact = Contact {
        first_name: text("firstName"),
        last_name: text("lastName"),
        email: text("email"),
        phone_number: text("phoneNumber"),
        sealed: None,
    };
    (contact.first_name.is_some() || contact.last_name.is_some()).then(|| identity(&contact))
}

/// The e-mail addresses and user principal names in a text.
fn addresses(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || BREAKS.contains(&c));
    words.filter_map(|word| {
        let word = word.trim_matches('.').to_lowercase();
        let (local, domain) = word.rsplit_once('@')?;
        (!local.is_empty() && !domain.is_empty() && !domain.starts_with(ANNOTATION)).then_some(word)
    })
}
