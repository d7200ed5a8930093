//! Where the marks of a scale stand, and the values between them.

use super::Scale;

fn check(values: &[f64], marks: &[f64]) {
    let found = Scale::round_over(values, (0.0, 100.0)).marks();
    let near =
        found.len() == marks.len() && found.iter().zip(marks).all(|(one, other)| (one / other - 1.0).abs() < 1e-9);
    assert!(near, "{values:?}: {found:?}, and not {marks:?}");
}

#[test]
fn a_short_scale_is_marked_at_one_two_and_five() {
    check(&[3.0, 40.0], &[2.0, 5.0, 10.0, 20.0, 50.0]);
    check(&[0.3, 0.4], &[0.2, 0.5]);
}

#[test]
fn a_long_scale_is_marked_at_powers_of_ten() {
    check(&[3.0, 30_000.0], &[10.0, 100.0, 1_000.0, 10_000.0]);
}

#[test]
fn values_on_marks_are_the_ends_themselves() {
    check(&[0.001, 0.01], &[0.001, 0.002, 0.005, 0.01]);
}

#[test]
fn a_tenfold_is_the_same_way_everywhere() {
    let scale = Scale::over((1.0, 100.0), (0.0, 200.0));
    for (value, place) in [(1.0, 0.0), (10.0, 100.0), (100.0, 200.0)] {
        assert!((scale.place(value) - place).abs() < 1e-9, "{value}");
    }
}
