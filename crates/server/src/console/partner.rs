//! The page of a partner: its account, the book of its customers, what it should look at there, and granular
//! relationships that are about to end.

use std::collections::BTreeSet;

use maud::{Markup, html};
use ofrecord_core::{CustomerId, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::ReadFailure;
use ofrecord_views::{self as views, AccountRow, CustomerRecord, Finding, FindingCode, GranularRow, Mechanism};

use super::layout::Page;
use super::looked::{CUSTOMERS_MAX, Looked, Looking, check_partner};
use super::reading;
use super::said::{self, Called, Table};
use super::words::{self, partner as own};
use crate::access::Need;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// How many customers are read in search of those of the partner.
const READ_MAX: usize = 5 * CUSTOMERS_MAX;
/// For how many days an end counts as near.
const NEAR_DAYS: i64 = 90;
/// Findings that a relationship has nothing to show for.
const DORMANT: &[FindingCode] = &[FindingCode::RelationshipDormant];
/// Findings that the partner can do more than it should.
const OUTLIVED: &[FindingCode] = &[
    FindingCode::FormerResellerStillHasAccess,
    FindingCode::FormerOwnerStillHasAccess,
    FindingCode::AdministersWithoutReselling,
    FindingCode::DapStillOnAfterEndOfOffer,
];

/// A customer in the book of the partner.
struct Customer {
    id: CustomerId,
    name: Option<String>,
    /// Since when the partner is its reseller.
    reseller_since: Option<Timestamp>,
    /// Until when it was, where it no longer is.
    reseller_until: Option<Timestamp>,
    owned: usize,
    through: BTreeSet<Mechanism>,
    positions: BTreeSet<u64>,
    findings: Vec<Finding>,
}

/// The page of a partner.
pub(super) fn partner(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let partner: PartnerTenantId = asked.needed("partner")?;
    check_partner(visitor, partner)?;
    let after: Option<CustomerId> = asked.read("after")?;
    let as_of = reading::instant(asked, "as_of")?;
    let mut looking = Looking::at(&shared.reader, visitor, as_of.unwrap_or_else(|| shared.ledger.clock().now()))?;
    let record = shared.reader.partner(partner, looking.snapshot())?;
    let viewpoint = looking.viewpoint();
    let account = views::account(&record, &viewpoint);
    let granular = views::partner_granular_relationships(&record, &viewpoint);
    let looked = looking.seen_customers(after, READ_MAX)?;
    let mut book = Vec::new();
    for customer in &looked.customers {
        book.extend(of_partner(&mut looking, *customer, partner)?);
    }
    if record.entries().is_empty() && book.is_empty() && !looked.goes_on {
        let (stream, size) = (StreamId::Partner(partner).to_string(), looking.snapshot().basis.tree_size);
        return Err(ReadFailure::NotFound { stream, size }.into());
    }
    let mut called = Called::to(visitor);
    called.learn(StreamId::Partner(partner), account.name.clone());
    for customer in granular.iter().filter_map(|row| row.customer).map(StreamId::Customer) {
        called.learn(customer, looking.name_if_any(customer)?);
    }
    for one in &book {
        called.learn(StreamId::Customer(one.id), one.name.clone());
    }
    let as_of = viewpoint.as_of;
    let main = html! {
        (said::section("account", own::ACCOUNT, &self::account(&account)))
        (asking(asked, partner, as_of))
        (said::section("book", own::BOOK, &self::book(&book, &looked, asked, (partner, visitor))))
        (said::section("dormant", own::DORMANT, &findings(&book, &called, own::NONE_DORMANT, DORMANT)))
        (said::section("outlived", own::OUTLIVED, &findings(&book, &called, own::NONE_OUTLIVED, OUTLIVED)))
        (said::section("expiring", own::EXPIRING, &expiring(&granular, &called, as_of)))
    };
    let title = account.name.as_deref().map_or_else(|| partner.to_string(), ofrecord_report::visible::text);
    Ok(Page { title, kind: own::KIND, main }.reply(visitor))
}

/// What the book says of a customer; nothing where the customer's record does not name the partner.
fn of_partner(
    looking: &mut Looking<'_>,
    id: CustomerId,
    partner: PartnerTenantId,
) -> Result<Option<Customer>, Problem> {
    let record = looking.record(id)?;
    if !record.names(partner) {
        return Ok(None);
    }
    let partners = looking.partners_of(&record)?;
    let viewpoint = looking.viewpoint();
    let reseller = views::resellers(&record, &viewpoint).into_iter().find(|row| row.partner == partner);
    let access = views::access(&record, &viewpoint).into_iter().filter(|row| row.partner == partner);
    let access: Vec<_> = access.collect();
    let subscriptions = views::subscriptions(&record, &viewpoint);
    let owned = subscriptions.iter().filter(|row| row.owner == Some(partner)).count();
    let found = views::findings(&record, &partners, &viewpoint).into_iter();
    let positions = reseller.iter().flat_map(|row| &row.positions).chain(access.iter().flat_map(|row| &row.positions));
    Ok(Some(Customer {
        id,
        name: views::profile(&record, &viewpoint).name,
        reseller_until: if reseller.is_some() { None } else { ended(&record, partner, &viewpoint) },
        positions: positions.copied().collect(),
        reseller_since: reseller.map(|row| row.since),
        owned,
        through: access.iter().map(|row| row.mechanism).collect(),
        findings: found.filter(|finding| finding.subject.partner == Some(partner)).collect(),
    }))
}

/// When the partner's last relationship with a customer ended.
fn ended(record: &CustomerRecord, partner: PartnerTenantId, viewpoint: &views::Viewpoint<'_>) -> Option<Timestamp> {
    let spells = views::reseller_history(record, viewpoint);
    let last = spells.into_iter().filter(|spell| spell.key == partner && spell.known_to.is_none());
    last.filter_map(|spell| spell.valid_to).max()
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

/// The form for another instant.
fn asking(asked: &Asked, partner: PartnerTenantId, as_of: Timestamp) -> Markup {
    html! {
        form class="asked fields" action=(format!("/console/partners/{partner}")) method="get" {
            p {
                label for="as_of" { (words::customer::AS_OF) }
                input id="as_of" name="as_of" type="datetime-local" step="any"
                    value=(asked.text("as_of").map(|_| reading::local(as_of)).unwrap_or_default());
                small { "asked about: " (said::at(as_of)) }
            }
            p class="send" { button type="submit" { (words::customer::ASK) } }
        }
    }
}

fn book(book: &[Customer], looked: &Looked, asked: &Asked, (partner, visitor): (PartnerTenantId, &Visitor)) -> Markup {
    let reads_all = visitor.caller.may(Need::AllContent).is_ok();
    let row = |one: &Customer| {
        let relationship = match (one.reseller_since, one.reseller_until) {
            (Some(since), _) => html! { "reseller since " (said::at(since)) },
            (None, Some(until)) => html! { "former reseller, until " (said::at(until)) },
            (None, None) => html! { "never seen as reseller" },
        };
        let through: Vec<&str> = one.through.iter().map(|mechanism| words::mechanism(*mechanism)).collect();
        vec![
            said::customer(one.id, one.name.as_deref()),
            html! { (relationship) " " (said::positions(one.positions.iter().copied())) },
            html! { (one.owned) },
            html! { @if through.is_empty() { "no" } @else { "by " (through.join(", ")) } },
            html! { (one.findings.len()) },
        ]
    };
    let rows: Vec<Vec<Markup>> = book.iter().map(row).collect();
    let columns = &["customer", "relationship", "subscriptions owned", "can administer", "findings"];
    html! {
        p {
            @if reads_all {
                (said::counted(looked.customers.len(), "customer was", "customers were")) " read, in the order of their ids; "
            }
            (said::counted(rows.len(), "record names", "records name")) " the partner. "
            @if looked.goes_on { (own::MORE_UNREAD) } @else { (own::ALL_READ) }
        }
        @if !rows.is_empty() { (Table { caption: own::BOOK_CAPTION, columns, rows }.written()) }
        @if asked.text("after").is_some() {
            p { a href=(format!("/console/partners/{partner}")) { (words::overview::FIRST) } }
        }
        @if looked.goes_on && let Some(last) = looked.customers.last() {
            p { a href=(format!("/console/partners/{partner}?after={last}")) rel="next" { (words::overview::MORE) } }
        }
    }
}

/// The findings of some kinds about the partner, over the book.
fn findings(book: &[Customer], called: &Called<'_>, none: &str, codes: &[FindingCode]) -> Markup {
    let found = book.iter().flat_map(|one| one.findings.iter().map(move |finding| (one, finding)));
    let row = |(one, finding): (&Customer, &Finding)| {
        vec![
            said::customer(one.id, one.name.as_deref()),
            html! { (called.sentence(&finding.sentence)) " " (said::positions(finding.positions.iter().copied())) },
            said::at(finding.since),
            said::code(finding.code.as_str()),
        ]
    };
    let rows: Vec<Vec<Markup>> = found.filter(|(_, finding)| codes.contains(&finding.code)).map(row).collect();
    if rows.is_empty() {
        return html! { p { (none) } };
    }
    Table { caption: own::FOUND, columns: &["customer", "finding", "since", "code"], rows }.written()
}

/// The granular relationships in force whose end is near.
fn expiring(granular: &[GranularRow], called: &Called<'_>, as_of: Timestamp) -> Markup {
    let until = as_of.plus_days(NEAR_DAYS);
    let near = granular.iter().filter(|row| row.at_end.is_some());
    let near = near.filter_map(|row| Some((row, row.ends_at.filter(|end| *end < until)?)));
    let row = |(row, end): (&GranularRow, Timestamp)| {
        let roles: Vec<&str> = row.role_names.iter().map(String::as_str).collect();
        vec![
            said::name(row.display_name.as_deref().unwrap_or("relationship")),
            html! { @match row.customer {
                Some(customer) => (called.stream(StreamId::Customer(customer))),
                None => span class="absent" { "–" },
            } },
            said::name(&roles.join(", ")),
            html! { (said::at(end)) " " (said::positions(row.cells.of("ends_at"))) },
            html! { (said::counted(usize::try_from(end.days_since(as_of)).unwrap_or_default(), "day", "days")) },
            html! { (row.at_end.map_or("", words::at_end)) },
        ]
    };
    let rows: Vec<Vec<Markup>> = near.map(row).collect();
    if rows.is_empty() {
        return html! { p { (own::NONE_EXPIRING) } };
    }
    let columns = &["granular relationship", "customer", "roles", "ends at", "left", "then"];
    Table { caption: own::EXPIRING_CAPTION, columns, rows }.written()
}
