//! Reckoning with what was measured: medians, quantiles and rates.

use std::time::{Duration, Instant};

/// The middle value; the mean of the two middle ones of an even number; 0 of none.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), middle.checked_sub(1).and_then(|below| values.get(below))) {
        (Some(high), Some(low)) if values.len().is_multiple_of(2) => f64::midpoint(*low, *high),
        (Some(middle), _) => *middle,
        (None, _) => 0.0,
    }
}

/// The value below which `share` of the sorted values lie; 0 of none.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index of a list in memory"
    )]
    let index = ((values.len().saturating_sub(1)) as f64 * share).round() as usize;
    values.get(index).copied().unwrap_or(0.0)
}

/// A count over a time, per second.
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    shared(count, 1) / time.as_secs_f64().max(f64::EPSILON)
}

/// A count divided among so many.
#[expect(clippy::cast_precision_loss, reason = "counts and bytes of a measurement are far below 2^52")]
pub(crate) fn shared(count: u64, among: u64) -> f64 {
    count as f64 / among.max(1) as f64
}

/// Millions of bytes in a second.
pub(crate) fn megabytes_per_second(bytes: u64, time: Duration) -> f64 {
    per_second(bytes, time) / 1e6
}

/// Milliseconds that have gone by.
pub(crate) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// A number as people read it: whole from a hundred on, and with two digits after the point below.
pub(crate) fn rounded(value: f64) -> String {
    if value >= 100.0 { grouped(value.round()) } else { format!("{value:.2}") }
}

/// A round number as it stands at an axis, its thousands apart.
pub(crate) fn grouped(value: f64) -> String {
    let text = format!("{value}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut apart = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    rest.map_or(apart.clone(), |rest| format!("{apart}.{rest}"))
}

#[cfg(test)]
mod tests;
