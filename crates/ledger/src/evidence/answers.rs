//! The answers of a pack, from its entries: the same function writes them and checks them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ofrecord_core::state::access::DapCoverage;
use ofrecord_core::{CustomerId, PartnerTenantId, Policy, PolicyRef, Timestamp};
use ofrecord_views::{self as views, CustomerRecord, FOLD_VERSION, PartnerRecord, TimelineQuery, Viewpoint};
use serde::{Deserialize, Serialize};

use super::archive::Files;
use super::bundle::{Bundle, customer_record, partner_record, partner_records, partners_named};
use super::{ACCOUNT, About, FOLD, Format, Question, RESELLERS};
use crate::certificate::to_bytes;
use crate::reader::Basis;

/// What became of every relationship.
const RELATIONSHIPS: &str = "answers/relationships.csv";

/// Who could administer by DAP.
const DELEGATED: &str = "answers/delegated.csv";
/// Who was partner of record.
const ATTRIBUTIONS: &str = "answers/partners_of_record.csv";

const FOLD_SQL: &str = include_str!("fold.sql");
const FIRST_FOLD_SQL: &str = include_str!("first/fold.sql");

/// An answer as it is written.
#[derive(Serialize)]
struct Answered<'a, Row> {
    as_of: Timestamp,
    basis: &'a Basis,
    #[serde(flatten)]
    about: About,
    fold: &'a str,
    policy: PolicyRef,
    rows: Vec<Row>,
}

/// What stands at the head of every answer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Head {
    as_of: Timestamp,
    basis: Basis,
    #[serde(flatten)]
    about: About,
    /// The version of the fold that made the rows.
    pub(super) fold: String,
    /// The policy whose days count.
    pub(super) policy: PolicyRef,
}

impl Head {
    /// What is answered.
    pub(super) fn question(&self) -> Question {
        Question { as_of: self.as_of, basis: self.basis.clone(), about: self.about }
    }
}

/// Answers the question from the entries of a pack, in the files that the version of its format has.
pub(super) fn answers(question: &Question, bundle: &Bundle, policy: &Policy, format: Format) -> Files {
    match question.about {
        About::Customer(customer) => of_customer(customer, question, bundle, policy, format),
        About::Partner(partner) => of_partner(partner, question, bundle, policy),
    }
}

/// What the questions about a partner answer.
fn of_partner(partner: PartnerTenantId, question: &Question, bundle: &Bundle, policy: &Policy) -> Files {
    let known_below = question.basis.tree_size;
    let viewpoint = Viewpoint { as_of: question.as_of, known_below, policy };
    let record = partner_record(bundle, partner);
    let (by, query) = (policy.reference, TimelineQuery::all(known_below));
    Files::from([
        (ACCOUNT.to_owned(), answer(question, by, vec![views::account(&record, &viewpoint)])),
        (
            "answers/granular.json".to_owned(),
            answer(question, by, views::partner_granular_relationships(&record, &viewpoint)),
        ),
        ("answers/timeline.json".to_owned(), answer(question, by, views::partner_timeline(&record, &query))),
    ])
}

fn of_customer(customer: CustomerId, question: &Question, bundle: &Bundle, policy: &Policy, format: Format) -> Files {
    let known_below = question.basis.tree_size;
    let viewpoint = Viewpoint { as_of: question.as_of, known_below, policy };
    let record = customer_record(bundle, customer);
    let partners = partner_records(bundle, partners_named(&record, known_below));
    let states = partners.iter().map(|partner: &PartnerRecord| (partner.id(), partner.state(&viewpoint))).collect();
    let by = policy.reference;
    let mut files = Files::from([
        (RESELLERS.to_owned(), answer(question, by, views::resellers(&record, &viewpoint))),
        ("answers/access.json".to_owned(), answer(question, by, views::access(&record, &viewpoint))),
        ("answers/subscriptions.json".to_owned(), answer(question, by, views::subscriptions(&record, &viewpoint))),
        (
            "answers/partners_of_record.json".to_owned(),
            answer(question, by, views::partners_of_record(&record, &states, &viewpoint)),
        ),
        ("answers/resellers.csv".to_owned(), resellers(&record, &viewpoint)),
        ("answers/owners.csv".to_owned(), owners(&record, &viewpoint)),
        (FOLD.to_owned(), fold(question, format)),
    ]);
    match format {
        Format::First => {}
        Format::Second => files.extend([
            (RELATIONSHIPS.to_owned(), relationships(&record, &viewpoint)),
            (DELEGATED.to_owned(), delegated(&record, &viewpoint)),
            (ATTRIBUTIONS.to_owned(), attributions(&record, &viewpoint)),
        ]),
    }
    files
}

fn answer<Row: Serialize>(question: &Question, policy: PolicyRef, rows: Vec<Row>) -> Vec<u8> {
    let Question { as_of, basis, about } = question;
    to_bytes(&Answered { as_of: *as_of, basis, about: *about, fold: FOLD_VERSION, policy, rows })
}

/// Who was reseller since when, as `fold.sql` writes it.
fn resellers(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<u8> {
    let state = record.state(viewpoint);
    let rows = state.resellers.resellers().map(|(partner, relationship)| {
        [partner.to_string(), relationship.established.set.effective_at.to_string()].join(",")
    });
    separated("partner,since", rows)
}

/// What became of every relationship, as `fold.sql` writes it. The kind is the word of the source, and stands in quotes.
fn relationships(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<u8> {
    let state = record.state(viewpoint);
    let rows = state.resellers.relationships.iter().map(|(partner, known)| {
        let kind = quoted(known.kind.value.as_str());
        let until = known.ended.as_ref().map(|ended| ended.set.effective_at.to_string()).unwrap_or_default();
        format!("{partner},{kind},{},{until}", known.established.set.effective_at)
    });
    separated("partner,kind,since,until", rows)
}

/// Who could administer by DAP, on which service or the whole tenant and since when, as `fold.sql` writes it.
fn delegated(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<u8> {
    let state = record.state(viewpoint);
    let mut rows = BTreeMap::new();
    for (partner, access) in &state.access.partners {
        for (coverage, grant) in &access.dap {
            let service = match coverage {
                DapCoverage::Tenant => "",
                DapCoverage::Service(name) => name.as_str(),
            };
            let row = format!("{partner},{},{}", quoted(service), grant.granted.effective_at);
            rows.insert((*partner, service), row);
        }
    }
    separated("partner,service,since", rows.into_values())
}

/// Who was partner of record of each subscription since when, by kind, as `fold.sql` writes it.
fn attributions(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<u8> {
    let state = record.state(viewpoint);
    let mut rows = BTreeMap::new();
    for (id, subscription) in &state.subscriptions.by_id {
        let known = &subscription.partners_of_record;
        let claimed = known
            .cpor
            .iter()
            .map(|(workload, association)| ("cpor", workload.as_str().to_owned(), association.associated.as_ref()));
        let others = [("reseller_of_record", &known.reseller_of_record), ("dpor", &known.dpor), ("pal", &known.pal)];
        let others = others.into_iter().map(|(kind, cell)| (kind, String::new(), cell.as_ref()));
        for (kind, workload, cell) in others.chain(claimed) {
            let Some(cell) = cell else { continue };
            let partner_id = quoted(cell.value.as_ref().map_or("", |id| id.as_str()));
            let row = format!("{id},{kind},{},{partner_id},{}", quoted(&workload), cell.set.effective_at);
            rows.insert((*id, kind, workload), row);
        }
    }
    separated("subscription,kind,workload,partner_id,since", rows.into_values())
}

/// A word of a source as a field of CSV.
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// Who owned each subscription since when, as `fold.sql` writes it.
fn owners(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<u8> {
    let state = record.state(viewpoint);
    let rows = state.subscriptions.by_id.iter().filter_map(|(id, subscription)| {
        let owner = subscription.owner.as_ref()?;
        Some([id.to_string(), owner.value.to_string(), owner.set.effective_at.to_string()].join(","))
    });
    separated("subscription,owner,since", rows)
}

/// Ids and instants need no quotes.
fn separated(head: &str, rows: impl Iterator<Item = String>) -> Vec<u8> {
    let mut text = format!("{head}\n");
    rows.for_each(|row| text.extend([row.as_str(), "\n"]));
    text.into_bytes()
}

/// The same two answers for another program, with the question that they answer.
fn fold(question: &Question, format: Format) -> Vec<u8> {
    let Question { as_of, basis, about } = question;
    let mut sql = String::from("CREATE TABLE question(stream TEXT, as_of TEXT, known_below INTEGER);\n");
    let stream = about.stream();
    // Writing to a string cannot fail.
    writeln!(sql, "INSERT INTO question VALUES ('{stream}', '{as_of}', {});\n", basis.tree_size).unwrap_or_default();
    sql.push_str(match format {
        Format::First => FIRST_FOLD_SQL,
        Format::Second => FOLD_SQL,
    });
    sql.into_bytes()
}
