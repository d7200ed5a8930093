//! Something said, in pieces that each form of a document writes in its own way.

use ofrecord_core::Timestamp;

use crate::palette::Tone;

/// Something said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Phrase(pub(crate) Vec<Piece>);

/// One piece of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Words.
    Text(String),
    /// A name from outside, which must not run into the words around it.
    Name(String),
    /// An id, a hash or a word of the program, as it is.
    Code(String),
    /// What matters most.
    Strong(String),
    /// An instant.
    At(Timestamp),
    /// A status or the like, with its colour.
    Mark(Tone, String),
    /// The entry at a position.
    Entry(u64),
    /// A place in the same document: its anchor, and what it is called.
    Place(String, String),
}

/// Joins pieces and phrases, written one after the other.
macro_rules! said {
    ($($piece:expr),* $(,)?) => {
        $crate::document::Phrase::default()$(.then($piece))*
    };
}

pub(crate) use said;

impl Phrase {
    /// The same, and then more.
    pub(crate) fn then(mut self, more: impl Into<Phrase>) -> Self {
        self.0.extend(more.into().0);
        self
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same without pieces of no words.
    pub(crate) fn without_empty(mut self) -> Self {
        self.0.retain(|piece| *piece != Piece::Text(String::new()));
        self
    }

    /// Phrases with something between each two.
    pub(crate) fn joined<P: Into<Phrase>>(phrases: impl IntoIterator<Item = P>, between: &str) -> Self {
        let mut whole = Self::default();
        for phrase in phrases {
            if !whole.is_empty() {
                whole = whole.then(between);
            }
            whole = whole.then(phrase);
        }
        whole
    }

    /// The positions that it cites.
    pub(crate) fn cited(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().filter_map(|piece| if let Piece::Entry(position) = piece { Some(*position) } else { None })
    }

    /// The words alone, for a title or a text alternative.
    pub(crate) fn plain(&self) -> String {
        self.0.iter().map(Piece::plain).collect()
    }
}

impl Piece {
    fn plain(&self) -> String {
        match self {
            Self::Text(text)
            | Self::Name(text)
            | Self::Code(text)
            | Self::Strong(text)
            | Self::Mark(_, text)
            | Self::Place(_, text) => crate::visible::text(text),
            Self::At(at) => crate::instant::text(*at),
            Self::Entry(position) => format!("entry {position}"),
        }
    }
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        Self(vec![Piece::Text(text)])
    }
}

impl From<Timestamp> for Phrase {
    fn from(at: Timestamp) -> Self {
        Self(vec![Piece::At(at)])
    }
}

impl From<Piece> for Phrase {
    fn from(piece: Piece) -> Self {
        Self(vec![piece])
    }
}
