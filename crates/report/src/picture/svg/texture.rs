//! The textures at the foot of bars: a second sign beside the colour, for print and for eyes that tell few colours.

use maud::{Markup, html};

use crate::palette::Tone;

/// How a tone's foot is drawn.
enum Texture {
    /// A full line.
    Solid,
    /// Lines that rise.
    Rising,
    /// Lines that fall.
    Falling,
    /// Both.
    Crossed,
    /// Dots.
    Dotted,
    /// Upright lines.
    Upright,
    /// A level line.
    Level,
    /// Short pieces.
    Broken,
}

fn of(tone: Tone) -> Texture {
    match tone {
        Tone::Active | Tone::Reseller | Tone::Covered | Tone::Finding => Texture::Solid,
        Tone::Suspended | Tone::Gdap => Texture::Rising,
        Tone::Dap | Tone::Transfer => Texture::Falling,
        Tone::Disabled => Texture::Crossed,
        Tone::Expired => Texture::Dotted,
        Tone::AzureRole | Tone::NotSaid => Texture::Upright,
        Tone::Owner | Tone::OfRecord => Texture::Level,
        Tone::Deleted => Texture::Broken,
    }
}

/// The pattern of a tone, by a name of its own within a drawing.
pub(super) fn pattern(drawing: &str, tone: Tone) -> Markup {
    let size = match of(tone) {
        Texture::Solid | Texture::Level => "4",
        Texture::Rising | Texture::Falling | Texture::Crossed | Texture::Dotted | Texture::Upright => "5",
        Texture::Broken => "8",
    };
    html! {
        pattern id=(id(drawing, tone)) class=(format!("tone-{}", tone.word())) width=(size) height="4"
            patternUnits="userSpaceOnUse" {
            @match of(tone) {
                Texture::Solid => { rect class="dot" width="4" height="4" {} }
                Texture::Rising => { path class="ink" d="M0 4L5 0" {} }
                Texture::Falling => { path class="ink" d="M0 0L5 4" {} }
                Texture::Crossed => { path class="ink" d="M0 4L5 0M0 0L5 4" {} }
                Texture::Dotted => { circle class="dot" cx="2.5" cy="2" r="1.3" {} }
                Texture::Upright => { path class="ink" d="M2.5 0V4" {} }
                Texture::Level => { path class="ink" d="M0 3H4" {} }
                Texture::Broken => { path class="ink" d="M0 2H4" {} }
            }
        }
    }
}

/// What fills a foot with a tone's pattern.
pub(super) fn fill(drawing: &str, tone: Tone) -> String {
    format!("url(#{})", id(drawing, tone))
}

fn id(drawing: &str, tone: Tone) -> String {
    format!("{drawing}-{}", tone.word())
}
