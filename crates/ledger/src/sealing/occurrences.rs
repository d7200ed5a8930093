//! Where personal fields stand in an entry, sealed or in the clear.

use ofrecord_core::Entry;
use ofrecord_core::command::agreement::Contact;
use ofrecord_core::personal::{PersonalText, SealedWord};
use serde_json::Value;

/// A personal field of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Personal {
    /// A contact person, sealed or in the clear.
    Contact(Box<Contact>),
    /// A sealed text.
    Sealed(SealedWord),
    /// A user or a name in the clear.
    Clear(String),
    /// A source record in the clear.
    ClearRecord(String),
}

/// A personal field with every place of the entry in which the same stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The places, such as `actor.user` or `events[0].accepted_by`.
    pub fields: Vec<String>,
    /// What stands there.
    pub personal: Personal,
}

/// Every personal field of an entry, of what was asked and of what happened, in the order of the entry.
#[must_use]
pub fn occurrences(entry: &Entry) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let decision = serde_json::to_value(&entry.decision).unwrap_or(Value::Null);
    for part in ["actor", "command", "events"] {
        if let Some(value) = decision.get(part) {
            walk(value, part, &mut found);
        }
    }
    in_the_clear(entry, &mut found);
    found
}

fn walk(value: &Value, path: &str, found: &mut Vec<Occurrence>) {
    match value {
        Value::String(text) => {
            if let Ok(sealed) = text.parse() {
                note(path.to_owned(), Personal::Sealed(sealed), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{index}]"), found);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = format!("{path}.{name}");
                match contact(name, field) {
                    Some(contact) => note(path, Personal::Contact(Box::new(contact)), found),
                    None => walk(field, &path, found),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn contact(name: &str, value: &Value) -> Option<Contact> {
    let contact: Contact = (name == "primary_contact").then(|| serde_json::from_value(value.clone()).ok()).flatten()?;
    (contact.is_clear() || contact.sealed.is_some()).then_some(contact)
}

/// The texts in the clear, with the event in which each stands.
fn in_the_clear(entry: &Entry, found: &mut Vec<Occurrence>) {
    let mut actor = entry.decision.actor.clone();
    let mut events = entry.decision.events().to_vec();
    let user = actor.user.iter_mut().map(|user| ("actor.user".to_owned(), PersonalText::User(user)));
    let stated = events.iter_mut().enumerate().flat_map(|(index, event)| {
        event.personal_texts_mut().into_iter().map(move |text| (format!("events[{index}]"), text))
    });
    for (field, text) in user.chain(stated).filter(|(_, text)| text.says_who()) {
        let of = match &text {
            PersonalText::User(_) | PersonalText::Name(_) => Personal::Clear,
            PersonalText::Record(_) => Personal::ClearRecord,
        };
        let text = text.into_text();
        if text.parse::<SealedWord>().is_err() {
            note(field, of(text.clone()), found);
        }
    }
}

fn note(field: String, personal: Personal, found: &mut Vec<Occurrence>) {
    match found.iter_mut().find(|known| known.personal == personal) {
        Some(known) => known.fields.push(field),
        None => found.push(Occurrence { fields: vec![field], personal }),
    }
}
