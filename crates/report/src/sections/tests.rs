//! The table of sections: every title has an anchor of its own.

use std::collections::BTreeSet;

use super::SECTIONS;
use crate::document::anchor;

#[test]
fn every_section_has_an_anchor_of_its_own() {
    let anchors: BTreeSet<String> = SECTIONS.iter().map(|section| anchor(section.title)).collect();
    assert_eq!(anchors.len(), SECTIONS.len());
    let rows = [("What this rests on", "what-this-rests-on"), ("Entry 5", "entry-5"), ("A, b & c!", "a-b--c")];
    for (title, expected) in rows {
        assert_eq!(anchor(title), expected);
    }
}

#[test]
fn what_lists_the_cited_comes_after_what_cites() {
    let place = |title: &str| SECTIONS.iter().position(|section| section.title == title);
    assert_eq!(place("Entries"), Some(SECTIONS.len() - 1));
    assert!(place("Timeline") > place("Sources of facts") && place("Timeline") < place("Entries"));
}
