//! A ledger that runs over some log under a clock that the test sets, heard one command at a time.

use ofrecord_core::{Cloud, CustomerId, Request, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::{Clock, KnownAt, Ledger, LedgerOptions, ReadFailure, Reader, Receipt, Snapshot, SubmitError};
use ofrecord_log::EventLog;
use ofrecord_views::CustomerRecord;

use crate::generator::Draft;

/// A running ledger with its clock.
#[derive(Debug)]
pub struct Running {
    ledger: Ledger,
    clock: SetClock,
}

impl Running {
    /// Starts a ledger over a log under the rules of a cloud.
    ///
    /// # Errors
    /// What starting the writer gives.
    pub fn over(log: Box<dyn EventLog>, cloud: Cloud) -> Result<Self, SubmitError> {
        let clock = SetClock::at(Timestamp::MIN);
        let options = LedgerOptions { cloud, clock: Clock::Set(clock.clone()), views: None, sealer: None };
        Ok(Self { ledger: Ledger::start(log, options)?, clock })
    }

    /// Hears a command at the instant that it states as its own.
    ///
    /// # Errors
    /// What submitting gives.
    pub fn hear(&self, request: Request) -> Result<Receipt, SubmitError> {
        let at = request.effective_at.unwrap_or_else(|| self.now());
        self.hear_at(request, at)
    }

    /// Hears a command at an instant of recording, or now when that lies in the past.
    ///
    /// # Errors
    /// What submitting gives.
    pub fn hear_at(&self, request: Request, recorded_at: Timestamp) -> Result<Receipt, SubmitError> {
        self.clock.set(self.now().max(recorded_at));
        self.ledger.submit(request)?.wait()
    }

    /// Hears a draft.
    ///
    /// # Errors
    /// What submitting gives.
    pub fn hear_draft(&self, draft: &Draft) -> Result<Receipt, SubmitError> {
        self.hear_at(draft.request.clone(), draft.recorded_at)
    }

    /// The instant at which the clock stands.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.ledger.clock().now()
    }

    /// A reader over what is acknowledged.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.ledger.reader()
    }

    /// A customer's record by what is known.
    ///
    /// # Errors
    /// What reading gives.
    pub fn record(&self, customer: CustomerId, known_at: KnownAt) -> Result<(CustomerRecord, Snapshot), ReadFailure> {
        let reader = self.reader();
        let snapshot = reader.snapshot(known_at)?;
        Ok((reader.customer(customer, &snapshot)?, snapshot))
    }

    /// Stops the writer.
    pub fn close(self) {
        self.ledger.close();
    }
}
