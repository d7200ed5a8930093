//! What an audit record says of itself, kept beside the facts read from it.

use ofrecord_core::{AuditHeader, CustomizedPair};

use super::AuditRecord;
use crate::scribe::Scribe;

/// The application that this ledger names in the records it writes of its own decisions.
pub(crate) const LEDGERS_OWN: &str = "ofrecord";

/// Longest text of the header that is kept.
const TEXT_BYTES_MAX: usize = 256;
/// Most bytes of keys and values of `customizedData` that are kept: they go with every entry of the record.
const CUSTOMIZED_BYTES_MAX: usize = 2 * 1024;
/// Most participants that are kept.
const PARTICIPANTS_MAX: usize = 32;

/// Reads the header. A text that is too long to be one is left out rather than cut: what is kept is verbatim.
pub(super) fn header(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> AuditHeader {
    let mut text = |name: &str| {
        let text = record.node.text(name)?;
        if text.len() > TEXT_BYTES_MAX {
            scribe.note(
                &record.node.path(name),
                format!("the text has more than {TEXT_BYTES_MAX} bytes and is not kept"),
            );
            return None;
        }
        Some(text.to_owned())
    };
    AuditHeader {
        operation_type: text("operationType"),
        operation_status: text("operationStatus"),
        operation_date: record.at,
        resource_type: text("resourceType"),
        partner: record.partner,
        customer_name: text("customerName"),
        application_id: text("applicationId"),
        original_correlation_id: text("originalCorrelationId"),
        session_id: text("sessionId"),
        participants: participants(record),
        customized: customized(record),
    }
}

/// The published keys of records on orders and customers, without the number that those of a line end in.
const KEYS: &[&str] = &[
    "AlternateId",
    "BillingCycle",
    "OfferId",
    "OrderId",
    "PartnerOnRecord",
    "PrimaryDomainName",
    "Quantity",
    "Relationship",
    "SubscriptionId",
    "SubscriptionName",
];

/// All pairs with published keys, or none where they are too many for a header.
fn customized(record: &AuditRecord<'_>) -> Vec<CustomizedPair> {
    let pairs = record.node.objects("customizedData").into_iter().filter_map(|pair| {
        let key = pair.text("key")?;
        let bare = key.trim_end_matches(|last: char| last.is_ascii_digit()).trim_end_matches('-');
        let known = KEYS.iter().any(|known| known.eq_ignore_ascii_case(bare));
        known.then(|| CustomizedPair { key: key.to_owned(), value: pair.text("value").map(str::to_owned) })
    });
    let pairs: Vec<CustomizedPair> = pairs.collect();
    let bytes: usize = pairs.iter().map(|pair| pair.key.len() + pair.value.as_ref().map_or(0, String::len)).sum();
    if bytes <= CUSTOMIZED_BYTES_MAX { pairs } else { Vec::new() }
}

fn participants(record: &AuditRecord<'_>) -> Vec<String> {
    let named = record.node.texts("participants").into_iter();
    named.filter(|name| name.len() <= TEXT_BYTES_MAX).take(PARTICIPANTS_MAX).map(str::to_owned).collect()
}
