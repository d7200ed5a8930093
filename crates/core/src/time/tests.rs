//! Instants keep seven digits, decode audit ids and obey the calendar.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

#[test]
fn the_ticks_of_a_published_audit_id_are_its_operation_date() {
    let ticks = Timestamp::from_ticks(637_346_662_909_268_372).expect("in range");
    assert_eq!(ticks.to_string(), "2020-09-02T17:58:10.9268372Z");
    assert_eq!(at("2020-09-02T17:58:10.9268372Z"), ticks);
}

#[test]
fn every_published_spelling_is_read_as_utc() {
    for (text, expected) in [
        ("2018-02-17T00:05:39.5485487+00:00", "2018-02-17T00:05:39.5485487Z"),
        ("2015-11-24T08:00:00Z", "2015-11-24T08:00:00.0000000Z"),
        ("2015-11-24T08:00:00", "2015-11-24T08:00:00.0000000Z"),
        ("2018-06-14T00:00:00.000Z", "2018-06-14T00:00:00.0000000Z"),
        ("2024-07-12", "2024-07-12T00:00:00.0000000Z"),
        ("9999-12-10T00:00:00Z", "9999-12-10T00:00:00.0000000Z"),
        ("2024-07-12T08:00:00+08:00", "2024-07-12T00:00:00.0000000Z"),
    ] {
        assert_eq!(at(text).to_string(), expected, "{text}");
    }
}

#[test]
fn what_is_not_an_instant_is_named() {
    for text in ["", "yesterday", "2024-13-01", "2024-02-30T00:00:00Z", "10000-01-01T00:00:00Z"] {
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
}

#[test]
fn text_order_is_time_order_and_printing_reads_back() {
    let mut ticks = 1_u64;
    for step in 0..60_u64 {
        ticks = (ticks.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(step)) % TICKS_END;
        let a = Timestamp::from_ticks(ticks).expect("in range");
        let b = Timestamp::from_ticks(ticks / 2).expect("in range");
        assert_eq!(at(&a.to_string()), a);
        assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }
}

#[test]
fn months_are_cut_to_the_last_day() {
    assert_eq!(at("2024-01-31").plus_months(1), at("2024-02-29"));
    assert_eq!(at("2024-07-12").plus_months(12), at("2025-07-12"));
    assert_eq!(at("2024-01-15T10:20:30.1234567Z").plus_months(1), at("2024-02-15T10:20:30.1234567Z"));
    assert_eq!(at("2024-03-01").plus_days(7), at("2024-03-08"));
    assert_eq!(at("2024-03-01").end_of_day(), at("2024-03-01T23:59:59Z"));
    assert_eq!(at("2024-04-01").days_since(at("2024-01-01")), 91);
}

#[test]
fn a_time_is_in_seconds_since_1970() {
    assert_eq!(at("2021-02-25T15:02:10Z").unix_seconds(), 1_614_265_330);
    assert_eq!(at("1970-01-01T00:00:01.9999999Z").unix_seconds(), 1);
    assert_eq!(at("1969-12-31").unix_seconds(), 0);
}

/// The spelling as the calendar of another author writes it.
fn spelled_by_chrono(instant: Timestamp) -> String {
    let ticks = instant.ticks() % TICKS_PER_SECOND.unsigned_abs();
    format!("{}.{ticks:07}Z", instant.to_naive().format("%Y-%m-%dT%H:%M:%S"))
}

#[test]
fn every_day_of_every_year_is_that_of_another_calendar() {
    let days = TICKS_END / (86_400 * TICKS_PER_SECOND.unsigned_abs());
    for (day, other) in (0..days).zip(NaiveDate::from_ymd_opt(1, 1, 1).expect("a day").iter_days()) {
        let (year, month, of_month) = spelling::date(day);
        assert_eq!((Ok(year), month, of_month), (other.year().try_into(), other.month().into(), other.day().into()));
        assert_eq!(spelling::days(year, month, of_month), day);
    }
}

#[test]
fn the_spelling_is_that_of_another_calendar_and_reads_back() {
    let step = 997 * 86_400 * TICKS_PER_SECOND.unsigned_abs() + 7_919_777_771;
    for ticks in (0..TICKS_END).step_by(usize::try_from(step).expect("in range")).chain([TICKS_END - 1]) {
        let instant = Timestamp::from_ticks(ticks).expect("in range");
        let text = instant.to_string();
        assert_eq!(text, spelled_by_chrono(instant));
        assert_eq!(spelling::ticks(&text), Some(ticks), "{text}");
    }
}

#[test]
fn what_only_looks_like_the_spelling_is_not_read_as_it() {
    for text in [
        "0000-01-01T00:00:00.0000000Z",
        "2023-02-29T00:00:00.0000000Z",
        "1900-02-29T00:00:00.0000000Z",
        "2024-04-31T00:00:00.0000000Z",
        "2024-00-01T00:00:00.0000000Z",
        "2024-13-01T00:00:00.0000000Z",
        "2024-01-00T00:00:00.0000000Z",
        "2024-01-01T24:00:00.0000000Z",
        "2024-01-01T00:60:00.0000000Z",
        "2024-01-01T00:00:60.0000000Z",
        "2024-01-01T00:00:00.000000aZ",
        "2024-01-01t00:00:00.0000000Z",
        "2024-01-01T00:00:00.0000000z",
        "+024-01-01T00:00:00.0000000Z",
        "2024-01-01T00:00:00.000000Z",
        "2024-01-01T00:00:00.00000000Z",
    ] {
        assert_eq!(spelling::ticks(text), None, "{text}");
    }
}
