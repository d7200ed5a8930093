//! Partner Center audit records: who did what, with the resource before and after.

mod customer;
mod granular;
mod group;
mod header;
mod id;
mod operation;
mod order;
mod partner;
mod subscription;
mod transfer;

use std::collections::BTreeMap;

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{
    Completeness, CustomerId, Event, PartnerTenantId, SourceSystem, StreamId, SubscriptionId, Timestamp,
};

pub(crate) use self::header::LEDGERS_OWN;
pub(crate) use self::id::AuditId;
use self::operation::{Operation, Reads};
pub use self::operation::{PublishedOperation, published_operations};
pub(crate) use self::operation::{bare, published_operation};
use crate::document::Page;
use crate::json::Object;
use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;

/// An audit record, as far as every operation has it.
#[derive(Debug)]
struct AuditRecord<'a> {
    node: Node<'a>,
    customer: Option<CustomerId>,
    partner: Option<PartnerTenantId>,
    at: Timestamp,
    user: Option<&'a str>,
    /// `resourceOldValue` and `resourceNewValue`, parsed.
    old: Option<Object>,
    new: Option<Object>,
    /// `customizedData` by key in lower case.
    customized: BTreeMap<String, &'a str>,
    /// The ids of the resource that the audit id names.
    resource: Vec<&'a str>,
}

/// Facts about one stream.
struct Told {
    stream: StreamId,
    at: Timestamp,
    events: Vec<Event>,
}

/// Why an operation that is read states nothing.
#[derive(Debug)]
enum Gap {
    /// It names no customer.
    Customer,
    /// It names no partner.
    Partner,
    /// The content that the fact would need is not there; the field says where.
    Content(&'static str),
}

/// What the mapping of one operation comes to.
type Telling = Result<Vec<Told>, Gap>;

/// Reads an audit record. One that is a row of a table was exported, and is another source than the record itself.
pub(crate) fn read(node: Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let exported = page.header.is_some();
    let source = if exported { SourceSystem::PortalExport } else { SourceSystem::PartnerCenterAudit };
    scribe.source(source, Completeness::Full);
    if node.text("applicationId") == Some(LEDGERS_OWN) {
        return scribe
            .whole(Severity::Note, "a ledger's record of its own decision, not the source's, so it is left out");
    }
    let id = node.text("id");
    if let Some(id) = id {
        scribe.record_id(id);
    }
    let parsed = id.and_then(AuditId::parse);
    let Some(record) = record(node, parsed.as_ref(), scribe) else { return };
    let header = header::header(&record, scribe);
    scribe.audit(header);
    if let Some(parsed) = &parsed {
        check_id(&record, parsed, scribe);
    }
    let operation = operation_of(&record, scribe);
    check_resource_type(&record, scribe);
    match because_not_read(&record, &operation, scribe) {
        Some(because) => keep(&record, &operation, because, None, scribe),
        None => tell(&record, &operation, scribe),
    }
}

fn record<'a>(node: Node<'a>, id: Option<&AuditId<'a>>, scribe: &mut Scribe<'_>) -> Option<AuditRecord<'a>> {
    let user = node.text("userPrincipalName").or_else(|| node.text("applicationId"));
    scribe.actor(user);
    let Some(at) = node.instant("operationDate", scribe).or(id.and_then(|id| id.at)) else {
        scribe.bad("operationDate", "the record says not when it happened, so it was not read");
        return None;
    };
    let partner = node.id("partnerId", scribe).or(id.and_then(|id| id.partner)).or(scribe.context().partner);
    let customer = node.id("customerId", scribe).or(id.and_then(|id| id.customer)).or(scribe.context().customer);
    let contradicts =
        |told: Option<uuid::Uuid>, said: Option<uuid::Uuid>| matches!((told, said), (Some(a), Some(b)) if a != b);
    if contradicts(partner.map(PartnerTenantId::guid), scribe.context().partner.map(PartnerTenantId::guid)) {
        scribe.note("partnerId", "the record names another partner than the one given; the record's word counts");
    }
    if contradicts(customer.map(CustomerId::guid), scribe.context().customer.map(CustomerId::guid)) {
        scribe.note("customerId", "the record names another customer than the one given; the record's word counts");
    }
    Some(AuditRecord {
        customer,
        partner,
        at,
        user,
        old: node.embedded("resourceOldValue", scribe),
        new: node.embedded("resourceNewValue", scribe),
        customized: customized(&node),
        resource: id.map(|id| id.resource.clone()).unwrap_or_default(),
        node,
    })
}

fn customized<'a>(node: &Node<'a>) -> BTreeMap<String, &'a str> {
    let pairs = node.objects("customizedData");
    pairs.iter().filter_map(|pair| Some((pair.text("key")?.to_ascii_lowercase(), pair.text("value")?))).collect()
}

/// An audit id ends in the ticks of `operationDate`; one that does not was put together by somebody else.
fn check_id(record: &AuditRecord<'_>, id: &AuditId<'_>, scribe: &mut Scribe<'_>) {
    if id.at.is_some_and(|at| at != record.at) {
        scribe.note("id", "the instant in the id is not `operationDate`; the latter counts");
    }
    if record.node.text("operationType").is_some_and(|operation| !operation::alike(operation, id.operation)) {
        scribe.note("id", "the operation in the id is not `operationType`; the latter counts");
    }
}

fn operation_of<'a>(record: &AuditRecord<'a>, scribe: &mut Scribe<'_>) -> Operation<'a> {
    let word = record.node.text("operationType").unwrap_or_default();
    let operation = operation::of(word);
    if operation.reads == Reads::Unrecognised {
        scribe.unrecognised("operationType", word);
    }
    operation
}

fn check_resource_type(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) {
    if let Some(word) = record.node.text("resourceType").filter(|word| !operation::is_resource_type(word)) {
        scribe.unrecognised("resourceType", word);
    }
}

/// A record that is not of something that happened and is read here, and why.
fn because_not_read(
    record: &AuditRecord<'_>,
    operation: &Operation<'_>,
    scribe: &mut Scribe<'_>,
) -> Option<KeptBecause> {
    match record.node.text("operationStatus").map(str::to_ascii_lowercase).as_deref() {
        Some("succeeded") => {}
        Some("failed" | "progress" | "decline") => return Some(KeptBecause::NotSucceeded),
        Some(_) => {
            scribe.unrecognised("operationStatus", record.node.text("operationStatus").unwrap_or_default());
            return Some(KeptBecause::Unrecognised);
        }
        None => {
            scribe.note("operationStatus", "the record does not say whether it succeeded, so it is kept and not read");
            return Some(KeptBecause::ContentMissing);
        }
    }
    match operation.reads {
        Reads::Unrecognised => Some(KeptBecause::Unrecognised),
        Reads::OutOfScope(_) => Some(KeptBecause::OutOfScope),
        Reads::DapGranted | Reads::DapTerminated | Reads::DapTerminatedByMicrosoft if record.concerns_partner_dap() => {
            Some(KeptBecause::OutOfScope)
        }
        Reads::MemberAdded | Reads::MemberRemoved if record.concerns_customer_role() => Some(KeptBecause::OutOfScope),
        Reads::CustomerAdded
        | Reads::Accepted
        | Reads::Removed
        | Reads::Deleted
        | Reads::DapGranted
        | Reads::DapTerminated
        | Reads::DapTerminatedByMicrosoft
        | Reads::Granular(_)
        | Reads::GranularAssignment(_)
        | Reads::MemberAdded
        | Reads::MemberRemoved
        | Reads::ProfileChanged
        | Reads::Agreement
        | Reads::OrderCreated
        | Reads::OrderUpdated
        | Reads::SubscriptionUpdated
        | Reads::SubscriptionUpgraded
        | Reads::TrialConverted
        | Reads::PartnerIdAssociated
        | Reads::PartnershipCreated
        | Reads::PartnershipRemoved
        | Reads::Extended
        | Reads::TransferRequested
        | Reads::TransferUpdated => None,
    }
}

fn tell(record: &AuditRecord<'_>, operation: &Operation<'_>, scribe: &mut Scribe<'_>) {
    let telling = match operation.reads {
        Reads::CustomerAdded => customer::added(record, scribe),
        Reads::Accepted => customer::accepted(record),
        Reads::Removed => customer::removed(record),
        Reads::Deleted => customer::deleted(record),
        Reads::DapGranted => customer::dap_granted(record, scribe),
        Reads::DapTerminated => customer::dap_terminated(record),
        Reads::DapTerminatedByMicrosoft => customer::dap_terminated_by_microsoft(record),
        Reads::Granular(step) => granular::relationship_step(step, record, scribe),
        Reads::GranularAssignment(step) => granular::assignment_step(step, record, scribe),
        Reads::MemberAdded => group::member_added(record),
        Reads::MemberRemoved => group::member_removed(record),
        Reads::ProfileChanged => customer::profile_changed(record, scribe),
        Reads::Agreement => customer::agreement(record, scribe),
        Reads::OrderCreated => order::created(record, scribe),
        Reads::OrderUpdated => order::updated(record, scribe),
        Reads::SubscriptionUpdated => subscription::updated(record, scribe),
        Reads::SubscriptionUpgraded => subscription::upgraded(record, scribe),
        Reads::TrialConverted => subscription::trial_converted(record, scribe),
        Reads::PartnerIdAssociated => partner::partner_id_associated(record, scribe),
        Reads::PartnershipCreated => partner::partnership_created(record, scribe),
        Reads::PartnershipRemoved => partner::partnership_removed(record, scribe),
        Reads::Extended => customer::extended(record, scribe),
        Reads::TransferRequested => transfer::requested(record, scribe),
        Reads::TransferUpdated => transfer::updated(record, scribe),
        Reads::OutOfScope(_) | Reads::Unrecognised => Ok(Vec::new()),
    };
    match telling {
        Ok(tellings) => {
            for told in tellings {
                scribe.state(told.stream, told.at, told.events);
            }
        }
        Err(Gap::Customer) => {
            scribe.bad("customerId", "the record names no customer, so it was not read; pass --customer");
        }
        Err(Gap::Partner) => {
            scribe.bad("partnerId", "the record names no partner, so it was not read; pass --partner");
        }
        Err(Gap::Content(field)) => {
            scribe.note(field, "the record lacks the content that a fact would need; it is kept and not read");
            let summary = format!("lacks {field}");
            keep(record, operation, KeptBecause::ContentMissing, Some(summary), scribe);
        }
    }
}

fn keep(
    record: &AuditRecord<'_>,
    operation: &Operation<'_>,
    because: KeptBecause,
    summary: Option<String>,
    scribe: &mut Scribe<'_>,
) {
    let Some(stream) = scribe.stream_of(record.customer, record.partner) else {
        return scribe.bad("customerId", "the record names neither customer nor partner; pass --customer or --partner");
    };
    let word = if operation.word.is_empty() { "undefined" } else { operation.word };
    let event = scribe.kept(word, because, summary);
    scribe.state(stream, record.at, vec![event]);
}

impl AuditRecord<'_> {
    fn customer(&self) -> Result<CustomerId, Gap> {
        self.customer.ok_or(Gap::Customer)
    }

    fn partner(&self) -> Result<PartnerTenantId, Gap> {
        self.partner.ok_or(Gap::Partner)
    }

    /// The facts, told of the record's customer at the record's instant.
    fn of_customer(&self, events: Vec<Event>) -> Telling {
        Ok(vec![Told { stream: StreamId::Customer(self.customer()?), at: self.at, events }])
    }

    /// The facts, told of a partner at the record's instant.
    fn of_partner(&self, partner: PartnerTenantId, events: Vec<Event>) -> Vec<Told> {
        vec![Told { stream: StreamId::Partner(partner), at: self.at, events }]
    }

    /// The resource after the operation.
    fn new_value(&self) -> Option<Node<'_>> {
        self.new.as_ref().map(|object| Node::under(object, self.node.path("resourceNewValue")))
    }

    /// The resource before the operation.
    fn old_value(&self) -> Option<Node<'_>> {
        self.old.as_ref().map(|object| Node::under(object, self.node.path("resourceOldValue")))
    }

    /// A value of `customizedData`.
    fn customized(&self, key: &str) -> Option<&str> {
        self.customized.get(&key.to_ascii_lowercase()).copied()
    }

    /// The subscription that `customizedData` names.
    fn customized_subscription(&self) -> Option<SubscriptionId> {
        ["SubscriptionId", "SubscriptionId-0"].into_iter().find_map(|key| self.customized(key)?.parse().ok())
    }

    /// Privileges between provider and reseller, not of a customer.
    fn concerns_partner_dap(&self) -> bool {
        let resource = self.node.text("resourceType");
        resource.is_some_and(|word| operation::alike(word, "indirect_provider_indirect_reseller_dap"))
    }
}
