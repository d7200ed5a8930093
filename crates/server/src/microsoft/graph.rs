//! Granular administration as Microsoft Graph answers it below `/v1.0/tenantRelationships`.

use ofrecord_core::{AccessAssignmentId, CustomerId};
use ofrecord_interop::write::{self, Collection, GdapAnswer, GdapSeen, Shape};

use super::decided::{granular_operations, granular_requests};
use super::granular::{Found, Place, Walk};
use super::odata::{self, Options, Page, Resource};
use super::standpoint::Standpoint;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

/// Where the relationships stand.
pub(super) const PATH: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships";
/// The property with the tag of what is shown.
const TAG: &str = "@odata.etag";

static RELATIONSHIP: Resource = Resource {
    collection: "delegatedAdminRelationships",
    properties: &[
        "accessDetails",
        "activatedDateTime",
        "autoExtendDuration",
        "createdDateTime",
        "customer",
        "displayName",
        "duration",
        "endDateTime",
        "id",
        "indirectProviderTenantId",
        "isPartnerConsentPending",
        "lastModifiedDateTime",
        "status",
    ],
    compared: &[
        "id",
        "status",
        "displayName",
        "customer/tenantId",
        "duration",
        "autoExtendDuration",
        "createdDateTime",
        "lastModifiedDateTime",
        "activatedDateTime",
        "endDateTime",
    ],
};

static ASSIGNMENT: Resource = Resource {
    collection: "accessAssignments",
    properties: &["accessContainer", "accessDetails", "createdDateTime", "id", "lastModifiedDateTime", "status"],
    compared: &["id", "status", "accessContainer/accessContainerId", "createdDateTime", "lastModifiedDateTime"],
};

static REQUEST: Resource = Resource {
    collection: "requests",
    properties: &["action", "createdDateTime", "id", "lastModifiedDateTime", "status"],
    compared: &["id", "action", "status", "createdDateTime", "lastModifiedDateTime"],
};

static OPERATION: Resource = Resource {
    collection: "operations",
    properties: &["createdDateTime", "data", "id", "lastModifiedDateTime", "operationType", "status"],
    compared: &["id", "operationType", "status", "createdDateTime", "lastModifiedDateTime"],
};

static CUSTOMER: Resource = Resource {
    collection: "delegatedAdminCustomers",
    properties: &["displayName", "id", "tenantId"],
    compared: &["id", "tenantId", "displayName"],
};

/// Between the partner and the id in the key of a relationship. Partners have ids of one length, so that keys come in
/// the order of the relationships.
const BETWEEN: char = '/';

/// Puts the resources of a collection on a page, in the order of their keys.
type Fill = fn(&Standpoint<'_>, &Asked, &Options, &mut Page<'_>) -> Result<(), Problem>;

/// The relationships.
pub(super) fn relationships(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    list(standpoint, asked, &RELATIONSHIP, fill_relationships)
}

/// How many relationships there are.
pub(super) fn relationships_count(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    count(standpoint, asked, &RELATIONSHIP, fill_relationships)
}

fn fill_relationships(
    standpoint: &Standpoint<'_>,
    _: &Asked,
    options: &Options,
    page: &mut Page<'_>,
) -> Result<(), Problem> {
    let after = options.begins_after().map(place).transpose()?;
    let wanted = |seen: &GdapSeen<'_>| options.wants(&write::gdap_relationship(seen, GdapAnswer::Shown));
    Walk::new(standpoint).each(after.as_ref(), &wanted, &mut |found| {
        let (partner, id) = &found.place;
        page.take(format!("{partner}{BETWEEN}{id}"), relationship_of(&found, standpoint))
    })
}

/// One relationship.
pub(super) fn relationship(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    odata::alone(relationship_of(&one(standpoint, asked)?, standpoint), asked, &RELATIONSHIP)
}

/// The access assignments of a relationship.
pub(super) fn assignments(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    list(standpoint, asked, &ASSIGNMENT, fill_assignments)
}

/// How many access assignments of a relationship there are.
pub(super) fn assignments_count(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    count(standpoint, asked, &ASSIGNMENT, fill_assignments)
}

fn fill_assignments(
    standpoint: &Standpoint<'_>,
    asked: &Asked,
    _: &Options,
    page: &mut Page<'_>,
) -> Result<(), Problem> {
    below(standpoint, asked, page, assignments_of)
}

/// One access assignment.
pub(super) fn assignment(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    one_below(standpoint, asked, "assignment", &ASSIGNMENT, assignments_of)
}

/// The requests of a relationship.
pub(super) fn requests(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    list(standpoint, asked, &REQUEST, fill_requests)
}

/// How many requests of a relationship there are.
pub(super) fn requests_count(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    count(standpoint, asked, &REQUEST, fill_requests)
}

fn fill_requests(standpoint: &Standpoint<'_>, asked: &Asked, _: &Options, page: &mut Page<'_>) -> Result<(), Problem> {
    below(standpoint, asked, page, requests_of)
}

/// One request.
pub(super) fn request(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    one_below(standpoint, asked, "request", &REQUEST, requests_of)
}

/// The long-running operations of a relationship.
pub(super) fn operations(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    list(standpoint, asked, &OPERATION, fill_operations)
}

/// How many long-running operations of a relationship there are.
pub(super) fn operations_count(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    count(standpoint, asked, &OPERATION, fill_operations)
}

fn fill_operations(
    standpoint: &Standpoint<'_>,
    asked: &Asked,
    _: &Options,
    page: &mut Page<'_>,
) -> Result<(), Problem> {
    below(standpoint, asked, page, operations_of)
}

/// One long-running operation.
pub(super) fn operation(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    one_below(standpoint, asked, "operation", &OPERATION, operations_of)
}

/// The customers with a relationship in force.
pub(super) fn customers(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    list(standpoint, asked, &CUSTOMER, fill_customers)
}

/// How many of them there are.
pub(super) fn customers_count(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    count(standpoint, asked, &CUSTOMER, fill_customers)
}

fn fill_customers(
    standpoint: &Standpoint<'_>,
    _: &Asked,
    options: &Options,
    page: &mut Page<'_>,
) -> Result<(), Problem> {
    let after: Option<CustomerId> = match options.begins_after() {
        Some(token) => Some(token.parse().map_err(|error| Problem::malformed("$skiptoken", &error))?),
        None => None,
    };
    for customer in Walk::new(standpoint).customers_in_force()? {
        if after.is_some_and(|after| customer <= after) {
            continue;
        }
        if page.take(customer.to_string(), customer_of(standpoint, customer)?).is_break() {
            break;
        }
    }
    Ok(())
}

/// One such customer.
pub(super) fn customer(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let customer: CustomerId = asked.needed("customer")?;
    if !Walk::new(standpoint).customers_in_force()?.contains(&customer) {
        return Err(Problem::not_found(&format!("no relationship with customer {customer} is in force")));
    }
    odata::alone(customer_of(standpoint, customer)?, asked, &CUSTOMER)
}

/// A relationship in the answer to its creation.
pub(super) fn made(found: &Found, standpoint: &Standpoint<'_>) -> Reply {
    whole(write::gdap_relationship(&found.seen(standpoint), GdapAnswer::Created), &RELATIONSHIP)
}

/// A relationship in the answer to a change of it.
pub(super) fn shown(found: &Found, standpoint: &Standpoint<'_>) -> Reply {
    whole(relationship_of(found, standpoint), &RELATIONSHIP)
}

/// An access assignment in the answer to a command on it.
pub(super) fn shown_assignment(
    found: &Found,
    id: AccessAssignmentId,
    standpoint: &Standpoint<'_>,
) -> Result<Reply, Problem> {
    Ok(whole(called(&ASSIGNMENT, &id.to_string(), assignments_of(found, standpoint)?)?, &ASSIGNMENT))
}

/// A request in the answer to its making.
pub(super) fn shown_request(found: &Found, id: &str, standpoint: &Standpoint<'_>) -> Result<Reply, Problem> {
    Ok(whole(called(&REQUEST, id, requests_of(found, standpoint)?)?, &REQUEST))
}

/// The tag of a relationship as it is shown.
pub(super) fn tag_of(found: &Found, standpoint: &Standpoint<'_>) -> String {
    text_at(&relationship_of(found, standpoint), TAG)
}

/// The tag of an access assignment as it is shown.
pub(super) fn tag_of_assignment(found: &Found, id: AccessAssignmentId, standpoint: &Standpoint<'_>) -> String {
    let shown = write::access_assignments(&found.seen(standpoint)).find(|shape| id_of(shape) == id.to_string());
    shown.map(|shape| text_at(&shape, TAG)).unwrap_or_default()
}

/// The resources of one kind that belong to a relationship.
type Below = fn(&Found, &Standpoint<'_>) -> Result<Vec<Shape>, Problem>;

fn list(standpoint: &Standpoint<'_>, asked: &Asked, resource: &'static Resource, fill: Fill) -> Result<Reply, Problem> {
    let options = Options::of(asked, resource)?;
    let mut page = options.page();
    fill(standpoint, asked, &options, &mut page)?;
    Ok(page.answer(standpoint))
}

fn count(
    standpoint: &Standpoint<'_>,
    asked: &Asked,
    resource: &'static Resource,
    fill: Fill,
) -> Result<Reply, Problem> {
    let options = Options::counting(asked, resource)?;
    let mut page = options.page();
    fill(standpoint, asked, &options, &mut page)?;
    Ok(page.count())
}

fn below(standpoint: &Standpoint<'_>, asked: &Asked, page: &mut Page<'_>, of: Below) -> Result<(), Problem> {
    let mut items: Vec<(String, Shape)> =
        of(&one(standpoint, asked)?, standpoint)?.into_iter().map(|shape| (id_of(&shape), shape)).collect();
    items.sort_by(|one, other| one.0.cmp(&other.0));
    for (id, shape) in items {
        if page.take(id, shape).is_break() {
            break;
        }
    }
    Ok(())
}

fn one_below(
    standpoint: &Standpoint<'_>,
    asked: &Asked,
    name: &str,
    resource: &Resource,
    of: Below,
) -> Result<Reply, Problem> {
    let id = asked.text(name).unwrap_or_default();
    odata::alone(called(resource, id, of(&one(standpoint, asked)?, standpoint)?)?, asked, resource)
}

/// The one that is called so.
fn called(resource: &Resource, id: &str, known: Vec<Shape>) -> Result<Shape, Problem> {
    let found = known.into_iter().find(|shape| id_of(shape).eq_ignore_ascii_case(id));
    found.ok_or_else(|| Problem::not_found(&format!("{}: none is called {id}", resource.collection)))
}

fn whole(shape: Shape, resource: &Resource) -> Reply {
    Reply::shape(&Collection::Graph(resource.collection).alone(shape))
}

fn one(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Found, Problem> {
    Walk::new(standpoint).one(&asked.needed("relationship")?)
}

fn relationship_of(found: &Found, standpoint: &Standpoint<'_>) -> Shape {
    write::gdap_relationship(&found.seen(standpoint), GdapAnswer::Shown)
}

fn assignments_of(found: &Found, standpoint: &Standpoint<'_>) -> Result<Vec<Shape>, Problem> {
    Ok(write::access_assignments(&found.seen(standpoint)).collect())
}

fn requests_of(found: &Found, standpoint: &Standpoint<'_>) -> Result<Vec<Shape>, Problem> {
    Ok(granular_requests(&found.known, &Walk::new(standpoint).rows(found)?))
}

fn operations_of(found: &Found, standpoint: &Standpoint<'_>) -> Result<Vec<Shape>, Problem> {
    Ok(granular_operations(&found.known, &Walk::new(standpoint).rows(found)?))
}

fn customer_of(standpoint: &Standpoint<'_>, customer: CustomerId) -> Result<Shape, Problem> {
    let name = standpoint.state_if_any(customer)?.and_then(|state| state.profile.name);
    Ok(write::gdap_customer(customer, name.as_ref().map(|name| name.value.as_str())))
}

fn id_of(shape: &Shape) -> String {
    text_at(shape, "id")
}

fn text_at(shape: &Shape, path: &str) -> String {
    match shape.at(path) {
        Some(Shape::Text(text)) => text.clone(),
        Some(Shape::Null | Shape::Flag(_) | Shape::Number(_) | Shape::List(_) | Shape::Object(_)) | None => {
            String::new()
        }
    }
}

fn place(token: &str) -> Result<Place, Problem> {
    let none = || Problem::malformed("$skiptoken", &"is none that was given out");
    let (partner, id) = token.split_once(BETWEEN).ok_or_else(none)?;
    Ok((partner.parse().map_err(|_| none())?, id.parse().map_err(|_| none())?))
}
