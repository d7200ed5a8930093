//! The ledger as a handle: hand a command to the writer, get a reader, close.

use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use ofrecord_core::{Cloud, Policy, Request};
use ofrecord_log::{EventLog, LogReader};

use crate::clock::Clock;
use crate::reader::Reader;
use crate::receipt::{Receipt, SubmitError};
use crate::writer::{Job, QUEUE_MAX, Writer};

/// What a ledger needs to know beyond its log.
#[derive(Debug, Clone)]
pub struct LedgerOptions {
    /// The cloud whose rules decide.
    pub cloud: Cloud,
    /// Where recorded instants come from.
    pub clock: Clock,
}

/// An open ledger: one writer's thread, and any number of submitters and readers.
///
/// Dropping it lets the writer finish what is queued and stop.
#[derive(Debug)]
pub struct Ledger {
    queue: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
    log: Arc<dyn LogReader>,
    options: LedgerOptions,
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
        let writer = Writer::new(log, Policy::current(options.cloud), options.clock.clone())?;
        let (queue, jobs) = mpsc::channel(QUEUE_MAX);
        let thread = std::thread::Builder::new()
            .name("ofrecord-writer".to_owned())
            .spawn(move || writer.run(jobs))
            .map_err(|_| SubmitError::Stopped)?;
        Ok(Self { queue: Some(queue), writer: Some(thread), log: reader, options })
    }

    /// Hands a command to the writer, waiting on this thread while the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::Stopped`] when the writer is gone.
    pub fn submit(&self, request: Request) -> Result<Ticket, SubmitError> {
        let (reply, receipt) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        queue.blocking_send(Job { request, reply }).map_err(|_| SubmitError::Stopped)?;
        Ok(Ticket(receipt))
    }

    /// Hands a command to the writer without holding a thread.
    ///
    /// # Errors
    /// [`SubmitError`], sorted by what the submitter may assume.
    pub async fn decide(&self, request: Request) -> Result<Receipt, SubmitError> {
        let (reply, receipt) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(SubmitError::Stopped)?;
        queue.send(Job { request, reply }).await.map_err(|_| SubmitError::Stopped)?;
        Ticket(receipt).received().await
    }

    /// A reader over what is acknowledged.
    #[must_use]
    pub fn reader(&self) -> Reader {
        Reader::new(Arc::clone(&self.log), self.options.cloud)
    }

    /// The clock that decisions are recorded by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.options.clock
    }

    /// Lets the writer finish what is queued, and waits for it.
    pub fn close(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer ended by a panic; what was not acknowledged may not be in the ledger");
        }
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        self.stop();
    }
}
