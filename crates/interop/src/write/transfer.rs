//! Transfers of subscriptions between partners, as Partner Center shows them to either of the two.

use std::collections::BTreeMap;

use ofrecord_core::event::transfer::ListedLine;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::Transfer;
use ofrecord_core::state::transfer::{KnownLine, TransferStatusAt};
use ofrecord_core::vocabulary::{BillingCycle, LineStatus, TransferFamily, TransferStatus};
use ofrecord_core::{Partner, PartnerTenantId, Stamp, SubscriptionId, Timestamp, TransferId};
use uuid::Uuid;

use super::Seen;
use super::parts::{attributes, instant, self_link};
use super::shape::{Properties, Shape};

/// What is known of partners, by their tenants.
type Partners = BTreeMap<PartnerTenantId, Partner>;

/// The customer's transfers, by when they were asked for: those in which the partner is one of the two, or all.
///
/// `user_of` names who recorded the entry at a position; only a user's id is shown, as the source does.
/// One that was taken back is gone at the source, and the change of provider by hand is a form and no resource;
/// neither is written.
#[must_use]
pub fn transfers(seen: &Seen<'_>, partners: &Partners, user_of: &dyn Fn(u64) -> Option<String>) -> Vec<Shape> {
    let mut shown: Vec<(&TransferId, &Transfer)> =
        seen.state.transfers.iter().filter(|of| is_shown(seen, of.1)).collect();
    shown.sort_by_key(|(id, known)| (said(&known.requested_at).copied(), *id));
    shown.into_iter().map(|(id, known)| resource(seen, (id, known), partners, user_of)).collect()
}

/// One transfer; none when the customer has no such one, or nothing is shown of it.
#[must_use]
pub fn transfer(
    seen: &Seen<'_>,
    id: &TransferId,
    partners: &Partners,
    user_of: &dyn Fn(u64) -> Option<String>,
) -> Option<Shape> {
    let known = seen.state.transfers.get(id).filter(|known| is_shown(seen, known))?;
    Some(resource(seen, (id, known), partners, user_of))
}

fn is_shown(seen: &Seen<'_>, known: &Transfer) -> bool {
    let sides = [&known.source, &known.target, &known.initiated_by];
    let of_partner = seen.by.is_none_or(|by| sides.into_iter().flatten().any(|side| side.value == by));
    let by_hand = said(&known.family) == Some(&TransferFamily::ManualLegacyAzure);
    let withdrawn = said(&known.status) == Some(&TransferStatus::Withdrawn);
    of_partner && !by_hand && !withdrawn
}

fn resource(
    seen: &Seen<'_>,
    (id, known): (&TransferId, &Transfer),
    partners: &Partners,
    user_of: &dyn Fn(u64) -> Option<String>,
) -> Shape {
    let holds = known.status_at(seen.as_of, seen.policy);
    let changed = changed(known);
    // What time alone brought about was done by nobody.
    let user = user_of(changed.at.position).filter(|user| holds.rule.is_none() && Uuid::try_parse(user).is_ok());
    let new_commerce = said(&known.family).filter(|family| family.is_new_commerce());
    let customer_name = new_commerce.and_then(|_| said(&seen.state.profile.name));
    let completed = new_commerce.and_then(|_| completed_at(known));
    Properties::new()
        .put("id", id.as_str())
        .put_if("status", status(known, &holds))
        .put_if("transferType", new_commerce.and_then(transfer_type))
        .put_if("createdTime", said(&known.requested_at).copied().map(instant))
        .put("lastModifiedTime", instant(changed.effective_at.max(holds.since)))
        .put_if("completedTime", completed.map(instant))
        .put("customerTenantId", Shape::text(seen.customer))
        .put_if("customerName", customer_name.map(String::as_str))
        .put_if("partnertenantid", seen.by.map(Shape::text))
        .and(side(("sourcePartnerName", "sourcePartnerTenantId"), &known.source, partners))
        .and(side(("targetPartnerName", "targetPartnerTenantId"), &known.target, partners))
        .put_if("lastModifiedUser", user)
        .put("lineItems", lines(seen, known))
        .put("links", self_link(format!("/customers/{}/transfers/{id}", seen.customer)))
        .put("attributes", attributes("TransferEntity"))
        .into()
}

fn said<T>(cell: &Option<Cell<T>>) -> Option<&T> {
    cell.as_ref().map(|cell| &cell.value)
}

/// The source's own word as long as it holds, else the published one.
fn status(known: &Transfer, holds: &TransferStatusAt) -> Option<String> {
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

/// The newest event by which something of it changed.
fn changed(known: &Transfer) -> Stamp {
    let of_transfer = [
        set_by(&known.source),
        set_by(&known.target),
        set_by(&known.status),
        set_by(&known.requested_at),
        set_by(&known.accepted_at),
        set_by(&known.ended_at),
    ];
    let of_lines =
        known.lines.values().flat_map(|line| [Some(line.status.set), set_by(&line.error), set_by(&line.order)]);
    let newest = of_transfer.into_iter().chain(of_lines).flatten().max_by_key(|set| (set.effective_at, set.at));
    newest.unwrap_or(known.first_seen)
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

/// What the line is of: the subscription as the source has it, and to all but the source as the target has it.
fn begun(seen: &Seen<'_>, known: &Transfer, (id, line): (SubscriptionId, &KnownLine)) -> Properties {
    let of_source = seen.by.is_some() && seen.by == said(&known.source).copied();
    let at_target = said(&line.new_subscription).copied().filter(|_| !of_source);
    let listed = listed(seen, id, line);
    Properties::new()
        .put("subscriptionId", Shape::text(at_target.unwrap_or(id)))
        .put_if("sourceSubscriptionId", at_target.map(|_| Shape::text(id)))
        .put_if("entitlementId", said(&line.entitlement).map(Shape::text))
        .put_if("offerId", listed.offer.map(Shape::text))
        .put_if("orderId", said(&line.order).map(Shape::text))
        .put_if("billingCycle", listed.billing_cycle.as_ref().map(BillingCycle::as_str))
        .put_if("friendlyName", listed.friendly_name)
        .put_if("quantity", said(&line.quantity).copied())
        .put_if("partnerIdOnRecord", known.partner_id_of(line).map(Shape::text))
        .put_if("status", line_status(&line.status.value))
}

/// What a source listed of it, or else what is known of the subscription.
fn listed(seen: &Seen<'_>, id: SubscriptionId, line: &KnownLine) -> ListedLine {
    let known = || {
        let terms = &seen.state.subscriptions.by_id.get(&id)?.terms;
        let product = said(&terms.product);
        let name = said(&terms.friendly_name).or_else(|| product.map(|product| &product.name));
        Some(ListedLine {
            offer: product.map(|product| product.id.clone()),
            friendly_name: name.cloned(),
            billing_cycle: said(&terms.billing_cycle).cloned(),
        })
    };
    let nothing = || ListedLine { offer: None, friendly_name: None, billing_cycle: None };
    said(&line.listed).cloned().or_else(known).unwrap_or_else(nothing)
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
