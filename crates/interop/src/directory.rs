//! What the customer's own directory shows of its partners: the one side that sees all of them.

mod audit;
mod partner;
mod sign_in;

use ofrecord_core::{Completeness, CustomerId, SourceSystem};

use crate::node::Node;
use crate::scribe::Scribe;

/// The records of the customer's directory that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A record of the directory's audit log.
    Audit,
    /// A tenant in the cross-tenant access policy.
    Partner,
    /// A sign-in.
    SignIn,
}

impl Kind {
    /// The name for counts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Audit => "audit record of the customer's directory",
            Self::Partner => "tenant in the customer's cross-tenant policy",
            Self::SignIn => "sign-in at the customer",
        }
    }
}

/// Reads a record. What does not concern a partner is left out: a customer's directory log is full of its people.
pub(crate) fn read(kind: Kind, node: &Node<'_>, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::CustomerDirectory, Completeness::Full);
    match kind {
        Kind::Audit => audit::read(node, scribe),
        Kind::Partner => partner::read(node, scribe),
        Kind::SignIn => sign_in::read(node, scribe),
    }
}

/// The customer whose directory it is. A directory does not name itself, so the operator does.
fn customer_or_bad(node: &Node<'_>, field: &str, scribe: &mut Scribe<'_>) -> Option<CustomerId> {
    let own = node.id(field, scribe);
    if let (Some(own), Some(given)) = (own, scribe.context().customer)
        && own != given
    {
        scribe
            .note(&node.path(field), "the record names another customer than the one given; the record's word counts");
    }
    let customer = own.or(scribe.context().customer);
    if customer.is_none() {
        scribe.bad(
            &node.path(field),
            "the record does not say whose directory it is, so it was not read; pass --customer",
        );
    }
    customer
}
