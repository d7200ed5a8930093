//! Opening a ledger whose last process was killed while it appended: until the first answer, until the first command.

use std::path::Path;
use std::time::Instant;

use ofrecord_core::CustomerId;
use ofrecord_ledger::{Clock, KnownAt, Reader, Window, redaction};
use ofrecord_log::{EventLog as _, LogReader as _};
use serde::{Deserialize, Serialize};

use super::asking::resellers;
use crate::RaceError;
use crate::child::{APPENDING, peak_mib};
use crate::fill::{CLOUD, failed, open, start, views};
use crate::reckoning::milliseconds;
use crate::registration::{accepted, request, submit};
use crate::results::Results;

/// Commands on their way while appending, as many submitters have.
const IN_FLIGHT: usize = 64;
/// Receipts after which the process says that it is appending.
const RECEIPTS: u64 = 200;
/// Commands after which it ends when nobody kills it.
const COMMANDS_MAX: u64 = 1_000_000;

/// How long an opening took, from the first instruction of the process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opened {
    /// Milliseconds until a question about one customer was answered.
    pub(crate) first_answer_ms: f64,
    /// Milliseconds until a command was durable and acknowledged.
    pub(crate) first_command_ms: f64,
    /// Greatest resident memory in MiB.
    pub(crate) peak_mib: f64,
}

/// Appends as a running program does, and says so once.
pub(super) fn append_until_killed(folder: &Path, results: &mut Results) -> Result<(), RaceError> {
    let log = open(folder)?;
    let name = usize::try_from(log.tree_size()).unwrap_or(usize::MAX);
    let ledger = start(log, CLOUD, Clock::Machine, Some(views(folder)?))?;
    let mut window = Window::of(&ledger, IN_FLIGHT);
    for number in 0..COMMANDS_MAX {
        if let Some(receipt) = window.submit(request(name, number)).map_err(failed)? {
            accepted(receipt)?;
        }
        if number == RECEIPTS {
            results.say(APPENDING);
        }
    }
    Err(failed("nobody killed it"))
}

/// Opens it as the program does: a reader first, then the writer, with what is verified in the background.
pub(super) fn open_and_ask(folder: &Path, began: Instant) -> Result<Opened, RaceError> {
    let mut log = open(folder)?;
    let views = views(folder)?;
    let reader = Reader::new(log.reader(), CLOUD).with_views(views.clone());
    let snapshot = reader.snapshot(KnownAt::Now).map_err(failed)?;
    resellers(&reader, newest_customer(&reader)?, KnownAt::Now, snapshot.known_at)?;
    let first_answer_ms = milliseconds(began);
    let redactions = redaction::redactions(&redaction::logged(&log).map_err(failed)?);
    if !log.not_taken_away(&redactions).map_err(failed)?.is_empty() {
        return Err(failed("something is not taken away"));
    }
    let name = usize::try_from(log.tree_size()).unwrap_or(usize::MAX);
    log.verify_in_background()?;
    let ledger = start(log, CLOUD, Clock::Machine, Some(views))?;
    // No appending process has this number.
    submit(&ledger, name, u64::MAX)?;
    let opened = Opened { first_answer_ms, first_command_ms: milliseconds(began), peak_mib: peak_mib() };
    ledger.close();
    Ok(opened)
}

/// The customer of the newest entry that has one.
fn newest_customer(reader: &Reader) -> Result<CustomerId, RaceError> {
    for position in (0..reader.log().tree_size()).rev() {
        if let Some(customer) = reader.entry(position).map_err(failed)?.decision.customer {
            return Ok(customer);
        }
    }
    Err(failed("no entry is about a customer"))
}
