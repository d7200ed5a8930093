//! Following the log: entries as CloudEvents from a cursor on, as Server-Sent Events or by long poll, without a gap and
//! nothing twice.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{ACCEPT, HeaderMap};
use tokio::time::{Instant, timeout_at};

use self::cursor::Cursor;
use self::page::{Page, Wanted};
use crate::access::Caller;
use crate::asked::Asked;
use crate::disclosure::Leaving;
use crate::problem::Problem;
use crate::reply::{CLOUD_EVENTS, EVENT_STREAM, Reply};
use crate::shared::Shared;

mod cursor;
mod page;
mod showing;
mod stream;
pub(crate) mod webhooks;

pub(crate) use self::stream::Flow;

/// The header by which a client that follows says how far it has come.
pub(crate) const LAST_EVENT_ID: &str = "last-event-id";
/// How long a poll waits for something new where nothing is said, in seconds.
const POLL_WAIT: u64 = 15;

/// Somebody who follows.
pub(crate) struct Follower {
    shared: Arc<Shared>,
    caller: Caller,
    /// As they came with the request, so that the token is looked at again from time to time.
    headers: HeaderMap,
    wanted: Wanted,
}

/// Answers with what comes after a cursor: a stream without an end where one is asked for, and otherwise what there is,
/// once there is something.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    caller: Caller,
    headers: HeaderMap,
    asked: &Asked,
) -> Result<Reply, Problem> {
    let cursor = Cursor::of(asked, &headers)?;
    let wanted = Wanted::of(asked, &caller)?;
    let size = shared.reader.log().tree_size();
    if cursor.position() > size {
        return Err(Problem::malformed("after", &format_args!("the log has {size} entries")));
    }
    let seconds = asked.read("wait")?.unwrap_or(POLL_WAIT);
    shared.disclosures.record(shared, &caller, Leaving::Feed, wanted.customer()).await?;
    let takes = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let streams = takes.flat_map(|value| value.split(',')).any(|media| media.trim().starts_with(EVENT_STREAM));
    let follower = Follower { shared: Arc::clone(shared), caller, headers, wanted };
    if streams {
        return Ok(Reply::flowing(EVENT_STREAM, stream::of(follower, cursor)?));
    }
    // The answer has to be on its way before the time for the request is over.
    let longest = shared.limits.request_time / 2;
    let page = polled(&follower, cursor, Instant::now() + longest.min(Duration::from_secs(seconds))).await?;
    let mut body = b"[".to_vec();
    for (number, event) in page.events.iter().enumerate() {
        body.extend_from_slice(if number == 0 { b"\n" } else { b",\n" });
        body.extend_from_slice(&event.json);
    }
    body.extend_from_slice(b"\n]\n");
    Ok(Reply::bytes(CLOUD_EVENTS, body).reached(&page.reached.to_string()))
}

/// The next page with an event in it; an empty one that says how far the log was looked through, once time is over.
async fn polled(follower: &Follower, mut cursor: Cursor, until: Instant) -> Result<Page, Problem> {
    loop {
        let page = follower.page(cursor).await?;
        if !page.events.is_empty() || Instant::now() >= until {
            return Ok(page);
        }
        cursor = page.reached;
        if let Ok(grown) = timeout_at(until, follower.shared.holding(cursor.position())).await {
            grown?;
        }
    }
}

impl Follower {
    /// What comes after a cursor, as far as one page reaches.
    async fn page(&self, cursor: Cursor) -> Result<Page, Problem> {
        let (shared, caller, wanted) = (Arc::clone(&self.shared), self.caller.clone(), self.wanted.clone());
        self.shared.in_turn(move || Page::read(&shared, &caller, &wanted, cursor)).await
    }
}
