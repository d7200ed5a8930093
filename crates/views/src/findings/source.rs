//! Findings on the record itself: holes in what was read, what a source no longer has, and corrections.

use ofrecord_core::Event;

use super::{Scene, finding};
use crate::coverage::{holes, readings};
use crate::finding::{Finding, FindingCode, FindingSubject};
use crate::viewpoint::Period;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = gaps(scene);
    found.extend(no_longer_readable(scene));
    found.extend(corrections(scene));
    found
}

/// Only holes between two readings: before the first and after the last,
/// nobody claims that the source was read.
fn gaps(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (source, read) in readings(scene.record, scene.viewpoint.known_below) {
        let (Some(first), Some(last)) = (read.periods.first(), read.periods.last()) else { continue };
        for hole in holes(&read.periods, Period { from: first.from, to: last.to }) {
            if scene.viewpoint.as_of < hole.from {
                continue;
            }
            let sentence = format!("{source} was not read from {} up to {}", hole.from, hole.to);
            let subject = FindingSubject { source: Some(source.clone()), ..FindingSubject::default() };
            let positions = read.positions.iter().copied();
            found.push(Finding {
                rule: Some("L-11"),
                until: Some(hole.to),
                ..finding(FindingCode::GapInSourceCoverage, subject, hole.from, sentence, positions)
            });
        }
    }
    found
}

fn no_longer_readable(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for fact in &scene.facts {
        let Event::SourceRetentionGap(gap) = &*fact.event else { continue };
        let sentence = format!("{} no longer has {}", gap.source, gap.subject);
        let subject = FindingSubject {
            source: Some(gap.source.clone()),
            field: Some(gap.subject.clone()),
            ..FindingSubject::default()
        };
        let positions = fact.stamp().positions();
        found.push(Finding {
            rule: Some("L-9"),
            ..finding(FindingCode::SourceCanNoLongerBeRead, subject, fact.effective_at, sentence, positions)
        });
    }
    found
}

/// A correction matters from the instant of what it corrects, however late it was made.
fn corrections(scene: &Scene<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for fact in scene.record.facts() {
        let Event::EventCorrected(correction) = &*fact.event else { continue };
        let Some(corrected) = scene.record.entry(correction.position) else { continue };
        let known = fact.at.position < scene.viewpoint.known_below;
        let moved = correction.effective_at.unwrap_or(corrected.effective_at);
        let since = corrected.effective_at.min(moved);
        if !known || scene.viewpoint.as_of < since {
            continue;
        }
        let what = if correction.replacement.is_some() { "replaced" } else { "withdrawn" };
        let sentence = format!(
            "event {} of entry {} was {what} by entry {}: {}",
            correction.event_index, correction.position, fact.at.position, correction.reason
        );
        let positions = [correction.position, fact.at.position];
        found.push(Finding {
            rule: Some("L-1"),
            ..finding(FindingCode::CorrectionApplied, FindingSubject::default(), since, sentence, positions)
        });
    }
    found
}
