//! What was read, and what was not.

use ofrecord_core::Event;
use ofrecord_core::event::ledger::SourceCoverageRecorded;
use ofrecord_core::evidence::SourceSystem;

use super::{CoverageRow, coverage};
use crate::record::PartnerRecord;
use crate::story::{Story, accepted, at, p, q, withdrawn};
use crate::viewpoint::Period;

const AUDIT: SourceSystem = SourceSystem::PartnerCenterAudit;

fn read(from: &str, to: &str) -> Event {
    Event::SourceCoverageRecorded(SourceCoverageRecorded { source: AUDIT, from: at(from), to: at(to) })
}

fn period(from: &str, to: &str) -> Period {
    Period { from: at(from), to: at(to) }
}

fn first_half(story: &Story, partners: &[&PartnerRecord]) -> Vec<CoverageRow> {
    coverage(&story.record(), partners, period("2024-01-01", "2024-07-01"), u64::MAX)
}

#[test]
fn covered_and_uncovered_parts_make_up_the_period() {
    let story = Story::new()
        .on("2024-08-01", [read("2023-11-01", "2024-02-01"), read("2024-02-01", "2024-03-01")])
        .on("2024-08-02", [read("2024-04-01", "2024-05-01")]);
    let rows = first_half(&story, &[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].covered, [period("2024-01-01", "2024-03-01"), period("2024-04-01", "2024-05-01")]);
    assert_eq!(rows[0].uncovered, [period("2024-03-01", "2024-04-01"), period("2024-05-01", "2024-07-01")]);
    assert_eq!(rows[0].positions.len(), 2);
}

#[test]
fn a_source_that_only_evidence_names_is_uncovered_throughout() {
    let rows = first_half(&Story::new().told("2024-02-01", AUDIT, [accepted(q())]), &[]);
    assert_eq!((rows[0].covered.len(), &rows[0].uncovered[..]), (0, &[period("2024-01-01", "2024-07-01")][..]));
    assert_eq!(first_half(&Story::new().on("2024-02-01", [accepted(q())]), &[]), []);
}

#[test]
fn readings_in_a_partners_stream_count() {
    let mut partner = PartnerRecord::new(p());
    let readings = Story::new().on("2024-08-01", [read("2024-01-01", "2024-07-01")]);
    readings.entries.iter().for_each(|entry| partner.take(entry));
    let story = Story::new().told("2024-02-01", AUDIT, [accepted(q())]);
    assert_eq!(first_half(&story, &[&partner])[0].uncovered, []);
}

#[test]
fn a_reading_that_was_withdrawn_covers_nothing() {
    let story = Story::new().on("2024-08-01", [read("2024-01-01", "2024-07-01")]);
    let position = story.last();
    assert_eq!(first_half(&story, &[])[0].uncovered, []);
    assert_eq!(first_half(&story.on("2024-08-02", [withdrawn(position, 0)]), &[]), []);
}

#[test]
fn a_reading_of_no_length_covers_nothing() {
    let rows = first_half(&Story::new().on("2024-08-01", [read("2024-03-01", "2024-02-01")]), &[]);
    assert_eq!(rows[0].uncovered, [period("2024-01-01", "2024-07-01")]);
}
