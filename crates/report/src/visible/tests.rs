//! Text from outside, made safe to look at.

use super::text;

#[test]
fn what_cannot_be_seen_is_shown_by_its_code() {
    let rows = [
        ("Contoso (China)", "Contoso (China)"),
        ("世纪互联 · Ünïcode", "世纪互联 · Ünïcode"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("a\u{0}b\u{1b}[31m", "a⟨U+0000⟩b⟨U+001B⟩[31m"),
        ("evil\u{202e}txt.exe", "evil⟨U+202E⟩txt.exe"),
        ("zero\u{200b}width\u{feff}", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
        ("\u{ffff}", "⟨U+FFFF⟩"),
    ];
    for (from, seen) in rows {
        assert_eq!(text(from), seen);
    }
}

#[test]
fn joiners_that_scripts_and_emoji_need_are_kept() {
    for kept in ["नमस्ते\u{200d}", "👩\u{200d}💻", "می\u{200c}خواهم"] {
        assert_eq!(text(kept), kept);
    }
}
