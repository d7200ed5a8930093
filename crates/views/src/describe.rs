//! One readable sentence per event, in the field's own words.

use ofrecord_core::Event;
use ofrecord_core::vocabulary::Services;

mod custody;
mod granular;
mod partner;
mod relationship;
mod subscription;
mod transfer;

/// What an event says, as one sentence without full stop.
#[must_use]
pub fn describe(event: &Event) -> String {
    partner::sentence(event)
        .or_else(|| relationship::sentence(event))
        .or_else(|| granular::sentence(event))
        .or_else(|| subscription::sentence(event))
        .or_else(|| transfer::sentence(event))
        .or_else(|| custody::sentence(event))
        .unwrap_or_else(|| record(event))
}

/// Events of the record about itself.
fn record(event: &Event) -> String {
    if let Event::SourceRecordKept(event) = event {
        let summary = event.summary.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        format!("source record `{}` kept as it came{summary}", event.operation)
    } else if let Event::SourceCoverageRecorded(event) = event {
        format!("{} read from {} up to {}", event.source, event.from, event.to)
    } else if let Event::SourceRetentionGap(event) = event {
        format!("{} no longer has {}", event.source, event.subject)
    } else if let Event::EvidenceAdded(event) = event {
        format!("a second source states event {} of entry {}", event.event_index, event.position)
    } else if let Event::EventCorrected(event) = event {
        let what = match &event.replacement {
            Some(replacement) => format!("replaced by: {}", describe(replacement)),
            None => "withdrawn".to_owned(),
        };
        format!("event {} of entry {} {what} ({})", event.event_index, event.position, event.reason)
    } else {
        event.name().to_owned()
    }
}

fn services(services: &Services) -> String {
    match services {
        Services::All => "the whole tenant".to_owned(),
        Services::Names(names) => names.iter().map(ofrecord_core::ServiceName::as_str).collect::<Vec<_>>().join(", "),
    }
}

/// `" (<who>)"`, or nothing.
fn in_brackets(who: Option<&String>) -> String {
    who.map(|who| format!(" ({who})")).unwrap_or_default()
}

fn or_nobody<T: std::fmt::Display>(value: Option<&T>) -> String {
    value.map_or_else(|| "nobody".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests;
