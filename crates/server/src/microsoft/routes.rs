//! The routes in Microsoft's shapes: what each is called, what it takes, and what answers it.

use super::{MicrosoftQuestion, graph};
use crate::access::Need;
use crate::reply::JSON;
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, parameter, query};

/// What each of them takes besides its own.
pub(crate) const ASKED: &[Parameter] = &[
    query("partner", Shape::Guid, "Answer as to this partner; also as the header `ofrecord-partner`."),
    query("as_of", Shape::Text, "The instant in the world asked about; also as the header `ofrecord-as-of`."),
    query("known_at", Shape::Text, "What was known then counts; also as the header `ofrecord-known-at`."),
    query("min_position", Shape::Number, "Wait for this entry; also as the header `ofrecord-min-position`."),
];

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
            query("$filter", Shape::Text, "Comparisons such as `status eq 'active'`, joined by `and`."),
            SELECT,
            query("$count", Shape::Flag, "Also how many there are on all pages."),
        ]
    };
}

const fn graph(
    path: &'static str,
    name: &'static str,
    says: &'static str,
    own: &'static [Parameter],
    ask: MicrosoftQuestion,
) -> Route {
    Route { method: Verb::Get, path, name, says, media: JSON, needs: Need::Content, run: Run::Microsoft(ask), own }
}

/// Every route in Microsoft's shapes.
pub(crate) static ROUTES: &[Route] = &[
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships",
        "graphRelationships",
        "Granular relationships, as Microsoft Graph lists them.",
        list!(),
        graph::relationships,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}",
        "graphRelationship",
        "A granular relationship.",
        &[RELATIONSHIP, SELECT],
        graph::relationship,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments",
        "graphAssignments",
        "The access assignments of a granular relationship.",
        list!(RELATIONSHIP),
        graph::assignments,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}",
        "graphAssignment",
        "An access assignment.",
        &[RELATIONSHIP, parameter(Place::Path, "assignment", Shape::Guid, "The assignment."), SELECT],
        graph::assignment,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests",
        "graphRequests",
        "The requests of a granular relationship, as a source showed them.",
        list!(RELATIONSHIP),
        graph::requests,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests/{request}",
        "graphRequest",
        "A request of a granular relationship.",
        &[RELATIONSHIP, parameter(Place::Path, "request", Shape::Text, "The request."), SELECT],
        graph::request,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations",
        "graphOperations",
        "The long-running operations of a granular relationship, as a source showed them.",
        list!(RELATIONSHIP),
        graph::operations,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations/{operation}",
        "graphOperation",
        "A long-running operation of a granular relationship.",
        &[RELATIONSHIP, parameter(Place::Path, "operation", Shape::Text, "The operation."), SELECT],
        graph::operation,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminCustomers",
        "graphCustomers",
        "The customers with a granular relationship in force, as Microsoft Graph lists them.",
        list!(),
        graph::customers,
    ),
    graph(
        "/v1.0/tenantRelationships/delegatedAdminCustomers/{customer}",
        "graphCustomer",
        "A customer with a granular relationship in force.",
        &[parameter(Place::Path, "customer", Shape::Guid, "The customer's tenant."), SELECT],
        graph::customer,
    ),
];
