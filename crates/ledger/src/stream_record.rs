//! The record of a stream of whichever kind, where all streams are gone through alike.

use ofrecord_core::StreamId;
use ofrecord_views::{
    CustomerRecord, EntryRow, LedgerRecord, PartnerRecord, present_bytes, present_ledger_bytes, present_partner_bytes,
};

/// The record of one stream.
#[derive(Debug, Clone)]
pub enum StreamRecord {
    /// That of a customer.
    Customer(Box<CustomerRecord>),
    /// That of a partner.
    Partner(Box<PartnerRecord>),
    /// The ledger's own.
    Ledger(Box<LedgerRecord>),
}

impl StreamRecord {
    /// A record of which nothing is known.
    #[must_use]
    pub fn new(stream: StreamId) -> Self {
        match stream {
            StreamId::Customer(id) => Self::Customer(Box::new(CustomerRecord::new(id))),
            StreamId::Partner(id) => Self::Partner(Box::new(PartnerRecord::new(id))),
            StreamId::Ledger => Self::Ledger(Box::new(LedgerRecord::new(()))),
        }
    }

    /// Takes in an entry from its digest.
    pub fn take_row(&mut self, row: EntryRow) {
        match self {
            Self::Customer(record) => record.take_row(row),
            Self::Partner(record) => record.take_row(row),
            Self::Ledger(record) => record.take_row(row),
        }
    }

    /// The same record as it was known at a tree size.
    #[must_use]
    pub fn below(&self, known_below: u64) -> Self {
        match self {
            Self::Customer(record) => Self::Customer(Box::new(record.below(known_below))),
            Self::Partner(record) => Self::Partner(Box::new(record.below(known_below))),
            Self::Ledger(record) => Self::Ledger(Box::new(record.below(known_below))),
        }
    }

    /// Whose record it is.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        match self {
            Self::Customer(record) => StreamId::Customer(record.id()),
            Self::Partner(record) => StreamId::Partner(record.id()),
            Self::Ledger(_) => StreamId::Ledger,
        }
    }

    /// The entries, by position.
    #[must_use]
    pub fn entries(&self) -> &[EntryRow] {
        match self {
            Self::Customer(record) => record.entries(),
            Self::Partner(record) => record.entries(),
            Self::Ledger(record) => record.entries(),
        }
    }

    /// The present view after every entry taken in.
    #[must_use]
    pub fn present_bytes(&self) -> Vec<u8> {
        match self {
            Self::Customer(record) => present_bytes(record),
            Self::Partner(record) => present_partner_bytes(record),
            Self::Ledger(record) => present_ledger_bytes(record),
        }
    }
}
