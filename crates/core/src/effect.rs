//! The effect matrix: which event family may change which column of a customer.

use crate::event::Family;

/// A column of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `R`: the reseller set.
    Resellers,
    /// `D`: who could administer.
    Access,
    /// `O`: who owns a subscription.
    Owner,
    /// `T`: content, status, terms and obligations of a subscription.
    Terms,
    /// `P`: partners of record.
    PartnersOfRecord,
}

impl Column {
    /// All columns, in the order of the matrix.
    pub const ALL: [Column; 5] =
        [Column::Resellers, Column::Access, Column::Owner, Column::Terms, Column::PartnersOfRecord];
}

/// The columns that an event of a family may change; every other column must stay as it is.
#[must_use]
pub fn may_change(family: Family) -> &'static [Column] {
    match family {
        Family::Relationship => &[Column::Resellers],
        Family::Removal => &[Column::Resellers, Column::Access],
        Family::Access | Family::Granular => &[Column::Access],
        Family::Purchase | Family::SubscriptionObservation => &[Column::Owner, Column::Terms, Column::PartnersOfRecord],
        Family::Subscription => &[Column::Terms],
        Family::TransferCompletion => &[Column::Owner, Column::Terms, Column::PartnersOfRecord],
        Family::PartnerOfRecord => &[Column::PartnersOfRecord],
        Family::Partner
        | Family::Customer
        | Family::Invitation
        | Family::Agreement
        | Family::Transfer
        | Family::Support
        | Family::Ledger
        | Family::Custody => &[],
    }
}
