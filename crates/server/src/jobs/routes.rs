//! The routes of jobs: what each is called, what it takes, and what it needs of whoever asks.

use super::answers::{Asking, Change};
use crate::access::Need;
use crate::reply::JSON;
use crate::routes::{Parameter, Place, Route, Run, Shape, Verb, parameter, query};

const JOB: Parameter = parameter(Place::Path, "job", Shape::Text, "The id of the job.");

const fn route(
    method: Verb,
    path: &'static str,
    name: &'static str,
    says: &'static str,
    asking: Asking,
    own: &'static [Parameter],
) -> Route {
    Route { method, path, name, says, media: JSON, needs: Need::Checks, run: Run::Job(asking), own }
}

/// Every route of jobs. What a kind of job needs beyond this is asked once the kind is known.
pub(crate) static ROUTES: &[Route] = &[
    route(
        Verb::Post,
        "/v1/jobs",
        "orderJob",
        "Have long work done beside everything else; the answer comes at once.",
        Asking::Order,
        &[],
    ),
    Route {
        needs: Need::Importing,
        ..route(
            Verb::Post,
            "/v1/imports",
            "importSource",
            "Have a source recorded as `ofrecord import` records it: it is the body, and a job begins.",
            Asking::Import,
            &[
                query("name", Shape::Text, "What the source is called where something is said of it."),
                query("partner", Shape::Guid, "The partner whose account it was fetched with."),
                query("customer", Shape::Guid, "The customer that it is about, where records do not say."),
                query("relationship", Shape::Text, "The granular relationship that it stands below."),
                query("fetched_at", Shape::Instant, "When it was fetched: the instant at which a snapshot was true."),
                query("covers_from", Shape::Instant, "It holds everything that the source had from this instant on."),
                query("covers_to", Shape::Instant, "... and before this instant."),
                query("dry_run", Shape::Flag, "Read and report; record nothing."),
                query("sha256", Shape::Text, "What its SHA-256 must be, in hexadecimal digits."),
            ],
        )
    },
    route(Verb::Get, "/v1/jobs", "jobs", "The jobs of this server since it was started.", Asking::All, &[]),
    route(
        Verb::Get,
        "/v1/jobs/{job}",
        "job",
        "Where a job stands and how far it is: once, or as a stream until it has ended.",
        Asking::One,
        &[JOB, parameter(Place::Header, "Accept", Shape::Text, "`text/event-stream` for a stream.")],
    ),
    route(
        Verb::Get,
        "/v1/jobs/{job}/result",
        "jobResult",
        "What came of a job, to whoever ordered it: its report, or the file that it made.",
        Asking::Result,
        &[JOB],
    ),
    route(
        Verb::Post,
        "/v1/jobs/{job}/pause",
        "pauseJob",
        "Have a running job wait where it is.",
        Asking::Change(Change::Pause),
        &[JOB],
    ),
    route(
        Verb::Post,
        "/v1/jobs/{job}/resume",
        "resumeJob",
        "Have a paused job go on.",
        Asking::Change(Change::Resume),
        &[JOB],
    ),
    route(
        Verb::Post,
        "/v1/jobs/{job}/cancel",
        "cancelJob",
        "Stop a job at its next safe place, or take it out of the queue.",
        Asking::Change(Change::Cancel),
        &[JOB],
    ),
];
