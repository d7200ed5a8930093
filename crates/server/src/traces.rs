//! The trace that a request is part of (W3C Trace Context): whose child it is, its span, and what is told of it.
//!
//! A span has the template of the route, the method, the status, the role of whoever asks, and of a command its id, its
//! outcome and its position: nothing else of what was sent. Where nobody takes spans, none is made.

use std::str::FromStr as _;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ofrecord_ledger::Receipt;
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use tracing::field::Empty;
use tracing::{Span, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use crate::access::Caller;

const PARENT: HeaderName = HeaderName::from_static("traceparent");
const STATE: HeaderName = HeaderName::from_static("tracestate");
const RESPONSE: HeaderName = HeaderName::from_static("traceresponse");
/// Characters of a parent; those of a later version may go on behind a `-`.
const PARENT_CHARS: usize = 55;
/// Longest state that is carried on.
const STATE_BYTES_MAX: usize = 512;

/// The trace of one request.
#[derive(Debug)]
pub(crate) struct Trace {
    /// What the request runs in.
    pub(crate) span: Span,
    parent: Option<SpanContext>,
}

impl Trace {
    /// Begins the span of a request.
    pub(crate) fn begin(headers: &HeaderMap, method: &'static str, route: &'static str, request_id: &str) -> Self {
        let span = info_span!(
            "request",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            ofrecord.request_id = request_id,
            ofrecord.role = Empty,
            ofrecord.command_id = Empty,
            ofrecord.outcome = Empty,
            ofrecord.position = Empty,
        );
        let parent = parent(headers);
        if let Some(parent) = &parent {
            // Without anybody who takes spans there is nothing to set it on.
            drop(span.set_parent(Context::new().with_remote_span_context(parent.clone())));
        }
        Self { span, parent }
    }

    /// Ends the span with the status of the answer, and tells whoever asked which it was.
    pub(crate) fn end(&self, status: u16, headers: &mut HeaderMap) {
        self.span.record("http.response.status_code", status);
        if status >= 500 {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(own) = own(&self.span)
            && let Ok(told) = HeaderValue::try_from(written(&own))
        {
            headers.insert(RESPONSE, told);
        }
    }

    /// The id of the trace, where there is one.
    pub(crate) fn id(&self) -> Option<String> {
        own(&self.span).or(self.parent.clone()).map(|context| context.trace_id().to_string())
    }
}

/// Notes in the span of the request in which role somebody asks.
pub(crate) fn note_caller(caller: &Caller) {
    let role = match caller {
        Caller::Anybody => "anybody",
        Caller::Nobody => "nobody",
        Caller::Known(principal) => principal.role.word(),
    };
    Span::current().record("ofrecord.role", role);
}

/// Notes in the span of the request, and in the log, what became of a command. The entry itself has no place for the
/// trace; by the position and the id of the command one is found from the other.
pub(crate) fn note_receipt(receipt: &Receipt) {
    let (span, command_id) = (Span::current(), receipt.command_id.to_string());
    let (outcome, position) = (receipt.outcome.word(), receipt.recorded().map(|recorded| recorded.position));
    span.record("ofrecord.command_id", &command_id);
    span.record("ofrecord.outcome", outcome);
    if let Some(position) = position {
        span.record("ofrecord.position", position);
    }
    let trace_id = own(&span).map(|context| context.trace_id().to_string());
    tracing::info!(target: "ofrecord_server::commands", command_id, outcome, position, trace_id);
}

/// What is known of a span; none where nobody takes it.
fn own(span: &Span) -> Option<SpanContext> {
    let context = span.context().span().span_context().clone();
    context.is_valid().then_some(context)
}

/// The parent that a request names; one that is none is passed over, as the recommendation has it.
fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let mut given = headers.get_all(&PARENT).iter();
    let text = given.next()?.to_str().ok().filter(|_| given.next().is_none())?;
    let (known, further) = text.split_at_checked(PARENT_CHARS)?;
    let mut parts = known.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    let fits = [(version, 2), (trace, 32), (span, 16), (flags, 2)]
        .iter()
        .all(|(part, len)| part.len() == *len && is_hex(part));
    let goes_on = if version == "00" { further.is_empty() } else { further.is_empty() || further.starts_with('-') };
    if !fits || !goes_on || version == "ff" || parts.next().is_some() {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    let context = SpanContext::new(trace, span, flags, true, state(headers));
    context.is_valid().then_some(context)
}

/// What others along the trace hand on; what is none, or too long, is not carried on.
fn state(headers: &HeaderMap) -> TraceState {
    let parts: Vec<&str> = headers.get_all(&STATE).iter().filter_map(|part| part.to_str().ok()).collect();
    let text = parts.join(",");
    if text.len() > STATE_BYTES_MAX { TraceState::NONE } else { TraceState::from_str(&text).unwrap_or_default() }
}

fn written(context: &SpanContext) -> String {
    format!("00-{}-{}-{:02x}", context.trace_id(), context.span_id(), context.trace_flags().to_u8())
}

#[cfg(test)]
mod tests;
