//! A bounded number of commands on their way at once, for those who only want the receipts in order.

use std::collections::VecDeque;

use ofrecord_core::Request;

use crate::handle::{Ledger, Ticket};
use crate::receipt::{Receipt, SubmitError};

/// Commands handed to the writer whose receipts have not been waited for.
pub struct Window<'a> {
    ledger: &'a Ledger,
    in_flight_max: usize,
    waiting: VecDeque<Ticket>,
}

impl<'a> Window<'a> {
    /// A window of at most so many commands.
    #[must_use]
    pub fn of(ledger: &'a Ledger, in_flight_max: usize) -> Self {
        Self { ledger, in_flight_max, waiting: VecDeque::new() }
    }

    /// Makes room and submits; gives the receipt of the oldest command when it had to be waited for.
    ///
    /// # Errors
    /// What [`Ledger::submit`] and [`Ticket::wait`] give.
    pub fn submit(&mut self, request: Request) -> Result<Option<Receipt>, SubmitError> {
        let full = self.waiting.len() >= self.in_flight_max;
        let oldest = if full { self.waiting.pop_front().map(Ticket::wait).transpose()? } else { None };
        self.waiting.push_back(self.ledger.submit(request)?);
        Ok(oldest)
    }

    /// Waits for what is still on its way, and gives the receipts in the order of the commands.
    pub fn rest(self) -> impl Iterator<Item = Result<Receipt, SubmitError>> {
        self.waiting.into_iter().map(Ticket::wait)
    }
}
