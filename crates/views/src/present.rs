//! The whole present view of a stream as one value: what a rebuild is compared with, row by row, and what is hashed.

use std::fmt::Display;

use ofrecord_core::fold::{Cell, Stamp};
use ofrecord_core::state::access::{DapCoverage, DapEnd, Listing};
use ofrecord_core::state::customer::Profile;
use ofrecord_core::state::{
    Access, Agreement, CporAssociation, Customer, Partner, Partnership, Relationship, Subscription,
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::json;
use crate::record::{CustomerRecord, LedgerRecord, PartnerRecord};
use crate::resellers::{self, EstablishedBy};

mod custody;
mod granular;
mod transfer;

/// Changes whenever the fold, or what a row holds, changes. Stored rows of
/// another version must be thrown away and built again.
pub const FOLD_VERSION: &str = "7";

/// A customer's present view after everything known, without what only time brings about.
#[must_use]
pub fn present_row(record: &CustomerRecord) -> Value {
    let state = record.history().latest();
    json!({
        "customer": record.id().to_string(),
        "profile": profile(&state.profile),
        "resellers": map(state.resellers.relationships.iter().map(|(id, value)| (id, relationship(value)))),
        "access": map(state.access.partners.iter().map(|(id, value)| (id, access(value)))),
        "granular": map(state.access.granular.by_id.iter().map(|(id, value)| (id, granular::relationship(value)))),
        "agreements": state.agreements.iter().map(agreement).collect::<Vec<_>>(),
        "subscriptions": map(state.subscriptions.by_id.iter().map(|(id, value)| (id, subscription(value)))),
        "transfers": map(state.transfers.iter().map(|(id, value)| (id, transfer::transfer(value)))),
        "coverage": coverage(state),
    })
}

/// The present view of the ledger's own custody.
#[must_use]
pub fn present_ledger_row(record: &LedgerRecord) -> Value {
    custody::custody(record.history().latest())
}

/// A partner's present view after everything known.
#[must_use]
pub fn present_partner_row(record: &PartnerRecord) -> Value {
    let state = record.history().latest();
    json!({
        "partner": record.id().to_string(),
        "account": account(state),
        "invitations": invitations(state),
        "granular": map(state.granular.by_id.iter().map(|(id, value)| (id, granular::relationship(value)))),
        "groups": map(state.groups.iter().map(|(id, value)| (id, granular::group(value)))),
        "partnerships": map(
            state.partnerships.iter().map(|((provider, reseller), value)| {
                (format!("{provider}/{reseller}"), partnership(value))
            })
        ),
    })
}

/// The one byte form of a value: sorted keys, no spaces.
#[must_use]
pub fn canonical_bytes(value: &Value) -> Vec<u8> {
    json::canonical(value)
}

fn stamp(stamp: Stamp) -> Value {
    let mut value = json!({
        "position": stamp.at.position,
        "index": stamp.at.index,
        "effective_at": stamp.effective_at.to_string(),
    });
    if let (Some(by), Some(fields)) = (stamp.corrected_by, value.as_object_mut()) {
        fields.insert("corrected_by".to_owned(), json!({"position": by.position, "index": by.index}));
    }
    value
}

fn cell<T: Serialize>(cell: &Cell<T>) -> Value {
    json!({"value": json::value(&cell.value), "set": stamp(cell.set)})
}

fn map<K: Display>(entries: impl Iterator<Item = (K, Value)>) -> Value {
    Value::Object(entries.map(|(key, value)| (key.to_string(), value)).collect())
}

/// Collects the cells that are there.
struct Fields(Map<String, Value>);

impl Fields {
    fn new() -> Self {
        Self(Map::new())
    }

    fn cell<T: Serialize>(mut self, name: &str, value: Option<&Cell<T>>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), cell(value));
        }
        self
    }

    fn stamp(mut self, name: &str, value: Option<Stamp>) -> Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), stamp(value));
        }
        self
    }

    fn value<T: Serialize>(mut self, name: &str, value: &T) -> Self {
        self.0.insert(name.to_owned(), json::value(value));
        self
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn profile(profile: &Profile) -> Value {
    let associated = map(profile.associated_partner.iter().map(|(provider, associated)| (provider, cell(associated))));
    let tenants = map(profile.associated_tenant.iter().map(|(provider, associated)| (provider, cell(associated))));
    Fields::new()
        .cell("name", profile.name.as_ref())
        .cell("domain", profile.domain.as_ref())
        .cell("market", profile.market.as_ref())
        .cell("tenant_type", profile.tenant_type.as_ref())
        .cell("account_status", profile.account_status.as_ref())
        .value("associated_partner", &associated)
        .value("associated_tenant", &tenants)
        .done()
}

/// What kind of tenant a customer is, and whether its account is in order. Not its name: a partner who adds a
/// customer says what it calls it.
pub(crate) fn account_columns(profile: &Profile) -> Value {
    Fields::new()
        .cell("status", profile.account_status.as_ref())
        .cell("tenant_type", profile.tenant_type.as_ref())
        .done()
}

fn relationship(relationship: &Relationship) -> Value {
    let how = &relationship.established.value;
    let established = json!({
        "how": EstablishedBy::of(how),
        "provider": resellers::via_provider(how),
        "from": resellers::extended_from(how),
        "set": stamp(relationship.established.set),
    });
    Fields::new()
        .cell("kind", Some(&relationship.kind))
        .value("established", &established)
        .cell("accepted_by", relationship.accepted_by.as_ref())
        .cell("consent_reference", relationship.consent_reference.as_ref())
        .value("generation", &relationship.generation)
        .cell("ended", relationship.ended.as_ref())
        .cell("removed_by", relationship.removed_by.as_ref())
        .stamp("confirmed", relationship.confirmed)
        .done()
}

fn access(access: &Access) -> Value {
    let dap: Vec<Value> = access
        .dap
        .iter()
        .map(|(coverage, grant)| {
            let service = match coverage {
                DapCoverage::Tenant => None,
                DapCoverage::Service(name) => Some(name),
            };
            Fields::new()
                .value("service", &service)
                .stamp("granted", Some(grant.granted))
                .value("started_at", &grant.started_at)
                .done()
        })
        .collect();
    let roles: Vec<Value> = access
        .azure_roles
        .iter()
        .map(|(role, set)| json!({"scope": role.scope, "role": role.role, "set": stamp(*set)}))
        .collect();
    let listed = access.listed.as_ref().map(|cell| Cell::new(listing(cell.value), cell.set));
    let fields = Fields::new()
        .value("dap", &dap)
        .cell("last_sign_in", access.last_sign_in.as_ref())
        .value("azure_roles", &roles)
        .cell("transition", access.transition.as_ref())
        .stamp("used", access.used)
        .cell("listed", listed.as_ref());
    match &access.dap_ended {
        Some(end) => fields.value("dap_ended", &dap_ended(end)).done(),
        None => fields.done(),
    }
}

fn dap_ended(end: &DapEnd) -> Value {
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

fn agreement(agreement: &Agreement) -> Value {
    json!({
        "agreement_type": agreement.agreement_type,
        "method": agreement.method,
        "attested_by": agreement.attested_by,
        "date_agreed": agreement.date_agreed,
        "template_id": agreement.template_id,
        "set": stamp(agreement.set),
    })
}

/// By column of the effect matrix; the support contact stands beside them.
fn subscription(subscription: &Subscription) -> Value {
    columns_of(subscription)
        .cell("support_contact", subscription.support_contact.as_ref())
        .stamp("first_seen", Some(subscription.first_seen))
        .done()
}

/// The columns of a subscription alone, as they stand in a present view.
pub(crate) fn subscription_columns(subscription: &Subscription) -> Value {
    columns_of(subscription).done()
}

fn columns_of(subscription: &Subscription) -> Fields {
    let record = &subscription.partners_of_record;
    let partners_of_record = Fields::new()
        .cell("reseller_of_record", record.reseller_of_record.as_ref())
        .cell("additional_sellers", record.additional_sellers.as_ref())
        .cell("dpor", record.dpor.as_ref())
        .cell("pal", record.pal.as_ref())
        .value("cpor", &map(record.cpor.iter().map(|(workload, value)| (workload, association(value)))))
        .done();
    Fields::new()
        .cell("owner", subscription.owner.as_ref())
        .value("terms", &terms(subscription))
        .value("partners_of_record", &partners_of_record)
}

fn association(association: &CporAssociation) -> Value {
    let claims = association.claims.iter().map(|(claimant, claim)| {
        let fields = Fields::new().cell("state", Some(&claim.state)).value("claim_id", &claim.claim_id);
        (claimant, fields.done())
    });
    Fields::new().cell("associated", association.associated.as_ref()).value("claims", &map(claims)).done()
}

fn terms(subscription: &Subscription) -> Value {
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

fn coverage(state: &Customer) -> Vec<Value> {
    state
        .coverage
        .iter()
        .map(|read| json!({"source": read.source, "from": read.from, "to": read.to, "set": stamp(read.set)}))
        .collect()
}

fn account(partner: &Partner) -> Value {
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

fn invitations(partner: &Partner) -> Vec<Value> {
    partner
        .invitations
        .iter()
        .map(|link| {
            Fields::new()
                .stamp("made", Some(link.made))
                .value("dap", &link.dap)
                .value("via_provider", &link.via_provider)
                .value("expires_at", &link.expires_at)
                .value("link_url", &link.link_url)
                .done()
        })
        .collect()
}

fn partnership(partnership: &Partnership) -> Value {
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
