//! From the bytes of a file to its records: pages, plain lists, single records, JSON Lines and tables.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::context::Context;
use crate::json::{Json, Object};
use crate::reading::{Problem, Reading, Severity};
use crate::scribe::Scribe;
use crate::shape;
use crate::sheet::Sheet;

/// Largest file that is read in one go: 1 GiB.
const FILE_BYTES_MAX: usize = 1 << 30;

/// What stands around a record: the collection it came in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// The address the collection was read from.
    pub(crate) self_uri: Option<String>,
    /// `@odata.context` of the collection.
    pub(crate) odata_context: Option<String>,
    /// The address of the next page, which names the collection too.
    pub(crate) next_link: Option<String>,
    /// The header of the table that the record is a row of.
    pub(crate) header: Option<String>,
}

/// Reads a whole file.
pub(crate) fn read(file: &str, bytes: &[u8], context: &Context) -> Reading {
    let mut document = Document { file, context, reading: Reading::default(), said: BTreeSet::new() };
    match text_of(bytes) {
        Ok(text) => document.text(text),
        Err(message) => document.problem(None, None, Severity::Bad, message),
    }
    document.reading
}

fn text_of(bytes: &[u8]) -> Result<&str, String> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err("the file is larger than 1 GiB; split it".to_owned());
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("the file is UTF-16 text; save it as UTF-8".to_owned());
    }
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("the file is not UTF-8 at byte {}", error.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() { Err("the file is empty".to_owned()) } else { Ok(text) }
}

struct Document<'a> {
    file: &'a str,
    context: &'a Context,
    reading: Reading,
    /// Notes already made: what is true of every record of a page is said once.
    said: BTreeSet<(Option<String>, String)>,
}

impl<'a> Document<'a> {
    fn problem(&mut self, record: Option<u64>, line: Option<u64>, severity: Severity, message: String) {
        let file = self.file.to_owned();
        self.reading.problems.push(Problem { file, record, line, field: None, severity, message });
    }

    fn text(&mut self, text: &str) {
        match serde_json::from_str::<&RawValue>(text) {
            Ok(whole) => self.value(text, whole, &mut Lines::from(text, 1)),
            Err(_) if is_json_lines(text) => self.json_lines(text),
            Err(_) if let Some(sheet) = Sheet::of(text, shape::is_known_export) => self.sheet(text, &sheet),
            Err(error) => {
                let line = u64::try_from(error.line()).ok();
                self.problem(
                    None,
                    line,
                    Severity::Bad,
                    format!("not JSON and not a table of known columns, so nothing of it was read: {error}"),
                );
            }
        }
    }

    fn json_lines(&mut self, text: &str) {
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            match serde_json::from_str::<&RawValue>(line) {
                Ok(value) => self.value(line, value, &mut Lines::from(line, number)),
                Err(error) => {
                    let record = Some(self.next_record());
                    self.problem(record, Some(number), Severity::Bad, format!("the line is not JSON: {error}"));
                }
            }
        }
    }

    fn next_record(&mut self) -> u64 {
        let index = self.reading.records;
        self.reading.records += 1;
        index
    }

    fn value(&mut self, within: &str, value: &RawValue, lines: &mut Lines<'_>) {
        let text = value.get();
        if text.starts_with('[') {
            self.list(within, value, &Page::default(), lines);
        } else if let Some(page) = page_of(text) {
            self.list(within, page.items, &page.around, lines);
            self.count(&page);
        } else {
            self.record(value, &Page::default(), lines);
        }
    }

    fn list(&mut self, within: &str, items: &RawValue, page: &Page, lines: &mut Lines<'_>) {
        debug_assert!(within.len() >= items.get().len(), "a list lies within its text");
        match serde_json::from_str::<Vec<&RawValue>>(items.get()) {
            Ok(records) if records.is_empty() => {
                self.problem(None, None, Severity::Note, "the collection is empty".to_owned());
            }
            Ok(records) => {
                for record in records {
                    self.record(record, page, lines);
                }
            }
            Err(error) => self.problem(None, None, Severity::Bad, format!("not a list: {error}")),
        }
    }

    /// A page says how many records there are in all; the others are in files that are still to be read.
    fn count(&mut self, page: &PageText<'_>) {
        let here = self.reading.records;
        if let Some(total) = page.total.filter(|total| *total > here) {
            let message =
                format!("the source counts {total} records in all, the file holds {here}; import the others too");
            self.problem(None, None, Severity::Note, message);
        }
    }

    fn record(&mut self, raw: &RawValue, page: &Page, lines: &mut Lines<'_>) {
        let index = self.next_record();
        let line = lines.of(raw.get());
        let body = match Json::parse(raw.get()) {
            Ok(body) => body,
            Err(error) => {
                let inner = u64::try_from(error.line()).unwrap_or(1).saturating_sub(1);
                let message = format!("the record cannot be read: {error}");
                return self.problem(Some(index), Some(line + inner), Severity::Bad, message);
            }
        };
        self.body((index, line), raw.get(), &body, page);
    }

    fn sheet(&mut self, text: &str, sheet: &Sheet<'_>) {
        let page = Page { header: Some(sheet.header.to_owned()), ..Page::default() };
        let mut lines = Lines::from(text, 1);
        let rows = sheet.rows();
        if rows.is_empty() {
            self.problem(None, None, Severity::Note, "the table has no rows".to_owned());
        }
        for row in rows {
            let index = self.next_record();
            let line = lines.of(row.raw);
            match row.object {
                Ok(object) => self.body((index, line), row.raw, &Json::Object(object), &page),
                Err(message) => self.problem(Some(index), Some(line), Severity::Bad, message),
            }
        }
    }

    /// Reads a record of which place, text and content are known.
    fn body(&mut self, (index, line): (u64, u64), raw: &str, body: &Json, page: &Page) {
        let Json::Object(object) = body else {
            let message = format!("the record is {}, not an object", body.kind());
            return self.problem(Some(index), Some(line), Severity::Bad, message);
        };
        let mut scribe = Scribe::new(self.file, self.context, index, line, raw, body);
        scribe.header(page.header.as_deref());
        let shape = shape::read(object, page, &mut scribe);
        *self.reading.shapes.entry(shape).or_default() += 1;
        self.take(scribe);
    }

    fn take(&mut self, scribe: Scribe<'_>) {
        let written = scribe.finish();
        self.reading.statements.extend(written.statements);
        self.reading.customers_wanted.extend(written.customers_wanted);
        for problem in written.problems {
            let again = problem.severity == Severity::Note
                && !self.said.insert((problem.field.clone(), problem.message.clone()));
            if !again {
                self.reading.problems.push(problem);
            }
        }
    }
}

/// Whether the text is one JSON value per line: one of its first two lines is an object on its own.
fn is_json_lines(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(2);
    lines.any(|line| line.trim_start().starts_with('{') && serde_json::from_str::<&RawValue>(line).is_ok())
}

/// Finds the line of a slice of a text, for slices asked about in order.
struct Lines<'a> {
    text: &'a str,
    /// Up to where lines are counted.
    counted: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn from(text: &'a str, first: u64) -> Self {
        Self { text, counted: 0, line: first }
    }

    fn of(&mut self, slice: &str) -> u64 {
        let offset = (slice.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if let Some(between) = self.text.get(self.counted..offset) {
            let breaks = between.bytes().filter(|byte| *byte == b'\n').count();
            self.line += u64::try_from(breaks).unwrap_or(0);
            self.counted = offset;
        }
        self.line
    }
}

/// A collection, taken apart without reading its records.
struct PageText<'a> {
    items: &'a RawValue,
    total: Option<u64>,
    around: Page,
}

/// The names under which collections hold their records.
const ITEMS: &[&str] = &["items", "value", "transition"];

fn page_of(text: &str) -> Option<PageText<'_>> {
    let members = serde_json::from_str::<Members<'_>>(text).ok()?.0;
    let find = |name: &str| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    if find("id").is_some() {
        return None;
    }
    let items = ITEMS.iter().find_map(|name| find(name)).filter(|items| items.get().starts_with('['))?;
    let object = |name: &str| match find(name).map(|value| Json::parse(value.get())) {
        Some(Ok(Json::Object(object))) => Some(object),
        _ => None,
    };
    let text = |name: &str| find(name).and_then(|value| serde_json::from_str::<String>(value.get()).ok());
    let self_uri = object("links")
        .as_ref()
        .and_then(|links| links.object("self"))
        .and_then(|link| link.text("uri"))
        .map(str::to_owned);
    Some(PageText {
        items,
        total: find("totalCount").and_then(|value| value.get().parse().ok()),
        around: Page {
            self_uri,
            odata_context: text("@odata.context"),
            next_link: text("@odata.nextLink"),
            header: None,
        },
    })
}

/// The members of an object, unread.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = access.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Whether an object's own `attributes.objectType` is this word.
pub(crate) fn object_type(object: &Object) -> Option<&str> {
    object.object("attributes").and_then(|attributes| attributes.text("objectType"))
}

#[cfg(test)]
mod tests;
