//! What every page has: its head, the ways to other pages, the search, and a foot; and the page of a problem.

use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderMap, Method, Uri};
use maud::{DOCTYPE, Markup, html};

use super::{ROOT, api, approvals, login, words};
use crate::access::{Caller, Need, Reach};
use crate::places::Place;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::{FORM_TOKEN, Visitor, is_led_here};

/// A page, before what stands around it.
pub(super) struct Page {
    /// What it is called, as text.
    pub(super) title: String,
    /// What stands beside the title, such as the kind of thing that it is about.
    pub(super) kind: &'static str,
    /// What it says.
    pub(super) main: Markup,
}

/// The pages that every page leads to whoever may open them.
const PLACES: &[(&str, &str, Need)] = &[
    (ROOT, words::overview::TITLE, Need::AnyRole),
    ("/console/compare", words::compare::TITLE, Need::Content),
    (approvals::PATH, words::approvals::TITLE, Need::AllContent),
    ("/console/operations", words::operations::TITLE, Need::Condition),
    (api::PATH, words::api::TITLE, Need::Nothing),
];

impl Page {
    /// As an answer to whoever looks at it.
    pub(super) fn reply(&self, visitor: &Visitor) -> Reply {
        super::reply(self.written(visitor, None))
    }

    /// The same, whose script asks this server.
    pub(super) fn trying(&self, visitor: &Visitor) -> Reply {
        let policy = format!("{}{}", super::CONTENT, super::ASKING);
        self.reply(visitor).with_header(CONTENT_SECURITY_POLICY, &policy)
    }

    /// The same, which goes on to another place by itself.
    pub(super) fn leading_on(&self, visitor: &Visitor, to: &Place) -> Reply {
        super::reply(self.written(visitor, Some(to)))
    }

    /// The whole page.
    fn written(&self, visitor: &Visitor, to: Option<&Place>) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    @if let Some(to) = to { meta http-equiv="refresh" content=(format!("0; url={to}")); }
                    title { (self.title) " – " (words::PROGRAM) }
                    link rel="stylesheet" href="/console/style.css";
                    link rel="icon" type="image/svg+xml" href="/console/icon.svg";
                    script src="/console/script.js" defer {}
                }
                body {
                    a class="skip" href="#content" { (words::SKIP) }
                    (top(visitor))
                    main id="content" tabindex="-1" {
                        p class="kind" { (self.kind) }
                        h1 { (self.title) }
                        (self.main)
                    }
                    footer { p { (words::INSTANTS) " " span data-zone { (words::UTC) } ". " (words::FOOT) } }
                }
            }
        }
    }
}

fn top(visitor: &Visitor) -> Markup {
    let may = |need: Need| visitor.caller.may(need).is_ok();
    html! {
        header class="top" {
            p class="program" { a href=(ROOT) { (words::PROGRAM) } }
            nav aria-label=(words::PAGES) {
                ul {
                    @for (path, name, need) in PLACES { @if may(*need) { li { a href=(path) { (name) } } } }
                    @if let Some((path, name)) = own(visitor) { li { a href=(path) { (name) } } }
                }
            }
            @if may(Need::Content) { (search()) }
            (zone())
            (who(visitor))
        }
    }
}

/// The choice of the zone in which instants are shown, which takes script.
fn zone() -> Markup {
    html! {
        div class="zone" hidden {
            label for="zone" { (words::ZONE) }
            select id="zone" autocomplete="off" { option value=(words::UTC) { (words::UTC) } }
        }
    }
}

/// The page of what is somebody's own, where they see that and no more.
pub(super) fn own(visitor: &Visitor) -> Option<(String, &'static str)> {
    match visitor.caller.reach() {
        Reach::Share(partner) => Some((format!("/console/partners/{partner}"), words::overview::OWN_PARTNER)),
        Reach::Customer(customer) => Some((format!("/console/customers/{customer}"), words::overview::OWN_CUSTOMER)),
        Reach::Everything | Reach::Nothing => None,
    }
}

/// The field in which whatever is looked for is named.
fn search() -> Markup {
    html! {
        form role="search" class="search" action="/console/find" method="get" {
            label for="search" { (words::search::FIELD) }
            div class="row" {
                input id="search" name="q" type="search" autocomplete="off" spellcheck="false";
                button type="submit" { (words::search::BUTTON) }
            }
        }
    }
}

/// Who is signed in, and in which role.
fn who(visitor: &Visitor) -> Markup {
    html! {
        div class="who" {
            @match &visitor.caller {
                Caller::Anybody => p { (words::login::UNASKED) },
                Caller::Nobody => p { a href=(login::PATH) { (words::login::TITLE) } },
                Caller::Known(principal) => p {
                    strong { (ofrecord_report::visible::text(&principal.name)) } ", "
                    (principal.role.word().replace('_', " "))
                },
            }
            @if visitor.form_token().is_some() {
                form action=(login::OUT) method="post" {
                    (form_token(visitor))
                    button type="submit" { (words::login::OUT) }
                }
            }
        }
    }
}

/// What the forms of a session carry.
pub(super) fn form_token(visitor: &Visitor) -> Markup {
    html! { @if let Some(token) = visitor.form_token() { input type="hidden" name=(FORM_TOKEN) value=(token); } }
}

/// What stands around a problem: whence the request came, and where it should have led.
pub(crate) struct Around {
    headers: HeaderMap,
    place: Place,
}

impl Around {
    /// Of a request.
    pub(crate) fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let asked = if method == Method::GET { uri.path_and_query().map(|asked| asked.as_str()) } else { None };
        Self { headers: headers.clone(), place: Place::of(asked.unwrap_or_default()) }
    }
}

/// A page that says what was wrong, and where. Whoever has to sign in first can do so on it.
pub(crate) fn problem(
    problem: &Problem,
    request_id: &str,
    shared: &Shared,
    around: &Around,
    known: Option<Visitor>,
) -> Reply {
    let visitor = known.unwrap_or_else(|| shared.looker(&around.headers));
    let status = problem.status();
    let said = html! {
        p class="problem" role="alert" { (ofrecord_report::visible::text(problem.detail())) }
        p class="quiet" {
            (words::problem::CODE) " " code { (problem.code()) } ", "
            (words::problem::REQUEST) " " code { (request_id) }
        }
    };
    let asks = problem.code() == "not_authenticated";
    let main = html! {
        (said)
        @if asks { (login::forms(shared, &around.place)) } @else { p { a href=(ROOT) { (words::problem::BACK) } } }
    };
    let title = if asks { words::login::TITLE } else { status.canonical_reason().unwrap_or_default() };
    let page = Page { title: title.to_owned(), kind: "Problem", main };
    // To a page elsewhere the browser does not show the session; to this very one it does.
    if asks && is_led_here(&around.headers) { page.leading_on(&visitor, &around.place) } else { page.reply(&visitor) }
}
