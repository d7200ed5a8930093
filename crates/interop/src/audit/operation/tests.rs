//! Tests of the operation table.

use super::{OPERATIONS, RESOURCE_TYPES, Reads, bare, of};

#[test]
fn an_operation_is_found_in_every_spelling() {
    for word in ["add_customer", "AddCustomer", "addcustomer", "ADD_CUSTOMER"] {
        assert_eq!(of(word).reads, Reads::CustomerAdded, "{word}");
    }
    for word in ["", "undefined", "add_customers", "customer"] {
        assert_eq!(of(word).reads, Reads::Unrecognised, "{word}");
    }
}

#[test]
fn no_two_operations_share_a_spelling() {
    let mut spellings: Vec<String> = OPERATIONS.iter().map(|(name, _)| bare(name)).collect();
    spellings.sort();
    spellings.dedup();
    assert_eq!(spellings.len(), OPERATIONS.len());
}

#[test]
fn the_published_lists_are_whole() {
    // 78 of the published model besides `undefined`, and three that newer documents and ids show.
    assert_eq!(OPERATIONS.len(), 81);
    assert_eq!(RESOURCE_TYPES.len(), 32);
}
