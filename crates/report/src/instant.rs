//! Instants as people read them: UTC, with the zone named, and as many digits as they have.

use ofrecord_core::Timestamp;

/// An instant without the digits that are zero: `2018-06-01 00:00 UTC`, down to seven digits of a second.
#[must_use]
pub fn text(at: Timestamp) -> String {
    let written = at.to_string();
    let part = |from: usize, to: usize| written.get(from..to).unwrap_or_default();
    let (date, minutes, seconds) = (part(0, 10), part(11, 16), part(16, 19));
    let fraction = part(20, 27).trim_end_matches('0');
    match (seconds, fraction) {
        (":00", "") => format!("{date} {minutes} UTC"),
        (_, "") => format!("{date} {minutes}{seconds} UTC"),
        _ => format!("{date} {minutes}{seconds}.{fraction} UTC"),
    }
}

/// An instant as the `datetime` of a page: a page's times have three digits of a second at most.
#[must_use]
pub fn for_machines(at: Timestamp) -> String {
    format!("{}Z", at.to_string().get(..23).unwrap_or_default())
}

#[cfg(test)]
mod tests;
