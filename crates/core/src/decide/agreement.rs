//! Deciding on customer agreements: attested by a partner, or accepted by the customer (rules B-3, B-4, B-5, B-11).

use super::guard::unrecognised;
use super::{Case, Ruling};
use crate::actor::ActorKind;
use crate::command::agreement::ConfirmCustomerAgreement;
use crate::event::Event;
use crate::event::agreement::CustomerAgreementConfirmed;
use crate::ground::subscription as ground;
use crate::id::PartnerTenantId;
use crate::refusal::Refusal;
use crate::state::Agreement;
use crate::vocabulary::{AgreementMethod, PartnerType};

/// Precedence: method, actor, account, kind of partner, type of agreement, date, repetition.
pub(super) fn confirm(case: &Case<'_>, command: &ConfirmCustomerAgreement) -> Ruling {
    let attested_by = match &command.method {
        AgreementMethod::Attested => Some(attesting_partner(case)?),
        AgreementMethod::Direct => {
            require_customer(case)?;
            None
        }
        AgreementMethod::Unrecognised(word) => return Err(unrecognised("method", word)),
    };
    if !command.agreement_type.is_stated() {
        return Err(unrecognised("agreement_type", command.agreement_type.as_str()));
    }
    if command.date_agreed > case.when.effective_at {
        return Err(Refusal::because(&ground::DATE_IN_FUTURE)
            .with("date_agreed", command.date_agreed)
            .with("effective_at", case.when.effective_at));
    }
    let of_type = case.customer.agreements.iter().filter(|known| known.agreement_type == command.agreement_type);
    if let Some(known) = of_type.into_iter().find(|known| repeats(known, attested_by)) {
        return Err(Refusal::because(&ground::AGREEMENT_ALREADY_CONFIRMED)
            .with("agreement_type", &known.agreement_type)
            .with("confirmed_at", known.set.effective_at));
    }
    Ok(vec![Event::CustomerAgreementConfirmed(Box::new(CustomerAgreementConfirmed {
        agreement_type: command.agreement_type.clone(),
        template_id: command.template_id.clone(),
        date_agreed: command.date_agreed,
        method: command.method.clone(),
        attested_by,
        primary_contact: command.primary_contact.clone(),
    }))])
}

fn attesting_partner(case: &Case<'_>) -> Result<PartnerTenantId, Refusal> {
    let partner = case.acting_partner(&ground::ACTOR_MAY_NOT_ATTEST)?;
    if case.request.actor.kind == ActorKind::PartnerApplication {
        return Err(Refusal::because(&ground::ATTESTATION_NEEDS_USER).with("partner", partner));
    }
    case.registered_partner(partner)?;
    match case.partner_type(partner) {
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider) => Ok(partner),
        Some(PartnerType::IndirectReseller | PartnerType::Advisor | PartnerType::Unrecognised(_)) | None => {
            Err(Refusal::because(&ground::ONLY_DIRECT_OR_PROVIDER)
                .with("partner", partner)
                .with_all("partner_type", case.partner_type(partner)))
        }
    }
}

fn require_customer(case: &Case<'_>) -> Result<(), Refusal> {
    let customer = case.customer_named()?;
    if case.request.actor.customer() == Some(customer) {
        return Ok(());
    }
    Err(Refusal::because(&ground::ONLY_CUSTOMER_ACCEPTS_DIRECTLY)
        .with("customer", customer)
        .with("actor_kind", &case.request.actor.kind))
}

/// Whether a known confirmation makes a new one a repetition. What another
/// partner attested does not hold for this one, and what a partner attested
/// the customer may still accept itself (rule B-11).
fn repeats(known: &Agreement, attested_by: Option<PartnerTenantId>) -> bool {
    holds_for(known, attested_by) && (attested_by.is_some() || known.method != AgreementMethod::Attested)
}

/// Whether an agreement satisfies a partner's order: accepted directly, or not
/// attested by another (rule B-11; who attested may be on no record).
pub(super) fn holds_for(agreement: &Agreement, partner: Option<PartnerTenantId>) -> bool {
    agreement.method == AgreementMethod::Direct
        || agreement.attested_by.is_none_or(|attesting| Some(attesting) == partner)
}
