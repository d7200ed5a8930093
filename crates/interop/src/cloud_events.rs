//! Entries as CloudEvents 1.0: one for every event of an entry, and one for a refusal or for what is left of a redacted entry.
//!
//! The attributes follow the JSON event format of CloudEvents 1.0.2. Integers
//! of that type system have 32 bits, so that positions are texts.

use std::fmt::Write as _;

use ofrecord_core::{StreamId, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::stored::{Part, StoredEntry};

/// The version of the CloudEvents specification that is written.
const SPEC_VERSION: &str = "1.0";
/// What every type begins with.
const TYPE_PREFIX: &str = "org.ofrecord";

/// One CloudEvent in the order in which its attributes are written.
#[derive(Debug, Clone, Serialize)]
pub struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: &'a str,
    #[serde(rename = "type")]
    event_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: Timestamp,
    datacontenttype: &'static str,
    recordedtime: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    partitionkey: Option<String>,
    sequence: String,
    position: String,
    leafhash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    commandid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    actorkind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shownby: Option<String>,
    data: &'a RawValue,
    #[serde(skip)]
    index: u32,
}

impl CloudEvent<'_> {
    /// The same as somebody is shown it who came to see it by a later entry.
    #[must_use]
    pub fn shown_by(self, position: u64) -> Self {
        Self { id: format!("{position}.{}", self.id), shownby: Some(position.to_string()), ..self }
    }

    /// Its id: the position of the entry, and which of its events; before that, the entry by which it is shown.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Which event of its entry it is, from 0; 0 for a refusal.
    #[must_use]
    pub fn index(&self) -> u32 {
        self.index
    }
}

/// An attribute, as the reference lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
}

const fn attribute(name: &'static str, doc: &'static str) -> Attribute {
    Attribute { name, doc }
}

/// Every attribute that is written, in order.
pub const ATTRIBUTES: &[Attribute] = &[
    attribute("specversion", "Always `1.0`."),
    attribute(
        "id",
        "`<position>-<index>`: the entry and which of its events, from 0; a refusal has index 0. Unique within `source`, and the same in every export. A partner's feed puts `shownby` and a full stop before it, where that is there.",
    ),
    attribute("source", "The ledger's origin as an `https` address. It is a name: nothing has to answer there."),
    attribute(
        "type",
        "`org.ofrecord.<family>.<event>.v<version>`, the version being that of the stored event; `org.ofrecord.command.<command>.refused` for a refusal; `org.ofrecord.entry.redacted` for an entry whose bytes were taken away.",
    ),
    attribute("subject", "The customer's tenant, or the partner's where the entry names no customer."),
    attribute("time", "When it became true in the world, with seven digits."),
    attribute("datacontenttype", "Always `application/json`."),
    attribute("recordedtime", "When the ledger learned it: the documented extension for records with two times."),
    attribute(
        "partitionkey",
        "The stream it was decided in, `customer/<tenant>` or `partner/<tenant>`: the documented extension for brokers that keep the order of what has the same key.",
    ),
    attribute(
        "sequence",
        "Position and index with leading zeros, so that the order of texts is the order of the log: the documented extension for order.",
    ),
    attribute("position", "The entry's place in the log, as text: integers of CloudEvents have 32 bits."),
    attribute("leafhash", "The entry's leaf hash in the Merkle tree, 64 hexadecimal digits."),
    attribute("command", "The command that was decided."),
    attribute("commandid", "The command's id."),
    attribute(
        "actorkind",
        "In which capacity the actor asked. Who it was is not written: attributes are read by every hop. A word that CloudEvents do not allow is left out.",
    ),
    attribute(
        "shownby",
        "In the feed of a partner alone: the later entry by which it came to see this event, such as a consent or a transfer. The event comes with that entry, and all else says what it says without.",
    ),
    attribute(
        "data",
        "The event exactly as it is stored, or the refusal, or what is left in place of a redacted decision.",
    ),
];

/// The address under which a ledger is the source of its events: its origin, with everything escaped that an
/// address cannot hold.
#[must_use]
pub fn source_of(origin: &str) -> String {
    let mut address = "https://".to_owned();
    for byte in origin.bytes() {
        let stands = byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=".contains(&byte);
        if stands {
            address.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            write!(address, "%{byte:02X}").unwrap_or_default();
        }
    }
    address
}

/// The CloudEvents of an entry, in order; none where nothing differed. `source` is what [`source_of`] gives.
pub fn cloud_events<'a>(source: &'a str, entry: &StoredEntry<'a>) -> impl Iterator<Item = CloudEvent<'a>> {
    entry.parts().filter_map(|part| {
        let (index, event_type, data) = match part {
            Part::Event { index, event, stored } => {
                let family = event.family().as_str();
                (index, format!("{TYPE_PREFIX}.{family}.{}.v{}", stored.name, stored.version), stored.json)
            }
            Part::Refusal { json, .. } => (0, format!("{TYPE_PREFIX}.command.{}.refused", entry.command()), json),
            Part::Redacted { json } => (0, format!("{TYPE_PREFIX}.entry.redacted"), json),
            Part::Nothing => return None,
        };
        Some(one(source, entry, index, event_type, data))
    })
}

fn one<'a>(
    source: &'a str,
    stored: &StoredEntry<'a>,
    index: u32,
    event_type: String,
    data: &'a RawValue,
) -> CloudEvent<'a> {
    let entry = stored.entry;
    let position = entry.position;
    CloudEvent {
        specversion: SPEC_VERSION,
        id: format!("{position}-{index}"),
        source,
        event_type,
        subject: subject(stored),
        time: entry.effective_at(),
        datacontenttype: "application/json",
        recordedtime: entry.recorded_at,
        partitionkey: stored.stream().map(|stream| stream.to_string()),
        // A position has at most sixteen digits, and an entry is too short for a hundred thousand events.
        sequence: format!("{position:016}-{index:05}"),
        position: position.to_string(),
        leafhash: stored.leaf_hash,
        command: allowed(stored.command()),
        commandid: entry.command_id.to_string(),
        actorkind: allowed(entry.decision.actor.kind.as_str()),
        shownby: None,
        data,
        index,
    }
}

fn subject(stored: &StoredEntry<'_>) -> Option<String> {
    match (stored.entry.decision.customer, stored.stream()) {
        (Some(customer), _) | (None, Some(StreamId::Customer(customer))) => Some(customer.to_string()),
        (None, Some(StreamId::Partner(partner))) => Some(partner.to_string()),
        (None, Some(StreamId::Ledger) | None) => None,
    }
}

/// A text that may stand in an attribute: not empty, and without control characters and noncharacters.
fn allowed(text: &str) -> Option<&str> {
    let is_noncharacter = |c: char| matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    (!text.is_empty() && !text.chars().any(|c| c.is_control() || is_noncharacter(c))).then_some(text)
}

#[cfg(test)]
mod tests;
