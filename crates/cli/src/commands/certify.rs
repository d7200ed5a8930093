//! `ofrecord certify`: the four lines of a customer, or of all, as evidence that the ledger signs.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use ofrecord_core::CustomerId;
use ofrecord_ledger::certificate::{AllFourLines, FourLinesBody};
use ofrecord_ledger::sweep::sweep;
use ofrecord_ledger::{Ledger, Progress as _};

use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::notary::Notary;
use crate::session::Session;

const AFTER_HELP: &str = "\
For each relationship event: the customer's subscriptions, their owners, terms and partners of record, and the
account, before and after it; and at the end, with and without all of these events. Each value names its entry.
Rests on what is known: with --known-at @SIZE, anyone who has the entries gets the same bytes again.
That it was issued is recorded. Exits with 4 when the four lines were not kept; the certificate says where.

Examples:
  ofrecord certify 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 -o four-lines.json --purpose 'audit of 2024'
  ofrecord certify --all -o all.json
  ofrecord check four-lines.json --key \"$(ofrecord key --quiet)\"";

/// Arguments of `certify`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER", required_unless_present = "all", conflicts_with = "all")]
    customer: Option<CustomerId>,
    /// All customers, each by the hash of what its own certificate would say
    #[arg(long)]
    all: bool,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

impl Arguments {
    /// Of a customer, or of all, into a file.
    pub(crate) fn into_file(customer: Option<CustomerId>, output: PathBuf, taking: Taking) -> Self {
        Self { customer, all: customer.is_none(), output: Some(output), taking }
    }
}

/// Certifies.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    Notary::with(&arguments.taking, session, |notary| certify(arguments, notary, session))
}

/// Certifies from an open ledger.
pub(crate) fn from_ledger(arguments: &Arguments, ledger: &Ledger, session: &Session) -> Result<Verdict, Failure> {
    certify(arguments, &mut Notary::over(ledger, &arguments.taking, session)?, session)
}

fn certify(arguments: &Arguments, notary: &mut Notary<'_>, session: &Session) -> Result<Verdict, Failure> {
    match arguments.customer {
        Some(customer) => one(customer, arguments, notary, session),
        None => all(arguments, notary, session),
    }
}

fn one(
    customer: CustomerId,
    arguments: &Arguments,
    notary: &mut Notary<'_>,
    session: &Session,
) -> Result<Verdict, Failure> {
    let (reader, snapshot) = (notary.reader(), notary.snapshot()?);
    let record = reader.customer(customer, &snapshot)?;
    let body = FourLinesBody::of(&record, &snapshot.basis, reader.log().as_ref())?;
    let (events, holds) = (body.events(), body.holds());
    notary.issue(body, Some(customer), arguments.output.as_deref())?;
    if holds {
        session.remark(&format!("none of {events} relationship events changed what the four lines protect"));
        Ok(Verdict::Done)
    } else {
        session.remark("a relationship event changed a subscription: the four lines were not kept");
        Ok(Verdict::Found)
    }
}

fn all(arguments: &Arguments, notary: &mut Notary<'_>, session: &Session) -> Result<Verdict, Failure> {
    let (reader, snapshot) = (notary.reader(), notary.snapshot()?);
    let (log, bar) = (reader.log().as_ref(), session.bar("certifying"));
    let mut all = AllFourLines::default();
    let mut outcome: Result<(), Failure> = Ok(());
    sweep(log, snapshot.basis.tree_size, &bar, &mut |record| {
        let body = FourLinesBody::of(&record, &snapshot.basis, log).map_err(Failure::from);
        outcome = body.and_then(|body| all.push(&body).map_err(|error| Failure::Commit(error.into())));
        if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    outcome?;
    if bar.cancelled() {
        return Err(Failure::Stopped);
    }
    let body = all.body(&snapshot.basis);
    let (customers, events) = (body.customers(), body.events());
    let certified = notary.issue(body, None, arguments.output.as_deref())?;
    let differing = certified.body().differing();
    if differing.is_empty() {
        session
            .remark(&format!("the four lines were kept of {customers} customers, with {events} relationship events"));
        return Ok(Verdict::Done);
    }
    session.remark(&format!("the four lines were not kept of {} of {customers} customers", differing.len()));
    Ok(Verdict::Found)
}
