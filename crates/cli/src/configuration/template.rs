//! A file with every setting, as a comment, to begin with.

use clap::{Arg, CommandFactory as _};

use super::{Takes, flag, limits, settings_of, variable_of};
use crate::arguments::Arguments;

const HEAD: &str = "\
# Settings of `ofrecord serve --config FILE`, each with what holds where it is left out.
# A flag comes before a variable of the environment, and that before this file.
# A path that does not begin with / is one from the folder of this file on.
";

/// What stands above the limits.
const LIMITS: &str = "
# Limits, which the file alone sets; they can also stand below [limits], without that word before each
";

const WEBHOOK: &str = "
# Receivers that events are sent to, as many as there are tables; the file alone names them
# [[webhook]]
# name = \"billing\"                       # small letters, digits and -; how far it has come is kept under it
# url = \"https://receiver.example/hook\"  # over https, and at a public address
# secret_file = \"billing.secret\"         # `whsec_` and 24 to 64 bytes as Base64, as the receiver has it
# role = \"auditor\"                       # as whom it sees: an auditor, or a partner_user or customer_admin of `tenant`
# tenant = \"GUID\"                        # the partner whose share it sees, or the customer whose tenant
# customer = \"GUID\"                      # only entries about this customer
# partner = \"GUID\"                       # only entries that name this partner
# type = \"NAME\"                          # only this event or command
# from = 0                               # begin at this position; without it, with what is recorded from then on
# allow_private = false                  # whether it may be at a private address, and without TLS
";

/// Every setting: what it means, the flag and the variable that say the same, and its value where nothing is said.
pub(crate) fn template() -> String {
    let settings = settings_of(&mut Arguments::command());
    let text = settings.iter().map(setting).fold(HEAD.to_owned(), |text, setting| text + "\n" + &setting);
    text + LIMITS + &limits::template() + WEBHOOK
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
