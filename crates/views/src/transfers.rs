//! Transfers of subscriptions: who asked, who approved on which side, what moved under which id, and how the bill is split.

use std::collections::BTreeSet;

use ofrecord_core::fold::Cell;
use ofrecord_core::state::transfer::KnownLine;
use ofrecord_core::state::{Customer, Transfer};
use ofrecord_core::vocabulary::{LineStatus, TransferFamily, TransferStatus};
use ofrecord_core::{Actor, OrderId, PartnerId, PartnerTenantId, Stamp, SubscriptionId, Timestamp, TransferId};
use serde::Serialize;

use self::approval::approvals;
pub use self::approval::{Approval, Approvals, ApprovedThrough};
use crate::cells::Cells;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

mod approval;

/// When something was done with a transfer, and by whom as far as an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferStep {
    /// When.
    pub at: Timestamp,
    /// Who; none where only a source's reading tells of it.
    pub actor: Option<Actor>,
}

/// One subscription of a transfer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferLineRow {
    /// The subscription as the source has it.
    pub subscription: SubscriptionId,
    /// The subscription as the target has it; none when it kept its id, or no source says.
    pub new_subscription: Option<SubscriptionId>,
    /// The Azure subscription behind both.
    pub entitlement: Option<SubscriptionId>,
    /// What became of it.
    pub outcome: LineStatus,
    /// Why it failed, in the source's words.
    pub error: Option<String>,
    /// Partner Center's code for that.
    pub error_code: Option<u32>,
    /// Seats or units as asked for.
    pub quantity: Option<u64>,
    /// The indirect reseller's partner ID at the target.
    pub partner_id_on_record: Option<PartnerId>,
    /// The target's order.
    pub order: Option<OrderId>,
    /// The base subscription with which an add-on travels.
    pub with_base: Option<SubscriptionId>,
}

/// One transfer. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferRow {
    /// The transfer.
    pub transfer: TransferId,
    /// By which procedure.
    pub family: Option<TransferFamily>,
    /// The partner who owns, or owned, the subscriptions.
    pub source: Option<PartnerTenantId>,
    /// The partner who is to own them, or does.
    pub target: Option<PartnerTenantId>,
    /// The status that holds at the instant asked about.
    pub status: Option<TransferStatus>,
    /// Since when it holds.
    pub status_since: Timestamp,
    /// The rule by which time alone brought it about; none when an event set it.
    pub status_rule: Option<&'static str>,
    /// The source's own word for the status, where the newest one came from a source.
    pub status_word: Option<String>,
    /// When it expires without an answer, while it waits for one.
    pub expires_at: Option<Timestamp>,
    /// When and by whom it was asked for.
    pub requested: Option<TransferStep>,
    /// When and by whom it was accepted.
    pub accepted: Option<TransferStep>,
    /// When it came to its end, and who said so.
    pub ended: Option<TransferStep>,
    /// Who approved it, by side.
    pub approvals: Approvals,
    /// Midnight (UTC) of the last day that the source is billed for (rule T-15).
    pub billing_split_date: Option<Timestamp>,
    /// The subscriptions, by id as the source has them.
    pub lines: Vec<TransferLineRow>,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// One line with the transfer it belongs to: how a subscription's id changed (question 20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferredRow {
    /// The transfer.
    pub transfer: TransferId,
    /// The transfer's status at the instant asked about.
    pub status: Option<TransferStatus>,
    /// When it came to its end.
    pub ended_at: Option<Timestamp>,
    /// The partner who owns, or owned, the subscription.
    pub source: Option<PartnerTenantId>,
    /// The partner who is to own it, or does.
    pub target: Option<PartnerTenantId>,
    /// The line.
    #[serde(flatten)]
    pub line: TransferLineRow,
    /// The entries behind it.
    pub positions: Vec<u64>,
}

impl TransferRow {
    /// Whether it speaks of one of these subscriptions, under the old id, the new one or the entitlement's.
    #[must_use]
    pub fn concerns(&self, ids: &BTreeSet<SubscriptionId>) -> bool {
        self.lines.iter().any(|line| line.concerns(ids))
    }

    /// Its lines, each with what the id map says of it.
    pub fn into_lines(self) -> impl Iterator<Item = TransferredRow> {
        let (status, ended_at) = (self.status, self.ended.map(|ended| ended.at));
        let (transfer, source, target, positions) = (self.transfer, self.source, self.target, self.positions);
        self.lines.into_iter().map(move |line| TransferredRow {
            transfer: transfer.clone(),
            status: status.clone(),
            ended_at,
            source,
            target,
            line,
            positions: positions.clone(),
        })
    }
}

impl TransferLineRow {
    /// Whether it speaks of one of these subscriptions.
    #[must_use]
    pub fn concerns(&self, ids: &BTreeSet<SubscriptionId>) -> bool {
        [Some(self.subscription), self.new_subscription, self.entitlement]
            .into_iter()
            .flatten()
            .any(|id| ids.contains(&id))
    }
}

/// The customer's transfers at a viewpoint, ended ones included, by id.
#[must_use]
pub fn transfers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<TransferRow> {
    of_state(record, &record.state(viewpoint), viewpoint)
}

/// The ids under which a subscription was and is known, before and after its transfers (question 19).
#[must_use]
pub fn lineage(record: &CustomerRecord, id: SubscriptionId, viewpoint: &Viewpoint<'_>) -> BTreeSet<SubscriptionId> {
    let state = record.state(viewpoint);
    let mut found = BTreeSet::from([id]);
    loop {
        let before = found.len();
        let linked = state.subscriptions.by_id.iter().filter_map(|(id, subscription)| {
            let from = subscription.terms.transferred_from.as_ref()?.value;
            Some([*id, from])
        });
        for pair in linked {
            if pair.iter().any(|id| found.contains(id)) {
                found.extend(pair);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The record tells who took each step; everything else follows from the state.
pub(crate) fn of_state(record: &CustomerRecord, customer: &Customer, viewpoint: &Viewpoint<'_>) -> Vec<TransferRow> {
    customer.transfers.iter().map(|(id, transfer)| row(record, customer, (id, transfer), viewpoint)).collect()
}

fn row(
    record: &CustomerRecord,
    customer: &Customer,
    (id, transfer): (&TransferId, &Transfer),
    viewpoint: &Viewpoint<'_>,
) -> TransferRow {
    let mut cells = Cells::default();
    let status = transfer.status_at(viewpoint.as_of, viewpoint.policy);
    cells.stamp("status", transfer.first_seen);
    cells.cell("status", transfer.status.as_ref());
    cells.cell("status", transfer.requested_at.as_ref());
    let step = |cell: Option<&Cell<Timestamp>>| {
        cell.map(|cell| TransferStep { at: cell.value, actor: actor(record, cell.set) })
    };
    cells.cell("requested", transfer.requested_at.as_ref());
    cells.cell("accepted", transfer.accepted_at.as_ref());
    cells.cell("ended", transfer.ended_at.as_ref());
    let expires_at = transfer.expires_at(viewpoint.policy).filter(|at| viewpoint.as_of < *at);
    let lines = transfer.lines.iter().map(|(id, known)| line(customer, transfer, (*id, known), &mut cells)).collect();
    let row = TransferRow {
        transfer: id.clone(),
        family: cells.read("family", transfer.family.as_ref()),
        source: cells.read("source", transfer.source.as_ref()),
        target: cells.read("target", transfer.target.as_ref()),
        status: status.status,
        status_since: status.since,
        status_rule: status.rule,
        status_word: cells.read("status_word", transfer.status_word.as_ref()),
        expires_at,
        requested: step(transfer.requested_at.as_ref()),
        accepted: step(transfer.accepted_at.as_ref()),
        ended: step(transfer.ended_at.as_ref()),
        approvals: approvals(record, transfer, &mut cells),
        billing_split_date: cells.read("billing_split_date", transfer.billing_split_date.as_ref()),
        lines,
        positions: Vec::new(),
        cells: Cells::default(),
    };
    TransferRow { positions: cells.positions(), cells, ..row }
}

/// Who took a step: the actor of the entry, unless the entry only records what a source shows.
fn actor(record: &CustomerRecord, set: Stamp) -> Option<Actor> {
    record.entry(set.at.position).filter(|entry| entry.command != "RecordObservation").map(|entry| entry.actor.clone())
}

fn line(
    customer: &Customer,
    transfer: &Transfer,
    (id, known): (SubscriptionId, &KnownLine),
    cells: &mut Cells,
) -> TransferLineRow {
    const FIELD: &str = "lines";
    cells.stamp(FIELD, known.status.set);
    let error = cells.read(FIELD, known.error.as_ref());
    cells.cell(FIELD, transfer.partner_id_on_record.as_ref());
    cells.cell(FIELD, known.partner_id_on_record.as_ref());
    let of_subscription =
        customer.subscriptions.by_id.get(&id).and_then(|subscription| subscription.terms.entitlement.as_ref());
    TransferLineRow {
        subscription: id,
        new_subscription: cells.read(FIELD, known.new_subscription.as_ref()),
        entitlement: cells.read(FIELD, known.entitlement.as_ref().or(of_subscription)),
        outcome: known.status.value.clone(),
        error_code: error.as_ref().and_then(|error| error.code),
        error: error.map(|error| error.text),
        quantity: cells.read(FIELD, known.quantity.as_ref()),
        partner_id_on_record: transfer.partner_id_of(known),
        order: cells.read(FIELD, known.order.as_ref()),
        with_base: cells.read(FIELD, known.with_base.as_ref()),
    }
}

#[cfg(test)]
mod tests;
