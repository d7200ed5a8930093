//! The table of transfers: what moved from one partner to another, and under which ids.

use super::{CUSTOMER, POSITIONS};
use crate::table::{Column, Table};

/// Transfers, one row for every subscription of one.
pub const TRANSFERS: Table = Table {
    name: "transfers",
    doc: "One row for every subscription of a transfer, ended ones included, at the viewpoint of the manifest; a transfer of which no subscription is known has one row.",
    columns: &[
        CUSTOMER,
        Column::text("transfer", "The transfer."),
        Column::text("family", "By which procedure.").optional(),
        Column::text("source", "The partner who owns, or owned, the subscriptions.").optional(),
        Column::text("target", "The partner who is to own them, or does.").optional(),
        Column::text("status", "The status of the whole transfer.").optional(),
        Column::time("status_since", "Since when it holds."),
        Column::text("status_rule", "The rule by which time alone brought it about; absent when an event set it.")
            .optional(),
        Column::time("expires_at", "When it expires without an answer, while it waits for one.").optional(),
        Column::time("requested_at", "When it was asked for.").optional(),
        Column::time("accepted_at", "When it was accepted.").optional(),
        Column::time("ended_at", "When it came to its end.").optional(),
        Column::time("billing_split_date", "Midnight of the last day that the source is billed for (rule T-15).")
            .optional(),
        Column::text("subscription", "The subscription as the source has it; absent in a row without one.").optional(),
        Column::text("new_subscription", "The subscription as the target has it; absent when it kept its id.")
            .optional(),
        Column::text("entitlement", "The Azure subscription behind both.").optional(),
        Column::text("outcome", "What became of the subscription.").optional(),
        Column::text("error", "Why it stayed, in the source's words.").optional(),
        Column::number("error_code", "Partner Center's code for that.").optional(),
        Column::number("quantity", "Seats or units as asked for.").optional(),
        Column::text("partner_id_on_record", "The indirect reseller's partner ID at the target.").optional(),
        Column::text("order_id", "The target's order.").optional(),
        Column::text("with_base", "The base subscription with which an add-on travels.").optional(),
        POSITIONS,
    ],
};
