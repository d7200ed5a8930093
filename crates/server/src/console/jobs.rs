//! The panel of jobs on the page of operations: what is ordered, how far it is, and forms to order and change it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use maud::{Markup, html};
use ofrecord_core::{CustomerId, Timestamp};

use super::Sent;
use super::layout::form_token;
use super::said::{self, Table};
use super::words::{entry, jobs as words};
use crate::asked::Asked;
use crate::jobs::{self, Change, JobKind, JobState, Task, Told};
use crate::problem::Problem;
use crate::reply::{HTML, Reply};
use crate::shared::Shared;
use crate::visitor::{FORM_TOKEN, Visitor, check_own_page};

/// Where the panel stands.
const PANEL: &str = "/console/operations#jobs";
/// The fields that a form of a kind has.
const FIELDS: &[&str] = &["kind", "from", "to", "customer", "partner", "as_of", "known_at", "purpose", FORM_TOKEN];

/// What a form about jobs asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobForm {
    /// That one is done.
    Order,
    /// That one goes another way.
    Change(Change),
}

/// Does what a form asks for, and leads back to the panel.
pub(super) fn sent(
    shared: &Arc<Shared>,
    visitor: &Visitor,
    asked: &Asked,
    form: JobForm,
    sent: &Sent,
) -> Result<Reply, Problem> {
    check_own_page(&sent.headers)?;
    let given = sent.fields(FIELDS)?;
    visitor.sent_it(&sent.headers, given.text(FORM_TOKEN))?;
    let caller = &visitor.caller;
    match form {
        JobForm::Order => {
            let told = FIELDS.iter().filter(|name| **name != FORM_TOKEN);
            let fields = told.filter_map(|name| Some((*name, given.text(name)?)));
            drop(jobs::started(shared, caller, Task::of_fields(fields)?)?);
        }
        JobForm::Change(change) => drop(jobs::changed(shared, caller, &asked.needed::<String>("job")?, change)?),
    }
    Ok(Reply::bytes(HTML, Vec::new()).with_status(StatusCode::SEE_OTHER).with_header(LOCATION, PANEL))
}

/// The panel, with the forms that the caller may send.
pub(super) fn panel(shared: &Shared, visitor: &Visitor) -> Markup {
    let caller = &visitor.caller;
    let told = jobs::all(shared, caller);
    // A source comes as a body, which a form of these does not send.
    let kinds = JobKind::ALL.into_iter().filter(|kind| *kind != JobKind::Import && caller.may(kind.needs()).is_ok());
    html! {
        p { (words::HINT) }
        @if told.is_empty() {
            p { (words::NONE) }
        } @else {
            @if told.iter().any(|job| !job.state.has_ended()) {
                p data-refresh { a href=(PANEL) { (words::AGAIN) } }
            }
            (table(&told, visitor))
        }
        div class="orders" {
            @for kind in kinds { (order(kind, visitor)) }
        }
    }
}

/// The forms by which files about a customer are ordered at a viewpoint, for whoever may order them.
pub(super) fn about_customer(visitor: &Visitor, customer: CustomerId, as_of: Timestamp, known_at: &str) -> Markup {
    let (customer, as_of) = (customer.to_string(), as_of.to_string());
    let known = [("customer", customer.as_str()), ("known_at", known_at)];
    let pack = [known[0], known[1], ("as_of", as_of.as_str())];
    let orders = [(JobKind::Evidence, &pack[..], words::PACK), (JobKind::Certify, &known[..], words::CERTIFICATE)];
    let may = |kind: JobKind| visitor.caller.may(kind.needs()).is_ok();
    html! {
        @if orders.iter().any(|(kind, ..)| may(*kind)) { p { (words::OF_CUSTOMER) } }
        @for (kind, fields, button) in orders {
            @if may(kind) {
                form class="change" action="/console/jobs" method="post" {
                    (form_token(visitor))
                    input type="hidden" name="kind" value=(kind.word());
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    button type="submit" { (button) }
                }
            }
        }
    }
}

fn table(told: &[Told], visitor: &Visitor) -> Markup {
    let rows = told.iter().map(|job| {
        vec![
            html! { (job.kind.word()) " " small { (said::code(&job.id)) } },
            html! { (job.state.word()) @if job.verdict == Some("found") { strong { " " (words::FOUND) } } },
            progress(job),
            html! { @if let Some(by) = &job.by { (said::name(by)) " " } (said::at(job.ordered_at)) },
            outcome(job),
            html! { @if visitor.caller.may(job.kind.needs()).is_ok() { (changes(job, visitor)) } },
        ]
    });
    Table {
        caption: words::CAPTION,
        columns: &["job", "state", "progress", "ordered", "what came of it", "change it"],
        rows: rows.collect(),
    }
    .written()
}

fn progress(job: &Told) -> Markup {
    let Some(steps) = job.progress.filter(|_| job.state != JobState::Done) else {
        return html! { @if job.state == JobState::Done { (words::WHOLE) } @else { span class="absent" { "–" } } };
    };
    let label = format!("{} of job {}", steps.stage, job.id);
    html! {
        progress max=(steps.total.max(1)) value=(steps.done) aria-label=(label) {}
        " " (steps.stage) " " (steps.done) " of " (steps.total)
    }
}

fn outcome(job: &Told) -> Markup {
    html! {
        @if let Some(result) = &job.result { a href=(result) { (words::RESULT) } }
        @if let Some(problem) = &job.problem { (said::name(problem)) }
        @if let Some(hint) = &job.hint { " " small { (said::name(hint)) } }
        @if job.result.is_none() && job.problem.is_none() { span class="absent" { "–" } }
    }
}

fn changes(job: &Told, visitor: &Visitor) -> Markup {
    let fitting = Change::ALL.into_iter().filter(|change| change.fits(job.state));
    html! {
        @for change in fitting {
            form class="change" action=(format!("/console/jobs/{}/{}", job.id, change.word())) method="post" {
                (form_token(visitor))
                button type="submit" aria-label=(format!("{} job {}", change.word(), job.id)) { (change.word()) }
            }
        }
    }
}

fn order(kind: JobKind, visitor: &Visitor) -> Markup {
    let fields: &[(&str, &str)] = match kind {
        JobKind::Verify | JobKind::Rebuild | JobKind::Import => &[],
        JobKind::Replay => &[("from", words::FROM), ("to", words::TO)],
        JobKind::Backup => &[("purpose", entry::PURPOSE)],
        JobKind::Certify => &[("customer", words::CUSTOMER_OR_ALL), ("purpose", entry::PURPOSE)],
        JobKind::Evidence => &[
            ("customer", words::CUSTOMER),
            ("partner", words::PARTNER),
            ("as_of", words::AS_OF),
            ("purpose", entry::PURPOSE),
        ],
    };
    let id = |name: &str| format!("{}-{name}", kind.word());
    html! {
        form class="asked fields" action="/console/jobs" method="post" {
            (form_token(visitor))
            input type="hidden" name="kind" value=(kind.word());
            p class="hint" { strong { (kind.word()) } ": " (words::of(kind)) }
            @for (name, label) in fields {
                p {
                    label for=(id(name)) { (label) }
                    input id=(id(name)) name=(name) type="text" autocomplete="off" spellcheck="false";
                }
            }
            p class="send" { button type="submit" { (words::START) " " (kind.word()) } }
        }
    }
}
