//! A file with every setting, as a comment, to begin with.

use clap::{Arg, CommandFactory as _};

use super::{Takes, flag, settings_of, variable_of};
use crate::arguments::Arguments;

const HEAD: &str = "\
# Settings of `ofrecord serve --config FILE`, each with what holds where it is left out.
# A flag comes before a variable of the environment, and that before this file.
# A path that does not begin with / is one from the folder of this file on.
";

/// Every setting: what it means, the flag and the variable that say the same, and its value where nothing is said.
pub(crate) fn template() -> String {
    let settings = settings_of(&mut Arguments::command());
    settings.iter().map(setting).fold(HEAD.to_owned(), |text, setting| text + "\n" + &setting)
}

fn setting(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let (key, variable) = (arg.get_id(), variable_of(arg));
    format!("# {help}\n# {}, {variable}\n# {key} = {}\n", flag(arg), value(arg))
}

fn value(arg: &Arg) -> String {
    match Takes::of(arg) {
        Takes::Switch => "false".to_owned(),
        Takes::Count => "0".to_owned(),
        Takes::Text => {
            let default = arg.get_default_values().first().and_then(|value| value.to_str());
            let name = arg.get_value_names().and_then(|names| names.first()).map(|name| name.as_str());
            format!("\"{}\"", default.or(name).unwrap_or_default())
        }
    }
}
