//! Which of the two interfaces was asked, how it tells what kept a request from an answer, and the ids that it repeats.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use ofrecord_core::Timestamp;
use ofrecord_interop::write::{Properties, Shape};

use crate::problem::Problem;
use crate::reply::Reply;

/// Below which Microsoft Graph is answered.
pub(crate) const GRAPH: &str = "/v1.0/";
/// Below which Partner Center is answered.
pub(crate) const PARTNER_CENTER: &str = "/partnercenter/";

const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const MS_REQUEST_ID: HeaderName = HeaderName::from_static("ms-requestid");
const MS_CORRELATION_ID: HeaderName = HeaderName::from_static("ms-correlationid");

/// Codes that Partner Center publishes for what has no code of its own: by status.
const PUBLISHED: [(u16, u32); 5] = [(400, 3_000), (401, 400), (403, 2_032), (404, 1_000), (405, 3_000)];
/// The code that Partner Center publishes for whatever else is wrong.
const NOT_DEFINED: u32 = 0;

/// An interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interface {
    Graph,
    PartnerCenter,
}

/// What was asked of which interface, with the ids that its client sent.
#[derive(Debug)]
pub(crate) struct Heard {
    interface: Interface,
    /// `client-request-id`, or `MS-RequestId`.
    request: Option<HeaderValue>,
    /// `MS-CorrelationId`.
    correlation: Option<HeaderValue>,
}

impl Heard {
    /// By the path and the headers of a request; nothing where none of the interfaces is asked.
    pub(crate) fn of(path: &str, headers: &HeaderMap) -> Option<Self> {
        let interface = if path.starts_with(GRAPH) {
            Interface::Graph
        } else if path.starts_with(PARTNER_CENTER) {
            Interface::PartnerCenter
        } else {
            return None;
        };
        let request = match interface {
            Interface::Graph => CLIENT_REQUEST_ID,
            Interface::PartnerCenter => MS_REQUEST_ID,
        };
        let sent = |name: &HeaderName| headers.get(name).cloned();
        Some(Self { interface, request: sent(&request), correlation: sent(&MS_CORRELATION_ID) })
    }

    /// Puts the ids on an answer: those that the client sent, and the server's own where it sent none.
    pub(crate) fn mark(&self, headers: &mut HeaderMap, id: &str) {
        let own = HeaderValue::try_from(id).ok();
        let named = match self.interface {
            Interface::Graph => [(REQUEST_ID, own), (CLIENT_REQUEST_ID, self.request.clone())],
            Interface::PartnerCenter => [
                (MS_REQUEST_ID, self.request.clone().or_else(|| own.clone())),
                (MS_CORRELATION_ID, self.correlation.clone().or(own)),
            ],
        };
        for (name, value) in named {
            if let Some(value) = value {
                headers.insert(name, value);
            }
        }
    }

    /// A problem in the words of the interface, with the ledger's own code and rule in it.
    pub(crate) fn problem(&self, problem: &Problem, id: &str, now: Timestamp) -> Reply {
        let shape = match self.interface {
            Interface::Graph => self.of_graph(problem, id, now),
            Interface::PartnerCenter => of_partner_center(problem),
        };
        Reply::shape(&shape)
    }

    fn of_graph(&self, problem: &Problem, id: &str, now: Timestamp) -> Shape {
        let client = self.request.as_ref().and_then(|sent| sent.to_str().ok());
        let inner = Properties::new()
            .put("code", problem.code())
            .put_if("rule", problem.rule())
            .put_if("upstreamCode", problem.upstream_code().map(u64::from))
            .put("date", now.to_string())
            .put("request-id", id)
            .put("client-request-id", client.unwrap_or(id));
        let error = Properties::new()
            .put("code", graph_code(problem.status().as_u16()))
            .put("message", problem.detail())
            .put("innerError", inner);
        Properties::new().put("error", error).into()
    }
}

fn of_partner_center(problem: &Problem) -> Shape {
    let status = problem.status().as_u16();
    if problem.status() == StatusCode::TOO_MANY_REQUESTS {
        // Whoever sends too many is told by another part of Partner Center, in a shape of its own.
        return Properties::new().put("statusCode", u64::from(status)).put("message", problem.detail()).into();
    }
    let published = PUBLISHED.iter().find(|(of, _)| *of == status).map(|(_, code)| *code);
    let own = [Some(problem.code()), problem.rule()].into_iter().flatten().map(Shape::from).collect::<Vec<_>>();
    Properties::new()
        .put("code", u64::from(problem.upstream_code().or(published).unwrap_or(NOT_DEFINED)))
        .put("description", problem.detail())
        .put("data", own)
        .put("source", "ofrecord")
        .into()
}

/// The code by which clients of Graph tell errors apart. Which it uses below `tenantRelationships` is published for a
/// bad request alone; the others are those of Graph in general.
fn graph_code(status: u16) -> &'static str {
    match status {
        400 => "badRequest",
        401 => "InvalidAuthenticationToken",
        403 => "accessDenied",
        404 => "itemNotFound",
        405 => "methodNotAllowed",
        409 => "conflict",
        412 => "resourceModified",
        413 => "requestEntityTooLarge",
        415 => "unsupportedMediaType",
        428 => "preconditionRequired",
        429 => "activityLimitReached",
        503 => "serviceNotAvailable",
        504 => "gatewayTimeout",
        _ => "generalException",
    }
}
