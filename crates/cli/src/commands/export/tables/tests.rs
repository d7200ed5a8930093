//! What fills the tables.

use std::collections::BTreeSet;

use ofrecord_interop::catalogue::{ENTRIES, TABLES};

use super::FILLINGS;

#[test]
fn every_table_of_the_catalogue_is_filled_once() {
    let filled: Vec<&str> = std::iter::once(ENTRIES.name).chain(FILLINGS.iter().map(|one| one.table.name)).collect();
    let unique: BTreeSet<&str> = filled.iter().copied().collect();
    assert_eq!(unique.len(), filled.len());
    assert_eq!(unique, TABLES.iter().map(|table| table.name).collect());
}
