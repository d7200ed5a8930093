//! Partner Center resources as read over REST: what a source shows at the instant it was read.

mod agreement;
mod customer;
mod dap;
mod migration;
mod partner;
mod subscription;
mod transfer;

use ofrecord_core::CustomerId;
use ofrecord_core::event::ledger::KeptBecause;

use crate::document::Page;
use crate::node::Node;
use crate::reading::Severity;
use crate::resource::customer_of_links;
use crate::scribe::Scribe;

/// The resources that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Customer,
    CompanyProfile,
    BillingProfile,
    Organization,
    Subscription,
    Order,
    RelationshipRequest,
    Partnership,
    SupportContact,
    Transition,
    Agreement,
    DapReport,
    DapStatistics,
    PartnerAgreementStatus,
    DirectAgreementStatus,
    ConversionResult,
    Transfer,
    TransferResult,
    Migration,
}

impl Resource {
    /// The name for counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::CompanyProfile => "company profile",
            Self::BillingProfile => "billing profile",
            Self::Organization => "organization",
            Self::Subscription => "subscription",
            Self::Order => "order",
            Self::RelationshipRequest => "relationship request",
            Self::Partnership => "partnership",
            Self::SupportContact => "support contact",
            Self::Transition => "transition",
            Self::Agreement => "agreement",
            Self::DapReport => "delegated administration report",
            Self::DapStatistics => "delegated administration statistics",
            Self::PartnerAgreementStatus => "partner agreement status",
            Self::DirectAgreementStatus => "direct agreement status",
            Self::ConversionResult => "conversion result",
            Self::Transfer => "transfer",
            Self::TransferResult => "answer to accepting a transfer",
            Self::Migration => "migration to new commerce",
        }
    }
}

/// Reads a resource.
pub(crate) fn read(resource: Resource, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    match resource {
        Resource::Customer => customer::read(node, scribe),
        Resource::CompanyProfile => customer::read_company_profile(node, page, scribe),
        Resource::BillingProfile => customer::read_billing_profile(node, page, scribe),
        Resource::Organization => customer::read_organization(node, page, scribe),
        Resource::Migration => migration::read(node, page, scribe),
        Resource::Subscription => subscription::read(node, page, scribe),
        Resource::Order => subscription::read_order(node, page, scribe),
        Resource::SupportContact => subscription::read_support_contact(node, page, scribe),
        Resource::Transition => subscription::read_transition(node, page, scribe),
        Resource::RelationshipRequest => partner::read_relationship_request(node, scribe),
        Resource::Partnership => partner::read_partnership(node, page, scribe),
        Resource::PartnerAgreementStatus => partner::read_agreement_status(node, scribe),
        Resource::Agreement => agreement::read(node, page, scribe),
        Resource::DirectAgreementStatus => agreement::read_direct_status(node, scribe),
        // The answer to a conversion gives neither quantity nor instant; the audit record of it does.
        Resource::ConversionResult => keep("ConversionResult", KeptBecause::ContentMissing, node, page, scribe),
        Resource::Transfer => transfer::read(node, page, scribe),
        Resource::TransferResult => transfer::read_result(node, page, scribe),
        Resource::DapReport => dap::read_report(node, scribe),
        Resource::DapStatistics => dap::read_statistics(node, scribe),
    }
}

/// Keeps a resource that this ledger does not answer for.
pub(crate) fn keep_out_of_scope(operation: &str, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    keep(operation, KeptBecause::OutOfScope, node, page, scribe);
}

/// Keeps a resource of a type that is not published (rule L-8).
pub(crate) fn keep_unrecognised(operation: &str, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    scribe.unrecognised("attributes.objectType", operation);
    keep(operation, KeptBecause::Unrecognised, node, page, scribe);
}

fn keep(operation: &str, because: KeptBecause, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let named = ["customerTenantId", "customerId", "referenceCustomerId"].into_iter();
    let customer = named.filter_map(|name| node.text(name)).find_map(|id| id.parse().ok());
    let customer = customer.or_else(|| customer_of_links(node, page)).or(scribe.context().customer);
    let Some(stream) = scribe.stream_of(customer, None) else {
        return scribe.whole(
            Severity::Note,
            format!("{operation} names no customer, so it is left out; pass --customer or --partner to keep it"),
        );
    };
    let event = scribe.kept(operation, because, None);
    scribe.state_seen(stream, vec![event]);
}

/// The customer a resource belongs to: its addresses' word first, then the operator's. Without one it cannot be read.
fn customer_or_bad(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) -> Option<CustomerId> {
    let customer = customer_of_links(node, page);
    if let (Some(shown), Some(given)) = (customer, scribe.context().customer)
        && shown != given
    {
        scribe.note("links", "the record names another customer than the one given; the record's word counts");
    }
    let customer = customer.or(scribe.context().customer);
    if customer.is_none() {
        scribe.bad("links.self.uri", "the record names no customer, so it was not read; pass --customer");
    }
    customer
}
