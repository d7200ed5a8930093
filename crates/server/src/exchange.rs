//! One request and its answer: an id, limits of size and time, the answer itself, a line in the log, and a count.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, IF_NONE_MATCH, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, Response};
use axum::routing::any;
use tokio::time::{Instant, timeout};
use tower_http::compression::CompressionLayer;
use tracing::{Instrument as _, info_span};

use crate::access::{Caller, Need};
use crate::asked::Asked;
use crate::body::whole;
use crate::disclosure::Leaving;
use crate::limits::Limits;
use crate::microsoft::{self, Heard, Sent};
use crate::problem::Problem;
use crate::questions::everyone;
use crate::reply::{JSON_LINES, Reply};
use crate::routes::{Route, Run, Verb, routes};
use crate::shared::Shared;
use crate::traces::{self, Trace};
use crate::visitor::{FORM_TOKEN, Visitor};
use crate::{approvals, commands, console, feed, jobs, questions};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of a request that is taken over from whoever sent it.
const REQUEST_ID_CHARS_MAX: usize = 64;
/// The methods that requests are counted by.
const VERBS: [&str; 4] = [Verb::Get.name(), Verb::Post.name(), Verb::Patch.name(), Verb::Delete.name()];
/// What a request is counted as that no route takes.
const NO_ROUTE: &str = "none";

/// What a browser is told of every answer: nothing here is a page, or is shown, framed or read by one.
const GUARDING: [(HeaderName, &str); 5] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The routes of one path, one for each method that it takes.
type Routes = Arc<[&'static Route]>;

/// The routes, each over what all requests share.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut by_path: BTreeMap<&str, Vec<&'static Route>> = BTreeMap::new();
    for route in routes() {
        by_path.entry(route.path).or_default().push(route);
    }
    let mut router = Router::new();
    for (path, routes) in by_path {
        let (of, routes) = (Arc::clone(shared), Routes::from(routes));
        let answer = move |path: RawPathParams, request: Request| exchange(routes, of, Some(path), request);
        router = router.route(path, any(answer));
    }
    let of = Arc::clone(shared);
    let router = router.fallback(move |request: Request| exchange(Routes::from([]), of, None, request));
    router.layer(CompressionLayer::new())
}

async fn exchange(
    routes: Routes,
    shared: Arc<Shared>,
    path: Option<RawPathParams>,
    request: Request,
) -> Response<Body> {
    let began = Instant::now();
    let id = request_id(request.headers()).unwrap_or_else(|| shared.next_request_id());
    let method = request.method().clone();
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let around =
        console::is_path(request.uri().path()).then(|| console::Around::of(&method, request.uri(), request.headers()));
    let heard = Heard::of(request.uri().path(), request.headers());
    let path_of_route = routes.first().map_or(NO_ROUTE, |route| route.path);
    let counted = VERBS.into_iter().find(|verb| *verb == method.as_str()).unwrap_or("other");
    let trace = Trace::begin(request.headers(), counted, path_of_route, &id);
    let mut visitor = None;
    let time = routes.first().map_or(shared.limits.request_time, |route| route.time(&shared.limits));
    let answer = answer(&routes, &shared, path, request, &mut visitor).instrument(trace.span.clone());
    let answered = timeout(time, answer).await;
    let mut response = match answered.unwrap_or_else(|_| Err(Problem::too_slow())) {
        Ok(reply) if is_known(&reply, known.as_ref()) => reply.not_modified().into_response(),
        Ok(reply) => reply.into_response(),
        Err(problem) => {
            if let Some(cause) = problem.cause() {
                tracing::error!(id, cause, trace_id = trace.id(), "a request failed");
            }
            let in_its_shape = heard.as_ref().map(|heard| heard.problem(&problem, &id, shared.ledger.clock().now()));
            let page = around.map(|around| console::problem(&problem, &id, &shared, &around, visitor)).or(in_its_shape);
            let mut response = problem.into_response(&id);
            if let Some(page) = page {
                page.put_on(&mut response);
            }
            response
        }
    };
    let headers = response.headers_mut();
    for (name, value) in GUARDING {
        // A page brings a policy of its own.
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if shared.speaks_tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    if let Some(heard) = &heard {
        heard.mark(headers, &id);
    }
    if let Ok(id) = HeaderValue::try_from(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    let (took, status) = (began.elapsed(), response.status().as_u16());
    trace.end(status, response.headers_mut());
    shared.meter.request(counted, path_of_route, status, took);
    // The template of the route, and nothing that was sent but the id: a query may name people, a header a secret.
    tracing::info!(target: "ofrecord_server::access", id, method = counted, route = path_of_route, status, took = ?took, trace_id = trace.id());
    response
}

async fn answer(
    routes: &[&'static Route],
    shared: &Arc<Shared>,
    path: Option<RawPathParams>,
    request: Request,
    known: &mut Option<Visitor>,
) -> Result<Reply, Problem> {
    if !shared.gate.asks() {
        check_host(request.headers())?;
    }
    let Some(path) = path else {
        return Err(Problem::not_found("no route has this path; `/openapi.json` lists them"));
    };
    let route = taking(routes, request.method())?;
    let visitor = admit(route, shared, request.headers(), known).await?;
    let caller = visitor.caller.clone();
    traces::note_caller(&caller);
    let asked = Asked::of(route, &path, request.uri())?;
    match route.run {
        Run::Memory(answer) => answer(shared),
        Run::State(answer) => {
            let of = Arc::clone(shared);
            let span = info_span!("read");
            let done = tokio::task::spawn_blocking(move || span.in_scope(|| answer(&of)));
            done.await.map_err(|error| Problem::internal("answer", &error))?
        }
        Run::Question(question) => questions::answer(Arc::clone(shared), question, caller, asked).await,
        Run::Broad(question) => everyone::answer(Arc::clone(shared), question, route.path, asked).await,
        Run::Microsoft(question) => {
            let (head, _) = request.into_parts();
            let sent = Sent { uri: head.uri, headers: head.headers, body: Vec::new(), asked };
            microsoft::answer(Arc::clone(shared), question, caller, sent).await
        }
        Run::MicrosoftCommand(command) => {
            let uri = request.uri().clone();
            let (headers, body) = sent(route, request, shared.limits.command_bytes, &shared.limits).await?;
            let sent = Sent { uri, headers, body, asked };
            finished(microsoft::decide(Arc::clone(shared), command, caller, sent)).await
        }
        Run::Feed => feed::answer(shared, caller, request.headers().clone(), &asked).await,
        Run::Entries(answer) => {
            let of = Arc::clone(shared);
            let reply = shared.in_turn(move || answer(&of, &asked)).await?;
            shared.disclosures.record(shared, &caller, Leaving::Tiles, None).await?;
            Ok(reply)
        }
        Run::Hashes(answer) => {
            let of = Arc::clone(shared);
            shared.in_turn(move || answer(&of, &asked)).await
        }
        Run::Job(asking) => {
            if let Some(taken) = route.takes() {
                check_media(request.headers(), taken)?;
            }
            jobs::answer(shared, asking, caller, &asked, request).await
        }
        Run::Approval(approving) => {
            let sent = sent(route, request, shared.limits.command_bytes, &shared.limits).await?;
            finished(approvals::answer(Arc::clone(shared), approving, caller, asked, sent)).await
        }
        Run::Page(writing) => {
            let peer = request.extensions().get().copied();
            let (headers, form) = whole(request, console::FORM_BYTES_MAX, &shared.limits).await?;
            let sent = console::Sent { headers, form, peer };
            finished(console::page(Arc::clone(shared), writing, visitor, asked, sent)).await
        }
        Run::Command => {
            let (headers, body) = sent(route, request, shared.limits.command_bytes, &shared.limits).await?;
            let of = Arc::clone(shared);
            finished(async move { commands::one(&of, &caller, &headers, &body).await }).await
        }
        Run::Batch => {
            let (_, body) = sent(route, request, shared.limits.batch_bytes, &shared.limits).await?;
            let of = Arc::clone(shared);
            finished(async move { commands::many(&of, &caller, &body).await }).await
        }
    }
}

/// Who asks, where they may: a route that needs nothing asks nobody. Who is refused is known too.
async fn admit(
    route: &Route,
    shared: &Shared,
    headers: &HeaderMap,
    known: &mut Option<Visitor>,
) -> Result<Visitor, Problem> {
    if route.needs == Need::Nothing {
        return Ok(shared.looker(headers));
    }
    let visitor = known.insert(shared.visitor(headers).await?).clone();
    if let Caller::Known(principal) = &visitor.caller {
        shared.pace.count(&principal.name, &shared.limits, Instant::now())?;
    }
    visitor.caller.may(route.needs)?;
    match (route.method, route.run) {
        // A form carries the token of forms in its body.
        (Verb::Get, _) | (Verb::Post, Run::Page(_)) => {}
        (Verb::Post | Verb::Patch | Verb::Delete, _) => {
            visitor.sent_it(headers, headers.get(FORM_TOKEN).and_then(|token| token.to_str().ok()))?;
        }
    }
    Ok(visitor)
}

/// Goes on to its end, whether or not anybody waits for it: what becomes of a command is counted and told in any case.
async fn finished(work: impl Future<Output = Result<Reply, Problem>> + Send + 'static) -> Result<Reply, Problem> {
    tokio::spawn(work.in_current_span()).await.map_err(|error| Problem::internal("answer", &error))?
}

/// What is sent to a route, of the media type that it takes, where it takes one.
async fn sent(
    route: &Route,
    request: Request,
    bytes_max: usize,
    limits: &Limits,
) -> Result<(HeaderMap, Vec<u8>), Problem> {
    if let Some(taken) = route.takes() {
        check_media(request.headers(), taken)?;
    }
    whole(request, bytes_max, limits).await
}

/// The route that takes the method.
fn taking(routes: &[&'static Route], method: &Method) -> Result<&'static Route, Problem> {
    let taken = routes.iter().find(|route| route.method.takes(method));
    taken.copied().ok_or_else(|| {
        let allowed: Vec<&str> = routes.iter().map(|route| route.method.allowed()).collect();
        Problem::method(allowed.join(", "))
    })
}

/// A page in a browser can send a form without asking, but not this media type.
fn check_media(headers: &HeaderMap, taken: &'static str) -> Result<(), Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    let media = given.split(';').next().unwrap_or_default().trim();
    let fits = media.eq_ignore_ascii_case(taken)
        || (taken == JSON_LINES && media.eq_ignore_ascii_case("application/x-ndjson"));
    if fits { Ok(()) } else { Err(Problem::media(taken)) }
}

/// Whoever has a name of theirs lead to this machine could have a browser here read what is answered; so only the
/// machine's own names are answered to.
fn check_host(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(host) = headers.get(HOST) else { return Ok(()) };
    let host = host.to_str().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) | None => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_own = name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback());
    if is_own { Ok(()) } else { Err(Problem::other_host()) }
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let given = headers.get(REQUEST_ID)?.to_str().ok()?;
    let fits = (1..=REQUEST_ID_CHARS_MAX).contains(&given.len())
        && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    fits.then(|| given.to_owned())
}

fn is_known(reply: &Reply, known: Option<&HeaderValue>) -> bool {
    let (Some(tag), Some(known)) = (reply.tag(), known.and_then(|known| known.to_str().ok())) else { return false };
    known.split(',').any(|one| one.trim() == tag)
}
