//! The transfers of subscriptions between partners: who asked, who approved on which side, and what became of each line.

use std::collections::BTreeSet;

use ofrecord_views::{Approval, TransferLineRow, TransferRow, TransferStep};

use super::Scene;
use crate::document::{Block, Cell, Pairs, Phrase, Piece, Table, said};
use crate::words::{self, spoken};

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.transfers;
    if rows.is_empty() {
        return vec![Block::Sentence(said!["No transfer of a subscription is on record ", scene.as_of(), "."])];
    }
    rows.iter().flat_map(|row| one(scene, row)).collect()
}

fn one(scene: &Scene<'_>, row: &TransferRow) -> Vec<Block> {
    let id = row.transfer.to_string();
    let anchor = format!("transfer-{}", crate::document::anchor(&id));
    vec![
        Block::Heading(anchor, said!["Transfer ", Piece::Name(id)]),
        Block::Pairs(pairs(scene, row)),
        lines(scene, row),
    ]
}

fn pairs(scene: &Scene<'_>, row: &TransferRow) -> Pairs {
    let field = |name: &str, said: Option<Phrase>| Cell::maybe(said).because(row.cells.of(name));
    let step = |step: &Option<TransferStep>| step.as_ref().map(|step| self::step(scene, step));
    let status = row.status.as_ref().map(|status| {
        let by_time = row.status_rule.map(|rule| format!(", by time alone (rule {rule})")).unwrap_or_default();
        said![spoken!(status), " since ", row.status_since, by_time].without_empty()
    });
    let approval = |side: &Option<Approval>| side.as_ref().map(|approval| self::approval(scene, approval));
    Pairs {
        caption: "Known at the instant asked about".to_owned(),
        rows: vec![
            ("procedure", field("family", row.family.as_ref().map(|family| spoken!(family).into()))),
            ("source", field("source", row.source.map(|partner| scene.names.partner(partner)))),
            ("target", field("target", row.target.map(|partner| scene.names.partner(partner)))),
            ("status", field("status", status)),
            (
                "the source's own word",
                field("status_word", row.status_word.clone().map(|word| Piece::Name(word).into())),
            ),
            ("asked for", field("requested", step(&row.requested))),
            ("accepted", field("accepted", step(&row.accepted))),
            ("ended", field("ended", step(&row.ended))),
            ("expires unanswered", Cell::maybe(row.expires_at)),
            ("approved by the customer", field("approvals", approval(&row.approvals.customer))),
            ("approved by the source", field("approvals", approval(&row.approvals.source))),
            ("approved by the target", field("approvals", approval(&row.approvals.target))),
            ("last day billed to the source", field("billing_split_date", row.billing_split_date.map(Phrase::from))),
        ],
    }
}

fn step(scene: &Scene<'_>, step: &TransferStep) -> Phrase {
    let by = step.actor.as_ref().map(|actor| said![", by ", words::actor(actor, &scene.names)]);
    said![step.at, by.unwrap_or_default()]
}

fn approval(scene: &Scene<'_>, approval: &Approval) -> Phrase {
    let by = approval.actor.as_ref().map(|actor| said![", ", words::actor(actor, &scene.names)]).unwrap_or_default();
    let name = approval.name.as_ref().map(|name| said![", ", Piece::Name(name.clone())]).unwrap_or_default();
    said![words::approved_through(approval.through), " at ", approval.at, by, name]
}

fn lines(scene: &Scene<'_>, row: &TransferRow) -> Block {
    let by: Vec<u64> = row.cells.of("lines").collect();
    let cells = |line: &TransferLineRow| {
        let code = line.error_code.map(|code| format!(" (code {code})")).unwrap_or_default();
        let error = line.error.as_ref().map(|text| said![Piece::Name(text.clone()), code].without_empty());
        vec![
            Cell::of(scene.names.subscription(line.subscription)),
            Cell::maybe(line.new_subscription.map(|id| scene.names.subscription(id))),
            Cell::of(spoken!(line.outcome)).because(by.iter().copied()),
            Cell::maybe(line.quantity.map(|quantity| quantity.to_string())),
            Cell::maybe(line.partner_id_on_record.as_ref().map(|id| scene.names.partner_id(id))),
            Cell::maybe(error),
        ]
    };
    Block::Table(Table {
        caption: "Subscriptions of the transfer".to_owned(),
        columns: vec!["subscription", "became", "outcome", "quantity", "reseller of record at the target", "error"],
        rows: row.lines.iter().map(cells).collect(),
    })
}
