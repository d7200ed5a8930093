//! Sign-ins at the customer: that a partner used its delegated access.

use ofrecord_core::event::dap::DelegatedAccessUsed;
use ofrecord_core::{Event, PartnerTenantId, StreamId};

use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;

/// A sign-in of a service provider that succeeded. For a technician under granular administration the log has a name
/// of the customer's own making.
pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let access = node.text("crossTenantAccessType").unwrap_or_default();
    if !access.eq_ignore_ascii_case("serviceProvider") {
        return scribe.whole(Severity::Note, "a sign-in of nobody's service provider, so it is left out");
    }
    match succeeded(node, scribe) {
        Some(true) => {}
        Some(false) => return scribe.whole(Severity::Note, "a sign-in that failed, so no access was used; left out"),
        None => {
            return scribe
                .bad(&node.path("status"), "the sign-in does not say whether it succeeded, so it was not read");
        }
    }
    if let Some(id) = node.text("id") {
        scribe.record_id(id);
    }
    let Some(customer) = super::customer_or_bad(node, "resourceTenantId", scribe) else { return };
    let Some(partner) = node.required_id::<PartnerTenantId>("homeTenantId", scribe) else { return };
    let Some(at) = node.instant("createdDateTime", scribe) else {
        return scribe.bad(&node.path("createdDateTime"), "the sign-in says not when it was, so it was not read");
    };
    let user = if node.text("userPrincipalName").is_some() { "userPrincipalName" } else { "userId" };
    let used = DelegatedAccessUsed {
        partner,
        user: node.id(user, scribe),
        application: node.text("appDisplayName").map(str::to_owned),
    };
    scribe.state(StreamId::Customer(customer), at, vec![Event::DelegatedAccessUsed(used)]);
}

/// Error 0 stands for success.
fn succeeded(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<bool> {
    let code = match node.object("status") {
        Some(status) => status.count("errorCode", scribe),
        None => node.count("resultType", scribe),
    };
    code.map(|code| code == 0)
}
