//! Deciding on orders: every line becomes a subscription of the ordering partner, or none does (rules B-1, B-2, B-6 to B-11, I-1 to I-5, I-9).

use std::collections::BTreeSet;

use super::guard::unrecognised;
use super::partner_of_record::require_on_record;
use super::subscription::{billing_fits, in_range, window};
use super::{Case, Ruling, Streams, agreement};
use crate::Request;
use crate::command::Command;
use crate::command::subscription::{OrderLine, PlaceOrder, Product};
use crate::event::Event;
use crate::event::subscription::{OrderPlaced, SubscriptionPurchased};
use crate::ground::subscription as ground;
use crate::id::{PartnerTenantId, SubscriptionId};
use crate::refusal::Refusal;
use crate::state::Partner;
use crate::vocabulary::{
    AgreementType, CustomerAccountStatus, PartnerType, ProgrammeStatus, SubscriptionStatus, Trial,
};

/// Markets of the European Union and the European Free Trade Association,
/// where an order line may name additional sellers (rule I-9).
const EU_EFTA_MARKETS: &[&str] = &[
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Precedence: the partner (acting, registered, not suspended, transacting,
/// programme, agreement with Microsoft), the customer's account, the
/// relationship, the market, the customer agreement, then the lines in their order.
pub(super) fn place(case: &Case<'_>, command: &PlaceOrder) -> Ruling {
    let partner = case.acting_partner(&ground::ACTOR_MAY_NOT_ORDER)?;
    let account = case.partner_in_order(partner)?;
    require_transacting(partner, account)?;
    require_customer_in_order(case)?;
    case.require_relationship(partner, &ground::NO_RELATIONSHIP_TO_ORDER)?;
    require_market(case, partner, account)?;
    let agreement = agreement_for(case, partner)?;
    if command.lines.is_empty() {
        return Err(Refusal::because(&ground::ORDER_HAS_NO_LINES).with("order", &command.order));
    }
    let taken = case.in_use(&command.lines.iter().map(|line| line.subscription).collect());
    let mut subscriptions = BTreeSet::new();
    for line in &command.lines {
        if taken.contains(&line.subscription) || !subscriptions.insert(line.subscription) {
            return Err(Refusal::because(&ground::SUBSCRIPTION_ALREADY_EXISTS).with("subscription", line.subscription));
        }
    }
    for line in &command.lines {
        require_line(case, partner, account, line)
            .and_then(|()| require_parent(case, partner, line, &subscriptions))
            .map_err(|refusal| refusal.with("line", line.subscription))?;
    }
    let purchases = command.lines.iter().map(|line| purchase(case, partner, command, line, &agreement));
    let placed = Event::OrderPlaced(OrderPlaced { order: command.order.clone(), partner, subscriptions });
    Ok(std::iter::once(placed).chain(purchases).collect())
}

/// The resellers whose accounts the rules on partners of record read: those of
/// the acting provider, where the command names a partner ID.
pub(super) fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let names_partner_id = if let Command::PlaceOrder(command) = request.command.command() {
        command.lines.iter().any(|line| line.partner_id_on_record.is_some())
    } else if let Command::ChangeResellerOfRecord(command) = request.command.command() {
        command.partner_id.is_some()
    } else {
        false
    };
    let Some(provider) = request.actor.partner().filter(|_| names_partner_id) else { return BTreeSet::new() };
    let partnerships = streams.partners.get(&provider).into_iter().flat_map(|account| account.partnerships.keys());
    partnerships.filter(|(by, _)| *by == provider).map(|(_, reseller)| *reseller).collect()
}

fn require_transacting(partner: PartnerTenantId, account: &Partner) -> Result<(), Refusal> {
    let refused = |ground| Refusal::because(ground).with("partner", partner);
    match account.partner_type.as_ref().map(|kind| &kind.value) {
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider) => {}
        kind @ (Some(PartnerType::IndirectReseller | PartnerType::Advisor | PartnerType::Unrecognised(_)) | None) => {
            return Err(refused(&ground::PARTNER_DOES_NOT_TRANSACT).with_all("partner_type", kind));
        }
    }
    if account.programme.as_ref().is_some_and(|programme| programme.value == ProgrammeStatus::NotActive) {
        return Err(refused(&ground::PROGRAMME_NOT_ACTIVE));
    }
    if account.agreement_accepted.is_none() {
        return Err(refused(&ground::PARTNER_AGREEMENT_MISSING));
    }
    Ok(())
}

fn require_customer_in_order(case: &Case<'_>) -> Result<(), Refusal> {
    let ground = match case.customer.profile.account_status.as_ref().map(|status| &status.value) {
        Some(CustomerAccountStatus::UnderReview) => &ground::CUSTOMER_UNDER_REVIEW,
        Some(CustomerAccountStatus::Rejected) => &ground::CUSTOMER_REJECTED,
        Some(CustomerAccountStatus::Locked) => &ground::CUSTOMER_LOCKED,
        Some(CustomerAccountStatus::Active | CustomerAccountStatus::Unrecognised(_)) | None => return Ok(()),
    };
    Err(Refusal::because(ground).with_all("customer", case.customer_id))
}

/// Both markets must be known for the rule to refuse.
fn require_market(case: &Case<'_>, partner: PartnerTenantId, account: &Partner) -> Result<(), Refusal> {
    let Some(market) = &case.customer.profile.market else { return Ok(()) };
    let sells_in = account.markets.as_ref().map(|markets| &markets.value).filter(|markets| !markets.is_empty());
    if sells_in.is_none_or(|markets| markets.contains(&market.value)) {
        return Ok(());
    }
    Err(Refusal::because(&ground::PARTNER_NOT_IN_MARKET)
        .with("partner", partner)
        .with("customer_market", &market.value)
        .with_all("partner_markets", sells_in.into_iter().flatten()))
}

/// The newest agreement that holds for the partner.
fn agreement_for(case: &Case<'_>, partner: PartnerTenantId) -> Result<AgreementType, Refusal> {
    let agreements = &case.customer.agreements;
    if let Some(found) = agreements.iter().rev().find(|known| agreement::holds_for(known, Some(partner))) {
        return Ok(found.agreement_type.clone());
    }
    let ground =
        if agreements.is_empty() { &ground::CUSTOMER_AGREEMENT_MISSING } else { &ground::AGREEMENT_OF_OTHER_PARTNER };
    Err(Refusal::because(ground)
        .with("partner", partner)
        .with_all("attested_by", agreements.iter().filter_map(|known| known.attested_by)))
}

/// Precedence: words, billing, market, quantity, partner of record, additional sellers.
fn require_line(case: &Case<'_>, partner: PartnerTenantId, account: &Partner, line: &OrderLine) -> Result<(), Refusal> {
    require_words(line)?;
    billing_fits(&line.billing_cycle, &line.term)?;
    require_product_market(case, &line.product)?;
    in_range(Some(&line.product), line.quantity)?;
    if let Some(id) = &line.partner_id_on_record {
        require_on_record(case, partner, account, id)?;
    }
    require_additional_sellers(case, account, line)
}

fn require_words(line: &OrderLine) -> Result<(), Refusal> {
    let words = [
        ("product.family", line.product.family.is_stated(), line.product.family.as_str()),
        ("term", line.term.is_recognised(), line.term.as_str()),
        ("auto_renew", line.auto_renew.is_recognised(), line.auto_renew.as_str()),
        ("trial", line.trial.is_recognised(), line.trial.as_str()),
    ];
    match words.into_iter().find(|(_, recognised, _)| !recognised) {
        Some((field, _, word)) => Err(unrecognised(field, word)),
        None => Ok(()),
    }
}

/// Refused only when the market is known and the product's markets are published (rule B-7).
fn require_product_market(case: &Case<'_>, product: &Product) -> Result<(), Refusal> {
    let Some(market) = &case.customer.profile.market else { return Ok(()) };
    if product.markets.is_empty() || product.markets.contains(&market.value) {
        return Ok(());
    }
    Err(Refusal::because(&ground::PRODUCT_NOT_IN_MARKET)
        .with("product", &product.id)
        .with("customer_market", &market.value))
}

fn require_additional_sellers(case: &Case<'_>, account: &Partner, line: &OrderLine) -> Result<(), Refusal> {
    let sellers = &line.additional_partner_ids_on_record;
    if let Some(own) = account.partner_id.as_ref().filter(|own| sellers.contains(&own.value)) {
        return Err(Refusal::because(&ground::PROVIDER_CANNOT_BE_PARTNER_ON_RECORD).with("partner_id", &own.value));
    }
    let market = case.customer.profile.market.as_ref().map(|market| &market.value);
    let outside = market.is_some_and(|market| !EU_EFTA_MARKETS.contains(&market.as_str()));
    if sellers.len() > case.policy.additional_sellers_max || (outside && !sellers.is_empty()) {
        return Err(Refusal::because(&ground::TOO_MANY_RESELLERS)
            .with("named", sellers.len())
            .with("max", case.policy.additional_sellers_max)
            .with_all("customer_market", market));
    }
    Ok(())
}

/// An add-on's base is bought in the same order, or is the partner's own and active (rules S-3, U-11).
fn require_parent(
    case: &Case<'_>,
    partner: PartnerTenantId,
    line: &OrderLine,
    ordered: &BTreeSet<SubscriptionId>,
) -> Result<(), Refusal> {
    let Some(parent) = line.parent else { return Ok(()) };
    if ordered.contains(&parent) && parent != line.subscription {
        return Ok(());
    }
    let base = case.owned(parent, partner)?;
    if matches!(base.status.status, SubscriptionStatus::Active | SubscriptionStatus::None) {
        return Ok(());
    }
    Err(base.refused_for_status(&ground::PARENT_NOT_ACTIVE))
}

fn purchase(
    case: &Case<'_>,
    owner: PartnerTenantId,
    order: &PlaceOrder,
    line: &OrderLine,
    agreement: &AgreementType,
) -> Event {
    let at = case.when.effective_at;
    let window = window::cancellation_end(at, &line.product.family, &line.term, case.policy);
    Event::SubscriptionPurchased(Box::new(SubscriptionPurchased {
        subscription: line.subscription,
        owner,
        order: order.order.clone(),
        product: line.product.clone(),
        quantity: line.quantity,
        term: Some(line.term.clone()),
        billing_cycle: Some(line.billing_cycle.clone()),
        auto_renew: Some(line.auto_renew.clone()),
        trial: Some(line.trial.clone()),
        parent: line.parent,
        commitment_end: window::commitment_end(at, &line.term, &line.trial),
        cancellation_allowed_until: window.filter(|_| line.trial != Trial::Trial),
        partner_id_on_record: line.partner_id_on_record.clone(),
        additional_partner_ids_on_record: line.additional_partner_ids_on_record.clone(),
        agreement: Some(agreement.clone()),
        price_terms: line.price_terms.clone(),
        entitlement: line.entitlement,
    }))
}
