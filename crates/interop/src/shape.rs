//! Recognises what a record is, by its own type word or by its properties.

use crate::document::{Page, object_type};
use crate::json::Object;
use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;
use crate::{activity_log, audit, bulk_tool, directory, graph, rest, webhook};

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A Partner Center audit record.
    Audit,
    /// A Partner Center webhook body.
    Webhook,
    /// A Partner Center resource that is read.
    Resource(rest::Resource),
    /// A Partner Center resource that is kept: nothing this ledger answers for, or not yet.
    Kept(&'static str),
    /// A Microsoft Graph record.
    Graph(graph::Kind),
    /// A record of a file of the bulk migration tool.
    BulkTool(bulk_tool::Kind),
    /// A line of the portal's activity log.
    ActivityLog,
    /// Nothing that could be a fact.
    NoFact(&'static str),
    /// A Partner Center resource of a type that is not published.
    UnknownResource,
    /// Nothing known.
    Unknown,
}

/// Reads a record of any shape, and says which it is.
pub(crate) fn read(record: &Object, page: &Page, scribe: &mut Scribe<'_>) -> &'static str {
    let node = Node::root(record);
    let words = ["operationType", "eventName"].into_iter().find_map(|name| record.text(name));
    scribe.operation(words.or(object_type(record)).unwrap_or("record"));
    let shape = recognise(record, page);
    match shape {
        Shape::Audit => audit::read(node, page, scribe),
        Shape::Webhook => webhook::read(&node, scribe),
        Shape::BulkTool(kind) => bulk_tool::read(kind, &node, scribe),
        Shape::ActivityLog => activity_log::keep(&node, scribe),
        Shape::NoFact(what) => scribe.whole(Severity::Note, what),
        _ if is_request(record, scribe.file()) => {
            scribe.whole(
                Severity::Note,
                "a request, not a record: it states what was asked and not what is, so it is left out",
            );
            return "request";
        }
        Shape::Resource(resource) => rest::read(resource, &node, page, scribe),
        Shape::Kept(operation) => rest::keep_out_of_scope(operation, &node, page, scribe),
        Shape::Graph(kind) => graph::read(kind, &node, page, scribe),
        Shape::UnknownResource => {
            rest::keep_unrecognised(object_type(record).unwrap_or_default(), &node, page, scribe);
        }
        Shape::Unknown => {
            scribe.whole(Severity::Bad, "not a record of Partner Center or Microsoft Graph that is known here");
        }
    }
    shape.name()
}

impl Shape {
    /// The name for counts.
    fn name(self) -> &'static str {
        match self {
            Self::Audit => "audit record",
            Self::Webhook => "webhook body",
            Self::Resource(resource) => resource.name(),
            Self::Kept(name) => name,
            Self::Graph(kind) => kind.name(),
            Self::BulkTool(kind) => kind.name(),
            Self::ActivityLog => "line of the activity log",
            Self::NoFact(_) => "no record of a fact",
            Self::UnknownResource => "resource of an unknown type",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether an object with the properties of a table's header is a record of a known shape.
pub(crate) fn is_known_export(header: &Object) -> bool {
    recognise(header, &Page::default()) != Shape::Unknown
}

fn recognise(record: &Object, page: &Page) -> Shape {
    let has = |names: &[&str]| names.iter().all(|name| record.has(name));
    if has(&["eventName"]) && (has(&["resourceChangeUtcDate"]) || has(&["resourceUri"])) {
        return Shape::Webhook;
    }
    let kind = object_type(record).map(str::to_ascii_lowercase);
    if has(&["operationType", "operationStatus"])
        || has(&["operationType", "operationDate"])
        || kind.as_deref() == Some("auditrecord")
    {
        return Shape::Audit;
    }
    if let Some(odata) = graph_type(record, page) {
        return odata;
    }
    match kind {
        Some(kind) => by_type(&kind, record),
        None => by_properties(&has),
    }
}

/// The delegated-administration report of Partner Center uses the words of
/// Graph for its collection; its records are told apart by `dapEnabled`.
fn graph_type(record: &Object, page: &Page) -> Option<Shape> {
    if record.has("dapEnabled") {
        return Some(Shape::Resource(rest::Resource::DapReport));
    }
    if record.has("totalDapCustomerCount") {
        return Some(Shape::Resource(rest::Resource::DapStatistics));
    }
    graph::kind_of(record, page).map(Shape::Graph)
}

fn by_type(kind: &str, record: &Object) -> Shape {
    if let Some((_, resource)) = RESOURCES.iter().find(|(name, _)| *name == kind) {
        return Shape::Resource(*resource);
    }
    match KEPT.iter().find(|name| name.eq_ignore_ascii_case(kind)) {
        Some(name) => Shape::Kept(name),
        None if kind == "conversion" || record.has("catalogItemId") => Shape::NoFact(NOT_A_FACT),
        None => Shape::UnknownResource,
    }
}

const NOT_A_FACT: &str = "a request or a catalogue, not a record of a fact, so it is left out";

fn by_properties(has: &dyn Fn(&[&str]) -> bool) -> Shape {
    for (names, shape) in PROPERTIES {
        if has(names) {
            return *shape;
        }
    }
    Shape::Unknown
}

/// Types that are read, in lower case.
const RESOURCES: &[(&str, rest::Resource)] = &[
    ("customer", rest::Resource::Customer),
    ("customercompanyprofile", rest::Resource::CompanyProfile),
    ("customerbillingprofile", rest::Resource::BillingProfile),
    ("subscription", rest::Resource::Subscription),
    ("order", rest::Resource::Order),
    ("relationshiprequest", rest::Resource::RelationshipRequest),
    ("partnerrelationship", rest::Resource::Partnership),
    ("supportcontact", rest::Resource::SupportContact),
    ("transition", rest::Resource::Transition),
    ("agreement", rest::Resource::Agreement),
    ("conversionresult", rest::Resource::ConversionResult),
    ("transferentity", rest::Resource::Transfer),
    ("transfersubmitresult", rest::Resource::TransferResult),
];

/// Published types that are kept.
const KEPT: &[&str] = &[
    "AzureEntitlement",
    "Cart",
    "ConfigurationPolicy",
    "CustomerUser",
    "DirectoryRole",
    "Entitlement",
    "LicenseUpdate",
    "Overage",
    "ProductUpgrade",
    "PromotionEligibilities",
    "ServiceCostLineItem",
    "ServiceCostsSummary",
    "ServiceRequest",
    "SubscriptionProvisioningStatus",
    "SubscriptionRegistrationStatus",
    "Upgrade",
    "UserMember",
];

/// Records without a type word, by properties that no other has. The first row that fits counts.
const PROPERTIES: &[(&[&str], Shape)] = &[
    (
        &["encodedReqeustAddress"],
        Shape::NoFact("a recorded session of another program, not a record of a fact, so it is left out"),
    ),
    (&["customerDelegatedAdminRelationshipId"], Shape::BulkTool(bulk_tool::Kind::Relationship)),
    (&["gdapRelationshipId", "accessAssignmentId"], Shape::BulkTool(bulk_tool::Kind::AccessAssignment)),
    (&["customerTenantId", "organizationDisplayName", "partnerTenantId"], Shape::BulkTool(bulk_tool::Kind::Customer)),
    (&["customerTenantId", "organizationDisplayName", "status"], Shape::BulkTool(bulk_tool::Kind::DapTermination)),
    (&["dateTime", "action", "affectedCustomer"], Shape::ActivityLog),
    (
        &["commaSeparatedRoles"],
        Shape::NoFact("groups that are to be given roles, not a record of a fact, so it is left out"),
    ),
    (
        &["commaSeperatedRoles"],
        Shape::NoFact("groups that are to be given roles, not a record of a fact, so it is left out"),
    ),
    (&["id", "name", "description"], Shape::NoFact(NOT_A_FACT)),
    (&["code", "description"], Shape::NoFact(AN_ERROR)),
    (&["code", "message"], Shape::NoFact(AN_ERROR)),
    (&["statusCode", "message"], Shape::NoFact(AN_ERROR)),
    (&["error"], Shape::NoFact(AN_ERROR)),
    (&["isAgreementSigned"], Shape::Resource(rest::Resource::PartnerAgreementStatus)),
    (&["isSigned"], Shape::Resource(rest::Resource::DirectAgreementStatus)),
    (&["templateId", "dateAgreed"], Shape::Resource(rest::Resource::Agreement)),
    (&["templateId", "versionRank"], Shape::NoFact("an agreement's template, not an agreement, so it is left out")),
    (&["supportTenantId"], Shape::Resource(rest::Resource::SupportContact)),
    (&["activityDisplayName", "activityDateTime"], DIRECTORY_AUDIT),
    (&["crossTenantAccessType"], SIGN_IN),
    (&["isServiceProvider", "tenantId"], CROSS_TENANT_PARTNER),
    (&["accessContainer", "accessDetails"], Shape::Graph(graph::Kind::AccessAssignment)),
    (&["accessDetails", "duration"], Shape::Graph(graph::Kind::Relationship)),
    (&["activatedDateTime", "duration"], Shape::Graph(graph::Kind::Relationship)),
    (&["action", "status", "lastModifiedDateTime"], Shape::Graph(graph::Kind::Request)),
    (&["fromCatalogItemId", "toCatalogItemId"], Shape::Resource(rest::Resource::Transition)),
    (&["sourcePartnerTenantId", "targetPartnerTenantId"], Shape::Resource(rest::Resource::Transfer)),
    (&["orders", "transferErrors"], Shape::Resource(rest::Resource::TransferResult)),
    (&["newCommerceMigrationId"], Shape::Kept("NewCommerceMigrationEvent")),
    (&["newCommerceSubscriptionId", "currentSubscriptionId"], Shape::Resource(rest::Resource::Migration)),
    (&["currentSubscriptionId", "status"], Shape::Kept("NewCommerceMigrationSchedule")),
    (&["currentSubscriptionId", "isEligible"], Shape::Kept("NewCommerceEligibility")),
    (&["currentSubscriptionId", "customerTenantId"], Shape::Resource(rest::Resource::Migration)),
    (&["currentSubscriptionId"], Shape::NoFact(NOT_A_FACT)),
    (&["addOnMigrations"], Shape::Resource(rest::Resource::Migration)),
    (&["companyProfile", "relationshipToPartner"], Shape::Resource(rest::Resource::Customer)),
    (&["companyProfile", "billingProfile"], Shape::Resource(rest::Resource::Customer)),
    (&["lineItems", "referenceCustomerId"], Shape::Resource(rest::Resource::Order)),
    (&["subscriptionEligibilities"], Shape::Kept("TransitionEligibility")),
    (&["isEligible", "productFamily"], Shape::Kept("ProductUpgradeEligibility")),
    (&["isEligible", "reason"], Shape::Kept("TransferEligibility")),
    (&["isEligible", "id"], Shape::Kept("TransferEligibility")),
    (&["productFamily", "lineItems"], Shape::Kept("ProductUpgrade")),
    (&["qualification"], Shape::Kept("CustomerQualification")),
    (&["entitlementType"], Shape::Kept("Entitlement")),
    (&["virtualMachineReservations"], Shape::Kept("ReservedInstanceArtifact")),
    (&["azureEntitlementId", "type"], Shape::Kept("Overage")),
    (&["subscriptionId", "friendlyName", "status"], Shape::Kept("AzureEntitlement")),
    (&["subscriptionId", "status"], Shape::Kept("SubscriptionActivation")),
    (&["attachmentId"], Shape::Kept("OrderAttachment")),
    (&["orderLineItemId", "status"], Shape::Kept("OrderLineItemProvisioningStatus")),
    (&["lineItemNumber", "link"], Shape::Kept("OrderLineItemActivationLink")),
    (&["chargeType", "invoiceNumber"], Shape::Kept("ServiceCostLineItem")),
    (&["authenticationType", "verificationMethod"], Shape::Kept("CustomerDomain")),
    (&["countryLetterCode", "technicalNotificationMails"], Shape::Resource(rest::Resource::Organization)),
    (&["webhookEvents"], Shape::NoFact("a webhook registration, not a record of a fact, so it is left out")),
    (&["correlationId"], Shape::NoFact("a webhook test, not a record of a fact, so it is left out")),
    (&["displayUri", "downloadUri"], Shape::NoFact("an agreement's template, not an agreement, so it is left out")),
    (&["catalogItemId"], Shape::NoFact(NOT_A_FACT)),
    (&["customerId", "productFamily"], Shape::NoFact(NOT_A_FACT)),
    (&["lineItems"], Shape::NoFact(NOT_A_FACT)),
];

const DIRECTORY_AUDIT: Shape = Shape::Graph(graph::Kind::Directory(directory::Kind::Audit));
const SIGN_IN: Shape = Shape::Graph(graph::Kind::Directory(directory::Kind::SignIn));
const CROSS_TENANT_PARTNER: Shape = Shape::Graph(graph::Kind::Directory(directory::Kind::Partner));
const AN_ERROR: &str = "an error answer, not a record, so it is left out";

/// Whether the record is what somebody asked for: by the name of its file, or
/// by lacking the id that only an answer gives.
fn is_request(record: &Object, file: &str) -> bool {
    if is_request_file(file) {
        return true;
    }
    let kind = object_type(record).map(str::to_ascii_lowercase);
    let without_id = record.get("id").is_none();
    match kind.as_deref() {
        // The answer to a removal has an id that is null and all other properties with it.
        Some("customer") => {
            without_id && !(record.has("id") && record.has("billingProfile") && !record.has_value("billingProfile"))
        }
        Some("order") => without_id,
        Some(_) => false,
        None if record.has("templateId") && record.has("dateAgreed") => !record.has("userId"),
        None => {
            without_id
                && (["accessDetails", "action", "billingProfile", "sourcePartnerTenantId"]
                    .iter()
                    .any(|name| record.has(name)))
        }
    }
}

/// `update.req2.json`, `create.request.json`.
fn is_request_file(file: &str) -> bool {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file).to_ascii_lowercase();
    name.split('.').any(|part| {
        part.strip_prefix("req").is_some_and(|rest| rest == "uest" || rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

#[cfg(test)]
mod tests;
