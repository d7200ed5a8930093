//! Microsoft Graph records of granular delegated administration: recognised and kept.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{Completeness, SourceSystem};

use crate::document::Page;
use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;
use crate::uri;

/// Keeps a record: this ledger does not yet answer for granular administration.
pub(crate) fn keep(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::Graph, Completeness::Full);
    let word = node.text("@odata.type").or_else(|| node.text("@odata.context")).or(page.odata_context.as_deref());
    let operation = word.unwrap_or_default().rsplit(['.', '#']).next().unwrap_or_default();
    let customer = node.object("customer").and_then(|customer| customer.id("tenantId", scribe));
    let customer = customer.or_else(|| node.text("tenantId").and_then(|id| id.parse().ok()));
    let customer = customer.or_else(|| {
        let collection = page.odata_context.as_deref()?.split_once('#')?.1;
        uri::id_after(collection, "delegatedAdminCustomers")
    });
    let customer = customer.or(scribe.context().customer);
    let Some(stream) = scribe.stream_of(customer, None) else {
        return scribe.whole(
            Severity::Note,
            format!("{operation} names no customer, so it is left out; pass --customer or --partner to keep it"),
        );
    };
    let event = scribe.kept(operation, KeptBecause::OutOfScope, None);
    scribe.state_seen(stream, vec![event]);
}
