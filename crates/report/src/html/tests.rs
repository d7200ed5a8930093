//! HTML in which nothing from outside is markup, and which loads nothing.

use super::write;
use crate::document::{Block, Cell, Document, Links, Pairs, Phrase, Piece, Section, Table};

const EVIL: &str = "<script>alert(\"1\")</script>\" onload='x' & <img src=x>\u{202e}";

/// A document that says something evil in every kind of place.
fn evil() -> Document {
    let pieces = [
        Piece::Text(EVIL.to_owned()),
        Piece::Name(EVIL.to_owned()),
        Piece::Code(EVIL.to_owned()),
        Piece::Strong(EVIL.to_owned()),
        Piece::Mark(crate::palette::Tone::Active, EVIL.to_owned()),
        Piece::Place("anchor".to_owned(), EVIL.to_owned()),
    ];
    let all = Phrase(pieces.to_vec());
    let cell = Cell::of(all.clone()).because([7]);
    let table = Table { caption: EVIL.to_owned(), columns: vec!["first"], rows: vec![vec![cell.clone()]] };
    let pairs = Pairs { caption: EVIL.to_owned(), rows: vec![("what", cell)] };
    let blocks = vec![
        Block::Heading("anchor".to_owned(), all.clone()),
        Block::Sentence(all.clone()),
        Block::List(vec![all.clone()]),
        Block::Pairs(pairs.clone()),
        Block::Table(table),
        Block::Shell(vec![EVIL.to_owned()]),
    ];
    Document {
        title: all,
        head: pairs,
        sections: vec![Section { title: "Only section", blocks }],
        links: Links::ToEntries,
    }
}

#[test]
fn nothing_from_outside_is_markup() {
    let written = write(&evil());
    assert!(!written.contains("<script") && !written.contains("<img"));
    let tags = written.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    assert!(tags.into_iter().all(|tag| !tag.contains("onload")), "no quote ends an attribute");
    assert!(!written.contains('\u{202e}'), "a character that turns text around is shown by its code");
    assert_eq!(written.matches("&lt;script&gt;").count(), written.matches("⟨U+202E⟩").count());
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let written = write(&evil());
    for sign in ["src=", "http://", "https://", "@import", "javascript:", "<link", "<iframe", "<object", "<form"] {
        assert!(!written.replace("&lt;img src=x", "").contains(sign), "{sign}");
    }
    assert!(written.contains("default-src 'none'"), "and says so to the browser");
}

#[test]
fn the_page_has_a_language_landmarks_and_headers_with_a_scope() {
    let written = write(&evil());
    for sign in [
        "<html lang=\"en\">",
        "<title>",
        "<header>",
        "<nav aria-label=\"Contents\">",
        "<main>",
        "<footer>",
        "<caption>",
        "<th scope=\"col\">",
        "<th scope=\"row\">",
        "aria-labelledby=\"only-section-heading\"",
    ] {
        assert!(written.contains(sign), "{sign}");
    }
}

#[test]
fn a_position_leads_to_its_entry_or_nowhere() {
    assert!(write(&evil()).contains("href=\"#entry-7\" aria-label=\"entry 7\""));
    assert!(!write(&Document { links: Links::Nowhere, ..evil() }).contains("#entry-7"));
}

#[test]
fn a_word_that_is_too_long_for_a_column_may_be_broken() {
    let long = "x".repeat(100);
    let document = Document { title: Piece::Name(long).into(), ..evil() };
    assert!(write(&document).contains(&format!("<bdi>{}<wbr>", "x".repeat(16))));
    let rows = [
        ("entry", "entry"),
        ("SuspendSubscription", "Suspend<wbr>Subscription"),
        ("rule_violated", "rule_<wbr>violated"),
        (&"0".repeat(64), &format!("{0}<wbr>{0}", "0".repeat(32))),
    ];
    for (text, written) in rows {
        assert_eq!(super::code(text).into_string(), written);
    }
}
