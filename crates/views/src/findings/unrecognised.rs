//! Words that are in no published list, wherever they stand in the record (rule L-8).

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::Event;
use ofrecord_core::Timestamp;
use ofrecord_core::event::ledger::KeptBecause;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::{Access, Subscription};

use super::{Scene, finding};
use crate::finding::{Finding, FindingCode, FindingSubject};

/// Where each word stands: by subject, field and word, since when and by which entries.
#[derive(Default)]
struct Words(BTreeMap<(FindingSubject, String), (Timestamp, BTreeSet<u64>)>);

impl Words {
    fn add(
        &mut self,
        mut subject: FindingSubject,
        field: &str,
        word: &str,
        since: Timestamp,
        positions: impl IntoIterator<Item = u64>,
    ) {
        subject.field = Some(field.to_owned());
        let (first, all) = self.0.entry((subject, word.to_owned())).or_insert((since, BTreeSet::new()));
        *first = (*first).min(since);
        all.extend(positions);
    }
}

/// A word of an open vocabulary when it is not published.
macro_rules! unpublished {
    ($words:expr, $subject:expr, $($field:literal: $cell:expr,)+) => {
        $(if let Some(cell) = $cell && !cell.value.is_recognised() {
            $words.add($subject.clone(), $field, cell.value.as_str(), cell.set.effective_at, cell.set.positions());
        })+
    };
}

mod granular;

pub(super) fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut words = Words::default();
    in_state(scene, &mut words);
    in_kept_records(scene, &mut words);
    in_entries(scene, &mut words);
    words
        .0
        .into_iter()
        .map(|((subject, word), (since, positions))| {
            let field = subject.field.clone().unwrap_or_default();
            let sentence = format!("`{word}` in {field} is not a published word");
            Finding {
                rule: Some("L-8"),
                ..finding(FindingCode::UnrecognisedValue, subject, since, sentence, positions)
            }
        })
        .collect()
}

fn in_state(scene: &Scene<'_>, words: &mut Words) {
    let state = &scene.state;
    unpublished! { words, FindingSubject::default(),
        "tenant_type": &state.profile.tenant_type,
        "account_status": &state.profile.account_status,
    }
    for (partner, relationship) in &state.resellers.relationships {
        unpublished! { words, FindingSubject::partner(*partner),
            "relationship": Some(&relationship.kind),
            "ended_by": &relationship.ended,
        }
    }
    for (partner, access) in &state.access.partners {
        in_dap_end(words, &FindingSubject::partner(*partner), access);
    }
    for (id, known) in &state.access.granular.by_id {
        let subject = FindingSubject { relationship: Some(id.clone()), ..FindingSubject::partner(known.partner) };
        granular::in_relationship(words, &subject, known);
    }
    for agreement in &state.agreements {
        let (kind, method) = (
            Cell::new(agreement.agreement_type.clone(), agreement.set),
            Cell::new(agreement.method.clone(), agreement.set),
        );
        unpublished! { words, FindingSubject::default(),
            "agreement_type": Some(&kind),
            "agreement_method": Some(&method),
        }
    }
    for (id, subscription) in &state.subscriptions.by_id {
        in_subscription(words, &FindingSubject::subscription(*id), subscription);
    }
    for transfer in state.transfers.values() {
        unpublished! { words, FindingSubject::default(),
            "transfer_family": &transfer.family,
            "transfer_status": &transfer.status,
        }
        for (subscription, line) in &transfer.lines {
            unpublished! { words, FindingSubject::subscription(*subscription), "transfer_line_status": Some(&line.status), }
        }
    }
}

fn in_dap_end(words: &mut Words, subject: &FindingSubject, access: &Access) {
    let Some(ended) = &access.dap_ended else { return };
    let by = Cell::new(ended.by.clone(), ended.set);
    let cause = ended.cause.as_ref().map(|cause| Cell::new(cause.clone(), ended.set));
    unpublished! { words, subject,
        "dap_ended_by": Some(&by),
        "dap_ended_cause": &cause,
    }
}

fn in_subscription(words: &mut Words, subject: &FindingSubject, subscription: &Subscription) {
    let terms = &subscription.terms;
    let family = terms.product.as_ref().map(|product| Cell::new(product.value.family.clone(), product.set));
    unpublished! { words, subject,
        "status": &terms.status,
        "suspension_reason": &terms.suspension_reason,
        "term": &terms.term,
        "billing_cycle": &terms.billing_cycle,
        "auto_renew": &terms.auto_renew,
        "trial": &terms.trial,
        "agreement": &terms.agreement,
        "family": &family,
    }
}

fn in_kept_records(scene: &Scene<'_>, words: &mut Words) {
    for fact in &scene.facts {
        let Event::SourceRecordKept(kept) = &*fact.event else { continue };
        for word in &kept.unrecognised {
            let positions = fact.stamp().positions();
            words.add(FindingSubject::default(), &word.field, &word.word, fact.effective_at, positions);
        }
        if kept.because == KeptBecause::Unrecognised {
            let positions = fact.stamp().positions();
            words.add(FindingSubject::default(), "operation", &kept.operation, fact.effective_at, positions);
        }
    }
}

fn in_entries(scene: &Scene<'_>, words: &mut Words) {
    let entries = scene.record.entries().iter();
    for entry in entries.filter(|row| row.position < scene.viewpoint.known_below) {
        if scene.viewpoint.as_of < entry.effective_at {
            continue;
        }
        let mut add = |field: &str, word: &str| {
            words.add(FindingSubject::default(), field, word, entry.effective_at, [entry.position]);
        };
        if !entry.actor.kind.is_recognised() {
            add("actor.kind", entry.actor.kind.as_str());
        }
        if let Some(role) = entry.actor.role.as_ref().filter(|role| !role.is_recognised()) {
            add("actor.role", role.as_str());
        }
        for evidence in &entry.evidence {
            if !evidence.source.is_recognised() {
                add("evidence.source", evidence.source.as_str());
            }
            if !evidence.completeness.is_recognised() {
                add("evidence.completeness", evidence.completeness.as_str());
            }
        }
    }
}
