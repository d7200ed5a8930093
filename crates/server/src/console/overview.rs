//! The overview: how much is recorded, the log with its checkpoint and how far it is verified, the newest entries, and
//! findings over customers.

use std::collections::BTreeMap;

use maud::{Markup, html};
use ofrecord_core::{CustomerId, Entry, StreamId};
use ofrecord_log::entry::Envelope;
use ofrecord_views::{self as views, EntryRow, Finding, FindingCode};

use self::log::Newest;
use super::layout::{self, Page};
use super::looked::{CUSTOMERS_MAX, Looked, Looking};
use super::said::{self, Called, Table};
use super::sheets;
use super::words::overview as words;
use crate::access::Need;
use crate::asked::Asked;
use crate::health;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

mod log;
mod pace;

/// How many of the newest entries are listed.
const RECENT: u64 = 20;
/// How many customers are named beside a kind of finding.
const NAMED: usize = 5;

/// A customer that was looked at.
pub(super) struct Seen {
    /// Its id.
    pub(super) customer: CustomerId,
    /// What it is called.
    pub(super) name: Option<String>,
    /// How many resellers it has.
    pub(super) resellers: usize,
    /// How many subscriptions.
    pub(super) subscriptions: usize,
    /// What was found.
    pub(super) findings: Vec<Finding>,
}

/// The overview.
pub(super) fn overview(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let after: Option<CustomerId> = asked.read("after")?;
    if visitor.caller.may(Need::AllContent).is_err() {
        return Ok(limited(shared, visitor)?.reply(visitor));
    }
    let mut looking = Looking::at(&shared.reader, visitor, shared.ledger.clock().now())?;
    let custody = shared.reader.custody(looking.snapshot())?.state(&looking.viewpoint());
    let looked = looking.customers(after, CUSTOMERS_MAX)?;
    let seen: Result<Vec<Seen>, Problem> = looked.customers.iter().map(|id| look(&mut looking, *id)).collect();
    let seen = seen?;
    let (status, newest) = (health::status(shared), Newest::of(shared, &custody)?);
    let main = html! {
        (log::figures(&status, &newest))
        (said::section("pace", words::PACE, &pace::plots(shared)?))
        (log::both(&status, &newest, &custody))
        (said::section("recent", words::RECENT, &recent(shared, visitor, &mut looking)?))
        (said::section("findings", words::FINDINGS, &findings(&seen, &looked, after)))
        (said::section("customers", words::CUSTOMERS, &customers(&seen, &looked, after)))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: "Console", main }.reply(visitor))
}

/// The overview of whoever does not see the content of all customers: the log as far as they see it, and the way to what
/// is theirs.
fn limited(shared: &Shared, visitor: &Visitor) -> Result<Page, Problem> {
    let status = health::status(shared);
    let (sees_condition, way) = (visitor.caller.may(Need::Condition).is_ok(), layout::own(visitor));
    let log = if sees_condition {
        let looking = Looking::at(&shared.reader, visitor, shared.ledger.clock().now())?;
        let custody = shared.reader.custody(looking.snapshot())?.state(&looking.viewpoint());
        let newest = Newest::of(shared, &custody)?;
        html! {
            (log::figures(&status, &newest))
            (said::section("pace", words::PACE, &pace::plots(shared)?))
            (log::both(&status, &newest, &custody))
        }
    } else {
        said::section("log", words::LOG, &said::pairs(words::LOG, &log::head(&status)))
    };
    let main = html! {
        (log)
        @match way {
            Some((path, name)) => (said::section("own", words::OWN, &html! { p { a href=(path) { (name) } } })),
            None => p { (words::NO_CONTENT) },
        }
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: "Console", main })
}

/// Looks at a customer.
pub(super) fn look(looking: &mut Looking<'_>, customer: CustomerId) -> Result<Seen, Problem> {
    let record = looking.record(customer)?;
    let partners = looking.partners_of(&record)?;
    let viewpoint = looking.viewpoint();
    let found = views::findings(&record, &partners, &viewpoint);
    Ok(Seen {
        customer,
        name: views::profile(&record, &viewpoint).name,
        resellers: views::resellers(&record, &viewpoint).len(),
        subscriptions: views::subscriptions(&record, &viewpoint).len(),
        findings: found,
    })
}

fn recent(shared: &Shared, visitor: &Visitor, looking: &mut Looking<'_>) -> Result<Markup, Problem> {
    let size = looking.snapshot().basis.tree_size;
    let mut rows = Vec::new();
    for position in (size.saturating_sub(RECENT)..size).rev() {
        let bytes = shared.reader.log().read(position)?;
        let envelope = Envelope::parse_canonical(&bytes).map_err(|error| Problem::internal("read an entry", &error))?;
        rows.push(row(&shared.reader.entry(position)?, &envelope, visitor, looking)?);
    }
    if rows.is_empty() {
        return Ok(html! { p { (words::EMPTY) } });
    }
    let columns = &["entry", "recorded at", "command", "what came of it", "in the streams of"];
    Ok(Table { caption: words::RECENT_CAPTION, columns, rows }
        .beside(&sheets::way("/console/csv/entries", words::RECENT)))
}

fn row(
    entry: &Entry,
    envelope: &Envelope,
    visitor: &Visitor,
    looking: &mut Looking<'_>,
) -> Result<Vec<Markup>, Problem> {
    let digest = EntryRow::of(entry);
    let mut called = Called::to(visitor);
    let mut streams = Vec::new();
    for stream in envelope.streams.iter().filter_map(|link| link.stream.parse().ok()) {
        called.learn(stream, looking.called(stream)?);
        streams.push(stream);
    }
    for partner in &digest.partners {
        let stream = StreamId::Partner(*partner);
        called.learn(stream, looking.called(stream)?);
    }
    Ok(vec![
        said::position(entry.position),
        said::at(entry.recorded_at),
        said::code(&digest.command),
        outcome(&digest, &called),
        html! { @for stream in &streams { span class="named" { (called.stream(*stream)) } br; } },
    ])
}

/// What came of a command, in short.
fn outcome(digest: &EntryRow, called: &Called<'_>) -> Markup {
    if let Some(refusal) = &digest.refusal {
        return html! { "refused: " (said::code(&refusal.code)) };
    }
    let Some(first) = digest.events.first() else { return html! { "nothing differed" } };
    let more = digest.events.len().saturating_sub(1);
    html! {
        (called.sentence(&views::describe(first)))
        @if more > 0 { ", and " (said::counted(more, "more event", "more events")) }
    }
}

/// How many customers were looked at, and which.
fn looked_at(looked: &Looked, after: Option<CustomerId>) -> Markup {
    let count = said::counted(looked.customers.len(), "customer was", "customers were");
    html! {
        p {
            (count) " looked at, in the order of their ids"
            @if let Some(after) = after { ", after " (said::code(&after.to_string())) }
            @if looked.goes_on { "; there are more." } @else { "; there are none after them." }
        }
    }
}

/// The way to a table of the customers that are looked at, as a file.
fn way(table: &str, what: &str, after: Option<CustomerId>) -> Markup {
    let after = after.map(|after| format!("?after={after}")).unwrap_or_default();
    sheets::way(&format!("/console/csv/{table}{after}"), what)
}

fn findings(seen: &[Seen], looked: &Looked, after: Option<CustomerId>) -> Markup {
    let mut by_kind: BTreeMap<FindingCode, (usize, Vec<&Seen>)> = BTreeMap::new();
    for one in seen {
        for finding in &one.findings {
            let (count, customers) = by_kind.entry(finding.code).or_default();
            *count += 1;
            if customers.last().is_none_or(|last| last.customer != one.customer) {
                customers.push(one);
            }
        }
    }
    let row = |(code, (count, customers)): (&FindingCode, &(usize, Vec<&Seen>))| {
        let more = customers.len().saturating_sub(NAMED);
        vec![
            html! { (code.title()) " " (said::code(code.as_str())) },
            html! { (count) },
            html! {
                @for one in customers.iter().take(NAMED) { (said::customer(one.customer, one.name.as_deref())) br; }
                @if more > 0 { "and " (said::counted(more, "more", "more")) }
            },
        ]
    };
    let rows: Vec<Vec<Markup>> = by_kind.iter().map(row).collect();
    html! {
        (looked_at(looked, after))
        @if rows.is_empty() {
            p { (words::NO_FINDING) }
        } @else {
            (Table { caption: words::FINDINGS_CAPTION, columns: &["finding", "how many", "customers"], rows }
                .beside(&way("findings", words::FINDINGS, after)))
        }
    }
}

fn customers(seen: &[Seen], looked: &Looked, after: Option<CustomerId>) -> Markup {
    let row = |one: &Seen| {
        vec![
            said::customer(one.customer, one.name.as_deref()),
            said::code(&one.customer.to_string()),
            html! { (one.resellers) },
            html! { (one.subscriptions) },
            html! { (one.findings.len()) },
        ]
    };
    let rows: Vec<Vec<Markup>> = seen.iter().map(row).collect();
    let columns = &["customer", "tenant", "resellers", "subscriptions", "findings"];
    html! {
        (looked_at(looked, after))
        @if !rows.is_empty() {
            (Table { caption: words::CUSTOMERS_CAPTION, columns, rows }
                .beside(&way("customers", words::CUSTOMERS, after)))
        }
        @if after.is_some() { p { a href=(super::ROOT) { (words::FIRST) } } }
        @if looked.goes_on && let Some(last) = looked.customers.last() {
            p { a href=(format!("{}?after={last}", super::ROOT)) rel="next" { (words::MORE) } }
        }
    }
}
