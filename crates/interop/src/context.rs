//! What the operator says about a file that its bytes do not.

use ofrecord_core::{Cloud, CustomerId, PartnerTenantId, Timestamp};

/// What the operator says about the files read. A record's own word comes first;
/// this fills in where a record is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The partner whose account the files were fetched with (`--partner`).
    pub partner: Option<PartnerTenantId>,
    /// The customer the files are about (`--customer`).
    pub customer: Option<CustomerId>,
    /// When the files were fetched (`--fetched-at`): the instant at which a snapshot was true.
    pub fetched_at: Option<Timestamp>,
    /// The cloud the files come from.
    pub cloud: Cloud,
}
