//! The transfers of each subscription, in the lane of the old one and of the one it became.

use std::collections::BTreeMap;

use ofrecord_core::{SubscriptionId, Timestamp};
use ofrecord_views::{TransferLineRow, TransferRow};

use super::Scene;
use crate::document::{Phrase, Piece, said};
use crate::palette::Tone;
use crate::picture::{Item, Row, Shape, Subject};
use crate::words::spoken;

pub(super) fn rows(scene: &Scene<'_>) -> Vec<(Subject, Row)> {
    let mut by_subscription: BTreeMap<SubscriptionId, Vec<Item>> = BTreeMap::new();
    for transfer in &scene.dossier.transfers {
        for line in &transfer.lines {
            let item = item(scene, transfer, line);
            for id in [Some(line.subscription), line.new_subscription].into_iter().flatten() {
                by_subscription.entry(id).or_default().push(item.clone());
            }
        }
    }
    let row =
        |(subscription, items)| (Subject::Subscription(subscription), Row { label: "transfer".to_owned(), items });
    by_subscription.into_iter().map(row).collect()
}

fn item(scene: &Scene<'_>, transfer: &TransferRow, line: &TransferLineRow) -> Item {
    let (from, to) = stretch(transfer);
    let status = transfer.status.as_ref().map_or_else(|| "status not said".to_owned(), |status| spoken!(status));
    let who = |partner: Option<_>| partner.map_or_else(|| Phrase::from("not said"), |id| scene.names.partner(id));
    let became = line.new_subscription.map(|id| said![", as ", scene.names.subscription(id)]).unwrap_or_default();
    Item {
        shape: Shape::Spell { from, to },
        tone: Tone::Transfer,
        label: format!("{status} → {}", who(transfer.target).plain()),
        said: said![
            "transfer ",
            Piece::Code(transfer.transfer.to_string()),
            format!(" {status} from "),
            who(transfer.source),
            " to ",
            who(transfer.target),
            format!("; this line {}", spoken!(line.outcome)),
            became
        ],
        positions: transfer.positions.clone(),
        ended_by: transfer.cells.of("ended").collect(),
    }
}

/// From the first step to the last, or to when it expires unanswered; open while neither is known.
fn stretch(transfer: &TransferRow) -> (Timestamp, Option<Timestamp>) {
    let steps = [&transfer.requested, &transfer.accepted, &transfer.ended].into_iter().flatten().map(|step| step.at);
    let from = steps.min().unwrap_or(transfer.status_since);
    let ended = transfer.ended.as_ref().map(|ended| ended.at);
    let over = transfer.status.as_ref().is_some_and(|status| !status.is_open());
    let to = ended.or(transfer.expires_at).or(over.then_some(transfer.status_since));
    (from, to.map(|to| to.max(from.plus_seconds(1))))
}
