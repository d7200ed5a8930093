//! Signing in and out: by a token that is pasted, or by the identity provider.

use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE};
use maud::{Markup, html};
use tokio::time::Instant;

use super::layout::Page;
use super::words::login as words;
use super::{Sent, reply};
use crate::asked::Asked;
use crate::cookies::{Cookie, Way};
use crate::oidc::{self, LOGIN_SECONDS, Returned};
use crate::places::Place;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::sessions::SignedIn;
use crate::shared::Shared;
use crate::visitor::{FORM_TOKEN, Visitor, check_own_page};

/// The path of the page on which one signs in.
pub(super) const PATH: &str = "/console/login";
/// The path to which a token is sent.
const BY_TOKEN: &str = "/console/login/token";
/// The path that leads to the identity provider.
const BY_PROVIDER: &str = "/console/login/provider";
/// The path by which one signs out.
pub(super) const OUT: &str = "/console/logout";

/// A step of signing in or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The page on which one does.
    Asked,
    /// A token is shown.
    ByToken,
    /// The identity provider is gone to.
    ByProvider,
    /// The identity provider leads back.
    Returned,
    /// Signing out.
    Out,
}

impl Step {
    /// Takes it.
    pub(super) async fn take(
        self,
        shared: &Shared,
        visitor: &Visitor,
        asked: &Asked,
        sent: &Sent,
    ) -> Result<Reply, Problem> {
        match self {
            Self::Asked => Ok(page(shared, visitor, &Place::of(asked.text("to").unwrap_or_default()))),
            Self::ByToken => by_token(shared, sent).await,
            Self::ByProvider => by_provider(shared, asked, sent),
            Self::Returned => returned(shared, asked, sent).await,
            Self::Out => out(shared, sent),
        }
    }
}

/// The ways of signing in, from which one comes to a place.
pub(super) fn forms(shared: &Shared, to: &Place) -> Markup {
    html! {
        @if let Some(login) = shared.gate.login() {
            p {
                a class="button" href=(format!("{BY_PROVIDER}?to={}", crate::asked::escaped(to.as_str()))) {
                    (words::BY_PROVIDER) " " (login.host())
                }
            }
        }
        form class="asked fields" action=(BY_TOKEN) method="post" {
            input type="hidden" name="to" value=(to);
            p {
                label for="token" { (words::TOKEN) }
                input id="token" name="token" type="password" required autocomplete="off" spellcheck="false";
            }
            p class="send" { button type="submit" { (words::TITLE) } }
            p class="quiet hint" { (words::HINT) }
        }
    }
}

fn page(shared: &Shared, visitor: &Visitor, to: &Place) -> Reply {
    let main = html! {
        @if shared.gate.asks() { (forms(shared, to)) } @else { p { (words::UNASKED) "." } }
    };
    Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor)
}

async fn by_token(shared: &Shared, sent: &Sent) -> Result<Reply, Problem> {
    check_own_page(&sent.headers)?;
    let fields = sent.fields(&["token", "to"])?;
    let to = Place::of(fields.text("to").unwrap_or_default());
    let token: String = fields.needed("token")?;
    let signing_in = shared.gate.sign_in(token.trim(), shared.ledger.clock().now());
    let cookie = begun(shared, sent, signing_in).await?;
    Ok(reply(html! {})
        .with_status(StatusCode::SEE_OTHER)
        .with_header(LOCATION, to.as_str())
        .with_header(SET_COOKIE, &cookie))
}

fn by_provider(shared: &Shared, asked: &Asked, sent: &Sent) -> Result<Reply, Problem> {
    let login = shared.gate.login();
    let login = login.ok_or_else(|| Problem::malformed("provider", &"nobody signs in by one here"))?;
    let to = Place::of(asked.text("to").unwrap_or_default());
    let begun = login.begin(&to, shared.ledger.clock().now());
    let begun = begun.map_err(|error| Problem::internal("begin a login", &error))?;
    let seconds = u64::try_from(LOGIN_SECONDS).unwrap_or_default();
    let cookie = Cookie::Login.kept(&begun.kept, Way::of(shared, &sent.headers), seconds);
    let led = reply(html! {}).with_status(StatusCode::SEE_OTHER).with_header(LOCATION, &begun.address);
    Ok(led.with_header(SET_COOKIE, &cookie))
}

/// The browser does not show a session to a page that the provider led it to, so this one leads on by itself.
async fn returned(shared: &Shared, asked: &Asked, sent: &Sent) -> Result<Reply, Problem> {
    let way = Way::of(shared, &sent.headers);
    let kept = Cookie::Login.shown(&sent.headers, way).unwrap_or_default().to_owned();
    let text = |name: &str| asked.text(name).map(str::to_owned);
    let code = match (text("error"), text("code")) {
        (Some(word), _) => Err(word),
        (None, code) => Ok(code.unwrap_or_default()),
    };
    let to = oidc::place(&kept);
    let back = Returned { kept, state: asked.needed("state")?, code, issuer: text("iss") };
    let cookie = begun(shared, sent, shared.gate.returned(back, shared.ledger.clock().now())).await?;
    let main = html! { p { a href=(to) { (words::GO_ON) } } };
    let page = Page { title: words::DONE.to_owned(), kind: words::KIND, main };
    let led = page.leading_on(&shared.looker(&sent.headers), &to);
    Ok(led.with_header(SET_COOKIE, &cookie).with_header(SET_COOKIE, &Cookie::Login.forgotten(way)))
}

/// Begins the session of whoever signs in, and gives what has the browser keep it. An address that failed too often is
/// not heard.
async fn begun(
    shared: &Shared,
    sent: &Sent,
    signing_in: impl Future<Output = Result<SignedIn, Problem>>,
) -> Result<String, Problem> {
    let address = sent.peer.map(|peer| peer.address().to_string()).unwrap_or_default();
    shared.attempts.count_attempt(&address, &shared.limits, Instant::now())?;
    let signed_in = signing_in.await.inspect_err(|problem| {
        tracing::warn!(address, why = problem.code(), "somebody could not sign in");
    })?;
    shared.attempts.take_back(&address);
    let way = Way::of(shared, &sent.headers);
    if let Some(before) = Cookie::Session.shown(&sent.headers, way) {
        shared.sessions.end(before);
    }
    let text = shared.sessions.begin(signed_in, &shared.limits, Instant::now());
    let text = text.map_err(|error| Problem::internal("begin a session", &error))?;
    Ok(Cookie::Session.kept(&text, way, shared.limits.session_time.as_secs()))
}

fn out(shared: &Shared, sent: &Sent) -> Result<Reply, Problem> {
    check_own_page(&sent.headers)?;
    let fields = sent.fields(&[FORM_TOKEN])?;
    let way = Way::of(shared, &sent.headers);
    if let Some(visitor) = shared.signed_in(&sent.headers)? {
        visitor.sent_it(&sent.headers, fields.text(FORM_TOKEN))?;
        Cookie::Session.shown(&sent.headers, way).into_iter().for_each(|text| shared.sessions.end(text));
    }
    let led = reply(html! {}).with_status(StatusCode::SEE_OTHER).with_header(LOCATION, PATH);
    Ok(led.with_header(SET_COOKIE, &Cookie::Session.forgotten(way)))
}
