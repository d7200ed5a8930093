//! The columns of the effect matrix, cut out of a folded state so that two states can be compared column by column.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::effect::Column;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::subscription::{PartnersOfRecord, Terms};
use ofrecord_core::state::{Customer, Subscription};
use ofrecord_core::{PartnerTenantId, SubscriptionId};

/// The columns in which two states differ.
pub(crate) fn changed(before: &Customer, after: &Customer) -> BTreeSet<Column> {
    Column::ALL.into_iter().filter(|column| !equal(*column, before, after)).collect()
}

/// Whether two states have the same in a column.
pub(crate) fn equal(column: Column, before: &Customer, after: &Customer) -> bool {
    match column {
        Column::Resellers => before.resellers == after.resellers,
        Column::Access => before.access == after.access,
        // What two states share is not gone through.
        Column::Owner | Column::Terms | Column::PartnersOfRecord if before.subscriptions == after.subscriptions => true,
        Column::Owner => owners(before) == owners(after),
        Column::Terms => terms(before) == terms(after),
        Column::PartnersOfRecord => partners_of_record(before) == partners_of_record(after),
    }
}

/// The word used for a column in answers.
pub(crate) fn word(column: Column) -> &'static str {
    match column {
        Column::Resellers => "resellers",
        Column::Access => "access",
        Column::Owner => "owner",
        Column::Terms => "terms",
        Column::PartnersOfRecord => "partners_of_record",
    }
}

fn owners(customer: &Customer) -> BTreeMap<SubscriptionId, &Cell<PartnerTenantId>> {
    each(customer, |subscription| subscription.owner.as_ref())
}

/// A subscription that is only mentioned has no terms; that it is mentioned changes no column.
fn terms(customer: &Customer) -> BTreeMap<SubscriptionId, &Terms> {
    each(customer, |subscription| Some(&subscription.terms).filter(|terms| **terms != Terms::default()))
}

fn partners_of_record(customer: &Customer) -> BTreeMap<SubscriptionId, &PartnersOfRecord> {
    each(customer, |subscription| {
        Some(&subscription.partners_of_record).filter(|record| **record != PartnersOfRecord::default())
    })
}

fn each<T>(customer: &Customer, read: impl Fn(&Subscription) -> Option<&T>) -> BTreeMap<SubscriptionId, &T> {
    customer.subscriptions.by_id.iter().filter_map(|(id, subscription)| Some((*id, read(subscription)?))).collect()
}

#[cfg(test)]
mod tests;
