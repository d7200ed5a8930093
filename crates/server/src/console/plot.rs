//! Small plots of numbers over time: a drawing, a sentence beside it, and the numbers as a table.

use maud::{Markup, html};
use ofrecord_core::Timestamp;
use ofrecord_report::instant;

use super::said::{self, Table, number};
use super::words::plot as words;

/// The size of the drawing, and where the plot lies in it.
const WIDTH: u64 = 360;
const HEIGHT: u64 = 110;
const LEFT: u64 = 2;
const TOP: u64 = 18;
const BOTTOM: u64 = 92;

/// How numbers are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Drawn {
    /// What came about in a time, as bars.
    Bars,
    /// What was so at an instant, as steps.
    Steps,
}

/// Numbers over time.
pub(super) struct Plot<'a> {
    /// By which it is named on its page.
    pub(super) anchor: &'a str,
    /// What it shows.
    pub(super) title: &'a str,
    /// What it comes to, in a sentence.
    pub(super) sentence: String,
    /// How the numbers are drawn.
    pub(super) drawn: Drawn,
    /// The titles of the columns of its table.
    pub(super) columns: [&'a str; 2],
    /// Each number with its instant, ascending.
    pub(super) numbers: Vec<(Timestamp, u64)>,
}

impl Plot<'_> {
    /// As HTML.
    pub(super) fn written(&self) -> Markup {
        let title = format!("{}-title", self.anchor);
        html! {
            figure class="plot" aria-labelledby=(title) {
                figcaption id=(title) { (self.title) }
                (self.drawing())
                p { (self.sentence) }
                details {
                    summary { (words::TABLE) span class="unseen" { ": " (self.title) } }
                    (self.table())
                }
            }
        }
    }

    /// The greatest number; 1 where all are nothing, so that there is a scale.
    fn top(&self) -> u64 {
        self.numbers.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1)
    }

    fn drawing(&self) -> Markup {
        let (first, last) = (self.numbers.first(), self.numbers.last());
        let label = format!("{}: {}", self.title, self.sentence);
        html! {
            svg class="plot" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(label) {
                text class="scale" x=(LEFT) y="12" { (number(self.top())) }
                line class="top" x1=(LEFT) y1=(TOP) x2=(WIDTH - LEFT) y2=(TOP) {}
                (self.marks())
                line class="base" x1=(LEFT) y1=(BOTTOM) x2=(WIDTH - LEFT) y2=(BOTTOM) {}
                @if let Some((at, _)) = first { text x=(LEFT) y=(HEIGHT - 4) { (minute(*at)) } }
                @if let Some((at, _)) = last {
                    text x=(WIDTH - LEFT) y=(HEIGHT - 4) text-anchor="end" { (minute(*at)) }
                }
            }
        }
    }

    fn marks(&self) -> Markup {
        match self.drawn {
            Drawn::Bars => html! {
                @for (index, (at, count)) in self.numbers.iter().enumerate().filter(|(_, (_, count))| *count > 0) {
                    @let (from, to) = (self.across(index), self.across(index + 1));
                    @let height = self.height(*count);
                    rect class="bar" x=(tenths(from)) y=(tenths(BOTTOM * 10 - height))
                        width=(tenths((to - from).saturating_sub(8).max(4))) height=(tenths(height)) {
                        title { (minute(*at)) ": " (number(*count)) }
                    }
                }
            },
            Drawn::Steps => html! { path class="steps" d=(self.steps()) {} },
        }
    }

    /// Where the number at an index begins, in tenths.
    fn across(&self, index: usize) -> u64 {
        let (index, count) = (u64::try_from(index).unwrap_or(0), u64::try_from(self.numbers.len()).unwrap_or(1).max(1));
        LEFT * 10 + (WIDTH - 2 * LEFT) * 10 * index.min(count) / count
    }

    /// How high a number stands, in tenths; what is something is seen.
    fn height(&self, count: u64) -> u64 {
        let full = u128::from((BOTTOM - TOP) * 10);
        let height = u64::try_from(full * u128::from(count) / u128::from(self.top())).unwrap_or(0);
        if count > 0 { height.max(10) } else { 0 }
    }

    /// The outline of the numbers, with the ground below it.
    fn steps(&self) -> String {
        let base = tenths(BOTTOM * 10);
        let mut path = format!("M{} {base}", tenths(self.across(0)));
        for (index, (_, count)) in self.numbers.iter().enumerate() {
            let y = tenths(BOTTOM * 10 - self.height(*count));
            path.push_str(&format!("V{y}H{}", tenths(self.across(index + 1))));
        }
        path.push_str(&format!("V{base}Z"));
        path
    }

    /// The numbers, without those that are nothing.
    fn table(&self) -> Markup {
        let told = self.numbers.iter().filter(|(_, count)| *count > 0);
        let rows: Vec<Vec<Markup>> = told.map(|(at, count)| vec![said::at(*at), html! { (number(*count)) }]).collect();
        if rows.is_empty() {
            return html! { p { (words::NOTHING) } };
        }
        html! {
            (Table { caption: self.title, columns: &self.columns, rows }.written())
            p class="quiet" { (words::WITHOUT_NOTHING) }
        }
    }
}

/// A number of tenths.
fn tenths(value: u64) -> String {
    format!("{}.{}", value / 10, value % 10)
}

/// An instant to the minute.
fn minute(at: Timestamp) -> String {
    let text = instant::text(at);
    format!("{} UTC", text.get(..16).unwrap_or_default())
}

#[cfg(test)]
mod tests;
