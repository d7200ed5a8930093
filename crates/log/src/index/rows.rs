//! How a chunk lies in its run: a row for each command and for each stream.

use uuid::Uuid;

use super::StreamRun;
use super::chunk::Chunk;
use crate::hash::Hash;
use crate::runs::{RunError, RunWriter, put_number, take_number};

/// What the keys of commands begin with.
const COMMANDS: u8 = b'c';
/// What the keys of streams begin with; above those of commands.
const STREAMS: u8 = b's';

pub(super) fn command_key(command_id: Uuid) -> Vec<u8> {
    let mut key = vec![COMMANDS];
    key.extend_from_slice(command_id.as_bytes());
    key
}

/// The command that a key is of.
pub(super) fn command_of(key: &[u8]) -> Option<Uuid> {
    key.strip_prefix(&[COMMANDS]).and_then(|id| Uuid::from_slice(id).ok())
}

pub(super) fn stream_key(stream: &str) -> Vec<u8> {
    let mut key = vec![STREAMS];
    key.extend_from_slice(stream.as_bytes());
    key
}

/// The stream that a key is of.
pub(super) fn stream_of(key: &[u8]) -> Option<&str> {
    key.strip_prefix(&[STREAMS]).and_then(|name| std::str::from_utf8(name).ok())
}

/// Writes the rows of a chunk.
pub(super) fn write(chunk: &Chunk, run: &mut RunWriter) -> Result<(), RunError> {
    let mut row = Vec::new();
    for (command_id, position) in chunk.commands() {
        row.clear();
        put_number(*position, &mut row);
        run.put(&command_key(*command_id), &row)?;
    }
    for (stream, stream_run) in chunk.streams() {
        run.put(&stream_key(stream), &row_of(stream_run))?;
    }
    Ok(())
}

pub(super) fn position_of(mut row: &[u8]) -> Option<u64> {
    take_number(&mut row)
}

/// First version, last leaf hash, and the positions, each as how far it is from the one before it.
fn row_of(run: &StreamRun) -> Vec<u8> {
    let mut row = Vec::new();
    put_number(run.first_version, &mut row);
    row.extend_from_slice(&run.last_leaf.0);
    let mut before = 0;
    for position in &run.positions {
        put_number(position.wrapping_sub(before), &mut row);
        before = *position;
    }
    row
}

/// What a row says of its stream; none where it is damaged.
pub(super) fn run_of(mut row: &[u8]) -> Option<StreamRun> {
    let first_version = take_number(&mut row)?;
    let (last_leaf, mut rest) = row.split_first_chunk::<32>()?;
    let (mut positions, mut before) = (Vec::new(), 0_u64);
    while !rest.is_empty() {
        before = before.checked_add(take_number(&mut rest)?)?;
        positions.push(before);
    }
    Some(StreamRun { first_version, positions, last_leaf: Hash(*last_leaf) })
}

/// One row of all that neighbouring runs say of a key, the oldest first. No command is in two.
pub(super) fn joined(rows: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut runs = rows.iter().map(|row| run_of(row));
    let mut whole = runs.next()??;
    for run in runs {
        let run = run?;
        let next = whole.first_version.checked_add(whole.positions.len() as u64)?;
        if run.first_version != next || run.positions.first() <= whole.positions.last() {
            return None;
        }
        whole.positions.extend(run.positions);
        whole.last_leaf = run.last_leaf;
    }
    Some(row_of(&whole))
}
