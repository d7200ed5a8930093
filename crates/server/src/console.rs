//! The console: pages by which people read the ledger in a browser, written here and readable without script.
//!
//! Every page asks the reader and the views as the questions do, and computes nothing of its own. What it says of a
//! position leads to the page of that entry. Looking changes nothing; the exact bytes of an entry are taken out by a
//! form, which records that they leave; by other forms jobs are ordered and changed, and what takes two persons is answered.

mod api;
mod approvals;
mod compare;
mod customer;
mod entry;
mod find;
mod jobs;
mod layout;
mod login;
mod looked;
mod operations;
mod overview;
mod partner;
mod plot;
mod reading;
mod routes;
mod said;
mod sheets;
mod words;

use std::sync::Arc;

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::http::{HeaderMap, Uri};
use maud::Markup;

pub(crate) use self::jobs::JobForm;
pub(crate) use self::layout::{Around, problem};
pub(crate) use self::login::Step;
pub(crate) use self::routes::ROUTES;
use crate::approvals::Verdict;
use crate::asked::Asked;
use crate::disclosure::Leaving;
use crate::peers::Peer;
use crate::problem::Problem;
use crate::reply::{HTML, Reply};
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The media type of style sheets.
pub(crate) const CSS: &str = "text/css; charset=utf-8";
/// The media type of drawings.
pub(crate) const SVG: &str = "image/svg+xml";
/// The media type of scripts.
pub(crate) const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Below which the pages stand.
const ROOT: &str = "/console";
/// Before the position of an entry, the path of its page.
const ENTRIES: &str = "/console/entries/";
/// What a page may load and send: its own style and script, and forms to this server.
const CONTENT: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str = include_str!("console/console.css");
const ICON: &str = include_str!("console/icon.svg");
const SCRIPT: &str =
    concat!(include_str!("console/console.js"), include_str!("console/zone.js"), include_str!("console/api.js"));
/// What the page of the routes may do beside: ask this server.
const ASKING: &str = "; connect-src 'self'";

/// What writes a page.
#[derive(Clone, Copy)]
pub(crate) enum Writing {
    /// Reading alone.
    Read(fn(&Shared, &Visitor, &Asked) -> Result<Reply, Problem>),
    /// A table as a file, which leaves.
    Sheet(fn(&Shared, &Visitor, &Asked) -> Result<Reply, Problem>),
    /// Ordering and changing jobs.
    Job(JobForm),
    /// Answering what takes two persons.
    Approval(Verdict),
    /// Taking the bytes of an entry out, which is recorded.
    TakenOut,
    /// Signing in and out.
    Login(Step),
}

/// What came with a request for a page beside its parameters.
pub(crate) struct Sent {
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The form, where one was sent.
    pub(crate) form: Vec<u8>,
    /// From where.
    pub(crate) peer: Option<Peer>,
}

impl Sent {
    /// The fields of the form, of which the page knows these.
    fn fields(&self, known: &[&str]) -> Result<Asked, Problem> {
        let not_a_form = |problem: &dyn std::fmt::Display| Problem::malformed("the form", problem);
        let text = std::str::from_utf8(&self.form).map_err(|error| not_a_form(&error))?;
        let uri = Uri::try_from(format!("/?{text}")).map_err(|error| not_a_form(&error))?;
        Asked::form(&uri, known)
    }
}

/// Longest body of a form.
pub(crate) const FORM_BYTES_MAX: usize = 24 * 1024;

/// Writes a page; `sent` is what was sent to it.
pub(crate) async fn page(
    shared: Arc<Shared>,
    writing: Writing,
    visitor: Visitor,
    asked: Asked,
    sent: Sent,
) -> Result<Reply, Problem> {
    match writing {
        Writing::Read(write) => {
            let of = Arc::clone(&shared);
            shared.in_turn(move || write(&of, &visitor, &asked)).await
        }
        Writing::Sheet(write) => {
            let customer = asked.read("customer")?;
            let (of, caller) = (Arc::clone(&shared), visitor.caller.clone());
            // What the ledger does not give does not leave.
            let sheet = shared.in_turn(move || write(&of, &visitor, &asked)).await?;
            shared.disclosures.record(&shared, &caller, Leaving::Tables, customer).await?;
            Ok(sheet)
        }
        Writing::Job(form) => jobs::sent(&shared, &visitor, &asked, form, &sent),
        Writing::Approval(verdict) => approvals::sent(&shared, &visitor, &asked, verdict, &sent).await,
        Writing::TakenOut => entry::taken_out(shared, &visitor, asked, &sent).await,
        Writing::Login(step) => step.take(&shared, &visitor, &asked, &sent).await,
    }
}

/// Whether a path is one of the console, so that what is wrong with it is told on a page.
pub(crate) fn is_path(path: &str) -> bool {
    path.strip_prefix(ROOT).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// How the pages look: as dossiers do, and what stands around them.
pub(crate) fn style(_: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::bytes(CSS, format!("{}{STYLE}", ofrecord_report::style()).into_bytes()))
}

/// What the pages do beside being read.
pub(crate) fn script(_: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::bytes(JAVASCRIPT, SCRIPT.as_bytes().to_vec()))
}

/// What a browser shows beside the title of a page.
pub(crate) fn icon(_: &Shared) -> Result<Reply, Problem> {
    Ok(Reply::bytes(SVG, ICON.as_bytes().to_vec()))
}

fn reply(page: Markup) -> Reply {
    let mut text = page.into_string();
    text.push('\n');
    Reply::bytes(HTML, text.into_bytes())
        .with_header(CONTENT_SECURITY_POLICY, CONTENT)
        .with_header(REFERRER_POLICY, "same-origin")
        .not_kept()
}
