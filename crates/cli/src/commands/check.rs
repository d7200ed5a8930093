//! `ofrecord check`: what checkpoints, proofs, receipts and certificates show, and what not; no ledger is needed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_proof::policy::Policy;
use ofrecord_proof::receipt::ReceiptVerifierKey;
use serde::Serialize;

use self::document::Document;
use self::judging::{Judge, Trusted};
use crate::arguments::Format;
use crate::failure::{Failure, Verdict};
use crate::output::Output;
use crate::render::{self, Column, Layout};
use crate::session::Session;

mod document;
mod judging;
mod statements;

/// The most bytes of a file that is read, but for certificates: those of the longest proof and of the longest entry.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024;

const AFTER_HELP: &str = "\
Tells by their content checkpoints, inclusion proofs, consistency proofs, COSE receipts, and what `ofrecord complete`,
`never` and `certify` write apart. Evidence packs are for `ofrecord evidence verify`.
Checkpoints that are given together are compared: two roots of one size are two histories.
A receipt is checked against a checkpoint of its size among the files.
Exits with 4 when something does not hold or a certificate says that something is wrong, and with 2 when something cannot be read or is missing.

Examples:
  ofrecord check 41.tlog-proof --key \"$(cat log.vkey)\"
  ofrecord check all.json --key \"$(cat log.vkey)\"
  ofrecord check since-1000.txt --old checkpoint-1000 --policy policy.txt
  ofrecord check 41.cose checkpoint --receipt-key receipts.pem --entry 41.json --key \"$(cat log.vkey)\"";

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The files to check
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A key that is known to be the log's, or a witness's, as `ofrecord key` prints it; may be repeated
    #[arg(long, value_name = "VKEY", required_unless_present = "policy", conflicts_with = "policy")]
    key: Vec<VerifierKey>,
    /// The logs that are believed, and the witnesses that must have cosigned (C2SP tlog-policy)
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The entry that a proof is about, where the proof does not carry it
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// The checkpoint known before, from which a consistency proof leads on
    #[arg(long, value_name = "FILE")]
    old: Option<PathBuf>,
    /// The public key of COSE receipts in PEM, as `ofrecord key --receipts` prints it
    #[arg(long, value_name = "FILE")]
    receipt_key: Option<PathBuf>,
}

impl Arguments {
    /// To check one file by some keys.
    pub(super) fn one(file: PathBuf, key: Vec<VerifierKey>) -> Self {
        Self { files: vec![file], key, policy: None, entry: None, old: None, receipt_key: None }
    }
}

/// What came of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// Everything that it says holds.
    Holds,
    /// Everything that it says holds, and it says that something is wrong.
    Accuses,
    /// Something that it says does not hold.
    Fails,
    /// What it has to be checked with was not given.
    Incomplete,
    /// It is none of the known kinds, or spoiled.
    Unreadable,
}

/// One file, and what it shows.
#[derive(Debug, Serialize)]
struct Checked {
    file: PathBuf,
    kind: &'static str,
    standing: Standing,
    proven: Vec<String>,
    not_proven: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

/// One statement, for CSV.
#[derive(Debug, Serialize)]
struct Row<'a> {
    file: &'a Path,
    kind: &'a str,
    standing: Standing,
    about: &'static str,
    statement: &'a str,
}

const STATEMENTS: Layout = Layout {
    empty: "nothing was checked",
    columns: &[
        Column::of("file", "file"),
        Column::of("kind", "kind"),
        Column::of("standing", "standing"),
        Column::of("about", "about"),
        Column::of("statement", "statement"),
    ],
};

/// Checks.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let trusted = trusted(arguments)?;
    let mut documents = Vec::new();
    for file in &arguments.files {
        documents.push((file, Document::read(&bytes_of(file)?)));
    }
    let judge =
        Judge::new(&trusted, documents.iter().filter_map(|(file, document)| Some((*file, document.as_ref().ok()?))));
    let mut checked: Vec<Checked> = documents
        .iter()
        .map(|(file, document)| match document {
            Ok(document) => judge.judged(file, document),
            Err(problem) => Checked::unreadable(file, problem.to_string()),
        })
        .collect();
    judge.compare_histories(&mut checked);
    print(&checked, session.global.format, &mut session.output())?;
    let any = |standing| checked.iter().any(|one| one.standing == standing);
    Ok(if any(Standing::Fails) || any(Standing::Accuses) {
        Verdict::Found
    } else if any(Standing::Incomplete) || any(Standing::Unreadable) {
        Verdict::Invalid
    } else {
        Verdict::Done
    })
}

impl Checked {
    fn unreadable(file: &Path, problem: String) -> Self {
        let (proven, not_proven) = (Vec::new(), Vec::new());
        let (kind, standing) = ("unknown file", Standing::Unreadable);
        Self { file: file.to_owned(), kind, standing, proven, not_proven, problem: Some(problem) }
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let row =
            |about, statement| Row { file: &self.file, kind: self.kind, standing: self.standing, about, statement };
        let problem = self.problem.iter().map(move |text| row("problem", text.as_str()));
        let proven = self.proven.iter().map(move |text| row("proven", text.as_str()));
        problem.chain(proven).chain(self.not_proven.iter().map(move |text| row("not proven", text.as_str())))
    }
}

fn trusted(arguments: &Arguments) -> Result<Trusted, Failure> {
    let mut trusted = Trusted { keys: arguments.key.clone(), policy: None, old: None, entry: None, receipt_key: None };
    if let Some(path) = &arguments.policy {
        let text = text_of(path)?;
        trusted.policy = Some(text.parse::<Policy>().map_err(|error| unusable(path, &error))?);
    }
    if let Some(path) = &arguments.old {
        trusted.old = Some(SignedNote::from_bytes(&bytes_of(path)?).map_err(|error| unusable(path, &error))?);
    }
    if let Some(path) = &arguments.receipt_key {
        let key = text_of(path)?.parse::<ReceiptVerifierKey>().map_err(|error| unusable(path, &error))?;
        trusted.receipt_key = Some(key);
    }
    if let Some(path) = &arguments.entry {
        let mut entry = bytes_of(path)?;
        // An entry does not end with a line feed, and a file with one line does.
        entry.pop_if(|byte| *byte == b'\n');
        trusted.entry = Some(entry);
    }
    Ok(trusted)
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Unusable { path: path.to_owned(), problem: error.to_string() }
}

fn text_of(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes_of(path)?).map_err(|error| unusable(path, &error))
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::File { doing: "read", path: path.to_owned(), error };
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(failed)?.take(FILE_BYTES_MAX + 1);
    file.read_to_end(&mut bytes).map_err(failed)?;
    // A proof of completeness has every entry of its stream, and is as long as these are.
    if bytes.first() == Some(&document::JSON_MARK) {
        file.into_inner().read_to_end(&mut bytes).map_err(failed)?;
    } else if bytes.len() as u64 > FILE_BYTES_MAX {
        let bytes = std::fs::metadata(path).map_err(failed)?.len();
        return Err(Failure::FileTooLarge { path: path.to_owned(), bytes, bytes_max: FILE_BYTES_MAX });
    }
    Ok(bytes)
}

fn print(checked: &[Checked], format: Format, output: &mut Output) -> Result<(), Failure> {
    match format {
        Format::Json => output.json(&checked)?,
        Format::Csv => {
            let rows: Vec<Row<'_>> = checked.iter().flat_map(Checked::rows).collect();
            return render::rows(output, format, &STATEMENTS, &rows);
        }
        Format::Table => {
            for one in checked {
                let standing = match one.standing {
                    Standing::Holds => "holds",
                    Standing::Accuses => "holds, and says that something is wrong",
                    Standing::Fails => "DOES NOT HOLD",
                    Standing::Incomplete => "cannot be checked",
                    Standing::Unreadable => "cannot be read",
                };
                output.line(&format!("{}: {} {standing}", one.file.display(), one.kind))?;
                for Row { about, statement, .. } in one.rows() {
                    output.line(&format!("  {about:<10}  {statement}"))?;
                }
            }
        }
    }
    output.flush()
}
