//! Who had a request sent: a page of this server, a page from elsewhere, or a program that is no browser.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName};

use crate::problem::Problem;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sender {
    OwnPage,
    OtherPage,
    Program,
}

fn sender(headers: &HeaderMap) -> Sender {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_own = match (text(&FETCH_SITE), text(&ORIGIN), text(&HOST)) {
        (None, None, _) => return Sender::Program,
        (Some(site), _, _) => site == "same-origin",
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, Some(_), None) => false,
    };
    if is_own { Sender::OwnPage } else { Sender::OtherPage }
}

/// Refuses a form that was not sent by a page of this server: a page elsewhere could have a browser here send it.
pub(crate) fn check_own_page(headers: &HeaderMap) -> Result<(), Problem> {
    match sender(headers) {
        Sender::OwnPage => Ok(()),
        Sender::OtherPage | Sender::Program => {
            Err(Problem::malformed("Origin", &"this form is taken from the pages of this server alone"))
        }
    }
}

/// Refuses what a page from elsewhere has a browser send.
pub(crate) fn refuse_other_pages(headers: &HeaderMap) -> Result<(), Problem> {
    match sender(headers) {
        Sender::OwnPage | Sender::Program => Ok(()),
        Sender::OtherPage => Err(Problem::malformed("Origin", &"it is not taken from a page of another server")),
    }
}
