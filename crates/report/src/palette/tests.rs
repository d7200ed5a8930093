//! Contrast: every word can be read on what it stands on, in both themes.

use super::{Theme, Tone, ground};

/// The relative luminance of a colour, as WCAG 2 defines it.
fn luminance(colour: &str) -> f64 {
    let channel = |from: usize| {
        let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(left: &str, right: &str) -> f64 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

fn check(what: &str, left: &str, right: &str, at_least: f64) {
    let found = contrast(left, right);
    assert!(found >= at_least, "{what}: {left} on {right} is {found:.2} to 1, wanted {at_least}");
}

#[test]
fn words_have_a_contrast_of_four_and_a_half_to_one() {
    for theme in Theme::ALL {
        let of = |name: &str| ground(name, theme);
        for word in ["ink", "quiet", "link", "now"] {
            for below in ["paper", "panel"] {
                check(&format!("{theme:?} {word} on {below}"), of(word), of(below), 4.5);
            }
        }
        for tone in Tone::ALL {
            let look = tone.look(theme);
            check(&format!("{theme:?} {tone:?}"), look.ink, look.fill, 4.5);
        }
    }
}

#[test]
fn edges_and_textures_have_a_contrast_of_three_to_one() {
    for theme in Theme::ALL {
        for tone in Tone::ALL {
            let look = tone.look(theme);
            for below in ["paper", "panel"] {
                check(&format!("{theme:?} {tone:?} edge"), look.line, ground(below, theme), 3.0);
            }
            check(&format!("{theme:?} {tone:?} texture"), look.line, look.fill, 3.0);
        }
    }
}

#[test]
fn every_tone_has_a_word_of_its_own() {
    let words: std::collections::BTreeSet<_> = Tone::ALL.iter().map(|tone| tone.word()).collect();
    assert_eq!(words.len(), Tone::ALL.len());
}
