//! What live commands feel of a rebuild and of a replay that run beside them.

use ofrecord_ledger::rebuild::{ProjectionError, rebuild};
use ofrecord_ledger::replay::{ReplayError, replay};
use ofrecord_ledger::{Clock, Ledger, Progress, StoredViews};

use crate::figures::Figures;
use crate::fill::{CLOUD, Extent, failed, filled_ledger, open, start, views};
use crate::reckoning::quantile;
use crate::registration::submit;
use crate::results::complain;
use crate::tally::{Submitters, Tally};
use crate::{Plan, RaceError};

/// Submitters whose latency is measured.
const SUBMITTERS: usize = 64;

/// What runs beside them, again and again until the slot is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Nothing,
    Rebuild,
    Replay,
}

impl Work {
    const ALL: [Self; 3] = [Self::Nothing, Self::Rebuild, Self::Replay];

    fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Rebuild => "a rebuild",
            Self::Replay => "a replay",
        }
    }
}

/// One value a round.
#[derive(Default)]
struct Rounds {
    p50_ms: Vec<f64>,
    p99_ms: Vec<f64>,
    rate: Vec<f64>,
}

/// Measures over one filled ledger, in interleaved rounds.
pub(crate) fn measure(plan: &Plan, extent: Extent) -> Result<Figures, RaceError> {
    let folder = plan.scratch.join("filled");
    filled_ledger(&folder, extent)?;
    let views = views(&folder)?;
    let ledger = start(open(&folder)?, CLOUD, Clock::Machine, Some(views.clone()))?;
    let mut all = Work::ALL.map(|work| (work, Rounds::default()));
    let mut first = 0;
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        // Another one comes first each time, so that none always finds the warmer machine.
        all.rotate_left(1);
        for (work, rounds) in &mut all {
            let submitters = Submitters { first, count: SUBMITTERS, slot: plan.slot };
            first += SUBMITTERS;
            let ask = |name, number| submit(&ledger, name, number).map(drop);
            let mut measured = submitters.beside(&ask, &|tally| again(*work, &ledger, &views, tally))?;
            rounds.rate.push(measured.rate);
            rounds.p50_ms.push(quantile(&mut measured.latencies, 0.5));
            rounds.p99_ms.push(quantile(&mut measured.latencies, 0.99));
        }
    }
    ledger.close();
    Ok(compared(all))
}

fn compared(mut all: [(Work, Rounds); 3]) -> Figures {
    all.sort_by_key(|(work, _)| Work::ALL.iter().position(|known| known == work));
    let [(nothing, idle), busy @ ..] = &mut all;
    let mut figures = Figures::default();
    for (work, rounds) in busy {
        let name = format!("durable commands of {SUBMITTERS} submitters beside {}", work.name());
        let beside = format!("beside {}", nothing.name());
        figures.beside(format!("{name}, p50"), "ms", &mut rounds.p50_ms, (&beside, &mut idle.p50_ms));
        figures.beside(format!("{name}, p99"), "ms", &mut rounds.p99_ms, (&beside, &mut idle.p99_ms));
        figures.beside(name, "commands/s", &mut rounds.rate, (&beside, &mut idle.rate));
    }
    figures
}

/// Does it again and again; what is under way when the slot is over is left where it is.
fn again(work: Work, ledger: &Ledger, views: &StoredViews, tally: &Tally) -> Result<(), RaceError> {
    let reader = ledger.reader();
    let until = Until(tally);
    while !tally.is_over() {
        match work {
            Work::Nothing => return Ok(()),
            // Rows of entries that came meanwhile may be in the live views alone, so what differs says nothing here.
            Work::Rebuild => match rebuild(reader.log().as_ref(), views, &until) {
                Ok(_) => {}
                Err(ProjectionError::Stopped { .. }) => return Ok(()),
                Err(error) => return Err(failed(error)),
            },
            Work::Replay => match replay(reader.log(), 0, reader.log().tree_size(), &until) {
                Ok(report) => match report.difference {
                    None => {}
                    Some(found) => return Err(failed(format!("position {} came out differently", found.position))),
                },
                Err(ReplayError::Stopped { .. }) => return Ok(()),
                Err(error) => return Err(failed(error)),
            },
        }
    }
    Ok(())
}

/// Stops the work when the slot is over.
struct Until<'a>(&'a Tally);

impl Progress for Until<'_> {
    fn advance(&self, _stage: &'static str, _done: u64, _total: u64) {}

    fn cancelled(&self) -> bool {
        self.0.is_over()
    }
}
