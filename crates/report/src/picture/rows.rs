//! Which rows a picture has: one table, each line a view of the dossier drawn over time.

use std::collections::BTreeMap;

use ofrecord_views::Dossier;

use super::lane::{Lane, Row, Subject};
use crate::names::Names;

mod access;
mod coverage;
mod finding;
mod granular;
mod of_record;
mod owner;
mod relationship;
mod status;
mod transfer;

/// What rows are drawn from.
pub(super) struct Scene<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) names: &'a Names,
}

type RowsOf = fn(&Scene<'_>) -> Vec<(Subject, Row)>;

/// Everything that is drawn. Within a lane the rows stand in this order.
const ROWS: &[RowsOf] = &[
    relationship::rows,
    granular::rows,
    access::rows,
    status::rows,
    owner::rows,
    transfer::rows,
    of_record::rows,
    coverage::rows,
    finding::rows,
];

/// The lanes of a dossier: the customer as a whole, then partners, then subscriptions, each in the order in
/// which they came.
pub(super) fn lanes(dossier: &Dossier, names: &Names) -> Vec<Lane> {
    let scene = Scene { dossier, names };
    let mut by_subject: BTreeMap<Subject, Vec<Row>> = BTreeMap::new();
    for (subject, row) in ROWS.iter().flat_map(|rows| rows(&scene)).filter(|(_, row)| !row.items.is_empty()) {
        by_subject.entry(subject).or_default().push(row);
    }
    let lane = |(subject, rows)| Lane { subject, title: title(&scene, subject), rows };
    let mut lanes: Vec<Lane> = by_subject.into_iter().map(lane).collect();
    lanes.sort_by_key(|lane| (kind(lane.subject), lane.first(), lane.subject));
    lanes
}

fn kind(subject: Subject) -> u8 {
    match subject {
        Subject::Customer => 0,
        Subject::Partner(_) => 1,
        Subject::Subscription(_) => 2,
    }
}

fn title(scene: &Scene<'_>, subject: Subject) -> String {
    match subject {
        Subject::Customer => scene.dossier.profile.name.clone().unwrap_or_else(|| "the customer".to_owned()),
        Subject::Partner(id) => scene.names.partner(id).plain(),
        Subject::Subscription(id) => scene.names.subscription(id).plain(),
    }
}
