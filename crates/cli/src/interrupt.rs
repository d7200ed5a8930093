//! Ctrl-C: a request to stop at the next safe place, heard by whoever waits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::failure::Verdict;

/// Whether the operator asked to stop. Cheap to clone; all clones hear the same request.
#[derive(Clone, Default)]
pub(crate) struct Interrupt {
    requested: Arc<AtomicBool>,
    /// Whether there is nothing to be done before the process ends.
    at_once: Arc<AtomicBool>,
    /// Called once, on the signal's own thread; held only while the list is changed or called.
    wakers: Arc<Mutex<Vec<Waker>>>,
}

type Waker = Box<dyn Fn() + Send>;

impl Interrupt {
    /// Listens for Ctrl-C and for the signals by which a system asks a process to end.
    ///
    /// The first one asks for a stop, where there is anything to finish; the second ends the process at once,
    /// which loses nothing that was acknowledged: the ledger stands any sudden end.
    pub(crate) fn listening() -> Self {
        let interrupt = Self::default();
        let heard = interrupt.clone();
        let listening = ctrlc::set_handler(move || {
            let again = heard.requested.swap(true, Ordering::SeqCst);
            if again || heard.at_once.load(Ordering::SeqCst) {
                std::process::exit(Verdict::Interrupted.code());
            }
            for wake in heard.wakers.lock().iter().flat_map(|wakers| wakers.iter()) {
                wake();
            }
        });
        if let Err(error) = listening {
            // Without a listener Ctrl-C ends the process at once, which is safe; it is only less polite.
            tracing::warn!(%error, "could not listen for Ctrl-C");
        }
        interrupt
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
}
