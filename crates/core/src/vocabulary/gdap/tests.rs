//! Durations as sources write them, and what is none.

use super::GdapDuration;
use crate::time::Timestamp;

#[test]
fn a_duration_is_read_as_iso_8601_or_not_at_all() {
    let rows: &[(&str, Option<i64>, bool)] = &[
        ("P1D", Some(1), true),
        ("P730D", Some(730), true),
        ("P2Y", Some(730), true),
        ("P1Y6M", Some(545), true),
        ("P104W", Some(728), true),
        ("PT24H", Some(1), true),
        ("PT23H59M59S", Some(1), false),
        ("PT0S", Some(0), false),
        ("P0D", Some(0), false),
        ("P1DT12H", Some(2), true),
        ("P", None, false),
        ("PT", None, false),
        ("P1DT", None, false),
        ("730", None, false),
        ("P-1D", None, false),
        ("P1.5D", None, false),
        ("P1D1Y", None, false),
        ("P1D1D", None, false),
        ("p1d", None, false),
        ("P99999999999999999999D", None, false),
        ("P9223372036854775807W", None, false),
        ("", None, false),
    ];
    for (text, days, full) in rows {
        let duration = GdapDuration::from_wire(text);
        assert_eq!((duration.days(), duration.is_a_day_or_longer()), (*days, *full), "{text}");
        assert_eq!(duration.as_str(), *text);
    }
}

#[test]
fn years_and_months_end_by_the_calendar_and_days_by_the_clock() {
    let start: Timestamp = "2022-01-31T10:00:00Z".parse().unwrap();
    for (text, end) in [
        ("P180D", "2022-07-30T10:00:00Z"),
        ("P2Y", "2024-01-31T10:00:00Z"),
        ("P1M", "2022-02-28T10:00:00Z"),
        ("P1DT12H", "2022-02-01T22:00:00Z"),
    ] {
        assert_eq!(GdapDuration::from_wire(text).end_from(start), Some(end.parse().unwrap()), "{text}");
    }
    assert_eq!(GdapDuration::from_wire("forever").end_from(start), None);
}
