//! What to do about failures of one kind.

use ofrecord_ledger::certificate::ProveError;
use ofrecord_ledger::evidence::GatherError;
use ofrecord_ledger::signing::SignError;
use ofrecord_log::{BackupError, BackupUnreadable, OpenError, RedactError, RestoreError};
use ofrecord_server::ServeError;

/// Where no commitment can be used.
pub(super) const COMMIT_HINT: &str = "`ofrecord commit` makes one";

pub(super) fn prove_hint(error: &ProveError) -> Option<&'static str> {
    if matches!(error, ProveError::OtherFold { .. } | ProveError::Redacted { .. }) {
        return Some(COMMIT_HINT);
    }
    let differs = matches!(error, ProveError::Differs { .. });
    differs
        .then_some("the log or the fold has changed since: `ofrecord verify` and `ofrecord replay` say what is wrong")
}

pub(super) fn sign_hint(error: &SignError) -> Option<&'static str> {
    if error.lost().is_some() {
        return Some(crate::custody::LOSS_HINT);
    }
    let damaged = matches!(error, SignError::Damaged { .. });
    damaged.then_some("`ofrecord verify` lists what is wrong, `ofrecord repair` mends it")
}

pub(super) fn gather_hint(error: &GatherError) -> Option<&'static str> {
    match error {
        GatherError::NotOlder { .. } => Some("name an older one, or a larger --known-at"),
        GatherError::Related { .. } => Some("`ofrecord timeline` shows it; leave that --never out"),
        GatherError::Redacted { .. } => {
            Some("`ofrecord complete` proves that nothing but what was redacted is missing")
        }
        GatherError::Prove(_)
        | GatherError::NotCovered { .. }
        | GatherError::Checkpoint(_)
        | GatherError::Inclusion(_)
        | GatherError::Consistency(_)
        | GatherError::NotVouched { .. }
        | GatherError::Receipt(_)
        | GatherError::Archive(_) => None,
    }
}

pub(super) fn open_hint(error: &OpenError) -> Option<String> {
    let hint = match error {
        OpenError::Missing { path } | OpenError::NotALedger { path } | OpenError::NotAFolder { path } => {
            return Some(format!(
                "name a ledger's folder with --ledger or OFRECORD_LEDGER, or create one with `ofrecord init {}`",
                path.display()
            ));
        }
        OpenError::CreationInterrupted { path } => {
            let path = path.display();
            return Some(format!("run `ofrecord init {path}` again, or `ofrecord restore` with `--ledger {path}`"));
        }
        OpenError::NewerFormat { .. } => "use the version of ofrecord that wrote it, or a newer one",
        OpenError::Held { .. } => {
            "wait for that process, or stop it; where it is `ofrecord serve`, submit and ask through it with --server URL"
        }
        OpenError::IdentityLost { .. } => "restore ledger.json from a backup",
        OpenError::Io { .. } => return None,
    };
    Some(hint.to_owned())
}

pub(super) fn backup_hint(error: &BackupError) -> Option<&'static str> {
    let hint = match error {
        BackupError::NotABackup { .. } | BackupError::OtherLedger { .. } => {
            "name a folder that does not exist, is empty, or holds a backup of this ledger"
        }
        BackupError::Busy { .. } => "wait for that backup",
        BackupError::Longer { .. } => {
            "this ledger has lost entries or was restored from an older backup: keep that folder, and name another"
        }
        BackupError::AnotherHistory { .. } => {
            "one of the two was changed: keep that folder, compare both with a root you noted, and name another"
        }
        BackupError::Resealed { .. } => "name another folder; the backup in this one stands",
        BackupError::Damaged { .. } => "`ofrecord verify` lists what is wrong, `ofrecord repair` mends it",
        BackupError::Unreadable(BackupUnreadable::Missing { .. }) => {
            "name the folder that `ofrecord backup` has written; one that it did not finish is none"
        }
        BackupError::Unreadable(BackupUnreadable::NewerFormat { .. } | BackupUnreadable::NewerLedger { .. }) => {
            "use the version of ofrecord that wrote it, or a newer one"
        }
        BackupError::Unreadable(BackupUnreadable::Manifest { .. }) => "keep that folder, and name another",
        BackupError::NoRoom { .. } => "make room there, or name a folder on another device; an earlier backup stands",
        BackupError::Degraded(_)
        | BackupError::Unreadable(BackupUnreadable::Io { .. })
        | BackupError::Read(_)
        | BackupError::Stopped
        | BackupError::Write { .. } => return None,
    };
    Some(hint)
}

pub(super) fn redact_hint(error: &RedactError) -> Option<String> {
    let hint = match error {
        RedactError::Open(error) => return open_hint(error),
        RedactError::Unsound { .. } => "`ofrecord repair` mends it; whoever opens the ledger for writing then finishes",
        RedactError::Io { .. } => "whoever opens the ledger for writing next tries again",
        RedactError::OtherEntry { .. } => "`ofrecord verify` lists what is wrong",
    };
    Some(hint.to_owned())
}

/// What to do when a backup could not be restored.
pub(super) fn restore_hint(error: &RestoreError) -> Option<&'static str> {
    if let RestoreError::Damaged(_) = error {
        Some("`ofrecord backup --verify` lists what is wrong; restore from another backup, or repair the ledger")
    } else if let RestoreError::NoRoom { .. } = error {
        Some("make room there, or name a folder on another device; nothing was written")
    } else if let RestoreError::Write { .. } = error {
        Some("the folder is no ledger: restore into it again once the cause is gone, or remove it")
    } else {
        None
    }
}

/// What to do when nothing is served.
pub(super) fn serve_hint(error: &ServeError) -> Option<&'static str> {
    match error {
        ServeError::NotLoopback { .. } => {
            Some("make a token with `ofrecord token create`, so that everybody is asked; or listen on 127.0.0.1")
        }
        ServeError::OpenFiles { .. } => Some(
            "raise the limit of open files (RLIMIT_NOFILE) by `ulimit -n`, or LimitNOFILE= of the unit; or lower `connections`",
        ),
        ServeError::Listen { .. } => Some("name another port with --listen"),
        ServeError::Runtime(_) | ServeError::Tls(_) | ServeError::Oidc(_) => None,
    }
}
