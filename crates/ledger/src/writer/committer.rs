//! The thread that makes blocks durable and answers for them, while the next block is decided.

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use tokio::sync::oneshot;
use tracing::Span;

use ofrecord_core::{CommandId, SubjectId};
use ofrecord_log::{AppendError, EventLog, NewEntry};

use super::Reply;
use crate::receipt::{ReceiptOutcome, SubmitError};
use crate::sealing::{Sealer, SealingError, SharedSealer};

/// What became of a block.
pub(super) type Done = Result<(), SubmitError>;

/// What is said of a command once its block is durable.
pub(super) struct Answer {
    pub(super) to: oneshot::Sender<Reply>,
    pub(super) reply: Reply,
    /// It ends with that.
    pub(super) durable: Span,
}

/// A block with everybody who waits for it.
#[derive(Default)]
pub(super) struct Block {
    pub(super) entries: Vec<NewEntry>,
    pub(super) answers: Vec<Answer>,
    /// Commands whose entries it holds.
    pub(super) commands: HashSet<CommandId>,
    /// Subjects whose keys are destroyed once the block is durable.
    pub(super) erased: Vec<SubjectId>,
}

impl Block {
    /// Answers everyone. Where the block failed, so did everything that was said in the belief that it would not.
    pub(super) fn answer(self, done: &Done) {
        for Answer { to, reply, durable } in self.answers {
            drop(durable);
            let answer = match (done, reply) {
                (Err(error), Ok(receipt)) if rests_on_block(&receipt.outcome) => Err(error.clone()),
                (_, answer) => answer,
            };
            // A submitter that has gone away does not need its answer.
            drop(to.send(answer));
        }
    }
}

/// Whether it speaks of what is decided but not yet durable. What is repeated was durable before.
fn rests_on_block(outcome: &ReceiptOutcome) -> bool {
    match outcome {
        ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Refused { .. } | ReceiptOutcome::Conflict { .. } => true,
        ReceiptOutcome::Repeated { .. } => false,
    }
}

/// The thread, seen from the writer: at most one block is under way. Stopped and joined when dropped.
pub(super) struct Committer {
    blocks: Option<SyncSender<Task>>,
    thread: Option<JoinHandle<()>>,
    under_way: Option<UnderWay>,
}

struct Task {
    block: Block,
    expected_next: u64,
    done: oneshot::Sender<Done>,
}

struct UnderWay {
    done: oneshot::Receiver<Done>,
    commands: HashSet<CommandId>,
}

impl Committer {
    /// Starts the thread over a log; `appended` is told after each block.
    pub(super) fn start(
        log: Box<dyn EventLog>,
        sealer: Option<SharedSealer>,
        appended: SyncSender<()>,
    ) -> Result<Self, SubmitError> {
        let (blocks, tasks) = sync_channel(1);
        let worker = Worker { log, sealer, appended };
        let thread = std::thread::Builder::new().name("ofrecord-commit".to_owned()).spawn(move || worker.run(&tasks));
        Ok(Self { blocks: Some(blocks), thread: Some(thread.map_err(|_| SubmitError::Stopped)?), under_way: None })
    }

    pub(super) fn is_busy(&self) -> bool {
        self.under_way.is_some()
    }

    /// Whether a command is in the block that is under way.
    pub(super) fn has(&self, command: CommandId) -> bool {
        self.under_way.as_ref().is_some_and(|under_way| under_way.commands.contains(&command))
    }

    /// Takes a block, whose first entry comes to stand at `expected_next`. The one before it must be done.
    pub(super) fn begin(&mut self, mut block: Block, expected_next: u64) {
        let (done, told) = oneshot::channel();
        self.under_way = Some(UnderWay { done: told, commands: std::mem::take(&mut block.commands) });
        if let Some(blocks) = &self.blocks {
            // Where the thread is gone, everybody learns it from the ends that are dropped here.
            drop(blocks.send(Task { block, expected_next, done }));
        }
    }

    /// Waits for the block that is under way, if one is. Giving up the wait loses nothing.
    pub(super) async fn done(&mut self) -> Done {
        let Some(under_way) = &mut self.under_way else { return Ok(()) };
        let done = (&mut under_way.done).await.unwrap_or(Err(SubmitError::Stopped));
        self.under_way = None;
        done
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.blocks = None;
        if let Some(thread) = self.thread.take() {
            // Whoever waited for an answer of a thread that has panicked was told that it stopped.
            drop(thread.join());
        }
    }
}

struct Worker {
    log: Box<dyn EventLog>,
    sealer: Option<SharedSealer>,
    appended: SyncSender<()>,
}

impl Worker {
    fn run(mut self, tasks: &Receiver<Task>) {
        while let Ok(Task { block, expected_next, done }) = tasks.recv() {
            let outcome = self.append(expected_next, &block.entries).and_then(|()| self.destroy(&block.erased));
            // The writer learns it first: what is handed in upon these answers finds it knowing.
            drop(done.send(outcome.clone()));
            block.answer(&outcome);
        }
    }

    fn append(&mut self, expected_next: u64, entries: &[NewEntry]) -> Done {
        if entries.is_empty() {
            return Ok(());
        }
        self.sealed(Sealer::sync).map_err(|error| not_sealed(&error))?;
        match self.log.append(expected_next, entries) {
            Ok(_) => {
                // A full channel means that the follower has a signal waiting; a closed one, that nobody follows.
                match self.appended.try_send(()) {
                    Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => Ok(()),
                }
            }
            Err(AppendError::NotWritten(error)) => Err(SubmitError::NotWritten { cause: error.to_string() }),
            Err(error @ AppendError::Unknown { .. }) => Err(SubmitError::Unknown { cause: error.to_string() }),
        }
    }

    /// The log says already that these are erased. What fails here is done at the next start.
    fn destroy(&self, erased: &[SubjectId]) -> Done {
        for subject in erased {
            self.sealed(|sealer| sealer.destroy(*subject))
                .map_err(|error| SubmitError::Unknown { cause: error.to_string() })?;
        }
        Ok(())
    }

    fn sealed(&self, work: impl FnOnce(&mut Sealer) -> Result<(), SealingError>) -> Result<(), SealingError> {
        match &self.sealer {
            Some(sealer) => work(&mut sealer.held()),
            None => Ok(()),
        }
    }
}

pub(super) fn not_sealed(error: &SealingError) -> SubmitError {
    match error {
        SealingError::SealedBySubmitter | SealingError::Seal(_) | SealingError::Contact { .. } => {
            SubmitError::NotAnEntry { problem: error.to_string() }
        }
        SealingError::File { .. } | SealingError::Entropy(_) => SubmitError::NotWritten { cause: error.to_string() },
    }
}
