//! Stored rows that two builds folded from the same entries: which of them differ, in which field, and the entries behind it.
//!
//! Rows are compared as JSON and by what stands in them, so that a build can be shown rows that another one
//! folded, with kinds and fields that it does not know.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::diff::ChangeKind;

/// Kinds of which a stream has one row; all others are lists or maps of rows.
const SINGLE: [&str; 2] = ["profile", "account"];
/// The kind of the digests of entries.
pub const ENTRIES: &str = "entries";

/// The rows that are stored of one stream, cut out of its present view and its digests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredRows {
    by_name: BTreeMap<Name, Value>,
}

/// Which row of a stream, in the order in which rows are told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    part: Part,
    kind: String,
    /// The place in a list, and the position of an entry's digest; 0 in a map.
    place: u64,
    /// The key in a map.
    key: String,
}

/// Where a row is cut out of. What people read comes before the digests, of which there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    View,
    Digest,
}

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowDifference {
    /// What kind of row: `subscriptions`, `resellers`, `entries`, ….
    pub kind: String,
    /// Which one: the subscription, the partner, the position of an entry; empty where a stream has only one.
    pub row: String,
    /// How it differs.
    pub change: ChangeKind,
    /// The fields that differ; one without a name for a row that is there on one side only.
    pub fields: Vec<FieldDifference>,
}

/// A field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDifference {
    /// Its path in the row.
    pub field: String,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What would stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
    /// The entries that set it, on either side.
    pub positions: BTreeSet<u64>,
}

/// How many rows of a kind there are, by what would become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// As they are.
    pub unchanged: u64,
    /// With another content.
    pub changed: u64,
    /// Only afterwards.
    pub added: u64,
    /// Only before.
    pub removed: u64,
}

impl Tally {
    /// Counts another one in.
    pub fn add(&mut self, other: Self) {
        self.unchanged += other.unchanged;
        self.changed += other.changed;
        self.added += other.added;
        self.removed += other.removed;
    }

    /// Whether every row stays as it is.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.changed == 0 && self.added == 0 && self.removed == 0
    }
}

impl StoredRows {
    /// Takes in the rows of a present view.
    pub fn take_view(&mut self, view: Value) {
        let Value::Object(sections) = view else { return };
        for (kind, section) in sections {
            let name = |place, key| Name { part: Part::View, kind: kind.clone(), place, key };
            match section {
                Value::Object(_) if SINGLE.contains(&kind.as_str()) => {
                    self.by_name.insert(name(0, String::new()), section);
                }
                Value::Object(rows) => self.by_name.extend(rows.into_iter().map(|(key, row)| (name(0, key), row))),
                Value::Array(rows) => {
                    self.by_name.extend((0..).zip(rows).map(|(place, row)| (name(place, String::new()), row)));
                }
                // Whose view it is.
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
            }
        }
    }

    /// Takes in the digest of an entry.
    pub fn take_digest(&mut self, digest: Value) {
        let place = digest.get("position").and_then(Value::as_u64).unwrap_or_default();
        let name = Name { part: Part::Digest, kind: ENTRIES.to_owned(), place, key: String::new() };
        self.by_name.insert(name, digest);
    }

    /// How many rows there are, by kind.
    pub fn count(&self) -> impl Iterator<Item = (&str, u64)> {
        let mut count: BTreeMap<&str, u64> = BTreeMap::new();
        self.by_name.keys().for_each(|name| *count.entry(name.kind.as_str()).or_default() += 1);
        count.into_iter()
    }
}

/// Compares the rows of one stream: those that differ, and how many of each kind there are.
#[must_use]
pub fn compare(before: &StoredRows, after: &StoredRows) -> (Vec<RowDifference>, BTreeMap<String, Tally>) {
    let names: BTreeSet<&Name> = before.by_name.keys().chain(after.by_name.keys()).collect();
    let mut differences = Vec::new();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for name in names {
        let tally = tallies.entry(name.kind.clone()).or_default();
        let sides = Sides { before: before.by_name.get(name), after: after.by_name.get(name) };
        let change = match (sides.before, sides.after) {
            (Some(before), Some(after)) if before == after => {
                tally.unchanged += 1;
                continue;
            }
            (Some(_), Some(_)) => {
                tally.changed += 1;
                ChangeKind::Changed
            }
            (None, _) => {
                tally.added += 1;
                ChangeKind::Added
            }
            (Some(_), None) => {
                tally.removed += 1;
                ChangeKind::Removed
            }
        };
        let fields = fields(name, sides, change);
        differences.push(RowDifference { kind: name.kind.clone(), row: name.printed(), change, fields });
    }
    (differences, tallies)
}

impl Name {
    fn printed(&self) -> String {
        match self.kind.as_str() {
            kind if SINGLE.contains(&kind) => String::new(),
            _ if self.key.is_empty() => self.place.to_string(),
            _ => self.key.clone(),
        }
    }
}

type Fields = Map<String, Value>;

/// One place in a row, on both sides.
#[derive(Debug, Clone, Copy)]
struct Sides<'a> {
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

impl<'a> Sides<'a> {
    fn member(self, name: &str) -> Self {
        let member = |side: Option<&'a Value>| side.and_then(|value| value.get(name));
        Self { before: member(self.before), after: member(self.after) }
    }

    fn item(self, index: usize) -> Self {
        let item = |side: Option<&'a Value>| side.and_then(|value| value.get(index));
        Self { before: item(self.before), after: item(self.after) }
    }

    fn objects(self) -> Option<(&'a Fields, &'a Fields)> {
        Some((self.before?.as_object()?, self.after?.as_object()?))
    }

    fn each(self) -> impl Iterator<Item = &'a Value> {
        self.before.into_iter().chain(self.after)
    }
}

fn fields(name: &Name, row: Sides<'_>, change: ChangeKind) -> Vec<FieldDifference> {
    let mut found = Vec::new();
    match change {
        ChangeKind::Changed => descend(String::new(), row, &mut vec![row], &mut found),
        ChangeKind::Added | ChangeKind::Removed => found.push(leaf(String::new(), row, &[row])),
    }
    if name.part == Part::Digest {
        found.iter_mut().for_each(|field| field.positions = BTreeSet::from([name.place]));
    }
    found
}

/// Goes down to the fields that differ. `around` is what the place stands in, from the row on.
fn descend<'a>(path: String, at: Sides<'a>, around: &mut Vec<Sides<'a>>, found: &mut Vec<FieldDifference>) {
    if at.before == at.after {
        return;
    }
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if let Some((before, after)) = at.objects() {
        if is_cell(before) && is_cell(after) {
            if before.get("value") == after.get("value") {
                found.push(leaf(below("set"), at.member("set"), around));
            } else {
                found.push(leaf(path, at, around));
            }
            return;
        }
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        around.push(at);
        names.into_iter().for_each(|name| descend(below(name), at.member(name), around, found));
        around.pop();
        return;
    }
    match (at.before.and_then(Value::as_array), at.after.and_then(Value::as_array)) {
        (Some(before), Some(after)) if before.len() == after.len() => {
            (0..before.len()).for_each(|index| descend(below(&index.to_string()), at.item(index), around, found));
        }
        _ => found.push(leaf(path, at, around)),
    }
}

/// A place that differs, with the entries that set it: those it names itself, else those that stand nearest around it.
fn leaf(field: String, at: Sides<'_>, around: &[Sides<'_>]) -> FieldDifference {
    let mut positions = BTreeSet::new();
    at.each().for_each(|value| stamps_in(value, &mut positions));
    for outer in around.iter().rev() {
        if !positions.is_empty() {
            break;
        }
        outer.each().for_each(|value| stamps_beside(value, &mut positions));
    }
    if positions.is_empty() {
        around.first().into_iter().flat_map(|row| row.each()).for_each(|row| stamps_in(row, &mut positions));
    }
    FieldDifference { field, before: at.before.map(content), after: at.after.map(content), positions }
}

/// What stands in a cell; anything else as it is.
fn content(value: &Value) -> Value {
    match value.as_object().filter(|fields| is_cell(fields)).and_then(|fields| fields.get("value")) {
        Some(content) => content.clone(),
        None => value.clone(),
    }
}

fn is_cell(fields: &Fields) -> bool {
    fields.len() == 2 && fields.contains_key("value") && fields.get("set").is_some_and(|set| stamp(set).is_some())
}

/// The position of a stamp.
fn stamp(value: &Value) -> Option<u64> {
    let fields = value.as_object()?;
    let is_stamp = fields.contains_key("index") && fields.contains_key("effective_at");
    fields.get("position").filter(|_| is_stamp)?.as_u64()
}

/// The positions of every stamp in a value, corrections included.
fn stamps_in(value: &Value, positions: &mut BTreeSet<u64>) {
    positions.extend(stamp(value));
    let corrected_by = stamp(value).and_then(|_| value.get("corrected_by")?.get("position")?.as_u64());
    positions.extend(corrected_by);
    match value {
        Value::Object(fields) => fields.values().for_each(|inner| stamps_in(inner, positions)),
        Value::Array(items) => items.iter().for_each(|inner| stamps_in(inner, positions)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The positions of the stamps that are members of an object themselves.
fn stamps_beside(value: &Value, positions: &mut BTreeSet<u64>) {
    let members = value.as_object().into_iter().flat_map(Map::values);
    members.filter(|member| stamp(member).is_some()).for_each(|member| stamps_in(member, positions));
}

#[cfg(test)]
mod tests;
