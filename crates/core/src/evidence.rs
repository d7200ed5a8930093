//! What a fact rests on: the source, its record, and how complete it was (rule L-6).

use serde::{Deserialize, Serialize};

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
}
