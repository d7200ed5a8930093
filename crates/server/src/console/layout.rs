//! What every page has: its head, the ways to other pages, the search, and a foot; and the page of a problem.

use maud::{DOCTYPE, Markup, html};

use super::{ROOT, words};
use crate::problem::Problem;
use crate::reply::Reply;

/// A page, before what stands around it.
pub(super) struct Page {
    /// What it is called, as text.
    pub(super) title: String,
    /// What stands beside the title, such as the kind of thing that it is about.
    pub(super) kind: &'static str,
    /// What it says.
    pub(super) main: Markup,
}

/// The pages that every page leads to.
const PLACES: &[(&str, &str)] = &[
    (ROOT, words::overview::TITLE),
    ("/console/compare", words::compare::TITLE),
    ("/console/operations", words::operations::TITLE),
];

impl Page {
    /// As an answer.
    pub(super) fn reply(&self) -> Reply {
        super::reply(self.written(""))
    }

    /// The whole page; `searched` stands in its search.
    fn written(&self, searched: &str) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " – " (words::PROGRAM) }
                    link rel="stylesheet" href="/console/style.css";
                    link rel="icon" type="image/svg+xml" href="/console/icon.svg";
                    script src="/console/script.js" defer {}
                }
                body {
                    a class="skip" href="#content" { (words::SKIP) }
                    (top(searched))
                    main id="content" tabindex="-1" {
                        p class="kind" { (self.kind) }
                        h1 { (self.title) }
                        (self.main)
                    }
                    footer { p { (words::FOOT) } }
                }
            }
        }
    }
}

fn top(searched: &str) -> Markup {
    html! {
        header class="top" {
            p class="program" { a href=(ROOT) { (words::PROGRAM) } }
            nav aria-label=(words::PAGES) {
                ul { @for (path, name) in PLACES { li { a href=(path) { (name) } } } }
            }
            (search(searched))
        }
    }
}

/// The field in which whatever is looked for is named.
fn search(searched: &str) -> Markup {
    html! {
        form role="search" class="search" action="/console/find" method="get" {
            label for="search" { (words::search::FIELD) }
            div class="row" {
                input id="search" name="q" type="search" value=(searched) autocomplete="off" spellcheck="false";
                button type="submit" { (words::search::BUTTON) }
            }
        }
    }
}

/// A page that says what was wrong, and where.
pub(crate) fn problem(problem: &Problem, request_id: &str) -> Reply {
    let status = problem.status();
    let page = Page {
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        kind: "Problem",
        main: html! {
            p class="problem" role="alert" { (ofrecord_report::visible::text(problem.detail())) }
            p class="quiet" {
                (words::problem::CODE) " " code { (problem.code()) } ", "
                (words::problem::REQUEST) " " code { (request_id) }
            }
            p { a href=(ROOT) { (words::problem::BACK) } }
        },
    };
    page.reply()
}
