//! The ledger asked and answered in Microsoft's shapes, so that a program written for Microsoft Graph or for Partner
//! Center reads it by another address.
//!
//! The shapes are those of `ofrecord_interop::write`, and nothing is written here in a second way. What is answered
//! rests on what a partner may see, as every question of a partner does; the instant asked about, the state of
//! knowledge and the partner come in the query or in headers of the ledger's own, and the basis goes in a header.

mod commands;
pub(crate) mod decided;
mod granular;
mod graph;
mod heard;
mod link;
mod odata;
mod paging;
mod partner_center;
mod routes;
mod standpoint;

use std::sync::Arc;

use axum::http::HeaderName;

pub(crate) use self::commands::{MicrosoftCommand, Sent, decide};
pub(crate) use self::heard::{GRAPH, Heard, PARTNER_CENTER};
use self::link::Link;
pub(crate) use self::routes::{ASKED, ROUTES, SENT};
use self::standpoint::Standpoint;
use crate::access::Caller;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;

/// A question in one of Microsoft's shapes, answered from where somebody stands.
pub(crate) type MicrosoftQuestion = fn(&Standpoint<'_>, &Asked) -> Result<Reply, Problem>;

/// The header that tells what an answer rests on, as a dictionary of structured fields (RFC 9651).
const BASIS: HeaderName = HeaderName::from_static("ofrecord-basis");
/// The parameters that may come in a header instead of the query. Those of the query go before, as the link to a next
/// page has them there.
const IN_HEADERS: [(&str, HeaderName); 4] = [
    ("partner", HeaderName::from_static("ofrecord-partner")),
    ("as_of", HeaderName::from_static("ofrecord-as-of")),
    ("known_at", HeaderName::from_static("ofrecord-known-at")),
    ("min_position", HeaderName::from_static("ofrecord-min-position")),
];

/// Answers a question once the log holds what the asker has seen of it.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    question: MicrosoftQuestion,
    caller: Caller,
    mut sent: Sent,
) -> Result<Reply, Problem> {
    for (name, header) in &IN_HEADERS {
        sent.asked.or_header(name, header, &sent.headers)?;
    }
    paging::resume(&mut sent.asked, &sent.headers)?;
    shared.holding_what_was_seen(&sent.asked).await?;
    let of = Arc::clone(&shared);
    shared
        .in_turn(move || {
            let link = Link::of(&sent.uri, &sent.headers, &of)?;
            let standpoint = Standpoint::of(&of, &caller, link, &sent.asked)?;
            let reply = question(&standpoint, &sent.asked)?;
            Ok(reply.with_header(BASIS, &standpoint.basis()))
        })
        .await
}
