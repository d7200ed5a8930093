//! `ofrecord import`: records of other systems, read from files and submitted as observations.

use std::path::PathBuf;

use clap::Args;
use ofrecord_core::{Cloud, CustomerId, GdapRelationshipId, PartnerTenantId, Timestamp};
use ofrecord_interop::Context;

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::session::Session;
use crate::watching::Watching;

mod covers;
mod files;
mod order;
mod recording;
mod report;
mod sent;

use self::covers::Covers;
use self::recording::Source;
use self::report::Report;

pub(crate) use self::sent::sent;

/// Arguments of `import`.
#[derive(Debug, Args)]
#[command(after_help = "The shape of each file is recognised. The same record imported again is recognised too.
Exits with 3 when a record conflicts with what is recorded, with 2 when some records could not be read.

Example:
  ofrecord import audit/ --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02 --fetched-at 2024-06-30T08:00:00Z")]
pub(crate) struct Arguments {
    /// Files, or folders whose files are read in the order of their names
    #[arg(required = true, value_name = "FILE|DIR")]
    paths: Vec<PathBuf>,
    /// The partner whose account the files were fetched with, where records do not say
    #[arg(long, value_name = "PARTNER")]
    partner: Option<PartnerTenantId>,
    /// The customer the files are about, where records do not say
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerId>,
    /// The granular relationship the files stand below, where neither they nor their names say
    #[arg(long, value_name = "RELATIONSHIP")]
    relationship: Option<GdapRelationshipId>,
    /// When the files were fetched: the instant at which a snapshot was true
    #[arg(long, value_name = "TIME")]
    fetched_at: Option<Timestamp>,
    /// The files hold everything that the source had from this instant on
    ///
    /// With it, a period without records means that nothing happened; without it, that nobody looked.
    #[arg(long, value_name = "TIME", requires = "covers_to", requires = "partner")]
    covers_from: Option<Timestamp>,
    /// ... and before this instant
    #[arg(long, value_name = "TIME", requires = "covers_from")]
    covers_to: Option<Timestamp>,
    /// Read and report; submit nothing
    #[arg(long)]
    dry_run: bool,
    /// How the report is printed; without it, as --format says
    #[arg(long, value_enum, value_name = "FORMAT")]
    report: Option<Format>,
    #[command(flatten)]
    watching: Watching,
}

/// Imports.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let (files, mut covers) = (files::of(&arguments.paths)?, arguments.covers()?);
    let mut report = Report::default();
    let watched = if arguments.dry_run {
        let opened = open::log_alone(session)?;
        let source = Source { files: &files, context: arguments.context(opened.cloud), watch: None };
        source.read(&opened.reader(), session, &mut report)?;
        Verdict::Done
    } else {
        let mut ledger = open::ledger(session)?;
        arguments.watching.begin(&mut ledger)?;
        let context = arguments.context(ledger.reader().policy().reference.cloud);
        let source = Source { files: &files, context, watch: None };
        let recorded = source.record(&ledger, session, covers.as_mut(), &mut report);
        let watched = arguments.watching.end(&mut ledger, session);
        open::close(ledger, session);
        recorded.map(|()| watched)?
    };
    report.print(arguments.report.unwrap_or(session.global.format), session)?;
    if let Some(error) = report.failure.take() {
        return Err(Failure::Submit(error));
    }
    if session.interrupt.requested() {
        return Ok(Verdict::Interrupted);
    }
    Ok(watched.or(report.verdict()))
}

impl Arguments {
    /// What the operator says of the files.
    fn context(&self, cloud: Cloud) -> Context {
        Context {
            partner: self.partner,
            customer: self.customer,
            relationship: self.relationship.clone(),
            fetched_at: self.fetched_at,
            ..Context::new(cloud)
        }
    }

    /// The period that the files cover, where the operator names one.
    fn covers(&self) -> Result<Option<Covers>, Failure> {
        match (self.partner, self.covers_from, self.covers_to) {
            (Some(_), Some(from), Some(to)) if from >= to => Err(Failure::Period { from, to }),
            (Some(partner), Some(from), Some(to)) => Ok(Some(Covers::new(partner, from, to))),
            _ => Ok(None),
        }
    }
}
