//! What is written of the log: audit records, in the order in which they were recorded.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use clap::Args;
use ofrecord_core::{CustomerId, Entry, StreamId, Timestamp};
use ofrecord_interop::write::{self, AuditRecord, Collection};
use ofrecord_ledger::ReadFailure;
use ofrecord_ledger::codec::decode;
use uuid::Uuid;

use super::Asked;
use super::document::{Document, Items};
use crate::failure::Failure;

/// Entries between two looks at the progress and at Ctrl-C.
const LOOK_EVERY: u64 = 1_024;

/// Which audit records.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only what was done from this instant on
    #[arg(long, value_name = "TIME")]
    pub(super) from: Option<Timestamp>,
    /// Only what was done before this instant
    #[arg(long, value_name = "TIME")]
    pub(super) to: Option<Timestamp>,
    /// Only what concerns this customer
    #[arg(long, value_name = "CUSTOMER")]
    pub(super) customer: Option<CustomerId>,
}

/// Writes the records.
pub(super) fn records(asked: &Asked<'_>, which: &Which, document: &mut Document<'_>) -> Result<u64, Failure> {
    let of_customer = which.customer.map(|customer| positions_of(asked, customer)).transpose()?;
    let items = document.begin(Collection::at("/auditrecords"))?;
    let mut records = Records { asked, which, told: BTreeSet::new(), items };
    match of_customer {
        Some(positions) => {
            for position in positions {
                records.take(&asked.inquiry.reader.entry(position)?)?;
            }
        }
        None => records.of_log()?,
    }
    records.items.end()
}

/// The positions of a customer's entries below the snapshot.
fn positions_of(asked: &Asked<'_>, customer: CustomerId) -> Result<Vec<u64>, Failure> {
    let (reader, size) = (&asked.inquiry.reader, asked.inquiry.snapshot.basis.tree_size);
    let stream = StreamId::Customer(customer).to_string();
    let mut positions = reader.log().stream_positions(&stream, 0).map_err(ReadFailure::Log)?;
    positions.retain(|position| *position < size);
    if positions.is_empty() {
        return Err(ReadFailure::NotFound { stream, size }.into());
    }
    Ok(positions)
}

struct Records<'q, 'd, 'a> {
    asked: &'q Asked<'q>,
    which: &'q Which,
    /// The source's records that are written already, each by a digest of its id: several entries may rest on one.
    told: BTreeSet<Uuid>,
    items: Items<'d, 'a>,
}

impl Records<'_, '_, '_> {
    fn of_log(&mut self) -> Result<(), Failure> {
        let (log, size) = (self.asked.inquiry.reader.log(), self.asked.inquiry.snapshot.basis.tree_size);
        let names = self.asked.inquiry.reader.names();
        let bar = self.asked.session.bar("reading");
        let mut ended = Ok(());
        log.scan(0, size, &mut |position, bytes| {
            if position.is_multiple_of(LOOK_EVERY) {
                bar.at(position, size);
                if bar.is_stopped() {
                    ended = Err(Failure::Stopped);
                    return ControlFlow::Break(());
                }
            }
            let decoded = decode(bytes).map_err(|error| Failure::Read(error.into()));
            ended = decoded.and_then(|mut entry| {
                names.iter().for_each(|names| names.entry(&mut entry));
                self.take(&entry)
            });
            if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        ended
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Failure> {
        let origin = &self.asked.inquiry.snapshot.basis.origin;
        for record in write::audit_records(entry, origin) {
            if self.is_wanted(&record) && self.is_new(&record) {
                self.items.item(&record.shape)?;
            }
        }
        Ok(())
    }

    fn is_wanted(&self, record: &AuditRecord) -> bool {
        let since = self.which.from.is_none_or(|from| from <= record.at);
        let until = self.which.to.is_none_or(|to| record.at < to) && record.at <= self.asked.inquiry.as_of;
        since && until && self.asked.partner.is_none_or(|partner| record.partners.contains(&partner))
    }

    fn is_new(&mut self, record: &AuditRecord) -> bool {
        let source_record = record.source_record.as_ref();
        source_record.is_none_or(|id| self.told.insert(Uuid::new_v5(&Uuid::nil(), id.as_bytes())))
    }
}
