//! When the customer had no reseller at all (question 3).

use ofrecord_core::Timestamp;
use serde::Serialize;

use crate::histories::standing_by_knowledge;
use crate::record::CustomerRecord;
use crate::viewpoint::{Period, Viewpoint};

/// A stretch of time in which no partner was reseller of the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResellerGap {
    /// First instant without a reseller.
    pub from: Timestamp,
    /// First instant with one again; none while there is still none at the instant asked about.
    pub to: Option<Timestamp>,
    /// The positions of the entries behind the relationships on both sides.
    pub positions: Vec<u64>,
}

/// The gaps between the first fact about the customer and the instant asked
/// about, by what is known at the viewpoint. A gap in the world is shown only
/// where the sources were read: see [`crate::coverage`] for what was not.
#[must_use]
pub fn reseller_gaps(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<ResellerGap> {
    let Some(first) = record.facts_at(viewpoint).first().map(|fact| fact.effective_at) else { return Vec::new() };
    let mut standing: Vec<(Period, Vec<u64>)> = standing_by_knowledge(record, viewpoint)
        .into_iter()
        .map(|interval| (interval.valid(), [interval.positions, interval.ended_by].concat()))
        .collect();
    standing.sort();
    let mut gaps = Vec::new();
    let mut covered_to = first;
    let mut before: Vec<u64> = Vec::new();
    for (period, positions) in standing {
        if covered_to < period.from {
            gaps.push(gap(covered_to, Some(period.from), &before, &positions));
        }
        if covered_to <= period.to {
            covered_to = period.to;
            before = positions;
        }
    }
    if covered_to <= viewpoint.as_of {
        gaps.push(gap(covered_to, None, &before, &[]));
    }
    gaps
}

fn gap(from: Timestamp, to: Option<Timestamp>, before: &[u64], after: &[u64]) -> ResellerGap {
    let mut positions = [before, after].concat();
    positions.sort_unstable();
    positions.dedup();
    ResellerGap { from, to, positions }
}
