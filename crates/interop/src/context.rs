//! What the operator says about a file that its bytes do not.

use std::collections::BTreeMap;

use ofrecord_core::{Cloud, CustomerId, GdapRelationshipId, PartnerTenantId, Timestamp};

/// What the operator says about the files read. A record's own word comes first;
/// this fills in where a record is silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The partner whose account the files were fetched with (`--partner`).
    pub partner: Option<PartnerTenantId>,
    /// The customer the files are about (`--customer`).
    pub customer: Option<CustomerId>,
    /// The granular relationship the files are about (`--relationship`).
    pub relationship: Option<GdapRelationshipId>,
    /// Which customer a granular relationship is with, as other files or the ledger say it. The lists below a
    /// relationship name neither.
    pub customers_of: BTreeMap<GdapRelationshipId, CustomerId>,
    /// When the files were fetched (`--fetched-at`): the instant at which a snapshot was true.
    pub fetched_at: Option<Timestamp>,
    /// The cloud the files come from.
    pub cloud: Cloud,
}

impl Context {
    /// Files of a cloud of which nothing else is said.
    #[must_use]
    pub const fn new(cloud: Cloud) -> Self {
        Self {
            partner: None,
            customer: None,
            relationship: None,
            customers_of: BTreeMap::new(),
            fetched_at: None,
            cloud,
        }
    }
}
