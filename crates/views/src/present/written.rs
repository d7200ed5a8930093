//! Pieces of JSON in their one byte form, put together without a tree of values.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write as _;

use ofrecord_core::fold::{Cell, EventRef, Stamp};
use serde::Serialize;
use serde_json::Value;

use crate::json;

/// One JSON value, its keys sorted and without spaces.
pub(super) struct Written(Vec<u8>);

impl Written {
    /// A cell as its value and the stamp that set it.
    pub(super) fn cell<T: Serialize>(cell: &Cell<T>) -> Self {
        let mut bytes = Vec::new();
        put_cell(cell, &mut bytes);
        Self(bytes)
    }

    pub(super) fn stamp(stamp: Stamp) -> Self {
        let mut bytes = Vec::new();
        put_stamp(stamp, &mut bytes);
        Self(bytes)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Reads it back.
    pub(super) fn value(&self) -> Value {
        json::read(&self.0)
    }
}

/// The members of an object, in any order.
#[derive(Default)]
pub(super) struct Fields {
    /// Each member's key, and where its value ends.
    members: Vec<(Cow<'static, str>, usize)>,
    values: Vec<u8>,
}

impl Fields {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn cell<T: Serialize>(mut self, name: &'static str, value: Option<&Cell<T>>) -> Self {
        if let Some(value) = value {
            put_cell(value, &mut self.values);
            self.end(name.into());
        }
        self
    }

    pub(super) fn stamp(mut self, name: &'static str, value: Option<Stamp>) -> Self {
        if let Some(value) = value {
            put_stamp(value, &mut self.values);
            self.end(name.into());
        }
        self
    }

    pub(super) fn value<T: Serialize>(mut self, name: &'static str, value: &T) -> Self {
        json::append(value, &mut self.values);
        self.end(name.into());
        self
    }

    pub(super) fn piece(self, name: &'static str, piece: Written) -> Self {
        self.named(name.into(), piece)
    }

    pub(super) fn piece_or_null(self, name: &'static str, piece: Option<Written>) -> Self {
        match piece {
            Some(piece) => self.piece(name, piece),
            None => self.value(name, &()),
        }
    }

    fn named(mut self, name: Cow<'static, str>, mut piece: Written) -> Self {
        self.values.append(&mut piece.0);
        self.end(name);
        self
    }

    fn end(&mut self, name: Cow<'static, str>) {
        self.members.push((name, self.values.len()));
    }

    pub(super) fn done(self) -> Written {
        let mut start = 0;
        let mut members: Vec<(Cow<'static, str>, &[u8])> = Vec::with_capacity(self.members.len());
        for (name, end) in self.members {
            members.push((name, self.values.get(start..end).unwrap_or_default()));
            start = end;
        }
        members.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let mut bytes = Vec::with_capacity(self.values.len() + 24 * members.len() + 2);
        let mut opening = b'{';
        for (name, value) in members {
            bytes.push(opening);
            opening = b',';
            json::append(&name, &mut bytes);
            bytes.push(b':');
            bytes.extend_from_slice(value);
        }
        if opening == b'{' {
            bytes.push(opening);
        }
        bytes.push(b'}');
        Written(bytes)
    }
}

/// An object with these members, whose keys differ.
pub(super) fn map<K: Display>(entries: impl Iterator<Item = (K, Written)>) -> Written {
    entries.fold(Fields::new(), |fields, (key, piece)| fields.named(key.to_string().into(), piece)).done()
}

/// An array of these.
pub(super) fn array(items: impl Iterator<Item = Written>) -> Written {
    let mut bytes = vec![b'['];
    for item in items {
        if bytes.len() > 1 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(&item.0);
    }
    bytes.push(b']');
    Written(bytes)
}

fn put_cell<T: Serialize>(cell: &Cell<T>, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(b"{\"set\":");
    put_stamp(cell.set, bytes);
    bytes.extend_from_slice(b",\"value\":");
    json::append(&cell.value, bytes);
    bytes.push(b'}');
}

fn put_stamp(stamp: Stamp, bytes: &mut Vec<u8>) {
    bytes.push(b'{');
    if let Some(EventRef { position, index }) = stamp.corrected_by {
        put(format_args!("\"corrected_by\":{{\"index\":{index},\"position\":{position}}},"), bytes);
    }
    let EventRef { position, index } = stamp.at;
    let effective_at = stamp.effective_at;
    put(format_args!("\"effective_at\":\"{effective_at}\",\"index\":{index},\"position\":{position}}}"), bytes);
}

fn put(text: std::fmt::Arguments<'_>, bytes: &mut Vec<u8>) {
    // Writing into memory does not fail.
    bytes.write_fmt(text).unwrap_or_default();
}
