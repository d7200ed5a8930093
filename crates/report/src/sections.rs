//! The sections of a document: one table, each line a title and the blocks that a dossier gives it.

use std::collections::BTreeSet;

use ofrecord_core::Timestamp;
use ofrecord_views::Dossier;

use crate::document::{Block, Cell, Phrase, Section, said};
use crate::names::Names;
use crate::picture::Picture;
use crate::report::{Basis, Entries, LeafHashes};

mod access;
mod agreements;
mod appendix;
mod billing;
mod coverage;
mod findings;
mod granular;
mod head;
mod history;
mod lanes;
mod lines;
mod named;
mod refusals;
mod resellers;
mod rests_on;
mod sources;
mod subscriptions;
mod summary;
mod timeline;
mod transfers;

pub(crate) use self::head::{head, title};

/// What sections are written from.
pub(crate) struct Scene<'a> {
    /// The answers.
    pub(crate) dossier: &'a Dossier,
    /// What they rest on.
    pub(crate) basis: &'a Basis,
    /// How much of the record is listed.
    pub(crate) entries: Entries,
    /// The leaf hashes of the entries that are listed.
    pub(crate) leaves: &'a LeafHashes,
    /// The picture.
    pub(crate) picture: &'a Picture,
    /// What partners and subscriptions are called.
    pub(crate) names: Names,
}

/// A section: its title, and what it says. Given are the positions that the sections above it cite.
struct SectionOf {
    title: &'static str,
    blocks: fn(&Scene<'_>, &BTreeSet<u64>) -> Vec<Block>,
}

/// Everything that a document says, in order. Those that list what others cite come last.
const SECTIONS: &[SectionOf] = &[
    SectionOf { title: "Summary", blocks: summary::blocks },
    SectionOf { title: "Picture", blocks: lanes::blocks },
    SectionOf { title: "Partners named", blocks: named::blocks },
    SectionOf { title: "Resellers", blocks: resellers::blocks },
    SectionOf { title: "Access", blocks: access::blocks },
    SectionOf { title: "Granular administration", blocks: granular::blocks },
    SectionOf { title: "Subscriptions", blocks: subscriptions::blocks },
    SectionOf { title: "Transfers", blocks: transfers::blocks },
    SectionOf { title: "Agreements", blocks: agreements::blocks },
    SectionOf { title: "Billing", blocks: billing::blocks },
    SectionOf { title: "Findings", blocks: findings::blocks },
    SectionOf { title: "The four lines", blocks: lines::blocks },
    SectionOf { title: "Refusals", blocks: refusals::blocks },
    SectionOf { title: "Coverage", blocks: coverage::blocks },
    SectionOf { title: "Sources of facts", blocks: sources::blocks },
    SectionOf { title: "Timeline", blocks: timeline::blocks },
    SectionOf { title: "What this rests on", blocks: rests_on::blocks },
    SectionOf { title: "Entries", blocks: appendix::blocks },
];

/// Writes every section; each knows what those above it cite.
pub(crate) fn all(scene: &Scene<'_>, mut cited: BTreeSet<u64>) -> Vec<Section> {
    let written = SECTIONS.iter().map(|section| {
        let blocks = (section.blocks)(scene, &cited);
        blocks.iter().for_each(|block| block.add_cited(&mut cited));
        Section { title: section.title, blocks }
    });
    written.collect()
}

impl Scene<'_> {
    /// When a state of knowledge came about: when the entry that completed it was recorded.
    pub(crate) fn learned(&self, tree_size: u64) -> Cell {
        let Some(position) = tree_size.checked_sub(1) else { return Cell::of("from the beginning") };
        match self.dossier.entries.get(&position) {
            Some(entry) => Cell::of(entry.recorded_at).because([position]),
            None => Cell::of(format!("tree size {tree_size}")),
        }
    }

    /// A partner as it is called.
    pub(crate) fn partner(&self, id: ofrecord_core::PartnerTenantId) -> Cell {
        Cell::of(self.names.partner(id))
    }

    /// The end of what has none while it holds.
    pub(crate) fn until(&self, to: Option<Timestamp>) -> Cell {
        to.map_or_else(|| Cell::of("still holds"), Cell::of)
    }

    /// `as of X`, with the instant asked about.
    pub(crate) fn as_of(&self) -> Phrase {
        said!["as of ", self.dossier.as_of]
    }
}

#[cfg(test)]
mod tests;
