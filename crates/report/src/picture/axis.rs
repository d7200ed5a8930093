//! Where the marks of the time axis stand: the finest round step whose labels have room.

use ofrecord_core::Timestamp;
use ofrecord_views::Period;

use super::text::{Tenths, width};

/// The size of the labels, in pixels.
pub(super) const LABEL_SIZE: i64 = 11;
/// The room between two labels.
const LABEL_GAP: Tenths = 140;
/// Ticks of 100 ns in a second.
const SECOND: u64 = 10_000_000;
const DAY: u64 = 86_400;

/// A mark of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: Timestamp,
    pub(super) label: String,
}

/// A round step of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// So many seconds, counted from midnight or, beyond a day, from a Monday.
    Seconds(u64),
    /// So many calendar months, counted from January.
    Months(u32),
    /// So many calendar years.
    Years(i32),
}

const STEPS: &[Step] = &[
    Step::Seconds(1),
    Step::Seconds(5),
    Step::Seconds(15),
    Step::Seconds(60),
    Step::Seconds(300),
    Step::Seconds(900),
    Step::Seconds(3_600),
    Step::Seconds(3 * 3_600),
    Step::Seconds(6 * 3_600),
    Step::Seconds(12 * 3_600),
    Step::Seconds(DAY),
    Step::Seconds(2 * DAY),
    Step::Seconds(7 * DAY),
    Step::Months(1),
    Step::Months(2),
    Step::Months(3),
    Step::Months(6),
    Step::Years(1),
    Step::Years(2),
    Step::Years(5),
    Step::Years(10),
    Step::Years(20),
    Step::Years(50),
    Step::Years(100),
    Step::Years(500),
    Step::Years(1_000),
];

/// The marks of a period on an axis of some width.
pub(super) fn marks(period: Period, axis: Tenths) -> Vec<Mark> {
    let span = period.to.ticks().saturating_sub(period.from.ticks());
    let fits = |step: &&Step| {
        let count = i64::try_from(span / step.ticks()).unwrap_or(i64::MAX);
        count.saturating_mul(step.label_width() + LABEL_GAP) <= axis
    };
    let Some(step) = STEPS.iter().find(fits) else { return Vec::new() };
    let mut marks = Vec::new();
    let mut next = step.first(period.from);
    while let Some(at) = next.filter(|at| *at < period.to) {
        marks.push(Mark { at, label: step.label(at) });
        next = step.after(at);
    }
    marks
}

impl Step {
    /// About how long it is; months and years by their shortest.
    fn ticks(self) -> u64 {
        match self {
            Self::Seconds(seconds) => seconds * SECOND,
            Self::Months(months) => u64::from(months) * 28 * DAY * SECOND,
            Self::Years(years) => u64::from(years.unsigned_abs()) * 365 * DAY * SECOND,
        }
    }

    /// The first instant on the step that is not before another.
    fn first(self, from: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Seconds(seconds) => Timestamp::from_ticks(from.ticks().div_ceil(seconds * SECOND) * seconds * SECOND),
            Self::Months(months) => {
                let january = Timestamp::from_date(from.year(), 1, 1)?;
                let steps = (0..=12 / months).map(|count| january.plus_months(count * months));
                steps.into_iter().find(|at| *at >= from)
            }
            Self::Years(years) => {
                let year = from.year().div_euclid(years) * years;
                let candidates = [year, year + years].into_iter().filter_map(|year| Timestamp::from_date(year, 1, 1));
                candidates.into_iter().find(|at| *at >= from)
            }
        }
    }

    /// The next instant on the step.
    fn after(self, at: Timestamp) -> Option<Timestamp> {
        let next = match self {
            Self::Seconds(seconds) => Timestamp::from_ticks(at.ticks().saturating_add(seconds * SECOND))?,
            Self::Months(months) => at.plus_months(months),
            Self::Years(years) => Timestamp::from_date(at.year().checked_add(years)?, 1, 1)?,
        };
        (next > at && next < Timestamp::MAX).then_some(next)
    }

    fn label(self, at: Timestamp) -> String {
        let written = at.to_string();
        let part = |to: usize| written.get(..to).unwrap_or_default().replace('T', " ");
        match self {
            Self::Seconds(seconds) if seconds < 60 => part(19),
            Self::Seconds(seconds) if seconds < DAY => part(16),
            Self::Seconds(_) => part(10),
            Self::Months(_) => part(7),
            Self::Years(_) => part(4),
        }
    }

    fn label_width(self) -> Tenths {
        width(&self.label(Timestamp::MAX), LABEL_SIZE)
    }
}

#[cfg(test)]
mod tests;
