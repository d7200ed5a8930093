//! The page of the routes: what each takes and needs, and a form by which it is tried.

use maud::{Markup, html};

use super::layout::Page;
use super::said;
use super::words::api as words;
use crate::access::{Caller, Need};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::{Parameter, Place, Route, Run, Shape, routes};
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The path of the page.
pub(super) const PATH: &str = "/api";

/// The page: every route that somebody may ask, or all to whoever has not signed in.
pub(super) fn api(shared: &Shared, visitor: &Visitor, _: &Asked) -> Result<Reply, Problem> {
    let may = |need: Need| matches!(visitor.caller, Caller::Nobody) || visitor.caller.may(need).is_ok();
    let tried = routes().filter(|route| !matches!(route.run, Run::Page(_)) && !super::is_path(route.path));
    let tried: Vec<&Route> = tried.filter(|route| may(route.needs)).collect();
    let main = html! {
        p { (words::ABOUT) " " a href="/openapi.json" { (words::DESCRIPTION) } "." }
        @if shared.gate.asks() {
            p class="fields" {
                label for="bearer" { (words::TOKEN) }
                input id="bearer" type="password" autocomplete="off" spellcheck="false";
            }
        }
        noscript { p { (words::NO_SCRIPT) } }
        (said::section("routes", words::ROUTES, &html! { @for route in &tried { (one(route)) } }))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.trying(visitor))
}

/// A route, folded up.
fn one(route: &Route) -> Markup {
    let (method, path) = (route.method.name(), route.template());
    html! {
        details id=(route.name) class="route" {
            summary { code { (method) " " (path) } " " (route.says) }
            p class="quiet" { (words::NEEDS) " " (route.needs.word()) "; " (words::ANSWERS) " " code { (route.media) } }
            form class="asked fields" data-method=(method) data-path=(path) {
                @for parameter in route.parameters() { (field(route, parameter)) }
                @if let Some(media) = route.takes() {
                    @let id = format!("{}-body", route.name);
                    p class="hint" {
                        label for=(id) { (words::BODY) " (" (media) ")" }
                        textarea id=(id) rows="8" spellcheck="false" data-media=(media) {}
                    }
                }
                p class="send" { button type="submit" { (words::SEND) } }
            }
            div class="answer" role="status" {}
        }
    }
}

/// The field of a parameter.
fn field(route: &Route, parameter: &Parameter) -> Markup {
    let id = format!("{}-{}", route.name, parameter.name);
    let (place, is_needed) = match parameter.place {
        Place::Path => ("path", true),
        Place::Needed => ("query", true),
        Place::Query => ("query", false),
        Place::Header => ("header", false),
    };
    let words: &[&str] = match parameter.shape {
        Shape::Words(words) => words,
        Shape::Flag => &["true", "false"],
        Shape::Text | Shape::Guid | Shape::Instant | Shape::Number | Shape::Limit => &[],
    };
    html! {
        p {
            label for=(id) { (parameter.name) }
            @if words.is_empty() {
                input id=(id) type="text" autocomplete="off" spellcheck="false" required[is_needed] data-place=(place)
                    data-name=(parameter.name);
            } @else {
                select id=(id) required[is_needed] data-place=(place) data-name=(parameter.name) {
                    option value="" { "–" }
                    @for word in words { option { (word) } }
                }
            }
            small { (parameter.says) }
        }
    }
}
