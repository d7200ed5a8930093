//! The command line as types: what every command shares, and the exit codes that the help states.

use std::path::{Path, PathBuf};

use clap::builder::styling::AnsiColor;
use clap::builder::{PathBufValueParser, PossibleValuesParser, Styles, TypedValueParser};
use clap::{ArgAction, Args, Parser, ValueEnum};
use ofrecord_core::{Cloud, Timestamp};

use crate::commands::Command;
use ofrecord_ledger::known::{KnownArgument, known_at};

/// Shown below the list of commands.
const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  the machine failed: no such ledger, a read or write error, damage
    2  invalid input or arguments
    3  a command was refused, or conflicts with what is recorded
    4  a check found something
  130  interrupted

Example:
  ofrecord init && ofrecord submit commands.jsonl && ofrecord stats";

/// The ledger of record for cloud reseller relationships.
#[derive(Debug, Parser)]
#[command(name = "ofrecord", version, after_help = EXIT_CODES, arg_required_else_help = true, styles = STYLES)]
#[command(max_term_width = 100, disable_help_subcommand = true, infer_long_args = false)]
pub(crate) struct Arguments {
    /// What every command shares.
    #[command(flatten)]
    pub(crate) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command shares.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// The ledger's folder
    #[arg(long, global = true, value_name = "DIR", env = "OFRECORD_LEDGER", hide_env_values = true)]
    #[arg(default_value = "./ledger", value_parser = folder(), help_heading = "Global options")]
    pub(crate) ledger: PathBuf,

    /// The folder of the ledger's private keys; without it, the ledger's name with `.keys` after it
    #[arg(long, global = true, value_name = "DIR", env = "OFRECORD_KEYS", hide_env_values = true)]
    #[arg(value_parser = folder(), help_heading = "Global options")]
    pub(crate) keys: Option<PathBuf>,

    /// How answers are printed
    #[arg(long, global = true, value_enum, default_value_t = Format::Table, help_heading = "Global options")]
    pub(crate) format: Format,

    /// Ask about this instant in the world; without it, about the present
    ///
    /// RFC 3339 with `Z` or an offset, or a date, which is its midnight in UTC.
    #[arg(long, global = true, value_name = "TIME", help_heading = "Global options")]
    pub(crate) as_of: Option<Timestamp>,

    /// Ask by what was known then; without it, by everything in the ledger
    ///
    /// A time counts what was recorded up to it; a position, what was recorded up to that entry;
    /// `@SIZE`, the tree of that size.
    #[arg(long, global = true, value_name = "TIME|POSITION|@SIZE", value_parser = known_at)]
    #[arg(help_heading = "Global options")]
    pub(crate) known_at: Option<KnownArgument>,

    /// Print no summaries and no progress
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,

    /// Print no colours; NO_COLOR does the same
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) no_color: bool,

    /// Trace to the standard error; twice for more, or set OFRECORD_LOG
    #[arg(long, short, global = true, action = ArgAction::Count, help_heading = "Global options")]
    pub(crate) verbose: u8,

    /// Take this instant for the present; for tests
    #[arg(long, global = true, value_name = "TIME", hide = true)]
    pub(crate) clock: Option<Timestamp>,
}

/// How answers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// One line of JSON with the basis of the answer
    Json,
    /// One header and a line per row; lists joined by `;`
    Csv,
}

/// Reads a folder's name. One without any parent gets the present folder as its parent, by name: the names
/// made in a folder are made durable by syncing it, and a folder without a name cannot be opened.
pub(crate) fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new(".").join(path),
        Some(_) | None => path,
    })
}

/// Reads the name of a cloud.
pub(crate) fn cloud() -> impl TypedValueParser<Value = Cloud> {
    PossibleValuesParser::new(Cloud::ALL.map(Cloud::as_str))
        .try_map(|word| Cloud::from_name(&word).ok_or("no policy has this name"))
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

#[cfg(test)]
mod tests;
