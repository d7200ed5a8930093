//! Versions of events inside stored JSON: which there are, and the same JSON with other ones.

use serde_json::{Map, Value};
use thiserror::Error;

use super::{FIRST, Older, VERSION, VERSIONS, newest, stated_version, versions_of};
use crate::event::Event;

/// The field that holds an event's name.
const TYPE: &str = "type";

/// An event of a version that this build does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{event} has version {version}, this build reads up to {newest}")]
pub struct UnknownVersion {
    /// The event's name.
    pub event: &'static str,
    /// The version that it states.
    pub version: u64,
    /// The newest that is known.
    pub newest: u64,
}

/// The highest version of any event in a JSON: 1 where there is none.
#[must_use]
pub fn newest_in(json: &Value) -> u64 {
    let mut highest = FIRST;
    each_named(json, &mut |name, fields| {
        if fields.contains_key(VERSION) && event_of(name).is_some() {
            highest = highest.max(version_of(fields));
        }
    });
    highest
}

/// Whether the text of a JSON may hold an event that has more than one version; asked of every decision that is
/// written, so it reads nothing.
#[must_use]
pub fn names_versioned(json: &[u8]) -> bool {
    std::str::from_utf8(json).is_ok_and(|text| VERSIONS.iter().any(|versions| text.contains(versions.event)))
}

/// The first event in a JSON whose version this build does not know.
#[must_use]
pub fn unknown_in(json: &Value) -> Option<UnknownVersion> {
    let mut unknown = None;
    each_named(json, &mut |name, fields| {
        let Some(event) = event_of(name) else { return };
        let (version, newest) = (version_of(fields), newest(event));
        if version > newest {
            unknown = unknown.or(Some(UnknownVersion { event, version, newest }));
        }
    });
    unknown
}

/// Whether an event in a JSON is of a version that is no longer written.
#[must_use]
pub fn has_older(json: &Value) -> bool {
    let mut found = false;
    each_named(json, &mut |name, fields| found |= version_of(fields) < newest(name));
    found
}

/// Takes every event in a JSON up to its newest version, and changes nothing else.
///
/// An event that cannot be read stays as it is.
pub fn raise(json: &mut Value) {
    match json {
        Value::Object(fields) => fields.values_mut().for_each(raise),
        Value::Array(items) => items.iter_mut().for_each(raise),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    if older_of(json).is_none() {
        return;
    }
    let newest = serde_json::from_value::<Event>(json.clone()).and_then(serde_json::to_value);
    if let Ok(newest) = newest {
        *json = newest;
    }
}

/// Puts back the older versions that a JSON had when it was read: `written` is the same JSON, written by this build.
pub fn restate(read: &Value, written: &mut Value) {
    if let Some(stated) = older_of(read).and_then(|older| as_stored(older, read)) {
        *written = stated;
        return;
    }
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            for (name, written) in written {
                if let Some(read) = read.get(name) {
                    restate(read, written);
                }
            }
        }
        (Value::Array(read), Value::Array(written)) => {
            read.iter().zip(written).for_each(|(read, written)| restate(read, written));
        }
        _ => {}
    }
}

/// An event of an older version in the one form in which it was stored.
fn as_stored(older: &Older, event: &Value) -> Option<Value> {
    let mut fields = event.as_object()?.clone();
    let marks: Vec<(String, Value)> = [TYPE, VERSION].iter().filter_map(|mark| fields.remove_entry(*mark)).collect();
    let mut stored = (older.stored)(Value::Object(fields)).ok()?;
    stored.as_object_mut()?.extend(marks);
    Some(stored)
}

/// The older version that a JSON is an event of.
fn older_of(json: &Value) -> Option<&'static Older> {
    let fields = json.as_object()?;
    let versions = versions_of(fields.get(TYPE)?.as_str()?)?;
    versions.from(stated_version(fields.get(VERSION))?).ok()?.first()
}

fn version_of(fields: &Map<String, Value>) -> u64 {
    stated_version(fields.get(VERSION)).unwrap_or(FIRST)
}

/// The event of a name; a command has none of them.
fn event_of(name: &str) -> Option<&'static str> {
    Event::KINDS.iter().map(|(known, _)| *known).find(|known| *known == name)
}

/// Calls `each` with everything in a JSON that states a `type`, and its fields; what is inside of it included.
fn each_named(json: &Value, each: &mut dyn FnMut(&str, &Map<String, Value>)) {
    match json {
        Value::Object(fields) => {
            if let Some(name) = fields.get(TYPE).and_then(Value::as_str) {
                each(name, fields);
            }
            fields.values().for_each(|inner| each_named(inner, each));
        }
        Value::Array(items) => items.iter().for_each(|inner| each_named(inner, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
