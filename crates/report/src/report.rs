//! A report: a dossier with what it rests on, written as Markdown, as HTML or as data.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::Timestamp;
use ofrecord_views::{Dossier, EntryRow, Period, TimelineRow};
use serde::Serialize;

use crate::document::{Document, Links, Phrase, Piece, counted, said};
use crate::names::Names;
use crate::picture::{Picture, Zoom};
use crate::sections::{self, Scene};

/// What a dossier rests on, as whoever opened the ledger found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The ledger's name.
    pub origin: String,
    /// How many entries were known.
    pub tree_size: u64,
    /// The tree's root at that size, 64 hexadecimal digits.
    pub root: String,
    /// Up to when the ledger's knowledge counts.
    #[serde(skip)]
    pub known_at: Timestamp,
}

/// How much of the record is listed, row by row and entry by entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entries {
    /// Everything that had happened by the instant asked about, and whatever is cited.
    All,
    /// What an answer cites.
    Cited,
    /// Nothing: positions lead nowhere.
    None,
}

/// A dossier ready to be written.
#[derive(Debug, Clone)]
pub struct Report {
    dossier: Dossier,
    basis: Basis,
    entries: Entries,
    period: Option<Period>,
    leaves: LeafHashes,
}

/// A report as parts of a page that brings the rest, such as the way to other pages and the [`style`](crate::style).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// Whose dossier it is, as text.
    pub title: String,
    /// What is said below the title, as HTML.
    pub head: String,
    /// The sections, in order.
    pub sections: Vec<Part>,
}

/// One section of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its anchor.
    pub anchor: String,
    /// Its title.
    pub title: &'static str,
    /// The section as HTML, its heading included.
    pub html: String,
}

/// The leaf hashes of the entries that are listed.
#[derive(Debug, Clone, Default)]
pub(crate) struct LeafHashes(BTreeMap<u64, String>);

/// A report as data: the answers, and of the record what is listed.
#[derive(Debug, Serialize)]
pub struct ReportJson {
    basis: Basis,
    known_at: Timestamp,
    picture: Period,
    #[serde(flatten)]
    dossier: Dossier,
    timeline_rows: usize,
    entries: Vec<ListedEntry>,
    entries_known: usize,
}

/// An entry that is listed, with its leaf hash where it is known.
#[derive(Debug, Serialize)]
pub struct ListedEntry {
    #[serde(flatten)]
    entry: EntryRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf_hash: Option<String>,
}

impl Report {
    /// A report of a dossier, listing what it cites.
    #[must_use]
    pub fn of(dossier: Dossier, basis: Basis) -> Self {
        Self { dossier, basis, entries: Entries::Cited, period: None, leaves: LeafHashes::default() }
    }

    /// The same, listing more or less of the record.
    #[must_use]
    pub fn listing(self, entries: Entries) -> Self {
        Self { entries, ..self }
    }

    /// The same with a picture of this period.
    #[must_use]
    pub fn picturing(self, period: Period) -> Self {
        Self { period: Some(period), ..self }
    }

    /// The same with the leaf hashes of entries, 64 hexadecimal digits each, by position.
    #[must_use]
    pub fn with_leaf_hashes(self, hashes: BTreeMap<u64, String>) -> Self {
        Self { leaves: LeafHashes(hashes), ..self }
    }

    /// The positions of the entries that are listed.
    #[must_use]
    pub fn positions_listed(&self) -> BTreeSet<u64> {
        let (_, cited) = self.written();
        self.entries.positions(&self.dossier, &cited)
    }

    /// The picture of lanes over time.
    #[must_use]
    pub fn picture(&self) -> Picture {
        Picture::of(&self.dossier, self.period, Zoom::PAGE)
    }

    /// As Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        crate::markdown::write(&self.written().0)
    }

    /// As one self-contained HTML page.
    #[must_use]
    pub fn html(&self) -> String {
        crate::html::write(&self.written().0)
    }

    /// As parts of another page: the sections whose anchors are asked for. A position leads to `pages` and the
    /// position, so that each entry has a page of its own.
    #[must_use]
    pub fn parts(&self, anchors: &[&str], pages: &'static str) -> Parts {
        let (document, _) = self.written();
        let links = Links::ToPages(pages);
        let sections = document.sections.iter().filter(|section| anchors.contains(&section.anchor().as_str()));
        let part = |section| crate::html::part(section, links);
        Parts {
            title: document.title.plain(),
            head: crate::html::head(&document.head, links),
            sections: sections
                .map(|section| Part { anchor: section.anchor(), title: section.title, html: part(section) })
                .collect(),
        }
    }

    /// As data.
    #[must_use]
    pub fn json(&self) -> ReportJson {
        let (_, cited) = self.written();
        let positions = self.entries.positions(&self.dossier, &cited);
        let entries = positions.iter().filter_map(|position| {
            let entry = self.dossier.entries.get(position)?.clone();
            Some(ListedEntry { entry, leaf_hash: self.leaves.leaf(*position).map(str::to_owned) })
        });
        let timeline: Vec<TimelineRow> = self.entries.rows(&self.dossier, &cited).into_iter().cloned().collect();
        ReportJson {
            basis: self.basis.clone(),
            known_at: self.basis.known_at,
            picture: self.picture().period(),
            timeline_rows: self.dossier.timeline.len(),
            entries: entries.collect(),
            entries_known: self.entries.countable(&self.dossier, &cited),
            dossier: Dossier { timeline, ..self.dossier.clone() },
        }
    }

    /// The document, and every position that it cites.
    fn written(&self) -> (Document, BTreeSet<u64>) {
        let picture = self.picture();
        let scene = Scene {
            dossier: &self.dossier,
            basis: &self.basis,
            entries: self.entries,
            leaves: &self.leaves,
            picture: &picture,
            names: Names::of(&self.dossier),
        };
        let head = sections::head(&scene);
        let mut cited: BTreeSet<u64> = head.rows.iter().flat_map(|(_, cell)| cell.by.iter().copied()).collect();
        let sections = sections::all(&scene, cited.clone());
        sections.iter().flat_map(|section| &section.blocks).for_each(|block| block.add_cited(&mut cited));
        let links = if self.entries == Entries::None { Links::Nowhere } else { Links::ToEntries };
        (Document { title: sections::title(&scene), head, sections, links }, cited)
    }
}

impl Entries {
    /// The rows of the timeline that are listed, given what is cited; a correction comes with what it corrects.
    pub(crate) fn rows<'a>(self, dossier: &'a Dossier, cited: &BTreeSet<u64>) -> Vec<&'a TimelineRow> {
        let corrections = dossier.timeline.iter().filter(|row| cited.contains(&row.position));
        let corrections: BTreeSet<u64> = corrections.filter_map(|row| row.corrected_by).collect();
        let listed = |row: &&TimelineRow| match self {
            Self::All => true,
            Self::Cited => cited.contains(&row.position) || corrections.contains(&row.position),
            Self::None => false,
        };
        dossier.timeline.iter().filter(listed).collect()
    }

    /// The positions that are listed, given what is cited.
    pub(crate) fn positions(self, dossier: &Dossier, cited: &BTreeSet<u64>) -> BTreeSet<u64> {
        match self {
            Self::All => happened(dossier).chain(cited.iter().copied()).collect(),
            Self::Cited => cited.clone(),
            Self::None => BTreeSet::new(),
        }
    }

    /// How many entries could be listed.
    pub(crate) fn countable(self, dossier: &Dossier, cited: &BTreeSet<u64>) -> usize {
        Self::All.positions(dossier, cited).len()
    }

    /// What is listed and what is not, in one sentence.
    pub(crate) fn told(self, listed: usize, of: usize, (one, many): (&str, &str)) -> Phrase {
        if listed == of {
            return match of {
                0 => format!("There are no {many}.").into(),
                1 => format!("The only {one} is listed.").into(),
                _ => format!("All {of} {many} are listed.").into(),
            };
        }
        let counted = counted(of, &format!("{one} is"), &format!("{many} are"));
        let option = |level: &str| Piece::Code(format!("--entries {level}"));
        match self {
            Self::All | Self::Cited => said![
                format!("{listed} of {counted} listed: what an answer above cites. "),
                option("all"),
                " lists all."
            ],
            Self::None => said![
                format!("{counted} not listed; "),
                option("cited"),
                " lists what the answers cite, ",
                option("all"),
                " everything."
            ],
        }
    }
}

/// The positions of what had happened by the instant asked about.
fn happened(dossier: &Dossier) -> impl Iterator<Item = u64> + '_ {
    dossier.timeline.iter().map(|row| row.position)
}

impl LeafHashes {
    /// The leaf hash of an entry.
    pub(crate) fn leaf(&self, position: u64) -> Option<&str> {
        self.0.get(&position).map(String::as_str)
    }
}

#[cfg(test)]
mod tests;
