//! Deciding on conversions: upgrades and transitions to another product, and trials that become paid (rules U-12, U-13, B-10).

use super::owned::Owned;
use super::{Case, Ruling, billing_fits, in_range, window};
use crate::command::subscription::{ConvertSubscription, ConvertTrial, Product};
use crate::decide::guard::unrecognised;
use crate::entra_role::{DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR};
use crate::event::Event;
use crate::event::subscription::{
    SubscriptionConverted, SubscriptionPurchased, SubscriptionSeatsChanged, TrialConverted,
};
use crate::ground::granular::INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS;
use crate::ground::subscription as ground;
use crate::id::{OrderId, PartnerTenantId, SubscriptionId};
use crate::policy::{LicenceTransfer, UpgradeConditions};
use crate::refusal::Refusal;
use crate::state::access::DapCoverage;
use crate::vocabulary::{SubscriptionStatus, TransitionType, Trial};

/// Precedence: actor, account, relationship, owner, words, deleted, ended, pending, updates, trial, active, terms known,
/// target itself, the target's id in use later, owner, status, operation, product and end, then the cloud's conditions, the licences.
pub(crate) fn convert(case: &Case<'_>, command: &ConvertSubscription) -> Ruling {
    let owned = case.sold(command.subscription)?;
    if !command.transition_type.is_recognised() {
        return Err(unrecognised("transition_type", command.transition_type.as_str()));
    }
    require_family(&command.to_product)?;
    owned.require_changeable(case)?;
    owned.require_not_trial(&ground::TRIAL_NOT_CHANGEABLE)?;
    require_active(&owned)?;
    let from = owned.known(&owned.terms.product, "product")?;
    if from.id == command.to_product.id {
        return Err(owned.refused(&ground::TARGET_IS_SAME_PRODUCT).with("product", &from.id));
    }
    let into = match command.to_subscription {
        Some(into) => target_events(case, &owned, into, &command.to_product)?,
        None => None,
    };
    if case.policy.upgrade_conditions == UpgradeConditions::DapAndUnownedTarget {
        require_upgrade_conditions(case, &owned, from, &command.to_product)?;
    }
    if command.transition_type == TransitionType::TransitionWithLicenseTransfer {
        require_directory_writer(case, &owned)?;
    }
    let converted = Event::SubscriptionConverted(Box::new(SubscriptionConverted {
        subscription: owned.id,
        from_product: from.id.clone(),
        to_product: command.to_product.clone(),
        to_subscription: command.to_subscription,
        transition_type: Some(command.transition_type.clone()),
    }));
    Ok([Some(converted), into].into_iter().flatten().collect())
}

/// Rule U-14: DAP makes its holders Global administrator, so it is enough too.
fn require_directory_writer(case: &Case<'_>, owned: &Owned<'_>) -> Result<(), Refusal> {
    match case.policy.licence_transfer {
        LicenceTransfer::None => return Ok(()),
        LicenceTransfer::DirectoryWriter => {}
    }
    let partner = *owned.known(&owned.subscription.owner, "owner")?;
    let dap = case.customer.access.of(partner).is_some_and(|access| access.dap.contains_key(&DapCoverage::Tenant));
    let roles = [DIRECTORY_WRITERS, GLOBAL_ADMINISTRATOR];
    if dap || case.customer.access.granular.gives(partner, &roles, case.when.effective_at, case.policy) {
        return Ok(());
    }
    Err(owned.refused(&INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS).with("partner", partner))
}

fn require_family(product: &Product) -> Result<(), Refusal> {
    if product.family.is_stated() {
        return Ok(());
    }
    Err(unrecognised("to_product.family", product.family.as_str()))
}

fn require_active(owned: &Owned<'_>) -> Result<(), Refusal> {
    if owned.status.status == SubscriptionStatus::Active {
        return Ok(());
    }
    Err(owned.refused_for_status(&ground::STATUS_NOT_ACTIVE))
}

/// What happens to the subscription converted into: a new one is bought for
/// the same owner, an existing one receives the seats.
fn target_events(
    case: &Case<'_>,
    from: &Owned<'_>,
    into: SubscriptionId,
    product: &Product,
) -> Result<Option<Event>, Refusal> {
    if into == from.id {
        return Err(from.refused(&ground::TARGET_IS_SAME_SUBSCRIPTION));
    }
    let owner = *from.known(&from.subscription.owner, "owner")?;
    let quantity = *from.known(&from.terms.quantity, "quantity")?;
    if !case.customer.subscriptions.by_id.contains_key(&into) {
        if !case.in_use(&[into].into()).is_empty() {
            return Err(from.refused(&ground::SUBSCRIPTION_ALREADY_EXISTS).with("target", into));
        }
        return bought(case, from, owner, into, product).map(Some);
    }
    let target = case.owned(into, owner)?;
    require_target(case, from, &target, product)?;
    let before = *target.known(&target.terms.quantity, "quantity")?;
    let after = before.saturating_add(quantity);
    in_range(Some(product), after).map_err(|refusal| refusal.with("target", into))?;
    Ok(Some(Event::SubscriptionSeatsChanged(SubscriptionSeatsChanged {
        subscription: into,
        before,
        after,
        // A conversion is not subject to the window.
        refundable_until: None,
    })))
}

fn require_target(case: &Case<'_>, from: &Owned<'_>, target: &Owned<'_>, product: &Product) -> Result<(), Refusal> {
    let refused = |ground| from.refused(ground).with("target", target.id);
    if target.status.status != SubscriptionStatus::Active {
        return Err(refused(&ground::TARGET_NOT_ACTIVE).with("target_status", &target.status.status));
    }
    if target.require_free(case).is_err() {
        return Err(refused(&ground::TARGET_NOT_READY));
    }
    if target.terms.product.as_ref().is_none_or(|known| known.value.id != product.id) {
        return Err(refused(&ground::TARGET_PRODUCT_DIFFERS).with("product", &product.id));
    }
    if let (Some(ends), Some(target_ends)) = (&from.terms.commitment_end, &target.terms.commitment_end)
        && target_ends.value < ends.value
    {
        return Err(refused(&ground::TARGET_ENDS_EARLIER)
            .with("commitment_end", ends.value)
            .with("target_commitment_end", target_ends.value));
    }
    Ok(())
}

/// A new subscription of the same owner, with the terms and the partners of record of the one converted.
fn bought(
    case: &Case<'_>,
    from: &Owned<'_>,
    owner: PartnerTenantId,
    into: SubscriptionId,
    product: &Product,
) -> Result<Event, Refusal> {
    let terms = from.terms;
    let quantity = *from.known(&terms.quantity, "quantity")?;
    in_range(Some(product), quantity).map_err(|refusal| refusal.with("subscription", from.id))?;
    let record = &from.subscription.partners_of_record;
    Ok(Event::SubscriptionPurchased(Box::new(SubscriptionPurchased {
        subscription: into,
        owner,
        order: order_of(case, from)?,
        product: product.clone(),
        quantity,
        term: Some(from.known(&terms.term, "term")?.clone()),
        billing_cycle: Some(from.known(&terms.billing_cycle, "billing_cycle")?.clone()),
        auto_renew: Some(from.known(&terms.auto_renew, "auto_renew")?.clone()),
        trial: Some(Trial::Paid),
        parent: terms.parent.as_ref().map(|parent| parent.value),
        commitment_end: terms.commitment_end.as_ref().map(|end| end.value),
        // A conversion is not subject to the window.
        cancellation_allowed_until: None,
        partner_id_on_record: record.reseller_of_record.as_ref().and_then(|id| id.value.clone()),
        additional_partner_ids_on_record: record
            .additional_sellers
            .as_ref()
            .map(|sellers| sellers.value.clone())
            .unwrap_or_default(),
        agreement: terms.agreement.as_ref().map(|agreement| agreement.value.clone()),
        price_terms: None,
        entitlement: None,
    })))
}

/// The order of the subscription converted; the command's own id where no source gave one.
fn order_of(case: &Case<'_>, from: &Owned<'_>) -> Result<OrderId, Refusal> {
    if let Some(order) = &from.terms.order {
        return Ok(order.value.clone());
    }
    case.request
        .command_id
        .to_string()
        .parse()
        .map_err(|_| from.refused(&ground::TERMS_NOT_KNOWN).with("field", "order"))
}

/// In 21Vianet: delegated administration for the customer and the service, and
/// a target that the customer has from nobody yet (rule U-13).
fn require_upgrade_conditions(case: &Case<'_>, owned: &Owned<'_>, from: &Product, to: &Product) -> Result<(), Refusal> {
    let access = owned.owner.and_then(|owner| case.customer.access.of(owner));
    let service = to.service.as_ref().or(from.service.as_ref());
    let covered = access.is_some_and(|access| match service {
        Some(service) => access.dap_for(service).is_some(),
        None => access.has_dap(),
    });
    if !covered {
        let refusal = owned.refused(&ground::DAP_REQUIRED_FOR_SERVICE);
        return Err(refusal.with_all("service", service));
    }
    let (at, policy) = (case.when.effective_at, case.policy);
    let already = case.customer.subscriptions.by_id.iter().find(|(id, other)| {
        **id != owned.id
            && other.terms.product.as_ref().is_some_and(|product| product.value.id == to.id)
            && other.status_at(at, policy).status != SubscriptionStatus::Deleted
    });
    match already {
        Some((id, _)) => Err(owned.refused(&ground::TARGET_ALREADY_OWNED).with("owned_subscription", id)),
        None => Ok(()),
    }
}

/// Precedence: actor, account, relationship, owner, words, billing, deleted, ended, pending, updates, trial, active, quantity.
pub(crate) fn convert_trial(case: &Case<'_>, command: &ConvertTrial) -> Ruling {
    let owned = case.sold(command.subscription)?;
    require_family(&command.to_product)?;
    if !command.term.is_recognised() {
        return Err(unrecognised("term", command.term.as_str()));
    }
    billing_fits(&command.billing_cycle, &command.term).map_err(|refusal| refusal.with("subscription", owned.id))?;
    owned.require_changeable(case)?;
    if !owned.is_trial() {
        return Err(owned.refused(&ground::NOT_A_TRIAL));
    }
    require_active(&owned)?;
    in_range(Some(&command.to_product), command.quantity).map_err(|refusal| refusal.with("subscription", owned.id))?;
    let (at, family) = (case.when.effective_at, &command.to_product.family);
    Ok(vec![Event::TrialConverted(Box::new(TrialConverted {
        subscription: owned.id,
        to_product: command.to_product.clone(),
        quantity: command.quantity,
        term: Some(command.term.clone()),
        billing_cycle: Some(command.billing_cycle.clone()),
        commitment_end: window::commitment_end(at, &command.term, &Trial::Paid),
        cancellation_allowed_until: window::cancellation_end(at, family, &command.term, case.policy),
    }))])
}
