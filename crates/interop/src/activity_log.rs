//! The activity log as the portal exports it: when, for which customer by name, what, and by whom.
//!
//! It names neither customer nor resource by an id, so a line is kept and no fact is taken from it. The audit records
//! behind it have both.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::{Completeness, SourceSystem};

use crate::node::Node;
use crate::scribe::Scribe;

/// Keeps a line of the log.
pub(crate) fn keep(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    scribe.source(SourceSystem::PortalExport, Completeness::HeaderOnly);
    scribe.actor(node.text("performedBy"));
    let action = node.text("action").unwrap_or("activity");
    let customer = node.text("affectedCustomer").unwrap_or("no customer");
    let at = node.instant("dateTime", scribe);
    scribe.note("action", "the activity log names customers and resources without their ids, so its lines are kept and not read; import the audit records behind it");
    let Some(stream) = scribe.stream_of(None, None) else {
        return scribe.bad("affectedCustomer", "the line names no customer by its id; pass --partner to keep it");
    };
    let summary = format!("affected customer: {customer}");
    let kept = scribe.kept(action, KeptBecause::ContentMissing, Some(summary));
    match at {
        Some(at) => scribe.state(stream, at, vec![kept]),
        None => scribe.state_seen(stream, vec![kept]),
    }
}
