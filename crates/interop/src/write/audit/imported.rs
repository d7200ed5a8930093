//! An imported audit record as it was: whole where the ledger kept it whole, otherwise by its header.

use ofrecord_core::{AuditHeader, Entry, Evidence, PartnerTenantId};

use super::{AuditRecord, kept_whole};
use crate::audit::{AuditId, published_operation};
use crate::identity::CONTENT_ID;
use crate::write::parts::{attributes, instant};
use crate::write::shape::{Properties, Shape};

pub(super) fn record(entry: &Entry, evidence: &Evidence) -> AuditRecord {
    let id = Some(evidence.record_id.as_str()).filter(|id| !id.starts_with(CONTENT_ID));
    let parsed = id.and_then(AuditId::parse);
    let header = evidence.audit.as_deref().cloned().unwrap_or_else(|| header_of_id(entry, parsed.as_ref()));
    let customer = entry.decision.customer.or(parsed.as_ref().and_then(|parsed| parsed.customer));
    let whole = kept_whole(entry).and_then(|raw| serde_json::from_str::<Shape>(raw).ok());
    let named = whole.iter().flat_map(partners_named);
    AuditRecord {
        source_record: Some(evidence.record_id.clone()),
        at: header.operation_date,
        customer,
        partners: partners(&header).chain(named).collect(),
        shape: whole.unwrap_or_else(|| {
            // An application stands in place of the user where the record names none.
            let user = entry.decision.actor.user.as_ref().filter(|user| header.application_id.as_ref() != Some(*user));
            Properties::new()
                .put_if("id", id)
                .put_if("partnerId", header.partner.map(Shape::text))
                .put_if("participants", participants(&header))
                .put_if("customerId", customer.map(Shape::text))
                .put_if("customerName", header.customer_name.as_deref())
                .put_if("userPrincipalName", user.map(String::as_str))
                .put_if("applicationId", header.application_id.as_deref())
                .put_if("sessionId", header.session_id.as_deref())
                .put_if("resourceType", header.resource_type.as_deref())
                .put_if("operationType", header.operation_type.as_deref())
                .put_if("originalCorrelationId", header.original_correlation_id.as_deref())
                .put("operationDate", instant(header.operation_date))
                .put_if("operationStatus", header.operation_status.as_deref())
                .put_if("customizedData", customized(&header))
                .put("attributes", attributes("AuditRecord"))
                .into()
        }),
    }
}

/// What the id says, where the evidence has no header: a record that is kept whole, or one that was recorded by hand.
fn header_of_id(entry: &Entry, id: Option<&AuditId<'_>>) -> AuditHeader {
    AuditHeader {
        operation_type: id.and_then(|id| published_operation(id.operation)).map(str::to_owned),
        operation_status: None,
        operation_date: id.and_then(|id| id.at).unwrap_or(entry.effective_at()),
        resource_type: None,
        partner: id.and_then(|id| id.partner),
        participants: Vec::new(),
        customer_name: None,
        application_id: None,
        original_correlation_id: None,
        session_id: None,
        customized: Vec::new(),
    }
}

fn participants(header: &AuditHeader) -> Option<Vec<Shape>> {
    let named: Vec<Shape> = header.participants.iter().map(|name| name.as_str().into()).collect();
    (!named.is_empty()).then_some(named)
}

fn customized(header: &AuditHeader) -> Option<Vec<Shape>> {
    let pairs = header.customized.iter().map(|pair| {
        let value = pair.value.as_deref().map_or(Shape::Null, Shape::from);
        Shape::from(Properties::new().put("key", pair.key.as_str()).put("value", value))
    });
    let pairs: Vec<Shape> = pairs.collect();
    (!pairs.is_empty()).then_some(pairs)
}

fn partners(header: &AuditHeader) -> impl Iterator<Item = PartnerTenantId> + '_ {
    let named = header.participants.iter().filter_map(|name| name.parse().ok());
    header.partner.into_iter().chain(named)
}

/// The partners that a record which is kept whole names.
fn partners_named(record: &Shape) -> Vec<PartnerTenantId> {
    let Shape::Object(properties) = record else { return Vec::new() };
    let texts = properties.iter().flat_map(|(name, value)| match value {
        Shape::Text(text) if name.eq_ignore_ascii_case("partnerId") => vec![text.as_str()],
        Shape::List(items) if name.eq_ignore_ascii_case("participants") => texts(items),
        Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::Text(_) | Shape::List(_) | Shape::Object(_) => {
            Vec::new()
        }
    });
    texts.filter_map(|text| text.parse().ok()).collect()
}

fn texts(items: &[Shape]) -> Vec<&str> {
    items.iter().filter_map(|item| if let Shape::Text(text) = item { Some(text.as_str()) } else { None }).collect()
}
