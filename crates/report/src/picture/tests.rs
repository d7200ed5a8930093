//! Pictures: the period that is drawn, and what the table beside one says.

use ofrecord_core::Timestamp;
use ofrecord_views::Period;

use super::lane::{Item, Lane, Lasts, Row, Shape, Subject};
use super::{Picture, Zoom, drawable};
use crate::palette::Tone;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_period_without_an_instant_is_drawn_as_a_day() {
    let june = at("2018-06-01");
    assert_eq!(drawable(Period { from: june, to: june }), Period { from: june, to: at("2018-06-02") });
    let end = drawable(Period { from: Timestamp::MAX, to: Timestamp::MAX });
    assert!(end.from < end.to);
    let kept = Period { from: june, to: june.plus_seconds(1) };
    assert_eq!(drawable(kept), kept);
}

#[test]
fn a_zoom_is_held_within_bounds() {
    let widths = [0, 50, 100, 5_000].map(Zoom::percent);
    assert_eq!(widths, [Zoom(50), Zoom(50), Zoom::PAGE, Zoom(Zoom::PERCENT_MAX)]);
}

#[test]
fn the_table_says_what_every_bar_and_mark_says() {
    let item = |shape| Item {
        shape,
        tone: Tone::Active,
        label: String::new(),
        said: "something".into(),
        positions: vec![3],
        ended_by: vec![4],
    };
    let spell = |from: &str, to: Option<&str>| item(Shape::Spell { from: at(from), to: to.map(at) });
    let items = vec![
        spell("2018-01-01", Some("2018-02-01")),
        spell("2018-02-01", None),
        spell("2018-05-01", Some("2018-07-01")),
        spell("2018-07-01", None),
        item(Shape::Boundary(at("2018-03-01"))),
        item(Shape::Flag { at: at("2018-03-01"), lasts: Lasts::StillThere }),
        item(Shape::Flag { at: at("2018-03-01"), lasts: Lasts::UpTo(at("2018-04-01")) }),
    ];
    let row = Row { label: "row".to_owned(), items };
    let picture = Picture {
        title: String::new(),
        as_of: at("2018-06-01"),
        period: Period { from: at("2018-01-01"), to: at("2019-01-01") },
        zoom: Zoom::PAGE,
        lanes: vec![Lane { subject: Subject::Customer, title: "lane".to_owned(), rows: vec![row] }],
    };
    let told: Vec<(String, String)> =
        picture.table().rows.iter().map(|row| (row[3].said.plain(), row[4].said.plain())).collect();
    let expected = [
        ("2018-01-01 00:00 UTC", "2018-02-01 00:00 UTC"),
        ("2018-02-01 00:00 UTC", "still holds"),
        ("2018-05-01 00:00 UTC", "2018-07-01 00:00 UTC, by time alone"),
        ("2018-07-01 00:00 UTC, by time alone", ""),
        ("2018-03-01 00:00 UTC", ""),
        ("2018-03-01 00:00 UTC", ""),
        ("2018-03-01 00:00 UTC", "2018-04-01 00:00 UTC"),
    ];
    assert_eq!(told, expected.map(|(from, to)| (from.to_owned(), to.to_owned())));
    assert_eq!(picture.cited().collect::<Vec<_>>(), [3, 4].repeat(7));
}
