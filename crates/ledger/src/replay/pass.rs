//! One pass after the other over a range, in each of which every lane decides the commands of its customers.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use rayon::prelude::*;

use ofrecord_log::LogReader;

use super::lane::{Halt, Lane, Outcome, Work};
use super::parting::Parting;
use super::recorded::{Policies, Recorded, every_policy};
use super::{Difference, ReplayError, ReplayReport};
use crate::progress::Progress;
use crate::redaction::{self, Logged};
use crate::rounds::in_rounds;

/// What is replayed.
pub(super) struct Replay<'a> {
    log: &'a Arc<dyn LogReader>,
    from: u64,
    to: u64,
    policies: Policies,
    gone: BTreeMap<u64, Logged>,
    progress: &'a dyn Progress,
}

/// How a replay ended.
pub(super) enum Ending {
    /// Everything was decided again.
    Through,
    /// The first entry of all whose decision came out differently.
    Different(Box<Difference>),
    /// Nothing can be said: customers cannot be parted.
    NotParted,
}

/// Where a pass ended early, and why.
struct Halted {
    position: u64,
    why: Why,
}

enum Why {
    Different(Box<Difference>),
    Failed(ReplayError),
    NotParted,
}

impl<'a> Replay<'a> {
    pub(super) fn new(
        log: &'a Arc<dyn LogReader>,
        from: u64,
        to: u64,
        progress: &'a dyn Progress,
    ) -> Result<Self, ReplayError> {
        let gone = redaction::logged(log.as_ref())?;
        Ok(Self { log, from, to, policies: every_policy(), gone, progress })
    }

    /// Replays `from..end` pass by pass. What stands beyond the first thing that is wrong with the customers of one
    /// pass is of no interest to the next one; it may have been counted before.
    pub(super) fn in_passes(&self, parting: Parting, end: u64) -> Result<(ReplayReport, Ending), ReplayError> {
        let mut report = ReplayReport::of(self.from, self.to);
        let (mut end, mut ending) = (end, Ok(Ending::Through));
        for pass in 0..parting.passes() {
            let Some(Halted { position, why }) = self.pass(parting, pass, end, &mut report) else { continue };
            match why {
                Why::Different(difference) => (end, ending) = (position + 1, Ok(Ending::Different(difference))),
                Why::Failed(error @ ReplayError::Stopped { .. }) => return Err(error),
                Why::Failed(error) => (end, ending) = (position, Err(error)),
                Why::NotParted => return Ok((report, Ending::NotParted)),
            }
        }
        let ending = ending?;
        if let Ending::Different(difference) = &ending {
            report.difference = Some(difference.as_ref().clone());
        }
        Ok((report, ending))
    }

    fn pass(&self, parting: Parting, pass: u64, end: u64, report: &mut ReplayReport) -> Option<Halted> {
        let mut lanes: Vec<Lane<'_>> =
            (0..parting.lanes()).map(|_| Lane::new(self.log, self.from, parting, &self.gone)).collect();
        let (mut position, mut halted) = (self.from, None);
        let read = |position, bytes: &[u8]| Recorded::read(position, bytes, parting, pass, &self.policies);
        let ended = in_rounds(self.log.as_ref(), self.from..end, &read, &mut |round: Vec<Recorded<'_>>| {
            self.tell(parting, pass, position)?;
            position += round.len() as u64;
            halted = judge(decide(&mut lanes, round), report);
            Ok(if halted.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        });
        // There is much to give back.
        lanes.into_par_iter().for_each(drop);
        // What could not be read stands behind everything that was.
        let failed = |error| Halted { position, why: Why::Failed(error) };
        halted.or(ended.err().map(failed))
    }

    /// Tells how far it is, and asks whether to go on.
    fn tell(&self, parting: Parting, pass: u64, position: u64) -> Result<(), ReplayError> {
        let (done, total) = (position - self.from, self.to - self.from);
        self.progress.advance("replay", (pass * total + done) / parting.passes(), total);
        if self.progress.cancelled() {
            // Until the last pass there are commands from the first on that were not decided.
            let last = pass + 1 == parting.passes();
            return Err(ReplayError::Stopped { position: if last { position } else { self.from } });
        }
        Ok(())
    }
}

/// Lets every lane decide its part of a round.
fn decide(lanes: &mut [Lane<'_>], round: Vec<Recorded<'_>>) -> Vec<Outcome> {
    let mut parts: Vec<Vec<Work<'_>>> = lanes.iter().map(|_| Vec::new()).collect();
    for Recorded { lane, whole, happened } in round {
        for (number, part) in parts.iter_mut().enumerate() {
            if lane != Some(number) {
                part.extend(happened.clone().map(Work::TakeIn));
            }
        }
        let work = match (whole, happened) {
            (Some(whole), happened) => Some(Work::Decide(whole, happened)),
            (None, happened) => happened.map(Work::Redacted),
        };
        if let Some(part) = lane.and_then(|lane| parts.get_mut(lane)) {
            part.extend(work);
        }
    }
    lanes.par_iter_mut().zip(parts).flat_map_iter(|(lane, part)| lane.take(part)).collect()
}

/// Counts what the lanes came to, in the order of the log, up to what is wrong.
fn judge(mut outcomes: Vec<Outcome>, report: &mut ReplayReport) -> Option<Halted> {
    outcomes.sort_by_key(|outcome| outcome.position);
    for Outcome { position, came } in outcomes {
        let why = match came {
            Ok(mut judged) => {
                let difference = judged.as_mut().and_then(|judged| judged.difference.take());
                report.count(judged);
                difference.map(Why::Different)
            }
            Err(Halt::Failed(error)) => Some(Why::Failed(error)),
            Err(Halt::OtherStreams) => Some(Why::NotParted),
        };
        if let Some(why) = why {
            return Some(Halted { position, why });
        }
    }
    None
}
