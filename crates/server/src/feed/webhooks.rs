//! Webhooks: what is recorded is sent to receivers elsewhere, event by event in the order of the log, each at least
//! once; how far a receiver has come is kept on the device, so that nothing is missing after a restart.
//!
//! An event is sent again until it is taken, later each time, and the ones after it wait. Webhooks do not wait for each
//! other, and nothing waits for them. What is sent is a CloudEvent as the feed has it, signed by Standard Webhooks.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_ledger::Entropy;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use self::kept::Kept;
pub use self::secret::{NoSecret, WebhookSecret};
pub(crate) use self::standing::{Standing, Standings};
use super::cursor::Cursor;
use super::page::{Page, Sent, Wanted};
use crate::access::{AccessRole, Caller, Principal, Scope};
use crate::disclosure::Leaving;
use crate::problem::Problem;
use crate::shared::Shared;

mod kept;
mod secret;
mod standing;

/// The media type of one CloudEvent.
const CLOUD_EVENT: &str = "application/cloudevents+json";
/// How many entries may be looked through in vain before that is kept.
const KEPT_EVERY: u64 = 4_096;

/// Posts a body with headers to the receiver, and gives the status of its answer; or says why there is none. It may
/// block, and must not go on for long.
pub type Post = Box<dyn Fn(&[(&'static str, String)], &[u8]) -> Result<u16, String> + Send + Sync>;

/// A receiver, and what it gets.
pub struct Webhook {
    /// Its name, by which it stands in numbers, on pages and in the entry that it takes something.
    pub name: String,
    /// In which role it sees what is recorded: as an auditor, or as somebody of one partner or one customer.
    pub role: AccessRole,
    /// Whose content it sees.
    pub sees: Scope,
    /// Only entries about this customer.
    pub customer: Option<CustomerId>,
    /// Only entries that name this partner.
    pub partner: Option<PartnerTenantId>,
    /// Only this event or command.
    pub kind: Option<String>,
    /// Begin with the entry at this position where nothing was sent yet; without it, with what is recorded from then on.
    pub from: Option<u64>,
    /// What its events are signed with.
    pub secret: WebhookSecret,
    /// The file that says how far it has come.
    pub kept: PathBuf,
    /// What posts to it.
    pub post: Post,
}

/// What came of an attempt.
enum Attempt {
    Taken,
    NotTaken(String),
}

/// Starts to send; each webhook ends by itself once a stop is asked for.
pub(crate) fn start(shared: &Arc<Shared>, webhooks: Vec<Webhook>) {
    for webhook in webhooks {
        shared.webhooks.add(&webhook.name);
        let shared = Arc::clone(shared);
        tokio::spawn(async move { Delivery::new(shared, webhook).run().await });
    }
}

/// The sending of one webhook.
struct Delivery {
    shared: Arc<Shared>,
    caller: Caller,
    wanted: Wanted,
    webhook: Arc<Webhook>,
}

impl Delivery {
    fn new(shared: Arc<Shared>, webhook: Webhook) -> Self {
        let name = format!("webhook {}", webhook.name);
        let caller = Caller::Known(Principal { name, role: webhook.role, scope: webhook.sees });
        let wanted = Wanted::filtered(webhook.customer, webhook.partner, webhook.kind.clone());
        Self { shared, caller, wanted, webhook: Arc::new(webhook) }
    }

    async fn run(&self) {
        let recorded =
            self.shared.disclosures.record(&self.shared, &self.caller, Leaving::Webhook, self.wanted.customer());
        if let Err(problem) = recorded.await {
            self.tell(&self.said(&problem), None).await;
        }
        let Some(mut cursor) = self.begun().await else { return };
        let mut kept = cursor;
        while !self.shared.stop.is_asked() {
            self.shared.webhooks.reached(&self.webhook.name, cursor.position());
            let page = match self.page(cursor).await {
                Ok(page) => page,
                Err(problem) => {
                    self.tell(&self.said(&problem), None).await;
                    continue;
                }
            };
            if page.events.is_empty() {
                self.shared.webhooks.recovered(&self.webhook.name);
            }
            for event in &page.events {
                if !self.sent(event).await {
                    return;
                }
                if let Ok(behind) = event.id.parse() {
                    cursor = behind;
                    self.keep(cursor).await;
                    kept = cursor;
                }
            }
            cursor = page.reached;
            if cursor.position().saturating_sub(kept.position()) >= KEPT_EVERY {
                self.keep(cursor).await;
                kept = cursor;
            }
            // It ends where the server stops.
            if self.shared.holding(cursor.position()).await.is_err() {
                return;
            }
        }
    }

    /// Where it goes on: behind what was kept, or where it begins, which is kept before anything is sent. None where a
    /// stop was asked for before that could be told.
    async fn begun(&self) -> Option<Cursor> {
        while !self.shared.stop.is_asked() {
            let (webhook, size) = (Arc::clone(&self.webhook), self.shared.reader.log().tree_size());
            let begun = spawn_blocking(move || {
                let kept = Kept::new(&webhook.kept);
                if let Some(cursor) = kept.read()? {
                    return Ok(cursor);
                }
                let from = webhook.from.unwrap_or(size);
                let cursor = from.checked_sub(1).map_or(Cursor::START, Cursor::behind);
                kept.write(cursor).map(|()| cursor)
            });
            match begun.await.map_err(|error| error.to_string()).and_then(|begun| begun) {
                Ok(cursor) => return Some(cursor),
                Err(problem) => self.tell(&problem, None).await,
            }
        }
        None
    }

    async fn page(&self, cursor: Cursor) -> Result<Page, Problem> {
        let (shared, caller, wanted) = (Arc::clone(&self.shared), self.caller.clone(), self.wanted.clone());
        self.shared.in_turn(move || Page::read(&shared, &caller, &wanted, cursor)).await
    }

    /// Sends an event until it is taken; not where a stop is asked for before.
    async fn sent(&self, event: &Sent) -> bool {
        while !self.shared.stop.is_asked() {
            match self.attempt(event).await {
                Attempt::Taken => {
                    self.shared.webhooks.taken(&self.webhook.name);
                    return true;
                }
                Attempt::NotTaken(problem) => self.tell(&problem, Some(&event.id)).await,
            }
        }
        false
    }

    async fn attempt(&self, event: &Sent) -> Attempt {
        let (webhook, id, body) = (Arc::clone(&self.webhook), event.id.clone(), event.json.clone());
        let seconds = self.shared.ledger.clock().now().unix_seconds();
        let posted = spawn_blocking(move || {
            let signature = webhook.secret.sign(&id, seconds, &body);
            let headers = [
                ("content-type", CLOUD_EVENT.to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signature),
            ];
            (webhook.post)(&headers, &body)
        });
        match posted.await {
            Ok(Ok(200..=299)) => Attempt::Taken,
            Ok(Ok(status)) => Attempt::NotTaken(format!("it answers with status {status}")),
            Ok(Err(problem)) => Attempt::NotTaken(problem),
            Err(error) => Attempt::NotTaken(error.to_string()),
        }
    }

    /// Keeps how far the receiver has come. Where that fails, an event may be sent once more after a restart.
    async fn keep(&self, cursor: Cursor) {
        let webhook = Arc::clone(&self.webhook);
        let kept = spawn_blocking(move || Kept::new(&webhook.kept).write(cursor)).await;
        if let Err(problem) = kept.map_err(|error| error.to_string()).and_then(|kept| kept) {
            tracing::warn!(webhook = self.webhook.name, problem, "could not keep how far a webhook has come");
        }
    }

    /// Notes a failure, and waits for longer after each one, or until a stop is asked for.
    async fn tell(&self, problem: &str, event: Option<&str>) {
        let now = self.shared.ledger.clock().now();
        let failures = self.shared.webhooks.failed(&self.webhook.name, problem, now);
        tracing::warn!(webhook = self.webhook.name, event, problem, failures, "a webhook failed");
        let drawn = Entropy::System.draw("the pause of a webhook").map_or(u8::MAX, |[drawn, ..]| drawn);
        let limits = &self.shared.limits;
        let pause = pause(failures, drawn, limits.webhook_pause, limits.webhook_pause_max);
        drop(timeout(pause, self.shared.stop.asked()).await);
    }

    fn said(&self, problem: &Problem) -> String {
        let cause = problem.cause().unwrap_or_default();
        format!("{} {cause}", problem.detail()).trim_end().to_owned()
    }
}

/// How long is waited after so many failures in a row: twice as long each time, and by chance up to half less, so that
/// receivers which come back are not asked by all at once.
fn pause(failures: u64, drawn: u8, first: Duration, most: Duration) -> Duration {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(u32::MAX).min(31);
    let whole = first.saturating_mul(1 << doublings).min(most);
    let half = whole / 2;
    half + half.mul_f64(f64::from(drawn) / f64::from(u8::MAX))
}

#[cfg(test)]
mod tests;
