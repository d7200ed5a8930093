//! The writer's thread: drains a bounded queue, decides each command in order, appends one block, answers everyone.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, TrySendError};

use tokio::sync::{mpsc, oneshot};

use ofrecord_core::{Command, CommandId, Event, Outcome, Policy, Refusal, Request, StreamId, SubjectId, Timestamp};
use ofrecord_log::canonical::ENTRY_BYTES_MAX;
use ofrecord_log::entry::{EntryParts, StreamLink, compose, stored_leaf_hash};
use ofrecord_log::{AppendError, EventLog, Hash, NewEntry, merkle};

use crate::clock::Clock;
use crate::codec::{decode, encode_decision, request_hash};
use crate::receipt::{Receipt, ReceiptOutcome, Recorded, SubmitError};
use crate::redaction;
use crate::sealing::{Sealer, SealingError};
use crate::streams::{Decided, StreamCache};

/// Commands waiting for the writer before a submitter has to wait too.
pub(crate) const QUEUE_MAX: usize = 4_096;
/// Commands decided into one block.
const BATCH_MAX: usize = 1_024;
/// Entry bytes in one block, before the next one is begun.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

pub(crate) type Reply = Result<Receipt, SubmitError>;

/// One command on its way to the writer.
pub(crate) struct Job {
    pub(crate) request: Request,
    pub(crate) reply: oneshot::Sender<Reply>,
}

pub(crate) struct Writer {
    log: Box<dyn EventLog>,
    streams: StreamCache,
    policy: Policy,
    clock: Clock,
    sealer: Option<Sealer>,
    last_recorded_at: Timestamp,
    /// Told after each block, for whoever follows the log.
    appended: SyncSender<()>,
}

/// A block being gathered.
#[derive(Default)]
struct Batch {
    entries: Vec<NewEntry>,
    bytes: usize,
    answers: Vec<(oneshot::Sender<Reply>, Reply)>,
    /// Commands of this block, for repeats within it.
    commands: BTreeMap<CommandId, (Hash, Receipt)>,
    /// Subjects whose keys are destroyed once the block is durable.
    erased: Vec<SubjectId>,
}

impl Writer {
    pub(crate) fn new(
        log: Box<dyn EventLog>,
        policy: Policy,
        clock: Clock,
        sealer: Option<Sealer>,
        appended: SyncSender<()>,
    ) -> Result<Self, SubmitError> {
        let head = log.head();
        let last_recorded_at = match head.size.checked_sub(1) {
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
        let streams = StreamCache::new(log.reader(), head.size);
        Ok(Self { log, streams, policy, clock, sealer, last_recorded_at, appended })
    }

    /// Serves the queue until every submitter is gone.
    pub(crate) fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut batch = Batch::default();
            self.take(first, &mut batch);
            while batch.entries.len() < BATCH_MAX && batch.bytes < BATCH_BYTES_MAX {
                let Ok(job) = queue.try_recv() else { break };
                self.take(job, &mut batch);
            }
            self.finish(batch);
        }
    }

    /// Decides one command into the batch. What it says is answered only once the block is durable.
    fn take(&mut self, job: Job, batch: &mut Batch) {
        let reply = self.decide(&job.request, batch);
        batch.answers.push((job.reply, reply));
    }

    fn decide(&mut self, request: &Request, batch: &mut Batch) -> Reply {
        let recorded_at = self.clock.now().max(self.last_recorded_at);
        let completed = self.completed(request)?;
        // Before anything is decided, hashed or compared: what is recorded is what was sealed.
        let sealed = match &mut self.sealer {
            Some(sealer) => sealer.seal(&completed, next_position(&*self.log, batch)).map_err(not_sealed)?,
            None => Cow::Borrowed(completed.as_ref()),
        };
        let (sent, request) = (completed.as_ref(), sealed.as_ref());
        let hash = hash_of(request)?;
        if let Some(receipt) = self.repeated(sent, hash, batch)? {
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
        self.compose(request, hash, recorded_at, decided, batch)
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
    fn repeated(&mut self, request: &Request, hash: Hash, batch: &Batch) -> Result<Option<Receipt>, SubmitError> {
        if let Some((known, receipt)) = batch.commands.get(&request.command_id) {
            return Ok(Some(if *known == hash { again(receipt) } else { reused(request, None) }));
        }
        let unreadable = |cause: String| SubmitError::Unreadable { cause };
        let found = self.log.find_command(request.command_id.guid()).map_err(|error| unreadable(error.to_string()))?;
        let Some(found) = found else { return Ok(None) };
        if found.request_hash != hash && !self.was_sealed_less(request, found.request_hash, batch)? {
            return Ok(Some(reused(request, Some(found.position))));
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
        let first = Receipt { command_id: request.command_id, outcome: ReceiptOutcome::decided(recorded, outcome) };
        Ok(Some(again(&first)))
    }

    /// Whether this is the hash of the request with less of it sealed: recorded before there were keys, or before
    /// anything but contacts was sealed.
    fn was_sealed_less(&mut self, request: &Request, recorded: Hash, batch: &Batch) -> Result<bool, SubmitError> {
        let position = next_position(&*self.log, batch);
        let Some(sealer) = &mut self.sealer else { return Ok(false) };
        if hash_of(request)? == recorded {
            return Ok(true);
        }
        let contacts = sealer.seal_contacts(request, position).map_err(not_sealed)?;
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

    fn compose(
        &mut self,
        request: &Request,
        hash: Hash,
        recorded_at: Timestamp,
        decided: Decided,
        batch: &mut Batch,
    ) -> Reply {
        let not_an_entry = |problem: String| SubmitError::NotAnEntry { problem };
        let position = next_position(&*self.log, batch);
        let decision = encode_decision(request, &decided.outcome, self.policy.reference, &decided.read)
            .map_err(|error| not_an_entry(error.to_string()))?;
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
            request_hash: hash,
            streams: &links,
            decision: &decision.bytes,
        })
        .map_err(|error| not_an_entry(error.to_string()))?;
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(not_an_entry(format!("it has {} bytes, an entry at most {ENTRY_BYTES_MAX}", bytes.len())));
        }
        let leaf = merkle::leaf_hash(&bytes);
        // The state is folded from what is stored, by the path that every reader takes.
        let entry = decode(&bytes).map_err(|error| not_an_entry(error.to_string()))?;
        self.streams.push(&entry, &decided.streams, leaf);
        self.last_recorded_at = recorded_at;
        batch.bytes += bytes.len();
        batch.entries.push(NewEntry { bytes });
        batch.erased.extend(entry.decision.events().iter().filter_map(subject_erased));
        let receipt = Receipt {
            command_id: request.command_id,
            outcome: ReceiptOutcome::decided(recorded(position, leaf), decided.outcome),
        };
        batch.commands.insert(request.command_id, (hash, receipt.clone()));
        Ok(receipt)
    }

    /// Makes the block durable, then answers everyone.
    fn finish(&mut self, batch: Batch) {
        let failure = self.append(&batch.entries).and_then(|()| self.destroy(&batch.erased)).err();
        if failure.is_some() {
            self.streams.clear();
        }
        self.streams.set_loaded_below(self.log.tree_size());
        self.streams.shrink();
        for (reply, answer) in batch.answers {
            let answer = match (&failure, answer) {
                (Some(error), Ok(receipt)) if receipt.rests_on_block(&batch.commands) => Err(error.clone()),
                (_, answer) => answer,
            };
            // A submitter that has gone away does not need its answer.
            drop(reply.send(answer));
        }
    }

    /// The log says already that these are erased. What fails here is done at the next start.
    fn destroy(&mut self, erased: &[SubjectId]) -> Result<(), SubmitError> {
        for subject in erased {
            if let Some(sealer) = &mut self.sealer {
                sealer.destroy(*subject).map_err(|error| SubmitError::Unknown { cause: error.to_string() })?;
            }
        }
        Ok(())
    }

    fn append(&mut self, entries: &[NewEntry]) -> Result<(), SubmitError> {
        if entries.is_empty() {
            return Ok(());
        }
        if let Some(sealer) = &mut self.sealer {
            sealer.sync().map_err(not_sealed)?;
        }
        match self.log.append(self.log.tree_size(), entries) {
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
}

fn hash_of(request: &Request) -> Result<Hash, SubmitError> {
    request_hash(request).map_err(|error| SubmitError::NotAnEntry { problem: error.to_string() })
}

fn next_position(log: &dyn EventLog, batch: &Batch) -> u64 {
    log.tree_size() + u64::try_from(batch.entries.len()).unwrap_or(u64::MAX)
}

fn not_sealed(error: SealingError) -> SubmitError {
    match error {
        error @ (SealingError::SealedBySubmitter | SealingError::Seal(_) | SealingError::Contact { .. }) => {
            SubmitError::NotAnEntry { problem: error.to_string() }
        }
        error @ (SealingError::File { .. } | SealingError::Entropy(_)) => {
            SubmitError::NotWritten { cause: error.to_string() }
        }
    }
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

fn reused(request: &Request, position: Option<u64>) -> Receipt {
    let mut refusal = Refusal::because(&ofrecord_core::ground::ledger::REQUEST_ID_REUSED);
    if let Some(position) = position {
        refusal = refusal.with("position", position);
    }
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

impl Receipt {
    /// Whether it speaks of an entry of this block rather than of an earlier one or of none.
    fn rests_on_block(&self, commands: &BTreeMap<CommandId, (Hash, Receipt)>) -> bool {
        match &self.outcome {
            ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Refused { .. } => true,
            ReceiptOutcome::Repeated { .. } => commands.contains_key(&self.command_id),
            ReceiptOutcome::Conflict { .. } => !commands.is_empty(),
        }
    }
}
