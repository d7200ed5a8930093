//! The whole present view of a stream as one value: what a rebuild is compared with, row by row, and what is hashed.

use ofrecord_core::fold::Cell;
use ofrecord_core::state::access::{DapCoverage, DapEnd, Listing};
use ofrecord_core::state::customer::Profile;
use ofrecord_core::state::{
    Access, Agreement, CporAssociation, Customer, Invitation, Partner, Partnership, Relationship, Subscription,
};
use ofrecord_core::{Custody, CustomerId, PartnerTenantId};
use serde_json::Value;

use crate::json;
use crate::record::{CustomerRecord, LedgerRecord, PartnerRecord};
use crate::resellers::{self, EstablishedBy};

mod custody;
mod granular;
mod transfer;
mod written;

use written::{Fields, Written, array, map};

/// Changes whenever the fold, or what a row holds, changes. Stored rows of
/// another version must be thrown away and built again.
pub const FOLD_VERSION: &str = "7";

/// A customer's present view after everything known, without what only time brings about: JSON in its one byte form,
/// with sorted keys and without spaces.
#[must_use]
pub fn present_bytes(record: &CustomerRecord) -> Vec<u8> {
    present_bytes_of(record.id(), record.latest())
}

/// The same from a customer's state after everything known.
#[must_use]
pub fn present_bytes_of(id: CustomerId, state: &Customer) -> Vec<u8> {
    Fields::new()
        .value("customer", &id.to_string())
        .piece("profile", profile(&state.profile))
        .piece("resellers", map(state.resellers.relationships.iter().map(|(id, value)| (id, relationship(value)))))
        .piece("access", map(state.access.partners.iter().map(|(id, value)| (id, access(value)))))
        .piece(
            "granular",
            map(state.access.granular.by_id.iter().map(|(id, value)| (id, granular::relationship(value)))),
        )
        .piece("agreements", array(state.agreements.iter().map(agreement)))
        .piece("subscriptions", map(state.subscriptions.by_id.iter().map(|(id, value)| (id, subscription(value)))))
        .piece("transfers", map(state.transfers.iter().map(|(id, value)| (id, transfer::transfer(value)))))
        .piece("coverage", coverage(state))
        .done()
        .into_bytes()
}

/// The same as a value.
#[must_use]
pub fn present_row(record: &CustomerRecord) -> Value {
    json::read(&present_bytes(record))
}

/// The present view of the ledger's own custody.
#[must_use]
pub fn present_ledger_bytes(record: &LedgerRecord) -> Vec<u8> {
    present_ledger_bytes_of(record.latest())
}

/// The same from its state after everything known.
#[must_use]
pub fn present_ledger_bytes_of(state: &Custody) -> Vec<u8> {
    custody::custody(state).into_bytes()
}

/// A partner's present view after everything known.
#[must_use]
pub fn present_partner_bytes(record: &PartnerRecord) -> Vec<u8> {
    present_partner_bytes_of(record.id(), record.latest())
}

/// The same from a partner's state after everything known.
#[must_use]
pub fn present_partner_bytes_of(id: PartnerTenantId, state: &Partner) -> Vec<u8> {
    let partnerships = state
        .partnerships
        .iter()
        .map(|((provider, reseller), value)| (format!("{provider}/{reseller}"), partnership(value)));
    Fields::new()
        .value("partner", &id.to_string())
        .piece("account", account(state))
        .piece("invitations", array(state.invitations.iter().map(invitation)))
        .piece("granular", map(state.granular.by_id.iter().map(|(id, value)| (id, granular::relationship(value)))))
        .piece("groups", map(state.groups.iter().map(|(id, value)| (id, granular::group(value)))))
        .piece("partnerships", map(partnerships))
        .done()
        .into_bytes()
}

/// The one byte form of a value: sorted keys, no spaces.
#[must_use]
pub fn canonical_bytes(value: &Value) -> Vec<u8> {
    json::canonical(value)
}

fn profile(profile: &Profile) -> Written {
    let associated =
        map(profile.associated_partner.iter().map(|(provider, associated)| (provider, Written::cell(associated))));
    let tenants =
        map(profile.associated_tenant.iter().map(|(provider, associated)| (provider, Written::cell(associated))));
    Fields::new()
        .cell("name", profile.name.as_ref())
        .cell("domain", profile.domain.as_ref())
        .cell("market", profile.market.as_ref())
        .cell("tenant_type", profile.tenant_type.as_ref())
        .cell("account_status", profile.account_status.as_ref())
        .piece("associated_partner", associated)
        .piece("associated_tenant", tenants)
        .done()
}

/// What kind of tenant a customer is, and whether its account is in order. Not its name: a partner who adds a
/// customer says what it calls it.
pub(crate) fn account_columns(profile: &Profile) -> Value {
    Fields::new()
        .cell("status", profile.account_status.as_ref())
        .cell("tenant_type", profile.tenant_type.as_ref())
        .done()
        .value()
}

fn relationship(relationship: &Relationship) -> Written {
    let how = &relationship.established.value;
    let established = Fields::new()
        .value("how", &EstablishedBy::of(how))
        .value("provider", &resellers::via_provider(how))
        .value("from", &resellers::extended_from(how))
        .stamp("set", Some(relationship.established.set))
        .done();
    Fields::new()
        .cell("kind", Some(&relationship.kind))
        .piece("established", established)
        .cell("accepted_by", relationship.accepted_by.as_ref())
        .cell("consent_reference", relationship.consent_reference.as_ref())
        .value("generation", &relationship.generation)
        .cell("ended", relationship.ended.as_ref())
        .cell("removed_by", relationship.removed_by.as_ref())
        .stamp("confirmed", relationship.confirmed)
        .done()
}

fn access(access: &Access) -> Written {
    let dap = access.dap.iter().map(|(coverage, grant)| {
        let service = match coverage {
            DapCoverage::Tenant => None,
            DapCoverage::Service(name) => Some(name),
        };
        Fields::new()
            .value("service", &service)
            .stamp("granted", Some(grant.granted))
            .value("started_at", &grant.started_at)
            .done()
    });
    let roles = access.azure_roles.iter().map(|(role, set)| {
        Fields::new().value("scope", &role.scope).value("role", &role.role).stamp("set", Some(*set)).done()
    });
    let listed = access.listed.as_ref().map(|cell| Cell::new(listing(cell.value), cell.set));
    let fields = Fields::new()
        .piece("dap", array(dap))
        .cell("last_sign_in", access.last_sign_in.as_ref())
        .piece("azure_roles", array(roles))
        .cell("transition", access.transition.as_ref())
        .stamp("used", access.used)
        .cell("listed", listed.as_ref());
    match &access.dap_ended {
        Some(end) => fields.piece("dap_ended", dap_ended(end)).done(),
        None => fields.done(),
    }
}

fn dap_ended(end: &DapEnd) -> Written {
    let fields = Fields::new().value("value", &end.by).stamp("set", Some(end.set));
    match &end.cause {
        Some(cause) => fields.value("cause", cause).done(),
        None => fields.done(),
    }
}

fn listing(listing: Listing) -> &'static str {
    match listing {
        Listing::Listed => "listed",
        Listing::NotListed => "not_listed",
    }
}

fn agreement(agreement: &Agreement) -> Written {
    Fields::new()
        .value("agreement_type", &agreement.agreement_type)
        .value("method", &agreement.method)
        .value("attested_by", &agreement.attested_by)
        .value("date_agreed", &agreement.date_agreed)
        .value("template_id", &agreement.template_id)
        .stamp("set", Some(agreement.set))
        .done()
}

/// By column of the effect matrix; the support contact stands beside them.
fn subscription(subscription: &Subscription) -> Written {
    columns_of(subscription)
        .cell("support_contact", subscription.support_contact.as_ref())
        .stamp("first_seen", Some(subscription.first_seen))
        .done()
}

/// The columns of a subscription alone, as they stand in a present view.
pub(crate) fn subscription_columns(subscription: &Subscription) -> Value {
    columns_of(subscription).done().value()
}

fn columns_of(subscription: &Subscription) -> Fields {
    let record = &subscription.partners_of_record;
    let partners_of_record = Fields::new()
        .cell("reseller_of_record", record.reseller_of_record.as_ref())
        .cell("additional_sellers", record.additional_sellers.as_ref())
        .cell("dpor", record.dpor.as_ref())
        .cell("pal", record.pal.as_ref())
        .piece("cpor", map(record.cpor.iter().map(|(workload, value)| (workload, association(value)))))
        .done();
    Fields::new()
        .cell("owner", subscription.owner.as_ref())
        .piece("terms", terms(subscription))
        .piece("partners_of_record", partners_of_record)
}

fn association(association: &CporAssociation) -> Written {
    let claims = association.claims.iter().map(|(claimant, claim)| {
        let fields = Fields::new().cell("state", Some(&claim.state)).value("claim_id", &claim.claim_id);
        (claimant, fields.done())
    });
    Fields::new().cell("associated", association.associated.as_ref()).piece("claims", map(claims)).done()
}

fn terms(subscription: &Subscription) -> Written {
    let terms = &subscription.terms;
    Fields::new()
        .cell("order", terms.order.as_ref())
        .cell("product", terms.product.as_ref())
        .cell("friendly_name", terms.friendly_name.as_ref())
        .cell("quantity", terms.quantity.as_ref())
        .cell("status", terms.status.as_ref())
        .cell("suspension_reason", terms.suspension_reason.as_ref())
        .cell("bought_at", terms.bought_at.as_ref())
        .cell("term_start", terms.term_start.as_ref())
        .cell("term", terms.term.as_ref())
        .cell("commitment_end", terms.commitment_end.as_ref())
        .cell("cancellation_allowed_until", terms.cancellation_allowed_until.as_ref())
        .value("refund_options", &terms.refund_options)
        .value("refundable", &terms.refundable)
        .cell("billing_cycle", terms.billing_cycle.as_ref())
        .cell("auto_renew", terms.auto_renew.as_ref())
        .cell("renewal_term", terms.renewal_term.as_ref())
        .cell("next_term", terms.next_term.as_ref())
        .cell("trial", terms.trial.as_ref())
        .cell("parent", terms.parent.as_ref())
        .cell("entitlement", terms.entitlement.as_ref())
        .cell("agreement", terms.agreement.as_ref())
        .cell("price_terms", terms.price_terms.as_ref())
        .cell("listing", terms.listing.as_ref())
        .cell("converted_into", terms.converted_into.as_ref())
        .cell("transferred_to", terms.transferred_to.as_ref())
        .cell("transferred_from", terms.transferred_from.as_ref())
        .cell("data_kept_until", terms.data_kept_until.as_ref())
        .cell("pending", terms.pending.as_ref())
        .value("updates", &terms.updates)
        .stamp("updated", terms.updated)
        .done()
}

fn coverage(state: &Customer) -> Written {
    array(state.coverage.iter().map(|read| {
        Fields::new()
            .value("source", &read.source)
            .value("from", &read.from)
            .value("to", &read.to)
            .stamp("set", Some(read.set))
            .done()
    }))
}

fn account(partner: &Partner) -> Written {
    Fields::new()
        .cell("name", partner.name.as_ref())
        .cell("partner_type", partner.partner_type.as_ref())
        .cell("partner_id", partner.partner_id.as_ref())
        .cell("markets", partner.markets.as_ref())
        .cell("programme", partner.programme.as_ref())
        .cell("indirect_reseller_enrolment", partner.indirect_reseller_enrolment.as_ref())
        .cell("suspended", partner.suspended.as_ref())
        .stamp("agreement_accepted", partner.agreement_accepted)
        .done()
}

fn invitation(link: &Invitation) -> Written {
    Fields::new()
        .stamp("made", Some(link.made))
        .value("dap", &link.dap)
        .value("via_provider", &link.via_provider)
        .value("expires_at", &link.expires_at)
        .value("link_url", &link.link_url)
        .done()
}

fn partnership(partnership: &Partnership) -> Written {
    Fields::new()
        .stamp("invited", partnership.invited)
        .stamp("created", partnership.created)
        .stamp("removed", partnership.removed)
        .value("reseller_partner_id", &partnership.reseller_partner_id)
        .value("reseller_name", &partnership.reseller_name)
        .value("reseller_market", &partnership.reseller_market)
        .done()
}

#[cfg(test)]
mod tests;
