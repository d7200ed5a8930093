//! The forms of a customer's page: an instant, a state of knowledge and a period as fields, and a slider for each of
//! the first two.

use maud::{Markup, html};
use ofrecord_core::Timestamp;
use ofrecord_views::Period;

use super::super::words::customer as words;
use super::super::{reading, said};
use super::{Question, first_day};
use crate::asked::Asked;

/// Days before and after the instant asked about that are near it.
const AROUND_DAYS: i64 = 45;

/// What was asked, as the forms show it again.
pub(super) struct Filled {
    /// The instant, where one was asked about.
    as_of: Option<Timestamp>,
    /// The state of knowledge, as it came.
    known_at: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

impl Filled {
    /// Of a request about an instant.
    pub(super) fn of(asked: &Asked, as_of: Timestamp) -> Self {
        let text = |name: &str| asked.text(name).map(str::to_owned);
        let is_asked = asked.text("as_of").is_some() || asked.text("day").is_some();
        Self { as_of: is_asked.then_some(as_of), known_at: text("known_at"), from: text("from"), to: text("to") }
    }
}

impl Filled {
    /// Whether another instant than the present is asked about.
    pub(super) fn is_past(&self) -> bool {
        self.as_of.is_some()
    }
}

impl Question {
    /// The forms; `now` is the present, and `period` that of the picture.
    pub(super) fn forms(&self, now: Timestamp, period: Period) -> Markup {
        html! {
            section class="asked" aria-labelledby="asked-heading" {
                h2 id="asked-heading" { (words::ASKED) }
                (self.fields())
                div class="sliders" { (self.day_slider(now)) (self.learned_slider()) }
                (self.zoom(period))
                p {
                    a href=(self.path()) { (words::PRESENT) }
                    " · "
                    a href=(format!("/console/compare?customer={}", self.customer)) { (words::COMPARE) }
                }
            }
        }
    }

    fn path(&self) -> String {
        format!("/console/customers/{}", self.customer)
    }

    /// The state of knowledge as a field says it: what was asked, or the tree size that a slider led to.
    fn known_at(&self) -> Option<String> {
        let (known, counting) = &self.records;
        let is_less = known.entries().len() > counting.entries().len();
        self.asked.known_at.clone().or_else(|| is_less.then(|| format!("@{}", self.snapshot.basis.tree_size)))
    }

    fn fields(&self) -> Markup {
        let as_of = self.asked.as_of.map(reading::local).unwrap_or_default();
        html! {
            form class="fields" action=(self.path()) method="get" {
                p {
                    label for="as_of" { (words::AS_OF) }
                    input id="as_of" name="as_of" type="datetime-local" step="any" value=(as_of);
                }
                p {
                    label for="known_at" { (words::KNOWN_AT) }
                    input id="known_at" name="known_at" type="text" autocomplete="off"
                        aria-describedby="known-hint" value=(self.known_at().unwrap_or_default());
                    small id="known-hint" { (words::KNOWN_HINT) }
                }
                p {
                    label for="from" { (words::FROM) }
                    input id="from" name="from" type="date" value=(self.asked.from.as_deref().unwrap_or_default());
                }
                p {
                    label for="to" { (words::TO) }
                    input id="to" name="to" type="date" value=(self.asked.to.as_deref().unwrap_or_default());
                }
                p class="send" { button type="submit" { (words::ASK) } }
            }
        }
    }

    /// Ways to the picture of other periods, by the same instant and state of knowledge.
    fn zoom(&self, period: Period) -> Markup {
        let days = period.to.days_since(period.from).max(1);
        let (quarter, half) = ((days / 4).max(1), (days / 2).max(1));
        let span = |from: i64, to: i64| Some((period.from.plus_days(from), period.to.plus_days(to)));
        let ways = [
            (words::WHOLE, None),
            (words::CLOSER, span(quarter, -quarter).filter(|(from, to)| from < to)),
            (words::WIDER, span(-half, half)),
            (words::EARLIER, span(-half, -half)),
            (words::LATER, span(half, half)),
            (words::AROUND, Some((self.as_of.plus_days(-AROUND_DAYS), self.as_of.plus_days(AROUND_DAYS)))),
        ];
        html! {
            p class="ways" {
                (words::ZOOM)
                @for (name, span) in ways.into_iter().filter(|(name, span)| *name == words::WHOLE || span.is_some()) {
                    " " a href=(self.spanning(span)) { (name) }
                }
            }
        }
    }

    /// The page with the picture of a period; without one, of all there is.
    fn spanning(&self, span: Option<(Timestamp, Timestamp)>) -> String {
        let mut asked = Vec::new();
        asked.extend(self.asked.as_of.map(|as_of| format!("as_of={as_of}")));
        asked.extend(self.known_at().map(|known_at| format!("known_at={known_at}")));
        asked.extend(span.map(|(from, to)| format!("from={}&to={}", from.date_text(), to.date_text())));
        format!("{}?{}#picture", self.path(), asked.join("&"))
    }

    /// A slider over the days from the first fact to the present.
    fn day_slider(&self, now: Timestamp) -> Markup {
        let (known, _) = &self.records;
        let first = first_day(known);
        let (last, at) = (now.days_since(first).max(0), self.as_of.days_since(first));
        html! {
            form class="slider" action=(self.path()) method="get" {
                @if let Some(known_at) = self.known_at() { input type="hidden" name="known_at" value=(known_at); }
                label for="day" { (words::DAY) }
                div class="row" {
                    input id="day" name="day" type="range" min="0" max=(last) value=(at.clamp(0, last))
                        data-first=(first.date_text()) aria-valuetext=(self.as_of.date_text()) aria-describedby="day-ends";
                    output for="day" { (self.as_of.date_text()) }
                    button type="submit" { (words::GO) }
                }
                small id="day-ends" { "from " (said::at(first)) " to " (said::at(now.start_of_day())) }
            }
        }
    }

    /// A slider over what was learned of the customer, entry by entry.
    fn learned_slider(&self) -> Markup {
        let (known, counting) = &self.records;
        let (all, counted) = (known.entries().len(), counting.entries().len());
        html! {
            form class="slider" action=(self.path()) method="get" {
                @if let Some(as_of) = self.asked.as_of { input type="hidden" name="as_of" value=(as_of); }
                label for="learned" { (words::LEARNED) }
                div class="row" {
                    input id="learned" name="learned" type="range" min="1" max=(all) value=(counted)
                        data-of=(format!("# of {all} entries")) aria-valuetext=(format!("{counted} of {all} entries"))
                        aria-describedby="learned-ends";
                    output for="learned" { (counted) " of " (all) " entries" }
                    button type="submit" { (words::GO) }
                }
                small id="learned-ends" {
                    "known at " (said::at(self.snapshot.known_at))
                    ", tree size " (self.snapshot.basis.tree_size)
                }
            }
        }
    }
}
