//! The compliance replay: decide every command of a range again, under the policy of its time, and compare byte by byte.
//!
//! A decision is written with the newest versions of its events. One that was recorded with older ones is
//! compared after these were taken up to the newest by the upcasters, every other byte being the recorded one.
//!
//! Customers are parted among lanes, which decide at the same time: what a command of a customer reads is the
//! customer's stream and those of partners, and what happens in these every lane takes in for itself. Of a log that is
//! longer than memory should hold, the customers of some lanes are replayed first, and then those of others.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use thiserror::Error;

use ofrecord_core::{CommandId, PolicyRef};
use ofrecord_log::{LogReader, ReadError};

use crate::codec::DecodeError;
use crate::giving_way::giving_way;
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::streams::LoadError;

mod judged;
mod lane;
mod parting;
mod pass;
mod recorded;
#[cfg(test)]
mod tests;

use self::judged::Judged;
use self::parting::Parting;
use self::pass::{Ending, Replay};

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReplayReport {
    /// First position replayed.
    pub from: u64,
    /// First position not replayed.
    pub to: u64,
    /// Commands decided again.
    pub commands: u64,
    /// Of these, accepted.
    pub accepted: u64,
    /// Of these, refused.
    pub refused: u64,
    /// Of all, those recorded with an event of an older version, and equal once it was taken up to the newest.
    pub upcast: u64,
    /// Commands that were not decided again, because the bytes of their entries were taken away.
    pub redacted: u64,
    /// Of all, those that came out differently and rest on a stream from which an entry was redacted.
    pub rests_on_redacted: u64,
    /// The policies of the time, under which they were decided.
    #[serde(skip)]
    pub policies: BTreeSet<PolicyRef>,
    /// The first entry whose decision came out differently.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// A decision that came out differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The entry's position.
    pub position: u64,
    /// The command.
    pub command_id: CommandId,
    /// What the entry holds, as canonical JSON.
    pub recorded: String,
    /// What the rules say now, as canonical JSON.
    pub decided: String,
}

/// Why a replay could not be finished.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The log could not give an entry.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An entry could not be understood.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// What the log says of redactions could not be read.
    #[error(transparent)]
    Redactions(#[from] ReadFailure),
    /// An entry holds a command that this build does not know.
    #[error("read the command at position {position}: {problem}")]
    Command {
        /// The entry's position.
        position: u64,
        /// What is wrong.
        problem: String,
    },
    /// An entry was decided under a policy that this build does not have.
    #[error("decide position {position} again: no policy {} version {}", .policy.cloud.as_str(), .policy.version)]
    Policy {
        /// The entry's position.
        position: u64,
        /// The policy named.
        policy: PolicyRef,
    },
    /// It was stopped.
    #[error("finish the replay: it was stopped at position {position}")]
    Stopped {
        /// The first position not replayed.
        position: u64,
    },
}

impl From<LoadError> for ReplayError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Read(error) => Self::Read(error),
            LoadError::Decode(error) => Self::Decode(error),
        }
    }
}

/// Decides every command in `from..to` again and compares outcome, events and read set with what is recorded.
/// Stops at the first difference. Memory is bounded: streams come and go, and a long log is read more than once. It
/// works on every core and gives way to commands.
///
/// # Errors
/// [`ReplayError`] naming the position.
pub fn replay(
    log: &Arc<dyn LogReader>,
    from: u64,
    to: u64,
    progress: &dyn Progress,
) -> Result<ReplayReport, ReplayError> {
    giving_way(|| {
        let parting = Parting::of(from, to, rayon::current_num_threads());
        replayed(log, from, to, parting, progress)
    })
}

/// Replays a range as it is parted; where that does not hold, in one part.
fn replayed(
    log: &Arc<dyn LogReader>,
    from: u64,
    to: u64,
    parting: Parting,
    progress: &dyn Progress,
) -> Result<ReplayReport, ReplayError> {
    let replay = Replay::new(log, from, to, progress)?;
    let (report, ending) = replay.in_passes(parting, to)?;
    let report = match ending {
        // The customers of the passes before were replayed beyond it, and counted.
        Ending::Different(difference) if parting.passes() > 1 => replay.in_passes(parting, difference.position + 1)?.0,
        Ending::Through | Ending::Different(_) => report,
        Ending::NotParted => return replayed(log, from, to, Parting::whole(), progress),
    };
    progress.advance("replay", to - from, to - from);
    Ok(report)
}

impl ReplayReport {
    fn of(from: u64, to: u64) -> Self {
        Self {
            from,
            to,
            commands: 0,
            accepted: 0,
            refused: 0,
            upcast: 0,
            redacted: 0,
            rests_on_redacted: 0,
            policies: BTreeSet::new(),
            difference: None,
        }
    }

    fn count(&mut self, judged: Option<Judged>) {
        let Some(judged) = judged else {
            self.redacted += 1;
            return;
        };
        self.commands += 1;
        self.policies.insert(judged.policy);
        *(if judged.refused { &mut self.refused } else { &mut self.accepted }) += 1;
        self.upcast += u64::from(judged.upcast);
        self.rests_on_redacted += u64::from(judged.rests_on_redacted);
    }
}
