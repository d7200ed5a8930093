//! Partners and partnerships: invitation links, provider and reseller lists, agreement status.

use ofrecord_core::command::relationship::DapChoice;
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::event::partner::{PartnerObserved, PartnerRelationshipObserved};
use ofrecord_core::event::relationship::{ResellerRelationshipObserved, ResellerRelationshipRequested};
use ofrecord_core::vocabulary::{RelationshipKind, Services};
use ofrecord_core::{Cloud, Event, PartnerTenantId, StreamId};

use crate::document::Page;
use crate::node::Node;
use crate::resource::customer_of_links;
use crate::resource::partnership::{Partnership, Side, partnership};
use crate::scribe::Scribe;
use crate::uri;

/// The reusable link by which a partner asks for a relationship; it names no customer.
pub(super) fn read_relationship_request(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(url) = node.text("url") else {
        return scribe.bad(&node.path("url"), "is missing, so the record was not read");
    };
    let named = uri::parameter(url, "partnerId").and_then(|id| id.parse().ok());
    let Some(partner) = named.or(scribe.context().partner) else {
        return scribe.bad(&node.path("url"), "the link names no partner, so it was not read; pass --partner");
    };
    let requested = ResellerRelationshipRequested {
        partner,
        dap: dap_choice(url, node, scribe),
        link_url: Some(url.to_owned()),
        via_provider: uri::parameter(url, "indirectCSPId").and_then(|id| id.parse().ok()),
        expires_at: None,
    };
    scribe.state_seen(StreamId::Partner(partner), vec![Event::ResellerRelationshipRequested(requested)]);
}

/// The link's own word. Where it has none, the 21Vianet process asks for
/// delegated administration and the others are taken without.
fn dap_choice(url: &str, node: &Node<'_>, scribe: &mut Scribe<'_>) -> DapChoice {
    match uri::parameter(url, "DAP").map(str::to_ascii_lowercase).as_deref() {
        Some("true") => DapChoice::With(Services::All),
        Some("false") => DapChoice::Without,
        Some(word) => {
            scribe.unrecognised(&node.path("url"), word);
            DapChoice::Without
        }
        None if scribe.context().cloud == Cloud::China21Vianet => DapChoice::With(Services::All),
        None => {
            scribe.note(&node.path("url"), "the link does not say whether it asks for delegated administration");
            DapChoice::Without
        }
    }
}

/// One line of a provider's list of resellers, of a reseller's list of providers, or of a customer's list of resellers.
pub(super) fn read_partnership(node: &Node<'_>, page: &Page, scribe: &mut Scribe<'_>) {
    let Some(shown) = partnership(node, scribe) else { return };
    match (shown.side, &shown.state) {
        (Side::Provider, Some(state)) => {
            let provider = scribe.context().partner;
            let stream = provider.unwrap_or(shown.other);
            let reseller = shown.other;
            let event = observed(provider, reseller, state, Some(&shown));
            scribe.state_seen(StreamId::Partner(stream), vec![event]);
        }
        (Side::Reseller, Some(state)) => {
            let Some(reseller) = scribe.partner_or_bad("the list of providers") else { return };
            let event = observed(Some(shown.other), reseller, state, None);
            scribe.state_seen(StreamId::Partner(reseller), vec![event]);
            scribe.state_seen(StreamId::Partner(shown.other), vec![account(&shown)]);
        }
        // Without a state there is no partnership to state, only the other account; and, in the list of one
        // customer's resellers, the relationship.
        (Side::Provider, None) => {
            scribe.state_seen(StreamId::Partner(shown.other), vec![account(&shown)]);
            if let Some(customer) = customer_of_links(node, page).or(scribe.context().customer) {
                let event = resells_through(shown.other, scribe.context().partner);
                scribe.state_seen(StreamId::Customer(customer), vec![event]);
            }
        }
        (Side::Reseller | Side::Unknown, _) => {
            scribe.state_seen(StreamId::Partner(shown.other), vec![account(&shown)]);
        }
    }
}

fn resells_through(partner: PartnerTenantId, via_provider: Option<PartnerTenantId>) -> Event {
    let relationship = RelationshipKind::Reseller;
    Event::ResellerRelationshipObserved(ResellerRelationshipObserved {
        partner,
        relationship,
        ended_by: None,
        via_provider,
    })
}

fn observed(
    provider: Option<PartnerTenantId>,
    reseller: PartnerTenantId,
    state: &str,
    of_reseller: Option<&Partnership>,
) -> Event {
    Event::PartnerRelationshipObserved(PartnerRelationshipObserved {
        provider,
        reseller,
        name: of_reseller.and_then(|shown| shown.name.clone()).unwrap_or_default(),
        partner_id: of_reseller.and_then(|shown| shown.partner_id.clone()),
        market: of_reseller.and_then(|shown| shown.market.clone()),
        state: state.to_owned(),
    })
}

fn account(shown: &Partnership) -> Event {
    Event::PartnerObserved(PartnerObserved {
        partner: shown.other,
        name: shown.name.clone(),
        partner_id: shown.partner_id.clone(),
        agreement_signed: None,
        indirect_reseller_enrolment: None,
    })
}

/// Whether a reseller signed the partner agreement. The answer does not repeat whom was asked about.
pub(super) fn read_agreement_status(node: &Node<'_>, scribe: &mut Scribe<'_>) {
    let Some(signed) = node.flag("isAgreementSigned", scribe) else { return };
    let Some(partner) = scribe.partner_or_bad("the partner agreement status") else { return };
    let word = if signed { "signed" } else { "not signed" };
    let summary =
        format!("the partner agreement of a reseller asked about is {word}; the answer does not name the reseller");
    let event = scribe.kept("agreementstatus", KeptBecause::ContentMissing, Some(summary));
    scribe.state_seen(StreamId::Partner(partner), vec![event]);
}
