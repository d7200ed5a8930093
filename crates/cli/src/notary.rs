//! Certificates as the program issues them: signed by the ledger's keys, recorded as disclosures, and then written.

use std::path::{Path, PathBuf};

use clap::Args;
use ofrecord_core::CustomerId;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::certificate::{Body, Certified, Kind, RunBody, RunFigures, to_bytes};
use ofrecord_ledger::signing::Signer;
use ofrecord_ledger::{KnownAt, Ledger, Reader, Snapshot};
use ofrecord_log::Hash;

use crate::custody;
use crate::disclosure::{Taken, Taking};
use crate::failure::Failure;
use crate::open;
use crate::session::Session;
use crate::whole_file;
use ofrecord_ledger::known::KnownArgument;

/// That a run is certified, and where that is written.
#[derive(Debug, Args)]
pub(crate) struct Certifying {
    /// Also sign what came of it, and write that to this file, whole or not at all
    #[arg(long, value_name = "FILE")]
    certify: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

impl Certifying {
    /// Certifies a run over the first `size` entries, where that was asked for. The ledger must not be open.
    pub(crate) fn issue(&self, kind: Kind, size: u64, run: RunFigures, session: &Session) -> Result<(), Failure> {
        let Some(path) = &self.certify else { return Ok(()) };
        Notary::with(&self.taking, session, |notary| {
            let reader = notary.reader();
            let basis = reader.snapshot(KnownAt::TreeSize(size))?.basis;
            let body = RunBody::of(kind, &basis, run, reader.log().as_ref(), &session.bar("certifying"))?;
            notary.issue(body, None, Some(path)).map(|_| ())
        })
    }
}

/// A ledger that is open for writing, with its keys.
pub(crate) struct Notary<'a> {
    ledger: &'a Ledger,
    signer: Signer,
    taking: &'a Taking,
    session: &'a Session,
}

impl<'a> Notary<'a> {
    /// Over a ledger that is open; has the log name the key where it names none yet.
    pub(crate) fn over(ledger: &'a Ledger, taking: &'a Taking, session: &'a Session) -> Result<Self, Failure> {
        Self::signing(custody::signer(session)?, ledger, taking, session)
    }

    fn signing(signer: Signer, ledger: &'a Ledger, taking: &'a Taking, session: &'a Session) -> Result<Self, Failure> {
        custody::name_first_key(ledger, &signer, &taking.person.operator())?;
        Ok(Self { ledger, signer, taking, session })
    }

    /// Calls `work` with an open ledger and closes it, whatever comes of it.
    pub(crate) fn with<T>(
        taking: &Taking,
        session: &Session,
        work: impl FnOnce(&mut Notary<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        // Without keys the ledger need not be opened.
        let signer = custody::signer(session)?;
        let ledger = open::ledger(session)?;
        let outcome = Notary::signing(signer, &ledger, taking, session).and_then(|mut notary| work(&mut notary));
        open::close(ledger, session);
        outcome
    }

    /// A reader by the log alone: nothing is certified by what is derived.
    pub(crate) fn reader(&self) -> Reader {
        self.ledger.reader().without_views()
    }

    /// What is known, as the arguments say.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, Failure> {
        let known_at = self.session.global.known_at.map_or(KnownAt::Now, KnownArgument::known_at);
        Ok(self.reader().snapshot(known_at)?)
    }

    /// Signs a body, records that it leaves, and writes it.
    pub(crate) fn issue<B: Body>(
        &mut self,
        body: B,
        customer: Option<CustomerId>,
        output: Option<&Path>,
    ) -> Result<Certified<B>, Failure> {
        let tree_size = body.basis().tree_size;
        // Only what a checkpoint covers is certified, so that the signer's memory vouches for both.
        if self.signer.signed().size < tree_size {
            drop(custody::sign(self.ledger, &mut self.signer, self.session)?);
        }
        let reader = self.reader();
        let allowed = custody::custody(&reader)?.signing_keys().cloned().collect();
        let certified = Certified::of(body, &self.signer, reader.log().as_ref(), &allowed)?;
        let bytes = to_bytes(&certified);
        let digest = Some(Hash::of(&bytes));
        let taken = Taken { kind: DisclosureKind::Certificate, customer, tree_size, as_of: None, digest };
        self.taking.record(self.ledger, taken)?;
        whole_file::write_or_print(output, &bytes, self.session)?;
        Ok(certified)
    }
}
