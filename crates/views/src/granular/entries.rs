//! The entries on a granular relationship, out of the records in which they stand.

use std::collections::BTreeMap;

use ofrecord_core::{GdapRelationshipId, PartnerTenantId, Timestamp};

use crate::row::EntryRow;

/// The entries up to an instant on a granular relationship of a partner, by position: those of the partner's account
/// and those of its customer's record, of which some stand in both.
#[must_use]
pub fn entries_on(
    (partner, relationship): (PartnerTenantId, &GdapRelationshipId),
    records: &[&[EntryRow]],
    as_of: Timestamp,
) -> Vec<EntryRow> {
    let is_on = |row: &&EntryRow| {
        row.relationships.contains(relationship) && row.partners.contains(&partner) && row.effective_at <= as_of
    };
    let rows: BTreeMap<u64, &EntryRow> =
        records.iter().copied().flatten().filter(is_on).map(|row| (row.position, row)).collect();
    rows.into_values().cloned().collect()
}
