//! Two JSON values side by side: where they differ, and how.

use std::collections::BTreeSet;

use ofrecord_core::Timestamp;
use ofrecord_interop::write::Differs;
use serde_json::Value;

/// One place at which two values differ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// The place, with `[*]` for an item of a list.
    pub(crate) path: String,
    pub(crate) differs: Differs,
    pub(crate) published: Value,
    pub(crate) written: Value,
}

/// Everything in which what is written differs from what is published.
pub(crate) fn differences(published: &Value, written: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    walk(published, written, "", &mut found);
    found
}

fn walk(published: &Value, written: &Value, path: &str, found: &mut Vec<Found>) {
    match (published, written) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
            for name in names {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match (ours.get(name), theirs.get(name)) {
                    (Some(published), Some(written)) => walk(published, written, &path, found),
                    (published, written) => {
                        let differs = if written.is_none() { Differs::LeftOut } else { Differs::Added };
                        let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
                        found.push(Found { path, differs, published: value(published), written: value(written) });
                    }
                }
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (published, written) in ours.iter().zip(theirs) {
                walk(published, written, &format!("{path}[*]"), found);
            }
        }
        (same, as_written) if same == as_written => {}
        _ => found.push(Found {
            path: path.to_owned(),
            differs: how(published, written),
            published: published.clone(),
            written: written.clone(),
        }),
    }
}

/// How two values that are not equal differ.
fn how(published: &Value, written: &Value) -> Differs {
    let (Some(published), Some(written)) = (published.as_str(), written.as_str()) else { return Differs::OtherValue };
    let instants = (published.parse::<Timestamp>(), written.parse::<Timestamp>());
    let address = |uri: &str| uri.split('?').next().unwrap_or_default().to_ascii_lowercase();
    if published.to_ascii_lowercase() == written && uuid(written) {
        Differs::SameGuid
    } else if matches!(instants, (Ok(one), Ok(other)) if one == other) {
        Differs::SameInstant
    } else if written.starts_with('/') && address(published) == address(written) {
        Differs::SameAddress
    } else {
        Differs::OtherValue
    }
}

fn uuid(text: &str) -> bool {
    text.parse::<ofrecord_core::SubscriptionId>().is_ok()
}

#[test]
fn differences_are_told_apart() {
    let rows = [
        (r#"{"a":1}"#, r#"{}"#, Some(("a", Differs::LeftOut))),
        (r#"{}"#, r#"{"a":{"b":null}}"#, Some(("a", Differs::Added))),
        (r#"{"a":[{"b":1},{"b":2}]}"#, r#"{"a":[{"b":1},{"b":3}]}"#, Some(("a[*].b", Differs::OtherValue))),
        (r#"{"a":[1]}"#, r#"{"a":[1,1]}"#, Some(("a", Differs::OtherValue))),
        (r#""2019-01-09T00:21:45+00:00""#, r#""2019-01-09T00:21:45Z""#, Some(("", Differs::SameInstant))),
        (r#""2019-01-09T00:21:45Z""#, r#""2019-01-09T00:21:46Z""#, Some(("", Differs::OtherValue))),
        (r#""/Offers/1?country=US""#, r#""/offers/1""#, Some(("", Differs::SameAddress))),
        (
            r#""A356AC8C-E310-44F4-BF85-C7F29044AF99""#,
            r#""a356ac8c-e310-44f4-bf85-c7f29044af99""#,
            Some(("", Differs::SameGuid)),
        ),
        (r#""Active""#, r#""active""#, Some(("", Differs::OtherValue))),
        (r#"{"a":[1,{}]}"#, r#"{"a":[1,{}]}"#, None),
    ];
    for (published, written, expected) in rows {
        let value = |text: &str| serde_json::from_str(text).unwrap();
        let found = differences(&value(published), &value(written));
        let found = found.first().map(|found| (found.path.as_str(), found.differs));
        assert_eq!(found, expected, "{published} {written}");
    }
}
