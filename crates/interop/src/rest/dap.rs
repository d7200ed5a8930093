//! The report of customers with delegated administration privileges.

use ofrecord_core::event::customer::CustomerObserved;
use ofrecord_core::event::dap::{DapObserved, DapState};
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{CustomerId, Event, StreamId};

use crate::node::Node;
use crate::scribe::Scribe;

/// One customer of the report.
pub(super) fn read_report(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let name = if node.has("customerTenantId") { "customerTenantId" } else { "id" };
    let Some(customer) = node.required_id::<CustomerId>(name, scribe) else { return };
    let Some(partner) = scribe.partner_or_bad("the report") else { return };
    let Some(enabled) = node.flag("dapEnabled", scribe) else { return };
    let dap = DapObserved {
        partner,
        state: if enabled { DapState::Active } else { DapState::Removed },
        started_at: node.instant("startDateTime", scribe),
        ended_at: node.instant("endDateTime", scribe),
        last_sign_in_at: node.instant("lastSignInDateTime", scribe),
    };
    let seen = CustomerObserved {
        partner: Some(partner),
        name: node.text("organizationDisplayName").map(str::to_owned),
        domain: None,
        market: None,
        relationship: None,
        associated_partner_id: None,
        associated_tenant: None,
    };
    let events = vec![Event::CustomerObserved(seen), Event::DapObserved(dap)];
    scribe.state_seen(StreamId::Customer(customer), events);
}

/// The counts over all customers say nothing of any one of them.
pub(super) fn read_statistics(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(partner) = node.required_id("partnerTenantId", scribe) else { return };
    let total = node.count("totalDapCustomerCount", scribe);
    let summary = total.map(|total| format!("{total} customers with delegated administration privileges"));
    let event = scribe.kept("delegatedAdminStatistics", KeptBecause::OutOfScope, summary);
    scribe.state_seen(StreamId::Partner(partner), vec![event]);
}
