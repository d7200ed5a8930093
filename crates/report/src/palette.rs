//! The colours, once for light and once for dark: every tone with the words on it, and the contrast that tests hold.

use std::fmt::Write as _;

/// What a colour stands for. It is never the only sign: each tone has a texture and a word too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tone {
    /// A reseller relationship that stands.
    Reseller,
    /// Delegated administration.
    Dap,
    /// Granular administration.
    Gdap,
    /// An Azure role.
    AzureRole,
    /// Ownership.
    Owner,
    /// A partner of record.
    OfRecord,
    /// A transfer between partners.
    Transfer,
    /// A source that was read.
    Covered,
    /// Active.
    Active,
    /// Suspended.
    Suspended,
    /// Expired.
    Expired,
    /// Disabled.
    Disabled,
    /// Deleted.
    Deleted,
    /// A status that no source gives, that is pending, or that nobody knows.
    NotSaid,
    /// A finding.
    Finding,
}

/// How a tone looks: its word in style sheets, and its fill, line and ink in one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// Behind the words.
    pub(crate) fill: &'static str,
    /// Around them, and the texture.
    pub(crate) line: &'static str,
    /// The words.
    pub(crate) ink: &'static str,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Dark on light, and whatever is printed.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    #[cfg(test)]
    pub(crate) const ALL: [Theme; 2] = [Theme::Light, Theme::Dark];
}

impl Tone {
    /// Every tone.
    pub(crate) const ALL: [Tone; 15] = [
        Tone::Reseller,
        Tone::Dap,
        Tone::Gdap,
        Tone::AzureRole,
        Tone::Owner,
        Tone::OfRecord,
        Tone::Transfer,
        Tone::Covered,
        Tone::Active,
        Tone::Suspended,
        Tone::Expired,
        Tone::Disabled,
        Tone::Deleted,
        Tone::NotSaid,
        Tone::Finding,
    ];

    /// Its word in style sheets.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Reseller => "reseller",
            Self::Dap => "dap",
            Self::Gdap => "gdap",
            Self::AzureRole => "azure-role",
            Self::Owner => "owner",
            Self::OfRecord => "of-record",
            Self::Transfer => "transfer",
            Self::Covered => "covered",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::NotSaid => "not-said",
            Self::Finding => "finding",
        }
    }

    /// What it stands for.
    pub(crate) fn said(self) -> &'static str {
        match self {
            Self::Reseller => "reseller relationship",
            Self::Dap => "delegated administration (DAP)",
            Self::Gdap => "granular administration (GDAP)",
            Self::AzureRole => "Azure role",
            Self::Owner => "owner",
            Self::OfRecord => "partner of record",
            Self::Transfer => "transfer",
            Self::Covered => "source read",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::NotSaid => "status not said, pending or not known",
            Self::Finding => "finding",
        }
    }

    /// How it looks.
    pub(crate) fn look(self, theme: Theme) -> Look {
        let (light, dark) = match self {
            Self::Reseller => (["#d8e7fb", "#1f5fae", "#0b2c56"], ["#173a63", "#7fb2f0", "#e3efff"]),
            Self::Dap => (["#ecdffa", "#7a3fb0", "#3d1361"], ["#43255f", "#c79bf2", "#f4e8ff"]),
            Self::Gdap => (["#dfe3fd", "#4a4fc4", "#1c1f63"], ["#2b2f6b", "#a6acff", "#eceeff"]),
            Self::AzureRole => (["#d5eef2", "#12707f", "#063a43"], ["#0f4550", "#6cc7d6", "#dff7fb"]),
            Self::Owner => (["#e6e9ee", "#4f5b6b", "#1d2530"], ["#363f4c", "#a9b6c8", "#eef2f7"]),
            Self::OfRecord => (["#f0ead8", "#7a6420", "#3a2f0b"], ["#473d1d", "#d3bd76", "#fbf4de"]),
            Self::Transfer => (["#fbe0f3", "#a3247e", "#560f42"], ["#5a1f49", "#f08fd0", "#ffe6f6"]),
            Self::Covered => (["#e0ecdf", "#42703f", "#1b3419"], ["#2b4429", "#98c994", "#e9f6e8"]),
            Self::Active => (["#d5f0dc", "#1d7a3c", "#0a3a1b"], ["#144a26", "#74cf91", "#e1f9e8"]),
            Self::Suspended => (["#fdeac4", "#a05a00", "#4d2b00"], ["#5a3b08", "#f2b95c", "#fff1d9"]),
            Self::Expired => (["#fde0d0", "#b1481a", "#571d04"], ["#5e2d15", "#f39d73", "#ffe9de"]),
            Self::Disabled => (["#f8dbe2", "#a72a4f", "#530d24"], ["#5b2034", "#ee8fab", "#ffe5ec"]),
            Self::Deleted => (["#e7e5e4", "#57534e", "#292524"], ["#3b3735", "#b5aea8", "#f2efed"]),
            Self::NotSaid => (["#f1f1ee", "#66665c", "#33332d"], ["#3a3a35", "#b4b4a6", "#f3f3ec"]),
            Self::Finding => (["#fff3b0", "#8a6100", "#3d2b00"], ["#54430a", "#f0cf52", "#fff7d6"]),
        };
        let [fill, line, ink] = match theme {
            Theme::Light => light,
            Theme::Dark => dark,
        };
        Look { fill, line, ink }
    }
}

/// The colours of everything that is not a tone.
const GROUND: &[(&str, &str, &str)] = &[
    ("paper", "#ffffff", "#14171c"),
    ("panel", "#f5f6f8", "#1d2128"),
    ("ink", "#16191f", "#eceef2"),
    ("quiet", "#565d69", "#a9b0bd"),
    ("rule", "#d3d7de", "#3a414d"),
    ("link", "#0b57b0", "#8dbdf7"),
    ("now", "#b3123e", "#ff8fa9"),
];

/// A colour that is not a tone's, by its name; the words' own where there is no such name.
pub(crate) fn ground(name: &str, theme: Theme) -> &'static str {
    let found = GROUND.iter().find(|(known, _, _)| *known == name);
    match theme {
        Theme::Light => found.map_or("currentColor", |(_, light, _)| light),
        Theme::Dark => found.map_or("currentColor", |(_, _, dark)| dark),
    }
}

/// The style sheet of a page that names the colours: light, and dark where a screen prefers it.
///
/// Dark is for screens only, so that paper stays light.
pub(crate) fn style() -> String {
    let (light, dark) = (names(Theme::Light), names(Theme::Dark));
    let mut style = format!(":root{{color-scheme:light dark;{light}}}\n");
    // Writing to a string cannot fail.
    writeln!(style, "@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}").unwrap_or_default();
    for tone in Tone::ALL {
        let word = tone.word();
        writeln!(style, ".tone-{word}{{--fill:var(--{word}-fill);--line:var(--{word}-line);--word:var(--{word}-ink)}}")
            .unwrap_or_default();
    }
    style
}

fn names(theme: Theme) -> String {
    let mut names = String::new();
    for (name, light, dark) in GROUND {
        let colour = if theme == Theme::Light { light } else { dark };
        write!(names, "--{name}:{colour};").unwrap_or_default();
    }
    for tone in Tone::ALL {
        let (word, Look { fill, line, ink }) = (tone.word(), tone.look(theme));
        write!(names, "--{word}-fill:{fill};--{word}-line:{line};--{word}-ink:{ink};").unwrap_or_default();
    }
    names
}

#[cfg(test)]
mod tests;
