//! The ledger's own custody, as its present row holds it.

use ofrecord_core::state::Custody;
use ofrecord_core::state::custody::{Anchor, Epoch, Erasure, Hold, KeyStanding, Redaction};
use serde_json::{Value, json};

use super::{Fields, map, stamp};

pub(super) fn custody(custody: &Custody) -> Value {
    let fields = Fields::new()
        .value("checkpoint_keys", &map(custody.checkpoint_keys.iter().map(|(key, standing)| (key, key_row(standing)))))
        .value("epochs", &custody.epochs.iter().map(epoch).collect::<Vec<_>>())
        .cell("committed", custody.committed.as_ref())
        .value("anchors", &custody.anchors.iter().map(anchor).collect::<Vec<_>>())
        .value("disclosures", &custody.disclosures)
        .value("holds", &map(custody.holds.iter().map(|(id, value)| (id, hold(value)))))
        .value("erased", &map(custody.erased.iter().map(|(subject, value)| (subject, erasure(value)))));
    // Rows of ledgers in which nothing was ever redacted stay as they are.
    if custody.redacted.is_empty() {
        return fields.done();
    }
    fields.value("redacted", &map(custody.redacted.iter().map(|(position, value)| (position, redaction(value))))).done()
}

fn key_row(standing: &KeyStanding) -> Value {
    Fields::new()
        .stamp("added", Some(standing.added))
        .value("replaces", &standing.replaces)
        .stamp("retired", standing.retired)
        .done()
}

fn epoch(epoch: &Epoch) -> Value {
    json!({"origin": epoch.origin, "lost": epoch.lost, "started": stamp(epoch.started)})
}

fn anchor(anchor: &Anchor) -> Value {
    json!({
        "head": anchor.head,
        "stamped_at": anchor.stamped_at.to_string(),
        "recorded": stamp(anchor.recorded),
    })
}

fn hold(hold: &Hold) -> Value {
    Fields::new()
        .value("scope", &hold.scope)
        .value("until", &hold.until.map(|until| until.to_string()))
        .stamp("placed", Some(hold.placed))
        .stamp("released", hold.released)
        .done()
}

fn erasure(erasure: &Erasure) -> Value {
    json!({"customer": erasure.customer, "erased": stamp(erasure.erased)})
}

fn redaction(redaction: &Redaction) -> Value {
    json!({
        "leaf_hash": redaction.leaf_hash,
        "remainder": redaction.remainder,
        "streams": redaction.streams,
        "redacted": stamp(redaction.redacted),
    })
}
