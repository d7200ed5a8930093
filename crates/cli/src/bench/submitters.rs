//! Durable decided commands per second: threads that each wait for their receipt before they ask again.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ofrecord_core::command::relationship::RegisterCustomer;
use ofrecord_core::vocabulary::TenantType;
use ofrecord_core::{Actor, ActorKind, Cloud, Command, CommandId, CustomerId, Request};
use ofrecord_ledger::{Ledger, ReceiptOutcome};
use uuid::Uuid;

use super::BenchError;
use super::fill::scratch_ledger;
use super::raw::per_second;

/// Commands accepted and durable in a second.
///
/// Each command makes a new customer known: it is decided against its streams, composed, hashed and synced like any
/// other, and none is a repeat.
pub(crate) fn decided_per_second(folder: &Path, submitters: usize, slot: Duration) -> Result<f64, BenchError> {
    let ledger = scratch_ledger(folder, Cloud::China21Vianet)?;
    let done = AtomicBool::new(false);
    let accepted = AtomicU64::new(0);
    let failed = std::sync::Mutex::new(None);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for submitter in 0..submitters {
            let (ledger, done, accepted, failed) = (&ledger, &done, &accepted, &failed);
            scope.spawn(move || {
                let mut number = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    number += 1;
                    match submit(ledger, submitter, number) {
                        Ok(()) => accepted.fetch_add(1, Ordering::Relaxed),
                        Err(problem) => {
                            done.store(true, Ordering::Relaxed);
                            *failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(problem);
                            return;
                        }
                    };
                    if began.elapsed() >= slot {
                        done.store(true, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    let rate = per_second(accepted.load(Ordering::Relaxed), began.elapsed());
    ledger.close();
    match failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        Some(problem) => Err(BenchError::Ledger(problem)),
        None => Ok(rate),
    }
}

/// Submits a command that nobody submitted before, and waits for its receipt.
pub(super) fn submit(ledger: &Ledger, submitter: usize, number: u64) -> Result<(), String> {
    let request = request(submitter, number);
    let receipt = ledger.submit(request).and_then(ofrecord_ledger::Ticket::wait).map_err(|error| error.to_string())?;
    match receipt.outcome {
        ReceiptOutcome::Accepted { .. } => Ok(()),
        other
        @ (ReceiptOutcome::Refused { .. } | ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. }) => {
            Err(format!("a command was {}", other.word()))
        }
    }
}

/// A command that makes a new customer known.
pub(super) fn request(submitter: usize, number: u64) -> Request {
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
