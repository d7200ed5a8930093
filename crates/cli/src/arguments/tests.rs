//! The argument types fit together, and every command shows an example.

use clap::CommandFactory;

use super::Arguments;

#[test]
fn the_arguments_fit_together() {
    Arguments::command().debug_assert();
}

#[test]
fn every_command_shows_an_example() {
    for command in Arguments::command().get_subcommands() {
        let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let name = command.get_name();
        assert!(example.contains(&format!("ofrecord {name}")), "`{name}` has no example in its help");
    }
}

#[test]
fn every_option_says_what_it_is_for() {
    for command in Arguments::command().get_subcommands() {
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "`{}` of `{}`", argument.get_id(), command.get_name());
        }
    }
}
