//! Progress on the standard error: how far, how fast, and how long still; nothing where there is no terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use ofrecord_ledger::Progress;

use crate::interrupt::Interrupt;

/// Redraws in a second, at most.
const REDRAWS_PER_SECOND: u8 = 10;
/// Work that is done sooner shows no bar: it would only flicker.
const SHOWN_AFTER: Duration = Duration::from_millis(300);
const TEMPLATE: &str = "{msg:>12} {wide_bar} {human_pos}/{human_len} {rate} ETA {eta}";

/// Somebody who is told of progress, and says whether to stop.
pub(crate) type Told = Arc<dyn Progress + Send + Sync>;

/// A bar that long work advances, and by which it learns that it should stop.
pub(crate) struct Bar {
    bar: ProgressBar,
    /// Whether it is to be drawn once the work turns out to be long.
    waiting: AtomicBool,
    interrupt: Interrupt,
    told: Option<Told>,
}

impl Bar {
    /// A bar that nobody sees.
    pub(crate) fn hidden(interrupt: Interrupt) -> Self {
        Self { bar: ProgressBar::hidden(), waiting: AtomicBool::new(false), interrupt, told: None }
    }

    /// A bar that nobody sees, and that somebody is told of.
    pub(crate) fn told(told: Told, interrupt: Interrupt) -> Self {
        Self { bar: ProgressBar::hidden(), waiting: AtomicBool::new(false), interrupt, told: Some(told) }
    }

    /// A bar on the standard error.
    pub(crate) fn drawn(doing: &'static str, interrupt: Interrupt) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key("rate", |state: &ProgressState, to: &mut dyn std::fmt::Write| {
            // Writing to the bar's own text cannot fail.
            write!(to, "{:.0}/s", state.per_sec()).unwrap_or_default();
        }));
        bar.set_message(doing);
        Self { bar, waiting: AtomicBool::new(true), interrupt, told: None }
    }

    /// Tells how far it is.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
        }
        if self.bar.elapsed() > SHOWN_AFTER && self.waiting.swap(false, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND));
        }
        self.bar.set_position(done);
    }

    /// Whether the operator, or whoever is told of progress, asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.told.as_ref().map_or_else(|| self.interrupt.requested(), |told| told.cancelled())
    }
}

impl Progress for Bar {
    fn advance(&self, stage: &'static str, done: u64, total: u64) {
        if let Some(told) = &self.told {
            told.advance(stage, done, total);
        }
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
