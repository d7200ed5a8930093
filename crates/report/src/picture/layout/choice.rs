//! Which lanes are drawn where there are too many: those with findings first, then those that hold, then the newest.

use std::cmp::Reverse;

use ofrecord_core::Timestamp;

use super::super::Picture;
use super::super::lane::{Item, Lane, Shape, Subject};
use crate::document::counted;

/// The most lanes of partners.
pub(super) const PARTNERS_MAX: usize = 24;
/// The most lanes of subscriptions.
pub(super) const SUBSCRIPTIONS_MAX: usize = 40;

/// The lanes to draw, in their order, and what is left out.
pub(super) fn lanes(picture: &Picture) -> (Vec<&Lane>, Vec<String>) {
    let of = |kind: fn(&Subject) -> bool| picture.lanes.iter().filter(move |lane| kind(&lane.subject));
    let mut chosen: Vec<&Lane> = of(|subject| matches!(subject, Subject::Customer)).collect();
    let mut left_out = Vec::new();
    let partners: Vec<&Lane> = of(|subject| matches!(subject, Subject::Partner(_))).collect();
    let subscriptions: Vec<&Lane> = of(|subject| matches!(subject, Subject::Subscription(_))).collect();
    for (lanes, lanes_max, one, many) in [
        (partners, PARTNERS_MAX, "partner", "partners"),
        (subscriptions, SUBSCRIPTIONS_MAX, "subscription", "subscriptions"),
    ] {
        let count = lanes.len();
        if count > lanes_max {
            left_out.push(format!(
                "{lanes_max} of {} are drawn: those with findings first, then those that hold at the instant asked about, \
                 then the newest; the table has all of them.",
                counted(count, one, many)
            ));
        }
        chosen.extend(foremost(lanes, lanes_max, picture.as_of));
    }
    (chosen, left_out)
}

/// The foremost lanes, in the order in which they came.
fn foremost(lanes: Vec<&Lane>, lanes_max: usize, as_of: Timestamp) -> Vec<&Lane> {
    let mut ranked: Vec<(usize, &Lane)> = lanes.into_iter().enumerate().collect();
    ranked.sort_by_key(|(index, lane)| (rank(lane, as_of), Reverse(lane.newest()), *index));
    ranked.truncate(lanes_max);
    ranked.sort_by_key(|(index, _)| *index);
    ranked.into_iter().map(|(_, lane)| lane).collect()
}

fn rank(lane: &Lane, as_of: Timestamp) -> u8 {
    let mut items = lane.rows.iter().flat_map(|row| &row.items);
    if items.clone().any(|item| matches!(item.shape, Shape::Flag { .. })) {
        return 0;
    }
    let holds = |item: &Item| match item.shape {
        Shape::Spell { from, to } => {
            item.tone != crate::palette::Tone::Deleted && from <= as_of && to.is_none_or(|to| as_of < to)
        }
        Shape::Boundary(_) | Shape::Flag { .. } => false,
    };
    if items.any(holds) { 1 } else { 2 }
}
