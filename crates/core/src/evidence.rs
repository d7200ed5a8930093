//! What a fact rests on: the source, its record, and how complete it was (rule L-6).

use serde::{Deserialize, Serialize};

use crate::id::PartnerTenantId;
use crate::time::Timestamp;
use crate::wire::wire_enum;

wire_enum! {
    /// The system an observed fact came from.
    pub enum SourceSystem {
        /// Partner Center audit records (activity log).
        PartnerCenterAudit = "partner_center_audit",
        /// Partner Center resources read over REST: customers, subscriptions, agreements, relationship requests.
        PartnerCenterRest = "partner_center_rest",
        /// Partner Center webhook bodies.
        PartnerCenterWebhook = "partner_center_webhook",
        /// Microsoft Graph.
        Graph = "graph",
        /// A file exported from a portal.
        PortalExport = "portal_export",
        /// The customer's own directory evidence.
        CustomerDirectory = "customer_directory",
        /// A person's statement, with a document behind it.
        Manual = "manual",
    }
}

wire_enum! {
    /// How much of the source record was there.
    pub enum Completeness {
        /// The record with its content.
        Full = "full",
        /// Only that something happened, without content (webhook bodies).
        HeaderOnly = "header_only",
    }
}

/// One source record behind an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Where it came from.
    pub source: SourceSystem,
    /// The source's own id of the record; `sha256:<raw hash>` where the source gives none.
    pub record_id: String,
    /// SHA-256 of the raw record as received, 64 hex digits.
    pub raw_hash: String,
    /// When the record was fetched from the source, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    /// How much of the record was there.
    pub completeness: Completeness,
    /// What an audit record says of itself beside the facts read from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Box<AuditHeader>>,
}

/// What an audit record says of itself, verbatim: what the source called it, who was concerned, and by which
/// application it was done. The values before and after are left out: what matters of them is in the facts, and
/// they hold contacts and addresses (rule L-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditHeader {
    /// `operationType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_type: Option<String>,
    /// `operationStatus`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_status: Option<String>,
    /// `operationDate`: when it was done; facts of the record may have become true earlier.
    pub operation_date: Timestamp,
    /// `resourceType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// `partnerId`: the account in which it was logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// `participants`: the accounts that may see it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<String>,
    /// `customerName`, as the source called the customer then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// `applicationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// `originalCorrelationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_correlation_id: Option<String>,
    /// `sessionId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// `customizedData`, as far as its keys are known to speak of orders and customers and not of people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customized: Vec<CustomizedPair>,
}

/// A pair of an audit record's `customizedData`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomizedPair {
    /// The key, such as `OfferId-0`.
    pub key: String,
    /// The value; none where the source shows null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
