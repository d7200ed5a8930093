//! What the server is told: by its flags, else by the environment, else by a file, else by what holds without any.
//!
//! The file and the environment are put in as the flags that they stand for, so that one reader, that of the command
//! line, says what is valid; where it refuses what the file says, the refusal names the file and the key.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser as _};
use ofrecord_server::Limits;
use serde::Serialize;

use self::file::{File, Unusable};
use crate::arguments::Arguments;

mod file;
mod limits;
mod template;
mod webhook;

pub(crate) use self::template::template;
pub(crate) use self::webhook::WebhookSettings;

/// The command that has a file.
const SERVE: &str = "serve";
/// Flags that say what one run is to do, rather than how a server is.
const NOT_SETTINGS: &[&str] =
    &["config", "check", "print_config", "help", "version", "format", "as_of", "known_at", "clock"];
/// What begins the names of variables.
const PREFIX: &str = "OFRECORD_";

/// What a server is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    /// Each setting, in the order of the help.
    pub(crate) all: Vec<Setting>,
    /// The receivers of events, which the file alone names.
    pub(crate) webhooks: Vec<WebhookSettings>,
    /// The limits, which the file alone sets.
    pub(crate) limits: Limits,
}

/// A setting.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Setting {
    setting: String,
    value: Option<String>,
    from: String,
}

/// Reads the command line, with the environment and the file where it is that of a server; whatever is wrong ends the
/// process with a sentence.
pub(crate) fn arguments() -> (Arguments, Settings) {
    let given: Vec<OsString> = std::env::args_os().collect();
    // Only to see which command it is and what was given; what is wrong with it is told below.
    let matches = Arguments::command().ignore_errors(true).try_get_matches_from(&given);
    let serve = matches.as_ref().ok().and_then(|matches| matches.subcommand_matches(SERVE));
    match serve {
        Some(serve) => of_server(given, serve),
        None => (Arguments::parse_from(given), Settings::default()),
    }
}

/// The settings of the server, as the help lists them.
fn settings_of(command: &mut Command) -> Vec<Arg> {
    command.build();
    let serve = command.find_subcommand(SERVE);
    let all = serve.into_iter().flat_map(Command::get_arguments);
    all.filter(|arg| !NOT_SETTINGS.contains(&arg.get_id().as_str())).cloned().collect()
}

fn of_server(mut given: Vec<OsString>, matches: &ArgMatches) -> (Arguments, Settings) {
    let mut command = Arguments::command();
    let known = settings_of(&mut command);
    let path = matches.try_get_one::<PathBuf>("config").ok().flatten().cloned();
    let file = path.map(|path| File::read(&path, &known).unwrap_or_else(|unusable| refuse(&unusable)));
    let mut from: BTreeMap<String, String> = BTreeMap::new();
    for arg in &known {
        let key = arg.get_id().as_str();
        let source = matches.value_source(key);
        if source.is_some_and(|source| source != ValueSource::DefaultValue) {
            continue;
        }
        let variable = variable_of(arg);
        let (flags, origin) = match (std::env::var(&variable), file.as_ref().and_then(|file| file.flags(key))) {
            (Ok(text), _) => match flags_of_text(arg, &text) {
                Ok(flags) => (flags, variable),
                Err(problem) => refuse(&Unusable::variable(&variable, problem)),
            },
            (Err(_), Some(flags)) => (flags.to_vec(), file.as_ref().map(File::name).unwrap_or_default()),
            (Err(_), None) => continue,
        };
        given.extend(flags);
        from.insert(key.to_owned(), origin);
    }
    let matches = command.try_get_matches_from(&given);
    let matches = matches.unwrap_or_else(|error| refused(&error, &known, &from));
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let settings = matches.subcommand_matches(SERVE).map(|serve| stated(serve, &known, &from));
    let mut settings = settings.unwrap_or_default();
    settings.limits = file.as_ref().map(|file| file.limits).unwrap_or_default();
    settings.all.extend(limits::stated(settings.limits, file.as_ref().map(File::name).as_deref()));
    if let Some(file) = file {
        settings.all.extend(file.webhooks.iter().map(|webhook| webhook.stated(&file.name())));
        settings.webhooks = file.webhooks;
    }
    (arguments, settings)
}

/// The variable that says the same as a flag.
fn variable_of(arg: &Arg) -> String {
    let own = arg.get_env().and_then(|name| name.to_str()).map(str::to_owned);
    own.unwrap_or_else(|| format!("{PREFIX}{}", arg.get_id().as_str().to_uppercase()))
}

/// A flag as it stands on a command line.
fn flag(arg: &Arg) -> String {
    format!("--{}", arg.get_long().unwrap_or_default())
}

/// What a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// It is on or off.
    Switch,
    /// How often its flag is given.
    Count,
    /// A text.
    Text,
}

impl Takes {
    fn of(arg: &Arg) -> Self {
        if matches!(arg.get_action(), ArgAction::SetTrue) {
            Self::Switch
        } else if matches!(arg.get_action(), ArgAction::Count) {
            Self::Count
        } else {
            Self::Text
        }
    }
}

/// The flags that a text of the environment stands for.
fn flags_of_text(arg: &Arg, text: &str) -> Result<Vec<OsString>, String> {
    match Takes::of(arg) {
        Takes::Switch => match text {
            "true" => Ok(vec![flag(arg).into()]),
            "false" => Ok(Vec::new()),
            _ => Err("write true or false".to_owned()),
        },
        Takes::Count => {
            let count: u8 = text.parse().map_err(|_| "write a number such as 1".to_owned())?;
            Ok((0..count).map(|_| flag(arg).into()).collect())
        }
        Takes::Text => Ok(vec![format!("{}={text}", flag(arg)).into()]),
    }
}

/// Whether a setting is the path of a file or a folder.
fn is_path(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == TypeId::of::<PathBuf>()
}

/// What is used, and from where.
fn stated(serve: &ArgMatches, known: &[Arg], from: &BTreeMap<String, String>) -> Settings {
    let setting = |arg: &Arg| {
        let key = arg.get_id().as_str();
        let from = match (from.get(key), serve.value_source(key)) {
            (Some(origin), _) => origin.clone(),
            (None, Some(ValueSource::CommandLine)) => "flag".to_owned(),
            (None, Some(ValueSource::EnvVariable)) => variable_of(arg),
            (None, Some(_) | None) => "default".to_owned(),
        };
        Setting { setting: key.to_owned(), value: value_of(serve, arg), from }
    };
    Settings { all: known.iter().map(setting).collect(), ..Settings::default() }
}

fn value_of(serve: &ArgMatches, arg: &Arg) -> Option<String> {
    let key = arg.get_id().as_str();
    match Takes::of(arg) {
        Takes::Switch => Some(serve.get_flag(key).to_string()),
        Takes::Count => Some(serve.get_count(key).to_string()),
        Takes::Text => {
            let raw = serve.try_get_raw(key).ok().flatten()?;
            let texts: Vec<String> = raw.map(|text| text.to_string_lossy().into_owned()).collect();
            Some(texts.join(", "))
        }
    }
}

/// Ends the process with what the reader of the command line refuses; where that came from elsewhere, it says from where.
fn refused(error: &clap::Error, known: &[Arg], from: &BTreeMap<String, String>) -> ! {
    let named: Vec<String> = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(one)) => vec![one.clone()],
        Some(ContextValue::Strings(several)) => several.clone(),
        Some(_) | None => Vec::new(),
    };
    let named: Vec<&Arg> = known
        .iter()
        .filter(|arg| named.iter().any(|text| text.split([' ', '=']).next() == Some(flag(arg).as_str())))
        .collect();
    let keys: Vec<&str> = named.iter().map(|arg| arg.get_id().as_str()).collect();
    if error.kind() == ErrorKind::MissingRequiredArgument
        && let Some(origin) = from.values().next().filter(|_| !keys.is_empty())
    {
        let problem = format!("`{}` goes with what it says: write it too", keys.join("`, `"));
        refuse(&Unusable { origin: origin.clone(), key: None, problem });
    }
    if let Some((key, origin)) = keys.iter().find_map(|key| Some((*key, from.get(*key)?))) {
        let problem = std::error::Error::source(error).map_or_else(|| error.kind().to_string(), ToString::to_string);
        refuse(&Unusable { origin: origin.clone(), key: Some(key.to_owned()), problem });
    }
    error.exit()
}

/// Ends the process as the reader of the command line does.
fn refuse(unusable: &Unusable) -> ! {
    Arguments::command().error(ErrorKind::ValueValidation, unusable.to_string()).exit()
}

/// A path of a file is one from the folder of that file on.
fn from_folder_of(file: &Path, path: &str) -> PathBuf {
    file.parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}
