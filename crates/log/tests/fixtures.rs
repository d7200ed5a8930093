//! Everything ever written is read for ever: one fixture of each kind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_log::entry::{EntryError, EntryParts, Envelope, compose};
use ofrecord_log::{Hash, merkle::leaf_hash};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fixtures")
}

/// Parses a stored entry, composes it again from its parts, and compares bytes and leaf hash.
fn check(name: &str, streams: usize, leaf: &str) {
    let bytes = fixture(name);
    let envelope = Envelope::parse(&bytes).unwrap();
    assert_eq!(envelope.streams.len(), streams, "{name}");
    let again = compose(&EntryParts {
        position: envelope.position,
        recorded_at: &envelope.recorded_at,
        command_id: envelope.command_id,
        request_hash: envelope.request_hash,
        streams: &envelope.streams,
        decision: envelope.decision.get().as_bytes(),
    })
    .unwrap();
    assert_eq!(again, bytes, "{name}");
    assert_eq!(leaf_hash(&bytes), leaf.parse::<Hash>().unwrap(), "{name}");
}

#[test]
fn stored_entries_of_every_kind_are_still_read() {
    check("entry-1-first.json", 1, LEAF_FIRST);
    check("entry-1-four-streams.json", 4, LEAF_FOUR_STREAMS);
    check("entry-1-escapes.json", 1, LEAF_ESCAPES);
}

#[test]
fn an_entry_of_a_newer_format_is_named_as_such() {
    assert_eq!(
        Envelope::parse(&fixture("entry-2-from-the-future.json")).unwrap_err(),
        EntryError::NewerFormat { format: 2, newest: 1 }
    );
}

const LEAF_FIRST: &str = "8b0bbbf47268bc681abac409a69c2d53895b29df494fa70d80b07b4f711ab694";
const LEAF_FOUR_STREAMS: &str = "c46dd4fb74c6fca8d73557f7908a133cb09711d16e4df1bfa3b71300be14acc4";
const LEAF_ESCAPES: &str = "b1efdb6a5832371cb62e2d64cf49eafa1710fd0dd62c1906892227e3e2fc6235";
