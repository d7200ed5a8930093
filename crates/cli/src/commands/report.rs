//! `ofrecord report`: the whole dossier of a customer as one document, and the picture of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_report::{Basis, Entries, Report};
use ofrecord_views::{self as views, Period};

use super::coverage::check;
use crate::arguments::Format;
use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Partners};
use crate::session::Session;
use crate::whole_file;

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Without a file the document goes to the standard output, as Markdown unless said otherwise.
That it was made is recorded, before it leaves.

Examples:
  ofrecord report 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01 -o dossier.html
  ofrecord report 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --from 2023-01-01 --to 2024-01-01 --svg lanes.svg")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Write to this file, whole or not at all; its ending says the form: .md, .html or .json
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// As one self-contained HTML page, whatever the file is called
    #[arg(long, conflicts_with = "markdown")]
    html: bool,
    /// As Markdown, whatever the file is called
    #[arg(long)]
    markdown: bool,
    /// Write the picture alone to this file; the document too only if it is asked for
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// The picture from this instant on; without it, from the first fact
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// The picture up to this instant; without it, to a little beyond --as-of
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Which entries and rows of the timeline are listed
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Which::Cited)]
    entries: Which,
    #[command(flatten)]
    taking: Taking,
}

/// Which entries are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Everything that had happened by --as-of
    All,
    /// What an answer cites
    Cited,
    /// None, with their count
    None,
}

/// The form of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Markdown,
    Html,
    Json,
}

/// Writes the dossier.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    check(arguments.from, arguments.to)?;
    let form = form(arguments, session.global.format)?;
    session.interrupt.end_at_once();
    let inquiry = Inquiry::open_taking(session)?;
    let report = report(arguments, &inquiry)?;
    let picture = arguments.svg.as_ref().map(|path| (path, report.picture().svg()));
    let written = form.map(|form| written(&report, form)).transpose()?;
    let only = match (&picture, &written) {
        (Some((_, only)), None) | (None, Some(only)) => Some(only.as_bytes()),
        (Some(_), Some(_)) | (None, None) => None,
    };
    inquiry.disclose(&arguments.taking, DisclosureKind::Report, Some(arguments.customer), only, session)?;
    if let Some((path, svg)) = picture {
        whole_file::write_or_print(Some(path), svg.as_bytes(), session)?;
    }
    if let Some(written) = written {
        whole_file::write_or_print(arguments.output.as_deref(), written.as_bytes(), session)?;
    }
    Ok(Verdict::Done)
}

fn written(report: &Report, form: Form) -> Result<String, Failure> {
    Ok(match form {
        Form::Markdown => report.markdown(),
        Form::Html => report.html(),
        Form::Json => {
            let json = serde_json::to_string(&report.json()).map_err(|error| Failure::Output(error.into()))?;
            format!("{json}\n")
        }
    })
}

/// The form asked for; none when only the picture is.
fn form(arguments: &Arguments, format: Format) -> Result<Option<Form>, Failure> {
    let said = match (arguments.markdown, arguments.html, format) {
        (_, _, Format::Csv) => return Err(Failure::DossierAsCsv),
        (false, false, Format::Table) => None,
        (false, false, Format::Json) => Some(Form::Json),
        (true, _, Format::Table) => Some(Form::Markdown),
        (false, true, Format::Table) => Some(Form::Html),
        (_, _, Format::Json) => return Err(Failure::TwoForms),
    };
    match (said, &arguments.output) {
        (Some(form), _) => Ok(Some(form)),
        (None, Some(path)) => of_name(path).map(Some),
        (None, None) => Ok(arguments.svg.is_none().then_some(Form::Markdown)),
    }
}

fn of_name(path: &Path) -> Result<Form, Failure> {
    let ending = path.extension().map(|ending| ending.to_ascii_lowercase());
    match ending.as_deref().and_then(|ending| ending.to_str()) {
        Some("md" | "markdown") => Ok(Form::Markdown),
        Some("html" | "htm") => Ok(Form::Html),
        Some("json") => Ok(Form::Json),
        Some(_) | None => Err(Failure::FormOfFile { path: path.to_owned() }),
    }
}

fn report(arguments: &Arguments, inquiry: &Inquiry) -> Result<Report, Failure> {
    let record = inquiry.customer(arguments.customer)?;
    let mut partners = Partners::default();
    partners.learn(inquiry, &record)?;
    let dossier = views::dossier(&record, &partners.records_of(&record), &inquiry.viewpoint());
    let (basis, known_at) = (&inquiry.snapshot.basis, inquiry.snapshot.known_at);
    let basis =
        Basis { origin: basis.origin.clone(), tree_size: basis.tree_size, root: basis.root.to_string(), known_at };
    let listed = match arguments.entries {
        Which::All => Entries::All,
        Which::Cited => Entries::Cited,
        Which::None => Entries::None,
    };
    let mut report = Report::of(dossier, basis).listing(listed);
    if arguments.from.is_some() || arguments.to.is_some() {
        let usual = report.picture().period();
        let period = Period { from: arguments.from.unwrap_or(usual.from), to: arguments.to.unwrap_or(usual.to) };
        check(Some(period.from), Some(period.to))?;
        report = report.picturing(period);
    }
    let mut leaves = BTreeMap::new();
    for position in report.positions_listed() {
        leaves.insert(position, inquiry.reader.log().leaf_hash(position)?.to_string());
    }
    Ok(report.with_leaf_hashes(leaves))
}
