//! What is listed of the record, in words.

use super::Entries;

fn check(entries: Entries, listed: usize, of: usize, told: &str) {
    assert_eq!(entries.told(listed, of, ("entry", "entries")).plain(), told);
}

#[test]
fn what_is_not_listed_is_counted() {
    check(Entries::Cited, 0, 0, "There are no entries.");
    check(Entries::Cited, 1, 1, "The only entry is listed.");
    check(Entries::All, 12, 12, "All 12 entries are listed.");
    let cited = "3 of 12 entries are listed: what an answer above cites. --entries all lists all.";
    check(Entries::Cited, 3, 12, cited);
    let none = "12 entries are not listed; --entries cited lists what the answers cite, --entries all everything.";
    check(Entries::None, 0, 12, none);
    check(Entries::None, 0, 1, &none.replace("12 entries are", "1 entry is"));
}
