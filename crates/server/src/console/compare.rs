//! Two instants, or two states of knowledge, of one customer side by side.

use maud::{Markup, html};
use ofrecord_core::{CustomerId, StreamId, Timestamp};
use ofrecord_ledger::{KnownAt, Reader, Snapshot};
use ofrecord_views::{self as views, ChangeKind, Changes, RowChange};
use serde_json::Value;

use super::layout::Page;
use super::looked::{self, Looking};
use super::reading;
use super::said::{self, Called, Table};
use super::words::compare as words;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

/// The fields of the form.
const FIELDS: [(&str, &str); 2] = [("from_as_of", "from_known_at"), ("to_as_of", "to_known_at")];

/// One side.
struct Side {
    as_of: Timestamp,
    snapshot: Snapshot,
}

/// The comparison; without a customer, the form for one.
pub(super) fn compare(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let Some(customer) = asked.read::<CustomerId>("customer")? else {
        let main = html! { p { (words::HINT) } (form(asked)) };
        return Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor));
    };
    let reader = &shared.reader;
    let now = shared.ledger.clock().now();
    let [(first_as_of, first_known), (second_as_of, second_known)] = FIELDS;
    let first = Side::of(reader, asked, (first_as_of, first_known), now)?;
    let second = Side::of(reader, asked, (second_as_of, second_known), now)?;
    let (one, other) = (first.size(), second.size());
    let known = if one > other { &first.snapshot } else { &second.snapshot };
    let record = looked::record(reader, visitor, customer, known)?;
    let from = reader.viewpoint(&first.snapshot, first.as_of);
    let to = reader.viewpoint(&second.snapshot, second.as_of);
    let diff = views::diff(&record, &from, &to);
    let mut looking = Looking::at(reader, visitor, now)?;
    let mut called = Called::to(visitor);
    for partner in views::named_partners(&record) {
        let stream = StreamId::Partner(partner);
        called.learn(stream, looking.called(stream)?);
    }
    let name = looking.called(StreamId::Customer(customer))?;
    let changes = |changes: &Changes| differences(changes, &called);
    let main = html! {
        p { (said::customer(customer, name.as_deref())) }
        (form(asked))
        (sides(customer, &first, &second))
        (said::section("world", words::WORLD, &changes(&diff.changed_in_the_world)))
        (said::section("learned", words::LEARNED, &changes(&diff.learned)))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor))
}

impl Side {
    fn of(reader: &Reader, asked: &Asked, (as_of, known): (&str, &str), now: Timestamp) -> Result<Self, Problem> {
        let snapshot = reader.snapshot(asked.knowledge(known)?.unwrap_or(KnownAt::Now));
        let snapshot = snapshot.map_err(|failure| Problem::malformed(known, &format_args!("could not {failure}")))?;
        Ok(Self { as_of: reading::instant(asked, as_of)?.unwrap_or(now), snapshot })
    }

    fn size(&self) -> u64 {
        self.snapshot.basis.tree_size
    }
}

fn form(asked: &Asked) -> Markup {
    let given = |name: &str| asked.text(name).unwrap_or_default().to_owned();
    html! {
        form class="asked fields" action="/console/compare" method="get" {
            p {
                label for="customer" { (words::CUSTOMER) }
                input id="customer" name="customer" type="text" required autocomplete="off" spellcheck="false"
                    value=(given("customer"));
            }
            @for ((as_of, known), (as_of_said, known_said)) in FIELDS.into_iter().zip(words::FIELDS) {
                p {
                    label for=(as_of) { (as_of_said) }
                    input id=(as_of) name=(as_of) type="text" autocomplete="off" value=(given(as_of));
                }
                p {
                    label for=(known) { (known_said) }
                    input id=(known) name=(known) type="text" autocomplete="off" value=(given(known));
                }
            }
            p class="send" { button type="submit" { (words::BUTTON) } }
            p class="quiet hint" { (words::FIELDS_HINT) }
        }
    }
}

fn sides(customer: CustomerId, first: &Side, second: &Side) -> Markup {
    let row = |name: &str, side: &Side| {
        let place = format!("/console/customers/{customer}?as_of={}&known_at=@{}", side.as_of, side.size());
        vec![
            html! { (name) },
            said::at(side.as_of),
            said::at(side.snapshot.known_at),
            html! { (side.size()) },
            html! { a href=(place) { (words::PAGE) } },
        ]
    };
    let columns = &["side", "as of", "known at", "tree size", "whole"];
    let rows = vec![row(words::FIRST, first), row(words::SECOND, second)];
    Table { caption: words::SIDES, columns, rows }.written()
}

fn differences(changes: &Changes, called: &Called<'_>) -> Markup {
    if changes.is_empty() {
        return html! { p { (words::NONE) } };
    }
    let Changes { resellers, subscriptions, access, granular, transfers } = changes;
    let views = [
        (words::RESELLERS, resellers),
        (words::SUBSCRIPTIONS, subscriptions),
        (words::ACCESS, access),
        (words::GRANULAR, granular),
        (words::TRANSFERS, transfers),
    ];
    html! {
        @for (view, changes) in views {
            @for change in changes { (difference(view, change, called)) }
        }
    }
}

/// One row that differs: its fields on both sides.
fn difference(view: &str, change: &RowChange, called: &Called<'_>) -> Markup {
    let kind = match change.kind {
        ChangeKind::Added => words::ADDED,
        ChangeKind::Removed => words::REMOVED,
        ChangeKind::Changed => words::CHANGED,
    };
    let member = |side: &Option<Value>, field: &str| side.as_ref().and_then(|row| row.get(field)).cloned();
    let names: Vec<&String> = match change.kind {
        ChangeKind::Changed => change.fields.iter().collect(),
        ChangeKind::Added | ChangeKind::Removed => {
            let row = change.before.as_ref().or(change.after.as_ref()).and_then(Value::as_object);
            row.into_iter().flatten().filter(|(_, value)| !is_empty(value)).map(|(name, _)| name).collect()
        }
    };
    let row = |field: &&String| {
        let (before, after) = (member(&change.before, field), member(&change.after, field));
        vec![html! { (field.replace('_', " ")) }, said_of(before.as_ref(), called), said_of(after.as_ref(), called)]
    };
    let caption = format!("{view} {}: {kind}", change.key);
    let columns = &["field", words::FIRST, words::SECOND];
    Table { caption: &caption, columns, rows: names.iter().map(row).collect() }.written()
}

/// Whether a value says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value as people read it: a word without its underscores, and what is nested in a row.
fn said_of(value: Option<&Value>, called: &Called<'_>) -> Markup {
    match value {
        None | Some(Value::Null) => html! { span class="absent" { "–" } },
        Some(Value::String(text)) if is_word(text) => html! { (text.replace('_', " ")) },
        Some(Value::String(text)) => called.sentence(text),
        Some(Value::Bool(true)) => html! { "yes" },
        Some(Value::Bool(false)) => html! { "no" },
        Some(Value::Number(number)) => html! { (number) },
        Some(Value::Array(items)) => html! {
            @for (index, item) in items.iter().enumerate() { @if index > 0 { ", " } (said_of(Some(item), called)) }
        },
        Some(Value::Object(fields)) => html! {
            @for (index, (name, inner)) in fields.iter().filter(|(_, inner)| !is_empty(inner)).enumerate() {
                @if index > 0 { "; " }
                (name.replace('_', " ")) " " (said_of(Some(inner), called))
            }
        },
    }
}

/// Whether a text is one of the ledger's own words.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}
