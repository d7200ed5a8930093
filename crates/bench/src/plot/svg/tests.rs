//! What a drawing says, what it leaves out, and that its lines can be told from the paper.

use super::super::chart::{Axis, Chart, Series};
use super::{COLOURS, STYLE, px};

/// Papers of light and of dark, as the style has them.
const PAPERS: [&str; 2] = ["#ffffff", "#0d1117"];
/// The contrast that lines need (WCAG 2.2, 1.4.11).
const CONTRAST_MIN: f64 = 3.0;

fn luminance(colour: &str) -> f64 {
    let part = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn chart(series: Vec<Series>) -> Chart {
    let axis = |label| Axis { label, unit: label };
    Chart { name: "one", title: "One & all", x: axis("counts"), y: axis("values"), series }
}

fn series(name: &str, points: &[(f64, f64)]) -> Series {
    Series::of(name, points.iter().copied())
}

#[test]
fn every_line_can_be_told_from_its_paper() {
    assert!(PAPERS.iter().all(|paper| STYLE.contains(paper)));
    for (light, dark) in COLOURS {
        for (colour, paper) in [(light, PAPERS[0]), (dark, PAPERS[1])] {
            let found = contrast(colour, paper);
            assert!(found >= CONTRAST_MIN, "{colour} on {paper}: {found:.2}");
        }
    }
}

#[test]
fn one_count_is_no_course() {
    assert!(!chart(vec![series("a", &[(1.0, 2.0)]), series("b", &[(1.0, 3.0)])]).has_a_course());
    assert!(chart(vec![series("a", &[(1.0, 2.0)]), series("b", &[(2.0, 3.0)])]).has_a_course());
}

#[test]
fn what_is_not_above_nothing_has_no_place_and_a_line_without_points_no_name() {
    let svg = chart(vec![series("a", &[(1.0, 2.0), (2.0, 0.0), (4.0, 8.0)]), series("gone", &[(1.0, 0.0)])]).svg();
    assert!(!svg.contains("gone"), "{svg}");
    assert_eq!(svg.matches("a: ").count(), 2, "{svg}");
}

#[test]
fn names_are_texts_and_ours_is_drawn_stronger() {
    let svg =
        chart(vec![series("<b>", &[(1.0, 2.0), (2.0, 3.0)]), series("ofrecord", &[(1.0, 1.0), (2.0, 2.0)])]).svg();
    assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"), "{svg}");
    assert!(svg.contains("One &amp; all") && svg.contains("class=\"s1 ours\""), "{svg}");
}

#[test]
fn the_legend_is_in_the_order_in_which_lines_end_from_above() {
    let svg = chart(vec![series("low", &[(1.0, 9.0), (2.0, 1.0)]), series("high", &[(1.0, 1.0), (2.0, 9.0)])]).svg();
    let place = |name: &str| svg.find(&format!(">{name}</text>")).unwrap();
    assert!(place("high") < place("low"));
}

#[test]
fn pixels_are_told_to_a_tenth() {
    for (value, text) in [(1.0, "1"), (1.25, "1.2"), (1.26, "1.3"), (0.04, "0")] {
        assert_eq!(px(value), text);
    }
}
