//! Every table of the data set: one place that the writer, the mappings and the reference page go by.
//!
//! A table is added by its definition in one of the files beside this one, its
//! line in [`TABLES`], and what fills it in the program's export.

use crate::table::{Column, Table};

mod administration;
mod entries;
mod histories;
mod transfers;
mod viewpoint;

pub use self::administration::{GRANULAR_RELATIONSHIPS, GRANULAR_STATUSES, GROUP_MEMBERS};
pub use self::entries::ENTRIES;
pub use self::histories::{ACCESS, OWNERS, PARTNERS_OF_RECORD, RESELLERS, SUBSCRIPTIONS};
pub use self::transfers::TRANSFERS;
pub use self::viewpoint::{BILLING, COVERAGE, FINDINGS};

/// Every table, in the order of the reference.
pub const TABLES: &[&Table] = &[
    &ENTRIES,
    &RESELLERS,
    &ACCESS,
    &GRANULAR_STATUSES,
    &SUBSCRIPTIONS,
    &OWNERS,
    &PARTNERS_OF_RECORD,
    &GRANULAR_RELATIONSHIPS,
    &GROUP_MEMBERS,
    &TRANSFERS,
    &FINDINGS,
    &COVERAGE,
    &BILLING,
];

const CUSTOMER: Column = Column::text("customer", "The customer's tenant.");
const SUBSCRIPTION: Column = Column::text("subscription", "The subscription.");
const POSITIONS: Column = Column::numbers("positions", "The positions of the entries behind the row.");

/// The bounds that every table with a history ends with.
const VALID_FROM: Column = Column::time("valid_from", "First instant at which it held.");
const VALID_TO: Column = Column::time(
    "valid_to",
    "First instant at which it no longer held, also one to come; absent while nothing is known to end it.",
)
.optional();
const KNOWN_FROM: Column = Column::number("known_from", "The smallest tree size by which this was the answer.");
const KNOWN_TO: Column =
    Column::number("known_to", "The first tree size by which it no longer was; absent while it is.").optional();
const ENDED_BY: Column = Column::numbers(
    "ended_by",
    "The positions of the entries that speak of the instant at which it ended, or that an end of access by time follows from; empty while nothing is known to end it.",
);

#[cfg(test)]
mod tests;
