//! Marks of the axis, from seconds to thousands of years.

use ofrecord_core::Timestamp;
use ofrecord_views::Period;

use super::marks;

fn period(from: &str, to: &str) -> Period {
    Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn check(from: &str, to: &str, first: &[&str]) {
    let labels: Vec<_> = marks(period(from, to), 9_000).into_iter().map(|mark| mark.label).collect();
    assert_eq!(labels.iter().take(first.len()).collect::<Vec<_>>(), first, "{labels:?}");
}

#[test]
fn the_step_follows_the_length_of_the_period() {
    check("2018-06-01T10:00:00Z", "2018-06-01T10:00:03Z", &["2018-06-01 10:00:00", "2018-06-01 10:00:01"]);
    check("2018-06-01", "2018-06-02", &["2018-06-01 00:00", "2018-06-01 06:00"]);
    check("2018-06-01", "2018-06-09", &["2018-06-01", "2018-06-02"]);
    check("2018-06-01", "2018-08-01", &["2018-06-04", "2018-06-11"]);
    check("2018-01-05", "2018-09-25", &["2018-02", "2018-03"]);
    check("2015-03-05", "2025-03-05", &["2016", "2017"]);
    check("1800-01-01", "2100-01-01", &["1800", "1820"]);
}

#[test]
fn no_period_has_more_marks_than_have_room() {
    let instants = ["0001-01-01", "1999-12-31T23:59:59Z", "2018-06-01", "2018-06-01T00:00:00.0000001Z", "9999-12-31"];
    let instants: Vec<Timestamp> = instants.iter().map(|at| at.parse().unwrap()).chain([Timestamp::MAX]).collect();
    for (index, from) in instants.iter().enumerate() {
        for to in instants.iter().skip(index + 1) {
            for axis in [1_000, 9_000, 180_000] {
                let marks = marks(Period { from: *from, to: *to }, axis);
                assert!(i64::try_from(marks.len()).unwrap() <= axis / 300 + 2, "{from} {to}: {}", marks.len());
                assert!(marks.iter().all(|mark| *from <= mark.at && mark.at < *to), "{from} {to}");
                assert!(marks.windows(2).all(|pair| pair[0].at < pair[1].at), "{from} {to}");
            }
        }
    }
}
