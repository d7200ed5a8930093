//! How a chunk lies in the store: its commands and streams, each spread over 256 buckets.
//!
//! One row for each entry would cost a random write for each; a bucket is one row for all entries of
//! a chunk whose key falls into it. Positions are kept relative to the chunk.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::chunk::Chunk;
use super::filter::{Filter, key_of};
use super::{CHUNK_ENTRIES, StreamRun};
use crate::hash::Hash;

/// The rows of one chunk, ready to be stored.
pub(super) struct ChunkRows<'a> {
    /// Streams whose first entry is in the chunk, sorted by name.
    pub(super) first_seen: Vec<&'a str>,
    pub(super) commands: BTreeMap<u8, Vec<u8>>,
    pub(super) streams: BTreeMap<u8, Vec<u8>>,
    pub(super) command_filter: Filter,
    pub(super) stream_filter: Filter,
}

pub(super) fn command_key(command_id: Uuid) -> u64 {
    key_of(command_id.as_bytes())
}

pub(super) fn stream_key(stream: &str) -> u64 {
    key_of(stream.as_bytes())
}

/// The bucket of a key.
pub(super) fn bucket(key: u64) -> u8 {
    let [bucket, ..] = key.to_be_bytes();
    bucket
}

/// Lays out a chunk whose first entry is at `start`.
pub(super) fn rows_of(chunk: &Chunk, start: u64) -> ChunkRows<'_> {
    let mut commands: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    let ids = chunk.commands();
    for (command_id, position) in &ids {
        let row = commands.entry(bucket(command_key(**command_id))).or_default();
        row.extend_from_slice(command_id.as_bytes());
        row.extend_from_slice(&offset(start, **position));
    }
    let mut streams: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    let runs = chunk.streams();
    for (stream, run) in &runs {
        put_run(streams.entry(bucket(stream_key(stream))).or_default(), stream, run, start);
    }
    let first_seen = runs.iter().filter(|(_, run)| run.first_version == 0).map(|(stream, _)| stream.as_str()).collect();
    ChunkRows {
        first_seen,
        commands,
        streams,
        command_filter: Filter::of(ids.iter().map(|(id, _)| command_key(**id))),
        stream_filter: Filter::of(runs.iter().map(|(stream, _)| stream_key(stream))),
    }
}

/// Name length, name, first version, last leaf hash, count, positions.
fn put_run(row: &mut Vec<u8>, stream: &str, run: &StreamRun, start: u64) {
    #[expect(clippy::cast_possible_truncation, reason = "a name has at most 200 bytes, and a chunk 16384 entries")]
    let (name_bytes, count) = (stream.len() as u8, run.positions.len() as u16);
    row.push(name_bytes);
    row.extend_from_slice(stream.as_bytes());
    row.extend_from_slice(&run.first_version.to_be_bytes());
    row.extend_from_slice(&run.last_leaf.0);
    row.extend_from_slice(&count.to_be_bytes());
    for position in &run.positions {
        row.extend_from_slice(&offset(start, *position));
    }
}

fn offset(start: u64, position: u64) -> [u8; 2] {
    let offset = ((position - start) % CHUNK_ENTRIES) as u16;
    offset.to_be_bytes()
}

/// The position of a command within a row of commands.
pub(super) fn find_command(row: &[u8], command_id: Uuid, start: u64) -> Option<u64> {
    let (commands, _) = row.as_chunks::<18>();
    commands.iter().find_map(|command| {
        let offset = command.strip_prefix(command_id.as_bytes())?;
        Some(start + u64::from(u16::from_be_bytes(offset.try_into().ok()?)))
    })
}

/// The run of a stream within a row of streams. `Err` when the row is damaged.
pub(super) fn find_run(mut row: &[u8], stream: &str, start: u64) -> Result<Option<StreamRun>, ()> {
    while !row.is_empty() {
        let (name, run) = take_run(&mut row, start).ok_or(())?;
        if name == stream.as_bytes() {
            return Ok(Some(run));
        }
    }
    Ok(None)
}

fn take_run<'a>(row: &mut &'a [u8], start: u64) -> Option<(&'a [u8], StreamRun)> {
    let (name_bytes, rest) = row.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*name_bytes))?;
    let (first_version, rest) = rest.split_first_chunk::<8>()?;
    let (last_leaf, rest) = rest.split_first_chunk::<32>()?;
    let (count, rest) = rest.split_first_chunk::<2>()?;
    let (positions, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*count)) * 2)?;
    *row = rest;
    let (offsets, _) = positions.as_chunks::<2>();
    let run = StreamRun {
        first_version: u64::from_be_bytes(*first_version),
        positions: offsets.iter().map(|offset| start + u64::from(u16::from_be_bytes(*offset))).collect(),
        last_leaf: Hash(*last_leaf),
    };
    Some((name, run))
}
