//! A document before it is written: sections of blocks, each thing said with the entries that say so.

mod phrase;

use std::collections::BTreeSet;

pub(crate) use self::phrase::{Phrase, Piece, said};
use crate::picture::Picture;

/// A whole document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its title.
    pub(crate) title: Phrase,
    /// What stands below the title.
    pub(crate) head: Pairs,
    /// The sections, in order.
    pub(crate) sections: Vec<Section>,
    /// Where a position leads.
    pub(crate) links: Links,
}

/// Where a position leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Links {
    /// To its entry in the appendix.
    ToEntries,
    /// To a page of its own: this path, and the position.
    ToPages(&'static str),
    /// Nowhere: the document has no appendix, or the picture stands alone.
    Nowhere,
}

impl Links {
    /// The place that a position leads to, where it leads anywhere.
    pub(crate) fn place(self, position: u64) -> Option<String> {
        match self {
            Self::ToEntries => Some(format!("#entry-{position}")),
            Self::ToPages(path) => Some(format!("{path}{position}")),
            Self::Nowhere => None,
        }
    }
}

/// One section.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// Its title; the anchor follows from it.
    pub(crate) title: &'static str,
    /// What it says.
    pub(crate) blocks: Vec<Block>,
}

/// One block of a section.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// A heading within the section, with its anchor.
    Heading(String, Phrase),
    /// A paragraph.
    Sentence(Phrase),
    /// Sentences that stand side by side.
    List(Vec<Phrase>),
    /// Names and what is said of each.
    Pairs(Pairs),
    /// Rows.
    Table(Table),
    /// A picture; the table beside it says the same.
    Picture(Box<Picture>),
    /// Commands to copy.
    Shell(Vec<String>),
}

/// Names and what is said of each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    /// What they are about.
    pub(crate) caption: String,
    /// The names, with what is said.
    pub(crate) rows: Vec<(&'static str, Cell)>,
}

/// Rows; the first cell of each names the row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    /// What the rows are.
    pub(crate) caption: String,
    /// The titles of the columns.
    pub(crate) columns: Vec<&'static str>,
    /// The rows, each with as many cells as there are columns.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// What is said in one place, and the entries that say so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What is said; nothing where no source says anything.
    pub(crate) said: Phrase,
    /// The positions of the entries that say so.
    pub(crate) by: Vec<u64>,
}

impl Cell {
    /// Something said, by no entry in particular.
    pub(crate) fn of(said: impl Into<Phrase>) -> Self {
        Self { said: said.into(), by: Vec::new() }
    }

    /// What may not be known.
    pub(crate) fn maybe(said: Option<impl Into<Phrase>>) -> Self {
        said.map(Self::of).unwrap_or_default()
    }

    /// The same, by these entries.
    pub(crate) fn because(self, positions: impl IntoIterator<Item = u64>) -> Self {
        let by: BTreeSet<u64> = self.by.iter().copied().chain(positions).collect();
        Self { by: by.into_iter().collect(), ..self }
    }
}

impl Section {
    /// The anchor that its title gives it, in both forms of a document.
    pub(crate) fn anchor(&self) -> String {
        anchor(self.title)
    }
}

/// The anchor that a heading gets: lower case, words joined by hyphens.
pub(crate) fn anchor(title: &str) -> String {
    let lower = title.to_lowercase();
    let kept = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

impl Block {
    /// Adds the positions that it cites.
    pub(crate) fn add_cited(&self, cited: &mut BTreeSet<u64>) {
        let mut add = |cell: &Cell| {
            cited.extend(&cell.by);
            cited.extend(cell.said.cited());
        };
        match self {
            Self::Heading(_, phrase) | Self::Sentence(phrase) => cited.extend(phrase.cited()),
            Self::List(phrases) => phrases.iter().for_each(|phrase| cited.extend(phrase.cited())),
            Self::Pairs(pairs) => pairs.rows.iter().for_each(|(_, cell)| add(cell)),
            Self::Table(table) => table.rows.iter().flatten().for_each(add),
            Self::Picture(picture) => cited.extend(picture.cited()),
            Self::Shell(_) => {}
        }
    }
}

/// `1 entry`, `2 entries`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
