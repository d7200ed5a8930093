//! `ofrecord replay`: decide every recorded command again, under the policy of its time, and compare.

use clap::Args;
use ofrecord_ledger::certificate::{Kind, RunFigures};
use ofrecord_ledger::replay::{Difference, ReplayReport, replay};

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::notary::Certifying;
use crate::open;
use crate::output::Output;
use crate::render;
use crate::session::Session;

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = "Exits with 4 when a decision comes out differently.

Examples:
  ofrecord replay --from 0 --to 100000
  ofrecord replay --certify replayed.json --purpose 'audit of 2024'")]
pub(crate) struct Arguments {
    /// First position
    #[arg(long, value_name = "POSITION", default_value_t = 0)]
    from: u64,
    /// First position no longer replayed; without it, the end
    #[arg(long, value_name = "POSITION")]
    to: Option<u64>,
    #[command(flatten)]
    certifying: Certifying,
}

/// Replays and compares.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log_alone(session)?;
    let reader = opened.reader();
    let size = reader.log().tree_size();
    let (from, to) = (arguments.from, arguments.to.unwrap_or(size));
    if from > to || to > size {
        return Err(Failure::Range { from, to, size });
    }
    let report = replay(reader.log(), from, to, &session.bar("replay"))?;
    drop((reader, opened));
    let mut output = session.output();
    match session.global.format {
        Format::Table => print(&report, &mut output)?,
        Format::Json | Format::Csv => render::pairs(&mut output, session.global.format, &report)?,
    }
    arguments.certifying.issue(Kind::Replay, to, figures(&report), session)?;
    Ok(if report.difference.is_some() { Verdict::Found } else { Verdict::Done })
}

fn figures(report: &ReplayReport) -> RunFigures {
    let ReplayReport {
        from,
        to: _,
        commands,
        accepted,
        refused,
        upcast,
        redacted,
        rests_on_redacted,
        policies,
        difference,
    } = report;
    let figures = [
        ("from", from),
        ("commands", commands),
        ("accepted", accepted),
        ("refused", refused),
        ("recorded_with_older_versions", upcast),
        ("redacted", redacted),
        ("rests_on_redacted", rests_on_redacted),
    ];
    let different = |difference: &Difference| format!("position {} came out differently", difference.position);
    RunFigures {
        policies: policies.clone(),
        figures: figures.into_iter().map(|(name, figure)| (name, *figure)).collect(),
        problems: difference.iter().map(different).collect(),
    }
}

fn print(report: &ReplayReport, output: &mut Output) -> Result<(), Failure> {
    let ReplayReport {
        from,
        to,
        commands,
        accepted,
        refused,
        upcast,
        redacted,
        rests_on_redacted,
        policies: _,
        difference,
    } = report;
    output.line(&format!(
        "replayed positions {from} to {to}: {commands} commands, {accepted} accepted, {refused} refused"
    ))?;
    if *redacted > 0 {
        output.line(&format!(
            "{redacted} more were redacted; {rests_on_redacted} decisions came out differently, as what they rest on was redacted"
        ))?;
    }
    match difference {
        None if *upcast > 0 => {
            output.line("every decision came out as recorded, byte by byte but for older versions of events:")?;
            output
                .line(&format!("{upcast} were recorded with such, and are equal once these are read as the newest"))?;
        }
        None if *rests_on_redacted > 0 => output.line("every other decision came out as recorded, byte by byte")?,
        None => output.line("every decision came out as recorded, byte by byte")?,
        Some(difference) => {
            output.line(&format!("position {} came out differently:", difference.position))?;
            output.line(&format!("command   {}", difference.command_id))?;
            output.line(&format!("recorded  {}", difference.recorded))?;
            output.line(&format!("decided   {}", difference.decided))?;
        }
    }
    output.flush()
}
