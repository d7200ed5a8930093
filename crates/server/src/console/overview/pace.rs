//! How much is recorded, and how far what is derived lies behind, as small plots.

use maud::{Markup, html};
use ofrecord_core::Timestamp;

use super::words;
use crate::console::plot::{Drawn, Plot};
use crate::console::said::number;
use crate::lags::{self, Lag};
use crate::problem::Problem;
use crate::shared::Shared;

/// Seconds of a minute and of an hour, and how many of them a plot shows.
const MINUTE: (i64, i64) = (60, 60);
const HOUR: (i64, i64) = (3_600, 24);

/// The plots.
pub(super) fn plots(shared: &Shared) -> Result<Markup, Problem> {
    let now = shared.ledger.clock().now();
    let minutes = recorded(shared, now, MINUTE)?;
    let hours = recorded(shared, now, HOUR)?;
    let looks = shared.lags.up_to(lags::lag(shared));
    Ok(html! {
        div class="plots" {
            (of_entries("minutes", words::BY_MINUTE, [words::IN_HOUR, words::IN_MINUTE], minutes))
            (of_entries("hours", words::BY_HOUR, [words::IN_DAY, words::IN_ONE_HOUR], hours))
            (of_rows(&looks))
        }
    })
}

/// How many entries were recorded in each of the last so many spans, of which the last one goes on. The log is
/// searched for the ends of the spans, so that what is read does not grow with what was recorded.
fn recorded(shared: &Shared, now: Timestamp, (seconds, count): (i64, i64)) -> Result<Vec<(Timestamp, u64)>, Problem> {
    let into = i64::try_from(now.unix_seconds()).unwrap_or(0) % seconds;
    let last = whole_second(now).plus_seconds(-into);
    let begins: Vec<Timestamp> = (0..=count).map(|back| last.plus_seconds((back + 1 - count) * seconds)).collect();
    // What was recorded in the very instant that a span begins is of that span.
    let just_before: Vec<Timestamp> = begins.iter().map(|at| tick_before(*at)).collect();
    let sizes = shared.reader.sizes_at(&just_before)?;
    let spans = sizes.iter().zip(sizes.iter().skip(1)).map(|(before, after)| after - before);
    Ok(begins.into_iter().zip(spans).collect())
}

fn whole_second(at: Timestamp) -> Timestamp {
    i64::try_from(at.unix_seconds()).ok().and_then(|seconds| Timestamp::from_unix(seconds, 0)).unwrap_or(at)
}

fn tick_before(at: Timestamp) -> Timestamp {
    at.ticks().checked_sub(1).and_then(Timestamp::from_ticks).unwrap_or(at)
}

fn of_entries(anchor: &str, title: &str, [within, each]: [&str; 2], numbers: Vec<(Timestamp, u64)>) -> Markup {
    let sum: u64 = numbers.iter().map(|(_, count)| count).sum();
    let most = numbers.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let sentence = if sum == 0 {
        format!("{} {within}.", words::NOTHING_RECORDED)
    } else {
        format!("{} recorded {within}, at most {} {each}.", number(sum), number(most))
    };
    Plot { anchor, title, sentence, drawn: Drawn::Bars, columns: words::RECORDED_COLUMNS, numbers }.written()
}

/// How far the stored rows lay behind; that there are none is said.
fn of_rows(looks: &[Lag]) -> Markup {
    let numbers: Vec<(Timestamp, u64)> = looks.iter().filter_map(|look| Some((look.at, look.rows?))).collect();
    let unverified = looks.last().map_or(0, |look| look.verified);
    let verified = if unverified == 0 {
        words::NO_LAG_OF_BYTES.to_owned()
    } else {
        format!("{} entries are not verified yet.", number(unverified))
    };
    let sentence = match numbers.last() {
        None => format!("{} {verified}", words::NO_ROWS),
        Some((_, 0)) => format!("{} {verified}", words::NO_LAG_OF_ROWS),
        Some((_, lag)) => format!("{} entries are in no stored row yet; {} {verified}", number(*lag), words::LAG_HINT),
    };
    let columns = words::LAG_COLUMNS;
    Plot { anchor: "lag", title: words::LAG, sentence, drawn: Drawn::Steps, columns, numbers }.written()
}
