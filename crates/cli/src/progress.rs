//! Progress on the standard error: how far, how fast, and how long still; nothing where there is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use ofrecord_ledger::Progress;

use crate::interrupt::Interrupt;

/// Redraws in a second, at most.
const REDRAWS_PER_SECOND: u8 = 10;
const STEADY: Duration = Duration::from_millis(250);
const TEMPLATE: &str = "{msg:>12} {wide_bar} {human_pos}/{human_len} {per_sec} ETA {eta}";

/// A bar that long work advances, and by which it learns that it should stop.
pub(crate) struct Bar {
    bar: ProgressBar,
    interrupt: Interrupt,
}

impl Bar {
    /// A bar that nobody sees.
    pub(crate) fn hidden(interrupt: Interrupt) -> Self {
        Self { bar: ProgressBar::hidden(), interrupt }
    }

    /// A bar on the standard error.
    pub(crate) fn drawn(doing: &'static str, interrupt: Interrupt) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND));
        bar.set_style(ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(doing);
        bar.enable_steady_tick(STEADY);
        Self { bar, interrupt }
    }

    /// Tells how far it is.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }

    /// Whether the operator asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.interrupt.requested()
    }
}

impl Progress for Bar {
    fn advance(&self, stage: &'static str, done: u64, total: u64) {
        if self.bar.message() != stage {
            self.bar.set_message(stage);
            self.bar.reset_eta();
        }
        self.at(done, total);
    }

    fn cancelled(&self) -> bool {
        self.is_stopped()
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
