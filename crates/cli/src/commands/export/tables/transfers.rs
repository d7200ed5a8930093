//! Rows of the table of transfers.

use ofrecord_interop::table::{Cell, Row};
use ofrecord_views::{self as views, TransferLineRow, TransferRow, TransferStep};

use super::Scene;

/// One row for every line; one without a line for a transfer that has none.
pub(super) fn rows(scene: &Scene<'_>) -> Vec<Row> {
    let transfers = views::transfers(scene.record, &scene.viewpoint);
    transfers.iter().flat_map(|transfer| of_transfer(scene, transfer)).collect()
}

fn of_transfer(scene: &Scene<'_>, transfer: &TransferRow) -> Vec<Row> {
    let lines: Vec<Option<&TransferLineRow>> =
        if transfer.lines.is_empty() { vec![None] } else { transfer.lines.iter().map(Some).collect() };
    let row = |line: Option<&TransferLineRow>| {
        let mut cells = vec![("customer", Cell::text(scene.record.id()))];
        cells.extend(standing(transfer));
        cells.extend(moved(line));
        cells.push(("positions", transfer.positions.clone().into()));
        cells
    };
    lines.into_iter().map(row).collect()
}

fn standing(transfer: &TransferRow) -> Row {
    let at = |step: Option<&TransferStep>| step.map(|step| step.at).into();
    vec![
        ("transfer", Cell::text(&transfer.transfer)),
        ("family", Cell::text_of(transfer.family.as_ref())),
        ("source", Cell::text_of(transfer.source)),
        ("target", Cell::text_of(transfer.target)),
        ("status", Cell::text_of(transfer.status.as_ref())),
        ("status_since", transfer.status_since.into()),
        ("status_rule", Cell::text_of(transfer.status_rule)),
        ("expires_at", transfer.expires_at.into()),
        ("requested_at", at(transfer.requested.as_ref())),
        ("accepted_at", at(transfer.accepted.as_ref())),
        ("ended_at", at(transfer.ended.as_ref())),
        ("billing_split_date", transfer.billing_split_date.into()),
    ]
}

fn moved(line: Option<&TransferLineRow>) -> Row {
    vec![
        ("subscription", Cell::text_of(line.map(|line| line.subscription))),
        ("new_subscription", Cell::text_of(line.and_then(|line| line.new_subscription))),
        ("entitlement", Cell::text_of(line.and_then(|line| line.entitlement))),
        ("outcome", Cell::text_of(line.map(|line| &line.outcome))),
        ("error", Cell::text_of(line.and_then(|line| line.error.as_ref()))),
        ("error_code", line.and_then(|line| line.error_code).into()),
        ("quantity", line.and_then(|line| line.quantity).into()),
        ("partner_id_on_record", Cell::text_of(line.and_then(|line| line.partner_id_on_record.as_ref()))),
        ("order_id", Cell::text_of(line.and_then(|line| line.order.as_ref()))),
        ("with_base", Cell::text_of(line.and_then(|line| line.with_base))),
    ]
}
