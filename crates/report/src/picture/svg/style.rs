//! The style of pictures: shapes from a sheet, colours from the palette, written out so that any program can read them.

use std::fmt::Write as _;

use crate::palette::{self, Look, Theme, Tone};

/// What is the same in both themes.
const SHAPES: &str = include_str!("../picture.css");

/// What has a colour of the ground: what it is, which property, and the colour's name.
const GROUND: &[(&str, &str, &str)] = &[
    (".paper", "fill", "paper"),
    ("text", "fill", "ink"),
    (".row-label", "fill", "quiet"),
    (".mark-label", "fill", "quiet"),
    (".note", "fill", "quiet"),
    (".band", "fill", "panel"),
    (".grid", "stroke", "rule"),
    (".row-line", "stroke", "rule"),
    ("line.now", "stroke", "now"),
    ("text.now", "fill", "now"),
    (".beyond", "fill", "now"),
    (".boundary", "stroke", "ink"),
    (".boundary-end", "fill", "ink"),
];

/// The whole style of a picture: light, and dark where a screen prefers it, so that paper stays light.
///
/// Colours stand where they are used: programs that show pictures outside a browser know no variables.
pub(crate) fn style() -> String {
    let (light, dark) = (colours(Theme::Light), colours(Theme::Dark));
    format!("{SHAPES}{light}@media screen and (prefers-color-scheme:dark){{\n{dark}}}\n")
}

fn colours(theme: Theme) -> String {
    let mut style = String::new();
    for (what, property, name) in GROUND {
        let colour = palette::ground(name, theme);
        // Writing to a string cannot fail.
        writeln!(style, "svg.lanes {what}{{{property}:{colour}}}").unwrap_or_default();
    }
    for tone in Tone::ALL {
        let (of, Look { fill, line, ink }) = (format!("svg.lanes .tone-{}", tone.word()), tone.look(theme));
        writeln!(
            style,
            "{of} .fill{{fill:{fill};stroke:{line}}}{of} .expected,{of} .ink{{stroke:{line}}}\
             {of} .arrow,{of} .dot,{of}.dot{{fill:{line}}}{of} text.word{{fill:{ink}}}"
        )
        .unwrap_or_default();
    }
    style
}
