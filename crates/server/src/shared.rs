//! What all requests share: the ledger, a reader over it, the limits, what is counted, and who asked to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ofrecord_core::Timestamp;
use ofrecord_ledger::{Ledger, Reader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::{Instrument as _, info_span};

use crate::approvals::Approvals;
use crate::asked::Asked;
use crate::connections::Serving;
use crate::disclosure::Disclosures;
use crate::feed::webhooks::Standings;
use crate::gate::Gate;
use crate::holdings::Holdings;
use crate::jobs::{Jobs, Uploads};
use crate::lags::Lags;
use crate::limits::Limits;
use crate::meter::Meter;
use crate::notary::Notary;
use crate::pace::Pace;
use crate::problem::Problem;
use crate::sessions::Sessions;
use crate::stop::Stop;

/// What all requests share.
pub(crate) struct Shared {
    /// The ledger, which takes commands.
    pub(crate) ledger: Arc<Ledger>,
    /// What answers questions, with what may be read in place of sealed texts.
    pub(crate) reader: Reader,
    /// Whether TLS is spoken.
    pub(crate) speaks_tls: bool,
    /// Who is let in.
    pub(crate) gate: Gate,
    /// How many requests each of them makes.
    pub(crate) pace: Pace,
    /// How often addresses fail to sign in.
    pub(crate) attempts: Pace,
    /// The browsers that are signed in.
    pub(crate) sessions: Sessions,
    /// The limits.
    pub(crate) limits: Limits,
    /// What is counted.
    pub(crate) meter: Meter,
    /// The request to stop.
    pub(crate) stop: Stop,
    /// Whose following was recorded.
    pub(crate) disclosures: Disclosures,
    /// What signs checkpoints.
    pub(crate) notary: Notary,
    /// What is kept beside the log, where that is known.
    pub(crate) holdings: Option<Box<dyn Holdings>>,
    /// How far behind what is derived was.
    pub(crate) lags: Lags,
    /// How the webhooks stand.
    pub(crate) webhooks: Standings,
    /// The jobs.
    pub(crate) jobs: Arc<Jobs>,
    /// What takes two persons.
    pub(crate) approvals: Approvals,
    /// What was sent to be imported.
    pub(crate) uploads: Uploads,
    /// Places of followers.
    followers: Arc<Semaphore>,
    /// Turns of questions.
    turns: Arc<Semaphore>,
    /// The size of the log, told after each receipt.
    grown: watch::Sender<u64>,
    started: Timestamp,
    requests: AtomicU64,
}

impl Shared {
    /// Over a ledger.
    pub(crate) fn new(ledger: Arc<Ledger>, reader: Reader, serving: Serving, stop: Stop) -> Self {
        let Serving { gate, approvals, tls, sign, holdings, workshop, uploads, webhooks: _, limits } = serving;
        let (started, size) = (ledger.clock().now(), reader.log().tree_size());
        let grown = watch::Sender::new(size);
        let (told, log) = (grown.clone(), Arc::clone(reader.log()));
        let grew = move || {
            told.send_replace(log.tree_size());
        };
        let jobs = Arc::new(Jobs::new(workshop, ledger.clock().clone(), grew));
        Self {
            ledger,
            reader,
            gate,
            speaks_tls: tls.is_some(),
            pace: Pace::default(),
            attempts: Pace::default(),
            sessions: Sessions::default(),
            limits,
            meter: Meter::default(),
            stop,
            disclosures: Disclosures::default(),
            notary: Notary::new(sign),
            holdings,
            lags: Lags::default(),
            webhooks: Standings::default(),
            jobs,
            approvals: Approvals::new(approvals),
            uploads: Uploads::new(uploads, &limits),
            followers: Arc::new(Semaphore::new(limits.followers)),
            turns: Arc::new(Semaphore::new(limits.questions)),
            grown,
            started,
            requests: AtomicU64::new(0),
        }
    }

    /// The id of a request that came without one: no two of a process are the same, and no two processes start in
    /// the same instant.
    pub(crate) fn next_request_id(&self) -> String {
        format!("{:x}-{:x}", self.started.ticks(), self.requests.fetch_add(1, Ordering::Relaxed))
    }

    /// Tells who waits that the log holds more.
    pub(crate) fn tell_growth(&self) {
        self.grown.send_replace(self.reader.log().tree_size());
    }

    /// Waits until the log holds what the asker has seen of it, where a question says so.
    pub(crate) async fn holding_what_was_seen(&self, asked: &Asked) -> Result<(), Problem> {
        match asked.read("min_position")? {
            Some(position) => self.holding(position).await,
            None => Ok(()),
        }
    }

    /// Waits until the log holds the entry at `position`, or a stop is asked for.
    pub(crate) async fn holding(&self, position: u64) -> Result<(), Problem> {
        let mut grown = self.grown.subscribe();
        loop {
            if self.reader.log().tree_size() > position {
                return Ok(());
            }
            tokio::select! {
                _ = grown.changed() => {}
                () = self.stop.asked() => return Err(stopping()),
            }
        }
    }

    /// A place for somebody who follows, until it is dropped.
    pub(crate) fn follow(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let full = |_| Problem::unavailable("too_many_followers", "as many follow already as may", None);
        Arc::clone(&self.followers).try_acquire_owned().map_err(full)
    }

    /// Does blocking work on a thread for it, once it has its turn.
    pub(crate) async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let waiting = Arc::clone(&self.turns).acquire_owned().instrument(info_span!("wait for a turn"));
        let (turn, span) = (waiting.await.map_err(|_| stopping())?, info_span!("read"));
        let done = tokio::task::spawn_blocking(move || {
            // The turn is over when the work is, not when nobody waits for it any more.
            let answer = span.in_scope(work);
            drop(turn);
            answer
        });
        done.await.map_err(|error| Problem::internal("answer", &error))?
    }
}

/// The server stops.
pub(crate) fn stopping() -> Problem {
    Problem::unavailable("stopping", "the server stops", None)
}
