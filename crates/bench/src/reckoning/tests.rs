//! Medians, quantiles, and numbers as people read them.

use super::{grouped, median, quantile, rounded};

#[test]
fn of_nothing_there_is_nothing() {
    assert!(median(&mut []).abs() < f64::EPSILON && quantile(&mut [], 0.99).abs() < f64::EPSILON);
}

#[test]
fn a_median_is_the_middle_or_between_the_two_middle_ones() {
    for (mut values, middle) in [(vec![7.0], 7.0), (vec![9.0, 1.0, 5.0], 5.0), (vec![4.0, 1.0, 2.0, 9.0], 3.0)] {
        assert!((median(&mut values) - middle).abs() < f64::EPSILON, "{values:?}");
    }
}

#[test]
fn a_quantile_is_one_of_the_values() {
    let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
    for (share, value) in [(0.0, 0.0), (0.5, 50.0), (0.99, 99.0), (1.0, 100.0)] {
        assert!((quantile(&mut values, share) - value).abs() < f64::EPSILON, "{share}");
    }
}

#[test]
fn numbers_are_read_with_their_thousands_apart() {
    for (value, text) in [(0.5, "0.5"), (100.0, "100"), (1_000.0, "1,000"), (12_345_678.0, "12,345,678")] {
        assert_eq!(grouped(value), text);
    }
    for (value, text) in [(0.456, "0.46"), (99.994, "99.99"), (99_999.6, "100,000")] {
        assert_eq!(rounded(value), text);
    }
}
