//! Deciding on partners of record and support contacts; none of them gives a permission (rules I-1 to I-4, I-6, I-10 to I-13).

use super::subscription::owned::Owned;
use super::{Case, Ruling};
use crate::command::partner_of_record::{ChangeResellerOfRecord, SetDpor, SetPal, SetSupportContact};
use crate::event::Event;
use crate::event::partner_of_record::{
    DigitalPartnerOfRecordSet, PartnerAdminLinked, ResellerOfRecordChanged, SupportContact, SupportContactChanged,
};
use crate::fold::Cell;
use crate::ground;
use crate::ground::subscription::{
    ACTOR_MAY_NOT_LINK, NOT_VALID_INDIRECT_RESELLER, ONLY_CUSTOMER_MAY_SET_DPOR, PARTNER_ON_RECORD_NOT_A_RESELLER,
    PARTNER_ON_RECORD_NOT_CHANGEABLE, PARTNER_ON_RECORD_UNKNOWN, PROVIDER_CANNOT_BE_PARTNER_ON_RECORD,
    SUPPORT_CONTACT_INVALID,
};
use crate::id::{PartnerId, PartnerTenantId};
use crate::refusal::Refusal;
use crate::state::{Partner, Partnership};
use crate::vocabulary::{ProductFamily, ProgrammeStatus};

/// Precedence: actor, account, owner, deleted, pending, updates, product, then the partner ID. Nothing happens when it is so already.
pub(super) fn change_reseller_of_record(case: &Case<'_>, command: &ChangeResellerOfRecord) -> Ruling {
    let owned = case.managed(command.subscription)?;
    owned.require_alive()?;
    owned.require_free(case)?;
    require_changeable_product(&owned)?;
    let partner = case.acting_partner(&ground::subscription::ACTOR_NOT_OWNER)?;
    if let Some(id) = &command.partner_id {
        let account = case.registered_partner(partner)?;
        require_on_record(case, partner, account, id).map_err(|refusal| refusal.with("subscription", owned.id))?;
    }
    let known = &owned.subscription.partners_of_record.reseller_of_record;
    let Some(before) = differing(known, command.partner_id.as_ref()) else { return Ok(Vec::new()) };
    Ok(vec![Event::ResellerOfRecordChanged(ResellerOfRecordChanged {
        subscription: owned.id,
        before,
        after: command.partner_id.clone(),
    })])
}

/// One-time purchases keep the partner of record they were bought with (rule I-6).
fn require_changeable_product(owned: &Owned<'_>) -> Result<(), Refusal> {
    match owned.terms.product.as_ref().map(|product| &product.value.family) {
        Some(family @ (ProductFamily::AzureReservation | ProductFamily::PerpetualSoftware)) => {
            Err(owned.refused(&PARTNER_ON_RECORD_NOT_CHANGEABLE).with("family", family))
        }
        Some(
            ProductFamily::LegacyLicense
            | ProductFamily::LegacyAzure
            | ProductFamily::NewCommerceLicense
            | ProductFamily::AzurePlan
            | ProductFamily::SoftwareSubscription
            | ProductFamily::MarketplaceSaas
            | ProductFamily::NotStated
            | ProductFamily::Unrecognised(_),
        )
        | None => Ok(()),
    }
}

/// The value before, when the new one differs from it. Nobody on record and
/// nothing on record are different answers: clearing the latter is recorded.
fn differing(known: &Option<Cell<Option<PartnerId>>>, after: Option<&PartnerId>) -> Option<Option<PartnerId>> {
    match known {
        Some(cell) if cell.value.as_ref() == after => None,
        Some(cell) => Some(cell.value.clone()),
        None => Some(None),
    }
}

/// The partner ID must be of an indirect reseller with an active partnership
/// with the provider. Precedence: the provider's own (I-2), unknown (I-3), no
/// active partnership (I-1), kind and programme (I-3), agreement (I-4).
pub(super) fn require_on_record(
    case: &Case<'_>,
    provider: PartnerTenantId,
    account: &Partner,
    id: &PartnerId,
) -> Result<(), Refusal> {
    let refused = |ground| Refusal::because(ground).with("partner_id", id).with("provider", provider);
    if account.partner_id.as_ref().is_some_and(|own| own.value == *id) {
        return Err(refused(&PROVIDER_CANNOT_BE_PARTNER_ON_RECORD));
    }
    let named = || partnerships_of_id(case, provider, account, id);
    if named().next().is_none() {
        return Err(refused(&PARTNER_ON_RECORD_UNKNOWN));
    }
    let Some((reseller, _)) = named().find(|(_, partnership)| partnership.is_active()) else {
        return Err(refused(&NOT_VALID_INDIRECT_RESELLER));
    };
    let refused = |ground| refused(ground).with("reseller", reseller);
    let known = case.partner(reseller);
    if known.is_some_and(|reseller| reseller.is_registered() && !reseller.is_indirect_reseller()) {
        return Err(refused(&PARTNER_ON_RECORD_NOT_A_RESELLER));
    }
    let programme = known.and_then(|reseller| reseller.programme.as_ref());
    if programme.is_some_and(|programme| programme.value == ProgrammeStatus::NotActive) {
        return Err(refused(&ground::relationship::RESELLER_PROGRAMME_NOT_ACTIVE));
    }
    if known.is_none_or(|reseller| reseller.agreement_accepted.is_none()) {
        return Err(refused(&ground::relationship::RESELLER_AGREEMENT_MISSING));
    }
    Ok(())
}

/// The provider's partnerships with whoever has the partner ID, by the partnership's record or the reseller's account.
fn partnerships_of_id<'a>(
    case: &'a Case<'_>,
    provider: PartnerTenantId,
    account: &'a Partner,
    id: &'a PartnerId,
) -> impl Iterator<Item = (PartnerTenantId, &'a Partnership)> {
    let of_provider = account.partnerships.iter().filter(move |((by, _), _)| *by == provider);
    of_provider.map(|((_, reseller), partnership)| (*reseller, partnership)).filter(move |(reseller, partnership)| {
        let of_account = case.partner(*reseller).and_then(|known| known.partner_id.as_ref());
        partnership.reseller_partner_id.as_ref() == Some(id) || of_account.is_some_and(|own| own.value == *id)
    })
}

/// Precedence: actor, subscription, deleted. A newcomer replaces (rule I-11); nothing happens when it is so already.
pub(super) fn set_dpor(case: &Case<'_>, command: &SetDpor) -> Ruling {
    let customer = case.customer_named()?;
    if case.request.actor.customer() != Some(customer) {
        return Err(Refusal::because(&ONLY_CUSTOMER_MAY_SET_DPOR)
            .with("customer", customer)
            .with("actor_kind", &case.request.actor.kind));
    }
    let found = case.found(command.subscription)?;
    found.require_alive()?;
    let known = &found.subscription.partners_of_record.dpor;
    let Some(before) = differing(known, command.partner_id.as_ref()) else { return Ok(Vec::new()) };
    Ok(vec![Event::DigitalPartnerOfRecordSet(DigitalPartnerOfRecordSet {
        subscription: found.id,
        before,
        after: command.partner_id.clone(),
    })])
}

/// Precedence: actor, account, subscription, deleted. Neither ownership nor
/// access is asked for (rule I-12); nothing happens when it is so already.
pub(super) fn set_pal(case: &Case<'_>, command: &SetPal) -> Ruling {
    let partner = case.acting_partner(&ACTOR_MAY_NOT_LINK)?;
    case.registered_partner(partner)?;
    let found = case.found(command.subscription)?;
    found.require_alive()?;
    let known = &found.subscription.partners_of_record.pal;
    let Some(before) = differing(known, command.partner_id.as_ref()) else { return Ok(Vec::new()) };
    Ok(vec![Event::PartnerAdminLinked(PartnerAdminLinked {
        subscription: found.id,
        before,
        after: command.partner_id.clone(),
    })])
}

/// Precedence: actor, account, owner, deleted, contact. Nothing happens when it is so already.
pub(super) fn set_support_contact(case: &Case<'_>, command: &SetSupportContact) -> Ruling {
    let owned = case.managed(command.subscription)?;
    owned.require_alive()?;
    if owned.owner != Some(command.partner) {
        case.require_relationship(command.partner, &SUPPORT_CONTACT_INVALID)
            .map_err(|refusal| refusal.with("subscription", owned.id))?;
    }
    let contact = Some(SupportContact {
        partner: command.partner,
        partner_id: command.partner_id.clone(),
        name: command.name.clone(),
    });
    if owned.subscription.support_contact.as_ref().is_some_and(|known| known.value == contact) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::SupportContactChanged(SupportContactChanged { subscription: owned.id, contact })])
}
