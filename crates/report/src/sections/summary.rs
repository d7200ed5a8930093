//! The whole in sentences, each with the entries that say so.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::PartnerTenantId;
use ofrecord_views::{FindingCode, Standing, SubscriptionRow};

use super::Scene;
use crate::document::{Block, Phrase, Piece, counted, said};
use crate::words;

pub(super) fn blocks(scene: &Scene<'_>, _: &BTreeSet<u64>) -> Vec<Block> {
    let sentences =
        [resellers, former, access, subscriptions, next, findings, lines, coverage, record].map(|say| say(scene));
    vec![Block::List(sentences.into_iter().flatten().collect())]
}

fn resellers(scene: &Scene<'_>) -> Option<Phrase> {
    let rows = &scene.dossier.resellers;
    let as_of = said!["On ", scene.dossier.as_of, ", "];
    if rows.is_empty() {
        return Some(said![as_of, Piece::Strong("nobody".to_owned()), " is reseller of this customer."]);
    }
    let each = rows.iter().map(|row| {
        said![
            scene.names.partner(row.partner),
            " since ",
            row.since,
            " (",
            words::established_by(row.established_by),
            ")"
        ]
    });
    let count = counted(rows.len(), "partner", "partners");
    let verb = if rows.len() == 1 { "is" } else { "are" };
    Some(said![
        as_of,
        Piece::Strong(count),
        format!(" {verb} reseller of this customer: "),
        Phrase::joined(each, "; "),
        "."
    ])
}

fn former(scene: &Scene<'_>) -> Option<Phrase> {
    let present: BTreeSet<PartnerTenantId> = scene.dossier.resellers.iter().map(|row| row.partner).collect();
    let ended = scene.dossier.reseller_history.iter().filter(|spell| spell.known_to.is_none());
    let mut last = BTreeMap::new();
    for spell in ended.filter(|spell| !present.contains(&spell.key)) {
        let end: &mut Option<_> = last.entry(spell.key).or_default();
        *end = (*end).max(spell.valid_to);
    }
    let each = last.iter().map(|(partner, end)| {
        let until = end.map_or_else(Phrase::default, |end| said![" until ", end]);
        said![scene.names.partner(*partner), until]
    });
    let who = Phrase::joined(each, "; ");
    (!who.is_empty()).then(|| said!["Reseller before, and no longer: ", who, "."])
}

fn access(scene: &Scene<'_>) -> Option<Phrase> {
    let rows = &scene.dossier.access;
    if rows.is_empty() {
        return Some("Nobody is on record as able to administer the customer.".into());
    }
    let mut by_partner: BTreeMap<PartnerTenantId, (Standing, BTreeSet<&'static str>)> = BTreeMap::new();
    for row in rows {
        let (_, through) = by_partner.entry(row.partner).or_insert_with(|| (row.standing, BTreeSet::new()));
        through.insert(words::mechanism(row.mechanism));
    }
    let each = by_partner.iter().map(|(partner, (standing, through))| {
        let through: Vec<&str> = through.iter().copied().collect();
        said![
            scene.names.partner(*partner),
            format!(" ({}) through {}", words::standing(*standing), through.join(" and "))
        ]
    });
    let count = counted(by_partner.len(), "partner", "partners");
    Some(said![Piece::Strong(count), " can administer the customer: ", Phrase::joined(each, "; "), "."])
}

fn subscriptions(scene: &Scene<'_>) -> Option<Phrase> {
    let rows = &scene.dossier.subscriptions;
    if rows.is_empty() {
        return Some("No subscription of the customer is on record.".into());
    }
    let by_status = tally(rows, |row| words::status_word(&row.status));
    let by_owner = tally(rows, |row| row.owner);
    let statuses: Vec<String> = by_status.iter().map(|(status, count)| format!("{count} {status}")).collect();
    let owners = by_owner.iter().map(|(owner, count)| match owner {
        Some(owner) => said![scene.names.partner(*owner), format!(" {count}")],
        None => said![format!("no source says by whom {count}")],
    });
    let count = counted(rows.len(), "subscription", "subscriptions");
    let (verb, owned) = if rows.len() == 1 { ("is", "It is owned by: ") } else { ("are", "They are owned by: ") };
    Some(said![
        Piece::Strong(count),
        format!(" {verb} on record: {}. {owned}", statuses.join(", ")),
        Phrase::joined(owners, "; "),
        "."
    ])
}

fn tally<K: Ord>(rows: &[SubscriptionRow], by: impl Fn(&SubscriptionRow) -> K) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(by(row)).or_default() += 1);
    counts
}

fn next(scene: &Scene<'_>) -> Option<Phrase> {
    let changes =
        scene.dossier.subscriptions.iter().filter_map(|row| Some((row.subscription, row.next_change.as_ref()?)));
    let (subscription, change) = changes.min_by_key(|(_, change)| change.at)?;
    Some(said![
        "What time alone does next: ",
        scene.names.subscription(subscription),
        " ",
        words::timed_change(&change.change),
        " at ",
        change.at,
        "."
    ])
}

fn findings(scene: &Scene<'_>) -> Option<Phrase> {
    let findings = &scene.dossier.findings;
    if findings.is_empty() {
        return Some("There is no finding.".into());
    }
    let mut counts: BTreeMap<FindingCode, usize> = BTreeMap::new();
    findings.iter().for_each(|finding| *counts.entry(finding.code).or_default() += 1);
    let each = counts.iter().map(|(code, count)| said![Piece::Code(code.as_str().to_owned()), format!(" {count}")]);
    let count = counted(findings.len(), "finding", "findings");
    let verb = if findings.len() == 1 { "is" } else { "are" };
    let place = Piece::Place("findings".to_owned(), "to look at".to_owned());
    Some(said![format!("There {verb} "), Piece::Strong(count), " ", place, ": ", Phrase::joined(each, ", "), "."])
}

fn lines(scene: &Scene<'_>) -> Option<Phrase> {
    let interference = &scene.dossier.interference;
    let count = counted(interference.events.len(), "relationship event", "relationship events");
    let place = Piece::Place("the-four-lines".to_owned(), "The four lines".to_owned());
    Some(if interference.holds() {
        said![
            place,
            " ",
            Piece::Strong("hold".to_owned()),
            format!(
                ": none of {count} changed the owner, the terms or a partner of record of a subscription, \
                 and a replay without them gives the same subscriptions."
            )
        ]
    } else {
        said![place, " ", Piece::Strong("do not hold".to_owned()), ": a relationship event changed a subscription."]
    })
}

fn coverage(scene: &Scene<'_>) -> Option<Phrase> {
    let read = scene.dossier.coverage.iter().filter(|row| !row.covered.is_empty()).count();
    let place = Piece::Place("coverage".to_owned(), "Coverage".to_owned());
    Some(if read == 0 {
        said![
            place,
            ": no source is recorded as read for any time, so that what is not here may be unknown rather than absent."
        ]
    } else {
        let count = counted(read, "source is recorded as read", "sources are recorded as read");
        said![place, format!(": {count} for part of the time; outside it, no event means no data.")]
    })
}

fn record(scene: &Scene<'_>) -> Option<Phrase> {
    let rows = &scene.dossier.timeline;
    let entries: BTreeSet<u64> = rows.iter().map(|row| row.position).collect();
    let refusals = rows.iter().filter(|row| row.refusal.is_some()).count();
    let corrected = rows.iter().filter(|row| row.corrected_by.is_some()).count();
    Some(said![format!(
        "The record holds {}, among them {}; {}.",
        counted(entries.len(), "entry", "entries"),
        counted(refusals, "refusal", "refusals"),
        match corrected {
            0 => "no event was corrected".to_owned(),
            1 => "1 event was corrected".to_owned(),
            many => format!("{many} events were corrected"),
        }
    )])
}
