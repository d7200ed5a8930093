//! Many commands on their way at once: handed to the writer as they come, answered in the order they came.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use ofrecord_core::Request;
use ofrecord_ledger::{Ledger, Receipt, SubmitError, Ticket};

use crate::failure::Failure;

/// Commands whose receipts are waited for, at most.
pub(crate) const IN_FLIGHT_MAX: usize = 1_024;

/// What takes the answers.
pub(crate) trait Answers<Tag>: Send {
    /// Takes the next answer, in the order of submission; none where nothing was submitted.
    fn take(&mut self, tag: Tag, answer: Option<Result<Receipt, SubmitError>>) -> io::Result<()>;

    /// Called before a wait: what was taken so far may be shown.
    fn pause(&mut self) -> io::Result<()>;

    /// Whether nothing more should be submitted, though the machine goes on.
    fn is_over(&self) -> bool {
        false
    }
}

/// Where commands go in.
pub(crate) struct Intake<'a, Tag> {
    ledger: &'a Ledger,
    order: SyncSender<(Tag, Option<Ticket>)>,
    /// Set once an answer could not be given; what follows could not be answered either.
    closed: &'a AtomicBool,
}

impl<Tag> Intake<'_, Tag> {
    /// Submits a command. Waits while too many are on their way.
    pub(crate) fn submit(&self, tag: Tag, request: Request) -> Result<(), Failure> {
        let ticket = self.ledger.submit(request)?;
        self.send(tag, Some(ticket));
        Ok(())
    }

    /// Has an answer given in its place without submitting anything.
    pub(crate) fn skip(&self, tag: Tag) {
        self.send(tag, None);
    }

    /// Whether nothing more should be submitted.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    fn send(&self, tag: Tag, ticket: Option<Ticket>) {
        if self.order.send((tag, ticket)).is_err() {
            self.closed.store(true, Ordering::SeqCst);
        }
    }
}

/// Runs `feed` on this thread and the answers on another, until both are done.
///
/// Returns only when every command that was submitted is answered or has failed.
pub(crate) fn run<Tag: Send>(
    ledger: &Ledger,
    answers: &mut impl Answers<Tag>,
    feed: impl FnOnce(&Intake<'_, Tag>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let closed = &AtomicBool::new(false);
    let (order, answered) = sync_channel(IN_FLIGHT_MAX);
    std::thread::scope(|scope| {
        let answering = std::thread::Builder::new()
            .name("ofrecord-answers".to_owned())
            .spawn_scoped(scope, move || give(answers, &answered, closed))
            .map_err(Failure::Thread)?;
        let intake = Intake { ledger, order, closed };
        let fed = feed(&intake);
        drop(intake);
        let given = answering.join().unwrap_or(Ok(()));
        fed.and(given.map_err(Failure::Receipts))
    })
}

/// Gives the answers. After one could not be given, the commands still on their way are waited for all the same.
fn give<Tag>(
    answers: &mut impl Answers<Tag>,
    answered: &Receiver<(Tag, Option<Ticket>)>,
    closed: &AtomicBool,
) -> io::Result<()> {
    let mut given = Ok(());
    loop {
        let next = answered.try_recv().or_else(|_| {
            note(&mut given, || answers.pause());
            answered.recv()
        });
        let Ok((tag, ticket)) = next else { break };
        let answer = ticket.map(|ticket| wait(ticket, || note(&mut given, || answers.pause())));
        let machine_failed = answer.as_ref().is_some_and(|answer| answer.as_ref().is_err_and(is_the_machines));
        note(&mut given, || answers.take(tag, answer));
        if machine_failed || given.is_err() || answers.is_over() {
            closed.store(true, Ordering::SeqCst);
        }
    }
    given
}

/// Goes on only while nothing failed, and keeps the first failure.
fn note(given: &mut io::Result<()>, step: impl FnOnce() -> io::Result<()>) {
    if given.is_ok() {
        *given = step();
    }
}

/// Whether the machine failed, rather than the one command being nothing that can be recorded.
pub(crate) fn is_the_machines(error: &SubmitError) -> bool {
    match error {
        SubmitError::Misaddressed { .. } | SubmitError::NotAnEntry { .. } => false,
        SubmitError::NotWritten { .. }
        | SubmitError::Unknown { .. }
        | SubmitError::Unreadable { .. }
        | SubmitError::Stopped => true,
    }
}

/// Waits for a receipt, calling `pause` first when it is not there yet.
fn wait(ticket: Ticket, pause: impl FnOnce()) -> Result<Receipt, SubmitError> {
    let mut received = pin!(ticket.received());
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    if let Poll::Ready(answer) = received.as_mut().poll(&mut context) {
        return answer;
    }
    pause();
    loop {
        if let Poll::Ready(answer) = received.as_mut().poll(&mut context) {
            return answer;
        }
        // Woken by the writer's answer; a wake-up in between only polls once more.
        std::thread::park();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests;
