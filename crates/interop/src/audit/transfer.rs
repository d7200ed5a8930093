//! Audit operations on a transfer, whose value after shows the transfer.

use ofrecord_core::event::transfer::{
    SubscriptionTransferAccepted, SubscriptionTransferExpired, SubscriptionTransferRejected,
    SubscriptionTransferRequested, SubscriptionTransferWithdrawn, TransferLine,
};
use ofrecord_core::vocabulary::{TransferFamily, TransferStatus};
use ofrecord_core::{Event, PartnerTenantId};

use super::{AuditRecord, Gap, Telling};
use crate::resource::transfer::{Shown, transfer};
use crate::scribe::Scribe;

/// A transfer was asked for: by the partner whose record it is.
pub(super) fn requested(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let partner = record.partner()?;
    let shown = shown(record, scribe)?;
    let event = match requested_by(&shown, partner) {
        Some(requested) => Event::SubscriptionTransferRequested(requested),
        None => Event::SubscriptionTransferObserved(shown.seen),
    };
    record.of_customer(vec![event])
}

/// None when the record does not show both partners, or by which procedure the one who asked could ask.
fn requested_by(shown: &Shown, partner: PartnerTenantId) -> Option<SubscriptionTransferRequested> {
    let (source, target) = shown.seen.source.zip(shown.seen.target)?;
    // Rule T-1: the source asks by the older procedure, the target by the newer one, whose type is always shown.
    let by_source = (partner == source).then_some(TransferFamily::LegacyLicense);
    Some(SubscriptionTransferRequested {
        transfer: shown.seen.transfer.clone(),
        family: shown.seen.family.clone().or(by_source)?,
        source,
        target,
        initiated_by: partner,
        lines: lines(shown),
        partner_id_on_record: None,
        signatures: Vec::new(),
    })
}

/// How far a transfer is after the operation: the step that its status stands for, what it shows, and what moved.
pub(super) fn updated(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Telling {
    let shown = shown(record, scribe)?;
    let id = shown.seen.transfer.clone();
    let step = match shown.status() {
        Some(TransferStatus::InProgress) => {
            let accepted = SubscriptionTransferAccepted { transfer: id, items: lines(&shown) };
            Some(Event::SubscriptionTransferAccepted(accepted))
        }
        Some(TransferStatus::Rejected) => {
            Some(Event::SubscriptionTransferRejected(SubscriptionTransferRejected { transfer: id }))
        }
        Some(TransferStatus::Withdrawn) => {
            Some(Event::SubscriptionTransferWithdrawn(SubscriptionTransferWithdrawn { transfer: id }))
        }
        Some(TransferStatus::Expired) => {
            Some(Event::SubscriptionTransferExpired(SubscriptionTransferExpired { transfer: id }))
        }
        Some(TransferStatus::Complete | TransferStatus::PartiallyComplete) => shown.completed(record.at, scribe),
        Some(TransferStatus::Pending | TransferStatus::Failed | TransferStatus::Unrecognised(_)) | None => None,
    };
    let seen = Event::SubscriptionTransferObserved(shown.seen);
    record.of_customer([seen].into_iter().chain(step).collect())
}

fn shown(record: &AuditRecord<'_>, scribe: &mut Scribe<'_>) -> Result<Shown, Gap> {
    let node = record.new_value().ok_or(Gap::Content("resourceNewValue"))?;
    transfer(&node, scribe).ok_or(Gap::Content("resourceNewValue.Id"))
}

fn lines(shown: &Shown) -> Vec<TransferLine> {
    let lines = shown.seen.lines.iter().map(|line| TransferLine {
        subscription: line.subscription,
        entitlement: line.entitlement,
        quantity: line.quantity,
        partner_id_on_record: line.partner_id_on_record.clone(),
        with_base: line.with_base,
    });
    lines.collect()
}
