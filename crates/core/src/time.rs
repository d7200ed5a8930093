//! Instants of 100 nanoseconds, as Partner Center and Graph give them, and the calendar arithmetic of terms.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::text::read_text;

mod spelling;

/// Ticks of 100 ns in one second.
const TICKS_PER_SECOND: i64 = 10_000_000;
/// Seconds from 0001-01-01 to 1970-01-01.
const UNIX_EPOCH_SECONDS: i64 = 62_135_596_800;
/// Ticks of the first instant after the year 9999.
const TICKS_END: u64 = 3_155_378_976_000_000_000;

/// An instant in UTC, counted in ticks of 100 ns since 0001-01-01 (the .NET
/// ticks that end a Partner Center audit record id). Years 1 to 9999.
///
/// Written as `YYYY-MM-DDTHH:MM:SS.fffffffZ`, always with seven digits, so that
/// the text order is the time order and audit ids can be recomputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TimestampError {
    /// Not an RFC 3339 instant or date.
    #[error("`{text}` is not an instant like 2024-03-01T00:00:00Z")]
    NotAnInstant {
        /// The text as given.
        text: String,
    },
    /// Outside the years 1 to 9999, or finer than 100 ns.
    #[error("`{text}` is outside the years 1 to 9999")]
    OutOfRange {
        /// The text as given.
        text: String,
    },
}

impl Timestamp {
    /// The earliest instant, 0001-01-01T00:00:00Z.
    pub const MIN: Timestamp = Timestamp(0);
    /// The latest instant, 9999-12-31T23:59:59.9999999Z.
    pub const MAX: Timestamp = Timestamp(TICKS_END - 1);

    /// An instant from .NET ticks; none beyond the year 9999.
    #[must_use]
    pub fn from_ticks(ticks: u64) -> Option<Self> {
        (ticks < TICKS_END).then_some(Self(ticks))
    }

    /// .NET ticks: 100 ns since 0001-01-01.
    #[must_use]
    pub fn ticks(self) -> u64 {
        self.0
    }

    /// An instant from seconds and nanoseconds since 1970; finer digits than 100 ns are cut.
    #[must_use]
    pub fn from_unix(seconds: i64, nanos: u32) -> Option<Self> {
        let ticks = seconds
            .checked_add(UNIX_EPOCH_SECONDS)?
            .checked_mul(TICKS_PER_SECOND)?
            .checked_add(i64::from(nanos / 100))?;
        u64::try_from(ticks).ok().and_then(Self::from_ticks)
    }

    /// Whole seconds since 1970; 0 before.
    #[must_use]
    pub fn unix_seconds(self) -> u64 {
        (self.0 / TICKS_PER_SECOND.unsigned_abs()).saturating_sub(UNIX_EPOCH_SECONDS.unsigned_abs())
    }

    /// Midnight in UTC of a calendar day; none when there is no such day.
    #[must_use]
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        Self::from_naive(date.and_time(NaiveTime::MIN))
    }

    fn from_naive(at: NaiveDateTime) -> Option<Self> {
        let utc = at.and_utc();
        Self::from_unix(utc.timestamp(), utc.timestamp_subsec_nanos())
    }

    fn to_naive(self) -> NaiveDateTime {
        let ticks = i64::try_from(self.0).unwrap_or(i64::MAX);
        let seconds = ticks / TICKS_PER_SECOND - UNIX_EPOCH_SECONDS;
        let nanos = u32::try_from(ticks % TICKS_PER_SECOND * 100).unwrap_or(0);
        DateTime::<Utc>::from_timestamp(seconds, nanos).unwrap_or_default().naive_utc()
    }

    /// The instant `days` times 24 hours later (earlier when negative), held within the years 1 to 9999.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// The instant some hours later, held within the years 1 to 9999.
    #[must_use]
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3_600))
    }

    /// The instant some seconds later, held within the years 1 to 9999.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let ticks =
            i64::try_from(self.0).unwrap_or(i64::MAX).saturating_add(seconds.saturating_mul(TICKS_PER_SECOND)).max(0);
        Self(u64::try_from(ticks).unwrap_or(0).min(TICKS_END - 1))
    }

    /// The same time of day some calendar months later; the day is cut to the month's last one.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        self.to_naive().checked_add_months(Months::new(months)).and_then(Self::from_naive).unwrap_or(Self::MAX)
    }

    /// Midnight (UTC) of the day this instant lies in.
    #[must_use]
    pub fn start_of_day(self) -> Self {
        let day = 86_400 * TICKS_PER_SECOND.unsigned_abs();
        Self(self.0 / day * day)
    }

    /// The last second of the day this instant lies in, as `commitmentEndDateTime` writes it.
    #[must_use]
    pub fn end_of_day(self) -> Self {
        self.start_of_day().plus_seconds(86_399)
    }

    /// Whole 24-hour days from `earlier` to this instant; negative when it lies later.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        let this = i64::try_from(self.0).unwrap_or(i64::MAX);
        let that = i64::try_from(earlier.0).unwrap_or(i64::MAX);
        (this - that) / (86_400 * TICKS_PER_SECOND)
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.to_naive().year()
    }

    /// Hands its one spelling on.
    fn spelled<T>(self, to: impl FnOnce(&str) -> T) -> T {
        let text = spelling::text(self.0);
        // Digits and marks alone: always a text.
        to(std::str::from_utf8(&text).unwrap_or_default())
    }

    /// The calendar day as `YYYY-MM-DD`.
    #[must_use]
    pub fn date_text(self) -> String {
        self.spelled(|text| text.get(..10).unwrap_or_default().to_owned())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spelled(|text| f.write_str(text))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    /// Reads RFC 3339 (any offset, up to nine digits, cut to seven), an
    /// instant without zone (UTC, as old Partner Center payloads write it), or
    /// a bare date (midnight UTC).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(ticks) = spelling::ticks(text) {
            return Ok(Self(ticks));
        }
        let trimmed = text.trim();
        let naive = if let Ok(at) = DateTime::parse_from_rfc3339(trimmed) {
            at.naive_utc()
        } else if let Ok(at) = NaiveDateTime::parse_from_str(trimmed, "%Y-%m-%dT%H:%M:%S%.f") {
            at
        } else if let Ok(date) = NaiveDate::parse_from_str(trimmed, "%Y-%m-%d") {
            date.and_time(NaiveTime::MIN)
        } else {
            return Err(TimestampError::NotAnInstant { text: text.to_owned() });
        };
        Self::from_naive(naive).ok_or_else(|| TimestampError::OutOfRange { text: text.to_owned() })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.spelled(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, str::parse)
    }
}

#[cfg(test)]
mod tests;
