//! The swim-lane picture: who was reseller, who could administer, and what became of each subscription, over time.
//!
//! A picture takes a dossier, a period and a zoom, and gives SVG text; it needs
//! nothing else, so that a page, a file or a server can show it. Everything
//! that is drawn stands in its table too, and what is not drawn is counted.

use ofrecord_core::Timestamp;
use ofrecord_views::{Dossier, Period};

use crate::document::{Cell, Links, Phrase, Piece, Table, said};
use crate::names::Names;

mod axis;
mod lane;
mod layout;
mod packing;
mod rows;
mod svg;
mod text;

pub(crate) use self::lane::{Item, Lane, Lasts, Row, Shape, Subject};
use self::layout::Layout;
pub(crate) use self::svg::style;

/// How far the time axis is stretched: at 100 a picture is as wide as a printed page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zoom(u32);

/// Lanes over time, ready to be drawn.
#[derive(Debug, Clone)]
pub struct Picture {
    title: String,
    as_of: Timestamp,
    period: Period,
    zoom: Zoom,
    lanes: Vec<Lane>,
}

/// The height of a sheet that fits a printed page.
const SHEET_HEIGHT: u32 = 640;

impl Zoom {
    /// As wide as a page.
    pub const PAGE: Zoom = Zoom(100);
    /// The widest, in percent of a page.
    pub const PERCENT_MAX: u32 = 2_000;

    /// A zoom in percent of a page's width, held between 50 and [`Zoom::PERCENT_MAX`].
    #[must_use]
    pub fn percent(percent: u32) -> Self {
        Self(percent.clamp(50, Self::PERCENT_MAX))
    }
}

impl Picture {
    /// The picture of a dossier for a period; without one, from the first fact to a little beyond the instant
    /// asked about.
    #[must_use]
    pub fn of(dossier: &Dossier, period: Option<Period>, zoom: Zoom) -> Self {
        let names = Names::of(dossier);
        let name = dossier.profile.name.clone().unwrap_or_else(|| dossier.customer.to_string());
        Self {
            title: format!("Resellers, access and subscriptions of {}", crate::visible::text(&name)),
            as_of: dossier.as_of,
            period: drawable(period.unwrap_or_else(|| usual_period(dossier))),
            zoom,
            lanes: rows::lanes(dossier, &names),
        }
    }

    /// The period that is drawn.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// The whole picture as one SVG document that stands alone.
    #[must_use]
    pub fn svg(&self) -> String {
        let layout = Layout::whole(self);
        svg::alone(self, &layout)
    }

    /// What of the lanes is not drawn, and why, in sentences.
    #[must_use]
    pub fn left_out(&self) -> Vec<String> {
        Layout::whole(self).left_out
    }

    /// The sheets, each as high as a page, for a page that brings the style.
    pub(crate) fn sheets(&self, links: Links) -> Vec<String> {
        let layouts = Layout::sheets(self, SHEET_HEIGHT);
        let count = layouts.len();
        (1..).zip(&layouts).map(|(number, layout)| svg::sheet(self, layout, links, (number, count))).collect()
    }

    /// What the picture is called.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// What it shows, in one sentence.
    pub(crate) fn description(&self) -> Phrase {
        said![
            "From ",
            self.period.from,
            " up to ",
            self.period.to,
            ". Each lane is a partner or a subscription, each bar a spell of time; the line marks ",
            self.as_of,
            ", the instant asked about, and what lies beyond it is what time alone would bring."
        ]
    }

    /// The positions behind everything drawn.
    pub(crate) fn cited(&self) -> impl Iterator<Item = u64> + '_ {
        let items = self.lanes.iter().flat_map(|lane| &lane.rows).flat_map(|row| &row.items);
        items.flat_map(|item| item.positions.iter().chain(&item.ended_by).copied())
    }

    /// Everything in it as rows.
    pub(crate) fn table(&self) -> Table {
        let each = |lane: &Lane, row: &Row, item: &Item| {
            vec![
                Cell::of(Piece::Name(lane.title.clone())),
                Cell::of(Piece::Name(row.label.clone())),
                Cell::of(item.said.clone()),
                self.from(item).because(item.positions.iter().copied()),
                self.until(item).because(item.ended_by.iter().copied()),
            ]
        };
        let rows = self.lanes.iter().flat_map(|lane| {
            lane.rows.iter().flat_map(move |row| row.items.iter().map(move |item| each(lane, row, item)))
        });
        Table {
            caption: "The picture as a table: every bar and every mark".to_owned(),
            columns: vec!["lane", "row", "what", "from", "until"],
            rows: rows.collect(),
        }
    }

    /// The beginning of anything; what lies beyond the instant asked about is there only by time.
    fn from(&self, item: &Item) -> Cell {
        let ahead = if item.first() > self.as_of { ", by time alone" } else { "" };
        Cell::of(said![item.first(), ahead].without_empty())
    }

    /// The end of a spell or of a finding; a boundary has none.
    fn until(&self, item: &Item) -> Cell {
        match item.shape {
            Shape::Boundary(_) => Cell::default(),
            Shape::Spell { from, to: None } if from > self.as_of => Cell::default(),
            Shape::Spell { to: None, .. } => Cell::of("still holds"),
            Shape::Spell { to: Some(to), .. } if to > self.as_of => Cell::of(said![to, ", by time alone"]),
            Shape::Flag { lasts: Lasts::StillThere, .. } => Cell::default(),
            Shape::Spell { to: Some(to), .. } | Shape::Flag { lasts: Lasts::UpTo(to), .. } => Cell::of(to),
        }
    }
}

/// From the first fact to the instant asked about, with some room for what lies beyond.
fn usual_period(dossier: &Dossier) -> Period {
    let (from, as_of) = (dossier.period.from.start_of_day(), dossier.as_of);
    let days = as_of.days_since(from);
    Period { from, to: as_of.plus_days(days / 12 + 1) }
}

/// A period that has an instant, so that it can be drawn: an empty one becomes a day.
fn drawable(period: Period) -> Period {
    if period.from < period.to {
        return period;
    }
    let from = period.from.min(Timestamp::MAX.plus_days(-1));
    Period { from, to: from.plus_days(1) }
}

#[cfg(test)]
mod tests;
