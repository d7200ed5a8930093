//! The directory's audit log: that a partner was added to the company, or removed.
//!
//! A partner is there a delegated administrator, so an addition says not that it resells, and a removal may be of its
//! administration alone. Both are observed, beside what the partner's side says. Where the record names the partner
//! is not published.

use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::event::relationship::ResellerRelationshipObserved;
use ofrecord_core::vocabulary::{RelationshipKind, RemovedBy};
use ofrecord_core::{Event, PartnerTenantId, StreamId};

use crate::node::Node;
use crate::reading::Severity;
use crate::scribe::Scribe;

/// What an activity says of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Added,
    Removed,
}

pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let activity = node.text("activityDisplayName").unwrap_or_default().trim().trim_end_matches('.');
    let change = if activity.eq_ignore_ascii_case("Add partner to company") {
        Change::Added
    } else if activity.eq_ignore_ascii_case("Remove partner from company") {
        Change::Removed
    } else {
        return scribe
            .whole(Severity::Note, "an activity of the directory that concerns no partner, so it is left out");
    };
    scribe.operation(activity);
    if let Some(id) = node.text("id") {
        scribe.record_id(id);
    }
    scribe.actor(actor(node));
    let Some(customer) = super::customer_or_bad(node, "tenantId", scribe) else { return };
    let Some(at) = node.instant("activityDateTime", scribe) else {
        return scribe.bad(&node.path("activityDateTime"), "the record says not when it happened, so it was not read");
    };
    let stream = StreamId::Customer(customer);
    if !node.text("result").is_some_and(|result| result.eq_ignore_ascii_case("success")) {
        let kept = scribe.kept(activity, KeptBecause::NotSucceeded, None);
        return scribe.state(stream, at, vec![kept]);
    }
    // Whose account the files were fetched with says nothing of the partner here: a directory has several.
    let Some(partner) = partner(node) else {
        scribe.note("targetResources", "the record names no partner by its tenant, so it is kept and not read");
        let kept = scribe.kept(activity, KeptBecause::ContentMissing, None);
        return scribe.state(stream, at, vec![kept]);
    };
    let (relationship, ended_by) = match change {
        Change::Added => (RelationshipKind::Unknown, None),
        Change::Removed => (RelationshipKind::None, Some(RemovedBy::Unknown)),
    };
    let seen = ResellerRelationshipObserved { partner, relationship, ended_by, via_provider: None };
    scribe.state(stream, at, vec![Event::ResellerRelationshipObserved(seen)]);
}

fn actor<'a>(node: &Node<'a>) -> Option<&'a str> {
    let initiated = node.object("initiatedBy")?;
    let user = initiated.object("user").and_then(|user| user.text("userPrincipalName"));
    user.or_else(|| initiated.object("app")?.text("displayName"))
}

/// A tenant under a name that speaks of a partner, among the additional details or the properties that changed.
fn partner(node: &Node<'_>) -> Option<PartnerTenantId> {
    let of_partner = |name: Option<&str>| name.is_some_and(|name| name.to_ascii_lowercase().contains("partner"));
    let details = node.objects("additionalDetails");
    let detailed =
        details.iter().filter(|pair| of_partner(pair.text("key"))).find_map(|pair| tenant(pair.text("value")?));
    let properties =
        node.objects("targetResources").into_iter().flat_map(|target| target.objects("modifiedProperties"));
    let mut changed = properties.filter(|property| of_partner(property.text("displayName")));
    detailed.or_else(|| {
        changed.find_map(|property| ["newValue", "oldValue"].iter().find_map(|name| tenant(property.text(name)?)))
    })
}

/// A tenant in a value, which may be a text of JSON itself: a GUID in quotes or in a list.
fn tenant(value: &str) -> Option<PartnerTenantId> {
    value.trim_matches(|letter: char| !letter.is_ascii_hexdigit()).parse().ok()
}
