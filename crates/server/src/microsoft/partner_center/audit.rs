//! Audit records, as Partner Center answers at `/auditrecords`, without its limits of 30 and 90 days.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use ofrecord_core::{CustomerId, Entry, Evidence, SourceSystem, StreamId, Timestamp};
use ofrecord_interop::write::{self, AuditRecord, Shape};
use ofrecord_ledger::codec::{DecodeError, decode_envelope};
use ofrecord_ledger::{KnownAt, ReadFailure};
use ofrecord_log::entry::Envelope;
use ofrecord_views::{CustomerRecord, EntryRow};

use super::filter::{Compared, Filter};
use crate::asked::Asked;
use crate::microsoft::paging::{self, Page};
use crate::microsoft::standpoint::Standpoint;
use crate::problem::Problem;
use crate::reply::Reply;

/// Entries that are read for one page, at most.
const READ_MAX: u64 = 20_000;
/// What records are looked for by.
const FIELDS: &[Compared] = &[
    Compared::text("CompanyName", "customerName"),
    Compared::word("CustomerId", "customerId"),
    Compared::word("ResourceType", "resourceType"),
];

/// The records, in the order in which they were recorded, page by page.
pub(in crate::microsoft) fn records(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let page: Page<u64> = Page::of(asked)?;
    let filter = Filter::of(asked, FIELDS)?;
    let (from, to): (Option<Timestamp>, Option<Timestamp>) = (asked.read("startDate")?, asked.read("endDate")?);
    if from.is_none() && !filter.is_some() {
        return Err(Problem::malformed("startDate", &"either this or `filter` is needed"));
    }
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Err(Problem::malformed("endDate", &"lies before `startDate`"));
    }
    let size = standpoint.snapshot.basis.tree_size;
    let begin = match (page.after, from) {
        (Some(after), _) => after.saturating_add(1),
        // Nothing is recorded before it is done.
        (None, Some(from)) => recorded_before(standpoint, from)?,
        (None, None) => 0,
    };
    let mut reading = Reading { standpoint, from, to, filter, seen: BTreeMap::new(), items: Vec::new() };
    let end = reading.read(begin, begin.saturating_add(READ_MAX).min(size), page.size)?;
    let last = (end < size).then(|| end.saturating_sub(1).to_string());
    Ok(paging::answer(standpoint, "/auditrecords", reading.items, last))
}

/// How many entries were recorded before an instant.
fn recorded_before(standpoint: &Standpoint<'_>, at: Timestamp) -> Result<u64, Problem> {
    let before = at.ticks().checked_sub(1).and_then(Timestamp::from_ticks).unwrap_or(Timestamp::MIN);
    let snapshot = standpoint.reader.snapshot(KnownAt::Instant(before))?;
    Ok(snapshot.basis.tree_size)
}

struct Reading<'a> {
    standpoint: &'a Standpoint<'a>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    filter: Filter,
    /// What is seen of customers, read once each.
    seen: BTreeMap<CustomerId, Option<CustomerRecord>>,
    items: Vec<Shape>,
}

impl Reading<'_> {
    /// Reads entries until there are enough records, and gives the position behind the last one that was read.
    fn read(&mut self, begin: u64, end: u64, size: usize) -> Result<u64, Problem> {
        let reader = self.standpoint.reader;
        let (mut reached, mut ended) = (begin.min(end), Ok(()));
        if begin >= end {
            return Ok(reached);
        }
        reader.log().scan(begin, end, &mut |position, bytes| {
            ended = self.take(bytes);
            reached = position.saturating_add(1);
            if ended.is_ok() && self.items.len() < size { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        ended.map(|()| reached)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let envelope = Envelope::parse_canonical(bytes).map_err(|error| ReadFailure::from(DecodeError::from(error)))?;
        let mut entry = decode_envelope(&envelope).map_err(ReadFailure::from)?;
        let stream = envelope.streams.first().and_then(|link| link.stream.parse().ok());
        self.standpoint.reader.names().into_iter().for_each(|names| names.entry(&mut entry));
        let acting = entry.decision.actor.partner();
        if self.standpoint.partner.is_some() && acting.is_some() && acting != self.standpoint.partner {
            // Whom another partner had ask is not told.
            entry.decision.actor.user = None;
        }
        let mut records = write::audit_records(&entry, &self.standpoint.snapshot.basis.origin);
        records.retain(|record| self.is_wanted(record));
        if records.is_empty() || !self.is_seen(&entry, stream)? {
            return Ok(());
        }
        for record in records {
            if self.is_first(&entry, stream, &record)? {
                self.items.push(record.shape);
            }
        }
        Ok(())
    }

    fn is_wanted(&self, record: &AuditRecord) -> bool {
        let since = self.from.is_none_or(|from| from <= record.at);
        let until = self.to.is_none_or(|to| record.at <= to) && record.at <= self.standpoint.as_of;
        let of_partner = self.standpoint.partner.is_none_or(|partner| record.partners.contains(&partner));
        since && until && of_partner && self.filter.holds(&record.shape)
    }

    /// Whether the whole entry is seen: a record tells of all of it.
    fn is_seen(&mut self, entry: &Entry, stream: Option<StreamId>) -> Result<bool, Problem> {
        let (partner, only) = (self.standpoint.partner, self.standpoint.only);
        let Some(customer) = entry.decision.customer else {
            let is_its = partner.is_none_or(|partner| stream == Some(StreamId::Partner(partner)));
            return Ok(only.is_none() && is_its && (partner.is_none() || !entry.decision.is_redacted()));
        };
        if only.is_some_and(|only| only != customer) {
            return Ok(false);
        }
        if partner.is_none() {
            return Ok(true);
        }
        let Some(share) = self.customer(customer)? else { return Ok(false) };
        let Some(row) = share.entry(entry.position) else { return Ok(false) };
        let told = share.facts().filter(|fact| fact.at.position == entry.position);
        Ok(told.count() == row.events.len())
    }

    /// Whether the record is told by no entry before: several may rest on one record of the source.
    fn is_first(&mut self, entry: &Entry, stream: Option<StreamId>, record: &AuditRecord) -> Result<bool, Problem> {
        let Some(id) = record.source_record.as_deref() else { return Ok(true) };
        let first = match (entry.decision.customer, stream) {
            (Some(customer), _) => self.customer(customer)?.and_then(|record| first_with(record.entries(), id)),
            (None, Some(StreamId::Partner(partner))) => {
                let account = self.standpoint.reader.partner(partner, &self.standpoint.snapshot)?;
                first_with(account.entries(), id)
            }
            (None, Some(StreamId::Customer(_) | StreamId::Ledger) | None) => None,
        };
        Ok(first.is_none_or(|first| first == entry.position))
    }

    fn customer(&mut self, customer: CustomerId) -> Result<Option<&CustomerRecord>, Problem> {
        let record = match self.seen.remove(&customer) {
            Some(record) => record,
            None => self.standpoint.record_if_any(customer)?,
        };
        Ok(self.seen.entry(customer).or_insert(record).as_ref())
    }
}

/// The first entry that rests on a record of the source.
fn first_with(rows: &[EntryRow], id: &str) -> Option<u64> {
    let is_its = |evidence: &Evidence| evidence.source == SourceSystem::PartnerCenterAudit && evidence.record_id == id;
    rows.iter().find(|row| row.evidence.iter().any(is_its)).map(|row| row.position)
}
