//! Deciding on completions: what became of every line, and from when the target is billed (rules T-13, T-15, T-16).

use std::collections::BTreeSet;

use super::line::require_of_source;
use super::sides::Sides;
use super::{Case, Ruling, final_status, found, status};
use crate::actor::ActorKind;
use crate::command::transfer::{CompleteTransfer, LineMoved, LineOutcome};
use crate::event::Event;
use crate::event::partner_of_record::SupportContactChanged;
use crate::event::transfer::{SubscriptionTransferCompleted, SubscriptionTransferLineFailed, TransferredItem};
use crate::ground::subscription::SUBSCRIPTION_ALREADY_EXISTS;
use crate::ground::transfer as ground;
use crate::id::{PartnerId, SubscriptionId};
use crate::refusal::Refusal;
use crate::state::Transfer;
use crate::time::Timestamp;
use crate::vocabulary::{LineStatus, SubscriptionStatus, TransferFamily, TransferOutcome, TransferStatus};

/// Who may say how a transfer was carried out.
const CARRIERS: &[ActorKind] = &[ActorKind::Microsoft, ActorKind::System, ActorKind::Operator, ActorKind::Importer];

/// Precedence: actor, the transfer, status, the lines as a whole, each line that moved, the new ids, the day of the split.
pub(crate) fn complete(case: &Case<'_>, command: &CompleteTransfer) -> Ruling {
    case.customer_named()?;
    case.require_actor_kind(CARRIERS, &ground::ONLY_MICROSOFT_COMPLETES)?;
    let transfer = found(case, &command.transfer)?;
    let sides = Sides::of(&command.transfer, transfer)?;
    require_accepted(case, command, &sides, transfer)?;
    require_every_line(command, transfer)?;
    let mut items = Vec::new();
    let mut events = Vec::new();
    for line in &command.lines {
        match &line.outcome {
            LineOutcome::Complete(moved) => items.push(item(case, &sides, transfer, (line.subscription, moved))?),
            LineOutcome::Failed(stayed) => {
                events.push(Event::SubscriptionTransferLineFailed(SubscriptionTransferLineFailed {
                    transfer: command.transfer.clone(),
                    subscription: line.subscription,
                    code: stayed.code,
                    error: stayed.error.clone(),
                }));
            }
        }
    }
    require_new_ids(case, &items)?;
    let billing_split_date = billing_split_date(case, command, transfer)?;
    let outcome = outcome(&items, command.lines.len());
    let contacts = support_contacts(case, &items);
    events.push(Event::SubscriptionTransferCompleted(SubscriptionTransferCompleted {
        transfer: command.transfer.clone(),
        family: Some(sides.family),
        source: sides.source,
        target: sides.target,
        items,
        billing_split_date,
        outcome,
    }));
    events.extend(contacts);
    Ok(events)
}

/// Only what both partners agreed to is carried out; a change by hand is agreed to by its signatures.
fn require_accepted(
    case: &Case<'_>,
    command: &CompleteTransfer,
    sides: &Sides,
    transfer: &Transfer,
) -> Result<(), Refusal> {
    match status(case, &command.transfer, transfer)? {
        TransferStatus::InProgress => Ok(()),
        TransferStatus::Pending if sides.family == TransferFamily::ManualLegacyAzure => Ok(()),
        TransferStatus::Pending => {
            Err(Refusal::because(&ground::TRANSFER_NOT_ACCEPTED).with("transfer", &command.transfer))
        }
        TransferStatus::Complete
        | TransferStatus::PartiallyComplete
        | TransferStatus::Failed
        | TransferStatus::Rejected
        | TransferStatus::Withdrawn
        | TransferStatus::Expired
        | TransferStatus::Unrecognised(_) => Err(final_status(case, &command.transfer, transfer)),
    }
}

/// Rule T-16: an outcome for every open line, and for no other. A transfer of which no line is known takes any.
fn require_every_line(command: &CompleteTransfer, transfer: &Transfer) -> Result<(), Refusal> {
    let refused = || Refusal::because(&ground::OUTCOME_OF_EVERY_LINE).with("transfer", &command.transfer);
    let mut stated = BTreeSet::new();
    if let Some(twice) = command.lines.iter().find(|line| !stated.insert(line.subscription)) {
        return Err(refused().with("stated_twice", twice.subscription));
    }
    let open = transfer.lines.iter().filter(|(_, line)| line.status.value == LineStatus::Open);
    let open: BTreeSet<SubscriptionId> = open.map(|(id, _)| *id).collect();
    let missing: Vec<&SubscriptionId> = open.difference(&stated).collect();
    let strange: Vec<&SubscriptionId> = stated.difference(&open).collect();
    if stated.is_empty() || !missing.is_empty() || (!transfer.lines.is_empty() && !strange.is_empty()) {
        return Err(refused().with_all("missing", missing).with_all("not_in_the_transfer", strange));
    }
    Ok(())
}

/// A line that moved: the source's own, not gone, under a new id where the family gives one, with the
/// entitlement it had (rule T-13).
fn item(
    case: &Case<'_>,
    sides: &Sides,
    transfer: &Transfer,
    (id, moved): (SubscriptionId, &LineMoved),
) -> Result<TransferredItem, Refusal> {
    let owned = require_of_source(case, sides, id)?;
    if owned.status.status == SubscriptionStatus::Deleted {
        return Err(owned.refused_for_status(&ground::SUBSCRIPTION_NOT_ELIGIBLE));
    }
    let new = moved.new_subscription.filter(|new| *new != id);
    if new.is_none() && sides.family == TransferFamily::LegacyLicense {
        return Err(owned.refused(&ground::NEW_SUBSCRIPTION_REQUIRED));
    }
    let known = owned.terms.entitlement.as_ref().map(|entitlement| entitlement.value);
    if let (Some(stated), Some(known)) = (moved.entitlement, known)
        && stated != known
    {
        return Err(owned.refused(&ground::ENTITLEMENT_CHANGED).with("entitlement", known).with("stated", stated));
    }
    Ok(TransferredItem {
        source_subscription: id,
        new_subscription: new,
        entitlement: moved.entitlement.or(known),
        partner_id_on_record: partner_id(transfer, id),
        order: moved.order.clone(),
    })
}

fn partner_id(transfer: &Transfer, id: SubscriptionId) -> Option<PartnerId> {
    match transfer.lines.get(&id) {
        Some(line) => transfer.partner_id_of(line),
        None => transfer.partner_id_on_record.as_ref().map(|id| id.value.clone()),
    }
}

/// A new id belongs to no other subscription at any time (rule S-5).
fn require_new_ids(case: &Case<'_>, items: &[TransferredItem]) -> Result<(), Refusal> {
    let mut new = BTreeSet::new();
    let twice = items.iter().filter_map(TransferredItem::renamed).find(|id| !new.insert(*id));
    match twice.or_else(|| case.in_use(&new).into_iter().next()) {
        Some(id) => Err(Refusal::because(&SUBSCRIPTION_ALREADY_EXISTS).with("subscription", id)),
        None => Ok(()),
    }
}

/// Rule T-15: the last day of the source, not before the acceptance and not after the completion.
fn billing_split_date(case: &Case<'_>, command: &CompleteTransfer, transfer: &Transfer) -> Result<Timestamp, Refusal> {
    let completed = case.when.effective_at.start_of_day();
    let split = command.billing_split_date.map_or(completed, Timestamp::start_of_day);
    let agreed = transfer.accepted_at.as_ref().or(transfer.requested_at.as_ref());
    let first = agreed.map_or(Timestamp::MIN, |agreed| agreed.value.start_of_day());
    if (first..=completed).contains(&split) {
        return Ok(split);
    }
    Err(Refusal::because(&ground::BILLING_SPLIT_OUT_OF_RANGE)
        .with("billing_split_date", split)
        .with("accepted", first)
        .with("completed", completed))
}

fn outcome(items: &[TransferredItem], lines: usize) -> TransferOutcome {
    if items.is_empty() {
        TransferOutcome::Failed
    } else if items.len() < lines {
        TransferOutcome::PartiallyComplete
    } else {
        TransferOutcome::Complete
    }
}

/// The support duty goes with the ownership: what keeps its id loses the contact that the source had set.
fn support_contacts(case: &Case<'_>, items: &[TransferredItem]) -> Vec<Event> {
    let kept = items.iter().filter(|item| item.renamed().is_none()).map(|item| item.source_subscription);
    let contact = |id: &SubscriptionId| {
        let known = case.customer.subscriptions.by_id.get(id).and_then(|known| known.support_contact.as_ref());
        known.is_some_and(|contact| contact.value.is_some())
    };
    kept.filter(contact)
        .map(|subscription| Event::SupportContactChanged(SupportContactChanged { subscription, contact: None }))
        .collect()
}
