//! Rows of the tables at one viewpoint.

use ofrecord_interop::table::{Cell, Row};
use ofrecord_views::{self as views, Period};

use super::{Scene, word};
use ofrecord_ledger::answers::period;

/// Rows of the table of findings.
pub(super) fn findings(scene: &Scene<'_>) -> Vec<Row> {
    let row = |finding: views::Finding| {
        let subject = &finding.subject;
        vec![
            ("customer", Cell::text(scene.record.id())),
            ("code", Cell::text(finding.code.as_str())),
            ("rule", Cell::text_of(finding.rule)),
            ("since", finding.since.into()),
            ("until", finding.until.into()),
            ("partner", Cell::text_of(subject.partner)),
            ("other_partner", Cell::text_of(subject.other_partner)),
            ("subscription", Cell::text_of(subject.subscription)),
            ("service", Cell::text_of(subject.service.as_ref())),
            ("relationship", Cell::text_of(subject.relationship.as_ref())),
            ("source", Cell::text_of(subject.source.as_ref())),
            ("field", Cell::text_of(subject.field.as_ref())),
            ("sentence", Cell::Text(finding.sentence)),
            ("positions", finding.positions.into()),
        ]
    };
    views::findings(scene.record, scene.partners, &scene.viewpoint).into_iter().map(row).collect()
}

/// Rows of the table of coverage: one for each stretch of each source.
pub(super) fn coverage(scene: &Scene<'_>) -> Vec<Row> {
    let whole = period(None, None, scene.record, scene.viewpoint.as_of);
    let sources = views::coverage(scene.record, scene.partner_records, whole, scene.viewpoint.known_below);
    let mut rows = Vec::new();
    for source in sources {
        let covered = source.covered.iter().map(|stretch| ("covered", stretch));
        let mut stretches: Vec<(&str, &Period)> =
            covered.chain(source.uncovered.iter().map(|stretch| ("uncovered", stretch))).collect();
        stretches.sort_by_key(|(_, stretch)| **stretch);
        rows.extend(stretches.into_iter().map(|(state, stretch)| {
            vec![
                ("customer", Cell::text(scene.record.id())),
                ("source", Cell::text(&source.source)),
                ("state", Cell::text(state)),
                ("from_instant", stretch.from.into()),
                ("to_instant", stretch.to.into()),
                ("positions", source.positions.clone().into()),
            ]
        }));
    }
    rows
}

/// Rows of the table of billing.
pub(super) fn billing(scene: &Scene<'_>) -> Vec<Row> {
    let whole = period(None, None, scene.record, scene.viewpoint.as_of);
    let row = |one: views::BillingRow| {
        vec![
            ("customer", Cell::text(scene.record.id())),
            ("subscription", Cell::text(one.subscription)),
            ("partner", Cell::text_of(one.partner)),
            ("billed", word(&one.billed)),
            ("from_day", one.from.into()),
            ("to_day", one.to.into()),
            ("days", one.days.into()),
            ("positions", one.positions.into()),
        ]
    };
    views::billing(scene.record, whole, &scene.viewpoint).into_iter().map(row).collect()
}
