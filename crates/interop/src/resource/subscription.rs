//! The subscription resource: legacy, new commerce and Azure.

use ofrecord_core::command::subscription::{NextTerm, RefundableBatch};
use ofrecord_core::event::subscription::{Listing, ObservedPartnerId, RefundOption, SubscriptionObserved};
use ofrecord_core::vocabulary::{AutoRenew, BillingCycle, TermDuration, Trial};
use ofrecord_core::{PartnerId, PartnerTenantId, ProductId, Timestamp};

use super::product::product;
use crate::node::Node;
use crate::scribe::Scribe;

/// Reads a subscription resource; none when it has no usable id.
pub(crate) fn observed(
    node: &Node<'_>,
    owner: Option<PartnerTenantId>,
    scribe: &mut Scribe<'_>,
) -> Option<SubscriptionObserved> {
    let subscription = node.required_id("id", scribe)?;
    let term = term(node, "termDuration", scribe);
    let listing = listing(node, scribe);
    let refund_options = refund_options(node, scribe);
    Some(SubscriptionObserved {
        owner,
        order: node.id("orderId", scribe),
        product: product(node, term.as_ref(), listing.microsoft_product, scribe),
        friendly_name: node.text("friendlyName").map(str::to_owned),
        quantity: node.count("quantity", scribe),
        status: node.word("status", scribe),
        suspension_reasons: node.texts("suspensionReasons").into_iter().map(str::to_owned).collect(),
        created_at: node.instant("creationDate", scribe),
        effective_start: node.instant("effectiveStartDate", scribe),
        commitment_end: commitment_end(node, scribe),
        cancellation_allowed_until: cancellation_allowed_until(node, &refund_options, scribe),
        refund_options,
        refundable: refundable(node, scribe),
        term,
        renewal_term: self::term(node, "renewalTermDuration", scribe),
        billing_cycle: node.word("billingCycle", scribe),
        auto_renew: auto_renew(node, scribe),
        trial: node.flag("isTrial", scribe).map(|trial| if trial { Trial::Trial } else { Trial::Paid }),
        parent: node.id("parentSubscriptionId", scribe),
        entitlement: node.id("entitlementId", scribe),
        reseller_of_record: reseller_of_record(node, "partnerId", scribe),
        next_term: next_term(node, scribe),
        listing: (listing != Listing::default()).then(|| Box::new(listing)),
        ..SubscriptionObserved::of(subscription)
    })
}

/// What no rule reads and an auditor may ask for: kept in the source's words.
fn listing(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Listing {
    let text = |name: &str| node.text(name).map(str::to_owned);
    Listing {
        billing_type: text("billingType"),
        contract_type: text("contractType"),
        microsoft_product: node.flag("isMicrosoftProduct", scribe),
        product_type: node.object("productType").and_then(|kind| kind.text("id").map(str::to_owned)),
        publisher: text("publisherName"),
        unit_type: text("unitType"),
    }
}

/// The term; the empty text stands for none, as perpetual and usage-based products have it.
pub(crate) fn term(node: &Node<'_>, name: &str, scribe: &mut Scribe<'_>) -> Option<TermDuration> {
    if node.is_empty_text(name) {
        return Some(TermDuration::None);
    }
    node.word(name, scribe)
}

/// Automatic renewal.
pub(crate) fn auto_renew(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<AutoRenew> {
    node.flag("autoRenewEnabled", scribe).map(|on| if on { AutoRenew::On } else { AutoRenew::Off })
}

/// The reseller of record as shown: the empty text says that there is nobody, an absent or null one says nothing.
pub(crate) fn reseller_of_record(node: &Node<'_>, name: &str, scribe: &mut Scribe<'_>) -> Option<ObservedPartnerId> {
    if node.is_empty_text(name) {
        return Some(ObservedPartnerId::Nobody);
    }
    node.id::<PartnerId>(name, scribe).map(ObservedPartnerId::Partner)
}

/// The last instant of the term. `commitmentEndDate` names the last day by its
/// midnight, so it counts to that day's end; usage-based Azure gives the year
/// 9999 for no end.
pub(crate) fn commitment_end(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<Timestamp> {
    let end = match node.instant("commitmentEndDateTime", scribe) {
        Some(at) => at,
        None => {
            let day = node.instant("commitmentEndDate", scribe)?;
            if day == day.start_of_day() { day.end_of_day() } else { day }
        }
    };
    (end.year() < 9999).then_some(end)
}

fn cancellation_allowed_until(node: &Node<'_>, options: &[RefundOption], scribe: &mut Scribe<'_>) -> Option<Timestamp> {
    let full = || options.iter().find(|option| option.kind.eq_ignore_ascii_case("full"));
    node.instant("cancellationAllowedUntilDate", scribe).or_else(|| full().map(|option| option.expires_at))
}

/// The options that say what is given back and until when; another one says nothing that could be held to.
fn refund_options(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Vec<RefundOption> {
    let options = node.objects("refundOptions");
    options
        .iter()
        .filter_map(|option| {
            let kind = option.text("type")?.to_owned();
            Some(RefundOption { kind, expires_at: option.instant("expiresAt", scribe)? })
        })
        .collect()
}

fn refundable(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Vec<RefundableBatch> {
    let Some(refundable) = node.object("refundableQuantity") else { return Vec::new() };
    let batches = refundable.objects("details");
    batches
        .iter()
        .filter_map(|batch| {
            let quantity = batch.count("quantity", scribe)?;
            Some(RefundableBatch { quantity, until: batch.instant("allowedUntilDateTime", scribe)? })
        })
        .collect()
}

/// The next term, where one is scheduled.
pub(crate) fn next_term(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<NextTerm> {
    let next = node.object("scheduledNextTermInstructions")?;
    let product = next.object("product")?;
    let parts: Option<Vec<&str>> =
        ["productId", "skuId", "availabilityId"].into_iter().map(|part| product.text(part)).collect();
    let id: ProductId = match parts.map(|parts| parts.join(":").parse()) {
        Some(Ok(id)) => id,
        Some(Err(_)) | None => {
            scribe.bad(
                &product.path("productId"),
                "the next term's product is not complete, so the next term was not read",
            );
            return None;
        }
    };
    Some(NextTerm {
        product: id,
        quantity: next.count("quantity", scribe)?,
        term: term(&product, "termDuration", scribe),
        billing_cycle: product.word("billingCycle", scribe).unwrap_or(BillingCycle::Unknown),
    })
}
