//! Granular relationships as the partner's list shows them.

use ofrecord_core::event::gdap::GdapRelationshipObserved;
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::vocabulary::GdapStatus;
use ofrecord_core::{CustomerId, PartnerTenantId, StreamId};

use crate::node::Node;
use crate::resource::granular::{relationship, state_relationship};
use crate::scribe::Scribe;

/// One relationship of the partner whose list it stands in.
pub(super) fn read(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(id) = node.required_granular_id("id", scribe) else { return };
    let Some(partner) = scribe.partner_or_bad("the relationship") else { return };
    let shown = relationship(node, partner, id, scribe);
    if shown.provider == Some(partner) {
        return keep_of_provider(&shown, partner, scribe);
    }
    let customer = customer(&shown, scribe);
    state_relationship(&GdapRelationshipObserved { customer, ..shown }, scribe);
}

/// The customer it is with. One that nobody has approved yet may be for no customer in particular, whatever became of
/// it later.
fn customer(shown: &GdapRelationshipObserved, scribe: &mut Scribe<'_>) -> Option<CustomerId> {
    match shown.status {
        Some(GdapStatus::Created | GdapStatus::ApprovalPending) => shown.customer.or(scribe.context().customer),
        Some(
            GdapStatus::Approved
            | GdapStatus::Activating
            | GdapStatus::Active
            | GdapStatus::Expiring
            | GdapStatus::Expired
            | GdapStatus::TerminationRequested
            | GdapStatus::Terminating
            | GdapStatus::Terminated
            | GdapStatus::Rejected
            | GdapStatus::RequestExpired
            | GdapStatus::Deleted
            | GdapStatus::Unrecognised(_),
        )
        | None => scribe.customer_of(&shown.relationship, shown.customer),
    }
}

/// A provider's own list does not say for which of its resellers it made a relationship, and that reseller is the
/// one who administers by it.
fn keep_of_provider(shown: &GdapRelationshipObserved, provider: PartnerTenantId, scribe: &mut Scribe<'_>) {
    scribe.note(
        "indirectProviderTenantId",
        "the partner given made the relationship for a reseller that the record does not name, so it is kept and not \
         read; read the reseller's own list",
    );
    let summary = "made by the provider for a reseller that is not named".to_owned();
    let kept = scribe.kept("resellerDelegatedAdminRelationship", KeptBecause::ContentMissing, Some(summary));
    scribe.state_seen(shown.customer.map_or(StreamId::Partner(provider), StreamId::Customer), vec![kept]);
}
