//! Server-Sent Events: pages in the order of the log, each sent once the one before is taken, and a sign of life.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::Follower;
use super::cursor::Cursor;
use super::page::Page;
use crate::problem::Problem;
use crate::shared::stopping;

/// A stream of events, in pieces of one page. No piece is made before the one before it is on its way, so that a
/// follower holds two pages at most, however slow it is.
pub(super) fn of(follower: Follower, cursor: Cursor) -> Result<Body, Problem> {
    let place = follower.shared.follow()?;
    let (to, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        let ended = flow(&follower, cursor, &to).await;
        if let Ended::Because(problem) = ended {
            // Whoever does not take it in time is gone.
            drop(timeout(follower.shared.limits.head_time, to.send(last(&problem))).await);
        }
        drop(place);
    });
    Ok(Body::from_stream(Flow(pieces)))
}

/// Why a stream came to its end.
enum Ended {
    /// Nobody takes it any more.
    Untaken,
    /// The follower is told.
    Because(Problem),
}

async fn flow(follower: &Follower, mut cursor: Cursor, to: &mpsc::Sender<Bytes>) -> Ended {
    let shared = &follower.shared;
    let mut looked_at = Instant::now();
    loop {
        if looked_at.elapsed() >= shared.limits.heartbeat {
            looked_at = Instant::now();
            if let Err(problem) = still_let_in(follower).await {
                return Ended::Because(problem);
            }
        }
        let page = match follower.page(cursor).await {
            Ok(page) => page,
            Err(problem) => return Ended::Because(problem),
        };
        cursor = page.reached;
        if !is_taken(shared.limits.stall, to, piece(&page)).await {
            return Ended::Untaken;
        }
        match timeout(shared.limits.heartbeat, shared.holding(cursor.position())).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(problem)) => return Ended::Because(problem),
        }
        if shared.stop.is_asked() {
            return Ended::Because(stopping());
        }
    }
}

/// Hands a piece over, unless the follower does not take it for too long.
async fn is_taken(stall: Duration, to: &mpsc::Sender<Bytes>, piece: Bytes) -> bool {
    tokio::select! {
        sent = timeout(stall, to.send(piece)) => matches!(sent, Ok(Ok(()))),
        () = to.closed() => false,
    }
}

/// A token that was revoked, or has expired, ends what was begun with it.
async fn still_let_in(follower: &Follower) -> Result<(), Problem> {
    follower.shared.visitor(&follower.headers).await.map(drop)
}

/// The events of a page, and how far the log was looked through: whoever wants little can go on from there too.
fn piece(page: &Page) -> Bytes {
    let mut text = Vec::new();
    for event in &page.events {
        text.extend_from_slice(format!("id: {}\ndata: ", event.id).as_bytes());
        text.extend_from_slice(&event.json);
        text.extend_from_slice(b"\n\n");
    }
    let reached = page.reached;
    text.extend_from_slice(format!("event: position\nid: {reached}\ndata: \"{reached}\"\n\n").as_bytes());
    text.into()
}

/// The last event: why it ends.
fn last(problem: &Problem) -> Bytes {
    if let Some(cause) = problem.cause() {
        tracing::error!(cause, "a follower was let down");
    }
    let (code, detail) = (problem.code(), problem.detail());
    let told = serde_json::json!({"code": code, "detail": detail});
    format!("event: end\ndata: {told}\n\n").into()
}

/// Pieces as a body.
pub(crate) struct Flow(pub(crate) mpsc::Receiver<Bytes>);

impl Stream for Flow {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|piece| piece.map(Ok))
    }
}

#[cfg(test)]
mod tests;
