//! The cross-tenant access policy: which tenants the customer lists as service providers.

use ofrecord_core::event::dap::PartnerListingObserved;
use ofrecord_core::{Event, PartnerTenantId, StreamId};

use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;

/// A tenant of the policy. Most of them are guests and their companies; only what the policy says of a service
/// provider is a fact here.
pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(listed) = node.flag("isServiceProvider", scribe) else {
        return scribe.whole(
            Severity::Note,
            "a tenant of which the policy does not say whether it is a service provider, so it is left out",
        );
    };
    let Some(partner) = node.required_id::<PartnerTenantId>("tenantId", scribe) else { return };
    let Some(customer) = super::customer_or_bad(node, "customerTenantId", scribe) else { return };
    let seen = PartnerListingObserved { partner, listed };
    scribe.state_seen(StreamId::Customer(customer), vec![Event::PartnerListingObserved(seen)]);
}
