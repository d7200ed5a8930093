//! The writer's thread: drains a bounded queue and decides each command in order, into the block that comes next.
//!
//! While one block is made durable by the [`committer`], the next one is decided upon the state that the first will
//! leave. Should the first fail, everything that was decided upon it fails with it.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::{mpsc, oneshot};
use tracing::{Span, info_span};

use ofrecord_core::{Command, Event, Fact, Outcome, Policy, Refusal, Request, StreamId, SubjectId, Timestamp};
use ofrecord_log::canonical::ENTRY_BYTES_MAX;
use ofrecord_log::entry::{EntryParts, StreamLink, compose, stored_leaf_hash};
use ofrecord_log::{EventLog, Hash, LogReader, NewEntry, merkle};

use crate::clock::Clock;
use crate::codec::{Opening, decode, request_hash};
use crate::receipt::{Receipt, ReceiptOutcome, Recorded, SubmitError};
use crate::redaction;
use crate::sealing::SharedSealer;
use crate::streams::{Decided, Room, StreamCache};

mod committer;

use committer::{Answer, Block, Committer, Done, not_sealed};

/// Commands waiting for the writer before a submitter has to wait too.
pub(crate) const QUEUE_MAX: usize = 4_096;
/// The streams that are kept in memory for deciding.
const ROOM: Room = Room { facts: 500_000, packed_bytes: 256 * 1024 * 1024 };
/// Commands decided into one block.
const BATCH_MAX: usize = 1_024;
/// Entry bytes in one block, before the next one is begun.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) type Reply = Result<Receipt, SubmitError>;

/// One command on its way to the writer.
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) reply: oneshot::Sender<Reply>,
    /// What it was handed in by; deciding and making it durable are told below it.
    pub(crate) span: Span,
}

/// What of a request was written before it was decided.
struct Asked {
    opening: Opening,
    hash: Hash,
}

pub(crate) struct Writer {
    log: Arc<dyn LogReader>,
    committer: Committer,
    streams: StreamCache,
    policy: Policy,
    clock: Clock,
    sealer: Option<SharedSealer>,
    last_recorded_at: Timestamp,
    /// Where the next entry comes to stand, once all before it are durable.
    next: u64,
    /// The block being gathered, which the committer has not got yet.
    block: Block,
    block_bytes: usize,
}

impl Writer {
    pub(crate) fn new(
        log: Box<dyn EventLog>,
        policy: Policy,
        clock: Clock,
        sealer: Option<SharedSealer>,
        appended: SyncSender<()>,
    ) -> Result<Self, SubmitError> {
        let next = log.tree_size();
        let last_recorded_at = match next.checked_sub(1) {
            None => Timestamp::MIN,
            Some(last) => {
                log.read(last)
                    .map_err(|error| SubmitError::Unreadable { cause: error.to_string() })
                    .and_then(|bytes| {
                        decode(&bytes).map_err(|error| SubmitError::Unreadable { cause: error.to_string() })
                    })?
                    .recorded_at
            }
        };
        let reader = log.reader();
        let streams = StreamCache::new(Arc::clone(&reader), next, ROOM);
        let committer = Committer::start(log, sealer.clone(), appended)?;
        let (block, block_bytes) = (Block::default(), 0);
        Ok(Self { log: reader, committer, streams, policy, clock, sealer, last_recorded_at, next, block, block_bytes })
    }

    /// Serves the queue until every submitter is gone.
    pub(crate) async fn serve(mut self, mut queue: mpsc::Receiver<Job>) {
        loop {
            let full = self.block.answers.len() >= BATCH_MAX || self.block_bytes >= BATCH_BYTES_MAX;
            let due = !self.block.answers.is_empty() && !self.committer.is_busy() && queue.is_empty();
            if full || due {
                self.hand_over().await;
                continue;
            }
            tokio::select! {
                biased;
                done = self.committer.done(), if self.committer.is_busy() => self.learn(&done),
                job = queue.recv() => match job {
                    Some(job) => self.take(job).await,
                    None => break,
                },
            }
        }
        self.settle().await;
    }

    /// Decides one command into the block. What it says is answered only once the block is durable.
    async fn take(&mut self, job: Job) {
        if self.must_settle_before(&job.request) {
            self.settle().await;
        }
        let reply = deciding(&job.span).in_scope(|| self.decide(&job.request));
        let durable = appending(&job.span);
        self.block.answers.push(Answer { to: job.reply, reply, durable });
        // Nothing is sealed with a key that is about to be destroyed, and nothing pending can be loaded again.
        if !self.block.erased.is_empty() || self.streams.is_full() {
            self.settle().await;
            self.streams.shrink();
        }
    }

    /// Whether deciding looks at what the log holds rather than at streams: a repeat, and what is to be redacted.
    fn must_settle_before(&self, request: &Request) -> bool {
        matches!(request.command.command(), Command::RedactEntry(_))
            || self.block.commands.contains(&request.command_id)
            || self.committer.has(request.command_id)
    }

    /// Hands the block to the committer as soon as that has done with the one before.
    async fn hand_over(&mut self) {
        self.wait().await;
        let block = std::mem::take(&mut self.block);
        self.block_bytes = 0;
        if !block.answers.is_empty() {
            let first = self.next - block.entries.len() as u64;
            self.committer.begin(block, first);
        }
    }

    /// Waits until everything decided is durable, or has failed.
    async fn settle(&mut self) {
        self.hand_over().await;
        self.wait().await;
    }

    async fn wait(&mut self) {
        if self.committer.is_busy() {
            let done = self.committer.done().await;
            self.learn(&done);
        }
    }

    /// Takes in what became of the block that was under way.
    fn learn(&mut self, done: &Done) {
        if done.is_err() {
            // What has been decided since then was decided upon entries that are not there.
            std::mem::take(&mut self.block).answer(done);
            self.block_bytes = 0;
            self.streams.clear();
            self.next = self.log.tree_size();
        }
        self.streams.set_loaded_below(self.log.tree_size());
    }

    fn decide(&mut self, request: &Request) -> Reply {
        let recorded_at = self.clock.now().max(self.last_recorded_at);
        let completed = self.completed(request)?;
        // Before anything is decided, hashed or compared: what is recorded is what was sealed.
        let sealed = match &self.sealer {
            Some(sealer) => sealer.held().seal(&completed, self.next).map_err(|error| not_sealed(&error))?,
            None => Cow::Borrowed(completed.as_ref()),
        };
        let (sent, request) = (completed.as_ref(), sealed.as_ref());
        let opening = Opening::of(request).map_err(|error| not_an_entry(&error))?;
        let hash = opening.request_hash(request).map_err(|error| not_an_entry(&error))?;
        if let Some(receipt) = self.repeated(sent, hash)? {
            return Ok(receipt);
        }
        let decided = self
            .streams
            .decide(request, &self.policy, recorded_at)
            .map_err(|error| SubmitError::Unreadable { cause: error.to_string() })?
            .ok_or_else(|| misaddressed(request))?;
        if let Some(conflict) = self.conflict(request, &decided.streams) {
            return Ok(conflict);
        }
        self.compose(request, Asked { opening, hash }, recorded_at, decided)
    }

    /// A redaction with what stands at its position, as the log says and whatever was sent; any other request as it is.
    fn completed<'a>(&self, request: &'a Request) -> Result<Cow<'a, Request>, SubmitError> {
        let Command::RedactEntry(asked) = request.command.command() else { return Ok(Cow::Borrowed(request)) };
        let entry = redaction::standing(&*self.log, asked.position)
            .map_err(|error| SubmitError::Unreadable { cause: error.to_string() })?;
        let mut request = request.clone();
        if let Some(redaction) = request.command.redaction_mut() {
            redaction.entry = entry;
        }
        Ok(Cow::Owned(request))
    }

    /// The answer to a request that was recorded before; `hash` is that of what would be recorded now.
    fn repeated(&self, request: &Request, hash: Hash) -> Result<Option<Receipt>, SubmitError> {
        let unreadable = |cause: String| SubmitError::Unreadable { cause };
        let found = self.log.find_command(request.command_id.guid()).map_err(|error| unreadable(error.to_string()))?;
        let Some(found) = found else { return Ok(None) };
        if found.request_hash != hash && !self.was_sealed_less(request, found.request_hash)? {
            return Ok(Some(reused(request, found.position)));
        }
        let bytes = self.log.read(found.position).map_err(|error| unreadable(error.to_string()))?;
        let entry = decode(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if entry.decision.is_redacted() {
            return Ok(Some(redacted(request, found.position)));
        }
        let outcome = match entry.decision.refusal {
            Some(refusal) => Outcome::Refused(refusal),
            None => Outcome::Accepted(entry.decision.events.unwrap_or_default()),
        };
        let recorded = recorded(found.position, stored_leaf_hash(&bytes));
        let first = Receipt { command_id: request.command_id, outcome: ReceiptOutcome::decided(recorded, &outcome) };
        Ok(Some(again(&first)))
    }

    /// Whether this is the hash of the request with less of it sealed: recorded before there were keys, or before
    /// anything but contacts was sealed.
    fn was_sealed_less(&self, request: &Request, recorded: Hash) -> Result<bool, SubmitError> {
        let Some(sealer) = &self.sealer else { return Ok(false) };
        if hash_of(request)? == recorded {
            return Ok(true);
        }
        let contacts = sealer.held().seal_contacts(request, self.next).map_err(|error| not_sealed(&error))?;
        Ok(hash_of(&contacts)? == recorded)
    }

    fn conflict(&self, request: &Request, streams: &[StreamId]) -> Option<Receipt> {
        let expected = request.expected_version?;
        let (actual, _) = self.streams.end(*streams.first()?);
        if expected == actual {
            return None;
        }
        let refusal = Refusal::because(&ofrecord_core::ground::ledger::WRONG_EXPECTED_VERSION)
            .with("expected_version", expected)
            .with("actual_version", actual)
            .with("behind", i128::from(actual) - i128::from(expected));
        Some(Receipt { command_id: request.command_id, outcome: ReceiptOutcome::Conflict { refusal } })
    }

    fn compose(&mut self, request: &Request, asked: Asked, recorded_at: Timestamp, decided: Decided) -> Reply {
        let position = self.next;
        let decision = asked
            .opening
            .encode_decision(request, &decided.outcome, self.policy.reference, &decided.read)
            .map_err(|error| not_an_entry(&error))?;
        let links: Vec<StreamLink> = decided
            .streams
            .iter()
            .map(|stream| {
                let (version, previous) = self.streams.end(*stream);
                StreamLink { stream: stream.to_string(), version, previous }
            })
            .collect();
        let recorded_text = recorded_at.to_string();
        let bytes = compose(&EntryParts {
            format: decision.format,
            position,
            recorded_at: &recorded_text,
            command_id: request.command_id.guid(),
            request_hash: asked.hash,
            streams: &links,
            decision: &decision.bytes,
        })
        .map_err(|error| not_an_entry(&error))?;
        if bytes.len() > ENTRY_BYTES_MAX {
            let problem = format!("it has {} bytes, an entry at most {ENTRY_BYTES_MAX}", bytes.len());
            return Err(SubmitError::NotAnEntry { problem });
        }
        let leaf = merkle::leaf_hash(&bytes);
        let effective_at = request.effective_at.unwrap_or(recorded_at);
        let events = decided.outcome.events();
        debug_assert!(is_read_as(&bytes, effective_at, events), "what is stored is what was decided");
        self.block.erased.extend(events.iter().filter_map(subject_erased));
        let outcome = ReceiptOutcome::decided(recorded(position, leaf), &decided.outcome);
        let told: Vec<Arc<Event>> = decided.outcome.into_events().into_iter().map(Arc::new).collect();
        self.streams.push(&Fact::of_events(position, effective_at, told.into_iter()), &decided.streams, Some(leaf));
        self.last_recorded_at = recorded_at;
        self.next += 1;
        self.block_bytes += bytes.len();
        self.block.entries.push(NewEntry { bytes });
        self.block.commands.insert(request.command_id);
        Ok(Receipt { command_id: request.command_id, outcome })
    }
}

/// The span of a decision, below that of whoever handed the command in; none where nobody looks.
fn deciding(of: &Span) -> Span {
    if of.is_disabled() { Span::none() } else { info_span!(parent: of, "decide") }
}

/// The span in which what was decided becomes durable with everything else in its block.
fn appending(of: &Span) -> Span {
    if of.is_disabled() { Span::none() } else { info_span!(parent: of, "append and sync") }
}

/// Whether readers will read these events, at this instant, out of the bytes of an entry.
fn is_read_as(bytes: &[u8], effective_at: Timestamp, events: &[Event]) -> bool {
    decode(bytes).is_ok_and(|entry| entry.effective_at() == effective_at && entry.decision.events() == events)
}

fn hash_of(request: &Request) -> Result<Hash, SubmitError> {
    request_hash(request).map_err(|error| not_an_entry(&error))
}

fn not_an_entry(error: &dyn std::fmt::Display) -> SubmitError {
    SubmitError::NotAnEntry { problem: error.to_string() }
}

fn subject_erased(event: &Event) -> Option<SubjectId> {
    if let Event::SubjectErased(event) = event { Some(event.subject) } else { None }
}

fn recorded(position: u64, leaf_hash: Hash) -> Recorded {
    Recorded { position, tree_size: position + 1, leaf_hash }
}

fn again(first: &Receipt) -> Receipt {
    let outcome = match &first.outcome {
        ReceiptOutcome::Accepted { recorded, events } => {
            ReceiptOutcome::Repeated { recorded: *recorded, events: events.clone(), refusal: None }
        }
        ReceiptOutcome::Refused { recorded, refusal } => {
            ReceiptOutcome::Repeated { recorded: *recorded, events: Vec::new(), refusal: Some(refusal.clone()) }
        }
        ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. } => first.outcome.clone(),
    };
    Receipt { command_id: first.command_id, outcome }
}

fn reused(request: &Request, position: u64) -> Receipt {
    let refusal = Refusal::because(&ofrecord_core::ground::ledger::REQUEST_ID_REUSED).with("position", position);
    Receipt { command_id: request.command_id, outcome: ReceiptOutcome::Conflict { refusal } }
}

fn redacted(request: &Request, position: u64) -> Receipt {
    let refusal = Refusal::because(&ofrecord_core::ground::ledger::COMMAND_REDACTED).with("position", position);
    Receipt { command_id: request.command_id, outcome: ReceiptOutcome::Conflict { refusal } }
}

fn misaddressed(request: &Request) -> SubmitError {
    let problem = match request.customer {
        Some(_) => "it concerns a partner's account; leave `customer` out",
        None => "it concerns a customer; name it in `customer`",
    };
    SubmitError::Misaddressed { command: request.command.command().name(), problem }
}
