//! The ledger as a handle: hand a command to the writer, get a reader, close.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};
use tracing::Span;

use ofrecord_core::{Cloud, Policy, Request};
use ofrecord_log::{EventLog, LogReader};

use crate::clock::Clock;
use crate::drift::{DriftWatch, Ending, Verified, Watched};
use crate::giving_way::GivingWay;
use crate::reader::{KnownAt, Reader};
use crate::receipt::{Receipt, SubmitError};
use crate::sealing::{Names, Sealer, SharedSealer};
use crate::stored_views::StoredViews;
use crate::writer::{Job, QUEUE_MAX, Writer};

/// What a ledger needs to know beyond its log.
#[derive(Debug)]
pub struct LedgerOptions {
    /// The cloud whose rules decide.
    pub cloud: Cloud,
    /// Where recorded instants come from.
    pub clock: Clock,
    /// The stored views, where there are any; they follow the log on a thread of their own.
    pub views: Option<Arc<StoredViews>>,
    /// What seals personal fields; without it they stand in the entries as they came.
    pub sealer: Option<Sealer>,
}

/// An open ledger: one writer's thread, and any number of submitters and readers.
///
/// Dropping it lets the writer finish what is queued and stop.
pub struct Ledger {
    queue: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    follower: Option<JoinHandle<()>>,
    drift: Option<DriftWatch>,
    log: Arc<dyn LogReader>,
    cloud: Cloud,
    clock: Clock,
    views: Option<Arc<StoredViews>>,
    names: Arc<Names>,
}

/// A command on its way: the receipt comes once it is durable.
#[derive(Debug)]
pub struct Ticket(oneshot::Receiver<Result<Receipt, SubmitError>>);

impl Ticket {
    /// Waits on this thread.
    ///
    /// # Errors
    /// [`SubmitError`], sorted by what the submitter may assume.
    pub fn wait(self) -> Result<Receipt, SubmitError> {
        self.0.blocking_recv().unwrap_or(Err(SubmitError::Stopped))
    }

    /// Waits without holding a thread.
    ///
    /// # Errors
    /// [`SubmitError`], sorted by what the submitter may assume.
    pub async fn received(self) -> Result<Receipt, SubmitError> {
        self.0.await.unwrap_or(Err(SubmitError::Stopped))
    }
}

impl Ledger {
    /// Starts the writer over a log.
    ///
    /// # Errors
    /// [`SubmitError::Unreadable`] when the newest entry cannot be read, [`SubmitError::Stopped`] when no
    /// thread can be started.
    pub fn start(log: Box<dyn EventLog>, options: LedgerOptions) -> Result<Self, SubmitError> {
        let reader = log.reader();
        // One waiting signal is enough: whoever follows catches up with all there is.
        let (appended, signals) = sync_channel(1);
        let LedgerOptions { cloud, clock, views, mut sealer } = options;
        if let Some(sealer) = &mut sealer {
            finish_erasures(&Reader::new(Arc::clone(&reader), cloud), sealer)?;
        }
        let sealer = sealer.map(SharedSealer::new);
        let names = Arc::new(Names::shared(sealer.clone()));
        let writer = Writer::new(log, Policy::current(cloud), clock.clone(), sealer, appended)?;
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let waits = tokio::runtime::Builder::new_current_thread().build().map_err(|_| SubmitError::Stopped)?;
        let writer = thread("ofrecord-writer", move || waits.block_on(writer.serve(jobs)))?;
        let follower = views
            .clone()
            .map(|views| {
                let log = Arc::clone(&reader);
                thread("ofrecord-views", move || follow(&views, log.as_ref(), &signals))
            })
            .transpose()?;
        let (queue, writer) = (Some(queue), Some(writer));
        Ok(Self { queue, writer, follower, drift: None, log: reader, cloud, clock, views, names })
    }

    /// Hands a command to the writer, waiting on this thread while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::Stopped`] when the writer is gone.
    pub fn submit(&self, request: Request) -> Result<Ticket, SubmitError> {
        let (reply, receipt) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        queue.blocking_send(Job { request, reply, span: Span::current() }).map_err(|_| SubmitError::Stopped)?;
        Ok(Ticket(receipt))
    }

    /// Hands a command to the writer without holding a thread.
    ///
    /// # Errors
    /// [`SubmitError`], sorted by what the submitter may assume.
    pub async fn decide(&self, request: Request) -> Result<Receipt, SubmitError> {
        self.hand_in(request).await?.received().await
    }

    /// The same without waiting for the receipt, so that more can be handed in meanwhile. It waits while the queue is
    /// full, and commands are decided in the order in which they were handed in.
    ///
    /// # Errors
    /// [`SubmitError::Stopped`] when the writer is gone.
    pub async fn hand_in(&self, request: Request) -> Result<Ticket, SubmitError> {
        let (reply, receipt) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        queue.send(Job { request, reply, span: Span::current() }).await.map_err(|_| SubmitError::Stopped)?;
        Ok(Ticket(receipt))
    }

    /// Up to where the log and the stored views were verified.
    #[must_use]
    pub fn verified(&self) -> Verified {
        Verified::of(self.log.as_ref(), self.views.as_deref())
    }

    /// A reader over what is acknowledged.
    #[must_use]
    pub fn reader(&self) -> Reader {
        let reader = Reader::new(Arc::clone(&self.log), self.cloud);
        match &self.views {
            Some(views) => reader.with_views(Arc::clone(views)),
            None => reader,
        }
    }

    /// What may be read in place of sealed texts by the keys of this ledger's writer: what it seals at once, and what
    /// it erases no more.
    #[must_use]
    pub fn names(&self) -> Arc<Names> {
        Arc::clone(&self.names)
    }

    /// Begins to compare the stored views with the log on a thread of its own, which closing the ledger stops; see
    /// [`crate::drift`]. It works at no more than half of the time. Without stored views there is nothing to compare.
    ///
    /// # Errors
    /// What the system says when it has no thread.
    pub fn watch_drift(&mut self) -> std::io::Result<()> {
        self.drift = None;
        if let Some(views) = &self.views {
            self.drift = Some(DriftWatch::start(Arc::clone(&self.log), Arc::clone(views), self.clock.clone())?);
        }
        Ok(())
    }

    /// Ends the comparison and gives what it came to; none when none is under way.
    pub fn end_drift_watch(&mut self, ending: Ending) -> Option<Watched> {
        self.drift.take()?.end(ending)
    }

    /// The clock that decisions are recorded by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Lets the writer finish what is queued, and waits for it.
    pub fn close(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        drop(self.drift.take());
        drop(self.queue.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer ended by a panic; what was not acknowledged may not be in the ledger");
        }
        if let Some(follower) = self.follower.take()
            && follower.join().is_err()
        {
            tracing::error!("the views stopped following by a panic; rebuild them");
        }
    }
}

/// Destroys the keys of subjects of whom the log says that they are erased: whoever stopped in between did not.
fn finish_erasures(reader: &Reader, sealer: &mut Sealer) -> Result<(), SubmitError> {
    let unreadable = |cause: &dyn std::fmt::Display| SubmitError::Unreadable { cause: cause.to_string() };
    let snapshot = reader.snapshot(KnownAt::Now).map_err(|error| unreadable(&error))?;
    let custody = reader.custody(&snapshot).map_err(|error| unreadable(&error))?;
    for subject in custody.latest().erased.keys() {
        sealer.destroy(*subject).map_err(|error| unreadable(&error))?;
    }
    Ok(())
}

/// Keeps the stored views up with the log until the writer is gone, giving way to it. A failure ends the following and
/// nothing else: questions are answered from the log for what the stored views do not hold.
fn follow(views: &StoredViews, log: &dyn LogReader, signals: &Receiver<()>) {
    let mut threads = None;
    while let Ok(()) = signals.recv() {
        let threads = threads.get_or_insert_with(GivingWay::start);
        if let Err(error) = threads.work(|| views.follow(log)) {
            tracing::warn!(%error, "the stored views stopped following the log; rebuild them");
            return;
        }
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, SubmitError> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(|_| SubmitError::Stopped)
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("origin", &self.log.origin()).field("cloud", &self.cloud).finish_non_exhaustive()
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop();
    }
}
