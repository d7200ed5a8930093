//! A source that a server was sent is imported as `import` does it, by a job, on a ledger that stays open.

use std::slice;

use ofrecord_interop::Context;
use ofrecord_ledger::{Ledger, Progress as _};
use ofrecord_server::{Import, Underway};
use serde_json::Value;

use super::covers::Covers;
use super::files::Named;
use super::recording::Source;
use super::report::Report;
use crate::failure::{Failure, Verdict};
use crate::session::Session;

/// Imports it; gives the report as `import --format json` prints it.
pub(crate) fn sent(
    ledger: &Ledger,
    import: &Import,
    underway: &Underway,
    session: &Session,
) -> Result<(Value, Verdict), Failure> {
    let reader = ledger.reader();
    let file = Named { path: import.upload.path().to_owned(), name: import.name.clone() };
    let context = Context {
        partner: import.partner,
        customer: import.customer,
        relationship: import.relationship.clone(),
        fetched_at: import.fetched_at,
        ..Context::new(reader.policy().reference.cloud)
    };
    let source = Source { files: slice::from_ref(&file), context, watch: Some(underway) };
    let mut report = Report::default();
    if import.dry_run {
        source.read(&reader, session, &mut report)?;
    } else {
        let period = import.partner.zip(import.covers);
        let mut covers = period.map(|(partner, period)| Covers::new(partner, period.from, period.to));
        source.record(ledger, session, covers.as_mut(), &mut report)?;
    }
    if let Some(error) = report.failure.take() {
        return Err(Failure::Submit(error));
    }
    if underway.cancelled() {
        return Err(Failure::Stopped);
    }
    let verdict = report.verdict();
    Ok((serde_json::to_value(&report).map_err(|error| Failure::Output(error.into()))?, verdict))
}
