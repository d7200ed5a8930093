//! What is imported: a source that comes as the body of a request, and is kept on the device until its job has ended.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use ofrecord_core::{CustomerId, GdapRelationshipId, PartnerTenantId, Timestamp};
use ofrecord_log::Hash;
use serde::Serialize;

use super::answers::started;
use super::order::Task;
use super::uploads::Upload;
use crate::access::Caller;
use crate::asked::Asked;
use crate::body::Incoming;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::refuse_other_pages;

/// Longest name of a source.
const NAME_CHARS_MAX: usize = 200;
/// What a source is called that came without a name.
const NAMELESS: &str = "upload";

/// A source, and what is said of it beside its bytes; each as the flag of `ofrecord import` of that name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import {
    /// Its name, by which problems name their place.
    pub name: String,
    /// The partner whose account it was fetched with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
    /// The customer that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The granular relationship that it stands below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationship: Option<GdapRelationshipId>,
    /// When it was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    /// The period of which it holds everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub covers: Option<Covered>,
    /// Whether it is read and reported, and nothing is recorded.
    pub dry_run: bool,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Hash,
    /// The bytes.
    #[serde(skip)]
    pub upload: Arc<Upload>,
}

/// A period of which a source holds everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// Its first instant.
    pub from: Timestamp,
    /// The instant at which it is over.
    pub to: Timestamp,
}

/// Takes a source that somebody may have imported, and orders the job.
pub(super) async fn taken(
    shared: &Arc<Shared>,
    caller: &Caller,
    asked: &Asked,
    request: Request,
) -> Result<Reply, Problem> {
    refuse_other_pages(request.headers())?;
    let named = asked.text("name").unwrap_or(NAMELESS).to_owned();
    if named.is_empty() || named.chars().count() > NAME_CHARS_MAX || named.chars().any(char::is_control) {
        return Err(Problem::malformed("name", &format_args!("write 1 to {NAME_CHARS_MAX} characters that print")));
    }
    let (partner, customer) = (asked.read("partner")?, asked.read("customer")?);
    let (relationship, fetched_at) = (asked.read("relationship")?, asked.read("fetched_at")?);
    let (covers, dry_run) = (covered(asked, partner)?, asked.wants("dry_run")?);
    let expected: Option<Hash> = asked.read("sha256")?;
    shared.jobs.has_room()?;
    let (_, body) = Incoming::of(request, shared.limits.upload_bytes)?;
    let (upload, bytes, sha256) = shared.uploads.receive(body, shared).await?;
    if let Some(expected) = expected.filter(|expected| *expected != sha256) {
        return Err(Problem::malformed("sha256", &format_args!("what came has {sha256}, and not {expected}")));
    }
    let import = Import {
        name: named,
        partner,
        customer,
        relationship,
        fetched_at,
        covers,
        dry_run,
        bytes,
        sha256,
        upload: Arc::new(upload),
    };
    let told = started(shared, caller, Task::Import(Box::new(import)))?;
    let place = format!("/v1/jobs/{}", told.id);
    Ok(Reply::json(&told)?.with_status(StatusCode::ACCEPTED).with_header(LOCATION, &place))
}

fn covered(asked: &Asked, partner: Option<PartnerTenantId>) -> Result<Option<Covered>, Problem> {
    let wrong = |problem: &str| Err(Problem::malformed("covers_from", &problem));
    match (asked.read("covers_from")?, asked.read("covers_to")?) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) if partner.is_none() => wrong("a period is one of an account: name the partner"),
        (Some(from), Some(to)) if from >= to => wrong("it is not before `covers_to`"),
        (Some(from), Some(to)) => Ok(Some(Covered { from, to })),
        (Some(_), None) | (None, Some(_)) => wrong("a period has both, `covers_from` and `covers_to`"),
    }
}
