//! The one spelling of an instant, `YYYY-MM-DDTHH:MM:SS.fffffffZ`, by calendar arithmetic on its ticks.
//!
//! Every entry holds several instants, and they are read and written more often than anything else in it.
//! Days are counted from 1 March, so that the leap day is the last of its year and months follow a formula.

use super::{TICKS_END, TICKS_PER_SECOND};

/// Bytes of the spelling.
pub(super) const LENGTH: usize = 28;
/// Ticks of one day.
const TICKS_PER_DAY: u64 = 86_400 * TICKS_PER_SECOND.unsigned_abs();
/// Days of 400 years, after which the calendar repeats.
const ERA_DAYS: u64 = 146_097;
/// Days from 1 March of the year 0 to 1 January of the year 1.
const DAYS_BEFORE_YEAR_ONE: u64 = 306;

/// The ticks of an instant in exactly this spelling; none for any other text, which may be an instant all the same.
pub(super) fn ticks(text: &str) -> Option<u64> {
    let bytes: &[u8; LENGTH] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', rest @ ..] = bytes else { return None };
    let [h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3, f4, f5, f6, f7, b'Z'] = rest else { return None };
    let (year, month, day) = (number([y1, y2, y3, y4])?, number([m1, m2])?, number([d1, d2])?);
    let (hour, minute, second) = (number([h1, h2])?, number([n1, n2])?, number([s1, s2])?);
    if year == 0 || day == 0 || day > days_in(year, month)? || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = (days(year, month, day) * 24 + hour) * 3_600 + minute * 60 + second;
    let ticks = seconds * TICKS_PER_SECOND.unsigned_abs() + number([f1, f2, f3, f4, f5, f6, f7])?;
    (ticks < TICKS_END).then_some(ticks)
}

/// The spelling of an instant.
pub(super) fn text(ticks: u64) -> [u8; LENGTH] {
    let (year, month, day) = date(ticks / TICKS_PER_DAY);
    let within = ticks % TICKS_PER_DAY;
    let (seconds, fraction) = (within / TICKS_PER_SECOND.unsigned_abs(), within % TICKS_PER_SECOND.unsigned_abs());
    let [y1, y2, y3, y4] = digits(year);
    let ([m1, m2], [d1, d2]) = (digits(month), digits(day));
    let ([h1, h2], [n1, n2], [s1, s2]) = (digits(seconds / 3_600), digits(seconds / 60 % 60), digits(seconds % 60));
    let [f1, f2, f3, f4, f5, f6, f7] = digits(fraction);
    [
        y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2, b'.', f1, f2, f3, f4, f5,
        f6, f7, b'Z',
    ]
}

fn number<const DIGITS: usize>(digits: [&u8; DIGITS]) -> Option<u64> {
    digits
        .into_iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0')))
}

fn digits<const DIGITS: usize>(mut number: u64) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
    }
    digits
}

fn days_in(year: u64, month: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        0 | 13.. => None,
    }
}

/// Days from 1 January of the year 1.
pub(super) fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, of_era) = (year / 400, year % 400);
    let from_march = (month + 9) % 12;
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_BEFORE_YEAR_ONE
}

/// Year, month and day of a day counted from 1 January of the year 1.
pub(super) fn date(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_YEAR_ONE;
    let (era, of_era) = (days / ERA_DAYS, days % ERA_DAYS);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}
