//! A source is read and handed to the ledger, statement by statement, until it ends or somebody asks to stop.

use std::io;

use ofrecord_core::{Actor, ActorKind, Request};
use ofrecord_interop::{Context, Reading, request_of};
use ofrecord_ledger::{Ledger, Progress as _, Reader, Receipt, SubmitError};
use ofrecord_server::Underway;

use super::covers::Covers;
use super::files::Named;
use super::order::each_file;
use super::report::Report;
use crate::failure::Failure;
use crate::pipeline::{self, Answers, Intake};
use crate::session::Session;

/// What the place of a statement on a period is called.
const PERIOD: &str = "--covers-from";

/// What is imported.
pub(super) struct Source<'a> {
    /// The files.
    pub(super) files: &'a [Named],
    /// What is said of them.
    pub(super) context: Context,
    /// The job that does it, where one does.
    pub(super) watch: Option<&'a Underway>,
}

/// Where a statement comes from, for the message when it is not taken.
struct Tag {
    file: String,
    record: u64,
}

/// What became of the statements so far, and the job that is told.
struct Settled<'a> {
    report: Report,
    watch: Option<&'a Underway>,
}

impl Source<'_> {
    /// Reads it, and records nothing.
    pub(super) fn read(&self, reader: &Reader, session: &Session, report: &mut Report) -> Result<(), Failure> {
        each_file(self.files, self.context.clone(), reader, session, |_, _, reading| {
            report.read(&reading);
            self.tell(&reading);
            Ok(())
        })
    }

    /// Has the ledger record it.
    pub(super) fn record(
        &self,
        ledger: &Ledger,
        session: &Session,
        mut covers: Option<&mut Covers>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        // Always the same actor: who runs the import must not make a second import another request.
        let importer = Actor::new(ActorKind::Importer);
        let fetched_at = self.context.fetched_at;
        let mut settled = Settled { report: Report::default(), watch: self.watch };
        let fed = pipeline::run(ledger, &mut settled, |intake| {
            each_file(self.files, self.context.clone(), &ledger.reader(), session, |file, bytes, reading| {
                report.read(&reading);
                self.tell(&reading);
                if let Some(covers) = &mut covers {
                    covers.file(bytes, &reading);
                }
                self.hand_in(&reading, (file, &importer), intake, session)
            })?;
            // Said only of files that were read to their end.
            let stopped = self.is_stopped(session) || intake.is_closed();
            for doubt in covers.iter().flat_map(|covers| covers.doubts(fetched_at)) {
                report.doubt(PERIOD, doubt);
            }
            let stated = covers.filter(|_| !stopped).map(|covers| covers.requests(&importer)).unwrap_or_default();
            stated.into_iter().try_for_each(|request| handed_in(intake, PERIOD, 0, request))
        });
        report.add(settled.report);
        fed
    }

    fn hand_in(
        &self,
        reading: &Reading,
        (file, importer): (&str, &Actor),
        intake: &Intake<'_, Tag>,
        session: &Session,
    ) -> Result<(), Failure> {
        let total = reading.statements.len() as u64;
        for (done, statement) in (0..).zip(&reading.statements) {
            if let Some(underway) = self.watch {
                underway.advance("importing", done, total);
            }
            if self.is_stopped(session) || intake.is_closed() {
                return Ok(());
            }
            handed_in(intake, file, statement.record_index, request_of(statement, importer))?;
        }
        if let Some(underway) = self.watch {
            underway.advance("importing", total, total);
        }
        Ok(())
    }

    /// Whether somebody asked to stop; waits for as long as a job is paused.
    fn is_stopped(&self, session: &Session) -> bool {
        self.watch.map_or_else(|| session.interrupt.requested(), |underway| underway.cancelled())
    }

    /// Tells the job what was read.
    fn tell(&self, reading: &Reading) {
        let Some(underway) = self.watch else { return };
        let mut read = Report::default();
        read.read(reading);
        underway.tally(|tally| {
            tally.read += reading.records;
            tally.unknown += read.unknown();
        });
    }
}

fn handed_in(intake: &Intake<'_, Tag>, file: &str, record: u64, request: Request) -> Result<(), Failure> {
    intake.submit(Tag { file: file.to_owned(), record }, request)
}

impl Answers<Tag> for Settled<'_> {
    fn take(&mut self, tag: Tag, answer: Option<Result<Receipt, SubmitError>>) -> io::Result<()> {
        match answer {
            Some(Ok(receipt)) => self.report.receipt(&tag.file, tag.record, &receipt.outcome),
            Some(Err(error)) => self.report.not_taken(&tag.file, tag.record, error),
            None => {}
        }
        if let Some(underway) = self.watch {
            underway.tally(|tally| {
                (tally.recorded, tally.repeated, tally.refused) = self.report.settled();
            });
        }
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        Ok(())
    }
}
