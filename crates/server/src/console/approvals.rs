//! Approvals: what takes two persons, with the buttons by which the second one answers.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use maud::{Markup, html};
use serde_json::Value;

use super::Sent;
use super::layout::{Page, form_token};
use super::said::{self, Table};
use super::words::approvals as words;
use crate::access::Need;
use crate::approvals::{self, Told, Verdict};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::{HTML, Reply};
use crate::shared::Shared;
use crate::visitor::{FORM_TOKEN, Visitor, check_own_page};

/// Where the page stands.
pub(super) const PATH: &str = "/console/approvals";
/// The fields that a form has.
const FIELDS: &[&str] = &["reason", FORM_TOKEN];

/// The page of what takes two persons.
pub(super) fn approvals(shared: &Shared, visitor: &Visitor, _: &Asked) -> Result<Reply, Problem> {
    let all = approvals::all(shared)?;
    let (waiting, answered): (Vec<Told>, Vec<Told>) = all.into_iter().partition(Told::is_unsettled);
    let main = html! {
        p { (words::HINT) }
        @if visitor.caller.may(Need::Approving).is_ok() { p class="hint" { (words::HOW) } }
        (said::section("waiting", words::WAITING, &html! {
            @if waiting.is_empty() { p { (words::NONE_WAITING) } } @else { (unsettled(&waiting, visitor)) }
        }))
        (said::section("answered", words::ANSWERED, &html! {
            @if answered.is_empty() { p { (words::NONE_ANSWERED) } } @else { (settled(&answered)) }
        }))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor))
}

/// Answers as a form says, and leads back to the page.
pub(super) async fn sent(
    shared: &Arc<Shared>,
    visitor: &Visitor,
    asked: &Asked,
    verdict: Verdict,
    sent: &Sent,
) -> Result<Reply, Problem> {
    check_own_page(&sent.headers)?;
    let given = sent.fields(FIELDS)?;
    visitor.sent_it(&sent.headers, given.text(FORM_TOKEN))?;
    let (id, reason) = (asked.needed("approval")?, given.text("reason").map(str::to_owned));
    drop(approvals::answered(shared, &visitor.caller, id, (verdict, reason)).await?);
    Ok(Reply::bytes(HTML, Vec::new()).with_status(StatusCode::SEE_OTHER).with_header(LOCATION, PATH))
}

fn unsettled(told: &[Told], visitor: &Visitor) -> Markup {
    let row = |one: &Told| {
        vec![
            asked_for(one),
            html! { (said::name(&one.asked_by)) " " (said::at(one.asked_at)) },
            html! {
                @if one.answered_by.is_some() { (words::AGAIN) } @else { (said::at(one.expires_at)) }
            },
            html! { @for verdict in Verdict::ALL { @if may(one, visitor, verdict) { (form(one, visitor, verdict)) } } },
        ]
    };
    let columns = &["what", "asked by", "until", "answer"];
    Table { caption: words::WAITING, columns, rows: told.iter().map(row).collect() }.written()
}

fn settled(told: &[Told]) -> Markup {
    let row = |one: &Told| {
        vec![
            asked_for(one),
            html! { (said::name(&one.asked_by)) " " (said::at(one.asked_at)) },
            html! {
                (one.state.word())
                @if let Some(by) = &one.answered_by { " by " (said::name(by)) }
                @if let Some(at) = one.answered_at { " " (said::at(at)) }
                @if let Some(reason) = &one.reason { ": " (said::name(reason)) }
            },
            html! {
                @if let Some(outcome) = &one.outcome { (outcome) " " }
                @if let Some(code) = &one.code { (said::code(code)) " " }
                @if let Some(position) = one.position { (said::position(position)) }
                @if one.outcome.is_none() { span class="absent" { "–" } }
            },
        ]
    };
    let columns = &["what", "asked by", "answered", "what came of it"];
    Table { caption: words::ANSWERED, columns, rows: told.iter().map(row).collect() }.written()
}

/// The command: its type, its fields as they are, and the whole document.
fn asked_for(one: &Told) -> Markup {
    let command = one.submission.get("command").and_then(Value::as_object);
    let kind = command.and_then(|command| command.get("type")).and_then(Value::as_str).unwrap_or_default();
    let fields = command.into_iter().flatten().filter(|(name, _)| *name != "type");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    // What was read from JSON can be written as JSON.
    let whole = serde_json::to_string_pretty(&one.submission).unwrap_or_default();
    html! {
        strong { (kind) }
        @for (name, value) in fields { br; (name.replace('_', " ")) ": " (said::name(&text(value))) }
        details {
            summary { (words::SUBMISSION) }
            pre { code { @for line in whole.lines() { (ofrecord_report::visible::text(line)) "\n" } } }
        }
    }
}

fn may(one: &Told, visitor: &Visitor, verdict: Verdict) -> bool {
    visitor.caller.may(Need::Approving).is_ok() && one.is_open_to(&visitor.caller, verdict)
}

fn form(one: &Told, visitor: &Visitor, verdict: Verdict) -> Markup {
    let (id, word) = (one.id.to_string(), verdict.word());
    let field = format!("{word}-{id}");
    html! {
        form class="change" action=(format!("{PATH}/{id}/{word}")) method="post" {
            (form_token(visitor))
            @if verdict != Verdict::Approved {
                label for=(field) { (words::REASON) }
                input id=(field) name="reason" type="text" autocomplete="off";
            }
            button type="submit" aria-label=(format!("{word} {id}")) { (word) }
        }
    }
}
