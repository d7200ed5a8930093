//! One request and its answer: an id, limits of size and time, the answer itself, a line in the log, and a count.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawPathParams, Request};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderMap, IF_NONE_MATCH, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, Response};
use axum::routing::any;
use tokio::time::{Instant, timeout};
use tower_http::compression::CompressionLayer;

use crate::access::{Caller, Need};
use crate::asked::Asked;
use crate::disclosure::Leaving;
use crate::problem::Problem;
use crate::questions::everyone;
use crate::reply::{JSON, JSON_LINES, Reply};
use crate::routes::{Route, Run, routes};
use crate::shared::Shared;
use crate::{commands, console, feed, jobs, questions};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest id of a request that is taken over from whoever sent it.
const REQUEST_ID_CHARS_MAX: usize = 64;
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

/// The routes, each over what all requests share.
pub(crate) fn router(shared: &Arc<Shared>) -> Router {
    let mut router = Router::new();
    let mut paths: BTreeMap<&str, Vec<&'static Route>> = BTreeMap::new();
    routes().for_each(|route| paths.entry(route.path).or_default().push(route));
    for (path, of_path) in paths {
        let of = Arc::clone(shared);
        let answer = move |path: RawPathParams, request: Request| {
            let taking = of_path.iter().find(|route| route.method.takes(request.method()));
            exchange(taking.or(of_path.first()).copied(), of, Some(path), request)
        };
        router = router.route(path, any(answer));
    }
    let of = Arc::clone(shared);
    let router = router.fallback(move |request: Request| exchange(None, of, None, request));
    router.layer(CompressionLayer::new())
}

async fn exchange(
    route: Option<&'static Route>,
    shared: Arc<Shared>,
    path: Option<RawPathParams>,
    request: Request,
) -> Response<Body> {
    let began = Instant::now();
    let id = request_id(request.headers()).unwrap_or_else(|| shared.next_request_id());
    let method = request.method().clone();
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let of_console = console::is_path(request.uri().path());
    let answered = timeout(shared.limits.request_time, answer(route, &shared, path, request)).await;
    let mut response = match answered.unwrap_or_else(|_| Err(Problem::too_slow())) {
        Ok(reply) if is_known(&reply, known.as_ref()) => reply.not_modified().into_response(),
        Ok(reply) => reply.into_response(),
        Err(problem) => {
            if let Some(cause) = problem.cause() {
                tracing::error!(id, cause, "a request failed");
            }
            let page = of_console.then(|| console::problem(&problem, &id));
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
    if let Ok(id) = HeaderValue::try_from(id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    let (took, status) = (began.elapsed(), response.status().as_u16());
    let path = route.map_or(NO_ROUTE, |route| route.path);
    let counted = if method == Method::GET {
        "GET"
    } else if method == Method::POST {
        "POST"
    } else {
        "other"
    };
    shared.meter.request(counted, path, status, took);
    // The template of the route, and nothing that was sent but the id: a query may name people, a header a secret.
    tracing::info!(target: "ofrecord_server::access", id, method = counted, route = path, status, took = ?took);
    response
}

async fn answer(
    route: Option<&'static Route>,
    shared: &Arc<Shared>,
    path: Option<RawPathParams>,
    request: Request,
) -> Result<Reply, Problem> {
    if !shared.gate.asks() {
        check_host(request.headers())?;
    }
    let (Some(route), Some(path)) = (route, path) else {
        return Err(Problem::not_found("no route has this path; `/openapi.json` lists them"));
    };
    check_method(route, request.method())?;
    let caller = admit(route, shared, request.headers()).await?;
    let asked = Asked::of(route, &path, request.uri())?;
    match route.run {
        Run::Memory(answer) => answer(shared),
        Run::State(answer) => {
            let of = Arc::clone(shared);
            let done = tokio::task::spawn_blocking(move || answer(&of));
            done.await.map_err(|error| Problem::internal("answer", &error))?
        }
        Run::Question(question) => questions::answer(Arc::clone(shared), question, caller, asked).await,
        Run::Broad(question) => everyone::answer(Arc::clone(shared), question, route.path, asked).await,
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
            let sent = whole(request, jobs::ORDER_BYTES_MAX).await?;
            jobs::answer(shared, asking, caller, &asked, sent).await
        }
        Run::Page(writing) => {
            let form = whole(request, console::FORM_BYTES_MAX).await?;
            finished(console::page(Arc::clone(shared), writing, caller, asked, form)).await
        }
        Run::Command => {
            check_media(request.headers(), JSON)?;
            let (headers, body) = whole(request, shared.limits.command_bytes).await?;
            let of = Arc::clone(shared);
            finished(async move { commands::one(&of, &caller, &headers, &body).await }).await
        }
        Run::Batch => {
            check_media(request.headers(), JSON_LINES)?;
            let (_, body) = whole(request, shared.limits.batch_bytes).await?;
            let of = Arc::clone(shared);
            finished(async move { commands::many(&of, &caller, &body).await }).await
        }
    }
}

/// Who asks, where they may: a route that needs nothing asks nobody.
async fn admit(route: &Route, shared: &Shared, headers: &HeaderMap) -> Result<Caller, Problem> {
    if route.needs == Need::Nothing {
        return Ok(Caller::Anybody);
    }
    let caller = shared.gate.caller(headers, shared.ledger.clock().now()).await?;
    if let Caller::Known(principal) = &caller {
        shared.pace.count(&principal.name, &shared.limits, Instant::now())?;
    }
    caller.may(route.needs)?;
    Ok(caller)
}

/// Goes on to its end, whether or not anybody waits for it: what becomes of a command is counted and told in any case.
async fn finished(work: impl Future<Output = Result<Reply, Problem>> + Send + 'static) -> Result<Reply, Problem> {
    tokio::spawn(work).await.map_err(|error| Problem::internal("answer", &error))?
}

async fn whole(request: Request, bytes_max: usize) -> Result<(HeaderMap, Vec<u8>), Problem> {
    let (head, body) = request.into_parts();
    // A body that breaks off reaches nobody who could be told what was wrong with it.
    let body = to_bytes(body, bytes_max).await.map_err(|_| Problem::too_large(bytes_max))?;
    Ok((head.headers, body.to_vec()))
}

fn check_method(route: &Route, method: &Method) -> Result<(), Problem> {
    if route.method.takes(method) {
        return Ok(());
    }
    let of_path = routes().filter(|other| other.path == route.path);
    let allowed: Vec<&str> = of_path.map(|route| route.method.allowed()).collect();
    Err(Problem::method(allowed.join(", ")))
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
