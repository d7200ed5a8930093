//! Partner Center webhook bodies: that something happened, without its content.

mod granular;

use ofrecord_core::event::dap::{DapGranted, DapRemoved, DapTerminatedByMicrosoft};
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::event::relationship::ResellerRelationshipAcceptedByCustomer;
use ofrecord_core::event::subscription::SubscriptionUpdateNotified;
use ofrecord_core::vocabulary::Services;
use ofrecord_core::{
    AccessAssignmentId, Completeness, CustomerId, Event, GdapRelationshipId, PartnerTenantId, SourceSystem, StreamId,
    SubscriptionId, Timestamp,
};

use crate::audit::AuditId;
use crate::node::Node;
use crate::reading::Severity;
use crate::resource::granular_step::{AssignmentStep, Step};
use crate::scribe::Scribe;
use crate::uri;

/// What a webhook event is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    Accepted,
    DapApproved,
    DapTerminated,
    DapTerminatedByMicrosoft,
    Granular(Step),
    GranularAssignment(AssignmentStep),
    SubscriptionUpdated,
    OutOfScope,
    /// Sent to try the receiver; nothing happened.
    Test,
}

/// The published event names.
const EVENTS: &[(&str, Reads)] = &[
    ("azure-fraud-event-detected", Reads::OutOfScope),
    ("dap-admin-relationship-approved", Reads::DapApproved),
    ("dap-admin-relationship-terminated", Reads::DapTerminated),
    ("dap-admin-relationship-terminated-by-microsoft", Reads::DapTerminatedByMicrosoft),
    ("granular-admin-access-assignment-activated", Reads::GranularAssignment(AssignmentStep::Activated)),
    ("granular-admin-access-assignment-created", Reads::GranularAssignment(AssignmentStep::Created)),
    ("granular-admin-access-assignment-deleted", Reads::GranularAssignment(AssignmentStep::Deleted)),
    ("granular-admin-access-assignment-updated", Reads::GranularAssignment(AssignmentStep::Updated)),
    ("granular-admin-relationship-activated", Reads::Granular(Step::Activated)),
    ("granular-admin-relationship-approved", Reads::Granular(Step::Approved)),
    ("granular-admin-relationship-expired", Reads::Granular(Step::Expired)),
    ("granular-admin-relationship-terminated", Reads::Granular(Step::Terminated)),
    ("invoice-ready", Reads::OutOfScope),
    ("new-commerce-migration-completed", Reads::OutOfScope),
    ("new-commerce-migration-created", Reads::OutOfScope),
    ("new-commerce-migration-failed", Reads::OutOfScope),
    ("new-commerce-migration-schedule-failed", Reads::OutOfScope),
    ("referral-created", Reads::OutOfScope),
    ("referral-updated", Reads::OutOfScope),
    ("related-referral-created", Reads::OutOfScope),
    ("related-referral-updated", Reads::OutOfScope),
    ("reseller-relationship-accepted-by-customer", Reads::Accepted),
    ("subscription-updated", Reads::SubscriptionUpdated),
    ("test-created", Reads::Test),
    ("usagerecords-thresholdexceeded", Reads::OutOfScope),
];

/// Every published webhook event, and what becomes of it.
#[must_use]
pub fn published_webhook_events() -> Vec<PublishedWebhookEvent> {
    EVENTS.iter().map(|(name, reads)| PublishedWebhookEvent { name, becomes: reads.becomes() }).collect()
}

/// A published webhook event, and what becomes of its bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedWebhookEvent {
    /// The source's word.
    pub name: &'static str,
    /// The fact that a body states, or why it states none.
    pub becomes: &'static str,
}

impl Reads {
    /// What becomes of a body, for the reference.
    fn becomes(self) -> &'static str {
        match self {
            Self::Accepted => "`ResellerRelationshipAcceptedByCustomer`",
            Self::DapApproved => "`DapGranted`",
            Self::DapTerminated => "`DapRemoved`",
            Self::DapTerminatedByMicrosoft => "`DapTerminatedByMicrosoft`",
            Self::Granular(step) => step.becomes(),
            Self::GranularAssignment(AssignmentStep::Created) => "`GdapAccessAssignmentObserved`",
            Self::GranularAssignment(step) => step.becomes(),
            Self::SubscriptionUpdated => "`SubscriptionUpdateNotified`",
            Self::OutOfScope => "kept: it is nothing this ledger answers for",
            Self::Test => "left out: nothing happened",
        }
    }
}

/// What a webhook body says, with what the audit id it may carry says.
struct Notice<'a> {
    name: &'a str,
    at: Timestamp,
    customer: Option<CustomerId>,
    partner: Option<PartnerTenantId>,
    subscription: Option<SubscriptionId>,
    relationship: Option<GdapRelationshipId>,
    assignment: Option<AccessAssignmentId>,
}

/// Reads a webhook body.
pub(crate) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::PartnerCenterWebhook, Completeness::HeaderOnly);
    let name = node.text("eventName").unwrap_or_default();
    let reads = EVENTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, reads)| *reads);
    if reads == Some(Reads::Test) {
        return scribe.whole(Severity::Note, "a webhook test: nothing happened, so it is left out");
    }
    let Some(notice) = notice(node, name, scribe) else { return };
    match reads {
        None => {
            scribe.unrecognised("eventName", name);
            keep(&notice, KeptBecause::Unrecognised, scribe);
        }
        Some(Reads::OutOfScope) => keep(&notice, KeptBecause::OutOfScope, scribe),
        Some(Reads::Granular(step)) => granular::relationship_step(&notice, step, scribe),
        Some(Reads::GranularAssignment(step)) => granular::assignment_step(&notice, step, scribe),
        Some(reads) => tell(&notice, reads, scribe),
    }
}

/// The audit record behind a webhook gives the instant, so that both state the same fact (rule L-6).
fn notice<'a>(node: &Node<'a>, name: &'a str, scribe: &mut Scribe<'_>) -> Option<Notice<'a>> {
    let resource = node.text("resourceUri").unwrap_or_default();
    let audit_record = node.text("auditUri").and_then(|uri| uri::text_after(uri, "auditrecords"));
    let audit = audit_record.and_then(AuditId::parse);
    if let (Some(id), Some(_)) = (audit_record, &audit) {
        scribe.record_id(id);
    }
    let changed_at = node.instant("resourceChangeUtcDate", scribe);
    let logged_at = audit.as_ref().and_then(|audit| audit.at);
    if let (Some(changed), Some(logged)) = (changed_at, logged_at)
        && changed != logged
    {
        scribe.note("auditUri", "the audit record behind the webhook has another instant; the audit record's counts");
    }
    let Some(at) = logged_at.or(changed_at) else {
        scribe.bad("resourceChangeUtcDate", "the webhook says not when it happened, so it was not read");
        return None;
    };
    let customer = uri::id_after(resource, "customers").or(audit.as_ref().and_then(|audit| audit.customer));
    let partner = audit.as_ref().and_then(|audit| audit.partner);
    Some(Notice {
        name,
        at,
        customer,
        partner: partner.or(scribe.context().partner),
        subscription: uri::id_after(resource, "subscriptions"),
        relationship: uri::granular_relationship(resource).or(audit_record.and_then(uri::granular_relationship)),
        assignment: granular::assignment_id(resource, audit.as_ref()),
    })
}

fn tell(notice: &Notice<'_>, reads: Reads, scribe: &mut Scribe<'_>) {
    let Some(customer) = notice.customer.or(scribe.context().customer) else {
        return scribe.bad("resourceUri", "the webhook names no customer, so it was not read; pass --customer");
    };
    let event = match (reads, notice.partner, notice.subscription) {
        (Reads::SubscriptionUpdated, _, Some(subscription)) => {
            Event::SubscriptionUpdateNotified(SubscriptionUpdateNotified { subscription })
        }
        (Reads::SubscriptionUpdated, _, None) => {
            return scribe.bad("resourceUri", "the webhook names no subscription, so it was not read");
        }
        (_, None, _) => {
            return scribe.bad("auditUri", "the webhook names no partner, so it was not read; pass --partner");
        }
        (Reads::Accepted, Some(partner), _) => {
            Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
                partner,
                accepted_by: None,
                via_provider: None,
                market: None,
                generation: 1,
            })
        }
        (Reads::DapApproved, Some(partner), _) => Event::DapGranted(DapGranted { partner, services: Services::All }),
        (Reads::DapTerminated, Some(partner), _) => Event::DapRemoved(DapRemoved { partner, services: Services::All }),
        (Reads::DapTerminatedByMicrosoft, Some(partner), _) => {
            Event::DapTerminatedByMicrosoft(DapTerminatedByMicrosoft { partner, last_sign_in_at: None, cause: None })
        }
        (Reads::Granular(_) | Reads::GranularAssignment(_) | Reads::OutOfScope | Reads::Test, Some(_), _) => {
            return keep(notice, KeptBecause::OutOfScope, scribe);
        }
    };
    scribe.state(StreamId::Customer(customer), notice.at, vec![event]);
}

fn keep(notice: &Notice<'_>, because: KeptBecause, scribe: &mut Scribe<'_>) {
    let Some(stream) = scribe.stream_of(notice.customer.or(scribe.context().customer), notice.partner) else {
        let message = "the webhook names neither customer nor partner; pass --customer or --partner to keep it";
        return scribe.bad("resourceUri", message);
    };
    let event = scribe.kept(notice.name, because, None);
    scribe.state(stream, notice.at, vec![event]);
}
