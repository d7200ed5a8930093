//! Transfers as rows of the present view.

use ofrecord_core::fold::Cell;
use ofrecord_core::state::Transfer;
use ofrecord_core::state::transfer::{KnownLine, LineError};

use super::written::{Fields, Written, map};

/// A transfer with its lines, without what only time brings about.
pub(super) fn transfer(transfer: &Transfer) -> Written {
    Fields::new()
        .cell("family", transfer.family.as_ref())
        .cell("source", transfer.source.as_ref())
        .cell("target", transfer.target.as_ref())
        .cell("initiated_by", transfer.initiated_by.as_ref())
        .cell("partner_id_on_record", transfer.partner_id_on_record.as_ref())
        .piece("lines", map(transfer.lines.iter().map(|(id, value)| (id, line(value)))))
        .cell("status", transfer.status.as_ref())
        .cell("status_word", transfer.status_word.as_ref())
        .cell("requested_at", transfer.requested_at.as_ref())
        .cell("accepted_at", transfer.accepted_at.as_ref())
        .cell("ended_at", transfer.ended_at.as_ref())
        .cell("billing_split_date", transfer.billing_split_date.as_ref())
        .cell("signatures", transfer.signatures.as_ref())
        .stamp("first_seen", Some(transfer.first_seen))
        .done()
}

fn line(line: &KnownLine) -> Written {
    let fields = Fields::new()
        .cell("status", Some(&line.status))
        .cell("new_subscription", line.new_subscription.as_ref())
        .cell("entitlement", line.entitlement.as_ref())
        .cell("quantity", line.quantity.as_ref())
        .cell("partner_id_on_record", line.partner_id_on_record.as_ref())
        .cell("with_base", line.with_base.as_ref())
        .cell("order", line.order.as_ref())
        .cell("listed", line.listed.as_ref());
    match &line.error {
        Some(error) => fields.piece("error", refusal_of(error)).done(),
        None => fields.done(),
    }
}

fn refusal_of(error: &Cell<LineError>) -> Written {
    let value = Fields::new().value("code", &error.value.code).value("text", &error.value.text).done();
    Fields::new().piece("value", value).stamp("set", Some(error.set)).done()
}
