//! Transfers of subscriptions between partners, as Partner Center shows them to either of the two.

use std::collections::BTreeMap;

use ofrecord_core::fold::Cell;
use ofrecord_core::state::Transfer;
use ofrecord_core::state::transfer::KnownLine;
use ofrecord_core::vocabulary::{LineStatus, TransferFamily, TransferStatus};
use ofrecord_core::{Partner, PartnerTenantId, Stamp, SubscriptionId, Timestamp, TransferId};

use super::Seen;
use super::parts::{attributes, instant, self_link};
use super::shape::{Properties, Shape};

/// What is known of partners, by their tenants.
type Partners = BTreeMap<PartnerTenantId, Partner>;

/// The customer's transfers, by when they were asked for: those in which the partner is one of the two, or all.
///
/// One that was taken back is gone at the source, and the change of provider by hand is a form and no resource;
/// neither is written.
#[must_use]
pub fn transfers(seen: &Seen<'_>, partners: &Partners) -> Vec<Shape> {
    let mut shown: Vec<(&TransferId, &Transfer)> =
        seen.state.transfers.iter().filter(|of| is_shown(seen, of.1)).collect();
    shown.sort_by_key(|(id, known)| (said(&known.requested_at).copied(), *id));
    shown.into_iter().map(|(id, known)| resource(seen, id, known, partners)).collect()
}

/// One transfer; none when the customer has no such one, or nothing is shown of it.
#[must_use]
pub fn transfer(seen: &Seen<'_>, id: &TransferId, partners: &Partners) -> Option<Shape> {
    let known = seen.state.transfers.get(id).filter(|known| is_shown(seen, known))?;
    Some(resource(seen, id, known, partners))
}

fn is_shown(seen: &Seen<'_>, known: &Transfer) -> bool {
    let sides = [&known.source, &known.target, &known.initiated_by];
    let of_partner = seen.by.is_none_or(|by| sides.into_iter().flatten().any(|side| side.value == by));
    let by_hand = said(&known.family) == Some(&TransferFamily::ManualLegacyAzure);
    let withdrawn = said(&known.status) == Some(&TransferStatus::Withdrawn);
    of_partner && !by_hand && !withdrawn
}

fn resource(seen: &Seen<'_>, id: &TransferId, known: &Transfer, partners: &Partners) -> Shape {
    let new_commerce = said(&known.family).filter(|family| family.is_new_commerce());
    let customer_name = new_commerce.and_then(|_| said(&seen.state.profile.name));
    let completed = new_commerce.and_then(|_| completed_at(known));
    Properties::new()
        .put("id", id.as_str())
        .put_if("status", status(seen, known))
        .put_if("transferType", new_commerce.and_then(transfer_type))
        .put_if("createdTime", said(&known.requested_at).copied().map(instant))
        .put("lastModifiedTime", instant(changed_at(seen, known)))
        .put_if("completedTime", completed.map(instant))
        .put("customerTenantId", Shape::text(seen.customer))
        .put_if("customerName", customer_name.map(String::as_str))
        .put_if("partnertenantid", seen.by.map(Shape::text))
        .and(side(("sourcePartnerName", "sourcePartnerTenantId"), &known.source, partners))
        .and(side(("targetPartnerName", "targetPartnerTenantId"), &known.target, partners))
        .put("lineItems", lines(seen, known))
        .put("links", self_link(format!("/customers/{}/transfers/{id}", seen.customer)))
        .put("attributes", attributes("TransferEntity"))
        .into()
}

fn said<T>(cell: &Option<Cell<T>>) -> Option<&T> {
    cell.as_ref().map(|cell| &cell.value)
}

/// The source's own word as long as it holds, else the published one.
fn status(seen: &Seen<'_>, known: &Transfer) -> Option<String> {
    let holds = known.status_at(seen.as_of, seen.policy);
    let word = said(&known.status_word).filter(|_| holds.rule.is_none());
    let new_commerce = said(&known.family).is_some_and(TransferFamily::is_new_commerce);
    let published = || {
        Some(match holds.status.as_ref()? {
            TransferStatus::Pending if new_commerce => "Pending",
            TransferStatus::Pending => "Active",
            TransferStatus::InProgress => "InProgress",
            TransferStatus::Complete => "Complete",
            TransferStatus::PartiallyComplete => "PartiallyComplete",
            TransferStatus::Failed => "Failed",
            TransferStatus::Rejected => "Reject",
            TransferStatus::Withdrawn => "Withdrawn",
            TransferStatus::Expired => "Expired",
            TransferStatus::Unrecognised(word) => word,
        })
    };
    word.cloned().or_else(|| published().map(str::to_owned))
}

/// The source's number for a procedure; those of before new commerce have none.
fn transfer_type(family: &TransferFamily) -> Option<u64> {
    match family {
        TransferFamily::AzurePlan => Some(3),
        TransferFamily::NewCommerce => Some(5),
        TransferFamily::LegacyLicense | TransferFamily::ManualLegacyAzure | TransferFamily::Unrecognised(_) => None,
    }
}

fn completed_at(known: &Transfer) -> Option<Timestamp> {
    let carried_out = match said(&known.status)? {
        TransferStatus::Complete | TransferStatus::PartiallyComplete | TransferStatus::Failed => true,
        TransferStatus::Pending
        | TransferStatus::InProgress
        | TransferStatus::Rejected
        | TransferStatus::Withdrawn
        | TransferStatus::Expired
        | TransferStatus::Unrecognised(_) => false,
    };
    said(&known.ended_at).copied().filter(|_| carried_out)
}

/// The newest of the instants at which something of it changed, be it by time alone.
fn changed_at(seen: &Seen<'_>, known: &Transfer) -> Timestamp {
    let of_transfer = [
        set_by(&known.source),
        set_by(&known.target),
        set_by(&known.requested_at),
        set_by(&known.accepted_at),
        set_by(&known.ended_at),
    ];
    let of_lines =
        known.lines.values().flat_map(|line| [Some(line.status.set), set_by(&line.error), set_by(&line.order)]);
    let set = of_transfer.into_iter().chain(of_lines).flatten().map(|set| set.effective_at);
    set.chain([known.status_at(seen.as_of, seen.policy).since]).max().unwrap_or(known.first_seen.effective_at)
}

fn set_by<T>(cell: &Option<Cell<T>>) -> Option<Stamp> {
    cell.as_ref().map(|cell| cell.set)
}

/// One of the two partners, with its name where its account is known.
fn side(
    (name, tenant): (&'static str, &'static str),
    partner: &Option<Cell<PartnerTenantId>>,
    partners: &Partners,
) -> Properties {
    let partner = said(partner);
    let account = partner.and_then(|partner| partners.get(partner));
    let own = account.and_then(|account| said(&account.name));
    Properties::new().put_if(name, own.map(String::as_str)).put_if(tenant, partner.map(Shape::text))
}

/// The lines, add-ons below the base that they travel with. What the source did not select is no line any more.
fn lines(seen: &Seen<'_>, known: &Transfer) -> Vec<Shape> {
    let there = || known.lines.iter().filter(|(_, line)| line.status.value != LineStatus::LeftOut);
    let base_of = |line: &KnownLine| {
        said(&line.with_base).copied().filter(|base| there().any(|(id, other)| id == base && other.with_base.is_none()))
    };
    let of_base = |base: Option<SubscriptionId>| there().filter(move |(_, line)| base_of(line) == base);
    let shapes = of_base(None).map(|(id, line)| {
        let addons =
            of_base(Some(*id)).map(|(id, addon)| Shape::from(begun(seen, known, (*id, addon)).and(ended(addon))));
        let addons: Vec<Shape> = addons.collect();
        begun(seen, known, (*id, line)).put("addonItems", addons).and(ended(line)).into()
    });
    shapes.collect()
}

/// What the line is of: the subscription as the source has it, and to all but the source as the target has it. Offer, billing cycle and name are the subscription's own, where it is known.
fn begun(seen: &Seen<'_>, known: &Transfer, (id, line): (SubscriptionId, &KnownLine)) -> Properties {
    let terms = seen.state.subscriptions.by_id.get(&id).map(|subscription| &subscription.terms);
    let product = terms.and_then(|terms| said(&terms.product));
    let called = terms.and_then(|terms| said(&terms.friendly_name));
    let name = called.or_else(|| product.map(|product| &product.name));
    let of_source = seen.by.is_some() && seen.by == said(&known.source).copied();
    let at_target = said(&line.new_subscription).copied().filter(|_| !of_source);
    Properties::new()
        .put("subscriptionId", Shape::text(at_target.unwrap_or(id)))
        .put_if("sourceSubscriptionId", at_target.map(|_| Shape::text(id)))
        .put_if("entitlementId", said(&line.entitlement).map(Shape::text))
        .put_if("offerId", product.map(|product| product.id.as_str()))
        .put_if("orderId", said(&line.order).map(Shape::text))
        .put_if("billingCycle", terms.and_then(|terms| said(&terms.billing_cycle)).map(|cycle| cycle.as_str()))
        .put_if("friendlyName", name.map(String::as_str))
        .put_if("quantity", said(&line.quantity).copied())
        .put_if("partnerIdOnRecord", known.partner_id_of(line).map(Shape::text))
        .put_if("status", line_status(&line.status.value))
}

/// What became of the line, where something did.
fn line_status(status: &LineStatus) -> Option<&str> {
    match status {
        LineStatus::Open | LineStatus::LeftOut => None,
        LineStatus::Complete => Some("Complete"),
        LineStatus::Failed => Some("Failed"),
        LineStatus::Unrecognised(word) => Some(word),
    }
}

fn ended(line: &KnownLine) -> Properties {
    Properties::new().put_if("transferError", said(&line.error).map(|error| error.text.as_str()))
}
