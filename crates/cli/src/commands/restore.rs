//! `ofrecord restore`: make a ledger from a backup, or try it in a scratch folder and leave a certificate.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use ofrecord_ledger::Progress as _;
use ofrecord_log::{Hash, OpenOptions, restore};
use serde::Serialize;

use super::backup::seconds;
use crate::arguments::folder;
use crate::failure::{Failure, Verdict};
use crate::open::stage_name;
use crate::render;
use crate::session::Session;

mod certificate;
mod drill;

/// Arguments of `restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Every file is compared with the manifest, every entry is hashed, and the root is compared, before the
folder is a ledger. An interrupted restore is no ledger, and can be repeated.
With --drill, exits with 4 when something is wrong.

Examples:
  ofrecord restore /backup/market --ledger /srv/market
  ofrecord restore /backup/market --drill"
)]
pub(crate) struct Arguments {
    /// The folder of the backup
    #[arg(value_name = "DIR", value_parser = folder())]
    dir: PathBuf,
    /// Restore into a scratch folder, verify all of it, remove it again, and leave a certificate
    ///
    /// Where the ledger of --ledger exists, its root at the size of the backup is compared too.
    #[arg(long)]
    drill: bool,
    /// Where the scratch folder is made; without it, beside the backup
    #[arg(long, value_name = "DIR", requires = "drill", value_parser = folder())]
    scratch: Option<PathBuf>,
    /// Compare with this ledger instead of the one of --ledger
    #[arg(long, value_name = "LEDGER", requires = "drill", value_parser = folder())]
    against: Option<PathBuf>,
    /// Where the certificate is written; without it, beside the manifest as `drill-<instant>.json`
    #[arg(long, value_name = "FILE", requires = "drill")]
    certificate: Option<PathBuf>,
}

/// What was restored.
#[derive(Debug, Serialize)]
struct Restored {
    ledger: PathBuf,
    origin: String,
    backed_up_at: String,
    entries: u64,
    files: u64,
    bytes: u64,
    root: Hash,
    seconds: f64,
}

/// Restores.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if arguments.drill {
        return drill::run(arguments, session);
    }
    // Whenever it ends, the folder is a whole ledger or none.
    session.interrupt.end_at_once();
    let bar = session.bar("restore");
    let began = Instant::now();
    let ledger = &session.global.ledger;
    let report = restore(&arguments.dir, ledger, &OpenOptions::default(), &mut |progress| {
        bar.advance(stage_name(progress.stage), progress.done, progress.total);
    })?;
    drop(bar);
    if let Some(problem) = &report.problem {
        session
            .warn(&format!("every entry is restored, but of the backup {problem}"), "take a backup into a new folder");
    }
    let restored = Restored {
        ledger: ledger.clone(),
        origin: report.manifest.origin,
        backed_up_at: report.manifest.created_at,
        entries: report.manifest.size,
        files: report.files.count,
        bytes: report.files.bytes,
        root: report.manifest.root,
        seconds: seconds(began),
    };
    render::pairs(&mut session.output(), session.global.format, &restored)?;
    session.remark("`ofrecord verify` reads all of it once more; let no other copy of this ledger take commands");
    Ok(Verdict::Done)
}
