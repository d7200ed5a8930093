//! A picture as SVG text: every bar with its words, its texture, its title and the way to its entry.

use maud::{Markup, PreEscaped, html};

use super::Picture;
use super::layout::{BOX, GUTTER, Layout, PlacedBar, PlacedBoundary, PlacedFlag, PlacedLane, PlacedRow, Words};
use super::text::Tenths;
use crate::document::Links;
use crate::palette::Tone;

mod style;
mod texture;

pub(crate) use self::style::style;

/// How high the texture at a box's foot is.
const TEXTURE: Tenths = 40;

/// A sheet on a page that brings style and colours; `(number, count)` tell several apart.
pub(super) fn sheet(picture: &Picture, layout: &Layout, links: Links, (number, count): (usize, usize)) -> String {
    let of = if count > 1 { format!(" (sheet {number} of {count})") } else { String::new() };
    Drawing { picture, layout, links, name: format!("lanes-{number}"), of }.drawn(None).into_string()
}

/// A picture that stands alone, with its style, and without a way to entries.
pub(super) fn alone(picture: &Picture, layout: &Layout) -> String {
    let drawing = Drawing { picture, layout, links: Links::Nowhere, name: "lanes".to_owned(), of: String::new() };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", drawing.drawn(Some(style())).into_string())
}

struct Drawing<'a> {
    picture: &'a Picture,
    layout: &'a Layout,
    links: Links,
    /// Begins every id, so that several drawings can share a page.
    name: String,
    of: String,
}

impl Drawing<'_> {
    fn drawn(&self, style: Option<String>) -> Markup {
        let (width, height) = (px(self.layout.width), px(self.layout.height));
        let (title, description) = (format!("{}-title", self.name), format!("{}-description", self.name));
        let role = match self.links {
            Links::ToEntries | Links::ToPages(_) => "group",
            Links::Nowhere => "img",
        };
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="lanes" role=(role) width=(width) height=(height)
                viewBox=(format!("0 0 {width} {height}")) aria-labelledby=(title) aria-describedby=(description) {
                title id=(title) { (self.picture.title()) (self.of) }
                desc id=(description) { (self.picture.description().plain()) }
                @if let Some(style) = style { style { (PreEscaped(style)) } }
                defs { @for tone in self.tones() { (texture::pattern(&self.name, tone)) } }
                rect class="paper" width=(width) height=(height) {}
                (self.ground())
                @for lane in &self.layout.lanes { (self.lane(lane)) }
                (self.now())
                (self.legend())
                @for note in &self.layout.notes { (words(note, "note")) }
            }
        }
    }

    fn tones(&self) -> Vec<Tone> {
        self.layout.legend.iter().map(|(tone, _)| *tone).collect()
    }

    /// The axis with its marks, behind everything.
    fn ground(&self) -> Markup {
        let (top, bottom) = self.layout.body;
        html! {
            @for (x, label) in &self.layout.marks {
                "\n"
                line class="grid" x1=(px(*x)) x2=(px(*x)) y1=(px(top - 180)) y2=(px(bottom)) {}
                (words(label, "mark-label"))
            }
        }
    }

    fn lane(&self, lane: &PlacedLane) -> Markup {
        let (_, right) = self.layout.scale.ends();
        html! {
            "\n"
            g transform=(format!("translate(0 {})", px(lane.y))) role="group" aria-label=(lane.name) {
                rect class="band" x="0" y="0" width=(px(right)) height="20" {}
                g { title { (lane.name) } (words(&lane.title, "lane-title")) }
                @for row in &lane.rows { (self.row(row)) }
            }
        }
    }

    fn row(&self, row: &PlacedRow) -> Markup {
        let (left, right) = self.layout.scale.ends();
        html! {
            "\n"
            g transform=(format!("translate(0 {})", px(row.y))) {
                line class="row-line" x1=(px(left)) x2=(px(right)) y1=(px(row.height)) y2=(px(row.height)) {}
                g { title { (row.name) } (clipped(&row.label, "row-label", GUTTER - row.label.x)) }
                @for bar in &row.bars { (self.bar(bar)) }
                @for boundary in &row.boundaries { (self.boundary(boundary, row.height)) }
                @for flag in &row.flags { (self.flag(flag)) }
            }
        }
    }

    fn bar(&self, bar: &PlacedBar) -> Markup {
        let rest = bar.width - bar.known;
        let tone = bar.item.tone;
        let foot = bar.y + 15 + BOX - TEXTURE;
        let drawn = html! {
            @if bar.known > 0 { (rect("fill", bar.x, bar.y + 15, bar.known, BOX)) }
            @if rest > 0 { (rect("expected", bar.x + bar.known, bar.y + 15, rest, BOX)) }
            rect fill=(texture::fill(&self.name, tone)) x=(px(bar.x)) y=(px(foot)) width=(px(bar.width))
                height=(px(TEXTURE)) {}
            @if bar.goes_on_left { (arrow(bar.x, bar.y, -60)) }
            @if bar.goes_on_right { (arrow(bar.x + bar.width, bar.y, 60)) }
            @if let Some(label) = &bar.label { (self.label(bar, label)) }
        };
        self.item(&bar.item, tone, &drawn)
    }

    /// Words in a bar, clipped to it, or beside it.
    fn label(&self, bar: &PlacedBar, label: &Words) -> Markup {
        if label.x >= bar.x + bar.width {
            let (_, right) = self.layout.scale.ends();
            return clipped(label, "beside", right - label.x);
        }
        let class = if bar.known > (label.x - bar.x) { "word" } else { "beside" };
        clipped(label, class, bar.x + bar.width - label.x)
    }

    fn boundary(&self, boundary: &PlacedBoundary, height: Tenths) -> Markup {
        let (x, end) = (px(boundary.x), px(height - 10));
        let foot = format!("M{x} {end}l-3 4h6z");
        let drawn = html! {
            line class="boundary" x1=(x) x2=(x) y1="0" y2=(end) {}
            path class="boundary-end" d=(foot) {}
        };
        self.item(&boundary.item, boundary.item.tone, &drawn)
    }

    fn flag(&self, flag: &PlacedFlag) -> Markup {
        let drawn = html! {
            (rect("fill", flag.x, flag.y + 15, flag.width, BOX))
            (clipped(&flag.label, "word", flag.x + flag.width - flag.label.x))
        };
        self.item(&flag.item, flag.item.tone, &drawn)
    }

    /// What is drawn of an item, with its title, and as a link where there is somewhere to go.
    fn item(&self, item: &super::Item, tone: Tone, drawn: &Markup) -> Markup {
        let title = self.title(item);
        let class = format!("tone-{}", tone.word());
        let place = item.positions.iter().max().and_then(|entry| self.links.place(*entry));
        html! {
            "\n"
            @if let Some(place) = place {
                a class=(class) href=(place) { title { (title) } (drawn) }
            } @else {
                g class=(class) { title { (title) } (drawn) }
            }
        }
    }

    fn title(&self, item: &super::Item) -> String {
        let (what, when) = (item.said.plain(), self.when(item));
        let by: Vec<String> = item.positions.iter().map(ToString::to_string).collect();
        let entries = if by.len() == 1 { "entry" } else { "entries" };
        if by.is_empty() { format!("{what}; {when}") } else { format!("{what}; {when}; {entries} {}", by.join(", ")) }
    }

    fn when(&self, item: &super::Item) -> String {
        let text = crate::instant::text;
        match item.shape {
            super::Shape::Spell { from, to: None } => format!("from {}, still holds", text(from)),
            super::Shape::Spell { from, to: Some(to) } => format!("from {} until {}", text(from), text(to)),
            super::Shape::Boundary(at) => text(at),
            super::Shape::Flag { at, .. } => format!("since {}", text(at)),
        }
    }

    /// The line of the instant asked about, above everything, and the ground beyond it.
    fn now(&self) -> Markup {
        let Some((x, label)) = &self.layout.now else { return html! {} };
        let ((top, bottom), (_, right)) = (self.layout.body, self.layout.scale.ends());
        html! {
            (rect("beyond", *x, top, right - x, bottom - top))
            line class="now" x1=(px(*x)) x2=(px(*x)) y1="4" y2=(px(bottom)) {}
            (words(label, "now"))
        }
    }

    fn legend(&self) -> Markup {
        html! {
            @for (tone, label) in &self.layout.legend {
                "\n"
                @let (x, y) = (label.x - 260, label.y - 110);
                g class=(format!("tone-{}", tone.word())) {
                    (rect("fill", x, y, 220, BOX - 20))
                    rect fill=(texture::fill(&self.name, *tone)) x=(px(x)) y=(px(y + BOX - 20 - TEXTURE)) width="22"
                        height=(px(TEXTURE)) {}
                }
                (words(label, "note"))
            }
        }
    }
}

fn rect(class: &str, x: Tenths, y: Tenths, width: Tenths, height: Tenths) -> Markup {
    html! { rect class=(class) x=(px(x)) y=(px(y)) width=(px(width.max(0))) height=(px(height)) {} }
}

/// A triangle at a bar's end: it goes on beyond the period.
fn arrow(x: Tenths, y: Tenths, length: Tenths) -> Markup {
    let middle = y + 15 + BOX / 2;
    let d = format!("M{} {}l{} 4l{} 4z", px(x), px(middle - 40), px(length), px(-length));
    html! { path class="arrow" d=(d) {} }
}

fn words(words: &Words, class: &str) -> Markup {
    html! { "\n" text class=(class) x=(px(words.x)) y=(px(words.y)) { (words.text) } }
}

/// Words that never go beyond their room, whatever font there is.
fn clipped(words: &Words, class: &str, room: Tenths) -> Markup {
    html! {
        svg x=(px(words.x)) y=(px(words.y - 120)) width=(px(room.max(0))) height="17" {
            text class=(class) x="0" y="12" { (words.text) }
        }
    }
}

/// Tenths of a pixel as a number.
fn px(tenths: Tenths) -> String {
    let (whole, rest) = (tenths / 10, (tenths % 10).abs());
    let sign = if tenths < 0 && whole == 0 { "-" } else { "" };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
