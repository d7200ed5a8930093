//! What a route answers with, before it is a response: a status, headers, and bytes of one media type.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LINK, LOCATION, SET_COOKIE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use ofrecord_interop::write::Shape;
use serde::Serialize;

use crate::feed::LAST_EVENT_ID;
use crate::problem::Problem;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";
/// The media type of one JSON document a line.
pub(crate) const JSON_LINES: &str = "application/jsonl";
/// The media type of metrics in the text form of Prometheus.
pub(crate) const METRICS: &str = "text/plain; version=0.0.4";
/// The media type of pages.
pub(crate) const HTML: &str = "text/html; charset=utf-8";
/// The media type of an array of CloudEvents.
pub(crate) const CLOUD_EVENTS: &str = "application/cloudevents-batch+json";
/// The media type of Server-Sent Events.
pub(crate) const EVENT_STREAM: &str = "text/event-stream";
/// The media type of bytes.
pub(crate) const BYTES: &str = "application/octet-stream";
/// The media type of plain text.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
/// The media type of problem details (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    media: &'static str,
    headers: Vec<(HeaderName, String)>,
    content: Content,
}

/// What is sent.
#[derive(Debug)]
enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// Piece by piece.
    Flowing(Body),
}

impl Reply {
    /// Bytes of a media type.
    pub(crate) fn bytes(media: &'static str, bytes: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, media, headers: Vec::new(), content: Content::Whole(bytes) }
    }

    /// A body that comes piece by piece, of a media type.
    pub(crate) fn flowing(media: &'static str, body: Body) -> Self {
        Self { status: StatusCode::OK, media, headers: Vec::new(), content: Content::Flowing(body) }
    }

    /// The same with how far the log was looked through.
    pub(crate) fn reached(mut self, cursor: &str) -> Self {
        self.headers.push((HeaderName::from_static(LAST_EVENT_ID), cursor.to_owned()));
        self
    }

    /// A value as one line of JSON, as the program prints it.
    pub(crate) fn json<T: Serialize>(value: &T) -> Result<Self, Problem> {
        let mut bytes = serde_json::to_vec(value).map_err(|error| Problem::internal("write the answer", &error))?;
        bytes.push(b'\n');
        Ok(Self::bytes(JSON, bytes))
    }

    /// JSON in one of Microsoft's shapes.
    pub(crate) fn shape(shape: &Shape) -> Self {
        Self::bytes(JSON, shape.to_line().into_bytes())
    }

    /// An object with nothing in it, which a status without content leaves out.
    pub(crate) fn empty() -> Self {
        Self::bytes(JSON, b"{}".to_vec())
    }

    /// The same with another status.
    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with where the entry is found.
    pub(crate) fn at(mut self, position: u64) -> Self {
        self.headers.push((LOCATION, format!("/v1/entries/{position}")));
        self
    }

    /// The same with another header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The same with the mark of these very bytes.
    pub(crate) fn tagged(mut self, tag: String) -> Self {
        self.headers.push((ETAG, tag));
        self
    }

    /// The same with where the next page is.
    pub(crate) fn followed_by(mut self, next: &str) -> Self {
        self.headers.push((LINK, format!("<{next}>; rel=\"next\"")));
        self
    }

    /// The same, which never changes: whoever asked may keep it.
    pub(crate) fn kept(mut self) -> Self {
        self.headers.push((CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()));
        self
    }

    /// The same, of which nobody may keep a copy.
    pub(crate) fn not_kept(mut self) -> Self {
        self.headers.push((CACHE_CONTROL, "no-store".to_owned()));
        self
    }

    /// The same as another media type.
    pub(crate) fn of_media(self, media: &'static str) -> Self {
        Self { media, ..self }
    }

    /// The bytes, where all of them are here.
    pub(crate) fn content(&self) -> &[u8] {
        match &self.content {
            Content::Whole(bytes) => bytes,
            Content::Flowing(_) => &[],
        }
    }

    /// The mark, where there is one.
    pub(crate) fn tag(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| *name == ETAG).map(|(_, tag)| tag.as_str())
    }

    /// The answer to a request that has these very bytes already.
    pub(crate) fn not_modified(self) -> Self {
        Self { status: StatusCode::NOT_MODIFIED, content: Content::Whole(Vec::new()), ..self }
    }

    /// Takes the place of what a response says, whose status and other headers stay.
    pub(crate) fn put_on(self, response: &mut Response<Body>) {
        let said = self.into_response();
        for (name, value) in said.headers() {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        *response.body_mut() = said.into_body();
    }

    /// As a response. Nothing that is answered may be kept by whoever stands between.
    pub(crate) fn into_response(self) -> Response<Body> {
        let is_empty = [StatusCode::NOT_MODIFIED, StatusCode::NO_CONTENT].contains(&self.status);
        let mut response = Response::new(match self.content {
            Content::Whole(_) if is_empty => Body::empty(),
            Content::Whole(bytes) => Body::from(bytes),
            Content::Flowing(body) => body,
        });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if !is_empty {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        for (name, value) in self.headers {
            // What stands in a header here was escaped, or is made of numbers and hexadecimal digits.
            let Ok(value) = HeaderValue::try_from(value) else { continue };
            // Each cookie has a header of its own.
            if name == SET_COOKIE {
                headers.append(name, value);
            } else {
                headers.insert(name, value);
            }
        }
        response
    }
}
