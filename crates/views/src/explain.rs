//! Why an answer is what it is: the fewest entries that fold to it, with who, on what evidence, and when.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::fold::Fact;
use ofrecord_core::state::GdapRelationship;
use ofrecord_core::{Actor, Customer, Event, Evidence, GdapRelationshipId, PartnerTenantId, SubscriptionId, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::cells::Cells;
use crate::describe::describe;
use crate::json;
use crate::record::CustomerRecord;
use crate::sources::{AddedEvidence, added_evidence};
use crate::subject::Named;
use crate::viewpoint::Viewpoint;

/// Which answer is to be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Who was reseller.
    Resellers,
    /// What the subscriptions were.
    Subscriptions,
    /// Who could administer.
    Access,
    /// What the granular relationships were.
    Gdap,
    /// How subscriptions were transferred.
    Transfers,
}

/// The part of the answer that is to be explained.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AboutWhat {
    /// The rows of a partner.
    Partner(PartnerTenantId),
    /// The row of a subscription.
    Subscription(SubscriptionId),
    /// The rows of a granular relationship.
    Relationship(GdapRelationshipId),
}

/// One entry's event behind an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedEntry {
    /// The entry's position.
    pub position: u64,
    /// Which event of the entry.
    pub index: u32,
    /// The event's name.
    pub event: &'static str,
    /// What it says.
    pub sentence: String,
    /// When it became true in the world.
    pub effective_at: Timestamp,
    /// When the ledger learned it.
    pub recorded_at: Timestamp,
    /// Who asked.
    pub actor: Actor,
    /// What it rests on, evidence added later included.
    pub evidence: Vec<Evidence>,
    /// Why it matters: the fields of the answer that it sets, as `row: field`.
    pub sets: Vec<String>,
}

/// An answer and the entries behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What was asked.
    pub question: Question,
    /// About which part.
    pub about: Option<AboutWhat>,
    /// The rows of the answer.
    pub answer: Vec<Value>,
    /// The entries behind it, in the order of the world. Folding these alone gives the answer.
    pub entries: Vec<ExplainedEntry>,
    /// Their positions.
    pub positions: Vec<u64>,
}

/// Explains an answer. The entries are those that set its cells; where folding
/// them alone would give another answer (a source's reading that counts on
/// what was before it), the entries that name the same partner or
/// subscription are taken in too, and if need be all of them. None of those
/// given can be left out.
#[must_use]
pub fn explain(
    record: &CustomerRecord,
    question: Question,
    about: Option<AboutWhat>,
    viewpoint: &Viewpoint<'_>,
) -> Explanation {
    let state = record.state(viewpoint);
    let read = |state: &Customer| rows(record, state, (question, about.as_ref()), viewpoint);
    let rows = read(&state);
    let sufficient = |positions: &BTreeSet<u64>| {
        let folded = fold_only(record, positions, viewpoint);
        contents(&read(&folded)) == contents(&rows)
    };
    let mut facts = record.effective_facts(viewpoint.known_below);
    // A correction counts for what it corrects, however late it was made.
    facts.retain(|fact| fact.effective_at <= viewpoint.as_of || matches!(*fact.event, Event::EventCorrected(_)));
    let cells = cell_positions(&state, &rows, question, about.as_ref());
    let positions = [cells.clone(), with_named(&cells, about.as_ref(), &facts)]
        .into_iter()
        .find(|positions| sufficient(positions))
        .unwrap_or_else(|| facts.iter().flat_map(|fact| fact.stamp().positions()).collect());
    let positions = without_needless(positions, &cells, sufficient);
    let added = added_evidence(record, viewpoint.known_below);
    let entries = explained(record, &facts, &positions, &rows, &added);
    Explanation {
        question,
        about,
        answer: rows.into_iter().map(|row| row.value).collect(),
        entries,
        positions: positions.into_iter().collect(),
    }
}

/// Leaves out, newest first, every entry without which the rest still
/// suffices; again and again, since one may become needless when another is
/// gone. What set a cell is never needless: a row names what set its cells.
fn without_needless(
    mut positions: BTreeSet<u64>,
    cells: &BTreeSet<u64>,
    sufficient: impl Fn(&BTreeSet<u64>) -> bool,
) -> BTreeSet<u64> {
    loop {
        let before = positions.len();
        let others: Vec<u64> = positions.difference(cells).copied().collect();
        for position in others.into_iter().rev() {
            positions.remove(&position);
            if !sufficient(&positions) {
                positions.insert(position);
            }
        }
        if positions.len() == before {
            return positions;
        }
    }
}

/// The state folded from the entries at some positions alone, corrections
/// that are among them applied.
#[must_use]
pub fn fold_only(record: &CustomerRecord, positions: &BTreeSet<u64>, viewpoint: &Viewpoint<'_>) -> Customer {
    let mut chosen = CustomerRecord::new(record.id());
    for row in record.entries().iter().filter(|row| positions.contains(&row.position)) {
        chosen.take_row(row.clone());
    }
    chosen.state(viewpoint)
}

/// A row of any view, by name.
struct Row {
    key: String,
    value: Value,
    cells: Cells,
}

fn contents(rows: &[Row]) -> Vec<&Value> {
    rows.iter().map(|row| &row.value).collect()
}

fn rows(
    record: &CustomerRecord,
    customer: &Customer,
    (question, about): (Question, Option<&AboutWhat>),
    viewpoint: &Viewpoint<'_>,
) -> Vec<Row> {
    match question {
        Question::Resellers => crate::resellers::of_state(customer, viewpoint)
            .into_iter()
            .filter(|row| Subject { partner: Some(row.partner), ..Subject::default() }.is(about))
            .map(|row| Row { key: row.partner.to_string(), value: json::value(&row), cells: row.cells })
            .collect(),
        Question::Subscriptions => crate::subscriptions::of_state(customer, viewpoint)
            .into_iter()
            .filter(|row| {
                Subject { partner: row.owner, subscription: Some(row.subscription), ..Subject::default() }.is(about)
            })
            .map(|row| Row { key: row.subscription.to_string(), value: json::value(&row), cells: row.cells })
            .collect(),
        Question::Access => crate::access::of_state(customer, viewpoint.as_of, viewpoint.policy)
            .into_iter()
            .filter(|row| {
                let relationship = row.granular.as_ref().map(|granular| &granular.key.relationship);
                Subject { partner: Some(row.partner), relationship, ..Subject::default() }.is(about)
            })
            .map(|row| Row { key: row.key(), value: json::value(&row), cells: row.cells })
            .collect(),
        Question::Gdap => crate::granular::of_state(customer, viewpoint)
            .into_iter()
            .filter(|row| {
                let relationship = Some(&row.relationship);
                Subject { partner: Some(row.partner), relationship, ..Subject::default() }.is(about)
            })
            .map(|row| Row { key: row.relationship.to_string(), value: json::value(&row), cells: row.cells })
            .collect(),
        Question::Transfers => crate::transfers::of_state(record, customer, viewpoint)
            .into_iter()
            .filter(|row| match about {
                Some(AboutWhat::Subscription(wanted)) => row.concerns(&[*wanted].into()),
                Some(AboutWhat::Partner(wanted)) => [row.source, row.target].contains(&Some(*wanted)),
                Some(AboutWhat::Relationship(_)) => false,
                None => true,
            })
            .map(|row| Row { key: row.transfer.to_string(), value: json::value(&row), cells: row.cells })
            .collect(),
    }
}

/// What a row is of.
#[derive(Default)]
struct Subject<'a> {
    partner: Option<PartnerTenantId>,
    subscription: Option<SubscriptionId>,
    relationship: Option<&'a GdapRelationshipId>,
}

impl Subject<'_> {
    fn is(&self, about: Option<&AboutWhat>) -> bool {
        match about {
            None => true,
            Some(AboutWhat::Partner(wanted)) => self.partner == Some(*wanted),
            Some(AboutWhat::Subscription(wanted)) => self.subscription == Some(*wanted),
            Some(AboutWhat::Relationship(wanted)) => self.relationship == Some(wanted),
        }
    }
}

/// What set the cells of the answer, or, where it has no rows, what ended.
fn cell_positions(state: &Customer, rows: &[Row], question: Question, about: Option<&AboutWhat>) -> BTreeSet<u64> {
    if rows.is_empty() {
        return why_nothing(state, question, about);
    }
    rows.iter().flat_map(|row| row.cells.positions()).collect()
}

/// With them, every entry that names what is asked about.
fn with_named(cells: &BTreeSet<u64>, about: Option<&AboutWhat>, facts: &[Fact]) -> BTreeSet<u64> {
    let mut named = cells.clone();
    for fact in facts {
        let mut subjects = Named::default();
        subjects.event(&fact.event);
        let concerns = match about {
            Some(AboutWhat::Partner(partner)) => subjects.partners.contains(partner),
            Some(AboutWhat::Subscription(subscription)) => subjects.subscriptions.contains(subscription),
            Some(AboutWhat::Relationship(relationship)) => subjects.relationships.contains(relationship),
            None => !subjects.partners.is_empty() || !subjects.subscriptions.is_empty(),
        };
        if concerns {
            named.extend(fact.stamp().positions());
        }
    }
    named
}

/// An answer without rows about a partner or a granular relationship is explained by what ended.
fn why_nothing(state: &Customer, question: Question, about: Option<&AboutWhat>) -> BTreeSet<u64> {
    let mut cells = Cells::default();
    match about {
        Some(AboutWhat::Partner(partner)) => {
            if let Some(relationship) = state.resellers.relationships.get(partner) {
                cells.cell("established", Some(&relationship.established));
                cells.cell("ended", relationship.ended.as_ref());
            }
            if let Some(ended) = state.access.of(*partner).and_then(|access| access.dap_ended.as_ref()) {
                cells.stamp("dap_ended", ended.set);
            }
            let granular = state.access.granular.by_id.values().filter(|known| known.partner == *partner);
            granular.filter(|_| asks_of_granular(question)).for_each(|known| of_relationship(known, &mut cells));
        }
        Some(AboutWhat::Relationship(relationship)) => {
            let known = state.access.granular.by_id.get(relationship);
            known.into_iter().for_each(|known| of_relationship(known, &mut cells));
        }
        Some(AboutWhat::Subscription(_)) | None => {}
    }
    cells.positions().into_iter().collect()
}

fn asks_of_granular(question: Question) -> bool {
    match question {
        Question::Access | Question::Gdap => true,
        Question::Resellers | Question::Subscriptions | Question::Transfers => false,
    }
}

/// How a granular relationship stands, when it ends, and what its assignments came to.
fn of_relationship(known: &GdapRelationship, cells: &mut Cells) {
    cells.cell("status", known.status.as_ref());
    crate::access::granular::end_cells(known, "ends_at", cells);
    for assignment in known.assignments.values() {
        cells.cell("assignments", assignment.status.as_ref());
    }
}

fn explained(
    record: &CustomerRecord,
    facts: &[Fact],
    positions: &BTreeSet<u64>,
    rows: &[Row],
    added: &AddedEvidence,
) -> Vec<ExplainedEntry> {
    let mut sets: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for row in rows {
        for (field, by) in row.cells.iter() {
            for position in by {
                sets.entry(*position).or_default().push(format!("{}: {field}", row.key));
            }
        }
    }
    facts
        .iter()
        .filter(|fact| positions.contains(&fact.at.position))
        .filter_map(|fact| {
            let entry = record.entry(fact.at.position)?;
            Some(ExplainedEntry {
                position: fact.at.position,
                index: fact.at.index,
                event: fact.event.name(),
                sentence: describe(&fact.event),
                effective_at: fact.effective_at,
                recorded_at: entry.recorded_at,
                actor: entry.actor.clone(),
                evidence: evidence(record, fact, &entry.evidence, added),
                sets: sets.get(&fact.at.position).cloned().unwrap_or_default(),
            })
        })
        .collect()
}

/// The entry's own evidence, and what other sources added to the same event.
fn evidence(record: &CustomerRecord, fact: &Fact, own: &[Evidence], added: &AddedEvidence) -> Vec<Evidence> {
    let others = added.get(&fact.at).into_iter().flatten().filter_map(|position| record.entry(*position));
    own.iter().chain(others.flat_map(|entry| &entry.evidence)).cloned().collect()
}

#[cfg(test)]
mod tests;
