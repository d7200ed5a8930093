//! A request as the line of JSON that `ofrecord submit` reads.

use ofrecord_core::Request;
use serde_json::{Map, Value, json};

/// The line, without its end.
#[must_use]
pub fn of(request: &Request) -> String {
    let mut fields = Map::new();
    fields.insert("command_id".to_owned(), json!(request.command_id));
    fields.insert("actor".to_owned(), json!(request.actor));
    fields.insert("command".to_owned(), json!(request.command));
    if let Some(customer) = request.customer {
        fields.insert("customer".to_owned(), json!(customer));
    }
    if let Some(at) = request.effective_at {
        fields.insert("effective_at".to_owned(), json!(at));
    }
    if let Some(version) = request.expected_version {
        fields.insert("expected_version".to_owned(), json!(version));
    }
    if !request.evidence.is_empty() {
        fields.insert("evidence".to_owned(), json!(request.evidence));
    }
    Value::Object(fields).to_string()
}
