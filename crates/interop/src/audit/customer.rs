//! Audit operations on a customer: relationship, delegated administration, profile, agreement.

use std::collections::BTreeSet;

use ofrecord_core::event::customer::CustomerProfileChanged;
use ofrecord_core::event::dap::{DapGranted, DapRemoved, DapTerminatedByMicrosoft};
use ofrecord_core::event::relationship::{
    CustomerAdded, CustomerDeleted, ResellerRelationshipAcceptedByCustomer, ResellerRelationshipExtended,
    ResellerRelationshipRemovedByPartner,
};
use ofrecord_core::vocabulary::{RelationshipKind, Services};
use ofrecord_core::{Cloud, Event, PartnerTenantId, StreamId};

use super::{AuditRecord, Gap, Telling, Told};
use crate::resource::agreement::attested;
use crate::resource::customer::{Profile, billing_profile, profile};
use crate::scribe::Scribe;
use crate::word::Word;

pub(super) fn added(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let shown = record.new_value().map(|node| profile(&node, scribe)).unwrap_or_default();
    let relationship = shown.relationship.clone().or_else(|| customized_relationship(record, scribe));
    let name = shown.name.clone().or_else(|| record.node.text("customerName").map(str::to_owned));
    if name.is_none() {
        scribe.note("customerName", "the record does not give the company's name");
    }
    let added = CustomerAdded {
        partner,
        name: name.unwrap_or_default(),
        domain: shown.domain.clone().or_else(|| record.customized("PrimaryDomainName").map(str::to_owned)),
        market: shown.market.clone(),
        associated_partner_id: shown.associated_partner_id.clone(),
        relationship: relationship.unwrap_or(RelationshipKind::Unknown),
        generation: 1,
        enable_gdap_by_default: None,
    };
    let events = [Event::CustomerAdded(added)].into_iter().chain(shown.associate_observed(partner));
    record.of_customer(events.chain(shown.dap_observed(partner)).collect())
}

fn customized_relationship(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Option<RelationshipKind> {
    let word = record.customized("Relationship")?;
    let kind = RelationshipKind::read(word);
    if !kind.is_published() {
        scribe.unrecognised("customizedData.Relationship", word);
    }
    Some(kind)
}

/// Who accepted is left to the statement's actor: a webhook on the same
/// acceptance does not have it, and the two must state one fact (rule L-6).
pub(super) fn accepted(record: &AuditRecord<'_>) -> Telling {
    let accepted = ResellerRelationshipAcceptedByCustomer {
        partner: record.partner()?,
        accepted_by: None,
        via_provider: None,
        market: None,
        generation: 1,
    };
    record.of_customer(vec![Event::ResellerRelationshipAcceptedByCustomer(accepted)])
}

/// The partner whose record it is extended its relationship. The provider is looked for where a record could name
/// one, as none of these records is published.
pub(super) fn extended(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let from_partner = record.partner()?;
    let names = ["indirectProviderTenantId", "providerTenantId", "targetPartnerTenantId", "indirectCspId"];
    let customized = names.iter().find_map(|name| record.customized(name)?.parse().ok());
    let shown = || record.new_value().and_then(|node| names.iter().find_map(|name| node.text(name)?.parse().ok()));
    let provider: PartnerTenantId = customized.or_else(shown).ok_or(Gap::Content("customizedData.ProviderTenantId"))?;
    if provider == from_partner {
        scribe.bad("customizedData", "the record names the partner itself as its provider, so it was not read");
        return Ok(Vec::new());
    }
    let consent_reference = record.customized("ConsentReference").map(str::to_owned);
    let extended = ResellerRelationshipExtended { provider, from_partner, consent_reference, generation: 1 };
    record.of_customer(vec![Event::ResellerRelationshipExtended(extended)])
}

pub(super) fn removed(record: &AuditRecord<'_>) -> Telling {
    let removed = ResellerRelationshipRemovedByPartner {
        partner: record.partner()?,
        removed_by: record.user.map(str::to_owned),
        subscriptions_considered: BTreeSet::new(),
        generation: 1,
    };
    record.of_customer(vec![Event::ResellerRelationshipRemovedByPartner(removed)])
}

pub(super) fn deleted(record: &AuditRecord<'_>) -> Telling {
    record.of_customer(vec![Event::CustomerDeleted(CustomerDeleted { partner: record.partner()? })])
}

pub(super) fn dap_granted(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    if scribe.context().cloud == Cloud::China21Vianet {
        scribe.note("operationType", "the record does not name the services, so the privileges count for all of them");
    }
    let granted = DapGranted { partner: record.partner()?, services: Services::All };
    record.of_customer(vec![Event::DapGranted(granted)])
}

/// The published record does not say whether the customer or the partner ended
/// the privileges, and an account name alone does not prove it.
pub(super) fn dap_terminated(record: &AuditRecord<'_>) -> Telling {
    let removed = DapRemoved { partner: record.partner()?, services: Services::All };
    record.of_customer(vec![Event::DapRemoved(removed)])
}

pub(super) fn dap_terminated_by_microsoft(record: &AuditRecord<'_>) -> Telling {
    let terminated = DapTerminatedByMicrosoft { partner: record.partner()?, last_sign_in_at: None, cause: None };
    record.of_customer(vec![Event::DapTerminatedByMicrosoft(terminated)])
}

/// Names and market that differ from the value before; all that are shown, where there is none before.
pub(super) fn profile_changed(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let mut read = |node: Option<crate::node::Node<'_>>| -> Profile {
        let Some(node) = node else { return Profile::default() };
        if node.has("companyProfile") || node.has("billingProfile") {
            profile(&node, scribe)
        } else {
            billing_profile(&node, scribe)
        }
    };
    let before = read(record.old_value());
    let mut after = read(record.new_value());
    if record.new.is_none() && record.is_company_name() {
        after.name = record.node.text("customerName").map(str::to_owned);
    }
    let changed = CustomerProfileChanged {
        name: after.name.filter(|name| before.name.as_ref() != Some(name)),
        domain: None,
        market: after.market.filter(|market| before.market.as_ref() != Some(market)),
        tenant_type: None,
        account_status: None,
    };
    if changed.name.is_none() && changed.market.is_none() {
        return Err(Gap::Content("resourceNewValue"));
    }
    record.of_customer(vec![Event::CustomerProfileChanged(changed)])
}

/// An agreement holds from the day it was agreed, which both this record and the agreement itself give.
pub(super) fn agreement(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let node = record.new_value().ok_or(Gap::Content("resourceNewValue"))?;
    let confirmed = attested(&node, Some(partner), scribe).ok_or(Gap::Content("resourceNewValue.DateAgreed"))?;
    let stream = StreamId::Customer(record.customer()?);
    Ok(vec![Told {
        stream,
        at: confirmed.date_agreed,
        events: vec![Event::CustomerAgreementConfirmed(Box::new(confirmed))],
    }])
}

impl AuditRecord<'_> {
    fn is_company_name(&self) -> bool {
        self.node.text("operationType").is_some_and(|word| super::operation::bare(word).ends_with("companyname"))
    }
}
