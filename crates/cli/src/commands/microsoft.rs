//! `ofrecord microsoft`: what the ledger knows, as JSON in the shapes of Partner Center and Microsoft Graph.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{CustomerId, Partner, PartnerTenantId, SubscriptionId, Timestamp, TransferId};
use ofrecord_ledger::Basis;
use ofrecord_views::CustomerRecord;
use serde::Serialize;

use self::audit::Which;
use self::document::Document;
use super::coverage::check;
use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::session::Session;
use crate::{render, whole_file};

mod audit;
mod customer;
mod document;
mod granular;
mod partner;

/// Arguments of `microsoft`.
#[derive(Debug, Args)]
#[command(after_help = "Prints JSON, whatever --format says; what it rests on goes to the standard error.
What is printed answers a question; a file is something taken out of the ledger, and that is recorded.
What differs from Microsoft's own answers, and why, is listed in docs/reference/microsoft-shapes.md.

Examples:
  ofrecord microsoft customers --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02 -o customers.json
  ofrecord microsoft subscriptions 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01
  ofrecord microsoft audit-records --from 2024-03-01 --to 2024-04-01 --basis basis.json
  ofrecord microsoft gdap-relationships --customer 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --forgotten")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    shape: Shape,
    /// What this partner's Partner Center shows; without it, what the ledger knows of all
    ///
    /// A partner sees its own subscriptions, agreements and audit records. Without one, nothing is written that
    /// only holds for one partner, such as what the customer is to it.
    #[arg(long, global = true, value_name = "PARTNER")]
    partner: Option<PartnerTenantId>,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, global = true, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also write to this file what the document rests on, as one line of JSON
    #[arg(long, global = true, value_name = "FILE")]
    basis: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

/// What is written.
#[derive(Debug, Subcommand)]
enum Shape {
    /// Customers, as a list
    Customers,
    /// A customer, by its id
    Customer(OfCustomer),
    /// A customer's subscriptions
    Subscriptions(OfCustomer),
    /// A subscription
    Subscription(OfSubscription),
    /// Who supports a subscription
    SupportContact(OfSubscription),
    /// A customer's agreements, those that a partner attested
    Agreements(OfCustomer),
    /// A customer's transfers of subscriptions between partners, those that the partner takes part in or all
    Transfers(OfCustomer),
    /// A transfer
    Transfer(OfTransfer),
    /// A customer's indirect resellers
    Relationships(OfCustomer),
    /// The answer to the removal of the relationship of --partner with a customer
    Removal(OfCustomer),
    /// A provider's indirect resellers
    IndirectResellers(OfPartner),
    /// The link by which a partner asks for a relationship, where a source gave it
    RelationshipRequest(OfPartner),
    /// What was imported from audit records, and what was decided here
    AuditRecords(Which),
    /// Granular relationships, as Microsoft Graph lists them
    GdapRelationships(granular::Which),
    /// A granular relationship
    GdapRelationship(granular::OneAnswered),
    /// The access assignments of a granular relationship
    GdapAssignments(granular::One),
    /// The requests of a granular relationship, as a source showed them and as they were decided here
    GdapRequests(granular::One),
    /// The long-running operations of a granular relationship, as a source showed them and as they were begun here
    GdapOperations(granular::One),
    /// The customers with a granular relationship in force
    GdapCustomers,
}

#[derive(Debug, Args)]
struct OfCustomer {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
}

#[derive(Debug, Args)]
struct OfSubscription {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// The subscription
    #[arg(value_name = "SUBSCRIPTION")]
    subscription: SubscriptionId,
}

#[derive(Debug, Args)]
struct OfTransfer {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// The transfer
    #[arg(value_name = "TRANSFER")]
    transfer: TransferId,
}

#[derive(Debug, Args)]
struct OfPartner {
    /// The partner's tenant
    #[arg(value_name = "PARTNER")]
    tenant: PartnerTenantId,
}

/// What is asked, and whose Partner Center is shown.
struct Asked<'a> {
    inquiry: &'a Inquiry,
    session: &'a Session,
    partner: Option<PartnerTenantId>,
}

impl Asked<'_> {
    fn partners_of(&self, record: &CustomerRecord) -> Result<BTreeMap<PartnerTenantId, Partner>, Failure> {
        let inquiry = self.inquiry;
        Ok(inquiry.reader.partners_of(record, &inquiry.snapshot, &inquiry.viewpoint())?)
    }

    /// The ledger knows who was asked about, and has no such thing to show of it.
    fn nothing(&self, what: String) -> Failure {
        Failure::Nothing { what, as_of: self.inquiry.as_of }
    }
}

/// What a document rests on.
#[derive(Serialize)]
struct RestsOn<'a> {
    basis: &'a Basis,
    as_of: Timestamp,
    known_at: Timestamp,
}

/// Writes the document, and then what it rests on.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Shape::AuditRecords(which) = &arguments.shape {
        check(which.from, which.to)?;
    }
    let inquiry = match &arguments.output {
        None => Inquiry::open_stoppable(session)?,
        Some(_) => Inquiry::open_taking(session)?,
    };
    let asked = Asked { inquiry: &inquiry, session, partner: arguments.partner };
    let count = match &arguments.output {
        None => {
            let mut output = session.output();
            let count = arguments.shape.write(&asked, &mut output, &Failure::Output)?;
            output.flush()?;
            count
        }
        Some(path) => {
            let failed = |error| Failure::File { doing: "write", path: path.clone(), error };
            whole_file::write(path, |file| {
                let count = arguments.shape.write(&asked, file, &failed)?;
                // The file has no name yet: where there is nothing to show, nothing leaves.
                let customer = arguments.shape.customer();
                inquiry.disclose(&arguments.taking, DisclosureKind::Export, customer, None, session)?;
                Ok(count)
            })?
        }
    };
    let rests_on = inquiry.answer(Vec::<()>::new());
    if let Some(path) = &arguments.basis {
        let failed = |error| Failure::File { doing: "write", path: path.clone(), error };
        let told = RestsOn { basis: &rests_on.basis, as_of: rests_on.as_of, known_at: rests_on.known_at };
        let line = serde_json::to_string(&told).map_err(|error| failed(error.into()))?;
        whole_file::write(path, |file| writeln!(file, "{line}").map_err(failed))?;
    }
    let counted = if count == 1 { "1 resource".to_owned() } else { format!("{count} resources") };
    session.remark(&format!("{counted} · {}", render::basis_line(&rests_on)));
    Ok(Verdict::Done)
}

impl Shape {
    /// Whom it is about; none where it is about more than one customer or a partner, or where nobody was named.
    fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Customer(of)
            | Self::Subscriptions(of)
            | Self::Agreements(of)
            | Self::Transfers(of)
            | Self::Relationships(of)
            | Self::Removal(of) => Some(of.customer),
            Self::Subscription(of) | Self::SupportContact(of) => Some(of.customer),
            Self::Transfer(of) => Some(of.customer),
            Self::GdapRelationships(which) => which.customer,
            Self::AuditRecords(which) => which.customer,
            Self::GdapRelationship(which) => which.one.customer,
            Self::GdapAssignments(one) | Self::GdapRequests(one) | Self::GdapOperations(one) => one.customer,
            Self::Customers | Self::IndirectResellers(_) | Self::RelationshipRequest(_) | Self::GdapCustomers => None,
        }
    }

    fn write(
        &self,
        asked: &Asked<'_>,
        to: &mut dyn Write,
        failed: &dyn Fn(io::Error) -> Failure,
    ) -> Result<u64, Failure> {
        let document = &mut Document::new(to, failed);
        match self {
            Self::Customers => customer::customers(asked, document),
            Self::Customer(of) => customer::customer(asked, of.customer, document),
            Self::Subscriptions(of) => customer::subscriptions(asked, of.customer, document),
            Self::Subscription(of) => customer::subscription(asked, (of.customer, of.subscription), document),
            Self::SupportContact(of) => customer::support_contact(asked, (of.customer, of.subscription), document),
            Self::Agreements(of) => customer::agreements(asked, of.customer, document),
            Self::Transfers(of) => customer::transfers(asked, of.customer, document),
            Self::Transfer(of) => customer::transfer(asked, (of.customer, &of.transfer), document),
            Self::Relationships(of) => customer::resellers(asked, of.customer, document),
            Self::Removal(of) => customer::removal(asked, of.customer, document),
            Self::IndirectResellers(of) => partner::indirect_resellers(asked, of.tenant, document),
            Self::RelationshipRequest(of) => partner::relationship_request(asked, of.tenant, document),
            Self::AuditRecords(which) => audit::records(asked, which, document),
            Self::GdapRelationships(which) => granular::relationships(asked, which, document),
            Self::GdapRelationship(which) => granular::relationship(asked, which, document),
            Self::GdapAssignments(which) => granular::assignments(asked, which, document),
            Self::GdapRequests(which) => granular::requests(asked, which, document),
            Self::GdapOperations(which) => granular::operations(asked, which, document),
            Self::GdapCustomers => granular::customers(asked, document),
        }
    }
}
