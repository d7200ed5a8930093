//! The command that is measured: a new customer becomes known, decided, hashed and synced like any other.

use ofrecord_core::command::relationship::RegisterCustomer;
use ofrecord_core::vocabulary::TenantType;
use ofrecord_core::{Actor, ActorKind, Command, CommandId, CustomerId, Request};
use ofrecord_ledger::{Ledger, Receipt, ReceiptOutcome, Ticket};
use uuid::Uuid;

use crate::RaceError;
use crate::fill::failed;

/// A command that no other submitter and no other number has.
pub(crate) fn request(submitter: usize, number: u64) -> Request {
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{submitter}/{number}").as_bytes());
    Request {
        command_id: CommandId::new(id),
        actor: Actor::new(ActorKind::Operator),
        customer: Some(CustomerId::new(id)),
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::RegisterCustomer(RegisterCustomer {
            name: format!("Customer {number} of submitter {submitter}"),
            domain: Some(format!("customer{number}.submitter{submitter}.example")),
            market: None,
            tenant_type: TenantType::Organisation,
        })
        .into(),
    }
}

/// Submits it and waits for its receipt.
///
/// # Errors
/// [`RaceError`] when it is not accepted.
pub(crate) fn submit(ledger: &Ledger, submitter: usize, number: u64) -> Result<Receipt, RaceError> {
    let receipt = ledger.submit(request(submitter, number)).and_then(Ticket::wait).map_err(failed)?;
    accepted(receipt)
}

/// A receipt that says that its command was accepted for the first time.
///
/// # Errors
/// [`RaceError`] with what became of it instead.
pub(crate) fn accepted(receipt: Receipt) -> Result<Receipt, RaceError> {
    match &receipt.outcome {
        ReceiptOutcome::Accepted { .. } => Ok(receipt),
        other
        @ (ReceiptOutcome::Refused { .. } | ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. }) => {
            Err(failed(format!("a command was {}", other.word())))
        }
    }
}
