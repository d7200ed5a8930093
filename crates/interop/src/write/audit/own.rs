//! The record of an entry that a command decided. It is not Microsoft's, and says so in three places.

use std::collections::BTreeSet;

use ofrecord_core::{Entry, Event, ParsedCommand, PartnerTenantId, Refusal};

use super::operation::{self, Operation, UNDEFINED};
use super::{AuditRecord, transfer, values};
use crate::audit::{LEDGERS_OWN, bare};
use crate::write::parts::{attributes, instant};
use crate::write::shape::{Properties, Shape};

/// Writes the record.
///
/// The marks: `applicationId` is `ofrecord`, `originalCorrelationId` is the command's id, and `customizedData` begins
/// with the ledger's name and the entry's position. A refused command is one that failed.
pub(super) fn record(entry: &Entry, origin: &str) -> AuditRecord {
    let partners = partners(entry);
    let operation = operation(entry);
    let at = entry.effective_at();
    let partner = partner(entry);
    let (old, new) = values::of(entry);
    let id = id(entry, partner, operation);
    let status = if entry.decision.refusal.is_some() { "failed" } else { "succeeded" };
    let shape = Properties::new()
        .put("id", id)
        .put_if("partnerId", partner.map(Shape::text))
        .put("participants", partners.iter().map(Shape::text).collect::<Vec<_>>())
        .put_if("customerId", entry.decision.customer.map(Shape::text))
        .put_if("userPrincipalName", entry.decision.actor.user.as_deref())
        .put("applicationId", LEDGERS_OWN)
        .put("resourceType", operation.resource)
        .put_if("resourceOldValue", old.map(embedded))
        .put_if("resourceNewValue", new.map(embedded))
        .put("operationType", operation.word)
        .put("originalCorrelationId", Shape::text(entry.command_id))
        .put("operationDate", instant(at))
        .put("operationStatus", status)
        .put("customizedData", customized(entry, origin))
        .put("attributes", attributes("AuditRecord"));
    let customer = entry.decision.customer;
    AuditRecord { source_record: None, at, customer, partners, shape: shape.into() }
}

/// A value as audit records carry it: a text of JSON in `PascalCase`.
fn embedded(value: Shape) -> Shape {
    Shape::Text(value.pascal_case().to_line())
}

fn operation(entry: &Entry) -> Operation {
    let command = ParsedCommand::from_json(entry.decision.command.value());
    // A command that this build does not know has no published word either.
    command.map_or(Operation { word: UNDEFINED, resource: UNDEFINED }, |command| operation::of(command.command()))
}

/// The id by the published grammar: who, whom, on what, which operation, and the instant in ticks.
fn id(entry: &Entry, partner: Option<PartnerTenantId>, operation: Operation) -> String {
    let customer = entry.decision.customer.map(|customer| customer.to_string());
    let subjects = [partner.map(|partner| partner.to_string()), customer, values::resource_id(entry)];
    let last = [bare(operation.word), entry.effective_at().ticks().to_string()];
    subjects.into_iter().flatten().chain(last).collect::<Vec<_>>().join("_")
}

/// The partner in whose audit log it would stand: the one whose relationship, subscription or account it is about.
fn partner(entry: &Entry) -> Option<PartnerTenantId> {
    let of_events = entry.decision.events().iter().flat_map(transfer::partners).next();
    let of_command = || named(entry, &["partner", "provider", "source"]).next();
    of_events.or_else(of_command).or_else(|| entry.decision.actor.partner())
}

/// The partners in these fields of the command.
fn named<'a>(entry: &Entry, fields: &'a [&str]) -> impl Iterator<Item = PartnerTenantId> + 'a {
    let command = entry.decision.command.value();
    fields.iter().filter_map(move |name| command.get(name)?.as_str()?.parse().ok())
}

fn partners(entry: &Entry) -> BTreeSet<PartnerTenantId> {
    let of_command = named(entry, &["partner", "provider", "reseller", "source", "target"]);
    let of_events = entry.decision.events().iter().flat_map(transfer::partners);
    of_events.chain(of_command).chain(entry.decision.actor.partner()).collect()
}

fn customized(entry: &Entry, origin: &str) -> Vec<Shape> {
    let events: Vec<&str> = entry.decision.events().iter().map(Event::name).collect();
    let command = entry.decision.command.name();
    let mut pairs = vec![
        ("Ledger".to_owned(), Some(origin.to_owned())),
        ("Position".to_owned(), Some(entry.position.to_string())),
        ("RecordedAt".to_owned(), Some(entry.recorded_at.to_string())),
        ("Command".to_owned(), Some(command.to_owned())),
    ];
    if !events.is_empty() {
        pairs.push(("Events".to_owned(), Some(events.join(" "))));
    }
    if let Some(refusal) = &entry.decision.refusal {
        pairs.extend(refused(refusal));
    }
    pairs.extend(values::customized(entry));
    let pair = |(key, value): (String, Option<String>)| {
        Properties::new().put("key", key).put("value", value.map_or(Shape::Null, Shape::Text)).into()
    };
    pairs.into_iter().map(pair).collect()
}

fn refused(refusal: &Refusal) -> Vec<(String, Option<String>)> {
    let upstream = refusal.upstream_code.map(|code| ("ErrorCode".to_owned(), Some(code.to_string())));
    let own = [("RefusalCode", &refusal.code), ("RefusalRule", &refusal.rule)];
    own.into_iter().map(|(key, value)| (key.to_owned(), Some(value.to_string()))).chain(upstream).collect()
}
