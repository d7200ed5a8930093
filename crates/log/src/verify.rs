//! Verification: every copy of every entry is read, compared and re-hashed, and nothing is believed.

use std::collections::HashMap;
use std::hash::RandomState;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::copies::Segments;
use crate::directory::FoundIdentity;
use crate::event_log::{Head, LogReader, WriteState};
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::redaction::Redactions;
use crate::sealed;
use crate::segment::{SEGMENT_ENTRIES, Segment};
use crate::sled_log::{OnProgress, Shared, SledReader};
use crate::witness::Witness;

mod along;
mod background;
mod entries;
mod look;
mod mark;
mod report;
#[cfg(test)]
mod tests;

pub use along::{Along, ReadAlong, TakeAlong, Verification};
pub(crate) use background::BackgroundCheck;
use look::{Commands, Depth, Look, Looking};
pub(crate) use mark::{Mark, forget as forget_mark, load as load_mark};
pub use report::{Finding, Problem, VerifyReport};

/// How many problems are listed one by one.
const PROBLEMS_MAX: usize = 1000;
/// How often the witness is read again while a slot of it cannot be read.
const WITNESS_LOOKS: u32 = 20;
/// What lies between two such looks: longer than the writing of a slot takes.
const WITNESS_PAUSE: Duration = Duration::from_millis(1);

/// Verifies a log from any thread, while it is in use.
#[derive(Debug, Clone)]
pub struct LogChecker {
    shared: Arc<Shared>,
}

impl LogChecker {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Compares every copy of every entry below the present head, re-hashes everything, and checks
    /// positions, times, stream chains, the index, the segments, the witness and the identity.
    pub fn verify(&self, progress: &mut OnProgress<'_>) -> VerifyReport {
        self.verified(&self.start(), &mut Along::nothing(), &AtomicBool::new(false), progress).0
    }

    /// The same, given up as soon as `stop` is set: then there is no report.
    pub fn verify_until(&self, stop: &AtomicBool, progress: &mut OnProgress<'_>) -> Option<VerifyReport> {
        self.begin().run_along(&mut Along::nothing(), stop, progress)
    }

    /// A verification of what is there now, to be run with something that is read along.
    #[must_use]
    pub fn begin(&self) -> Verification {
        Verification { checker: self.clone(), start: self.start() }
    }

    /// Compares every copy of every entry below the present head and re-hashes everything, and checks the segments, the
    /// witness and the identity: what a copy can lose or change on its device, and not what entries say.
    ///
    /// Positions, times, stream chains and the index are left to [`LogChecker::verify`], and so is the mark of how far
    /// a log is verified; where something is wrong, the mark of an earlier verification is taken back.
    pub fn verify_bytes(&self, progress: &mut OnProgress<'_>) -> VerifyReport {
        self.verified_bytes(&AtomicBool::new(false), progress).0
    }

    /// The same, given up as soon as `stop` is set: then there is no report.
    pub fn verify_bytes_until(&self, stop: &AtomicBool, progress: &mut OnProgress<'_>) -> Option<VerifyReport> {
        let (report, ended) = self.verified_bytes(stop, progress);
        (ended == Ended::Whole).then_some(report)
    }

    fn verified_bytes(&self, stop: &AtomicBool, progress: &mut OnProgress<'_>) -> (VerifyReport, Ended) {
        let look = (Looking::OnEveryCore, Depth::Bytes);
        self.walk(&self.start(), look, &mut Along::nothing(), stop, progress, &mut |_| {})
    }

    /// Commands are compared with the index at once, and each by itself only where that shows that one is wrong.
    fn verified<T: Send>(
        &self,
        start: &Start,
        along: &mut Along<'_, T>,
        stop: &AtomicBool,
        progress: &mut OnProgress<'_>,
    ) -> (VerifyReport, Ended) {
        let key = RandomState::new();
        let look = |commands| (Looking::OnEveryCore, Depth::Whole(commands));
        match self.walk(start, look(Commands::AtOnce(&key)), along, stop, progress, &mut |_| {}) {
            (_, Ended::CommandsDiffer) => {
                let look = look(Commands::Each);
                let (report, ended) = self.walk(start, look, &mut Along::nothing(), stop, progress, &mut |_| {});
                (self.with_strange_commands(report), ended)
            }
            walked => walked,
        }
    }

    /// The report of an index that has every command of the entries, and others.
    fn with_strange_commands(&self, mut report: VerifyReport) -> VerifyReport {
        let path = self.shared.directory().index();
        if report.problems_unlisted == 0 && !report.problems.iter().any(|problem| problem.path == path) {
            let finding = Finding::Index { about: "a command that no entry has".to_owned() };
            report.problems.push(Problem { path, positions: None, finding });
            mark::withdraw(&self.shared);
        }
        report
    }

    /// What is there now.
    fn start(&self) -> Start {
        let live = self.shared.live();
        Start { head: live.head, segments: live.sealed.clone(), state: live.write_state.clone() }
    }

    /// The one walk, with what it found until its end; `on_problem` hears of each problem at once.
    fn walk<T: Send>(
        &self,
        Start { head, segments, state }: &Start,
        (looking, depth): (Looking, Depth<'_>),
        along: &mut Along<'_, T>,
        stop: &AtomicBool,
        progress: &mut OnProgress<'_>,
        on_problem: &mut OnProblem<'_>,
    ) -> (VerifyReport, Ended) {
        let head = *head;
        let mut walk = Walk {
            shared: &self.shared,
            depth,
            stop,
            on_problem,
            head,
            frontier: Frontier::new(),
            last_recorded_at: None,
            streams: HashMap::new(),
            problems: Vec::new(),
            unlisted: 0,
            redacted: Redactions::new(),
            command_sum: 0,
        };
        walk.check_state(state);
        walk.check_identity();
        let numbered: Segments = (0_u64..).zip(segments.iter().cloned()).collect();
        let look = &Look::new(&self.shared, &numbered, (looking, depth), along.read, stop);
        walk.check_segment_files(segments, look);
        walk.check_entries(look, &mut *along.take, progress);
        walk.check_roots(&numbered);
        walk.check_streams(look);
        let stopped = || stop.load(Ordering::Acquire);
        let commands_differ = !stopped() && !look.commands_agree(walk.command_sum);
        let report = VerifyReport {
            head,
            entries: walk.frontier.size(),
            segments: segments.len() as u64,
            problems: walk.problems,
            problems_unlisted: walk.unlisted,
            redacted: walk.redacted,
        };
        let ended = match (stopped(), commands_differ) {
            (true, _) => Ended::Stopped,
            (false, true) => Ended::CommandsDiffer,
            (false, false) => Ended::Whole,
        };
        match (report.is_sound(), ended, depth) {
            (true, Ended::Whole, Depth::Whole(_)) => mark::keep(&self.shared, head),
            // Bytes that are sound may still say what is wrong.
            (true, Ended::Whole, Depth::Bytes) | (true, Ended::Stopped | Ended::CommandsDiffer, _) => {}
            // What was found in one part of a walk is wrong, whether the rest was looked at or not.
            (false, ..) => mark::withdraw(&self.shared),
        }
        (report, ended)
    }
}

/// What a walk begins from; entries that come later are none of its business.
#[derive(Debug)]
struct Start {
    head: Head,
    segments: Vec<Arc<Segment>>,
    state: WriteState,
}

/// Hears of each problem when it is found.
type OnProblem<'a> = dyn FnMut(&Problem) + 'a;

/// How far a walk came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Everything was looked at.
    Whole,
    /// Everything was looked at, and a command is not where the index says; which one is not known yet.
    CommandsDiffer,
    /// It was told to stop.
    Stopped,
}

/// What a stream looked like when its last entry was read.
struct StreamSeen {
    version: u64,
    last_leaf: Hash,
    last_position: u64,
    /// Wrapping sum, to compare all positions with the index without keeping them.
    positions_sum: u64,
}

impl StreamSeen {
    /// What is wrong about the stream in the index, of the entries below `size`.
    fn not_indexed(&self, stream: &str, reader: &SledReader, size: u64) -> Option<Finding> {
        match reader.stream_positions(stream, 0) {
            Ok(mut positions) => {
                positions.retain(|position| *position < size);
                let sum = positions.iter().fold(0_u64, |sum, at| sum.wrapping_add(*at));
                let right = positions.len() as u64 == self.version
                    && positions.last() == Some(&self.last_position)
                    && sum == self.positions_sum;
                (!right).then(|| Finding::Index { about: format!("stream {stream}") })
            }
            Err(error) => Some(Finding::Unreadable { cause: error.to_string() }),
        }
    }
}

struct Walk<'a, 'b> {
    shared: &'a Arc<Shared>,
    depth: Depth<'a>,
    stop: &'a AtomicBool,
    on_problem: &'a mut OnProblem<'b>,
    head: Head,
    frontier: Frontier,
    last_recorded_at: Option<String>,
    streams: HashMap<String, StreamSeen>,
    problems: Vec<Problem>,
    unlisted: u64,
    redacted: Redactions,
    /// The sum of the commands of all entries, where they are compared with the index at once.
    command_sum: u64,
}

impl Walk<'_, '_> {
    fn must_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn found(&mut self, path: PathBuf, positions: Option<Range<u64>>, finding: Finding) {
        if let Some(last) = self.problems.last_mut()
            && last.path == path
            && last.finding == finding
            && let (Some(before), Some(now)) = (&mut last.positions, &positions)
            && now.start <= before.end
        {
            before.end = before.end.max(now.end);
            return;
        }
        let problem = Problem { path, positions, finding };
        (self.on_problem)(&problem);
        if self.problems.len() >= PROBLEMS_MAX {
            self.unlisted += 1;
            return;
        }
        self.problems.push(problem);
    }

    fn found_at(&mut self, position: u64, finding: Finding) {
        let path = self.shared.directory().log();
        self.found(path, Some(position..position + 1), finding);
    }

    fn check_state(&mut self, state: &WriteState) {
        if let WriteState::ReadOnly(reason) = state {
            let path = self.shared.directory().root().to_owned();
            self.found(path, None, Finding::Degraded(reason.clone()));
        }
        if let Some(store) = self.shared.store()
            && let Err(cause) = store.refuse_blobs()
        {
            let path = store.path().to_owned();
            self.found(path, None, Finding::Unreadable { cause });
        }
    }

    fn check_identity(&mut self) {
        let path = self.shared.directory().identity();
        match self.shared.directory().read_identity() {
            // A writer may be raising the format just now: the file first, then what is remembered of it.
            Ok(FoundIdentity::Sound(identity)) if identity.is_or_raises(self.shared.identity()) => {}
            Ok(_) => self.found(path, None, Finding::Identity),
            Err(error) => self.found(path, None, Finding::Unreadable { cause: error.to_string() }),
        }
    }

    fn check_segment_files<T: Send>(&mut self, segments: &[Arc<Segment>], look: &Look<'_, T>) {
        for (index, (segment, digest)) in segments.iter().zip(look.at_digests(segments)).enumerate() {
            let Some(digest) = digest else {
                return;
            };
            let before = segments.get(..index).unwrap_or_default();
            let origin = &self.shared.identity().origin;
            let checked = digest.and_then(|()| sealed::follows(before, segment, segment.first(), origin));
            if let Err(cause) = checked {
                self.found(
                    segment.path().to_owned(),
                    Some(segment.first()..segment.end()),
                    Finding::Unreadable { cause },
                );
            }
        }
    }

    /// The index must give each stream exactly the positions that its entries were read at.
    fn check_streams<T: Send>(&mut self, look: &Look<'_, T>) {
        let mut seen: Vec<(String, StreamSeen)> = self.streams.drain().collect();
        seen.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let (reader, size) = (SledReader::new(Arc::clone(self.shared)), self.head.size);
        for finding in look.at_each(&seen, &|(stream, seen)| seen.not_indexed(stream, &reader, size)) {
            self.found(self.shared.directory().index(), None, finding);
        }
    }

    fn check_roots(&mut self, segments: &Segments) {
        if self.must_stop() {
            return;
        }
        if self.frontier.size() == self.head.size {
            self.check_root(self.shared.directory().log(), self.head, self.frontier.root());
        }
        for segment in segments.values() {
            let recorded = Head { size: segment.end(), root: segment.frontier().root() };
            if self.frontier.size() < SEGMENT_ENTRIES {
                break;
            }
            if let Some(root) = self.root_at(recorded.size) {
                self.check_root(segment.path().to_owned(), recorded, root);
            }
        }
        self.check_witness();
    }

    fn check_witness(&mut self) {
        let path = self.shared.directory().head();
        let mut witness = Witness::open(&path).ok().flatten();
        for _ in 0..WITNESS_LOOKS {
            if witness.as_ref().is_some_and(|witness| witness.sound_slots() == 2) {
                break;
            }
            // The writer may be in the middle of a slot, which then looks torn for a moment.
            std::thread::park_timeout(WITNESS_PAUSE);
            witness = Witness::open(&path).ok().flatten();
        }
        let sound = witness.as_ref().map_or(0, Witness::sound_slots);
        if sound < 2 {
            self.found(path.clone(), None, Finding::WitnessSlots { sound });
        }
        // The writer may be ahead of where this verification began.
        if let Some(recorded) = witness.map(|witness| witness.head())
            && recorded.size <= self.head.size
            && let Some(root) = self.root_at(recorded.size)
        {
            self.check_root(path, recorded, root);
        }
    }

    /// The root that the open log has at a size; its root at the head has been recomputed.
    fn root_at(&self, size: u64) -> Option<Hash> {
        SledReader::new(Arc::clone(self.shared)).root_at(size).ok()
    }

    fn check_root(&mut self, path: PathBuf, recorded: Head, computed: Hash) {
        if recorded.root != computed {
            self.found(path, None, Finding::Root { size: recorded.size, computed, recorded: recorded.root });
        }
    }
}
