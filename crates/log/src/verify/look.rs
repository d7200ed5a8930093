//! What can be said of a stretch of the log by itself: its copies, hashes and envelopes, on every core.

use std::hash::{BuildHasher as _, RandomState};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use uuid::Uuid;

use super::{Finding, Problem, ReadAlong};
use crate::copies::{Copies, Pair, Segments};
use crate::entry::{EntryError, EnvelopeRef, Outline, redacted_leaf, stored_leaf_hash};
use crate::hash::Hash;
use crate::redaction::Redacted;
use crate::segment::Segment;
use crate::sled_log::Shared;

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looking {
    /// Every core.
    OnEveryCore,
    /// The calling thread alone, so that the cores are left to others.
    Alone,
}

/// Looks at stretches of one log, and reads a `T` of each entry along with that.
pub(super) struct Look<'a, T> {
    shared: &'a Shared,
    segments: &'a Segments,
    looking: Looking,
    depth: Depth<'a>,
    read: &'a ReadAlong<'a, T>,
    stop: &'a AtomicBool,
    indexed_through: u64,
}

/// How much of an entry is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Depth<'a> {
    /// Its copies and their hash alone.
    Bytes,
    /// What it says of itself too, and its command in the index.
    Whole(Commands<'a>),
}

impl Depth<'_> {
    /// How many tasks make one round, and how many entries one task looks at. Two rounds are in memory at a time.
    ///
    /// A task has whole bundles, and several blocks of the store, of which the first and the last may be unpacked by a
    /// neighbour as well. Of bytes alone little is kept, so that both are more: cores wait for each other at the end of
    /// a round.
    const fn round(self) -> (u64, u64) {
        match self {
            Self::Bytes => (64, 2_048),
            Self::Whole(_) => (16, 1_024),
        }
    }
}

/// How the commands of entries are compared with the index.
#[derive(Debug, Clone, Copy)]
pub(super) enum Commands<'a> {
    /// Each by itself, which says what is wrong.
    Each,
    /// All at once: what stands in the entries and in the index is summed under a key that nobody knows before.
    AtOnce(&'a RandomState),
}

impl Commands<'_> {
    /// What a command adds to the sum.
    fn part_of_sum(self, command_id: Uuid, position: u64) -> u64 {
        match self {
            Self::Each => 0,
            Self::AtOnce(key) => key.hash_one((command_id.as_bytes(), position)),
        }
    }
}

/// What was seen of consecutive positions; it ends early where the look was told to stop.
#[derive(Debug)]
pub(super) struct Looked<T> {
    pub(super) first: u64,
    pub(super) seen: Vec<Seen<T>>,
}

/// What was seen at one position.
#[derive(Debug)]
pub(super) struct Seen<T> {
    /// What is wrong about its copies.
    pub(super) copies: Vec<Problem>,
    /// The entry; `None` where no copy can be read.
    pub(super) entry: Option<SeenEntry<T>>,
}

/// An entry that can be read.
#[derive(Debug)]
pub(super) struct SeenEntry<T> {
    pub(super) leaf: Hash,
    pub(super) grows: Grows,
    /// Where its bytes were taken away, what is left.
    pub(super) redacted: Option<Box<Redacted>>,
    /// What it says; `None` where its bytes alone are looked at.
    pub(super) said: Option<Box<Said<T>>>,
}

/// What the tree grows by where an entry is taken.
#[derive(Debug, Clone, Copy)]
pub(super) enum Grows {
    /// The leaf of the entry.
    Leaf,
    /// Nothing yet: its bundle is sealed, and was hashed as a whole.
    Later,
    /// All of its bundle, of which it is the last.
    Bundle(Hash),
}

/// What an entry says, and what is to be said of it.
#[derive(Debug)]
pub(super) struct Said<T> {
    /// What it says of itself.
    pub(super) outline: Result<Outline, EntryError>,
    /// What is wrong about its command in the index, where each is looked up by itself.
    pub(super) index: Option<Finding>,
    /// What its command adds to the sum, where all are compared at once.
    pub(super) command_sum: u64,
    /// What was read of it along with the look.
    pub(super) read: T,
}

impl<'a, T: Send> Look<'a, T> {
    pub(super) fn new(
        shared: &'a Shared,
        segments: &'a Segments,
        (looking, depth): (Looking, Depth<'a>),
        read: &'a ReadAlong<'a, T>,
        stop: &'a AtomicBool,
    ) -> Self {
        let indexed_through = shared.live().indexed_through;
        Self { shared, segments, looking, depth, read, stop, indexed_through }
    }

    /// Whether the index has exactly the commands whose sum this is, each at its position, where they are compared at
    /// once.
    pub(super) fn commands_agree(&self, walked: u64) -> bool {
        let (Depth::Whole(commands @ Commands::AtOnce(_)), Some(index)) = (self.depth, self.shared.index()) else {
            return true;
        };
        let mut sum = 0_u64;
        let read = index.each_command(&mut |command_id, position| {
            if position < self.indexed_through {
                sum = sum.wrapping_add(commands.part_of_sum(command_id, position));
            }
        });
        read.is_ok() && sum == walked
    }

    fn must_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether the digest of each segment file is right; `None` where the look was told to stop.
    pub(super) fn at_digests(&self, segments: &[Arc<Segment>]) -> Vec<Option<Result<(), String>>> {
        let at = |segment: &Arc<Segment>| {
            (!self.must_stop()).then(|| segment.verify_digest().map_err(|error| error.to_string()))
        };
        match self.looking {
            Looking::OnEveryCore => segments.par_iter().map(at).collect(),
            Looking::Alone => segments.iter().map(at).collect(),
        }
    }

    /// What `find` finds about each of some things, in their order, and of none once the look was told to stop.
    pub(super) fn at_each<A: Sync>(&self, things: &[A], find: &(dyn Fn(&A) -> Option<Finding> + Sync)) -> Vec<Finding> {
        let at = |thing: &A| if self.must_stop() { None } else { find(thing) };
        match self.looking {
            Looking::OnEveryCore => things.par_iter().filter_map(at).collect(),
            Looking::Alone => things.iter().filter_map(at).collect(),
        }
    }

    /// Looks at the positions from `from` on, as many as make one round, below `end`.
    pub(super) fn at_round(&self, from: u64, end: u64) -> Vec<Looked<T>> {
        let (tasks, entries) = self.depth.round();
        let tasks = match self.looking {
            Looking::OnEveryCore => tasks,
            Looking::Alone => 1,
        };
        let ranges: Vec<Range<u64>> = (0..tasks)
            .map(|task| from.saturating_add(task * entries))
            .map(|first| first..end.min(first.saturating_add(entries)))
            .filter(|range| !range.is_empty())
            .collect();
        match self.looking {
            Looking::OnEveryCore => ranges.into_par_iter().map(|range| self.at(range)).collect(),
            Looking::Alone => ranges.into_iter().map(|range| self.at(range)).collect(),
        }
    }

    /// Gives a round to `take` and looks at the one after it; `None` when `take` says that there is no going on.
    pub(super) fn at_next_round(
        &self,
        round: Vec<Looked<T>>,
        end: u64,
        take: &mut dyn FnMut(Vec<Looked<T>>) -> bool,
    ) -> Option<Vec<Looked<T>>> {
        let from = round.last().map_or(end, |looked| looked.first + looked.seen.len() as u64);
        if self.looking == Looking::Alone {
            return take(round).then(|| self.at_round(from, end));
        }
        std::thread::scope(|scope| {
            let following = (from < end).then(|| scope.spawn(move || self.at_round(from, end)));
            let goes_on = take(round);
            let following = following.map(|following| match following.join() {
                Ok(following) => following,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            goes_on.then(|| following.unwrap_or_default())
        })
    }

    fn at(&self, range: Range<u64>) -> Looked<T> {
        let mut looked = Looked { first: range.start, seen: Vec::new() };
        let mut copies = Copies::new(self.shared.store(), self.shared.directory().log(), self.segments);
        for position in range {
            if self.must_stop() {
                break;
            }
            let seen = self.at_pair(position, copies.at(position));
            let readable = seen.entry.is_some();
            looked.seen.push(seen);
            if !readable {
                break;
            }
        }
        looked
    }

    fn at_pair(&self, position: u64, pair: Pair<'_>) -> Seen<T> {
        let mut copies = Vec::new();
        if let (Ok(stored), Some(Ok(sealed))) = (&pair.stored, &pair.sealed)
            && stored.bytes != sealed.bytes
        {
            let path = self.shared.directory().log();
            copies.push(Problem { path, positions: Some(position..position + 1), finding: Finding::CopiesDiffer });
        }
        let mut entry = None;
        match pair.sealed {
            Some(Ok(sealed)) => {
                entry = Some((sealed.bytes, sealed.leaf, sealed.bundle_root.map_or(Grows::Later, Grows::Bundle)));
            }
            Some(Err(problem)) => copies.push(*problem),
            None => {}
        }
        match pair.stored {
            Ok(stored) => entry = entry.or_else(|| Some((stored.bytes, stored_leaf_hash(stored.bytes), Grows::Leaf))),
            Err(problem) => copies.push(*problem),
        }
        Seen { copies, entry: entry.map(|(bytes, leaf, grows)| self.at_entry(position, bytes, (leaf, grows))) }
    }

    fn at_entry(&self, position: u64, bytes: &[u8], (leaf, grows): (Hash, Grows)) -> SeenEntry<T> {
        let redacted = redacted_leaf(bytes).map(|leaf_hash| Redacted { leaf_hash, remainder: Hash::of(bytes) });
        let redacted = redacted.map(Box::new);
        let said = match self.depth {
            Depth::Bytes => None,
            Depth::Whole(commands) => Some(Box::new(self.said(position, bytes, commands))),
        };
        SeenEntry { leaf, grows, redacted, said }
    }

    fn said(&self, position: u64, bytes: &[u8], commands: Commands<'_>) -> Said<T> {
        let envelope = EnvelopeRef::parse(bytes);
        let read = (self.read)(position, bytes, envelope.as_ref().ok());
        let outline = envelope.map(Outline::from);
        let (mut index, mut command_sum) = (None, 0);
        if let (true, Ok(outline)) = (position < self.indexed_through, &outline) {
            command_sum = commands.part_of_sum(outline.command_id, position);
            index = self.wrong_command(position, outline, commands);
        }
        Said { outline, index, command_sum, read }
    }

    fn wrong_command(&self, position: u64, outline: &Outline, commands: Commands<'_>) -> Option<Finding> {
        if let Commands::AtOnce(_) = commands {
            return None;
        }
        match self.shared.index()?.command(outline.command_id) {
            Ok(Some(found)) if found == position => None,
            Ok(_) => Some(Finding::Index { about: format!("command {}", outline.command_id) }),
            Err(error) => Some(Finding::Unreadable { cause: error.to_string() }),
        }
    }
}
