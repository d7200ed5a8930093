//! The subscriptions: all of them in one table, then each with its terms and its histories.

use std::collections::BTreeSet;

use ofrecord_core::SubscriptionId;
use ofrecord_views::{Interval, StatusSpell, SubscriptionRow, TermsSpell};

use super::Scene;
use super::history::{self, Told};
use crate::document::{Block, Cell, Phrase, Piece, Table, said};
use crate::names::subscription_anchor;
use crate::words::{self, spoken};

mod terms;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let rows = &scene.dossier.subscriptions;
    if rows.is_empty() {
        return vec![Block::Sentence(said!["No subscription of the customer is on record ", scene.as_of(), "."])];
    }
    let mut blocks = vec![overview(scene)];
    blocks.extend(rows.iter().flat_map(|row| one(scene, row)));
    blocks
}

fn overview(scene: &Scene<'_>) -> Block {
    let row = |row: &SubscriptionRow| {
        let by = |field: &str| row.cells.of(field).collect::<Vec<u64>>();
        vec![
            Cell::of(scene.names.subscription(row.subscription)),
            Cell::maybe(row.owner.map(|owner| scene.names.partner(owner))).because(by("owner")),
            Cell::of(words::status(&row.status)).because(by("status")),
            Cell::maybe(row.quantity.map(|quantity| quantity.to_string())).because(by("quantity")),
            Cell::maybe(row.commitment_end).because(by("commitment_end")),
            Cell::maybe(words::of_record(&row.partner_of_record.reseller_of_record, &scene.names))
                .because(by("reseller_of_record")),
            Cell::maybe(row.next_change.as_ref().map(|next| said![words::timed_change(&next.change), " at ", next.at])),
        ]
    };
    Block::Table(Table {
        caption: "Subscriptions at the instant asked about".to_owned(),
        columns: vec![
            "subscription",
            "owner",
            "status",
            "quantity",
            "term ends",
            "reseller of record",
            "next by time alone",
        ],
        rows: scene.dossier.subscriptions.iter().map(row).collect(),
    })
}

/// One subscription: its terms, then what they, its status, its owner and its partners of record were.
fn one(scene: &Scene<'_>, row: &SubscriptionRow) -> Vec<Block> {
    let id = row.subscription;
    let title = scene.names.subscription(id).plain();
    let mut blocks = vec![
        Block::Heading(subscription_anchor(id), Piece::Name(title).into()),
        Block::Pairs(terms::pairs(scene, row)),
    ];
    blocks.extend(statuses(scene, id));
    blocks.extend(terms_history(scene, id));
    blocks.extend(owners(scene, id));
    blocks.extend(partners_of_record(scene, id));
    blocks
}

fn statuses(scene: &Scene<'_>, id: SubscriptionId) -> Option<Block> {
    let spells: Vec<&StatusSpell> =
        scene.dossier.status_history.iter().filter(|spell| spell.subscription == id).collect();
    let row = |spell: &&StatusSpell| {
        let because = match spell.rule {
            None => Cell::of("as recorded"),
            Some("U-18") => Cell::of("the term ended and no renewal was seen (rule U-18)"),
            Some(rule) => Cell::of(format!("time alone (rule {rule})")),
        };
        let ahead = if spell.from > scene.dossier.as_of { ", if no further event comes" } else { "" };
        let until = match spell.to {
            Some(to) if to > scene.dossier.as_of => Cell::of(said![to, ", if no further event comes"]),
            None if spell.from > scene.dossier.as_of => Cell::default(),
            to => scene.until(to),
        };
        vec![
            Cell::of(words::status(&spell.status)),
            Cell::of(said![spell.from, ahead].without_empty()).because(spell.positions.iter().copied()),
            until.because(spell.ended_by.iter().copied()),
            because,
        ]
    };
    (!spells.is_empty()).then(|| {
        Block::Table(Table {
            caption: "Status over time, by what is known".to_owned(),
            columns: vec!["status", "from", "until", "brought about by"],
            rows: spells.iter().map(row).collect(),
        })
    })
}

/// The intervals of one subscription.
fn of<K: Clone, V: Clone>(
    intervals: &[Interval<K, V>],
    id: SubscriptionId,
    key: impl Fn(&K) -> SubscriptionId,
) -> Vec<Interval<K, V>> {
    intervals.iter().filter(|interval| key(&interval.key) == id).cloned().collect()
}

fn terms_history(scene: &Scene<'_>, id: SubscriptionId) -> Vec<Block> {
    let spells = of(&scene.dossier.terms_history, id, |key| *key);
    if spells.len() < 2 {
        return Vec::new();
    }
    let told = Told {
        caption: "Terms over time",
        columns: &["content", "term", "billing"],
        cells: &|spell: &Interval<SubscriptionId, TermsSpell>| terms_cells(&spell.value),
    };
    history::blocks(scene, &spells, &told)
}

fn terms_cells(terms: &TermsSpell) -> Vec<Cell> {
    let quantity = terms.quantity.map(|quantity| Phrase::from(quantity.to_string()));
    let product = terms.product_name.clone().map(|name| Piece::Name(name).into());
    let ends = terms.commitment_end.map(|end| said!["ends ", end]);
    let renews = terms.auto_renew.as_ref().map(|renew| format!("automatic renewal {}", spoken!(renew)).into());
    let term = terms.term.as_ref().map(|term| words::term(term).into());
    let cycle = terms.billing_cycle.as_ref().map(|cycle| spoken!(cycle).into());
    let trial = terms.trial.as_ref().map(|trial| spoken!(trial).into());
    let joined = |parts: Vec<Option<Phrase>>, between| Cell::of(Phrase::joined(parts.into_iter().flatten(), between));
    vec![
        joined(vec![quantity, product], " of "),
        joined(vec![term, ends, renews], ", "),
        joined(vec![cycle, trial], ", "),
    ]
}

fn owners(scene: &Scene<'_>, id: SubscriptionId) -> Vec<Block> {
    let told = Told {
        caption: "Owner over time",
        columns: &["owner"],
        cells: &|spell: &Interval<SubscriptionId, ofrecord_core::PartnerTenantId>| vec![scene.partner(spell.value)],
    };
    history::blocks(scene, &of(&scene.dossier.owner_history, id, |key| *key), &told)
}

fn partners_of_record(scene: &Scene<'_>, id: SubscriptionId) -> Vec<Block> {
    let told = Told {
        caption: "Partners of record over time",
        columns: &["kind", "partner ID"],
        cells: &|spell: &Interval<ofrecord_views::OfRecordKey, Option<ofrecord_core::PartnerId>>| {
            let who = spell.value.as_ref().map_or_else(|| Phrase::from("nobody"), |id| scene.names.partner_id(id));
            vec![Cell::of(words::of_record_row(&spell.key)), Cell::of(who)]
        },
    };
    history::blocks(scene, &of(&scene.dossier.partner_of_record_history, id, |key| key.subscription), &told)
}
