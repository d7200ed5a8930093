//! Lanes, rows, bars and marks with their places.

use super::super::Picture;
use super::super::lane::{Item, Lane, Lasts, Row, Shape};
use super::super::packing::{self, Extent};
use super::super::text::{self, Tenths, fitted, shortened, width};
use super::{BOX_MIN, GUTTER, LINE, Outside, Scale, TEXT_SIZE, TITLE, TITLE_SIZE};
use crate::palette::Tone;

/// The most lines of one row, and the most rows of one lane.
const LINES_MAX: usize = 6;
const ROWS_MAX: usize = 14;
/// The space around words in a box.
const PADDING: Tenths = 50;

/// Words and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Words {
    pub(in super::super) x: Tenths,
    pub(in super::super) y: Tenths,
    pub(in super::super) text: String,
}

/// A lane in its place; everything in it counts from its top.
#[derive(Debug, Clone)]
pub(in super::super) struct PlacedLane {
    pub(in super::super) y: Tenths,
    pub(in super::super) height: Tenths,
    pub(in super::super) name: String,
    pub(in super::super) title: Words,
    pub(in super::super) rows: Vec<PlacedRow>,
}

/// A row in its place.
#[derive(Debug, Clone)]
pub(in super::super) struct PlacedRow {
    pub(in super::super) y: Tenths,
    pub(in super::super) height: Tenths,
    pub(in super::super) name: String,
    pub(in super::super) label: Words,
    pub(in super::super) bars: Vec<PlacedBar>,
    pub(in super::super) boundaries: Vec<PlacedBoundary>,
    pub(in super::super) flags: Vec<PlacedFlag>,
}

/// A bar in its place.
#[derive(Debug, Clone)]
pub(in super::super) struct PlacedBar {
    pub(in super::super) item: Item,
    pub(in super::super) x: Tenths,
    pub(in super::super) y: Tenths,
    pub(in super::super) width: Tenths,
    /// How much of the width lies before the instant asked about.
    pub(in super::super) known: Tenths,
    pub(in super::super) label: Option<Words>,
    /// Whether it began before the period.
    pub(in super::super) goes_on_left: bool,
    /// Whether it goes on after the period.
    pub(in super::super) goes_on_right: bool,
}

/// A boundary in its place.
#[derive(Debug, Clone)]
pub(in super::super) struct PlacedBoundary {
    pub(in super::super) item: Item,
    pub(in super::super) x: Tenths,
}

/// A flag in its place.
#[derive(Debug, Clone)]
pub(in super::super) struct PlacedFlag {
    pub(in super::super) item: Item,
    pub(in super::super) x: Tenths,
    pub(in super::super) y: Tenths,
    pub(in super::super) width: Tenths,
    pub(in super::super) label: Words,
}

/// Places a lane's rows; none when nothing of it lies in the period.
pub(super) fn lane(lane: &Lane, picture: &Picture, scale: Scale, outside: &mut Outside) -> Option<PlacedLane> {
    let mut rows = Vec::new();
    let mut y = TITLE;
    for row in &lane.rows {
        let Some(placed) = self::row(row, picture, scale, y, outside) else { continue };
        if rows.len() == ROWS_MAX {
            outside.rows += 1;
            continue;
        }
        y += placed.height;
        rows.push(placed);
    }
    let title = crate::visible::text(&lane.title);
    let (_, right) = scale.ends();
    let words = fitted(&title, TITLE_SIZE, right - PADDING).unwrap_or_default();
    let title_words = Words { x: PADDING, y: 150, text: words };
    (!rows.is_empty()).then_some(PlacedLane { y: 0, height: y, name: title, title: title_words, rows })
}

fn row(row: &Row, picture: &Picture, scale: Scale, y: Tenths, outside: &mut Outside) -> Option<PlacedRow> {
    let boxes: Vec<(&Item, Extent)> =
        row.items.iter().filter_map(|item| Some((item, extent(item, scale, outside)?))).collect();
    let extents: Vec<Extent> = boxes.iter().map(|(_, extent)| *extent).collect();
    let lines = packing::lines(&extents, LINES_MAX);
    let mut placed = PlacedRow {
        y,
        height: LINE,
        label: label(&row.label),
        name: crate::visible::text(&row.label),
        bars: Vec::new(),
        boundaries: boundaries(row, scale, outside),
        flags: Vec::new(),
    };
    for ((item, extent), line) in boxes.into_iter().zip(lines) {
        let Some(line) = line else {
            outside.crowded += 1;
            continue;
        };
        let top = i64::try_from(line).unwrap_or(0) * LINE;
        placed.height = placed.height.max(top + LINE);
        match item.shape {
            Shape::Spell { .. } => placed.bars.push(bar(item, extent, top, picture, scale)),
            Shape::Flag { .. } => placed.flags.push(flag(item, extent, top)),
            Shape::Boundary(_) => {}
        }
    }
    write_labels(&mut placed.bars, scale);
    let empty = placed.bars.is_empty() && placed.boundaries.is_empty() && placed.flags.is_empty();
    (!empty).then_some(placed)
}

fn label(text: &str) -> Words {
    let text = crate::visible::text(text);
    let text = shortened(&text, TEXT_SIZE, GUTTER - 2 * PADDING - 100);
    Words { x: PADDING + 100, y: 125, text }
}

/// The box of a spell or a flag; boundaries have none, and what lies outside the period is counted.
fn extent(item: &Item, scale: Scale, outside: &mut Outside) -> Option<Extent> {
    let (left, right) = scale.ends();
    match item.shape {
        Shape::Boundary(_) => None,
        Shape::Spell { from, to } => {
            let ends = to.unwrap_or(ofrecord_core::Timestamp::MAX);
            if !scale.is_in(from, ends, outside) {
                return None;
            }
            let from = scale.place(from).min(right - BOX_MIN);
            Some(Extent { from, to: scale.place(ends).max(from + BOX_MIN) })
        }
        Shape::Flag { at, lasts } => {
            let ends = match lasts {
                Lasts::StillThere => ofrecord_core::Timestamp::MAX,
                Lasts::UpTo(to) => to,
            };
            if !scale.is_in(at, ends, outside) {
                return None;
            }
            let wide = width(&item.label, TEXT_SIZE) + 2 * PADDING;
            let from = scale.place(at).min(right - wide).max(left);
            Some(Extent { from, to: from + wide })
        }
    }
}

fn boundaries(row: &Row, scale: Scale, outside: &mut Outside) -> Vec<PlacedBoundary> {
    let mut placed: Vec<PlacedBoundary> = Vec::new();
    for item in &row.items {
        let Shape::Boundary(at) = item.shape else { continue };
        if scale.is_in(at, at.plus_seconds(1), outside) {
            placed.push(PlacedBoundary { item: item.clone(), x: scale.place(at) });
        }
    }
    placed
}

fn bar(item: &Item, extent: Extent, y: Tenths, picture: &Picture, scale: Scale) -> PlacedBar {
    let (from, to) = match item.shape {
        Shape::Spell { from, to } => (from, to),
        Shape::Boundary(at) | Shape::Flag { at, .. } => (at, Some(at)),
    };
    let full = extent.to - extent.from;
    let known = if picture.as_of < from.max(scale.period.from) {
        0
    } else if to.is_some_and(|to| to <= picture.as_of) {
        full
    } else {
        (scale.place(picture.as_of) - extent.from).clamp(BOX_MIN.min(full), full)
    };
    PlacedBar {
        item: item.clone(),
        x: extent.from,
        y,
        width: full,
        known,
        label: None,
        goes_on_left: from < scale.period.from,
        goes_on_right: to.is_some_and(|to| to > scale.period.to),
    }
}

/// Writes each bar's label in it, or beside it where there is room, or cut, or not at all.
fn write_labels(bars: &mut [PlacedBar], scale: Scale) {
    let (_, right) = scale.ends();
    let taken: Vec<(Tenths, Tenths)> = bars.iter().map(|bar| (bar.y, bar.x)).collect();
    for bar in bars {
        let text = crate::visible::text(&bar.item.label);
        let needed = width(&text, TEXT_SIZE);
        let inside = bar.width - 2 * PADDING;
        let next = taken.iter().filter(|(y, x)| *y == bar.y && *x > bar.x).map(|(_, x)| *x).min();
        let beside = next.unwrap_or(right) - (bar.x + bar.width) - 2 * PADDING;
        let (x, text) = if needed <= inside || needed > beside {
            (bar.x + PADDING, fitted(&text, TEXT_SIZE, inside))
        } else {
            (bar.x + bar.width + PADDING, Some(text))
        };
        bar.label = text.map(|text| Words { x, y: bar.y + 120, text });
    }
}

fn flag(item: &Item, extent: Extent, y: Tenths) -> PlacedFlag {
    let label = Words { x: extent.from + PADDING, y: y + 125, text: item.label.clone() };
    PlacedFlag { item: item.clone(), x: extent.from, y, width: extent.to - extent.from, label }
}

impl Scale {
    /// Whether a stretch meets the period; if not, it is counted.
    fn is_in(self, from: ofrecord_core::Timestamp, to: ofrecord_core::Timestamp, outside: &mut Outside) -> bool {
        if to <= self.period.from {
            outside.before += 1;
            return false;
        }
        if from >= self.period.to {
            outside.after += 1;
            return false;
        }
        true
    }
}

/// The tones in use and their words, in lines below the lanes.
pub(super) fn legend(lanes: &[PlacedLane], sheet: Tenths, y: &mut Tenths) -> Vec<(Tone, Words)> {
    let rows = || lanes.iter().flat_map(|lane| &lane.rows);
    let bars = rows().flat_map(|row| &row.bars).map(|bar| bar.item.tone);
    let mut tones: Vec<Tone> = bars.chain(rows().flat_map(|row| &row.flags).map(|flag| flag.item.tone)).collect();
    tones.sort_unstable();
    tones.dedup();
    let mut placed = Vec::new();
    let mut x = PADDING;
    for tone in tones {
        let text = tone.said().to_owned();
        let needed = width(&text, TEXT_SIZE) + 420;
        if x + needed > sheet {
            x = PADDING;
            *y += LINE;
        }
        placed.push((tone, Words { x: x + 300, y: *y + 120, text }));
        x += needed;
    }
    if !placed.is_empty() {
        *y += LINE;
    }
    placed
}

/// Sentences in lines.
pub(super) fn notes(sentences: &[String], sheet: Tenths, y: &mut Tenths, line: Tenths) -> Vec<Words> {
    let mut placed = Vec::new();
    for sentence in sentences {
        for text in text::lines(sentence, TEXT_SIZE, sheet - 2 * PADDING) {
            placed.push(Words { x: PADDING, y: *y + 120, text });
            *y += line;
        }
    }
    placed
}
