//! `ofrecord impact`: fold the whole log with this build and show which stored rows would change, before it is deployed.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use clap::Args;
use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_ledger::impact::{Asked, Baseline, ImpactError, ImpactReport, ImpactRow, impact, save};
use ofrecord_log::Directory;
use ofrecord_views::ChangeKind;
use serde::Serialize;
use serde_json::Value;

use crate::arguments::{Format, folder};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::output::Output;
use crate::render::{self, Column, Layout};
use crate::scratch::Scratch;
use crate::session::Session;

/// The file of saved rows in its folder.
const ROWS_FILE: &str = "rows.jsonl";

/// Arguments of `impact`.
#[derive(Debug, Args)]
#[command(
    after_help = "Compares with the stored views, which the version deployed now has written, and writes nothing to the ledger.
Exits with 4 when a row would change.

Examples:
  ofrecord impact --limit 20
  ofrecord impact --save rows-of-this-version
  ofrecord impact --against rows-of-the-other-version"
)]
pub(crate) struct Arguments {
    /// Compare with the rows saved in this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "save", value_parser = folder())]
    against: Option<PathBuf>,
    /// Compare nothing, and save the rows that this version folds in this folder
    #[arg(long, value_name = "DIR", value_parser = folder())]
    save: Option<PathBuf>,
    /// Only this customer
    #[arg(long, value_name = "CUSTOMER", conflicts_with = "save")]
    customer: Option<CustomerId>,
    /// Name at most so many rows; all are counted
    #[arg(long, value_name = "N", default_value_t = 100, conflicts_with = "save")]
    limit: usize,
    /// Fold in this folder instead of the system's temporary one; what is put there is removed
    #[arg(long, value_name = "DIR", value_parser = folder())]
    scratch: Option<PathBuf>,
}

/// Folds and compares, or folds and saves.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log_alone(session)?;
    let scratch = Scratch::begin(arguments.scratch.as_deref(), "impact")?;
    let bar = session.bar("impact");
    if let Some(folder) = &arguments.save {
        let path = folder.join(ROWS_FILE);
        let rows = written(&path, |file| Ok(save(&opened.log, scratch.path(), file, &bar)?))?;
        drop(bar);
        session.remark(&format!("{rows} rows saved in {}", path.display()));
        return Ok(Verdict::Done);
    }
    let baseline = match &arguments.against {
        Some(folder) => {
            let path = folder.join(ROWS_FILE);
            let file = File::open(&path).map_err(|error| Failure::File { doing: "read", path: path.clone(), error })?;
            Baseline::saved(&path, BufReader::new(file))?
        }
        None => Baseline::stored(&Directory::new(&session.global.ledger))?,
    };
    let asked = Asked { customer: arguments.customer, limit: arguments.limit };
    let report = impact(&opened.log, baseline, asked, scratch.path(), &bar)?;
    drop(bar);
    print(&report, session.global.format, &mut session.output())?;
    Ok(if report.differing > 0 { Verdict::Found } else { Verdict::Done })
}

/// Writes a file whole or not at all.
fn written<T>(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<T, Failure>) -> Result<T, Failure> {
    let failed = |error| Failure::File { doing: "write", path: path.to_owned(), error };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let mut file = BufWriter::new(File::create(&unfinished).map_err(failed)?);
    let done = write(&mut file).and_then(|done| {
        let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().and_then(|()| fs::rename(&unfinished, path)).map_err(failed)?;
        Ok(done)
    });
    if done.is_err() {
        // It is of no use to anybody, and the failure that is told is the first one.
        drop(fs::remove_file(&unfinished));
    }
    done
}

/// How many rows of a kind there are, as a line of a table.
#[derive(Debug, Serialize)]
struct KindLine<'a> {
    kind: &'a str,
    unchanged: u64,
    changed: u64,
    added: u64,
    removed: u64,
}

const KINDS: Layout = Layout {
    empty: "there is no row on either side",
    columns: &[
        Column::of("rows", "kind"),
        Column::of("unchanged", "unchanged"),
        Column::of("changed", "changed"),
        Column::of("added", "added"),
        Column::of("removed", "removed"),
    ],
};

/// One field of a row that would change, or a row that is on one side only.
#[derive(Debug, Serialize)]
struct FieldLine<'a> {
    customer: Option<CustomerId>,
    partner: Option<PartnerTenantId>,
    kind: &'a str,
    row: &'a str,
    change: ChangeKind,
    field: &'a str,
    before: Option<Value>,
    after: Option<Value>,
    positions: Vec<u64>,
}

const FIELDS: Layout = Layout {
    empty: "no row would change",
    columns: &[
        Column::of("customer", "customer"),
        Column::of("partner", "partner"),
        Column::of("rows", "kind"),
        Column::of("row", "row"),
        Column::of("change", "change"),
        Column::of("field", "field"),
        Column::of("before", "before"),
        Column::of("after", "after"),
        Column::of("positions", "positions"),
    ],
};

fn print(report: &ImpactReport, format: Format, output: &mut Output) -> Result<(), Failure> {
    let fields: Vec<FieldLine<'_>> = report.rows.iter().flat_map(lines).collect();
    match format {
        Format::Json => {
            output.json(report)?;
            return output.flush();
        }
        Format::Csv => return render::rows(output, format, &FIELDS, &fields),
        Format::Table => {}
    }
    let other = match report.against.generation {
        Some(generation) => format!("the stored rows of fold {}, generation {generation}", report.against.fold),
        None => format!("saved rows of fold {}", report.against.fold),
    };
    output.line(&format!("folded {} entries by fold {}, compared with {other}", report.through, report.fold))?;
    if report.through < report.tree_size {
        let newer = report.tree_size - report.through;
        output.line(&format!("the newest {newer} entries are in none of these rows; this version can read them"))?;
    }
    output.line("")?;
    let kinds: Vec<KindLine<'_>> = report
        .kinds
        .iter()
        .map(|(kind, tally)| KindLine {
            kind,
            unchanged: tally.unchanged,
            changed: tally.changed,
            added: tally.added,
            removed: tally.removed,
        })
        .collect();
    render::rows(output, format, &KINDS, &kinds)?;
    if report.differing == 0 || !fields.is_empty() {
        output.line("")?;
        render::rows(output, format, &FIELDS, &fields)?;
    }
    let named = report.rows.len() as u64;
    if report.differing > 0 {
        let rest = if named < report.differing {
            format!("; {named} of them are named, --limit names more")
        } else {
            String::new()
        };
        output.line("")?;
        let rows = if report.differing == 1 { "row" } else { "rows" };
        output.line(&format!("{} {rows} would change{rest}", report.differing))?;
    }
    output.flush()
}

fn lines(row: &ImpactRow) -> impl Iterator<Item = FieldLine<'_>> {
    let ImpactRow { customer, partner, difference } = row;
    difference.fields.iter().map(move |field| FieldLine {
        customer: *customer,
        partner: *partner,
        kind: &difference.kind,
        row: &difference.row,
        change: difference.change,
        field: &field.field,
        before: field.before.as_ref().map(whole),
        after: field.after.as_ref().map(whole),
        positions: field.positions.iter().copied().collect(),
    })
}

/// A value that fits a cell: what has parts is shown as JSON, with their names.
fn whole(value: &Value) -> Value {
    match value {
        Value::Object(_) | Value::Array(_) => Value::String(value.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

impl From<ImpactError> for Failure {
    fn from(error: ImpactError) -> Self {
        match error {
            ImpactError::Stopped => Self::Stopped,
            ImpactError::Fold(error) => error.into(),
            error @ (ImpactError::Saved(_)
            | ImpactError::NothingStored
            | ImpactError::OtherLedger { .. }
            | ImpactError::NoSuchCustomer { .. }) => Self::Impact(error),
        }
    }
}
