//! Findings as numbered marks, in the lane of what they are about; the numbers are those of the list of findings.

use std::collections::BTreeMap;

use ofrecord_views::Finding;

use super::Scene;
use crate::document::said;
use crate::palette::Tone;
use crate::picture::{Item, Lasts, Row, Shape, Subject};

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_subject: BTreeMap<Subject, Vec<Item>> = BTreeMap::new();
    for (number, finding) in (1..).zip(&scene.dossier.findings) {
        let lasts = finding.until.map_or(Lasts::StillThere, Lasts::UpTo);
        by_subject.entry(about(finding)).or_default().push(Item {
            shape: Shape::Flag { at: finding.since, lasts },
            tone: Tone::Finding,
            label: format!("F{number}"),
            said: said![format!("finding F{number}: "), scene.names.sentence(&finding.sentence)],
            positions: finding.positions.clone(),
            ended_by: Vec::new(),
        });
    }
    let row = |(subject, items)| (subject, Row { label: "findings".to_owned(), items });
    by_subject.into_iter().map(row).collect()
}

/// The lane it belongs to: the subscription's, else the partner's, else the customer's own.
fn about(finding: &Finding) -> Subject {
    let subject = &finding.subject;
    let subscription = subject.subscription.map(Subject::Subscription);
    subscription.or(subject.partner.map(Subject::Partner)).unwrap_or(Subject::Customer)
}
