//! What differs between two viewpoints, split into what happened and what was learned.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use crate::json;
use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// How a row differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is there only afterwards.
    Added,
    /// It was there only before.
    Removed,
    /// Fields of it differ.
    Changed,
}

/// One row that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// Which row: the partner, the subscription, the granular relationship, the transfer, or partner, mechanism and what tells it from others.
    pub key: String,
    /// How.
    pub kind: ChangeKind,
    /// The fields that differ, for a changed row.
    pub fields: Vec<String>,
    /// The row before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The row after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// The rows that differ, by view.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Changes {
    /// Of the reseller set.
    pub resellers: Vec<RowChange>,
    /// Of the subscriptions.
    pub subscriptions: Vec<RowChange>,
    /// Of who could administer.
    pub access: Vec<RowChange>,
    /// Of the granular relationships.
    pub granular: Vec<RowChange>,
    /// Of the transfers.
    pub transfers: Vec<RowChange>,
}

/// What differs between two viewpoints.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Diff {
    /// Between the two instants, by the later knowledge.
    pub changed_in_the_world: Changes,
    /// About the first instant, between the earlier and the later knowledge.
    pub learned: Changes,
}

impl Changes {
    /// Whether no row differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.resellers, &self.subscriptions, &self.access, &self.granular, &self.transfers]
            .into_iter()
            .all(Vec::is_empty)
    }
}

impl Diff {
    /// Whether no row differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changed_in_the_world.is_empty() && self.learned.is_empty()
    }
}

/// Compares the answers at two viewpoints by way of the one in between: the
/// first instant by the second knowledge. Rows that differ only in which
/// entries set them do not differ.
#[must_use]
pub fn diff(record: &CustomerRecord, from: &Viewpoint<'_>, to: &Viewpoint<'_>) -> Diff {
    let between = Viewpoint { as_of: from.as_of, known_below: to.known_below, policy: from.policy };
    let (first, middle, last) = (answers(record, from), answers(record, &between), answers(record, to));
    Diff { learned: changes(&first, &middle), changed_in_the_world: changes(&middle, &last) }
}

type Rows = BTreeMap<String, Value>;

struct Answers {
    resellers: Rows,
    subscriptions: Rows,
    access: Rows,
    granular: Rows,
    transfers: Rows,
}

fn answers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Answers {
    let state = record.state(viewpoint);
    let resellers = crate::resellers::of_state(&state, viewpoint);
    let subscriptions = crate::subscriptions::of_state(&state, viewpoint);
    let access = crate::access::of_state(&state, viewpoint.as_of, viewpoint.policy);
    let granular = crate::granular::of_state(&state, viewpoint);
    let transfers = crate::transfers::of_state(record, &state, viewpoint);
    Answers {
        resellers: resellers.iter().map(|row| (row.partner.to_string(), content(row))).collect(),
        subscriptions: subscriptions.iter().map(|row| (row.subscription.to_string(), content(row))).collect(),
        access: access.iter().map(|row| (row.key(), content(row))).collect(),
        granular: granular.iter().map(|row| (row.relationship.to_string(), content(row))).collect(),
        transfers: transfers.iter().map(|row| (row.transfer.to_string(), content(row))).collect(),
    }
}

fn content<T: Serialize>(row: &T) -> Value {
    let mut value = json::value(row);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("cells");
        fields.remove("positions");
    }
    value
}

fn changes(before: &Answers, after: &Answers) -> Changes {
    Changes {
        resellers: row_changes(&before.resellers, &after.resellers),
        subscriptions: row_changes(&before.subscriptions, &after.subscriptions),
        access: row_changes(&before.access, &after.access),
        granular: row_changes(&before.granular, &after.granular),
        transfers: row_changes(&before.transfers, &after.transfers),
    }
}

fn row_changes(before: &Rows, after: &Rows) -> Vec<RowChange> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter().filter_map(|key| row_change(key, before.get(key), after.get(key))).collect()
}

fn row_change(key: &str, before: Option<&Value>, after: Option<&Value>) -> Option<RowChange> {
    let kind = match (before, after) {
        (None, None) => return None,
        (None, Some(_)) => ChangeKind::Added,
        (Some(_), None) => ChangeKind::Removed,
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => ChangeKind::Changed,
    };
    let fields = match (before.and_then(Value::as_object), after.and_then(Value::as_object)) {
        (Some(before), Some(after)) => {
            let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
        }
        (Some(_), None) | (None, Some(_)) | (None, None) => Vec::new(),
    };
    Some(RowChange { key: key.to_owned(), kind, fields, before: before.cloned(), after: after.cloned() })
}

#[cfg(test)]
mod tests;
