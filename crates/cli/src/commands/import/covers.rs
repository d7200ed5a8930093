//! What the operator says about the files as a whole: that they hold everything the source had for a period (rule L-11).

use std::collections::BTreeSet;

use ofrecord_core::command::ledger::RecordObservation;
use ofrecord_core::event::ledger::SourceCoverageRecorded;
use ofrecord_core::event::partner::PartnerObserved;
use ofrecord_core::{
    Actor, Command, CommandId, Completeness, Event, Evidence, PartnerTenantId, Request, SourceSystem, Timestamp,
};
use ofrecord_interop::{Reading, days_kept};
use ofrecord_log::Hash;
use uuid::Uuid;

/// The namespace of the command ids of coverage statements. It must never change.
const COVERAGE: Uuid = Uuid::from_u128(0x6f66_7265_636f_5264_a1d0_636f_7665_7273);

/// A period that the files cover, for one partner's account.
pub(super) struct Covers {
    partner: PartnerTenantId,
    from: Timestamp,
    to: Timestamp,
    sources: BTreeSet<SourceSystem>,
    files: Vec<Hash>,
}

impl Covers {
    pub(super) fn new(partner: PartnerTenantId, from: Timestamp, to: Timestamp) -> Self {
        Self { partner, from, to, sources: BTreeSet::new(), files: Vec::new() }
    }

    /// Takes note of a file's bytes and of the sources that its records name.
    pub(super) fn file(&mut self, bytes: &[u8], reading: &Reading) {
        self.files.push(Hash::of(bytes));
        self.sources.extend(reading.statements.iter().map(|statement| statement.evidence.source.clone()));
    }

    /// What is doubtful of the period: a source that keeps records for so many days cannot have had older ones when
    /// the files were fetched.
    pub(super) fn doubts(&self, fetched_at: Option<Timestamp>) -> Vec<String> {
        let Some(fetched_at) = fetched_at else { return Vec::new() };
        let kept = self.sources.iter().filter_map(|source| Some((source, days_kept(source)?)));
        kept.filter(|(_, days)| self.from < fetched_at.plus_days(-days))
            .map(|(source, days)| {
                format!(
                    "{source} keeps records for {days} days, so what was fetched at {fetched_at} goes back to {} and not \
                     to {}; the period is recorded as you say it",
                    fetched_at.plus_days(-days),
                    self.from
                )
            })
            .collect()
    }

    /// One statement for each source that the files hold records of. The same files for the same period are the
    /// same statement.
    pub(super) fn requests(&self, importer: &Actor) -> Vec<Request> {
        let all: Vec<u8> = self.files.iter().flat_map(|hash| hash.to_string().into_bytes()).collect();
        let raw_hash = Hash::of(&all).to_string();
        self.sources.iter().map(|source| self.request(source, &raw_hash, importer)).collect()
    }

    fn request(&self, source: &SourceSystem, raw_hash: &str, importer: &Actor) -> Request {
        let record_id = format!("coverage:{}/{}/{raw_hash}", self.from, self.to);
        let name = format!("{}\n{source}\n{record_id}", self.partner);
        let covered = SourceCoverageRecorded { source: source.clone(), from: self.from, to: self.to };
        // A statement about a source belongs to the account it was read with, and must name it.
        let account = PartnerObserved {
            partner: self.partner,
            name: None,
            partner_id: None,
            agreement_signed: None,
            indirect_reseller_enrolment: None,
        };
        Request {
            command_id: CommandId::new(Uuid::new_v5(&COVERAGE, name.as_bytes())),
            actor: importer.clone(),
            customer: None,
            effective_at: Some(self.from),
            expected_version: None,
            evidence: vec![Evidence {
                source: source.clone(),
                record_id,
                raw_hash: raw_hash.to_owned(),
                fetched_at: None,
                completeness: Completeness::HeaderOnly,
                audit: None,
            }],
            command: Command::RecordObservation(RecordObservation {
                events: vec![Event::PartnerObserved(account), Event::SourceCoverageRecorded(covered)],
            })
            .into(),
        }
    }
}
