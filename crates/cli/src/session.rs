//! One run of the binary: what was asked for, where it prints, and whether it should stop.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use ofrecord_core::Timestamp;
use ofrecord_ledger::Clock;
use ofrecord_ledger::clock::SetClock;

use crate::arguments::Global;
use crate::configuration::Settings;
use crate::failure::{Failure, Verdict};
use crate::interrupt::Interrupt;
use crate::output::Output;
use crate::progress::{Bar, Told};

/// Whether colours are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// They are.
    On,
    /// They are not.
    Off,
}

/// One run of the binary.
#[derive(Clone)]
pub(crate) struct Session {
    /// What every command shares.
    pub(crate) global: Global,
    /// Whether it should stop.
    pub(crate) interrupt: Interrupt,
    /// What the command is told, and from where.
    pub(crate) settings: Settings,
    /// Who is told of progress instead of the terminal, and says whether to stop.
    told: Option<Told>,
}

impl Session {
    /// Starts to listen for Ctrl-C.
    pub(crate) fn new(global: Global, settings: Settings) -> Self {
        Self { global, interrupt: Interrupt::listening(), settings, told: None }
    }

    /// The same for work that somebody else watches: they are told of its progress and say whether to stop.
    pub(crate) fn watched_by(&self, told: Told) -> Self {
        let mut watched = Self { told: Some(told), ..self.clone() };
        watched.global.quiet = true;
        watched
    }

    /// Where answers go.
    pub(crate) fn output(&self) -> Output {
        Output::new(self.colour(anstream::AutoStream::choice(&std::io::stdout())))
    }

    /// The clock by which commands are recorded and the present is told.
    pub(crate) fn clock(&self) -> Clock {
        match self.global.clock {
            Some(instant) => Clock::Set(SetClock::at(instant)),
            None => Clock::Machine,
        }
    }

    /// The instant asked about.
    pub(crate) fn as_of(&self) -> Timestamp {
        self.global.as_of.unwrap_or_else(|| self.clock().now())
    }

    /// A progress bar, drawn only on a terminal and never with `--quiet`.
    pub(crate) fn bar(&self, doing: &'static str) -> Bar {
        if let Some(told) = &self.told {
            return Bar::told(Arc::clone(told), self.interrupt.clone());
        }
        if self.global.quiet || !std::io::stderr().is_terminal() {
            return Bar::hidden(self.interrupt.clone());
        }
        Bar::drawn(doing, self.interrupt.clone())
    }

    /// Says something beside the answer, on the standard error, unless it should be quiet.
    pub(crate) fn remark(&self, text: &str) {
        if !self.global.quiet {
            self.say("", Style::new(), text);
        }
    }

    /// Says what an operator should know, `--quiet` or not.
    pub(crate) fn warn(&self, text: &str, hint: &str) {
        self.say("warning: ", AnsiColor::Yellow.on_default().bold(), text);
        self.say("hint: ", AnsiColor::Cyan.on_default().bold(), hint);
    }

    /// Says what went wrong and what to do, and gives the exit code.
    pub(crate) fn tell_failure(&self, failure: &Failure) -> ExitCode {
        if failure.is_reader_gone() {
            return Verdict::Done.exit_code();
        }
        self.say("error: ", AnsiColor::Red.on_default().bold(), &format!("could not {failure}"));
        if let Some(hint) = failure.hint() {
            self.say("hint: ", AnsiColor::Cyan.on_default().bold(), &hint);
        }
        failure.exit_code()
    }

    fn say(&self, label: &str, style: Style, text: &str) {
        let mut stderr = std::io::stderr().lock();
        let written = match self.colour(anstream::AutoStream::choice(&std::io::stderr())) {
            Colour::On => writeln!(stderr, "{style}{label}{style:#}{text}"),
            Colour::Off => writeln!(stderr, "{label}{text}"),
        };
        // Nobody is left to be told when the standard error is closed.
        drop(written);
    }

    fn colour(&self, choice: ColorChoice) -> Colour {
        match choice {
            ColorChoice::Never => Colour::Off,
            ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always if self.global.no_color => Colour::Off,
            ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always => Colour::On,
        }
    }
}
