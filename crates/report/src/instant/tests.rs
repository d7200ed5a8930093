//! Instants as people read them.

use super::{for_machines, text};

fn check(at: &str, told: &str) {
    assert_eq!(text(at.parse().unwrap()), told);
}

#[test]
fn an_instant_is_told_with_the_digits_it_has() {
    check("2018-06-01", "2018-06-01 00:00 UTC");
    check("2018-06-01T08:00:00+08:00", "2018-06-01 00:00 UTC");
    check("2019-01-04T23:59:59Z", "2019-01-04 23:59:59 UTC");
    check("2020-09-02T17:58:10.9268372Z", "2020-09-02 17:58:10.9268372 UTC");
    check("2020-09-02T17:58:00.5Z", "2020-09-02 17:58:00.5 UTC");
    check("0001-01-01", "0001-01-01 00:00 UTC");
}

#[test]
fn a_page_is_told_three_digits_of_a_second() {
    assert_eq!(for_machines("2020-09-02T17:58:10.9268372Z".parse().unwrap()), "2020-09-02T17:58:10.926Z");
}
