//! Finding: from an id, a position or a name to the page of what it is.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use maud::{Markup, html};
use ofrecord_core::{CommandId, CustomerId, PartnerTenantId, StreamId, SubscriptionId};
use ofrecord_views::{self as views, CustomerRecord};

use super::layout::Page;
use super::looked::{CUSTOMERS_MAX, Looking, check_partner};
use super::said;
use super::words::search as words;
use super::{ENTRIES, reply};
use crate::access::Need;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// How many customers are read in search of a name or a subscription.
const READ_MAX: usize = 10 * CUSTOMERS_MAX;
/// How many customers are named that fit.
const FOUND_MAX: usize = 50;

/// Leads to what is looked for, or says what was looked at.
pub(super) fn find(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let wanted = asked.text("q").unwrap_or_default().trim();
    if wanted.is_empty() {
        return Ok(page(visitor, words::TITLE, &html! { p { (words::HINT) } }));
    }
    if let Some(path) = named(shared, visitor, wanted)? {
        return Ok(led(&path));
    }
    searched(shared, visitor, wanted)
}

/// The page of a position, or of a customer, a partner or a command by its id.
fn named(shared: &Shared, visitor: &Visitor, wanted: &str) -> Result<Option<String>, Problem> {
    let log = shared.reader.log();
    if wanted.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(Some(format!("{ENTRIES}{wanted}")));
    }
    let Ok(customer) = wanted.parse::<CustomerId>() else { return Ok(None) };
    if visitor.caller.may(Need::AllContent).is_err() {
        return own(shared, visitor, customer);
    }
    if log.stream_head(&StreamId::Customer(customer).to_string())?.is_some() {
        return Ok(Some(format!("/console/customers/{customer}")));
    }
    let partner = PartnerTenantId::new(customer.guid());
    if log.stream_head(&StreamId::Partner(partner).to_string())?.is_some() {
        return Ok(Some(format!("/console/partners/{partner}")));
    }
    let recorded = log.find_command(CommandId::new(customer.guid()).guid())?;
    Ok(recorded.map(|recorded| format!("{ENTRIES}{}", recorded.position)))
}

/// The page of whose id it is, where that is one of whom somebody sees something.
fn own(shared: &Shared, visitor: &Visitor, customer: CustomerId) -> Result<Option<String>, Problem> {
    if Looking::at(&shared.reader, visitor, shared.ledger.clock().now())?.sees(customer)? {
        return Ok(Some(format!("/console/customers/{customer}")));
    }
    let partner = PartnerTenantId::new(customer.guid());
    Ok(check_partner(visitor, partner).is_ok().then(|| format!("/console/partners/{partner}")))
}

/// Customers whose name holds the text, or who have the subscription, among those that come first.
fn searched(shared: &Shared, visitor: &Visitor, wanted: &str) -> Result<Reply, Problem> {
    let looking = Looking::at(&shared.reader, visitor, shared.ledger.clock().now())?;
    let looked = looking.seen_customers(None, READ_MAX)?;
    let subscription: Option<SubscriptionId> = wanted.parse().ok();
    let lower = wanted.to_lowercase();
    let mut found = Vec::new();
    for customer in &looked.customers {
        let record = looking.record(*customer)?;
        let name = views::profile(&record, &looking.viewpoint()).name;
        let fits = match subscription {
            Some(id) => has(&record, id, (&looking, visitor)),
            None => name.as_ref().is_some_and(|name| name.to_lowercase().contains(&lower)),
        };
        if fits {
            found.push((*customer, name));
        }
        if found.len() >= FOUND_MAX {
            break;
        }
    }
    if let ([(customer, _)], Some(id)) = (found.as_slice(), subscription) {
        return Ok(led(&format!("/console/customers/{customer}#subscription-{id}")));
    }
    let said = html! {
        p {
            (said::counted(looked.customers.len(), "customer was", "customers were")) " read"
            @if looked.goes_on { "; there are more that were not." } @else { "; there are no more." }
        }
        p class="quiet" { (words::BY_NAME) }
        @if !found.is_empty() {
            ul { @for (customer, name) in &found {
                li { (said::customer(*customer, name.as_deref())) " " (said::code(&customer.to_string())) }
            } }
        }
    };
    if found.is_empty() {
        let said = html! { p { "Nothing here is called or has the id " (said::name(wanted)) "." } (said) };
        return Ok(page(visitor, words::NOTHING, &said).with_status(StatusCode::NOT_FOUND));
    }
    let title = said::counted(found.len(), "customer", "customers");
    Ok(page(visitor, &format!("{title} called {}", ofrecord_report::visible::text(wanted)), &said))
}

/// Whether a customer ever had a subscription. What a partner asked for in vain may be another's by now, so that in a
/// share only what came of it counts.
fn has(record: &CustomerRecord, id: SubscriptionId, (looking, visitor): (&Looking<'_>, &Visitor)) -> bool {
    if visitor.caller.may(Need::AllContent).is_ok() {
        return record.entries().iter().any(|entry| entry.subscriptions.contains(&id));
    }
    record.state(&looking.viewpoint()).subscriptions.by_id.contains_key(&id)
}

fn page(visitor: &Visitor, title: &str, said: &Markup) -> Reply {
    Page { title: title.to_owned(), kind: "Search", main: said.clone() }.reply(visitor)
}

fn led(path: &str) -> Reply {
    reply(html! {}).with_status(StatusCode::SEE_OTHER).with_header(LOCATION, path)
}
