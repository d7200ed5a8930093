//! `--watch-drift`: the stored views are compared with the log in the background of a long command.

use clap::Args;
use ofrecord_ledger::Ledger;
use ofrecord_ledger::drift::Ending;

use crate::failure::{Failure, Verdict};
use crate::session::Session;

/// Whether the stored views are watched.
#[derive(Debug, Args)]
pub(crate) struct Watching {
    /// Compare the stored views with the log meanwhile; ends with 4 when a row drifted
    ///
    /// It takes at most half of one core. The command ends once the first comparison has.
    #[arg(long)]
    watch_drift: bool,
}

impl Watching {
    /// Begins, where it was asked for.
    pub(crate) fn begin(&self, ledger: &mut Ledger) -> Result<(), Failure> {
        if self.watch_drift { ledger.watch_drift().map_err(Failure::Thread) } else { Ok(()) }
    }

    /// Waits for the comparison under way, and says what came of it. After a request to stop it ends at once.
    pub(crate) fn end(&self, ledger: &mut Ledger, session: &Session) -> Verdict {
        let ending = if session.interrupt.requested() { Ending::AtOnce } else { Ending::AfterSweep };
        // Everything is durable and answered by now, so a request to stop may end the process.
        session.interrupt.end_at_once();
        let Some(watched) = ledger.end_drift_watch(ending) else {
            if self.watch_drift {
                session.warn("the stored views were not compared with the log", "`ofrecord drift` compares them");
            }
            return Verdict::Done;
        };
        if let Some(error) = &watched.failure {
            session.warn(
                &format!("could not compare the stored views with the log to the end: {error}"),
                "`ofrecord drift` compares them again, `ofrecord rebuild` makes them anew",
            );
        }
        if watched.drifted() > 0 {
            let rows = match watched.drifted() {
                1 => "1 row of the stored views is".to_owned(),
                rows => format!("{rows} rows of the stored views are"),
            };
            session.warn(
                &format!("{rows} not what the entries say"),
                "`ofrecord drift` lists them, `ofrecord rebuild` makes them anew",
            );
            return Verdict::Found;
        }
        Verdict::Done
    }
}
