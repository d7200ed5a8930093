//! Subscriptions and their support contacts as Partner Center shows them.

use std::collections::BTreeMap;

use ofrecord_core::command::subscription::NextTerm;
use ofrecord_core::event::subscription::Listing;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::{Subscription, Terms};
use ofrecord_core::vocabulary::{AutoRenew, ProductFamily, SubscriptionStatus, TermDuration, Trial};
use ofrecord_core::{Partner, PartnerTenantId, SubscriptionId};

use super::Seen;
use super::etag::etag;
use super::parts::{attributes, instant, link, product_links, self_link};
use super::shape::{Properties, Shape};

/// What stands for the end of a subscription that has none.
const NO_END: &str = "9999-12-10T00:00:00Z";

/// The customer's subscriptions by id: the partner's own, or all of them.
pub fn subscriptions<'a>(seen: &'a Seen<'_>) -> impl Iterator<Item = (SubscriptionId, Shape)> + 'a {
    let shown = seen.state.subscriptions.by_id.iter().filter(|(_, subscription)| is_shown(seen, subscription));
    shown.map(|(id, subscription)| (*id, resource(seen, *id, subscription)))
}

/// One subscription; none when the customer has no such one, or it is not the partner's.
#[must_use]
pub fn subscription(seen: &Seen<'_>, id: SubscriptionId) -> Option<Shape> {
    Some(resource(seen, id, owned(seen, id)?))
}

/// Who supports a subscription, with name and partner ID as they were stated of it, else as the partner's account has them.
#[must_use]
pub fn support_contact(
    seen: &Seen<'_>,
    id: SubscriptionId,
    partners: &BTreeMap<PartnerTenantId, Partner>,
) -> Option<Shape> {
    let contact = owned(seen, id)?.support_contact.as_ref()?.value.as_ref()?;
    let account = partners.get(&contact.partner);
    let of_account = account.and_then(|account| account.partner_id.as_ref()).map(|partner_id| &partner_id.value);
    let named = account.and_then(|account| account.name.as_ref()).map(|name| &name.value);
    let partner_id = contact.partner_id.as_ref().or(of_account);
    let name = contact.name.as_ref().or(named);
    let uri = format!("{}/supportcontact", address(seen, id));
    let shape = Properties::new()
        .put("supportTenantId", Shape::text(contact.partner))
        .put_if("supportMpnId", partner_id.map(|id| id.as_str()))
        .put_if("name", name.map(String::as_str))
        .put("links", self_link(uri))
        .put("attributes", attributes("SupportContact"));
    Some(shape.into())
}

fn owned<'a>(seen: &Seen<'a>, id: SubscriptionId) -> Option<&'a Subscription> {
    seen.state.subscriptions.by_id.get(&id).filter(|subscription| is_shown(seen, subscription))
}

/// A partner sees what it sold, and nobody else's.
fn is_shown(seen: &Seen<'_>, subscription: &Subscription) -> bool {
    seen.by.is_none_or(|by| subscription.owner.as_ref().is_some_and(|owner| owner.value == by))
}

fn address(seen: &Seen<'_>, id: SubscriptionId) -> String {
    format!("/customers/{}/subscriptions/{id}", seen.customer)
}

fn resource(seen: &Seen<'_>, id: SubscriptionId, subscription: &Subscription) -> Shape {
    let terms = &subscription.terms;
    let listing = terms.listing.as_ref().map(|listing| listing.value.clone()).unwrap_or_default();
    Properties::new()
        .put("id", Shape::text(id))
        .put_if("entitlementId", said(&terms.entitlement).map(Shape::text))
        .and(content(terms, &listing))
        .put_if("parentSubscriptionId", said(&terms.parent).map(Shape::text))
        .and(dates(terms))
        .and(standing(seen, subscription))
        .and(contract(terms, &listing))
        .put_if("isMicrosoftProduct", listing.microsoft_product.map(Shape::Flag))
        .put_if("partnerId", reseller_of_record(subscription))
        .put_if("contractType", listing.contract_type)
        .put("links", links(seen, id, terms))
        .put_if("publisherName", listing.publisher)
        .put_if("refundableQuantity", refundable_quantity(terms))
        .put_if("scheduledNextTermInstructions", said(&terms.next_term).map(next_term))
        .put_if("orderId", said(&terms.order).map(Shape::text))
        .put("attributes", subscription_attributes(id, terms))
        .into()
}

fn said<T>(cell: &Option<Cell<T>>) -> Option<&T> {
    cell.as_ref().map(|cell| &cell.value)
}

fn content(terms: &Terms, listing: &Listing) -> Properties {
    let product = said(&terms.product);
    // A product of which a source gave only the id goes by its id here, which is no name.
    let name = product.filter(|product| product.name != product.id.as_str()).map(|product| product.name.as_str());
    Properties::new()
        .put_if("offerId", product.map(|product| product.id.as_str()))
        .put_if("offerName", name)
        .put_if("friendlyName", said(&terms.friendly_name).map(String::as_str))
        .put_if("productType", product_type(terms, listing))
        .put_if("quantity", said(&terms.quantity).copied())
        .put_if("unitType", listing.unit_type.as_deref())
}

/// The source's word, or the published one of the family; legacy products have none.
fn product_type(terms: &Terms, listing: &Listing) -> Option<Properties> {
    let published = said(&terms.product).and_then(|product| match &product.family {
        ProductFamily::NewCommerceLicense => Some("OnlineServicesNCE"),
        ProductFamily::PerpetualSoftware | ProductFamily::SoftwareSubscription => Some("Software"),
        ProductFamily::LegacyLicense
        | ProductFamily::LegacyAzure
        | ProductFamily::AzurePlan
        | ProductFamily::AzureReservation
        | ProductFamily::MarketplaceSaas
        | ProductFamily::NotStated
        | ProductFamily::Unrecognised(_) => None,
    });
    let word = listing.product_type.as_deref().or(published)?;
    Some(Properties::new().put("id", word).put("displayName", word))
}

fn dates(terms: &Terms) -> Properties {
    let end = said(&terms.commitment_end).copied();
    // The date of an end names the last day by its midnight; an end in the middle of a day is written as it is.
    let day = end.map(|end| if end == end.end_of_day() { end.start_of_day() } else { end });
    let endless = said(&terms.product).is_some_and(|product| product.family == ProductFamily::LegacyAzure);
    let date = day.map(instant).or_else(|| endless.then(|| NO_END.into()));
    let allowed_until = said(&terms.cancellation_allowed_until).filter(|_| terms.refund_options.is_empty());
    Properties::new()
        .put_if("creationDate", said(&terms.bought_at).copied().map(instant))
        .put_if("effectiveStartDate", said(&terms.term_start).copied().map(instant))
        .put_if("commitmentEndDate", date)
        .put_if("commitmentEndDateTime", end.map(instant))
        .put_if("cancellationAllowedUntilDate", allowed_until.copied().map(instant))
}

/// The status at the instant, also where only time brought it about (rule U-17).
fn standing(seen: &Seen<'_>, subscription: &Subscription) -> Properties {
    let terms = &subscription.terms;
    let status = terms.status.as_ref().map(|_| subscription.status_at(seen.as_of, seen.policy).status);
    let suspended = status.as_ref() == Some(&SubscriptionStatus::Suspended);
    let reasons = said(&terms.suspension_reason).filter(|_| suspended);
    let reasons = reasons.map(|reasons| reasons.as_str().split(", ").map(Shape::from).collect::<Vec<_>>());
    Properties::new()
        .put_if("status", status.as_ref().map(SubscriptionStatus::as_str))
        .put_if("suspensionReasons", reasons)
        .put_if("autoRenewEnabled", said(&terms.auto_renew).and_then(is_on).map(Shape::Flag))
        .put_if("isTrial", said(&terms.trial).and_then(is_trial).map(Shape::Flag))
}

pub(super) fn is_on(renew: &AutoRenew) -> Option<bool> {
    match renew {
        AutoRenew::On => Some(true),
        AutoRenew::Off => Some(false),
        AutoRenew::Unrecognised(_) => None,
    }
}

fn is_trial(trial: &Trial) -> Option<bool> {
    match trial {
        Trial::Trial => Some(true),
        Trial::Paid => Some(false),
        Trial::Unrecognised(_) => None,
    }
}

fn contract(terms: &Terms, listing: &Listing) -> Properties {
    let options = terms.refund_options.iter().map(|option| {
        let shape = Properties::new().put("type", option.kind.as_str()).put("expiresAt", instant(option.expires_at));
        Shape::from(shape)
    });
    let options: Vec<Shape> = options.collect();
    Properties::new()
        .put_if("billingType", listing.billing_type.as_deref())
        .put_if("billingCycle", said(&terms.billing_cycle).map(|cycle| cycle.as_str()))
        .put_if("termDuration", said(&terms.term).map(duration))
        .put_if("renewalTermDuration", said(&terms.renewal_term).map(duration))
        .put_if("refundOptions", (!options.is_empty()).then_some(options))
}

/// No term is a blank.
pub(super) fn duration(term: &TermDuration) -> &str {
    if *term == TermDuration::None { "" } else { term.as_str() }
}

/// Nobody is a blank; what no source says is left out.
fn reseller_of_record(subscription: &Subscription) -> Option<&str> {
    let shown = said(&subscription.partners_of_record.reseller_of_record)?;
    Some(shown.as_ref().map(|partner| partner.as_str()).unwrap_or_default())
}

fn links(seen: &Seen<'_>, id: SubscriptionId, terms: &Terms) -> Properties {
    let market = seen.state.profile.market.as_ref().map(|market| &market.value);
    let product = said(&terms.product).map(|product| product_links(&product.id, market)).unwrap_or_default();
    let parent = said(&terms.parent).map(|parent| link(address(seen, *parent)));
    product.put_if("parentSubscription", parent).put("self", link(address(seen, id)))
}

fn refundable_quantity(terms: &Terms) -> Option<Properties> {
    let total: u64 = terms.refundable.iter().map(|batch| batch.quantity).sum();
    let details = terms.refundable.iter().map(|batch| {
        let shape = Properties::new().put("quantity", batch.quantity).put("allowedUntilDateTime", instant(batch.until));
        Shape::from(shape)
    });
    let details: Vec<Shape> = details.collect();
    (!details.is_empty()).then(|| Properties::new().put("totalQuantity", total).put("details", details))
}

pub(super) fn next_term(next: &NextTerm) -> Properties {
    let parts: Vec<&str> = next.product.as_str().split(':').collect();
    let product = match parts.as_slice() {
        [product, sku, availability] => {
            Properties::new().put("productId", *product).put("skuId", *sku).put("availabilityId", *availability)
        }
        _ => Properties::new().put("productId", next.product.as_str()),
    };
    let product = product
        .put("billingCycle", next.billing_cycle.as_str())
        .put_if("termDuration", next.term.as_ref().map(duration));
    Properties::new().put("product", product).put("quantity", next.quantity)
}

/// Legacy subscriptions carry an ETag.
fn subscription_attributes(id: SubscriptionId, terms: &Terms) -> Properties {
    let family = said(&terms.product).map(|product| &product.family);
    let legacy = matches!(family, Some(ProductFamily::LegacyLicense | ProductFamily::LegacyAzure));
    let etag = legacy.then(|| etag(id, terms.updates));
    Properties::new().put_if("etag", etag).and(attributes("Subscription"))
}
