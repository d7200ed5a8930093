//! What a picture is made of: lanes of rows of spells and marks, before anything has a place.

use ofrecord_core::{PartnerTenantId, SubscriptionId, Timestamp};

use crate::document::Phrase;
use crate::palette::Tone;

/// Whose lane it is; lanes come in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    /// The customer as a whole.
    Customer,
    /// A partner.
    Partner(PartnerTenantId),
    /// A subscription.
    Subscription(SubscriptionId),
}

/// The rows of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lane {
    /// Whose.
    pub(crate) subject: Subject,
    /// What it is called.
    pub(crate) title: String,
    /// Its rows, from top to bottom.
    pub(crate) rows: Vec<Row>,
}

/// One thing over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// What it is called.
    pub(crate) label: String,
    /// What it shows.
    pub(crate) items: Vec<Item>,
}

/// One spell or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Where it lies in time.
    pub(crate) shape: Shape,
    /// Its colour and texture.
    pub(crate) tone: Tone,
    /// The words on it.
    pub(crate) label: String,
    /// The whole of what it says.
    pub(crate) said: Phrase,
    /// The entries that say so.
    pub(crate) positions: Vec<u64>,
    /// The entries by which it ended.
    pub(crate) ended_by: Vec<u64>,
}

/// Where something lies in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A stretch, half-open; without an end it holds as far as anything is known.
    Spell {
        /// First instant.
        from: Timestamp,
        /// First instant no longer in it.
        to: Option<Timestamp>,
    },
    /// An instant between two stretches, across its row.
    Boundary(Timestamp),
    /// Something to look at, with a word of its own.
    Flag {
        /// Since when.
        at: Timestamp,
        /// Whether it still is, so that it is worth a mark at the picture's edge.
        lasts: Lasts,
    },
}

/// Whether a mark speaks of an instant or of something that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasts {
    /// It goes on at the instant asked about.
    StillThere,
    /// It ended.
    UpTo(Timestamp),
}

impl Lane {
    /// The first instant of anything in it.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        self.rows.iter().flat_map(|row| &row.items).map(Item::first).min()
    }

    /// The last instant at which something in it began.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        self.rows.iter().flat_map(|row| &row.items).map(Item::first).max()
    }
}

impl Item {
    /// Its first instant.
    pub(crate) fn first(&self) -> Timestamp {
        match self.shape {
            Shape::Spell { from, .. } => from,
            Shape::Boundary(at) | Shape::Flag { at, .. } => at,
        }
    }
}
