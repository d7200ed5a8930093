//! Signals: a request to stop at the next safe place, heard by whoever waits, and one to read again.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::Verdict;

/// Whether the operator asked to stop. Cheap to clone; all clones hear the same request.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    requested: Arc<AtomicBool>,
    /// Whether there is nothing to be done before the process ends.
    at_once: Arc<AtomicBool>,
    /// Called once, on the signal's own thread; held only while the list is changed or called.
    wakers: Arc<Mutex<Vec<Waker>>>,
    /// Called for each SIGHUP; where there is none, that asks for a stop like the others.
    reader: Arc<Mutex<Option<Waker>>>,
}

type Waker = Box<dyn Fn() + Send>;

impl Interrupt {
    /// Listens for Ctrl-C and for the signals by which a system asks a process to end.
    ///
    /// The first one asks for a stop, where there is anything to finish; the second ends the process at once,
    /// which loses nothing that was acknowledged: the ledger stands any sudden end.
    pub(crate) fn listening() -> Self {
        let interrupt = Self::default();
        if let Err(error) = interrupt.listen() {
            // Without a listener Ctrl-C ends the process at once, which is safe; it is only less polite.
            tracing::warn!(%error, "could not listen for Ctrl-C");
        }
        interrupt
    }

    fn listen(&self) -> io::Result<()> {
        let (mut signals, heard) = (Signals::new([SIGINT, SIGTERM, SIGHUP])?, self.clone());
        let listening = thread::Builder::new().name("ofrecord-signals".to_owned());
        let listening = listening.spawn(move || {
            for signal in signals.forever() {
                if signal != SIGHUP || !heard.reads_again() {
                    heard.stop();
                }
            }
        });
        listening.map(drop)
    }

    fn stop(&self) {
        let again = self.requested.swap(true, Ordering::SeqCst);
        if again || self.at_once.load(Ordering::SeqCst) {
            std::process::exit(Verdict::Interrupted.code());
        }
        for wake in self.wakers.lock().iter().flat_map(|wakers| wakers.iter()) {
            wake();
        }
    }

    fn reads_again(&self) -> bool {
        self.reader.lock().is_ok_and(|reader| reader.as_ref().map(|read| read()).is_some())
    }

    /// From here on the first request ends the process at once: it only reads.
    pub(crate) fn end_at_once(&self) {
        self.at_once.store(true, Ordering::SeqCst);
    }

    /// Whether a stop was asked for.
    pub(crate) fn requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    /// Has `wake` called when a stop is asked for. It must not block.
    pub(crate) fn on_request(&self, wake: impl Fn() + Send + 'static) {
        if let Ok(mut wakers) = self.wakers.lock() {
            wakers.push(Box::new(wake));
        }
    }
    /// Has `read` called for each SIGHUP, which asks for no stop from here on. It must not block.
    pub(crate) fn on_hangup(&self, read: impl Fn() + Send + 'static) {
        if let Ok(mut reader) = self.reader.lock() {
            *reader = Some(Box::new(read));
        }
    }
}
