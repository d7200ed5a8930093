//! The tables of a partner's page.

use ofrecord_ledger::answers::CustomerFinding;
use ofrecord_views::FindingCode;
use serde_json::{Value, json};

use super::Column::{NameOf, Of};
use super::{FINDING, Sheet, values};
use crate::asked::Asked;
use crate::console::partner::{Book, Customer, DORMANT, OUTLIVED};
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The words for the tables.
pub(in crate::console) const PARTNER_TABLES: &[&str] = &["book", "dormant", "outlived", "expiring"];

const SHEETS: &[Sheet<Book>] = &[
    Sheet {
        word: "book",
        columns: &[
            Of("customer"),
            NameOf("customer"),
            Of("reseller_since"),
            Of("reseller_until"),
            Of("subscriptions_owned"),
            Of("administers_through"),
            Of("findings"),
            Of("positions"),
        ],
        rows: |book| Ok(customers(book)),
    },
    Sheet { word: "dormant", columns: FINDING, rows: |book| found(book, DORMANT) },
    Sheet { word: "outlived", columns: FINDING, rows: |book| found(book, OUTLIVED) },
    Sheet {
        word: "expiring",
        columns: &[
            Of("relationship"),
            Of("display_name"),
            Of("customer"),
            NameOf("customer"),
            Of("role_names"),
            Of("ends_at"),
            Of("at_end"),
            Of("positions"),
        ],
        rows: |book| values(&book.expiring().map(|(row, _)| row).collect::<Vec<_>>()),
    },
];

fn customers(book: &Book) -> Vec<Value> {
    let row = |one: &Customer| {
        json!({
            "customer": one.id,
            "reseller_since": one.reseller_since,
            "reseller_until": one.reseller_until,
            "subscriptions_owned": one.owned,
            "administers_through": one.through,
            "findings": one.findings.len(),
            "positions": one.positions,
        })
    };
    book.customers.iter().map(row).collect()
}

fn found(book: &Book, codes: &[FindingCode]) -> Result<Vec<Value>, Problem> {
    let found =
        book.findings(codes).map(|(one, finding)| CustomerFinding { customer: one.id, finding: finding.clone() });
    values(&found.collect::<Vec<_>>())
}

/// A table of a partner's page.
pub(in crate::console) fn of_partner(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let sheet = Sheet::named(SHEETS, asked)?;
    let (book, called) = Book::of(shared, visitor, asked)?;
    sheet.reply(&book, &called, (&book.partner.to_string(), &book.snapshot))
}

#[cfg(test)]
pub(super) fn words() -> Vec<&'static str> {
    SHEETS.iter().map(|sheet| sheet.word).collect()
}
