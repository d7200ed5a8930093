//! The entries of a pack, and the records and keys that are folded from them and from nothing else.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::command::agreement::Sealed;
use ofrecord_core::{CustomerId, Entry, Event, PartnerTenantId, StreamId};
use ofrecord_log::entry::Envelope;
use ofrecord_proof::note::VerifierKey;
use ofrecord_views::{CustomerRecord, EntryRow, LedgerRecord, PartnerRecord};

use crate::codec::{DecodeError, decode_envelope};

/// An entry with its bytes.
#[derive(Debug, Clone)]
pub(super) struct Bundled {
    pub(super) bytes: Vec<u8>,
    pub(super) envelope: Envelope,
    pub(super) entry: Entry,
}

/// Entries by their positions.
pub(super) type Bundle = BTreeMap<u64, Bundled>;

impl Bundled {
    pub(super) fn of(bytes: Vec<u8>) -> Result<Self, DecodeError> {
        let envelope = Envelope::parse_canonical(&bytes)?;
        let entry = decode_envelope(&envelope)?;
        Ok(Self { bytes, envelope, entry })
    }

    pub(super) fn is_of(&self, stream: StreamId) -> bool {
        let name = stream.to_string();
        self.envelope.streams.iter().any(|link| link.stream == name)
    }

    /// Whether it says who a partner is, and speaks of no customer: another customer's entries concern nobody here.
    pub(super) fn is_on_account(&self) -> bool {
        let says = |event: &Event| {
            matches!(
                event,
                Event::PartnerRegistered(_)
                    | Event::PartnerUpdated(_)
                    | Event::PartnerObserved(_)
                    | Event::EventCorrected(_)
            )
        };
        self.entry.decision.customer.is_none() && self.entry.decision.events().iter().any(says)
    }

    /// Whether it says which keys sign for the ledger, and under which origin.
    pub(super) fn is_on_keys(&self) -> bool {
        let says = |event: &Event| {
            matches!(event, Event::CheckpointKeyAdded(_) | Event::CheckpointKeyRetired(_) | Event::EpochStarted(_))
        };
        self.is_of(StreamId::Ledger) && self.entry.decision.events().iter().any(says)
    }

    /// The sealed contacts in it.
    pub(super) fn sealed(&self) -> impl Iterator<Item = &Sealed> {
        self.entry.decision.events().iter().filter_map(|event| {
            let Event::CustomerAgreementConfirmed(event) = event else { return None };
            event.primary_contact.as_ref()?.sealed.as_ref()
        })
    }
}

/// One entry a line.
pub(super) fn lines<'a>(entries: impl IntoIterator<Item = &'a Bundled>) -> Vec<u8> {
    entries.into_iter().flat_map(|entry| [&entry.bytes[..], b"\n"].concat()).collect()
}

/// A customer's record, out of the customer's entries among these.
pub(super) fn customer_record(bundle: &Bundle, customer: CustomerId) -> CustomerRecord {
    let mut record = CustomerRecord::new(customer);
    let stream = StreamId::Customer(customer);
    bundle.values().filter(|one| one.is_of(stream)).for_each(|one| record.take(&one.entry));
    record
}

/// The records of the partners that a customer's record names below a size, out of the entries among these.
pub(super) fn partner_records(bundle: &Bundle, partners: BTreeSet<PartnerTenantId>) -> Vec<PartnerRecord> {
    partners.into_iter().map(|partner| partner_record(bundle, partner)).collect()
}

/// A partner's record, out of the partner's entries among these.
pub(super) fn partner_record(bundle: &Bundle, partner: PartnerTenantId) -> PartnerRecord {
    let mut record = PartnerRecord::new(partner);
    let stream = StreamId::Partner(partner);
    bundle.values().filter(|one| one.is_of(stream)).for_each(|one| record.take(&one.entry));
    record
}

/// The customers that a partner's entries name below a size.
pub(super) fn customers_named(bundle: &Bundle, partner: PartnerTenantId, known_below: u64) -> BTreeSet<CustomerId> {
    let stream = StreamId::Partner(partner);
    let known = bundle.range(..known_below).map(|(_, one)| one).filter(|one| one.is_of(stream));
    known.filter_map(|one| one.entry.decision.customer).collect()
}

/// The partners that a customer's record names below a size.
pub(super) fn partners_named(record: &CustomerRecord, known_below: u64) -> BTreeSet<PartnerTenantId> {
    let known = record.entries().iter().filter(|row| row.position < known_below);
    known.flat_map(|row| row.partners.iter().copied()).collect()
}

/// The keys that these entries name, also those that sign no more.
pub(super) fn named_keys(keys: &Bundle) -> impl Iterator<Item = VerifierKey> {
    keys.values().flat_map(|one| one.entry.decision.events()).filter_map(|event| {
        let Event::CheckpointKeyAdded(added) = event else { return None };
        added.key.as_str().parse().ok()
    })
}

/// The keys that sign under an origin after what these entries say.
pub(super) fn signing_keys(keys: &Bundle, origin: &str) -> Vec<VerifierKey> {
    let mut record = LedgerRecord::new(());
    keys.values().for_each(|one| record.take_row(EntryRow::of(&one.entry)));
    let signing = record.latest().signing_keys().filter_map(|key| key.as_str().parse().ok());
    signing.filter(|key: &VerifierKey| key.name().as_str() == origin).collect()
}

/// The policy that believes these keys: one log, and nobody has to have cosigned.
pub(super) fn policy(keys: &[VerifierKey]) -> String {
    let logs: String = keys.iter().map(|key| format!("log {key}\n")).collect();
    format!("{logs}quorum none\n")
}
