//! What is drawn of numbers.

use ofrecord_core::Timestamp;

use super::{Drawn, Plot};

fn drawn(drawn: Drawn, numbers: &[u64]) -> String {
    let begin: Timestamp = "2024-06-01T10:00:00Z".parse().unwrap();
    let numbers = (0..).zip(numbers).map(|(index, count)| (begin.plus_seconds(60 * index), *count)).collect();
    let plot = Plot { anchor: "a", title: "T", sentence: "S.".to_owned(), drawn, columns: ["at", "count"], numbers };
    plot.written().into_string()
}

#[test]
fn a_plot_of_nothing_says_so_and_draws_no_mark() {
    for numbers in [&[][..], &[0], &[0, 0, 0]] {
        let page = drawn(Drawn::Bars, numbers);
        assert!(page.contains("Nothing in this time") && !page.contains("<rect"), "{numbers:?}: {page}");
        assert!(drawn(Drawn::Steps, numbers).contains("<path"), "{numbers:?}");
    }
}

#[test]
fn every_number_has_its_bar_its_name_and_its_row() {
    let page = drawn(Drawn::Bars, &[0, 1, 2_000_000]);
    assert_eq!(page.matches("<rect").count(), 2, "{page}");
    // The greatest reaches the top, and the least that is something is seen.
    assert!(page.contains("y=\"18.0\"") && page.contains("height=\"74.0\""), "{page}");
    assert!(page.contains("height=\"1.0\""), "{page}");
    assert!(page.contains("2024-06-01 10:02 UTC: 2,000,000"), "{page}");
    assert_eq!(page.matches("<tr>").count(), 3, "a head and two rows: {page}");
    assert!(page.contains("role=\"img\" aria-label=\"T: S.\""), "{page}");
}

#[test]
fn steps_go_over_the_whole_width() {
    let page = drawn(Drawn::Steps, &[3, 0, 1]);
    assert!(page.contains("d=\"M2.0 92.0V18.0H120.6V92.0H239.3V67.4H358.0V92.0Z\""), "{page}");
}
