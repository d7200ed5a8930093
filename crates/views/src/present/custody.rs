//! The ledger's own custody, as its present row holds it.

use ofrecord_core::state::Custody;
use ofrecord_core::state::custody::{Anchor, Epoch, Erasure, Hold, KeyStanding, Redaction};

use super::written::{Fields, Written, array, map};

pub(super) fn custody(custody: &Custody) -> Written {
    let fields = Fields::new()
        .piece("checkpoint_keys", map(custody.checkpoint_keys.iter().map(|(key, standing)| (key, key_row(standing)))))
        .piece("epochs", array(custody.epochs.iter().map(epoch)))
        .cell("committed", custody.committed.as_ref())
        .piece("anchors", array(custody.anchors.iter().map(anchor)))
        .value("disclosures", &custody.disclosures)
        .piece("holds", map(custody.holds.iter().map(|(id, value)| (id, hold(value)))))
        .piece("erased", map(custody.erased.iter().map(|(subject, value)| (subject, erasure(value)))));
    // Rows of ledgers in which nothing was ever redacted stay as they are.
    if custody.redacted.is_empty() {
        return fields.done();
    }
    fields.piece("redacted", map(custody.redacted.iter().map(|(position, value)| (position, redaction(value))))).done()
}

fn key_row(standing: &KeyStanding) -> Written {
    Fields::new()
        .stamp("added", Some(standing.added))
        .value("replaces", &standing.replaces)
        .stamp("retired", standing.retired)
        .done()
}

fn epoch(epoch: &Epoch) -> Written {
    Fields::new().value("origin", &epoch.origin).value("lost", &epoch.lost).stamp("started", Some(epoch.started)).done()
}

fn anchor(anchor: &Anchor) -> Written {
    Fields::new()
        .value("head", &anchor.head)
        .value("stamped_at", &anchor.stamped_at.to_string())
        .stamp("recorded", Some(anchor.recorded))
        .done()
}

fn hold(hold: &Hold) -> Written {
    Fields::new()
        .value("scope", &hold.scope)
        .value("until", &hold.until.map(|until| until.to_string()))
        .stamp("placed", Some(hold.placed))
        .stamp("released", hold.released)
        .done()
}

fn erasure(erasure: &Erasure) -> Written {
    Fields::new().value("customer", &erasure.customer).stamp("erased", Some(erasure.erased)).done()
}

fn redaction(redaction: &Redaction) -> Written {
    Fields::new()
        .value("leaf_hash", &redaction.leaf_hash)
        .value("remainder", &redaction.remainder)
        .value("streams", &redaction.streams)
        .stamp("redacted", Some(redaction.redacted))
        .done()
}
