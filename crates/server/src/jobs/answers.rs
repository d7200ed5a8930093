//! What is answered about jobs: an order is taken at once, and everything else is read from the board.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, LOCATION};
use serde::Serialize;

use super::queue::{Job, State};
use super::told::JobState;
use super::{ORDER_BYTES_MAX, Order, Task, Told, import, stream};
use crate::access::Caller;
use crate::asked::Asked;
use crate::body::whole;
use crate::problem::Problem;
use crate::reply::{EVENT_STREAM, JSON, Reply};
use crate::shared::Shared;
use crate::visitor::refuse_other_pages;

/// The media type of evidence packs.
pub(crate) const ZIP: &str = "application/zip";

/// What is asked about jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asking {
    /// That one is done.
    Order,
    /// That a source is imported which comes with the request.
    Import,
    /// All of them.
    All,
    /// One of them, once or for as long as it goes on.
    One,
    /// What came of one.
    Result,
    /// That one goes another way.
    Change(Change),
}

/// What can become of a job that has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// It waits where it is.
    Pause,
    /// It goes on.
    Resume,
    /// It stops.
    Cancel,
}

impl Change {
    /// Every change.
    pub(crate) const ALL: [Self; 3] = [Self::Pause, Self::Resume, Self::Cancel];

    /// The word for it, in paths and on pages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
        }
    }

    /// Whether it makes sense of a job where it stands.
    pub(crate) fn fits(self, state: JobState) -> bool {
        match self {
            Self::Pause => state == JobState::Running,
            Self::Resume => state == JobState::Paused,
            Self::Cancel => !state.has_ended(),
        }
    }
}

/// The jobs, as they are told.
#[derive(Debug, Serialize)]
struct All {
    jobs: Vec<Told>,
}

/// Answers what is asked about jobs.
pub(crate) async fn answer(
    shared: &Arc<Shared>,
    asking: Asking,
    caller: Caller,
    asked: &Asked,
    request: Request,
) -> Result<Reply, Problem> {
    let headers = request.headers().clone();
    match asking {
        Asking::Order => {
            refuse_other_pages(&headers)?;
            let (_, body) = whole(request, ORDER_BYTES_MAX, &shared.limits).await?;
            let told = started(shared, &caller, Task::read(&body)?)?;
            let place = format!("/v1/jobs/{}", told.id);
            Ok(Reply::json(&told)?.with_status(StatusCode::ACCEPTED).with_header(LOCATION, &place))
        }
        Asking::Import => import::taken(shared, &caller, asked, request).await,
        Asking::All => Ok(Reply::json(&All { jobs: all(shared, &caller) })?.not_kept()),
        Asking::One => {
            let job = shared.jobs.one(&asked.needed::<String>("job")?)?;
            let takes = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
            if takes.flat_map(|value| value.split(',')).any(|media| media.trim().starts_with(EVENT_STREAM)) {
                let follower = stream::Follower { shared: Arc::clone(shared), caller, headers, id: job.id };
                return Ok(Reply::flowing(EVENT_STREAM, stream::of(follower)?));
            }
            Ok(Reply::json(&job.told(&caller))?.not_kept())
        }
        Asking::Result => {
            let job = shared.jobs.one(&asked.needed::<String>("job")?)?;
            shared.in_turn(move || result(&job, &caller)).await
        }
        Asking::Change(change) => {
            refuse_other_pages(&headers)?;
            let told = changed(shared, &caller, &asked.needed::<String>("job")?, change)?;
            Ok(Reply::json(&told)?.with_status(StatusCode::ACCEPTED))
        }
    }
}

/// Every job that is remembered, the newest first.
pub(crate) fn all(shared: &Shared, caller: &Caller) -> Vec<Told> {
    shared.jobs.all().iter().map(|job| job.told(caller)).collect()
}

/// Takes an order of somebody who may give it.
pub(crate) fn started(shared: &Shared, caller: &Caller, task: Task) -> Result<Told, Problem> {
    caller.may(task.kind().needs())?;
    let order = Order { task, by: caller.name().map(str::to_owned) };
    Ok(shared.jobs.order(order)?.told(caller))
}

/// Has a job go another way.
pub(crate) fn changed(shared: &Shared, caller: &Caller, id: &str, change: Change) -> Result<Told, Problem> {
    let job = shared.jobs.change(id, |job, now| {
        caller.may(job.order.task.kind().needs())?;
        let state = job.turn();
        if !change.fits(state) {
            let why = format!("it is {}, so there is nothing to {}", state.word(), change.word());
            return Err(Problem::not_here("job_state", &why));
        }
        match change {
            Change::Pause => job.underway.pause(),
            Change::Resume => job.underway.resume(),
            Change::Cancel => job.cancel(now),
        }
        Ok(())
    });
    Ok(job?.told(caller))
}

/// What came of a job, as a file where it is one.
fn result(job: &Job, caller: &Caller) -> Result<Reply, Problem> {
    caller.may(job.order.task.kind().needs())?;
    if !job.is_given_to(caller) {
        return Err(Problem::forbidden(&"what comes of a job is given to whoever ordered it"));
    }
    let nothing = || Problem::not_found("nothing has come of this job");
    let result = job.outcome.as_ref().filter(|_| job.state == State::Done).ok_or_else(nothing)?;
    let result = result.as_ref().map_err(|_| nothing())?;
    let Some(path) = &result.file else { return Ok(Reply::json(&result.report)?.not_kept()) };
    let bytes = fs::read(path).map_err(|error| Problem::internal("read the file of a job", &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let reply = Reply::bytes(media_of(path), bytes).not_kept();
    Ok(reply.with_header(CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\"")))
}

fn media_of(path: &Path) -> &'static str {
    if path.extension().is_some_and(|end| end == "zip") { ZIP } else { JSON }
}
