//! Sheets: tables of comma-separated values, as portals and Microsoft's bulk tool export them: each row becomes an object with the property names of the same record in JSON.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use crate::json::{Json, Object};

/// Separators that exports use: the standard's, and those of spreadsheets in countries with a decimal comma.
const SEPARATORS: [u8; 3] = *b",;\t";

/// A sheet with its header taken apart.
pub(crate) struct Sheet<'a> {
    text: &'a str,
    separator: u8,
    /// The header as it stands.
    pub(crate) header: &'a str,
    /// Where the value of each column belongs in an object.
    paths: Vec<Vec<String>>,
}

/// A row of a sheet.
pub(crate) struct Row<'a> {
    /// The row as it stands, without the break that ends it.
    pub(crate) raw: &'a str,
    /// The row as an object; the reason when it is none.
    pub(crate) object: Result<Object, String>,
}

impl<'a> Sheet<'a> {
    /// Takes a text for a sheet when `known` takes an object with the header's properties for a record.
    pub(crate) fn of(text: &'a str, known: impl Fn(&Object) -> bool) -> Option<Self> {
        SEPARATORS.into_iter().find_map(|separator| {
            let mut reader = reader(text, separator);
            let mut names = StringRecord::new();
            let there = reader.read_record(&mut names).ok()?;
            let end = usize::try_from(reader.position().byte()).ok()?;
            let paths = paths_of(&names);
            let sheet = Self { text, separator, header: text.get(..end)?.trim_end_matches(BREAKS), paths };
            let header = sheet.object(&StringRecord::from(vec![""; names.len()])).ok()?;
            (there && names.len() > 1 && known(&header)).then_some(sheet)
        })
    }

    /// The rows, in order. A row without any value is none.
    pub(crate) fn rows(&self) -> Vec<Row<'a>> {
        let mut reader = reader(self.text, self.separator);
        let mut record = StringRecord::new();
        let mut rows = Vec::new();
        let mut begins = 0;
        loop {
            let read = reader.read_record(&mut record);
            let ends = usize::try_from(reader.position().byte()).unwrap_or(self.text.len());
            let raw = self.text.get(begins..ends).unwrap_or_default().trim_matches(BREAKS);
            let is_header = begins == 0;
            begins = ends;
            match read {
                Ok(false) => return rows,
                Ok(true) if is_header || record.iter().all(|value| value.trim().is_empty()) => {}
                Ok(true) => rows.push(Row { raw, object: self.object(&record) }),
                Err(error) => {
                    rows.push(Row { raw, object: Err(format!("the row cannot be read: {error}")) });
                    if error.is_io_error() {
                        return rows;
                    }
                }
            }
        }
    }

    fn object(&self, record: &StringRecord) -> Result<Object, String> {
        if record.len() != self.paths.len() {
            return Err(format!("the row has {} columns and the header {}", record.len(), self.paths.len()));
        }
        let mut object = Object::default();
        for (path, value) in self.paths.iter().zip(record) {
            put(&mut object, path, value);
        }
        Ok(object)
    }
}

const BREAKS: [char; 2] = ['\r', '\n'];

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

fn put(object: &mut Object, path: &[String], value: &str) {
    match path {
        [] => {}
        [name] => object.insert(name, Json::Text(value.to_owned())),
        [name, below @ ..] => {
            let mut inner = object.object(name).cloned().unwrap_or_default();
            put(&mut inner, below, value);
            object.insert(name, Json::Object(inner));
        }
    }
}

/// Columns of the bulk tool's list of relationships, by their letters, with the property that each stands for. Two of
/// them stand there twice: first for the relationship and the partner, then for the customer.
const OF_RELATIONSHIPS: &[(&str, &[&str])] = &[
    ("customername", &["customer.displayName"]),
    ("customertenantid", &["customer.tenantId"]),
    ("displayname", &["displayName", "customer.displayName"]),
    ("partnertenantid", &["partner.tenantId"]),
    ("relationshipname", &["displayName"]),
    ("tenantid", &["partner.tenantId", "customer.tenantId"]),
];

/// Columns of the portal's activity log and of the bulk tool's list of groups, whose names differ between versions.
const OF_OTHERS: &[(&str, &[&str])] = &[
    ("affectedcustomer", &["affectedCustomer"]),
    ("commaseparatedroles", &["commaSeparatedRoles"]),
    ("commaseperatedroles", &["commaSeparatedRoles"]),
    ("datetime", &["dateTime"]),
    ("partneruser", &["performedBy"]),
    ("performedby", &["performedBy"]),
];

/// Where the value of each column belongs. A column of no known name keeps its own, and one that stands there once
/// more gets a number, so that no value is lost.
fn paths_of(names: &StringRecord) -> Vec<Vec<String>> {
    let bare: Vec<String> = names.iter().map(bare).collect();
    let relationships = bare.iter().any(|name| name == "customerdelegatedadminrelationshipid");
    let known = if relationships { OF_RELATIONSHIPS } else { OF_OTHERS };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut paths = Vec::new();
    for (name, bare) in names.iter().map(str::trim).zip(&bare) {
        let times = seen.entry(bare.clone()).or_default();
        let listed = known.iter().find(|(known, _)| known == bare).map(|(_, paths)| *paths);
        let path = match listed.and_then(|paths| paths.get(*times)) {
            Some(path) => (*path).to_owned(),
            None if *times == 0 => name.to_owned(),
            None => format!("{name} {}", *times + 1),
        };
        *times += 1;
        let dotted = listed.is_some();
        paths.push(if dotted { path.split('.').map(str::to_owned).collect() } else { vec![path] });
    }
    paths
}

/// A column's name by its letters and digits alone.
fn bare(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests;
