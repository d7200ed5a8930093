//! The progress of one job as Server-Sent Events, until it has ended.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::HeaderMap;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::Told;
use crate::access::Caller;
use crate::feed::Flow;
use crate::problem::Problem;
use crate::shared::Shared;

/// The shortest time between two events: progress may be told far more often.
const PACE: Duration = Duration::from_millis(250);

/// Somebody who follows a job.
pub(super) struct Follower {
    pub(super) shared: Arc<Shared>,
    pub(super) caller: Caller,
    /// As they came with the request, so that the token is looked at again from time to time.
    pub(super) headers: HeaderMap,
    pub(super) id: String,
}

/// A stream of what is told of a job; it ends with the job.
pub(super) fn of(follower: Follower) -> Result<Body, Problem> {
    let place = follower.shared.follow()?;
    let (to, pieces) = mpsc::channel(1);
    tokio::spawn(async move {
        flow(&follower, &to).await;
        drop(place);
    });
    Ok(Body::from_stream(Flow(pieces)))
}

async fn flow(follower: &Follower, to: &mpsc::Sender<Bytes>) {
    let shared = &follower.shared;
    let mut changes = shared.jobs.changes();
    let (mut looked_at, mut last) = (Instant::now(), String::new());
    loop {
        // Marked before it is looked at, so that no change is missed.
        changes.mark_unchanged();
        let Some((told, event)) = follower.event() else { return };
        let piece = if event == last { ":\n\n".to_owned() } else { event.clone() };
        if !matches!(timeout(shared.limits.stall, to.send(piece.into())).await, Ok(Ok(()))) || told.state.has_ended() {
            return;
        }
        last = event;
        drop(timeout(shared.limits.heartbeat, changes.changed()).await);
        drop(timeout(PACE, to.closed()).await);
        if looked_at.elapsed() >= shared.limits.heartbeat {
            looked_at = Instant::now();
            let now = shared.ledger.clock().now();
            if shared.gate.caller(&follower.headers, now).await.is_err() {
                return;
            }
        }
    }
}

impl Follower {
    /// The job as an event; none once it is forgotten.
    fn event(&self) -> Option<(Told, String)> {
        let told = self.shared.jobs.one(&self.id).ok()?.told(&self.caller);
        let json = serde_json::to_string(&told).ok()?;
        let name = if told.state.has_ended() { "end" } else { "job" };
        let event = format!("event: {name}\ndata: {json}\n\n");
        Some((told, event))
    }
}
