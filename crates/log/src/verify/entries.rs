//! The entries in the order of the log: what was seen of each by itself, put beside what stands before it.

use super::look::{Depth, Grows, Look, Looked, Said, Seen};
use super::{Finding, StreamSeen, TakeAlong, Walk};
use crate::entry::{Outline, StreamLink};
use crate::hash::Hash;
use crate::merkle::FrontierError;
use crate::segment::BUNDLE_LEVEL;
use crate::sled_log::{OnProgress, Progress, Stage};

/// How many entries are verified between two reports of progress.
const PROGRESS_ENTRIES: u64 = 4096;

/// Whether there is something to go on with.
enum Taken {
    /// The next position can be looked at.
    Hashed,
    /// It was told to stop, or the bytes are missing, without which nothing above can be hashed either.
    Nothing,
}

impl Walk<'_, '_> {
    /// Takes round after round, while the next is being looked at.
    pub(super) fn check_entries<T: Send>(
        &mut self,
        look: &Look<'_, T>,
        taking: &mut TakeAlong<'_, T>,
        progress: &mut OnProgress<'_>,
    ) {
        let mut ready = look.at_round(0, self.head.size);
        while !ready.is_empty() {
            let Some(following) = look.at_next_round(ready, self.head.size, &mut |round| {
                round.into_iter().all(|looked| matches!(self.take(looked, taking, progress), Taken::Hashed))
            }) else {
                return;
            };
            ready = following;
        }
    }

    fn take<T>(&mut self, looked: Looked<T>, taking: &mut TakeAlong<'_, T>, progress: &mut OnProgress<'_>) -> Taken {
        // A look that was told to stop may have seen nothing at all.
        if self.must_stop() {
            return Taken::Nothing;
        }
        for (position, seen) in (looked.first..).zip(looked.seen) {
            if self.must_stop() {
                return Taken::Nothing;
            }
            if let Taken::Nothing = self.check_entry(position, seen, taking) {
                return Taken::Nothing;
            }
            if (position + 1).is_multiple_of(PROGRESS_ENTRIES) || position + 1 == self.head.size {
                self.advance();
                progress(Progress { stage: Stage::Verifying, done: position + 1, total: self.head.size });
            }
        }
        Taken::Hashed
    }

    /// Lets [`crate::Health`] tell how far this walk has come, as long as nothing is wrong.
    fn advance(&self) {
        let size = self.frontier.size();
        if matches!(self.depth, Depth::Whole(_))
            && self.problems.is_empty()
            && self.root_at(size) == Some(self.frontier.root())
        {
            let mut live = self.shared.live_mut();
            live.verified_through = live.verified_through.max(size);
        }
    }

    /// Checks the copies of an entry and what it says of itself.
    fn check_entry<T>(&mut self, position: u64, seen: Seen<T>, taking: &mut TakeAlong<'_, T>) -> Taken {
        for problem in seen.copies {
            self.found(problem.path, problem.positions, problem.finding);
        }
        let Some(entry) = seen.entry else {
            return Taken::Nothing;
        };
        if self.grow(entry.leaf, entry.grows).is_err() {
            // A bundle is hashed as a whole or not at all, so that one never begins within another.
            self.found_at(position, Finding::Missing);
            return Taken::Nothing;
        }
        if let Some(redacted) = entry.redacted {
            self.redacted.insert(position, *redacted);
        }
        if let Some(said) = entry.said {
            taking(position, self.check_said(position, entry.leaf, *said));
        }
        Taken::Hashed
    }

    fn grow(&mut self, leaf: Hash, grows: Grows) -> Result<(), FrontierError> {
        match grows {
            Grows::Leaf => self.frontier.push(leaf),
            Grows::Later => {}
            Grows::Bundle(root) => self.frontier.push_subtree(BUNDLE_LEVEL, root)?,
        }
        Ok(())
    }

    /// Checks what an entry says, and gives what was read of it along with that.
    fn check_said<T>(&mut self, position: u64, leaf: Hash, said: Said<T>) -> T {
        self.command_sum = self.command_sum.wrapping_add(said.command_sum);
        match said.outline {
            Ok(outline) => self.check_outline(position, leaf, outline),
            Err(error) => self.found_at(position, Finding::NotAnEntry { error }),
        }
        if let Some(finding) = said.index {
            let path = self.shared.directory().index();
            self.found(path, Some(position..position + 1), finding);
        }
        said.read
    }

    fn check_outline(&mut self, position: u64, leaf: Hash, outline: Outline) {
        if outline.position != position {
            self.found_at(position, Finding::Position { stated: outline.position });
        }
        let (format, allowed) = (outline.format.number(), self.shared.identity().format);
        if format > allowed {
            self.found_at(position, Finding::Format { format, allowed });
        }
        if let Some(last) = self.last_recorded_at.take()
            && outline.recorded_at < last
        {
            let recorded_at = outline.recorded_at.clone();
            self.found_at(position, Finding::TimeRunsBack { recorded_at, last });
        }
        for link in outline.streams {
            self.check_link(position, leaf, link);
        }
        self.last_recorded_at = Some(outline.recorded_at);
    }

    fn check_link(&mut self, position: u64, leaf: Hash, link: StreamLink) {
        let seen = self.streams.get_mut(&link.stream);
        let (version, last_leaf) = seen.as_ref().map_or((0, None), |seen| (seen.version, Some(seen.last_leaf)));
        let continues = version == link.version && last_leaf == link.previous;
        let positions_sum = seen.as_ref().map_or(0, |seen| seen.positions_sum);
        let next = StreamSeen {
            version: link.version + 1,
            last_leaf: leaf,
            last_position: position,
            positions_sum: positions_sum.wrapping_add(position),
        };
        let broken = (!continues).then(|| Finding::StreamChain { stream: link.stream.clone() });
        match seen {
            Some(seen) => *seen = next,
            None => drop(self.streams.insert(link.stream, next)),
        }
        if let Some(finding) = broken {
            self.found_at(position, finding);
        }
    }
}
