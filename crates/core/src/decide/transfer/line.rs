//! The lines of a transfer: which subscriptions may move, and the add-ons that move with them (rules T-4, T-5, T-7, T-17 to T-19).

use std::collections::BTreeSet;

use super::Case;
use super::sides::Sides;
use crate::command::transfer::{AcceptTransfer, RequestTransfer, SelectedItem, TransferEligibility};
use crate::decide::partner_of_record::require_on_record;
use crate::decide::subscription::owned::Owned;
use crate::event::transfer::TransferLine;
use crate::ground::subscription::SUBSCRIPTION_OWNER_UNKNOWN;
use crate::ground::transfer as ground;
use crate::id::{PartnerId, SubscriptionId, TransferId};
use crate::refusal::Refusal;
use crate::state::{Partner, Transfer};
use crate::vocabulary::{LineStatus, PartnerType, ProductFamily, SubscriptionStatus, TransferFamily};

/// What is answered where a subscription is not active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inactive {
    /// It is not eligible (rule T-5).
    NotEligible,
    /// It was selected, and the whole acceptance fails (rule T-18).
    WasSelected,
}

/// The lines that somebody wants moved, in their order.
pub(super) struct Wanted {
    lines: Vec<WantedLine>,
    /// Whether the source may be left to select.
    may_be_empty: MayBeEmpty,
    /// The partner ID for lines that name none of their own.
    partner_id: Option<PartnerId>,
}

struct WantedLine {
    subscription: SubscriptionId,
    eligibility: Option<TransferEligibility>,
    partner_id: Option<PartnerId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MayBeEmpty {
    Yes,
    No,
}

impl Wanted {
    /// As asked for.
    pub(super) fn asked(command: &RequestTransfer) -> Self {
        let lines = command.lines.iter().map(|line| WantedLine {
            subscription: line.subscription,
            eligibility: line.eligibility,
            partner_id: line.partner_id_on_record.clone(),
        });
        let may_be_empty = if command.family.is_new_commerce() { MayBeEmpty::Yes } else { MayBeEmpty::No };
        Self { lines: lines.collect(), may_be_empty, partner_id: command.partner_id_on_record.clone() }
    }

    /// As selected; where nothing is, what was asked for.
    pub(super) fn selected(command: &AcceptTransfer, transfer: &Transfer) -> Self {
        let asked = transfer.lines.iter().filter(|(_, line)| line.with_base.is_none());
        let of_request: Vec<SelectedItem> =
            asked.map(|(id, _)| SelectedItem { subscription: *id, eligibility: None }).collect();
        let items = if command.items.is_empty() { &of_request } else { &command.items };
        let lines = items.iter().map(|item| WantedLine {
            subscription: item.subscription,
            eligibility: item.eligibility,
            partner_id: transfer
                .lines
                .get(&item.subscription)
                .and_then(|line| line.partner_id_on_record.as_ref())
                .and_then(|id| id.value.clone()),
        });
        let partner_id = transfer.partner_id_on_record.as_ref().map(|id| id.value.clone());
        Self { lines: lines.collect(), may_be_empty: MayBeEmpty::No, partner_id }
    }
}

/// The lines that move, add-ons included. Precedence: none, twice, too many, then line by line: on record,
/// the source's, eligible, active, bound elsewhere, product, partner ID.
pub(super) fn to_move(
    case: &Case<'_>,
    sides: &Sides,
    transfer: &TransferId,
    wanted: &Wanted,
    inactive: Inactive,
) -> Result<Vec<TransferLine>, Refusal> {
    let mut named = BTreeSet::new();
    if wanted.lines.is_empty() && wanted.may_be_empty == MayBeEmpty::No {
        return Err(Refusal::because(&ground::TRANSFER_HAS_NO_LINES));
    }
    if let Some(twice) = wanted.lines.iter().find(|line| !named.insert(line.subscription)) {
        return Err(Refusal::because(&ground::LINE_STANDS_TWICE).with("subscription", twice.subscription));
    }
    if sides.family.is_new_commerce() && wanted.lines.len() > case.policy.transfer_items_max {
        return Err(Refusal::because(&ground::TOO_MANY_ITEMS)
            .with("items", wanted.lines.len())
            .with("max", case.policy.transfer_items_max));
    }
    let mut moved = Vec::new();
    for line in &wanted.lines {
        let base = require_movable(case, sides, transfer, line, inactive)?;
        let partner_id = line.partner_id.as_ref().or(wanted.partner_id.as_ref());
        require_partner_id(case, sides, partner_id).map_err(|refusal| refusal.with("line", line.subscription))?;
        moved.push(moving(&base, line.partner_id.clone(), None));
        let add_ons = add_ons(case, sides, transfer, base.id).filter(|add_on| !named.contains(&add_on.id));
        moved.extend(add_ons.map(|add_on| moving(&add_on, line.partner_id.clone(), Some(base.id))));
    }
    if wanted.lines.is_empty() {
        require_partner_id(case, sides, wanted.partner_id.as_ref())?;
    }
    Ok(moved)
}

fn moving(owned: &Owned<'_>, partner_id: Option<PartnerId>, with_base: Option<SubscriptionId>) -> TransferLine {
    TransferLine {
        subscription: owned.id,
        entitlement: owned.terms.entitlement.as_ref().map(|entitlement| entitlement.value),
        quantity: owned.terms.quantity.as_ref().map(|quantity| quantity.value),
        partner_id_on_record: partner_id,
        with_base,
    }
}

fn require_movable<'a>(
    case: &Case<'a>,
    sides: &Sides,
    transfer: &TransferId,
    line: &WantedLine,
    inactive: Inactive,
) -> Result<Owned<'a>, Refusal> {
    let owned = require_of_source(case, sides, line.subscription)?;
    if line.eligibility == Some(TransferEligibility::NotEligible) {
        return Err(owned.refused_for_status(&ground::SUBSCRIPTION_NOT_ELIGIBLE).with("eligibility", "not_eligible"));
    }
    if !may_be_active(&owned.status.status) {
        return Err(owned.refused_for_status(match inactive {
            Inactive::NotEligible => &ground::SUBSCRIPTION_NOT_ELIGIBLE,
            Inactive::WasSelected => &ground::INACTIVE_ITEM_SELECTED,
        }));
    }
    if let Some(other) = bound_by(case, line.subscription, transfer) {
        return Err(owned.refused(&ground::IN_ANOTHER_TRANSFER).with("transfer", other));
    }
    require_product(sides, &owned, line.eligibility)?;
    Ok(owned)
}

/// The subscription, which the source must own; a request cannot take what another partner sold.
pub(super) fn require_of_source<'a>(case: &Case<'a>, sides: &Sides, id: SubscriptionId) -> Result<Owned<'a>, Refusal> {
    let owned = case.found(id)?;
    match owned.owner {
        Some(owner) if owner == sides.source => Ok(owned),
        Some(owner) => Err(owned
            .refused(&ground::SOURCE_DOES_NOT_OWN_SUBSCRIPTION)
            .with("source", sides.source)
            .with("owner", owner)),
        None => Err(owned.refused(&SUBSCRIPTION_OWNER_UNKNOWN).with("partner", sides.source)),
    }
}

/// A subscription of which no source says a status may be active, and is not refused.
fn may_be_active(status: &SubscriptionStatus) -> bool {
    match status {
        SubscriptionStatus::Active | SubscriptionStatus::None | SubscriptionStatus::Unrecognised(_) => true,
        SubscriptionStatus::Suspended
        | SubscriptionStatus::Deleted
        | SubscriptionStatus::Expired
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Disabled => false,
    }
}

/// The other open transfer that has the subscription as an open line (rule T-4).
fn bound_by<'a>(case: &Case<'a>, id: SubscriptionId, this: &TransferId) -> Option<&'a TransferId> {
    let (at, policy) = (case.when.effective_at, case.policy);
    let mut others =
        case.customer.transfers.iter().filter(|(other, known)| *other != this && known.is_open_at(at, policy));
    others
        .find(|(_, known)| known.lines.get(&id).is_some_and(|line| line.status.value == LineStatus::Open))
        .map(|(other, _)| other)
}

/// Rule T-17: which products a procedure moves. A product whose family is not known is not refused.
fn require_product(sides: &Sides, owned: &Owned<'_>, eligibility: Option<TransferEligibility>) -> Result<(), Refusal> {
    let Some(product) = owned.terms.product.as_ref().map(|product| &product.value.family) else { return Ok(()) };
    let legacy_family = !sides.family.is_new_commerce();
    let ground = match product {
        ProductFamily::MarketplaceSaas if eligibility == Some(TransferEligibility::Eligible) => return Ok(()),
        ProductFamily::MarketplaceSaas => &ground::MARKETPLACE_NOT_TRANSFERABLE,
        ProductFamily::AzureReservation if legacy_family => &ground::RESERVATION_NOT_TRANSFERABLE,
        ProductFamily::LegacyLicense if sides.family == TransferFamily::LegacyLicense => return Ok(()),
        ProductFamily::LegacyAzure if legacy_family => return Ok(()),
        ProductFamily::NewCommerceLicense | ProductFamily::AzurePlan | ProductFamily::AzureReservation
            if !legacy_family =>
        {
            return Ok(());
        }
        ProductFamily::NotStated | ProductFamily::Unrecognised(_) => return Ok(()),
        ProductFamily::LegacyLicense
        | ProductFamily::LegacyAzure
        | ProductFamily::NewCommerceLicense
        | ProductFamily::AzurePlan
        | ProductFamily::AzureReservation
        | ProductFamily::PerpetualSoftware
        | ProductFamily::SoftwareSubscription => &ground::PRODUCT_NOT_IN_FAMILY,
    };
    Err(owned.refused(ground).with("product_family", product).with("family", &sides.family))
}

/// Rule T-19: a provider names its reseller, and any partner ID named is of a reseller of the target (I-1 to I-4).
fn require_partner_id(case: &Case<'_>, sides: &Sides, partner_id: Option<&PartnerId>) -> Result<(), Refusal> {
    let account = case.partner(sides.target).filter(|account| Partner::is_registered(account));
    match (partner_id, account) {
        (Some(id), Some(account)) => require_on_record(case, sides.target, account, id),
        (None, _) if case.partner_type(sides.target) == Some(&PartnerType::IndirectProvider) => {
            Err(Refusal::because(&ground::RESELLER_ID_REQUIRED).with("target", sides.target))
        }
        (Some(_) | None, _) => Ok(()),
    }
}

/// The add-ons that travel with a base: the source's own, active, and in no other transfer.
fn add_ons<'a>(
    case: &Case<'a>,
    sides: &Sides,
    transfer: &TransferId,
    base: SubscriptionId,
) -> impl Iterator<Item = Owned<'a>> {
    let below = case.customer.subscriptions.by_id.iter().filter(move |(id, subscription)| {
        **id != base && subscription.terms.parent.as_ref().is_some_and(|parent| parent.value == base)
    });
    let owned = below.filter_map(|(id, _)| case.found(*id).ok());
    owned.filter(move |add_on| {
        add_on.owner == Some(sides.source)
            && may_be_active(&add_on.status.status)
            && bound_by(case, add_on.id, transfer).is_none()
    })
}

/// In the legacy family the request is accepted as a whole; naming what it holds is no selection.
pub(super) fn as_asked(command: &AcceptTransfer, transfer: &Transfer) -> Result<Vec<TransferLine>, Refusal> {
    let named: BTreeSet<SubscriptionId> = command.items.iter().map(|item| item.subscription).collect();
    let asked = || transfer.lines.iter().filter(|(_, line)| line.status.value == LineStatus::Open);
    let whole = asked().filter(|(_, line)| line.with_base.is_none()).all(|(id, _)| named.contains(id))
        && named.iter().all(|id| transfer.lines.contains_key(id));
    if !command.items.is_empty() && !whole {
        return Err(Refusal::because(&ground::ITEMS_CANNOT_BE_SELECTED)
            .with_all("asked_for", asked().map(|(id, _)| id))
            .with_all("named", named));
    }
    let line = |(id, line): (&SubscriptionId, &crate::state::transfer::KnownLine)| TransferLine {
        subscription: *id,
        entitlement: line.entitlement.as_ref().map(|entitlement| entitlement.value),
        quantity: line.quantity.as_ref().map(|quantity| quantity.value),
        partner_id_on_record: line.partner_id_on_record.as_ref().and_then(|id| id.value.clone()),
        with_base: line.with_base.as_ref().map(|base| base.value),
    };
    Ok(asked().map(line).collect())
}
