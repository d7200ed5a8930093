//! Writes down what one record states, with its evidence, and what is wrong with it.

use std::collections::BTreeSet;

use ofrecord_core::event::ledger::{KeptBecause, SourceRecordKept, UnrecognisedWord};
use ofrecord_core::event::partner::PartnerObserved;
use ofrecord_core::{
    AuditHeader, Completeness, CustomerId, Event, Evidence, GdapRelationshipId, PartnerTenantId, SourceSystem,
    StreamId, Timestamp,
};
use sha2::{Digest, Sha256};

use crate::context::Context;
use crate::identity::CONTENT_ID;
use crate::json::Json;
use crate::reading::{Problem, Severity, Statement};
use crate::uri;

/// Largest record that is kept whole beside what it says; a larger one is known by its hash.
const RAW_BYTES_MAX: usize = 4 * 1024;
/// Most bytes of events in one statement: a log entry holds them twice, in the
/// command and in the outcome, and is at most 64 KiB.
const STATEMENT_BYTES_MAX: usize = 24 * 1024;
/// Longest source record id that is taken over.
const RECORD_ID_BYTES_MAX: usize = 512;
/// Longest word of a source that is kept verbatim.
const WORD_BYTES_MAX: usize = 256;

/// One record's statements and problems in the making.
pub(crate) struct Scribe<'a> {
    file: &'a str,
    context: &'a Context,
    record: u64,
    line: u64,
    raw: &'a str,
    keeps_raw: bool,
    header: Option<String>,
    evidence: Evidence,
    actor: Option<String>,
    operation: String,
    words: Vec<UnrecognisedWord>,
    customers_wanted: BTreeSet<GdapRelationshipId>,
    statements: Vec<Statement>,
    problems: Vec<Problem>,
}

/// What was made of one record.
pub(crate) struct Written {
    pub(crate) statements: Vec<Statement>,
    pub(crate) problems: Vec<Problem>,
    /// Granular relationships whose customer neither the record nor another file says.
    pub(crate) customers_wanted: BTreeSet<GdapRelationshipId>,
}

impl<'a> Scribe<'a> {
    pub(crate) fn new(file: &'a str, context: &'a Context, record: u64, line: u64, raw: &'a str, body: &Json) -> Self {
        let raw_hash = hex::encode(Sha256::digest(raw.as_bytes()));
        let evidence = Evidence {
            source: SourceSystem::PartnerCenterRest,
            record_id: format!("{CONTENT_ID}{raw_hash}"),
            raw_hash,
            fetched_at: context.fetched_at,
            completeness: Completeness::Full,
            audit: None,
        };
        Self {
            file,
            context,
            record,
            line,
            raw,
            keeps_raw: raw.len() <= RAW_BYTES_MAX && !body.holds_credential(),
            header: None,
            evidence,
            actor: None,
            operation: String::new(),
            words: Vec::new(),
            customers_wanted: BTreeSet::new(),
            statements: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// What was made of the record. A word that is not published and found its
    /// way into no fact is kept beside the facts, so that it is never lost (rule L-8).
    pub(crate) fn finish(mut self) -> Written {
        let lost = |word: &UnrecognisedWord| {
            let mut facts = self.statements.iter().flat_map(|statement| &statement.events);
            !facts.any(|fact| serde_json::to_string(fact).is_ok_and(|text| text.contains(&quoted(&word.word))))
        };
        if self.words.iter().any(lost)
            && let Some(last) = self.statements.last()
        {
            let (stream, at) = (last.stream, last.effective_at);
            let kept = self.kept(&self.operation, KeptBecause::Unrecognised, None);
            self.write(stream, at, vec![kept]);
        }
        let Self { statements, problems, customers_wanted, .. } = self;
        Written { statements, problems, customers_wanted }
    }

    /// The header of the table that the record is a row of: without it a row that is kept could not be read again.
    pub(crate) fn header(&mut self, header: Option<&str>) {
        self.header = header.map(|header| cut(header, WORD_BYTES_MAX * 4).to_owned());
    }

    /// Whether the record comes from a file that a portal or a tool exported, with dates as .NET writes them.
    pub(crate) fn is_export(&self) -> bool {
        self.evidence.source == SourceSystem::PortalExport
    }

    /// The source's word for what the record is about.
    pub(crate) fn operation(&mut self, word: &str) {
        cut(word, WORD_BYTES_MAX).clone_into(&mut self.operation);
    }

    /// What the operator says.
    pub(crate) fn context(&self) -> &'a Context {
        self.context
    }

    /// The file's name as given.
    pub(crate) fn file(&self) -> &'a str {
        self.file
    }

    /// Names the system the record comes from.
    pub(crate) fn source(&mut self, source: SourceSystem, completeness: Completeness) {
        self.evidence.source = source;
        self.evidence.completeness = completeness;
    }

    /// Takes over the source's own id of the record; one that is too long leaves the content's hash.
    pub(crate) fn record_id(&mut self, id: &str) {
        if id.is_empty() || id.len() > RECORD_ID_BYTES_MAX || id.chars().any(char::is_control) {
            self.note("id", "the record's id is not usable as one; the record is known by its content");
        } else {
            id.clone_into(&mut self.evidence.record_id);
        }
    }

    /// What an audit record says of itself; it goes with every fact of the record, and with the record itself only
    /// where that is not kept whole.
    pub(crate) fn audit(&mut self, header: AuditHeader) {
        self.evidence.audit = Some(Box::new(header));
    }

    /// Who acted, as the source says.
    pub(crate) fn actor(&mut self, actor: Option<&str>) {
        self.actor = actor.map(str::to_owned);
    }

    /// The named part of the record, or all of it, was not read.
    pub(crate) fn bad(&mut self, field: &str, message: impl Into<String>) {
        self.problem(Severity::Bad, Some(field), message.into());
    }

    /// Worth knowing; nothing is lost.
    pub(crate) fn note(&mut self, field: &str, message: impl Into<String>) {
        self.problem(Severity::Note, Some(field), message.into());
    }

    /// A problem of the record as a whole.
    pub(crate) fn whole(&mut self, severity: Severity, message: impl Into<String>) {
        self.problem(severity, None, message.into());
    }

    /// A word that is not published: reported, and remembered for a record that is kept.
    pub(crate) fn unrecognised(&mut self, field: &str, word: &str) {
        let word = cut(word, WORD_BYTES_MAX);
        self.problem(
            Severity::Unrecognised,
            Some(field),
            format!("`{word}` is not a published value; it is kept verbatim"),
        );
        self.words.push(UnrecognisedWord { field: field.to_owned(), word: word.to_owned() });
    }

    fn problem(&mut self, severity: Severity, field: Option<&str>, message: String) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            record: Some(self.record),
            line: Some(self.line),
            field: field.map(str::to_owned),
            severity,
            message,
        });
    }

    /// States facts with an instant of their own, whenever they were fetched.
    pub(crate) fn state(&mut self, stream: StreamId, at: Timestamp, events: Vec<Event>) {
        self.write(stream, Some(at), events);
    }

    /// States facts that were so when the source was read: at the instant the operator gives, if any.
    pub(crate) fn state_seen(&mut self, stream: StreamId, events: Vec<Event>) {
        self.write(stream, self.context.fetched_at, events);
    }

    /// Keeps the record itself, with every word of it that nobody knows.
    pub(crate) fn kept(&self, operation: &str, because: KeptBecause, summary: Option<String>) -> Event {
        Event::SourceRecordKept(SourceRecordKept {
            operation: cut(operation, WORD_BYTES_MAX).to_owned(),
            because,
            unrecognised: self.words.clone(),
            summary: match (summary, &self.header) {
                (Some(summary), Some(header)) => Some(format!("{summary}; columns {header}")),
                (None, Some(header)) => Some(format!("columns {header}")),
                (summary, None) => summary,
            },
            raw: self.keeps_raw.then(|| self.raw.to_owned()),
        })
    }

    /// The stream of a record that names a customer, or else a partner: the record's word first, then the operator's.
    pub(crate) fn stream_of(&self, customer: Option<CustomerId>, partner: Option<PartnerTenantId>) -> Option<StreamId> {
        let customer = customer.or_else(|| partner.is_none().then_some(self.context.customer).flatten());
        customer.map(StreamId::Customer).or(partner.or(self.context.partner).map(StreamId::Partner))
    }

    /// The partner whose account was read. Without one the fact cannot be told of anybody.
    pub(crate) fn partner_or_bad(&mut self, what: &str) -> Option<PartnerTenantId> {
        let partner = self.context.partner;
        if partner.is_none() {
            self.whole(Severity::Bad, format!("{what} does not name the partner, so it was not read; pass --partner"));
        }
        partner
    }

    /// The granular relationship that a record stands below: what the record and its collection say first, then the
    /// file's path, then the operator. Without one it cannot be read.
    pub(crate) fn relationship_or_bad<'b>(
        &mut self,
        what: &str,
        mut said: impl Iterator<Item = &'b str>,
    ) -> Option<GdapRelationshipId> {
        let said = said.find_map(uri::granular_relationship);
        let of_file = said.or_else(|| uri::granular_relationship(self.file));
        let given = self.context.relationship.as_ref();
        if let (Some(said), Some(given)) = (&of_file, given)
            && said != given
        {
            self.note(
                "@odata.context",
                "the file names another relationship than the one given; the file's word counts",
            );
        }
        let found = of_file.or_else(|| given.cloned());
        if found.is_none() {
            self.whole(
                Severity::Bad,
                format!(
                    "{what} does not name its granular relationship, so it was not read; pass --relationship, or name \
                     the file by the relationship's id"
                ),
            );
        }
        found
    }

    /// The customer that a granular relationship is with: the record's word first, then what other files say, then
    /// the operator's.
    pub(crate) fn customer_of(
        &mut self,
        relationship: &GdapRelationshipId,
        own: Option<CustomerId>,
    ) -> Option<CustomerId> {
        let said = own.or_else(|| self.context.customers_of.get(relationship).copied());
        if said.is_none() {
            self.customers_wanted.insert(relationship.clone());
        }
        if let (Some(said), Some(given)) = (said, self.context.customer)
            && said != given
        {
            self.note("id", "the relationship is with another customer than the one given; what the files say counts");
        }
        said.or(self.context.customer)
    }

    fn write(&mut self, stream: StreamId, at: Option<Timestamp>, events: Vec<Event>) {
        for events in self.portions(stream, events) {
            let part = u32::try_from(self.statements.len()).unwrap_or(u32::MAX);
            let whole = events.iter().any(|event| matches!(event, Event::SourceRecordKept(kept) if kept.raw.is_some()));
            let audit = self.evidence.audit.clone().filter(|_| !whole);
            self.statements.push(Statement {
                stream,
                effective_at: at,
                events,
                evidence: Evidence { audit, ..self.evidence.clone() },
                actor: self.actor.clone(),
                record_index: self.record,
                part,
            });
        }
    }

    /// Splits facts so that each statement fits one log entry.
    fn portions(&mut self, stream: StreamId, events: Vec<Event>) -> Vec<Vec<Event>> {
        let mut portions = Vec::new();
        let mut portion = Vec::new();
        let mut bytes = 0;
        for event in events {
            let size = bytes_of(&event);
            let (event, size) = if size <= STATEMENT_BYTES_MAX {
                (event, size)
            } else {
                let event = self.too_large(&event);
                let size = bytes_of(&event);
                (event, size)
            };
            if bytes + size > STATEMENT_BYTES_MAX {
                portions.push(std::mem::take(&mut portion));
                bytes = 0;
            }
            bytes += size;
            portion.push(event);
        }
        if !portion.is_empty() {
            portions.push(portion);
        }
        portions.into_iter().map(|portion| named(stream, portion)).collect()
    }

    fn too_large(&mut self, event: &Event) -> Event {
        let message = format!("{} is too large for a log entry; only its hash is kept", event.name());
        self.whole(Severity::Bad, message.clone());
        Event::SourceRecordKept(SourceRecordKept {
            operation: event.name().to_owned(),
            because: KeptBecause::ContentMissing,
            unrecognised: Vec::new(),
            summary: Some(message),
            raw: None,
        })
    }
}

/// A kept record does not name the partner whose stream it belongs to, so an
/// observation of the partner goes with it: the record does show that account.
fn named(stream: StreamId, mut events: Vec<Event>) -> Vec<Event> {
    let StreamId::Partner(partner) = stream else { return events };
    if events.iter().all(|event| matches!(event, Event::SourceRecordKept(_))) {
        let seen = PartnerObserved {
            partner,
            name: None,
            partner_id: None,
            agreement_signed: None,
            indirect_reseller_enrolment: None,
        };
        events.insert(0, Event::PartnerObserved(seen));
    }
    events
}

/// A text as it stands in JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn bytes_of(event: &Event) -> usize {
    serde_json::to_string(event).map_or(usize::MAX, |text| text.len())
}

/// The start of a text, cut between characters.
fn cut(text: &str, bytes_max: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes_max)).unwrap_or(text)
}
