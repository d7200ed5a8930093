//! The page of a partner: its account, the book of its customers, what it should look at there, and granular
//! relationships that are about to end.

use maud::{Markup, html};
use ofrecord_core::{StreamId, Timestamp};
use ofrecord_views::{AccountRow, Finding, FindingCode, GranularRow};

use super::layout::Page;
use super::reading;
use super::said::{self, Called, Table, number};
use super::sheets;
use super::words::{self, partner as own};
use crate::access::Need;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

mod book;

pub(super) use self::book::{Book, Customer, DORMANT, OUTLIVED};

/// The page of a partner.
pub(super) fn partner(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let (book, called) = Book::of(shared, visitor, asked)?;
    let found = |table, codes, none| book.found(&called, none, (table, codes));
    let main = html! {
        (book.figures())
        (book.asking(asked))
        (said::section("account", own::ACCOUNT, &account(&book.account)))
        (said::section("book", own::BOOK, &book.said(asked, visitor)))
        (said::section("dormant", own::DORMANT, &found("dormant", DORMANT, own::NONE_DORMANT)))
        (said::section("outlived", own::OUTLIVED, &found("outlived", OUTLIVED, own::NONE_OUTLIVED)))
        (said::section("expiring", own::EXPIRING, &book.ending(&called)))
    };
    let title = book.account.name.as_deref();
    let title = title.map_or_else(|| book.partner.to_string(), ofrecord_report::visible::text);
    Ok(Page { title, kind: own::KIND, main }.reply(visitor))
}

impl Book {
    /// The way to a table as a file, by the same viewpoint.
    fn way(&self, table: &str, what: &str) -> Markup {
        let (as_of, size) = (self.as_of, self.snapshot.basis.tree_size);
        let within = self.near_days;
        let mut href =
            format!("/console/partners/{}/csv/{table}?as_of={as_of}&known_at=@{size}&within={within}", self.partner);
        if let Some(after) = self.after {
            href.push_str(&format!("&after={after}"));
        }
        sheets::way(&href, what)
    }

    fn figures(&self) -> Markup {
        let count = |count: usize| number(u64::try_from(count).unwrap_or(u64::MAX));
        let now = self.customers.iter().filter(|one| one.reseller_since.is_some()).count();
        let former = self.customers.iter().filter(|one| one.reseller_until.is_some()).count();
        let (dormant, outlived) = (self.findings(DORMANT).count(), self.findings(OUTLIVED).count());
        let administers = self.customers.iter().filter(|one| !one.through.is_empty()).count();
        said::figures(&[
            ("customers that it resells to", html! { (count(now)) }, html! { (count(former)) " former" }),
            ("customers that it can administer", html! { (count(administers)) }, html! { "by any mechanism" }),
            ("dormant relationships", html! { (count(dormant)) }, html! { a href="#dormant" { (own::LIST) } }),
            ("outlived privileges", html! { (count(outlived)) }, html! { a href="#outlived" { (own::LIST) } }),
            (
                "granular relationships that end",
                html! { (count(self.expiring().count())) },
                html! { a href="#expiring" { "within " (said::counted(self.near_days.try_into().unwrap_or(0), "day", "days")) } },
            ),
        ])
    }

    /// The form for another instant, another state of knowledge, and what counts as near.
    fn asking(&self, asked: &Asked) -> Markup {
        let as_of = asked.text("as_of").map(|_| reading::local(self.as_of)).unwrap_or_default();
        html! {
            form class="asked fields" action=(format!("/console/partners/{}", self.partner)) method="get" {
                p {
                    label for="as_of" { (words::customer::AS_OF) }
                    input id="as_of" name="as_of" type="datetime-local" step="any" value=(as_of);
                    small { "asked about: " (said::at(self.as_of)) }
                }
                p {
                    label for="known_at" { (words::customer::KNOWN_AT) }
                    input id="known_at" name="known_at" type="text" autocomplete="off"
                        aria-describedby="known-hint" value=(asked.text("known_at").unwrap_or_default());
                    small id="known-hint" { (words::customer::KNOWN_HINT) }
                }
                p {
                    label for="within" { (own::WITHIN) }
                    input id="within" name="within" type="number" min="1" max=(book::NEAR_DAYS_MAX) value=(self.near_days);
                }
                p class="send" { button type="submit" { (words::customer::ASK) } }
            }
        }
    }

    fn said(&self, asked: &Asked, visitor: &Visitor) -> Markup {
        let reads_all = visitor.caller.may(Need::AllContent).is_ok();
        let rows: Vec<Vec<Markup>> = self.customers.iter().map(row).collect();
        let columns = &["customer", "relationship", "entries", "subscriptions owned", "can administer", "findings"];
        let (looked, partner) = (&self.looked, self.partner);
        html! {
            p {
                @if reads_all {
                    (said::counted(looked.customers.len(), "customer was", "customers were"))
                    " read, in the order of their ids; "
                }
                (said::counted(rows.len(), "record names", "records name")) " the partner. "
                @if looked.goes_on { (own::MORE_UNREAD) } @else { (own::ALL_READ) }
            }
            @if !rows.is_empty() {
                (Table { caption: own::BOOK_CAPTION, columns, rows }.beside(&self.way("book", own::BOOK)))
            }
            @if asked.text("after").is_some() {
                p { a href=(format!("/console/partners/{partner}")) { (words::overview::FIRST) } }
            }
            @if looked.goes_on && let Some(last) = looked.customers.last() {
                p { a href=(format!("/console/partners/{partner}?after={last}")) rel="next" { (words::overview::MORE) } }
            }
        }
    }

    /// The findings of some kinds about the partner, over the book.
    fn found(&self, called: &Called<'_>, none: &str, (table, codes): (&str, &[FindingCode])) -> Markup {
        let row = |(one, finding): (&Customer, &Finding)| {
            vec![
                said::customer(one.id, one.name.as_deref()),
                html! { (called.sentence(&finding.sentence)) " " (said::positions(finding.positions.iter().copied())) },
                said::at(finding.since),
                said::code(finding.code.as_str()),
            ]
        };
        let rows: Vec<Vec<Markup>> = self.findings(codes).map(row).collect();
        if rows.is_empty() {
            return html! { p { (none) } };
        }
        let columns = &["customer", "finding", "since", "code"];
        Table { caption: own::FOUND, columns, rows }.beside(&self.way(table, table))
    }

    /// The granular relationships in force whose end is near.
    fn ending(&self, called: &Called<'_>) -> Markup {
        let row = |(row, end): (&GranularRow, Timestamp)| {
            let roles: Vec<&str> = row.role_names.iter().map(String::as_str).collect();
            let left = usize::try_from(end.days_since(self.as_of)).unwrap_or_default();
            vec![
                said::name(row.display_name.as_deref().unwrap_or("relationship")),
                html! { @match row.customer {
                    Some(customer) => (called.stream(StreamId::Customer(customer))),
                    None => span class="absent" { "–" },
                } },
                said::name(&roles.join(", ")),
                html! { (said::at(end)) " " (said::positions(row.cells.of("ends_at"))) },
                html! { (said::counted(left, "day", "days")) },
                html! { (row.at_end.map_or("", words::at_end)) },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.expiring().map(row).collect();
        if rows.is_empty() {
            return html! { p { (own::NONE_EXPIRING) } };
        }
        let columns = &["granular relationship", "customer", "roles", "ends at", "left", "then"];
        Table { caption: own::EXPIRING_CAPTION, columns, rows }.beside(&self.way("expiring", own::EXPIRING))
    }
}

/// The line of a customer.
fn row(one: &Customer) -> Vec<Markup> {
    let relationship = match (one.reseller_since, one.reseller_until) {
        (Some(since), _) => html! { "reseller since " (said::at(since)) },
        (None, Some(until)) => html! { "former reseller, until " (said::at(until)) },
        (None, None) => html! { "never seen as reseller" },
    };
    let through: Vec<&str> = one.through.iter().map(|mechanism| words::mechanism(*mechanism)).collect();
    vec![
        said::customer(one.id, one.name.as_deref()),
        relationship,
        said::positions(one.positions.iter().copied()),
        html! { (one.owned) },
        html! { @if through.is_empty() { "no" } @else { "by " (through.join(", ")) } },
        html! { (one.findings.len()) },
    ]
}

fn account(row: &AccountRow) -> Markup {
    let by = |field: &str, said: Markup| html! { (said) " " (said::positions(row.cells.of(field))) };
    let spoken = |word: &str| html! { (word.replace('_', " ")) };
    let markets = row.markets.as_ref().map(|markets| {
        let names: Vec<String> = markets.iter().map(ToString::to_string).collect();
        html! { (names.join(", ")) }
    });
    said::pairs(
        own::ACCOUNT_CAPTION,
        &[
            ("tenant", Some(said::code(&row.partner.to_string()))),
            ("name", row.name.as_deref().map(|name| by("name", said::name(name)))),
            ("kind", row.partner_type.as_ref().map(|kind| by("partner_type", spoken(kind.as_str())))),
            ("partner ID", row.partner_id.as_ref().map(|id| by("partner_id", said::code(&id.to_string())))),
            ("markets", markets.map(|markets| by("markets", markets))),
            ("programme", row.programme.as_ref().map(|word| by("programme", spoken(word.as_str())))),
            ("suspended", row.suspended.as_ref().map(|word| by("suspended", spoken(word.as_str())))),
            ("partner agreement accepted", row.agreement_accepted.map(|at| by("agreement_accepted", said::at(at)))),
        ],
    )
}
