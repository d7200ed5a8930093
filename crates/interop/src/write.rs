//! The mirror of reading: what the ledger knows, in the shapes of Partner Center and Microsoft Graph.
//!
//! Every function is a function of folded states and of nothing else. What no
//! source said is left out, never invented; where a shape cannot be as
//! published, [`DIFFERENCES`] says how and why.

mod agreement;
mod audit;
mod collection;
mod customer;
mod differences;
mod etag;
mod graph;
mod partnership;
mod parts;
mod shape;
mod subscription;
mod transfer;

use ofrecord_core::{Customer, CustomerId, PartnerTenantId, Policy, Timestamp};

pub use self::agreement::{agreements, direct_signed_status};
pub use self::audit::{AuditRecord, audit_records};
pub use self::collection::{Collection, Next};
pub use self::customer::{company, customer, customer_listed, relationship_removed, stands_in_list};
pub use self::differences::{DIFFERENCES, Difference, Differs, Form};
pub use self::etag::gdap_version;
pub use self::graph::{
    Decided, GdapAnswer, GdapSeen, access_assignments, gdap_customer, gdap_of_both, gdap_operation_decided,
    gdap_operations, gdap_relationship, gdap_request_decided, gdap_requests,
};
pub use self::partnership::{indirect_providers, indirect_resellers, relationship_request, resellers_of_customer};
pub use self::shape::{Properties, Shape};
pub use self::subscription::{subscription, subscriptions, support_contact};
pub use self::transfer::{transfer, transfers};

/// A customer's state at an instant, and whose Partner Center shows it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The customer.
    pub customer: CustomerId,
    /// Its state at the instant.
    pub state: &'a Customer,
    /// The instant, at which what only time brings about is told.
    pub as_of: Timestamp,
    /// The policy whose days count.
    pub policy: &'a Policy,
    /// The partner whose Partner Center it is: its own subscriptions and its own relationship are shown.
    /// Without one, everything that the ledger knows is shown, and nothing that only holds for one partner.
    pub by: Option<PartnerTenantId>,
}
