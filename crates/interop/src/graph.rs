//! Microsoft Graph records: granular delegated administration as the partner sees it, and the customer's own directory.

mod below;
mod customer;
mod relationship;

use ofrecord_core::{Completeness, SourceSystem};

use crate::directory;
use crate::document::Page;
use crate::json::Object;
use crate::node::Node;
use crate::scribe::Scribe;

/// The kinds of records that are read, and what becomes of any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Relationship,
    AccessAssignment,
    Request,
    Operation,
    Customer,
    ServiceManagement,
    /// A record of the customer's own directory.
    Directory(directory::Kind),
    /// Nothing that this ledger answers for.
    Other,
}

impl Kind {
    /// The name for counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Relationship => "granular relationship",
            Self::AccessAssignment => "access assignment",
            Self::Request => "granular request",
            Self::Operation => "granular operation",
            Self::Customer => "granular customer",
            Self::ServiceManagement => "service management detail",
            Self::Directory(kind) => kind.name(),
            Self::Other => "other record of Microsoft Graph",
        }
    }
}

/// What a record is by its own type, else by the collection it stands in; none for a record of another service.
pub(crate) fn kind_of(record: &Object, page: &Page) -> Option<Kind> {
    let own = record.text("@odata.type").filter(|word| word.to_ascii_lowercase().contains("microsoft.graph."));
    if let Some(name) = own.and_then(|word| word.rsplit('.').next()) {
        return Some(find(TYPES, name).unwrap_or(Kind::Other));
    }
    let context = record.text("@odata.context").or(page.odata_context.as_deref())?;
    let (service, collection) = context.split_once('#')?;
    let service = service.to_ascii_lowercase();
    if !service.contains("graph.microsoft") && !service.contains("microsoftgraph") {
        return None;
    }
    // A single record's context ends in `$entity`, and one that was asked for some properties names those.
    if collection.to_ascii_lowercase().contains("crosstenantaccesspolicy/partners") {
        return Some(Kind::Directory(directory::Kind::Partner));
    }
    let last = collection.split('/').rfind(|part| !part.is_empty() && !part.starts_with('$'))?;
    let name = last.split('(').next().unwrap_or(last);
    Some(find(COLLECTIONS, name).unwrap_or(Kind::Other))
}

fn find(list: &[(&str, Kind)], name: &str) -> Option<Kind> {
    list.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind)
}

const TYPES: &[(&str, Kind)] = &[
    ("delegatedAdminRelationship", Kind::Relationship),
    ("resellerDelegatedAdminRelationship", Kind::Relationship),
    ("delegatedAdminAccessAssignment", Kind::AccessAssignment),
    ("delegatedAdminRelationshipRequest", Kind::Request),
    ("delegatedAdminRelationshipOperation", Kind::Operation),
    ("delegatedAdminCustomer", Kind::Customer),
    ("delegatedAdminServiceManagementDetail", Kind::ServiceManagement),
    ("directoryAudit", Kind::Directory(directory::Kind::Audit)),
    ("crossTenantAccessPolicyConfigurationPartner", Kind::Directory(directory::Kind::Partner)),
    ("signIn", Kind::Directory(directory::Kind::SignIn)),
];

const COLLECTIONS: &[(&str, Kind)] = &[
    ("delegatedAdminRelationships", Kind::Relationship),
    ("accessAssignments", Kind::AccessAssignment),
    ("requests", Kind::Request),
    ("operations", Kind::Operation),
    ("delegatedAdminCustomers", Kind::Customer),
    ("serviceManagementDetails", Kind::ServiceManagement),
    ("directoryAudits", Kind::Directory(directory::Kind::Audit)),
    ("signIns", Kind::Directory(directory::Kind::SignIn)),
];

/// Reads a record.
pub(crate) fn read(kind: Kind, node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::Graph, Completeness::Full);
    match kind {
        Kind::Relationship => relationship::read(node, scribe),
        Kind::AccessAssignment => below::read_assignment(node, page, scribe),
        Kind::Request => below::read_request(node, page, scribe),
        Kind::Operation => below::read_operation(node, page, scribe),
        Kind::Customer => customer::read(node, scribe),
        Kind::Directory(kind) => directory::read(kind, node, scribe),
        Kind::ServiceManagement | Kind::Other => customer::keep(node, page, scribe),
    }
}
