//! How the server and its ledger are: alive, ready, in numbers, and in words.

use axum::http::StatusCode;
use ofrecord_ledger::answers::Status;
use ofrecord_log::WriteState;

use crate::problem::Problem;
use crate::reply::{METRICS, Reply, TEXT};
use crate::shared::{Shared, stopping};

/// That the process answers.
pub(crate) fn alive(_: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::bytes(TEXT, b"alive\n".to_vec()).with_status(StatusCode::OK))
}

/// That commands can be recorded; not once a stop was asked for.
pub(crate) fn ready(shared: &Shared) -> Result<Reply, Problem> {
    if shared.stop.is_asked() {
        return Err(stopping());
    }
    match shared.reader.log().health().write_state {
        WriteState::Writable => Ok(Reply::bytes(TEXT, b"ready\n".to_vec())),
        state @ (WriteState::ReadOnly(_) | WriteState::Poisoned { .. }) => {
            let cause = ofrecord_ledger::answers::health_sentence(&state);
            Err(Problem::unavailable("not_writable", "the ledger takes no entries", Some(&cause)))
        }
    }
}

/// Numbers for Prometheus.
pub(crate) fn metrics(shared: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::bytes(
        METRICS,
        shared.meter.text(&status(shared), &shared.jobs.counts(), &shared.webhooks.told()).into_bytes(),
    ))
}

/// How the ledger is.
pub(crate) fn ledger_status(shared: &Shared) -> Result<Reply, Problem> {
    Reply::json(&status(shared))
}

/// How the ledger is, as far as it is known without reading an entry.
pub(crate) fn status(shared: &Shared) -> Status {
    Status::of(shared.reader.log().as_ref(), &shared.ledger.verified())
}
