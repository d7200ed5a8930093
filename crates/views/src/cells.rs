//! Which entries set which field of a row.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{Cell, Stamp};
use serde::{Serialize, Serializer};

/// For each field of a row, the positions of the entries that set it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cells {
    fields: BTreeMap<&'static str, BTreeSet<u64>>,
}

impl Cells {
    /// The positions behind a field, in order.
    pub fn of(&self, field: &str) -> impl Iterator<Item = u64> + '_ {
        self.fields.get(field).into_iter().flatten().copied()
    }

    /// Every field with its positions.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &BTreeSet<u64>)> {
        self.fields.iter().map(|(field, positions)| (*field, positions))
    }

    /// All positions, in order and once each.
    #[must_use]
    pub fn positions(&self) -> Vec<u64> {
        self.fields.values().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub(crate) fn stamp(&mut self, field: &'static str, stamp: Stamp) {
        self.fields.entry(field).or_default().extend(stamp.positions());
    }

    pub(crate) fn cell<T>(&mut self, field: &'static str, cell: Option<&Cell<T>>) {
        if let Some(cell) = cell {
            self.stamp(field, cell.set);
        }
    }

    /// Reads a cell's value and notes what set it.
    pub(crate) fn read<T: Clone>(&mut self, field: &'static str, cell: Option<&Cell<T>>) -> Option<T> {
        self.cell(field, cell);
        cell.map(|cell| cell.value.clone())
    }
}

impl Serialize for Cells {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.fields.serialize(serializer)
    }
}
