//! `ofrecord restore --drill`: restore aside, verify whole, compare, remove it again, and write down what was found.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use ofrecord_ledger::Progress as _;
use ofrecord_log::{LogReader as _, Manifest, OpenError, OpenOptions, RestoreError, restore};

use super::Arguments;
use super::certificate::{Backup, Certificate, Outcome, Report, Restored, Run};
use crate::arguments::Format;
use crate::commands::backup::{Problem, seconds};
use crate::commands::verify;
use crate::failure::{Failure, Verdict};
use crate::open::{self, stage_name};
use crate::render::{self, Column, Layout};
use crate::scratch::Scratch;
use crate::session::Session;
use crate::whole_file;

const CHECKS: Layout = Layout {
    empty: "no check was made",
    columns: &[Column::of("check", "check"), Column::of("outcome", "outcome"), Column::of("detail", "detail")],
};
const PROBLEMS: Layout =
    Layout { empty: "nothing is wrong", columns: &[Column::of("path", "path"), Column::of("problem", "problem")] };

/// Makes the drill.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let at = session.clock().now();
    let mut certificate = Certificate::begin(Run {
        at,
        backup: arguments.dir.clone(),
        against: None,
        seconds_restoring: 0.0,
        seconds_verifying: 0.0,
    });
    match Manifest::read(&arguments.dir).map_err(RestoreError::from) {
        Ok(manifest) => {
            certificate.report.backup = Some(Backup::of(&manifest));
            compare_with_ledger(arguments, session, &manifest, &mut certificate)?;
            restore_aside(arguments, session, &manifest, &mut certificate)?;
        }
        Err(error) => found(arguments, &mut certificate.report, error)?,
    }
    let name: String = at.to_string().chars().filter(|letter| !matches!(letter, '-' | ':')).collect();
    let path = arguments.certificate.clone().unwrap_or_else(|| arguments.dir.join(format!("drill-{name}.json")));
    let written = write(&path, &certificate);
    print(&certificate, &path, session)?;
    written?;
    Ok(if certificate.report.sound { Verdict::Done } else { Verdict::Found })
}

/// A backup that is wrong is a finding of the drill; a machine that failed is none.
fn found(arguments: &Arguments, report: &mut Report, error: RestoreError) -> Result<(), Failure> {
    let Some(problem) = error.problem() else { return Err(error.into()) };
    report.check("backup", Outcome::Wrong, "every file and entry compared with the manifest");
    report.found(Problem::within(&arguments.dir, &problem));
    Ok(())
}

/// The ledger that the backup was taken of must still have the root that the backup has.
fn compare_with_ledger(
    arguments: &Arguments,
    session: &Session,
    manifest: &Manifest,
    certificate: &mut Certificate,
) -> Result<(), Failure> {
    let report = &mut certificate.report;
    let not_made = |report: &mut Report, why: String| report.check("ledger", Outcome::NotMade, why);
    let asked = arguments.against.as_ref();
    let ledger = asked.unwrap_or(&session.global.ledger);
    let log = match open::log_of(ledger, session) {
        Ok(log) => log,
        Err(OpenError::Held { holder, .. }) if asked.is_none() => {
            let holder = holder.map_or("another process".to_owned(), |id| format!("process {id}"));
            not_made(report, format!("the ledger is held by {holder}"));
            return Ok(());
        }
        Err(OpenError::Missing { .. } | OpenError::NotALedger { .. } | OpenError::NotAFolder { .. })
            if asked.is_none() =>
        {
            not_made(report, "there is no ledger to compare with".to_owned());
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    certificate.run.against = Some(ledger.clone());
    let (identity, size) = (log.identity(), log.tree_size());
    let same = identity.origin == manifest.origin && identity.created_at == manifest.identity.created_at;
    let (outcome, detail) = if !same {
        (Outcome::Wrong, format!("it is another ledger: {} created {}", identity.origin, identity.created_at))
    } else if size < manifest.size {
        (Outcome::Wrong, format!("it has {size} entries, fewer than the {} of the backup", manifest.size))
    } else {
        let root = log.root_at(manifest.size)?;
        let outcome = if root == manifest.root { Outcome::Sound } else { Outcome::Wrong };
        (outcome, format!("its root at size {} is {root}", manifest.size))
    };
    report.check("ledger", outcome, detail);
    Ok(())
}

/// Restores into a scratch folder and verifies what came of it. The folder is gone afterwards, whatever came of it.
fn restore_aside(
    arguments: &Arguments,
    session: &Session,
    manifest: &Manifest,
    certificate: &mut Certificate,
) -> Result<(), Failure> {
    let scratch = Scratch::begin(arguments.scratch.as_deref().or_else(|| arguments.dir.parent()), "drill")?;
    let folder = scratch.path().join("ledger");
    let bar = session.bar("drill");
    let began = Instant::now();
    let options = OpenOptions { ballast_bytes: 0, ..OpenOptions::default() };
    let restored = restore(&arguments.dir, &folder, &options, &mut |progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
    });
    drop(bar);
    certificate.run.seconds_restoring = seconds(began);
    let report = match restored {
        Ok(report) => report,
        Err(error) => return found(arguments, &mut certificate.report, error),
    };
    if session.interrupt.requested() {
        return Err(Failure::Stopped);
    }
    let (files, entries) = (report.files.count, manifest.size);
    let found = &mut certificate.report;
    found.check("backup", Outcome::Sound, format!("{files} files as the manifest states, {entries} entries hashed"));
    match &report.problem {
        None => found.check("identity", Outcome::Sound, "the identity file says what the manifest says"),
        Some(problem) => {
            found.check("identity", Outcome::Wrong, "the identity file says what the manifest says");
            found.found(Problem::within(&arguments.dir, problem));
        }
    }
    let began = Instant::now();
    verify_restored(&folder, session, manifest, found)?;
    certificate.run.seconds_verifying = seconds(began);
    Ok(())
}

/// The checks of `ofrecord verify`, and the head.
fn verify_restored(folder: &Path, session: &Session, manifest: &Manifest, report: &mut Report) -> Result<(), Failure> {
    let opened = open::log_in(folder, session)?;
    let head = opened.log.head();
    let outcome = if head == manifest.head() { Outcome::Sound } else { Outcome::Wrong };
    report.check("root", outcome, format!("the restored ledger has size {} and root {}", head.size, head.root));
    let verified = verify::verify(&opened.log.checker(), &opened.log, session)?;
    let outcome = if verified.is_sound() { Outcome::Sound } else { Outcome::Wrong };
    report.check("verify", outcome, "every copy of every entry read, compared, hashed, decoded and folded");
    for problem in verified.stated(folder) {
        report.found(problem);
    }
    report.restored = Some(Restored {
        size: head.size,
        root: head.root,
        entries_hashed: verified.entries_hashed,
        segments_read: verified.segments_read,
        entries_decoded: verified.entries_decoded,
        customers_folded: verified.customers_folded,
    });
    Ok(())
}

fn write(path: &Path, certificate: &Certificate) -> Result<(), Failure> {
    let failed = |error| Failure::File { doing: "write", path: path.to_owned(), error };
    whole_file::write(path, |file| {
        serde_json::to_writer_pretty(&mut *file, certificate).map_err(|error| failed(error.into()))?;
        file.write_all(b"\n").map_err(failed)
    })
}

fn print(certificate: &Certificate, path: &Path, session: &Session) -> Result<(), Failure> {
    let report = &certificate.report;
    let (format, mut output) = (session.global.format, session.output());
    match format {
        Format::Json => output.json(certificate)?,
        Format::Csv => render::rows(&mut output, format, &CHECKS, &report.checks)?,
        Format::Table => {
            render::rows(&mut output, format, &CHECKS, &report.checks)?;
            output.line("")?;
            render::rows(&mut output, format, &PROBLEMS, &report.problems)?;
            output.line("")?;
            output.line(&format!("certificate {}", path.display()))?;
        }
    }
    output.flush()
}
