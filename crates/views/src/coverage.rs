//! For which periods a source was read: "no event" and "no data" are different answers (rule L-11, questions 29 and 1).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::evidence::SourceSystem;
use ofrecord_core::{Event, State};
use serde::Serialize;

use crate::record::{CustomerRecord, PartnerRecord, Record};
use crate::viewpoint::Period;

/// One source and a period asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoverageRow {
    /// The source.
    pub source: SourceSystem,
    /// The parts of the period for which it was read.
    pub covered: Vec<Period>,
    /// The parts for which it was not: there, no event means no data.
    pub uncovered: Vec<Period>,
    /// The entries that recorded the readings.
    pub positions: Vec<u64>,
}

/// What was read of a source, whole and merged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Readings {
    pub(crate) periods: Vec<Period>,
    pub(crate) positions: BTreeSet<u64>,
}

/// Which sources were read for which parts of a period, by what is known
/// below a position. Every source that was read or that any evidence names has
/// a row; readings recorded in the streams of the partners given count too.
#[must_use]
pub fn coverage(
    record: &CustomerRecord,
    partners: &[&PartnerRecord],
    period: Period,
    known_below: u64,
) -> Vec<CoverageRow> {
    let mut sources = BTreeMap::new();
    add_readings(record, known_below, &mut sources);
    for partner in partners {
        add_readings(*partner, known_below, &mut sources);
    }
    sources
        .into_iter()
        .map(|(source, readings)| {
            let covered: Vec<Period> =
                merged(readings.periods).iter().filter_map(|covered| covered.overlap(&period)).collect();
            let uncovered = holes(&covered, period);
            CoverageRow { source, covered, uncovered, positions: readings.positions.into_iter().collect() }
        })
        .collect()
}

/// The readings recorded in one customer's stream, by source, each merged.
pub(crate) fn readings(record: &CustomerRecord, known_below: u64) -> BTreeMap<SourceSystem, Readings> {
    let mut sources = BTreeMap::new();
    add_readings(record, known_below, &mut sources);
    for readings in sources.values_mut() {
        readings.periods = merged(std::mem::take(&mut readings.periods));
    }
    sources
}

fn add_readings<I: Copy, S: State>(
    record: &Record<I, S>,
    known_below: u64,
    sources: &mut BTreeMap<SourceSystem, Readings>,
) {
    for row in record.entries().iter().filter(|row| row.position < known_below) {
        for evidence in &row.evidence {
            sources.entry(evidence.source.clone()).or_default();
        }
    }
    for fact in record.effective_facts(known_below) {
        if let Event::SourceCoverageRecorded(read) = &*fact.event {
            let readings = sources.entry(read.source.clone()).or_default();
            readings.periods.push(Period { from: read.from, to: read.to });
            readings.positions.extend(fact.stamp().positions());
        }
    }
}

/// Joins periods that overlap or touch; those without any instant are left out.
fn merged(mut periods: Vec<Period>) -> Vec<Period> {
    periods.retain(|period| period.from < period.to);
    periods.sort();
    let mut joined: Vec<Period> = Vec::new();
    for period in periods {
        match joined.last_mut() {
            Some(last) if period.from <= last.to => last.to = last.to.max(period.to),
            Some(_) | None => joined.push(period),
        }
    }
    joined
}

/// What of a period is in none of some merged periods within it.
pub(crate) fn holes(covered: &[Period], within: Period) -> Vec<Period> {
    let mut holes = Vec::new();
    let mut from = within.from;
    for period in covered {
        if from < period.from {
            holes.push(Period { from, to: period.from });
        }
        from = from.max(period.to);
    }
    if from < within.to {
        holes.push(Period { from, to: within.to });
    }
    holes
}

#[cfg(test)]
mod tests;
