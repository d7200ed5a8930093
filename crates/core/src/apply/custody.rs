//! Folding what the ledger says of its own custody.

use crate::event::Event;
use crate::fold::{Cell, Fact};
use crate::state::Custody;
use crate::state::custody::{Anchor, Epoch, Erasure, Hold, KeyStanding, Redaction};

/// Takes in one fact of the ledger's own stream.
pub(super) fn apply(custody: &mut Custody, fact: &Fact) {
    let set = fact.stamp();
    if let Event::CheckpointKeyAdded(event) = &*fact.event {
        let standing = KeyStanding { added: set, replaces: event.replaces.clone(), retired: None };
        custody.checkpoint_keys.entry(event.key.clone()).or_insert(standing);
    } else if let Event::CheckpointKeyRetired(event) = &*fact.event {
        if let Some(standing) = custody.checkpoint_keys.get_mut(&event.key) {
            standing.retired.get_or_insert(set);
        }
    } else if let Event::EpochStarted(event) = &*fact.event {
        custody.epochs.push(Epoch { origin: event.origin.clone(), lost: event.lost.clone(), started: set });
    } else if let Event::StateCommitted(event) = &*fact.event {
        custody.committed = Some(Cell::new(event.tree_size, set));
    } else if let Event::TimeAnchored(event) = &*fact.event {
        let head = event.head.clone();
        custody.anchors.push(Anchor { head, stamped_at: event.stamped_at, recorded: set });
    } else if let Event::DisclosureRecorded(_) = &*fact.event {
        custody.disclosures += 1;
    } else if let Event::HoldPlaced(event) = &*fact.event {
        let hold = Hold { scope: event.scope.clone(), until: event.until, placed: set, released: None };
        custody.holds.entry(event.hold.clone()).or_insert(hold);
    } else if let Event::HoldReleased(event) = &*fact.event {
        if let Some(hold) = custody.holds.get_mut(&event.hold) {
            hold.released.get_or_insert(set);
        }
    } else if let Event::SubjectErased(event) = &*fact.event {
        let erasure = Erasure { customer: event.customer, erased: set };
        custody.erased.entry(event.subject).or_insert(erasure);
    } else if let Event::EntryRedacted(event) = &*fact.event {
        let redaction = Redaction {
            leaf_hash: event.leaf_hash.clone(),
            remainder: event.remainder.clone(),
            streams: event.streams.clone(),
            redacted: set,
        };
        custody.redacted.entry(event.position).or_insert(redaction);
    }
}
