//! Deciding on transfers: who asks, who answers, and in which status (rules T-1 to T-3, T-6 to T-12, T-19, T-20).

mod completion;
mod line;
mod sides;

use std::collections::BTreeSet;

pub(super) use self::completion::complete;
use self::line::{Inactive, Wanted};
use self::sides::Sides;
use super::guard::unrecognised;
use super::partner::stated_markets;
use super::{Case, Ruling, Streams, agreement};
use crate::Request;
use crate::command::Command;
use crate::command::transfer::{AcceptTransfer, RejectTransfer, RequestTransfer, Signatory, WithdrawTransfer};
use crate::event::Event;
use crate::event::transfer::{
    SubscriptionTransferAccepted, SubscriptionTransferRejected, SubscriptionTransferRequested,
    SubscriptionTransferWithdrawn,
};
use crate::fold::events_that_hold;
use crate::ground::transfer as ground;
use crate::id::{PartnerTenantId, TransferId};
use crate::policy::TransferOffer;
use crate::refusal::{Ground, Refusal};
use crate::state::Transfer;
use crate::vocabulary::{
    AgreementType, PartnerType, ProductFamily, SubscriptionStatus, TransferFamily, TransferStatus,
};

/// The partners that a request depends on: both sides, and the target's resellers where a partner ID is named.
pub(super) fn partners_needed(request: &Request, streams: &Streams<'_>) -> BTreeSet<PartnerTenantId> {
    let Command::RequestTransfer(command) = request.command.command() else { return BTreeSet::new() };
    let target = streams.partners.get(&command.target);
    let partnerships = target.into_iter().flat_map(|account| account.partnerships.keys());
    let resellers = partnerships.filter(|(by, _)| *by == command.target).map(|(_, reseller)| *reseller);
    let named =
        command.partner_id_on_record.is_some() || command.lines.iter().any(|line| line.partner_id_on_record.is_some());
    [command.source, command.target].into_iter().chain(resellers.filter(|_| named)).collect()
}

/// A partner asks for a transfer. Precedence: family, who asks, account, source and target apart, the id, the
/// offer of the cloud, the target's relationship and kind, region, signatures, the target's Azure plan and
/// agreement, then the lines in their order.
pub(super) fn request(case: &Case<'_>, command: &RequestTransfer) -> Ruling {
    case.customer_named()?;
    if !command.family.is_recognised() {
        return Err(unrecognised("family", command.family.as_str()));
    }
    let sides = Sides { family: command.family.clone(), source: command.source, target: command.target };
    case.require_party(sides.initiator(), &ground::WRONG_INITIATOR)?;
    sides.require_account(case, sides.initiator())?;
    if sides.source == sides.target {
        return Err(Refusal::because(&ground::SOURCE_EQUALS_TARGET).with("partner", sides.source));
    }
    require_unused(case, &command.transfer)?;
    require_offered(case, &command.family)?;
    require_target(case, &sides)?;
    require_same_region(case, &sides)?;
    require_signatures(case, command)?;
    if command.family == TransferFamily::AzurePlan {
        require_azure_plan(case, &sides)?;
    }
    let wanted = Wanted::asked(command);
    let lines = line::to_move(case, &sides, &command.transfer, &wanted, Inactive::NotEligible)?;
    Ok(vec![Event::SubscriptionTransferRequested(SubscriptionTransferRequested {
        transfer: command.transfer.clone(),
        family: command.family.clone(),
        source: command.source,
        target: command.target,
        initiated_by: sides.initiator(),
        lines,
        partner_id_on_record: command.partner_id_on_record.clone(),
        signatures: command.signatures.clone(),
    })])
}

/// An id is used once, whenever the other transfer was asked for.
fn require_unused(case: &Case<'_>, id: &TransferId) -> Result<(), Refusal> {
    let known = case.customer.transfers.contains_key(id);
    if known || events_that_hold(case.facts).any(|event| event.transfer() == Some(id)) {
        return Err(Refusal::because(&ground::TRANSFER_ALREADY_EXISTS).with("transfer", id));
    }
    Ok(())
}

fn require_offered(case: &Case<'_>, family: &TransferFamily) -> Result<(), Refusal> {
    let refused = || Refusal::because(&ground::TRANSFER_NOT_OFFERED).with("family", family);
    match case.policy.new_commerce_transfer {
        _ if *family != TransferFamily::NewCommerce => Ok(()),
        TransferOffer::OfferedFrom(from) if case.when.effective_at < from => {
            Err(refused().with("offered_from", from).with("effective_at", case.when.effective_at))
        }
        TransferOffer::OfferedFrom(_) => Ok(()),
        TransferOffer::NotOffered => Err(refused()),
    }
}

/// Rule T-2; a target whose kind is not known is taken for one who transacts, as its relationship says so.
fn require_target(case: &Case<'_>, sides: &Sides) -> Result<(), Refusal> {
    case.require_relationship(sides.target, &ground::NO_RELATIONSHIP_AT_TARGET)?;
    match case.partner_type(sides.target) {
        Some(kind @ (PartnerType::IndirectReseller | PartnerType::Advisor)) => {
            Err(Refusal::because(&ground::TARGET_DOES_NOT_TRANSACT)
                .with("partner", sides.target)
                .with("partner_type", kind))
        }
        Some(PartnerType::DirectBill | PartnerType::IndirectProvider | PartnerType::Unrecognised(_)) | None => Ok(()),
    }
}

/// Rule T-6, as far as markets are known: source and target share one, and the target sells in the customer's.
fn require_same_region(case: &Case<'_>, sides: &Sides) -> Result<(), Refusal> {
    let markets = |partner| case.partner(partner).and_then(stated_markets);
    let Some(target) = markets(sides.target) else { return Ok(()) };
    let refused = || Refusal::because(&ground::REGION_MISMATCH).with_all("target_markets", target);
    if let Some(source) = markets(sides.source).filter(|source| source.is_disjoint(target)) {
        return Err(refused().with_all("source_markets", source));
    }
    match case.customer.profile.market.as_ref().filter(|market| !target.contains(&market.value)) {
        Some(market) => Err(refused().with("customer_market", &market.value)),
        None => Ok(()),
    }
}

/// A change of provider by hand is signed by all three; a signature of a day to come is none yet.
fn require_signatures(case: &Case<'_>, command: &RequestTransfer) -> Result<(), Refusal> {
    if command.family != TransferFamily::ManualLegacyAzure {
        return Ok(());
    }
    let signed = |by: &Signatory| {
        command.signatures.iter().any(|given| given.by == *by && given.signed_at <= case.when.effective_at)
    };
    let missing: Vec<&str> =
        Signatory::ALL.iter().filter(|by| !signed(by)).map(|signatory| signatory.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Refusal::because(&ground::SIGNATURES_MISSING).with_all("missing", missing))
}

/// Rule T-20: the customer has an active Azure plan with the target, and a customer agreement that holds for it.
fn require_azure_plan(case: &Case<'_>, sides: &Sides) -> Result<(), Refusal> {
    let of_target = case.customer.subscriptions.by_id.values().filter(|subscription| {
        let family = subscription.terms.product.as_ref().map(|product| &product.value.family);
        subscription.owner.as_ref().is_some_and(|owner| owner.value == sides.target)
            && family == Some(&ProductFamily::AzurePlan)
    });
    let statuses: Vec<SubscriptionStatus> =
        of_target.map(|plan| plan.status_at(case.when.effective_at, case.policy).status).collect();
    let refused = |ground: &Ground| Refusal::because(ground).with("target", sides.target);
    if statuses.is_empty() {
        return Err(refused(&ground::AZURE_PLAN_MISSING));
    }
    if !statuses.iter().any(|status| matches!(status, SubscriptionStatus::Active | SubscriptionStatus::None)) {
        return Err(refused(&ground::AZURE_PLAN_NOT_ACTIVE).with_all("status", statuses));
    }
    let agreed = case.customer.agreements.iter().any(|known| {
        known.agreement_type == AgreementType::MicrosoftCustomerAgreement
            && agreement::holds_for(known, Some(sides.target))
    });
    if agreed { Ok(()) } else { Err(refused(&ground::NO_AGREEMENT_WITH_TARGET)) }
}

/// The counterparty accepts; nothing moves yet (rules T-8 to T-10, T-18). Precedence: who answers, the
/// transfer, account, status, the target's relationship, then what is selected.
pub(super) fn accept(case: &Case<'_>, command: &AcceptTransfer) -> Ruling {
    let (sides, transfer) = answered(case, &command.transfer)?;
    require_pending(case, &command.transfer, transfer, &ground::TRANSFER_IN_PROCESSING)?;
    case.require_relationship(sides.target, &ground::NO_RELATIONSHIP_AT_TARGET)?;
    let items = if sides.family.is_new_commerce() {
        let wanted = Wanted::selected(command, transfer);
        line::to_move(case, &sides, &command.transfer, &wanted, Inactive::WasSelected)?
    } else {
        line::as_asked(command, transfer)?
    };
    Ok(vec![Event::SubscriptionTransferAccepted(SubscriptionTransferAccepted {
        transfer: command.transfer.clone(),
        items,
    })])
}

/// The counterparty declines. Precedence: who answers, the transfer, account, status.
pub(super) fn reject(case: &Case<'_>, command: &RejectTransfer) -> Ruling {
    let (_, transfer) = answered(case, &command.transfer)?;
    require_pending(case, &command.transfer, transfer, &ground::TRANSFER_IN_PROCESSING)?;
    Ok(vec![Event::SubscriptionTransferRejected(SubscriptionTransferRejected { transfer: command.transfer.clone() })])
}

/// Whoever asked takes it back (rules T-1, T-12). Precedence: who acts, the transfer, account, status.
pub(super) fn withdraw(case: &Case<'_>, command: &WithdrawTransfer) -> Ruling {
    case.customer_named()?;
    case.acting_partner(&ground::WRONG_INITIATOR)?;
    let transfer = found(case, &command.transfer)?;
    let sides = Sides::of(&command.transfer, transfer)?;
    case.require_party(sides.initiator(), &ground::WRONG_INITIATOR)?;
    case.registered_partner(sides.initiator())?;
    let processing =
        if sides.family.is_new_commerce() { &ground::NOT_CANCELLABLE } else { &ground::TRANSFER_IN_PROCESSING };
    require_pending(case, &command.transfer, transfer, processing)?;
    Ok(vec![Event::SubscriptionTransferWithdrawn(SubscriptionTransferWithdrawn { transfer: command.transfer.clone() })])
}

/// The transfer that the actor may answer, with its two partners.
fn answered<'a>(case: &Case<'a>, id: &TransferId) -> Result<(Sides, &'a Transfer), Refusal> {
    case.customer_named()?;
    let acting = case.acting_partner(&ground::WRONG_ACCEPTOR)?;
    let transfer = found(case, id)?;
    let sides = Sides::of(id, transfer)?;
    let Some(counterparty) = sides.counterparty() else {
        return Err(Refusal::because(&ground::ACCEPTED_BY_SIGNATURE).with("transfer", id));
    };
    if acting != counterparty {
        return Err(Refusal::because(&ground::WRONG_ACCEPTOR)
            .with("partner", counterparty)
            .with("actor_partner", acting));
    }
    sides.require_account(case, counterparty)?;
    Ok((sides, transfer))
}

fn found<'a>(case: &Case<'a>, id: &TransferId) -> Result<&'a Transfer, Refusal> {
    case.customer.transfers.get(id).ok_or_else(|| Refusal::because(&ground::TRANSFER_NOT_FOUND).with("transfer", id))
}

/// Only what is pending is answered or taken back; a request that time has ended is not (rules T-9 to T-11).
fn require_pending(case: &Case<'_>, id: &TransferId, transfer: &Transfer, processing: &Ground) -> Result<(), Refusal> {
    match status(case, id, transfer)? {
        TransferStatus::Pending => Ok(()),
        TransferStatus::InProgress => Err(Refusal::because(processing).with("transfer", id)),
        TransferStatus::Complete
        | TransferStatus::PartiallyComplete
        | TransferStatus::Failed
        | TransferStatus::Rejected
        | TransferStatus::Withdrawn
        | TransferStatus::Expired
        | TransferStatus::Unrecognised(_) => Err(final_status(case, id, transfer)),
    }
}

/// The status at the instant of the command, which must be one that the rules know.
fn status(case: &Case<'_>, id: &TransferId, transfer: &Transfer) -> Result<TransferStatus, Refusal> {
    transfer
        .status_at(case.when.effective_at, case.policy)
        .status
        .filter(TransferStatus::is_recognised)
        .ok_or_else(|| Refusal::because(&ground::TRANSFER_NOT_KNOWN).with("transfer", id).with("field", "status"))
}

fn final_status(case: &Case<'_>, id: &TransferId, transfer: &Transfer) -> Refusal {
    let at = transfer.status_at(case.when.effective_at, case.policy);
    Refusal::because(&ground::TRANSFER_HAS_ENDED)
        .with("transfer", id)
        .with_all("status", at.status)
        .with("since", at.since)
}
