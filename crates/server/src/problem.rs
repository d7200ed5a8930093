//! What kept a request from an answer, as problem details (RFC 9457): sorted by who has to act.

use std::fmt::Display;
use std::time::Duration;

use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use ofrecord_core::Refusal;
use ofrecord_ledger::{ReadFailure, Receipt};
use ofrecord_log::ReadError;
use serde::Serialize;

use crate::reply::PROBLEM;

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Problem(Box<Details>);

#[derive(Debug, Serialize)]
struct Details {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_code: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upstream_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<Receipt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// What the operator should know and nobody else.
    #[serde(skip)]
    cause: Option<String>,
    #[serde(skip)]
    allow: Option<String>,
    /// Seconds after which the request may be sent again.
    #[serde(skip)]
    again_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, detail: String) -> Self {
        Self(Box::new(Details {
            // Status and code say what kind it is; there is no page behind it.
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail,
            code: code.to_owned(),
            field: None,
            rule: None,
            upstream_code: None,
            upstream_status: None,
            receipt: None,
            request_id: None,
            cause: None,
            allow: None,
            again_after: None,
        }))
    }

    fn with(mut self, say: impl FnOnce(&mut Details)) -> Self {
        say(&mut self.0);
        self
    }

    /// A part of the request is not what it should be; the field is a parameter, a header, or a key of the body.
    pub(crate) fn malformed(field: &str, problem: &dyn Display) -> Self {
        let detail = format!("{field}: {problem}");
        Self::new(StatusCode::BAD_REQUEST, "malformed", detail).with(|told| told.field = Some(field.to_owned()))
    }

    /// The body is no command, or cannot be recorded; the sentence names the field.
    pub(crate) fn not_a_command(problem: String) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "not_a_command", problem)
    }

    /// The command was refused by a rule, which is recorded, or conflicts with what is recorded.
    pub(crate) fn refused(status: StatusCode, refusal: &Refusal, receipt: Receipt) -> Self {
        Self::new(status, &refusal.code, refusal.message.to_string()).with(|told| {
            told.rule = Some(refusal.rule.to_string());
            told.upstream_code = refusal.upstream_code;
            told.upstream_status = refusal.upstream_status;
            told.receipt = Some(receipt);
        })
    }

    /// The command rests on something that has changed since it was read; nothing was recorded.
    pub(crate) fn stale(detail: &str) -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail.to_owned())
    }

    /// Nobody is known to have sent the request.
    pub(crate) fn not_authenticated(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_authenticated", detail.to_owned())
    }

    /// Whoever sent the request may not do this.
    pub(crate) fn forbidden(why: &dyn Display) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", why.to_string())
    }

    /// Whoever sent the request has sent too many.
    pub(crate) fn too_many(again_after: Duration) -> Self {
        let seconds = again_after.as_secs() + u64::from(again_after.subsec_nanos() > 0);
        let detail = format!("too many requests; send the next one in {seconds} s");
        let told = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
        told.with(|told| told.again_after = Some(seconds))
    }

    /// Nothing is there.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", what.to_owned())
    }

    /// The route takes other methods.
    pub(crate) fn method(allow: String) -> Self {
        let detail = format!("this route takes {allow}");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).with(|told| told.allow = Some(allow))
    }

    /// It cannot be done here, or not as things stand.
    pub(crate) fn not_here(code: &str, why: &str) -> Self {
        Self::new(StatusCode::CONFLICT, code, why.to_owned())
    }

    /// The body is longer than it may be.
    pub(crate) fn too_large(bytes_max: usize) -> Self {
        let detail = format!("the body has more than {bytes_max} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
    }

    /// The body does not come in time. Nothing was done with what came of it.
    pub(crate) fn slow_body() -> Self {
        let detail = "the body did not come in time; nothing was done with what came of it".to_owned();
        Self::new(StatusCode::REQUEST_TIMEOUT, "slow_body", detail)
    }

    /// The body is of another media type than the route takes.
    pub(crate) fn media(taken: &str) -> Self {
        let detail = format!("the body must be sent as {taken}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail)
    }

    /// The request was sent by another name than that of this machine, as a page in a browser would have it sent.
    pub(crate) fn other_host() -> Self {
        let detail = "this server answers to the names of its own machine only".to_owned();
        Self::new(StatusCode::MISDIRECTED_REQUEST, "other_host", detail)
    }

    /// It took too long. A command may have been recorded all the same.
    pub(crate) fn too_slow() -> Self {
        let detail =
            "the time for a request is over; a command may have been recorded: send it again under the same id".into();
        Self::new(StatusCode::GATEWAY_TIMEOUT, "too_slow", detail)
    }

    /// Not now, but a moment later.
    pub(crate) fn unavailable(code: &str, detail: &str, cause: Option<&dyn Display>) -> Self {
        let cause = cause.map(ToString::to_string);
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail.to_owned()).with(|told| {
            told.cause = cause;
            told.again_after = Some(1);
        })
    }

    /// The machine failed. What it says goes to the log alone.
    pub(crate) fn internal(doing: &str, cause: &dyn Display) -> Self {
        let detail = format!("could not {doing}; the server's log says why, under the id of the request");
        let cause = Some(cause.to_string());
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", detail).with(|told| told.cause = cause)
    }

    /// The code.
    pub(crate) fn code(&self) -> &str {
        &self.0.code
    }

    /// The sentence for people.
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }

    /// The rule that refuses, where one does.
    pub(crate) fn rule(&self) -> Option<&str> {
        self.0.rule.as_deref()
    }

    /// Partner Center's code in the same case, where one is published.
    pub(crate) fn upstream_code(&self) -> Option<u32> {
        self.0.upstream_code
    }

    /// What the operator should know, where there is something.
    pub(crate) fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// As a response to a request.
    pub(crate) fn into_response(self, request_id: &str) -> Response<Body> {
        let status = self.status();
        let told = self.with(|told| told.request_id = Some(request_id.to_owned())).0;
        let mut response = Response::new(Body::from(serde_json::to_vec(&told).unwrap_or_default()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = told.again_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if told.status == StatusCode::UNAUTHORIZED.as_u16() {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"ofrecord\""));
        }
        if let Some(allow) = told.allow.and_then(|allow| HeaderValue::try_from(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        response
    }
}

impl From<ReadFailure> for Problem {
    fn from(failure: ReadFailure) -> Self {
        match &failure {
            ReadFailure::NotFound { .. } => Self::not_found(&format!("could not {failure}")),
            ReadFailure::BeyondEnd { .. } => Self::malformed("known_at", &format_args!("could not {failure}")),
            ReadFailure::Log(ReadError::BeyondEnd { .. }) => Self::not_found(&format!("could not {failure}")),
            ReadFailure::Log(_)
            | ReadFailure::Decode(_)
            | ReadFailure::StoredViews { .. }
            | ReadFailure::NotKept { .. } => Self::internal("read what the answer needs", &failure),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        ReadFailure::Log(error).into()
    }
}
