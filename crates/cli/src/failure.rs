//! What can keep a command from being done, what to do about it, and the exit codes.

mod hint;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use ofrecord_core::id::IdError;
use ofrecord_core::{CustomerId, Refusal, SubjectId, Timestamp};
use ofrecord_interop::columnar::ColumnarError;
use ofrecord_interop::stored::StoredError;
use ofrecord_interop::table;
use ofrecord_ledger::certificate::ProveError;
use ofrecord_ledger::commitment::CommitError;
use ofrecord_ledger::drift::DriftError;
use ofrecord_ledger::evidence::GatherError;
use ofrecord_ledger::impact::{ImpactError, SavedError};
use ofrecord_ledger::rebuild::ProjectionError;
use ofrecord_ledger::replay::ReplayError;
use ofrecord_ledger::sealing::SealingError;
use ofrecord_ledger::signing::SignError;
use ofrecord_ledger::witness::WitnessError;
use ofrecord_ledger::{ReadFailure, SubmitError};
use ofrecord_log::{
    BackupError, BackupUnreadable, CreateError, Degraded, OpenError, ReadError, RedactError, RepairError, RestoreError,
    RowError,
};
use ofrecord_server::{ServeError, TokenError};
use thiserror::Error;

use self::hint::{
    COMMIT_HINT, backup_hint, gather_hint, open_hint, prove_hint, redact_hint, restore_hint, serve_hint, sign_hint,
};
use crate::commands::anchor::AnchorError;
use crate::commands::cosign::CosignError;
use crate::commands::export::tiles::TilesError;
use crate::commands::prove::NotProven;
use crate::remote::RemoteError;

/// What came of a command that did its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Done.
    Done,
    /// Some input was not valid.
    Invalid,
    /// A command was refused, or conflicts with what is recorded.
    Refused,
    /// A check found something.
    Found,
    /// Stopped at a safe place because the operator asked.
    Interrupted,
}

impl Verdict {
    /// The exit code.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Invalid => 2,
            Self::Refused => 3,
            Self::Found => 4,
            Self::Interrupted => 130,
        }
    }

    /// This one where a check found something, otherwise the other.
    pub(crate) fn or(self, other: Self) -> Self {
        match self {
            Self::Found => self,
            Self::Done | Self::Invalid | Self::Refused | Self::Interrupted => other,
        }
    }

    /// The exit code, as `main` gives it back.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(u8::try_from(self.code()).unwrap_or(1))
    }
}

/// Why a command was not done. Each message reads after "could not".
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// The ledger could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The ledger could not be created.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The ledger's identity names no cloud that there is a policy for.
    #[error("tell which cloud the ledger speaks about: its identity says {}", found.as_deref().unwrap_or("nothing"))]
    Cloud {
        /// What it says.
        found: Option<String>,
    },
    /// The ledger takes no entries.
    #[error("write to the ledger: {0}")]
    ReadOnly(Degraded),
    /// A set clock, and a ledger that was not created with one.
    #[error("record by a set clock: this ledger was created with the machine's")]
    ClockOfTests,
    /// A question could not be answered.
    #[error(transparent)]
    Read(#[from] ReadFailure),
    /// The log could not give an entry.
    #[error(transparent)]
    Log(#[from] ReadError),
    /// The writer could not be started, or could not record a command.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// Nothing is served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A server gave no answer.
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// The tokens could not be used or changed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The replay could not be finished.
    #[error(transparent)]
    Replay(ReplayError),
    /// The views could not be rebuilt.
    #[error(transparent)]
    Rebuild(#[from] ProjectionError),
    /// The stored views could not be compared with the log.
    #[error(transparent)]
    Drift(DriftError),
    /// There is nothing to compare with, or it cannot be used.
    #[error(transparent)]
    Impact(ImpactError),
    /// The folder of the stored views could not be used.
    #[error(transparent)]
    Views(#[from] RowError),
    /// The ledger could not be repaired.
    #[error(transparent)]
    Repair(#[from] RepairError),
    /// No backup was taken, or there is none to be read.
    #[error(transparent)]
    Backup(BackupError),
    /// No ledger was restored.
    #[error(transparent)]
    Restore(RestoreError),
    /// The sizes of the ledger's files could not be told.
    #[error("measure the ledger: {0}")]
    Measure(io::Error),
    /// A checkpoint was not signed, or a key could not be used.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The keys of subjects could not be used, or a personal field not opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// No key of the subject stands under the customer.
    #[error("erase {subject}: no personal field of customer {customer} is sealed for it")]
    NoSuchSubject {
        /// The subject.
        subject: SubjectId,
        /// The customer.
        customer: CustomerId,
    },
    /// Receipts were to be proven, and no more checkpoints are signed.
    #[error("prove the receipts: {0}; those without `proof` are durable")]
    Unproven(SignError),
    /// There is no folder of keys.
    #[error("sign for the ledger: {} is no folder of keys", folder.display())]
    NoKeys {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder of keys is taken.
    #[error("create a ledger: {} holds the keys of {origin}, which has signed with them", folder.display())]
    KeysOfAnother {
        /// The folder.
        folder: PathBuf,
        /// Whose keys they are.
        origin: String,
    },
    /// Nothing was signed yet.
    #[error("print a checkpoint: none was signed yet")]
    NothingSigned,
    /// The state was not committed to.
    #[error(transparent)]
    Commit(CommitError),
    /// Nothing was proven.
    #[error(transparent)]
    Prove(ProveError),
    /// No commitment speaks of so few entries, or there is none at all.
    #[error("find a commitment to the state of all streams in the first {size} entries")]
    NoCommitment {
        /// How many entries are known.
        size: u64,
    },
    /// No checkpoint that is kept covers a commitment.
    #[error("find a signed checkpoint that covers the commitment at position {position}")]
    CommitmentNotSigned {
        /// The position of the commitment.
        position: u64,
    },
    /// No checkpoint of that size is kept.
    #[error("take the checkpoint of size {size}: none of that size is kept")]
    NoCheckpoint {
        /// The size.
        size: u64,
    },
    /// There is no proof.
    #[error(transparent)]
    NotProven(#[from] NotProven),
    /// The tiles could not be written.
    #[error(transparent)]
    Tiles(#[from] TilesError),
    /// Nothing was anchored.
    #[error(transparent)]
    Anchor(#[from] AnchorError),
    /// There is no cosignature, or no witness.
    #[error(transparent)]
    Cosign(#[from] CosignError),
    /// No evidence pack was gathered.
    #[error(transparent)]
    Gather(GatherError),
    /// The log extends what was signed.
    #[error("start an epoch: the log holds everything that was signed")]
    NothingLost,
    /// A text that the ledger would not take.
    #[error("take the text: {0}")]
    Reason(IdError),
    /// The rules said no; the entry says so.
    #[error("do that: {} ({}, rule {})", .0.message, .0.code, .0.rule)]
    Refused(Box<Refusal>),
    /// A file could not be used.
    #[error("{doing} {}: {error}", path.display())]
    File {
        /// What was being done: `read`, `write`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file is larger than is read at once.
    #[error("read {}: it has {bytes} bytes, at most {bytes_max} are read", path.display())]
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// How large it is.
        bytes: u64,
        /// How large it may be.
        bytes_max: u64,
    },
    /// A file is not what it was given for.
    #[error("use {}: {problem}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The standard input could not be read.
    #[error("read the standard input: {0}")]
    Input(io::Error),
    /// The standard output could not be written.
    #[error("write to the standard output: {0}")]
    Output(io::Error),
    /// Receipts could not be printed; the commands themselves may be recorded.
    #[error("print the receipts: {0}")]
    Receipts(io::Error),
    /// A period that ends before it begins.
    #[error("take a period from {from} to {to}: it ends before it begins")]
    Period {
        /// First instant.
        from: Timestamp,
        /// First instant no longer in it.
        to: Timestamp,
    },
    /// What is known holds nothing of the kind asked for.
    #[error("find {what} as of {as_of}")]
    Nothing {
        /// What was asked for.
        what: String,
        /// The instant asked about.
        as_of: Timestamp,
    },
    /// A file whose name does not say its form.
    #[error("tell the form of {}: its name ends in none of .md, .html and .json", path.display())]
    FormOfFile {
        /// The file.
        path: PathBuf,
    },
    /// A document in two forms at once.
    #[error("write a dossier in two forms at once")]
    TwoForms,
    /// A document as rows.
    #[error("write a dossier as CSV: it is many answers, not one")]
    DossierAsCsv,
    /// A positional range that runs backwards or beyond the end.
    #[error("take positions {from} to {to}: the ledger has {size} entries")]
    Range {
        /// First position.
        from: u64,
        /// First position no longer taken.
        to: u64,
        /// How many entries there are.
        size: u64,
    },
    /// A batch of something that does not come in batches.
    #[error("write a batch: only CloudEvents come in batches")]
    Batch,
    /// A folder that is to be written holds something already.
    #[error("write into {}: it is not empty", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The stored bytes of an entry do not go with what was decoded from them.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// A row does not fit its table.
    #[error(transparent)]
    Row(#[from] table::RowError),
    /// A file of a table could not be written.
    #[error("fill {}: {error}", path.display())]
    Columnar {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: ColumnarError,
    },
    /// The bytes of redacted entries could not be taken away.
    #[error(transparent)]
    Redact(#[from] RedactError),
    /// The operator asked to stop before there was an answer.
    #[error("finish: interrupted")]
    Stopped,
    /// A thread could not be started.
    #[error("start a thread: {0}")]
    Thread(io::Error),
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Self {
        match error {
            ReplayError::Read(error) => Self::Log(error),
            error @ (ReplayError::Decode(_)
            | ReplayError::Command { .. }
            | ReplayError::Redactions(_)
            | ReplayError::Policy { .. }
            | ReplayError::Stopped { .. }) => Self::Replay(error),
        }
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Read(error) => Self::Read(error),
            CommitError::Stopped => Self::Stopped,
            error @ CommitError::Line(_) => Self::Commit(error),
        }
    }
}

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Read(error) => Self::Read(error),
            ProveError::Commit(error) => error.into(),
            error @ (ProveError::OtherFold { .. }
            | ProveError::Differs { .. }
            | ProveError::Redacted { .. }
            | ProveError::NotCovered { .. }
            | ProveError::Text { .. }) => Self::Prove(error),
        }
    }
}

impl From<GatherError> for Failure {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Prove(error) => error.into(),
            error @ (GatherError::NotCovered { .. }
            | GatherError::Checkpoint(_)
            | GatherError::Inclusion(_)
            | GatherError::Consistency(_)
            | GatherError::NotOlder { .. }
            | GatherError::Related { .. }
            | GatherError::NotVouched { .. }
            | GatherError::Receipt(_)
            | GatherError::Redacted { .. }
            | GatherError::Archive(_)) => Self::Gather(error),
        }
    }
}

impl From<BackupUnreadable> for Failure {
    fn from(error: BackupUnreadable) -> Self {
        Self::Backup(error.into())
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Degraded(reason) => Self::ReadOnly(reason),
            BackupError::Read(error) => Self::Log(error),
            BackupError::Stopped => Self::Stopped,
            error @ (BackupError::Unreadable(_)
            | BackupError::NotABackup { .. }
            | BackupError::Busy { .. }
            | BackupError::OtherLedger { .. }
            | BackupError::Longer { .. }
            | BackupError::AnotherHistory { .. }
            | BackupError::Resealed { .. }
            | BackupError::Damaged { .. }
            | BackupError::NoRoom { .. }
            | BackupError::Write { .. }) => Self::Backup(error),
        }
    }
}

impl From<RestoreError> for Failure {
    fn from(error: RestoreError) -> Self {
        match error {
            RestoreError::Unreadable(error) => error.into(),
            RestoreError::Create(error) => Self::Create(error),
            error @ (RestoreError::Damaged(_) | RestoreError::NoRoom { .. } | RestoreError::Write { .. }) => {
                Self::Restore(error)
            }
        }
    }
}

impl Failure {
    /// Whether only the reader of the answer went away, as `head` does: nothing to tell anyone.
    pub(crate) fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The exit code.
    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.is_the_askers() {
            return Verdict::Invalid.exit_code();
        }
        if matches!(self, Self::Remote(error) if error.is_the_askers()) {
            return Verdict::Invalid.exit_code();
        }
        if let Self::Refused(_) = self {
            return Verdict::Refused.exit_code();
        }
        if matches!(self, Self::Cosign(error) if error.is_a_finding()) {
            return Verdict::Found.exit_code();
        }
        if self.is_a_stop() { Verdict::Interrupted.exit_code() } else { ExitCode::FAILURE }
    }

    /// Whether it was asked to stop, and did.
    pub(crate) fn is_a_stop(&self) -> bool {
        matches!(
            self,
            Self::Replay(ReplayError::Stopped { .. }) | Self::Rebuild(ProjectionError::Stopped { .. }) | Self::Stopped
        )
    }

    /// Whether the ledger takes no entries and can be read all the same.
    pub(crate) fn leaves_reading(&self) -> bool {
        matches!(self, Self::ReadOnly(_) | Self::Submit(_))
            || matches!(self, Self::Sign(error) if error.lost().is_some())
    }

    /// Whether another question or other arguments would do, rather than another machine.
    fn is_the_askers(&self) -> bool {
        matches!(self, Self::Serve(error) if error.is_the_askers())
            || matches!(
                self,
                Self::FileTooLarge { .. }
                    | Self::ClockOfTests
                    | Self::Token(TokenError::Name | TokenError::NameTaken { .. })
                    | Self::Token(TokenError::Tenant { .. } | TokenError::Unknown { .. })
                    | Self::Period { .. }
                    | Self::Nothing { .. }
                    | Self::Range { .. }
                    | Self::Batch
                    | Self::NoKeys { .. }
                    | Self::NoSuchSubject { .. }
                    | Self::KeysOfAnother { .. }
                    | Self::NothingSigned
                    | Self::NoCommitment { .. }
                    | Self::CommitmentNotSigned { .. }
                    | Self::Gather(
                        GatherError::NotOlder { .. } | GatherError::Related { .. } | GatherError::Redacted { .. }
                    )
                    | Self::Prove(ProveError::OtherFold { .. } | ProveError::Redacted { .. })
                    | Self::NoCheckpoint { .. }
                    | Self::Cosign(CosignError::Witness(WitnessError::NotCosigned(_)))
                    | Self::Tiles(TilesError::OfAnother { .. })
                    | Self::Unusable { .. }
                    | Self::NotProven(NotProven::Beyond { .. } | NotProven::Redacted { .. } | NotProven::Inclusion(_))
                    | Self::NothingLost
                    | Self::Reason(_)
                    | Self::NotEmpty { .. }
                    | Self::FormOfFile { .. }
                    | Self::TwoForms
                    | Self::DossierAsCsv
                    | Self::Create(CreateError::Origin { .. })
                    | Self::Backup(BackupError::NotABackup { .. } | BackupError::OtherLedger { .. })
                    | Self::Impact(
                        ImpactError::NothingStored
                            | ImpactError::OtherLedger { .. }
                            | ImpactError::NoSuchCustomer { .. }
                            | ImpactError::Saved(SavedError::Line { .. })
                    )
                    | Self::Read(ReadFailure::NotFound { .. } | ReadFailure::BeyondEnd { .. })
            )
    }

    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Open(error) => return open_hint(error),
            Self::Create(CreateError::NotEmpty { .. }) | Self::NotEmpty { .. } => {
                "name a folder that does not exist or is empty"
            }
            Self::Create(CreateError::Origin { .. }) => "an origin looks like example.org/ledger",
            Self::Cloud { .. } => "set `labels.cloud` in ledger.json to china21vianet, worldwide or usgov",
            Self::ClockOfTests => "leave --clock out; it is for tests, on ledgers created with it",
            Self::Read(ReadFailure::NotFound { .. }) => {
                "check the id and --known-at; `ofrecord stats` counts the customers"
            }
            Self::Serve(error) => return serve_hint(error).map(str::to_owned),
            Self::NoKeys { .. } => "`ofrecord key create` makes one, or name it with --keys or OFRECORD_KEYS",
            Self::KeysOfAnother { .. } => "move that folder away if the ledger is gone, or name another with --keys",
            Self::NoSuchSubject { .. } => "`ofrecord subjects CUSTOMER` lists them",
            Self::NothingSigned => "leave --newest out to sign one",
            Self::NoCommitment { .. } => COMMIT_HINT,
            Self::CommitmentNotSigned { .. } => "`ofrecord checkpoint` signs one",
            Self::Gather(error) => return gather_hint(error).map(str::to_owned),
            Self::Prove(error) => return prove_hint(error).map(str::to_owned),
            Self::Redact(error) => return redact_hint(error),
            Self::NothingLost => "nothing has to be done",
            Self::NoCheckpoint { .. } => "leave --size out for the newest; `ofrecord checkpoint` signs the present one",
            Self::Cosign(error) => return error.hint().map(str::to_owned),
            Self::Remote(error) => return error.hint().map(str::to_owned),
            Self::Tiles(error) => return error.hint().map(str::to_owned),
            Self::NotProven(error) => return error.hint().map(str::to_owned),
            Self::Sign(error) | Self::Unproven(error) => return sign_hint(error).map(str::to_owned),
            Self::Batch => "add `--as cloudevents`",
            Self::Nothing { .. } => "check the ids, --as-of, and --partner: a partner is shown only what is its own",
            Self::Period { .. } => "write the earlier instant first",
            Self::FormOfFile { .. } => "say --markdown or --html, or give the file such a name",
            Self::TwoForms => "leave out --format, or --markdown and --html",
            Self::DossierAsCsv => "--format json gives all of it; each question by itself takes --format csv",
            Self::Read(ReadFailure::BeyondEnd { .. }) | Self::Range { .. } => "`ofrecord stats` tells the tree size",
            Self::ReadOnly(_) | Self::Read(_) | Self::Log(_) => {
                "`ofrecord verify` lists what is wrong, `ofrecord repair` mends it"
            }
            Self::Submit(SubmitError::Unknown { .. }) | Self::Receipts(_) => {
                "send the same commands again: those already recorded are answered as repeated"
            }
            Self::Submit(_) => "send the same commands again once the cause is gone: none is recorded twice",
            Self::Replay(ReplayError::Stopped { .. }) => "go on from there with --from",
            Self::Replay(_) => "the entry was written by another version, or `ofrecord verify` says what is wrong",
            Self::FileTooLarge { .. } => "split it into several files; each may hold a part of the records",
            Self::Views(_) => "the folder `views` in the ledger is derived: move it away and run `ofrecord rebuild`",
            Self::Repair(RepairError::Open(error)) => return open_hint(error),
            Self::Backup(error) => return backup_hint(error).map(str::to_owned),
            Self::Restore(error) => return restore_hint(error).map(str::to_owned),
            Self::Impact(ImpactError::NothingStored) => {
                "run `ofrecord rebuild` with the version that is deployed, or compare with rows it saved: --against"
            }
            Self::Impact(ImpactError::OtherLedger { .. }) => "save rows of this ledger with `ofrecord impact --save`",
            Self::Impact(ImpactError::NoSuchCustomer { .. }) => "check the id; `ofrecord stats` counts the customers",
            Self::Anchor(AnchorError::Http(error)) => return error.hint().map(str::to_owned),
            Self::Anchor(_) => return None,
            Self::Drift(_) => "`ofrecord rebuild` makes the stored views anew",
            Self::Impact(_)
            | Self::Rebuild(_)
            | Self::Repair(_)
            | Self::Measure(_)
            | Self::Create(_)
            | Self::File { .. }
            | Self::Unusable { .. }
            | Self::Input(_)
            | Self::Output(_)
            | Self::Stored(_)
            | Self::Row(_)
            | Self::Columnar { .. }
            | Self::Stopped
            | Self::Token(_)
            | Self::Sealing(_)
            | Self::Commit(_)
            | Self::Reason(_)
            | Self::Refused(_)
            | Self::Thread(_) => return None,
        };
        Some(hint.to_owned())
    }
}
