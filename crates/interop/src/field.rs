//! One field of a row, as JSON has it, as text for people and for machines.

use std::borrow::Cow;

use serde_json::Value;

/// What comes between the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// In a table.
    ForPeople,
    /// In CSV.
    ForMachines,
}

impl Joined {
    fn text(self) -> &'static str {
        match self {
            Self::ForPeople => ", ",
            Self::ForMachines => ";",
        }
    }
}

/// The value at a path of JSON keys; null where there is none.
#[must_use]
pub fn at<'a>(row: &'a Value, path: &str) -> &'a Value {
    path.split('.').try_fold(row, |value, key| value.get(key)).unwrap_or(&Value::Null)
}

/// A value as text; nothing is empty.
#[must_use]
pub fn text(value: &Value, joined: Joined) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if joined == Joined::ForPeople => short_instant(text).into_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let texts: Vec<String> = items.iter().map(|item| text(item, joined)).collect();
            texts.join(joined.text())
        }
        // An enum with content is an object with one key, whose content says enough.
        Value::Object(fields) => {
            let texts = fields.values().filter(|field| !field.is_null()).map(|field| text(field, joined));
            texts.collect::<Vec<_>>().join(" / ")
        }
    }
}

/// An instant without the seven zeros of a whole second, its zone kept; any other text as it is.
#[must_use]
pub fn short_instant(text: &str) -> Cow<'_, str> {
    const WHOLE_SECOND: &str = ".0000000Z";
    const LENGTH: usize = "2024-03-01T00:00:00.0000000Z".len();
    match text.strip_suffix(WHOLE_SECOND) {
        Some(second) if text.len() == LENGTH => Cow::Owned(format!("{second}Z")),
        Some(_) | None => Cow::Borrowed(text),
    }
}
