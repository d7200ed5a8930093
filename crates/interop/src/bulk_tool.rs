//! Files of Microsoft's tool for bulk migration to granular administration: its lists of relationships, assignments and customers, as tables or as JSON.

use ofrecord_core::event::customer::CustomerObserved;
use ofrecord_core::event::dap::{DapObserved, DapState};
use ofrecord_core::event::gdap::{GdapAccessAssignmentObserved, GdapRelationshipObserved};
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{Completeness, CustomerId, Event, PartnerTenantId, SourceSystem, StreamId};

use crate::node::Node;
use crate::resource::granular::{relationship, state_assignment, state_relationship};
use crate::scribe::Scribe;

/// The files of the tool that state something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Relationships, made by the tool or found by it.
    Relationship,
    /// Access assignments that it made.
    AccessAssignment,
    /// Customers for whom relationships are to be made, or whose DAP is to be ended.
    Customer,
    /// What came of ending DAP.
    DapTermination,
}

impl Kind {
    /// The name for counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Relationship => "granular relationship of the bulk tool",
            Self::AccessAssignment => "access assignment of the bulk tool",
            Self::Customer => "customer of the bulk tool",
            Self::DapTermination => "end of delegated administration by the bulk tool",
        }
    }
}

/// Reads a row or an object of such a file.
pub(crate) fn read(kind: Kind, node: &Node<'_>, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::PortalExport, Completeness::Full);
    match kind {
        Kind::Relationship => read_relationship(node, scribe),
        Kind::AccessAssignment => read_assignment(node, scribe),
        Kind::Customer => read_customer(node, scribe),
        Kind::DapTermination => read_dap_termination(node, scribe),
    }
}

/// A relationship. One without an id is one that the tool could not make.
fn read_relationship(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let partner = node.object("partner").and_then(|partner| partner.id("tenantId", scribe));
    let Some(partner) = partner.or_else(|| scribe.partner_or_bad("the relationship")) else { return };
    if node.text("id").is_none() {
        let why = node.text("errorDetail").map(str::to_owned);
        return keep_not_made("CreateGdapRelationship", partner, why, scribe);
    }
    let Some(id) = node.required_granular_id("id", scribe) else { return };
    let shown = relationship(node, partner, id, scribe);
    let customer = shown.customer.or(scribe.context().customer);
    let etag = node.text("versionStamp").map(str::to_owned).or(shown.etag.clone());
    state_relationship(&GdapRelationshipObserved { customer, etag, ..shown }, scribe);
}

/// An access assignment: its status, and neither group nor roles.
fn read_assignment(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(partner) = scribe.partner_or_bad("the access assignment") else { return };
    if node.text("accessAssignmentId").is_none() {
        return keep_not_made("CreateAccessAssignment", partner, None, scribe);
    }
    let Some(relationship) = node.required_granular_id("gdapRelationshipId", scribe) else { return };
    let Some(assignment) = node.required_id("accessAssignmentId", scribe) else { return };
    let Some(customer) = scribe.customer_of(&relationship, None) else {
        return scribe.bad(
            &node.path("gdapRelationshipId"),
            "nothing read says which customer the relationship is with, so the assignment was not read; import the \
             relationship with it, or pass --customer",
        );
    };
    let shown = GdapAccessAssignmentObserved {
        status: node.word("status", scribe),
        ..GdapAccessAssignmentObserved::of(partner, relationship, assignment)
    };
    state_assignment(&shown, customer, scribe);
}

fn keep_not_made(operation: &str, partner: PartnerTenantId, why: Option<String>, scribe: &mut Scribe<'_>) {
    let kept = scribe.kept(operation, KeptBecause::NotSucceeded, why);
    scribe.state_seen(StreamId::Partner(partner), vec![kept]);
}

/// A customer and its name. What is to be made or ended for it is a plan, and no fact.
fn read_customer(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(customer) = node.required_id::<CustomerId>("customerTenantId", scribe) else { return };
    let seen = CustomerObserved {
        partner: node.id("partnerTenantId", scribe).or(scribe.context().partner),
        name: node.text("organizationDisplayName").map(str::to_owned),
        domain: None,
        market: None,
        relationship: None,
        associated_partner_id: None,
        associated_tenant: None,
    };
    scribe.state_seen(StreamId::Customer(customer), vec![Event::CustomerObserved(seen)]);
}

/// Whether the tool ended DAP of a customer. When, it does not say.
fn read_dap_termination(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(customer) = node.required_id::<CustomerId>("customerTenantId", scribe) else { return };
    let Some(partner) = scribe.partner_or_bad("the list of what was ended") else { return };
    let word = node.text("status").unwrap_or_default();
    let event = match word.to_ascii_lowercase().as_str() {
        "success" => Event::DapObserved(DapObserved {
            partner,
            state: DapState::Removed,
            started_at: None,
            ended_at: None,
            last_sign_in_at: None,
        }),
        "failed" => scribe.kept("DapTermination", KeptBecause::NotSucceeded, None),
        _ => {
            scribe.unrecognised(&node.path("status"), word);
            scribe.kept("DapTermination", KeptBecause::Unrecognised, None)
        }
    };
    scribe.state_seen(StreamId::Customer(customer), vec![event]);
}
