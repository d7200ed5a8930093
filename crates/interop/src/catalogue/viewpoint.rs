//! The tables at one viewpoint: the instant and the state of knowledge that the manifest names.

use super::{CUSTOMER, POSITIONS, SUBSCRIPTION};
use crate::table::{Column, Table};

/// What an auditor should look at.
pub const FINDINGS: Table = Table {
    name: "findings",
    doc: "Something an auditor should look at, at the viewpoint of the manifest.",
    columns: &[
        CUSTOMER,
        Column::text("code", "What kind."),
        Column::text("rule", "The rule concerned, where one rule is.").optional(),
        Column::time("since", "Since when in the world."),
        Column::time("until", "When it ended; absent while it holds, and for what happened once.").optional(),
        Column::text("partner", "A partner it is about.").optional(),
        Column::text("other_partner", "A second partner, where two are at odds.").optional(),
        Column::text("subscription", "A subscription it is about.").optional(),
        Column::text("service", "A service it is about; absent with two partners at odds is the whole tenant.")
            .optional(),
        Column::text("relationship", "A granular relationship it is about.").optional(),
        Column::text("source", "A source it is about.").optional(),
        Column::text("field", "A field of the subject.").optional(),
        Column::text("sentence", "One sentence with the names and numbers."),
        POSITIONS,
    ],
};

/// Which sources were read for which periods.
pub const COVERAGE: Table = Table {
    name: "coverage",
    doc: "A stretch of time for which a source was read for a customer, or was not; from the customer's first entry to the instant of the manifest.",
    columns: &[
        CUSTOMER,
        Column::text("source", "The source."),
        Column::text("state", "`covered`, or `uncovered`: there, no event means no record was read."),
        Column::time("from_instant", "First instant of the stretch."),
        Column::time("to_instant", "First instant no longer in it."),
        Column::numbers("positions", "The positions of the entries that recorded any reading of the source."),
    ],
};

/// Who is billed for which days.
pub const BILLING: Table = Table {
    name: "billing",
    doc: "Consecutive days (UTC) for which one partner is billed for a subscription; from the customer's first entry to the instant of the manifest.",
    columns: &[
        CUSTOMER,
        SUBSCRIPTION,
        Column::text("partner", "The partner who is billed; absent when no source says who owns it.").optional(),
        Column::text("billed", "`billed`, or `not_said` where it cannot be told."),
        Column::time("from_day", "Midnight of the first day."),
        Column::time("to_day", "Midnight of the first day no longer in it."),
        Column::number("days", "How many days."),
        POSITIONS,
    ],
};
