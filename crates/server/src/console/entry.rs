//! The page of an entry: what was asked, what came of it, on which grounds, where it stands, and the proof of that.

use maud::{Markup, html};
use ofrecord_core::{Actor, Entry, Refusal, StreamId};
use ofrecord_ledger::Reader;
use ofrecord_log::Hash;
use ofrecord_log::entry::Envelope;
use ofrecord_views::{self as views, EntryRow};

use super::layout::Page;
use super::looked::Looking;
use super::said::{self, Called, Table};
use super::words::entry as words;
use crate::access::Need;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

mod proof;
mod taking_out;

pub(super) use self::taking_out::taken_out;

/// An entry as its page shows it.
struct Shown<'a> {
    entry: Entry,
    envelope: Envelope,
    /// The bytes, where they were taken out.
    bytes: Option<Vec<u8>>,
    standing: proof::Standing,
    called: Called<'a>,
    /// Of each stream, the entries before and after it.
    neighbours: Vec<(StreamId, u64, Option<u64>, Option<u64>)>,
}

/// The page of an entry. Whoever does not see the content of all customers is shown where it stands, as hashes tell it.
pub(super) fn entry(shared: &Shared, visitor: &Visitor, asked: &Asked) -> Result<Reply, Problem> {
    let standing = proof::Standing::of(shared, asked)?;
    if visitor.caller.may(Need::AllContent).is_err() {
        return Ok(hashes(&standing).reply(visitor));
    }
    Ok(Shown::of(shared, visitor, standing)?.page(visitor).reply(visitor))
}

/// The page of an entry that says nothing of what it holds.
fn hashes(standing: &proof::Standing) -> Page {
    let main = html! {
        p { (words::NOT_SEEN) }
        (said::section("proof", words::PROOF, &standing.said(None)))
    };
    Page { title: format!("Entry {}", standing.position), kind: words::KIND, main }
}

impl<'a> Shown<'a> {
    fn of(shared: &Shared, visitor: &'a Visitor, standing: proof::Standing) -> Result<Self, Problem> {
        let reader = &shared.reader;
        let (position, mut looking) = (standing.position, Looking::at(reader, visitor, shared.ledger.clock().now())?);
        let envelope = Envelope::parse_canonical(&reader.log().read(position)?);
        let envelope = envelope.map_err(|error| Problem::internal("read an entry", &error))?;
        let entry = reader.entry(position)?;
        let mut called = Called::to(visitor);
        let mut neighbours = Vec::new();
        for link in &envelope.streams {
            let Ok(stream) = link.stream.parse() else { continue };
            called.learn(stream, looking.called(stream)?);
            let (before, after) = beside(reader, &link.stream, link.version)?;
            neighbours.push((stream, link.version, before, after));
        }
        let partners = EntryRow::of(&entry).partners;
        let read = entry.decision.read.iter().map(|read| read.stream);
        for stream in partners.into_iter().map(StreamId::Partner).chain(read) {
            called.learn(stream, looking.called(stream)?);
        }
        Ok(Self { entry, envelope, bytes: None, standing, called, neighbours })
    }

    fn page(&self, visitor: &Visitor) -> Page {
        let position = self.entry.position;
        let main = html! {
            (said::section("what", words::WHAT, &self.what()))
            (said::section("came", words::CAME, &self.came()))
            (said::section("streams", words::STREAMS, &self.streams()))
            (said::section("read", words::READ, &self.read()))
            (said::section("evidence", words::EVIDENCE, &self.evidence()))
            (said::section("decision", words::DECISION, &self.decision()))
            (said::section("bytes", words::BYTES, &self.exact(visitor)))
            (said::section("proof", words::PROOF, &self.standing.said(self.bytes.as_deref().map(<[u8]>::len))))
        };
        Page { title: format!("Entry {position}"), kind: words::KIND, main }
    }

    fn what(&self) -> Markup {
        let (entry, decision) = (&self.entry, &self.entry.decision);
        let digest = EntryRow::of(entry);
        let number = |number: u64| html! { (number) };
        said::pairs(
            words::WHAT_CAPTION,
            &[
                ("position", Some(number(entry.position))),
                ("command", Some(said::code(&digest.command))),
                ("command id", Some(said::code(&entry.command_id.to_string()))),
                ("asked by", Some(self.actor(&decision.actor))),
                ("customer", decision.customer.map(|id| self.called.stream(StreamId::Customer(id)))),
                ("recorded at", Some(said::at(entry.recorded_at))),
                ("effective at", Some(said::at(entry.effective_at()))),
                ("expected version", decision.expected_version.map(number)),
                (
                    "policy",
                    (!decision.is_redacted())
                        .then(|| html! { (decision.policy.cloud.as_str()) " version " (decision.policy.version) }),
                ),
                ("request hash", Some(said::code(&self.envelope.request_hash.to_string()))),
            ],
        )
    }

    fn actor(&self, actor: &Actor) -> Markup {
        html! {
            (actor.kind.as_str().replace('_', " "))
            @if let Some(user) = &actor.user { " " (said::name(user)) }
            @if let Some(role) = &actor.role { ", " (role.as_str().replace('_', " ")) }
            @if let Some(partner) = actor.partner() {
                " of " (self.called.stream(StreamId::Partner(partner)))
            } @else if let Some(tenant) = actor.tenant_id {
                " of tenant " (said::code(&tenant.to_string()))
            }
        }
    }

    fn came(&self) -> Markup {
        let decision = &self.entry.decision;
        if decision.is_redacted() {
            return html! { p { (words::REDACTED) } };
        }
        if let Some(refusal) = &decision.refusal {
            return self.refused(refusal);
        }
        if decision.events().is_empty() {
            return html! { p { (words::NOTHING_DIFFERED) } };
        }
        html! {
            ol start="0" class="events" {
                @for event in decision.events() {
                    li { (said::code(event.name())) " " (self.called.sentence(&views::describe(event))) }
                }
            }
        }
    }

    fn refused(&self, refusal: &Refusal) -> Markup {
        let details = refusal.details.iter().map(|(name, values)| {
            html! { (said::name(name)) ": " @for value in values { (self.called.sentence(value)) " " } }
        });
        let details: Vec<Markup> = details.collect();
        said::pairs(
            words::REFUSED,
            &[
                ("code", Some(said::code(&refusal.code))),
                ("rule", Some(said::code(&refusal.rule))),
                ("why", Some(said::name(&refusal.message))),
                ("Partner Center's code", refusal.upstream_code.map(|code| html! { (code) })),
                ("Partner Center's status", refusal.upstream_status.map(|status| html! { (status) })),
                ("shown by", (!details.is_empty()).then(|| html! { @for detail in &details { (detail) br; } })),
            ],
        )
    }

    fn streams(&self) -> Markup {
        let place = |position: &Option<u64>| match position {
            Some(position) => said::position(*position),
            None => html! { span class="absent" { "–" } },
        };
        let row = |(stream, version, before, after): &(StreamId, u64, Option<u64>, Option<u64>)| {
            vec![self.called.stream(*stream), html! { (version) }, place(before), place(after)]
        };
        let columns = &["stream", "version", "entry before", "entry after"];
        Table { caption: words::STREAMS_CAPTION, columns, rows: self.neighbours.iter().map(row).collect() }.written()
    }

    fn read(&self) -> Markup {
        let read = &self.entry.decision.read;
        if read.is_empty() {
            return html! { p { (words::READ_NOTHING) } };
        }
        let rows = read.iter().map(|read| vec![self.called.stream(read.stream), html! { (read.version) }]);
        let columns = &["stream", "entries that it had"];
        Table { caption: words::READ_CAPTION, columns, rows: rows.collect() }.written()
    }

    fn evidence(&self) -> Markup {
        let evidence = &self.entry.decision.evidence;
        if evidence.is_empty() {
            return html! { p { (words::NO_EVIDENCE) } };
        }
        let rows = evidence.iter().map(|item| {
            vec![
                html! { (item.source.as_str().replace('_', " ")) },
                said::code(&item.record_id),
                said::code(&item.raw_hash),
                html! { (item.completeness.as_str().replace('_', " ")) },
                html! { @if let Some(at) = item.fetched_at { (said::at(at)) } @else { span class="absent" { "–" } } },
            ]
        });
        let columns = &["source", "record", "SHA-256 of the record", "how much of it", "fetched at"];
        Table { caption: words::EVIDENCE_CAPTION, columns, rows: rows.collect() }.written()
    }

    /// The decision as it is read, indented.
    fn decision(&self) -> Markup {
        // What was read from JSON can be written as JSON.
        let text = serde_json::to_string_pretty(&self.entry.decision).unwrap_or_default();
        html! {
            p class="quiet" { (words::DECISION_READ) }
            details {
                summary { (words::DECISION_OPEN) }
                pre { code { @for line in text.lines() { (ofrecord_report::visible::text(line)) "\n" } } }
            }
        }
    }

    fn exact(&self, visitor: &Visitor) -> Markup {
        if self.envelope.redacted.is_some() {
            return html! { p { (words::REDACTED) } };
        }
        match &self.bytes {
            // Neither a space nor a sign may come between the tags and the bytes: the script hashes what stands there.
            Some(bytes) => html! {
                p { (words::TAKEN_OUT) }
                pre id="exact" class="exact" { (String::from_utf8_lossy(bytes)) }
            },
            None => taking_out::form(self.entry.position, visitor),
        }
    }
}

/// The entries before and after one in a stream.
fn beside(reader: &Reader, stream: &str, version: u64) -> Result<(Option<u64>, Option<u64>), Problem> {
    let from = version.saturating_sub(1);
    let positions = reader.log().stream_positions(stream, from)?;
    let own = if version == 0 { 0 } else { 1 };
    let before = positions.first().filter(|_| version > 0).copied();
    Ok((before, positions.get(own + 1).copied()))
}

/// A hash as it stands on a page, whole.
fn hash(hash: &Hash) -> Markup {
    html! { code { (hash) } }
}
