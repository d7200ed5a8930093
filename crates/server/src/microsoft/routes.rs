//! The routes in Microsoft's shapes: what each is called, what it takes, and what answers it.

use super::partner_center::{self, audit};
use super::{MicrosoftCommand, MicrosoftQuestion, commands, graph};
use crate::access::Need;
use crate::reply::{JSON, TEXT};
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, parameter, query};

/// What each of them takes besides its own.
pub(crate) const ASKED: &[Parameter] = &[
    query("partner", Shape::Guid, "Answer as to this partner; also as the header `ofrecord-partner`."),
    query("as_of", Shape::Text, "The instant in the world asked about; also as the header `ofrecord-as-of`."),
    query("known_at", Shape::Text, "What was known then counts; also as the header `ofrecord-known-at`."),
    query("min_position", Shape::Number, "Wait for this entry; also as the header `ofrecord-min-position`."),
];

/// What each command takes besides its own.
pub(crate) const SENT: &[Parameter] = &[
    query("partner", Shape::Guid, "As which partner, where no token says so; also as the header `ofrecord-partner`."),
    parameter(Place::Header, "client-request-id", Shape::Guid, "The command's id, the same where it is sent again."),
    parameter(Place::Header, "Idempotency-Key", Shape::Guid, "The same; it goes before."),
    parameter(Place::Header, "ofrecord-role", Shape::Text, "The role in which whoever sends it acts."),
];

const IF_MATCH: Parameter = parameter(Place::Header, "If-Match", Shape::Text, "The `@odata.etag` of what was read.");
const PREFER: Parameter =
    parameter(Place::Header, "Prefer", Shape::Text, "`include-unknown-enum-members`, which `reject` takes.");
const ASSIGNMENT: Parameter = parameter(Place::Path, "assignment", Shape::Guid, "The assignment.");

const FILTER: Parameter = query(
    "$filter",
    Shape::Text,
    "Comparisons such as `status eq 'active'`, joined by `and`, `or`, `not` and brackets; `in` and `startswith`.",
);
const SELECT: Parameter = query("$select", Shape::Text, "Only these properties, joined by commas.");
const RELATIONSHIP: Parameter =
    parameter(Place::Path, "relationship", Shape::Text, "The relationship: two GUIDs joined by a hyphen.");

/// The options of a list.
macro_rules! list {
    ($($path:expr),*) => {
        &[
            $($path,)*
            query("$top", Shape::Number, "At most so many on a page, from 1 to 300; without it, 100."),
            query("$skiptoken", Shape::Text, "Only those behind this one, as `@odata.nextLink` has it."),
            query("$orderby", Shape::Text, "Properties with `asc` or `desc`, joined by commas."),
            FILTER,
            SELECT,
            query("$count", Shape::Flag, "Also how many there are on all pages."),
        ]
    };
}

const CUSTOMER: Parameter = parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant.");
const SUBSCRIPTION: Parameter = parameter(Place::Path, "subscription", Shape::Guid, "The subscription.");
const SIZE: Parameter = query("size", Shape::Number, "At most so many on a page, from 1 to 500; without it, 100.");
const SEEK: Parameter =
    query("seekOperation", Shape::Words(&["Next"]), "The page behind the one whose token the header brings.");
const CONTINUATION: Parameter =
    parameter(Place::Header, "MS-ContinuationToken", Shape::Text, "The token of a next page, as `links.next` has it.");
const RECORDS: &[Parameter] = &[
    query("startDate", Shape::Text, "Only what was done from this instant on; this or `filter` is needed."),
    query("endDate", Shape::Text, "Only what was done up to this instant."),
    query("filter", Shape::Text, "An object with `Field`, `Operator` and `Value`."),
    SIZE,
    SEEK,
    CONTINUATION,
];

const fn question(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    ask: MicrosoftQuestion,
) -> Route {
    Route { method: Verb::Get, path, name, says, media: JSON, needs: Need::Content, run: Run::Microsoft(ask), own }
}

/// How many there are of what stands at a path, as plain text.
const fn counted(path: &'static str, name: &'static str, own: &'static [Parameter], ask: MicrosoftQuestion) -> Route {
    let says = "How many there are, as plain text.";
    Route { method: Verb::Get, path, name, says, media: TEXT, needs: Need::Content, run: Run::Microsoft(ask), own }
}

const fn command(
    (method, path): (Verb, &'static str),
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    run: MicrosoftCommand,
) -> Route {
    let (needs, run) = (Need::CommandsOfTenant, Run::MicrosoftCommand(run));
    Route { method, path, name, says, media: JSON, needs, run, own }
}

/// Every route in Microsoft's shapes.
pub(crate) static ROUTES: &[Route] = &[
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships",
        "graphRelationships",
        "Granular relationships, as Microsoft Graph lists them.",
        list!(),
        graph::relationships,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}",
        "graphRelationship",
        "A granular relationship.",
        &[RELATIONSHIP, SELECT],
        graph::relationship,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments",
        "graphAssignments",
        "The access assignments of a granular relationship.",
        list!(RELATIONSHIP),
        graph::assignments,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
        "graphAssignment",
        "An access assignment.",
        &[RELATIONSHIP, ASSIGNMENT, SELECT],
        graph::assignment,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests",
        "graphRequests",
        "The requests of a granular relationship, as a source showed them and as they were decided here.",
        list!(RELATIONSHIP),
        graph::requests,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests/{request}",
        "graphRequest",
        "A request of a granular relationship.",
        &[RELATIONSHIP, parameter(Place::Path, "request", Shape::Text, "The request."), SELECT],
        graph::request,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations",
        "graphOperations",
        "The long-running operations of a granular relationship, as a source showed them and as they were begun here.",
        list!(RELATIONSHIP),
        graph::operations,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations/{operation}",
        "graphOperation",
        "A long-running operation of a granular relationship.",
        &[RELATIONSHIP, parameter(Place::Path, "operation", Shape::Text, "The operation."), SELECT],
        graph::operation,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminCustomers",
        "graphCustomers",
        "The customers with a granular relationship in force, as Microsoft Graph lists them.",
        list!(),
        graph::customers,
    ),
    question(
        "/v1.0/tenantRelationships/delegatedAdminCustomers/{customer}",
        "graphCustomer",
        "A customer with a granular relationship in force.",
        &[parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant."), SELECT],
        graph::customer,
    ),
    command(
        (Verb::Post, "/v1.0/tenantRelationships/delegatedAdminRelationships"),
        "graphCreateRelationship",
        "Make a granular relationship.",
        &[],
        commands::create,
    ),
    command(
        (Verb::Patch, "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}"),
        "graphChangeRelationship",
        "Change a granular relationship, its extension, or give Global Administrator up.",
        &[RELATIONSHIP, IF_MATCH],
        commands::change,
    ),
    command(
        (Verb::Delete, "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}"),
        "graphDeleteRelationship",
        "Delete a granular relationship that is not locked.",
        &[RELATIONSHIP, IF_MATCH],
        commands::delete,
    ),
    command(
        (Verb::Post, "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests"),
        "graphAsk",
        "Ask that a granular relationship be locked for approval, approved, rejected or terminated.",
        &[RELATIONSHIP, PREFER],
        commands::ask,
    ),
    command(
        (Verb::Post, "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments"),
        "graphAssign",
        "Give a security group roles of a granular relationship.",
        &[RELATIONSHIP],
        commands::assign,
    ),
    command(
        (
            Verb::Patch,
            "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
        ),
        "graphChangeAssignment",
        "Replace the roles of an access assignment.",
        &[RELATIONSHIP, ASSIGNMENT, IF_MATCH],
        commands::change_assignment,
    ),
    command(
        (
            Verb::Delete,
            "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
        ),
        "graphDeleteAssignment",
        "Delete an access assignment.",
        &[RELATIONSHIP, ASSIGNMENT, IF_MATCH],
        commands::delete_assignment,
    ),
    counted(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/$count",
        "graphRelationshipsCount",
        &[FILTER],
        graph::relationships_count,
    ),
    counted(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/$count",
        "graphAssignmentsCount",
        &[RELATIONSHIP, FILTER],
        graph::assignments_count,
    ),
    counted(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests/$count",
        "graphRequestsCount",
        &[RELATIONSHIP, FILTER],
        graph::requests_count,
    ),
    counted(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations/$count",
        "graphOperationsCount",
        &[RELATIONSHIP, FILTER],
        graph::operations_count,
    ),
    counted(
        "/v1.0/tenantRelationships/delegatedAdminCustomers/$count",
        "graphCustomersCount",
        &[FILTER],
        graph::customers_count,
    ),
    question(
        "/partnercenter/v1/customers",
        "partnerCenterCustomers",
        "Customers, as Partner Center lists them.",
        &[SIZE, query("filter", Shape::Text, "An object with `Field`, `Operator` and `Value`."), SEEK, CONTINUATION],
        partner_center::customers,
    ),
    question(
        "/partnercenter/v1/customers/relationshiprequests",
        "partnerCenterRelationshipRequest",
        "The link by which the partner asks for a relationship, where a source gave it.",
        &[],
        partner_center::relationship_request,
    ),
    question(
        "/partnercenter/v1/customers/{customer}",
        "partnerCenterCustomer",
        "A customer.",
        &[CUSTOMER],
        partner_center::customer,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/subscriptions",
        "partnerCenterSubscriptions",
        "A customer's subscriptions.",
        &[
            CUSTOMER,
            query("order_id", Shape::Text, "Only those of this order."),
            query("mpn_id", Shape::Text, "Only those with this partner ID on record."),
        ],
        partner_center::subscriptions,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/subscriptions/{subscription}",
        "partnerCenterSubscription",
        "A subscription.",
        &[CUSTOMER, SUBSCRIPTION],
        partner_center::subscription,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/subscriptions/{subscription}/supportcontact",
        "partnerCenterSupportContact",
        "Who supports a subscription.",
        &[CUSTOMER, SUBSCRIPTION],
        partner_center::support_contact,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/agreements",
        "partnerCenterAgreements",
        "A customer's agreements, those that a partner attested.",
        &[CUSTOMER],
        partner_center::agreements,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/directSignedMicrosoftCustomerAgreementStatus",
        "partnerCenterDirectSignedStatus",
        "Whether the customer itself signed the Microsoft Customer Agreement.",
        &[CUSTOMER],
        partner_center::direct_signed_status,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/profiles/company",
        "partnerCenterCompany",
        "The company behind a customer.",
        &[CUSTOMER],
        partner_center::company,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/relationships",
        "partnerCenterResellers",
        "A customer's indirect resellers.",
        &[CUSTOMER],
        partner_center::resellers,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/transfers",
        "partnerCenterTransfers",
        "A customer's transfers of subscriptions between partners.",
        &[CUSTOMER],
        partner_center::transfers,
    ),
    question(
        "/partnercenter/v1/customers/{customer}/transfers/{transfer}",
        "partnerCenterTransfer",
        "A transfer.",
        &[CUSTOMER, parameter(Place::Path, "transfer", Shape::Text, "The transfer.")],
        partner_center::transfer,
    ),
    question(
        "/partnercenter/v1/relationships",
        "partnerCenterPartnerships",
        "The partner's indirect resellers, or the providers that it resells through.",
        &[query(
            "relationship_type",
            Shape::Words(&[partner_center::PROVIDER_OF, partner_center::RESELLER_OF]),
            "Which.",
        )],
        partner_center::partnerships,
    ),
    question(
        "/partnercenter/v1/auditrecords",
        "partnerCenterAuditRecords",
        "What was imported from audit records, and what was decided here.",
        RECORDS,
        audit::records,
    ),
    question(
        "/partnercenter/auditactivity/v1/auditrecords",
        "partnerCenterAuditActivity",
        "The same at the newer address of it.",
        RECORDS,
        audit::records,
    ),
];
