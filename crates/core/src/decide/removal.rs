//! Deciding how reseller relationships end (rules M-1 to M-12). Subscriptions are looked at and never touched (S-13).

use std::collections::BTreeSet;

use super::{Case, Ruling};
use crate::actor::ActorKind;
use crate::command::relationship::{AccountKind, DeleteCustomer, RemoveResellerRelationship};
use crate::event::Event;
use crate::event::dap::{DapEndCause, DapRemovedByPartner};
use crate::event::partner_of_record::SupportContactChanged;
use crate::event::relationship::{CustomerDeleted, ResellerRelationshipRemovedByPartner};
use crate::ground::relationship as ground;
use crate::id::{PartnerTenantId, SubscriptionId};
use crate::policy::RemovalPolicy;
use crate::refusal::{Ground, Refusal};
use crate::state::{Access, Partnership, Subscription};
use crate::vocabulary::{PartnerType, ProductFamily, SubscriptionStatus};

/// The partner removes its relationship; what it sold stays with it, in its last state (rule S-6).
pub(super) fn remove(case: &Case<'_>, command: &RemoveResellerRelationship) -> Ruling {
    case.customer_named()?;
    require_user_of(case, command.partner)?;
    case.require_partner_role(&case.policy.removal_roles, &ground::ROLE_MAY_NOT_REMOVE)?;
    case.registered_partner(command.partner)?;
    let itself = case.request.actor.partner() == Some(command.partner);
    if itself && case.partner_type(command.partner) == Some(&PartnerType::IndirectReseller) {
        return Err(Refusal::because(&ground::INDIRECT_PROVIDER_MUST_REMOVE).with("partner", command.partner));
    }
    let relationship = case.require_relationship(command.partner, &ground::NOT_A_RESELLER)?;
    require_nothing_left(case, command.partner)?;
    let removed = Event::ResellerRelationshipRemovedByPartner(ResellerRelationshipRemovedByPartner {
        partner: command.partner,
        removed_by: case.request.actor.user.clone(),
        subscriptions_considered: sold_by(case, command.partner).map(|(id, _)| id).collect(),
        generation: relationship.generation,
    });
    Ok([removed].into_iter().chain(what_ends_with_it(case, command.partner)).collect())
}

/// A sandbox account deletes a customer.
pub(super) fn delete_customer(case: &Case<'_>, command: &DeleteCustomer) -> Ruling {
    case.customer_named()?;
    case.require_party(command.partner, &ground::ACTOR_NOT_PARTY_TO_DELETION)?;
    case.registered_partner(command.partner)?;
    match command.account {
        AccountKind::Production => return Err(Refusal::because(&ground::ONLY_SANDBOX_MAY_DELETE)),
        AccountKind::Sandbox => {}
    }
    case.require_relationship(command.partner, &ground::NOT_A_RESELLER)?;
    let deleted = Event::CustomerDeleted(CustomerDeleted { partner: command.partner });
    Ok([deleted].into_iter().chain(what_ends_with_it(case, command.partner)).collect())
}

/// Rule M-8: a signed-in user of the partner.
fn require_user_of(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    if case.request.actor.kind == ActorKind::PartnerApplication {
        return Err(Refusal::because(&ground::APP_USER_REQUIRED).with("actor_kind", &case.request.actor.kind));
    }
    match case.request.actor.partner() {
        Some(acting) if provides_for(case, acting, partner) => Ok(()),
        _ => case.require_party(partner, &ground::ACTOR_NOT_PARTY_TO_REMOVAL),
    }
}

/// Whether one partner is the provider of the other at this instant: it removes what its reseller may not (rule M-6).
fn provides_for(case: &Case<'_>, provider: PartnerTenantId, reseller: PartnerTenantId) -> bool {
    case.partner(reseller)
        .and_then(|account| account.partnerships.get(&(provider, reseller)))
        .is_some_and(Partnership::is_active)
}

/// The partner's own subscriptions; those of others never count (rule M-1).
fn sold_by<'a>(case: &Case<'a>, partner: PartnerTenantId) -> impl Iterator<Item = (SubscriptionId, &'a Subscription)> {
    case.customer
        .subscriptions
        .by_id
        .iter()
        .filter(move |(_, subscription)| subscription.owner.as_ref().is_some_and(|owner| owner.value == partner))
        .map(|(id, subscription)| (*id, subscription))
}

/// What a subscription is to the removal guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Usable and billed (rule M-1).
    Active,
    /// A reservation that is not cancelled (rule M-4).
    Reservation,
    /// A software purchase that is not cancelled (rule M-5).
    Software,
    /// New commerce, suspended but still billed (rule M-3).
    SuspendedNewCommerce,
}

/// Rules M-1 to M-5: each subscription stands in the way for one reason, and the first reason is answered.
fn require_nothing_left(case: &Case<'_>, partner: PartnerTenantId) -> Result<(), Refusal> {
    let reasons: [(Left, &Ground); 4] = [
        (Left::Active, &ground::ACTIVE_SUBSCRIPTIONS_EXIST),
        (Left::Reservation, &ground::AZURE_RESERVATION_ACTIVE),
        (Left::Software, &ground::SOFTWARE_PURCHASE_ACTIVE),
        (Left::SuspendedNewCommerce, &ground::NEW_COMMERCE_SUBSCRIPTION_NOT_CANCELLED),
    ];
    for (reason, ground) in reasons {
        let ids: Vec<SubscriptionId> = sold_by(case, partner)
            .filter(|(_, subscription)| left(case, subscription) == Some(reason))
            .map(|(id, _)| id)
            .collect();
        if !ids.is_empty() {
            return Err(Refusal::because(ground).with("partner", partner).with_all("subscriptions", ids));
        }
    }
    Ok(())
}

fn left(case: &Case<'_>, subscription: &Subscription) -> Option<Left> {
    let family = subscription.terms.product.as_ref().map(|product| &product.value.family);
    let status = subscription.status_at(case.when.effective_at, case.policy).status;
    match status {
        // Over, or nothing says that it began: nothing is left of it.
        SubscriptionStatus::Deleted
        | SubscriptionStatus::Expired
        | SubscriptionStatus::Disabled
        | SubscriptionStatus::None => return None,
        SubscriptionStatus::Active
        | SubscriptionStatus::Suspended
        | SubscriptionStatus::Pending
        | SubscriptionStatus::Unrecognised(_) => {}
    }
    match family {
        Some(ProductFamily::AzureReservation) => return Some(Left::Reservation),
        Some(ProductFamily::PerpetualSoftware | ProductFamily::SoftwareSubscription) => return Some(Left::Software),
        Some(
            ProductFamily::LegacyLicense
            | ProductFamily::LegacyAzure
            | ProductFamily::NewCommerceLicense
            | ProductFamily::AzurePlan
            | ProductFamily::MarketplaceSaas
            | ProductFamily::NotStated
            | ProductFamily::Unrecognised(_),
        )
        | None => {}
    }
    if status == SubscriptionStatus::Active {
        return Some(Left::Active);
    }
    let still_billed = status == SubscriptionStatus::Suspended
        && family.is_some_and(ProductFamily::is_new_commerce)
        && case.policy.removal_policy == RemovalPolicy::NceMustBeEnded;
    still_billed.then_some(Left::SuspendedNewCommerce)
}

/// What ends with the relationship (rule M-9): DAP, and the partner's entries
/// as support contact. Azure roles stay, as nobody takes them away.
fn what_ends_with_it(case: &Case<'_>, partner: PartnerTenantId) -> Vec<Event> {
    let dap = case.customer.access.of(partner).and_then(Access::services).map(|services| {
        Event::DapRemovedByPartner(DapRemovedByPartner { partner, services, cause: DapEndCause::RelationshipRemoved })
    });
    let supported: BTreeSet<SubscriptionId> = case
        .customer
        .subscriptions
        .by_id
        .iter()
        .filter(|(_, subscription)| {
            let contact = subscription.support_contact.as_ref().and_then(|contact| contact.value.as_ref());
            contact.is_some_and(|contact| contact.partner == partner)
        })
        .map(|(id, _)| *id)
        .collect();
    let contacts = supported
        .into_iter()
        .map(|subscription| Event::SupportContactChanged(SupportContactChanged { subscription, contact: None }));
    dap.into_iter().chain(contacts).collect()
}
