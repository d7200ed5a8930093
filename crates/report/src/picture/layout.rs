//! Where everything of a picture stands: sizes and places, and what had no room, in words.

use ofrecord_core::Timestamp;
use ofrecord_views::Period;

use super::text::{Tenths, width};
use super::{Picture, Zoom, axis};
use crate::document::counted;
use crate::palette::Tone;

mod choice;
mod placed;

pub(super) use self::placed::{PlacedBar, PlacedBoundary, PlacedFlag, PlacedLane, PlacedRow, Words};

/// The column of labels on the left.
pub(super) const GUTTER: Tenths = 2_400;
/// The time axis at a zoom of 100.
const AXIS: Tenths = 9_080;
/// The room on the right.
const MARGIN: Tenths = 120;
/// The axis's own height, with the label of the instant asked about.
const HEAD: Tenths = 380;
/// The height of a lane's title.
const TITLE: Tenths = 200;
/// The height of a line of boxes.
pub(super) const LINE: Tenths = 200;
/// The height of a box.
pub(super) const BOX: Tenths = 170;
/// The space below a lane.
const LANE_GAP: Tenths = 80;
/// The height of a line of the legend and of a note.
const NOTE: Tenths = 170;
/// The size of a lane's title and of everything else, in pixels.
pub(super) const TITLE_SIZE: i64 = 12;
pub(super) const TEXT_SIZE: i64 = 11;
/// The narrowest box: what lasted no time to speak of is still seen.
pub(super) const BOX_MIN: Tenths = 40;

/// What stands below every sheet.
const HOW_TO_READ: &str = "A dashed outline is what time alone would bring, a dashed upright line the boundary of a \
                           term, a triangle at a bar's end that it goes on beyond the period.";

/// A sheet of a picture with everything in its place.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) width: Tenths,
    pub(super) height: Tenths,
    pub(super) scale: Scale,
    pub(super) marks: Vec<(Tenths, Words)>,
    pub(super) now: Option<(Tenths, Words)>,
    /// Where the lanes begin and end.
    pub(super) body: (Tenths, Tenths),
    pub(super) lanes: Vec<PlacedLane>,
    pub(super) legend: Vec<(Tone, Words)>,
    pub(super) notes: Vec<Words>,
    /// What is not drawn, in sentences.
    pub(super) left_out: Vec<String>,
}

/// From instants to places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    period: Period,
    axis: Tenths,
}

impl Scale {
    fn new(period: Period, zoom: Zoom) -> Self {
        Self { period, axis: AXIS * i64::from(zoom.0) / 100 }
    }

    /// The left and the right end of the axis.
    pub(super) fn ends(self) -> (Tenths, Tenths) {
        (GUTTER, GUTTER + self.axis)
    }

    /// The place of an instant, held within the axis.
    pub(super) fn place(self, at: Timestamp) -> Tenths {
        let at = at.clamp(self.period.from, self.period.to);
        let ticks = |from: Timestamp, to: Timestamp| i128::from(to.ticks().saturating_sub(from.ticks()));
        let span = ticks(self.period.from, self.period.to).max(1);
        let along = ticks(self.period.from, at) * i128::from(self.axis) / span;
        GUTTER + i64::try_from(along).unwrap_or(self.axis)
    }

    /// Whether an instant is drawn.
    pub(super) fn holds(self, at: Timestamp) -> bool {
        self.period.contains(at)
    }
}

impl Layout {
    /// The whole picture on one sheet.
    pub(super) fn whole(picture: &Picture) -> Self {
        let drawn = Drawn::of(picture);
        Self::of(picture, drawn.scale, drawn.lanes, drawn.left_out)
    }

    /// The picture on sheets of at most a height, in pixels; a lane that is higher has a sheet of its own.
    /// What is left out is for the page to say.
    pub(super) fn sheets(picture: &Picture, height: u32) -> Vec<Self> {
        let drawn = Drawn::of(picture);
        let room = i64::from(height) * 10 - HEAD;
        let mut sheets: Vec<Vec<PlacedLane>> = Vec::new();
        let mut used = 0;
        for lane in drawn.lanes {
            let needed = lane.height + LANE_GAP;
            match sheets.last_mut().filter(|_| used + needed <= room) {
                Some(sheet) => sheet.push(lane),
                None => {
                    used = 0;
                    sheets.push(vec![lane]);
                }
            }
            used += needed;
        }
        if sheets.is_empty() {
            sheets.push(Vec::new());
        }
        sheets.into_iter().map(|lanes| Self::of(picture, drawn.scale, lanes, Vec::new())).collect()
    }

    /// One sheet: lanes below each other, then the legend and the notes.
    fn of(picture: &Picture, scale: Scale, mut lanes: Vec<PlacedLane>, left_out: Vec<String>) -> Self {
        let (from, to) = scale.ends();
        let width = to + MARGIN;
        let mut y = HEAD;
        for lane in &mut lanes {
            lane.y = y;
            y += lane.height + LANE_GAP;
        }
        let body = (HEAD, y);
        let legend = placed::legend(&lanes, width, &mut y);
        let sentences: Vec<String> = [HOW_TO_READ.to_owned()].into_iter().chain(left_out.iter().cloned()).collect();
        let notes = placed::notes(&sentences, width, &mut y, NOTE);
        let marks = axis::marks(picture.period, to - from).into_iter().filter_map(|mark| {
            let x = scale.place(mark.at);
            let words = Words { x: x + 30, y: HEAD - 70, text: mark.label };
            (words.x + super::text::width(&words.text, axis::LABEL_SIZE) <= width).then_some((x, words))
        });
        Self {
            width,
            height: y + LANE_GAP,
            scale,
            marks: marks.collect(),
            now: now(picture, scale, width),
            body,
            lanes,
            legend,
            notes,
            left_out,
        }
    }
}

/// The line of the instant asked about, its label beside it on the side where there is room.
fn now(picture: &Picture, scale: Scale, sheet: Tenths) -> Option<(Tenths, Words)> {
    if !scale.holds(picture.as_of) {
        return None;
    }
    let x = scale.place(picture.as_of);
    let text = format!("as of {}", crate::instant::text(picture.as_of));
    // Its words are bold, which no width is told for; a tenth more is enough.
    let needed = width(&text, TEXT_SIZE) * 11 / 10 + 40;
    let left = if x + needed <= sheet { x + 40 } else { (x - needed).max(0) };
    Some((x, Words { x: left, y: 130, text }))
}

/// Lanes with their rows in place, not yet below each other.
struct Drawn {
    scale: Scale,
    lanes: Vec<PlacedLane>,
    left_out: Vec<String>,
}

impl Drawn {
    fn of(picture: &Picture) -> Self {
        let scale = Scale::new(picture.period, picture.zoom);
        let (chosen, mut left_out) = choice::lanes(picture);
        let mut outside = Outside::default();
        let lanes: Vec<PlacedLane> =
            chosen.into_iter().filter_map(|lane| placed::lane(lane, picture, scale, &mut outside)).collect();
        left_out.extend(outside.sentences());
        Self { scale, lanes, left_out }
    }
}

/// What is left out of lanes that are drawn.
#[derive(Debug, Default)]
pub(super) struct Outside {
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) crowded: usize,
    pub(super) rows: usize,
}

impl Outside {
    fn sentences(&self) -> Vec<String> {
        let told = [
            (self.before, "lies before the period", "lie before the period"),
            (self.after, "lies after the period", "lie after the period"),
            (self.crowded, "has no room beside others of the same time", "have no room beside others of the same time"),
        ];
        let items = told.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| {
            let verb = if count == 1 { one } else { many };
            format!("{} {verb} and {} not drawn.", counted(count, "bar or mark", "bars and marks"), is_or_are(count))
        });
        let rows = (self.rows > 0).then(|| {
            format!("{} of crowded lanes {} not drawn.", counted(self.rows, "row", "rows"), is_or_are(self.rows))
        });
        items.chain(rows).collect()
    }
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

#[cfg(test)]
mod tests;
