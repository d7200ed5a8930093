//! `ofrecord import`: records of other systems, read from files and submitted as observations.

use std::io;
use std::path::PathBuf;

use clap::Args;
use ofrecord_core::{Actor, ActorKind, Cloud, CustomerId, GdapRelationshipId, PartnerTenantId, Timestamp};
use ofrecord_interop::{Context, Statement, request_of};
use ofrecord_ledger::{Receipt, SubmitError};

use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::pipeline::{self, Answers, Intake};
use crate::session::Session;
use crate::watching::Watching;

mod covers;
mod files;
mod order;
mod report;

use self::covers::Covers;
use self::order::each_file;
use self::report::Report;

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

/// Where a statement comes from, for the message when it is not taken.
struct Tag {
    file: String,
    record: u64,
}

/// Imports.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let files = files::of(&arguments.paths)?;
    let mut covers = arguments.covers()?;
    let mut report = Report::default();
    let watched = if arguments.dry_run {
        let opened = open::log_alone(session)?;
        each_file(&files, context(arguments, opened.cloud), &opened.reader(), session, |_, _, reading| {
            report.read(&reading);
            Ok(())
        })?;
        Verdict::Done
    } else {
        submit(arguments, &files, session, covers.as_mut(), &mut report)?
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

fn context(arguments: &Arguments, cloud: Cloud) -> Context {
    Context {
        partner: arguments.partner,
        customer: arguments.customer,
        relationship: arguments.relationship.clone(),
        fetched_at: arguments.fetched_at,
        ..Context::new(cloud)
    }
}

impl Arguments {
    /// The period that the files cover, where the operator names one.
    fn covers(&self) -> Result<Option<Covers>, Failure> {
        match (self.partner, self.covers_from, self.covers_to) {
            (Some(_), Some(from), Some(to)) if from >= to => Err(Failure::Period { from, to }),
            (Some(partner), Some(from), Some(to)) => Ok(Some(Covers::new(partner, from, to))),
            _ => Ok(None),
        }
    }
}

fn submit(
    arguments: &Arguments,
    files: &[PathBuf],
    session: &Session,
    mut covers: Option<&mut Covers>,
    report: &mut Report,
) -> Result<Verdict, Failure> {
    let mut ledger = open::ledger(session)?;
    arguments.watching.begin(&mut ledger)?;
    let context = context(arguments, ledger.reader().policy().reference.cloud);
    // Always the same actor: who runs the import must not make a second import another request.
    let importer = Actor::new(ActorKind::Importer);
    let mut settled = Report::default();
    let fed = pipeline::run(&ledger, &mut settled, |intake| {
        each_file(files, context, &ledger.reader(), session, |file, bytes, reading| {
            report.read(&reading);
            if let Some(covers) = &mut covers {
                covers.file(bytes, &reading);
            }
            reading.statements.iter().try_for_each(|statement| one(statement, file, &importer, intake, session))
        })?;
        // Said only of files that were read to their end.
        let stopped = session.interrupt.requested() || intake.is_closed();
        for doubt in covers.iter().flat_map(|covers| covers.doubts(arguments.fetched_at)) {
            report.doubt("--covers-from", doubt);
        }
        let stated = covers.filter(|_| !stopped).map(|covers| covers.requests(&importer)).unwrap_or_default();
        stated
            .into_iter()
            .try_for_each(|request| intake.submit(Tag { file: "--covers-from".to_owned(), record: 0 }, request))
    });
    let watched = arguments.watching.end(&mut ledger, session);
    open::close(ledger, session);
    report.add(settled);
    fed.map(|()| watched)
}

fn one(
    statement: &Statement,
    file: &str,
    importer: &Actor,
    intake: &Intake<'_, Tag>,
    session: &Session,
) -> Result<(), Failure> {
    if session.interrupt.requested() || intake.is_closed() {
        return Ok(());
    }
    let tag = Tag { file: file.to_owned(), record: statement.record_index };
    intake.submit(tag, request_of(statement, importer))
}

impl Answers<Tag> for Report {
    fn take(&mut self, tag: Tag, answer: Option<Result<Receipt, SubmitError>>) -> io::Result<()> {
        match answer {
            Some(Ok(receipt)) => self.receipt(&tag.file, tag.record, &receipt.outcome),
            Some(Err(error)) => self.not_taken(&tag.file, tag.record, error),
            None => {}
        }
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        Ok(())
    }
}
