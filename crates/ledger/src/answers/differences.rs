//! What differs between two viewpoints, as rows with the reason of each.

use ofrecord_core::Timestamp;
use ofrecord_views::{ChangeKind, Changes, Diff, RowChange};
use serde::Serialize;
use serde_json::Value;

use crate::reader::Snapshot;

/// One side of the comparison.
#[derive(Debug, Serialize)]
pub struct Side {
    as_of: Timestamp,
    known_at: Timestamp,
    tree_size: u64,
}

impl Side {
    /// The side of an instant and of a state of knowledge.
    #[must_use]
    pub fn of(as_of: Timestamp, snapshot: &Snapshot) -> Self {
        Self { as_of, known_at: snapshot.known_at, tree_size: snapshot.basis.tree_size }
    }
}

/// What the JSON says beside the rows that differ.
#[derive(Debug, Serialize)]
pub struct Sides {
    /// The first.
    pub from: Side,
    /// The second.
    pub to: Side,
}

/// Why a row differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Because {
    /// The world changed between the two instants.
    ChangedInTheWorld,
    /// The ledger learned more of the same instant.
    Learned,
}

/// One row that differs.
#[derive(Debug, Serialize)]
pub struct Difference {
    because: Because,
    view: &'static str,
    kind: ChangeKind,
    key: String,
    fields: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// The rows that differ: first those that the world changed, then those that the ledger learned.
#[must_use]
pub fn differences(diff: Diff) -> Vec<Difference> {
    let mut rows = of(Because::ChangedInTheWorld, diff.changed_in_the_world);
    rows.extend(of(Because::Learned, diff.learned));
    rows
}

fn of(because: Because, changes: Changes) -> Vec<Difference> {
    let Changes { resellers, subscriptions, access, granular, transfers } = changes;
    let views = [
        ("resellers", resellers),
        ("subscriptions", subscriptions),
        ("access", access),
        ("gdap", granular),
        ("transfers", transfers),
    ];
    let row = |view, RowChange { key, kind, fields, before, after }| Difference {
        because,
        view,
        kind,
        key,
        fields,
        before,
        after,
    };
    views.into_iter().flat_map(|(view, changes)| changes.into_iter().map(move |change| row(view, change))).collect()
}
