//! The background thread: it stores full index chunks and seals full segments, off the append path.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::shared::Shared;
use crate::contain::contain;
use crate::event_log::WriteState;
use crate::fault::FaultHook;
use crate::sealed;
use crate::segment::{Segment, SegmentWriter};

/// How many full index chunks may wait in memory before the writer waits for the index.
const CHUNKS_WAITING_MAX: usize = 8;

/// The thread, stopped and joined when dropped.
#[derive(Debug)]
pub(crate) struct Keeper {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

/// How the writer and the thread tell each other of work and of its end.
#[derive(Debug, Default)]
pub(crate) struct Signal {
    state: Mutex<SignalState>,
    changed: Condvar,
    stopping: AtomicBool,
}

#[derive(Debug, Default)]
struct SignalState {
    asked: u64,
    done: u64,
    running: bool,
    index_failure: Option<String>,
}

impl Signal {
    fn state(&self) -> MutexGuard<'_, SignalState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn there_is_work(&self) {
        self.state().asked += 1;
        self.changed.notify_all();
    }

    fn wait_while(&self, mut blocked: impl FnMut(&mut SignalState) -> bool) {
        let state = self.state();
        let waited = self.changed.wait_while(state, |state| blocked(state));
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn wait_until_idle(&self) {
        self.wait_while(|state| state.running && state.done < state.asked);
    }

    /// Keeps the writer from running so far ahead that memory is the limit.
    pub(crate) fn wait_for_index(&self, shared: &Shared) -> Result<(), String> {
        let behind = || shared.live().tail.waiting() > CHUNKS_WAITING_MAX;
        if !behind() {
            return Ok(());
        }
        let writable = || shared.live().write_state == WriteState::Writable;
        self.wait_while(|state| state.running && state.index_failure.is_none() && behind() && writable());
        match (behind(), self.state().index_failure.clone()) {
            (false, _) => Ok(()),
            (true, failure) => Err(format!(
                "the index does not follow: {}",
                failure.unwrap_or_else(|| "its thread has stopped".to_owned())
            )),
        }
    }
}

impl Keeper {
    pub(crate) fn start(shared: Arc<Shared>, fault: FaultHook) -> std::io::Result<Self> {
        {
            let mut state = shared.signal().state();
            state.running = true;
            state.asked += 1;
        }
        let worker = Worker { shared: Arc::clone(&shared), fault };
        let thread = std::thread::Builder::new().name("ofrecord-log-keeper".to_owned()).spawn(move || worker.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let signal = self.shared.signal();
        signal.stopping.store(true, Ordering::Release);
        signal.there_is_work();
        if let Some(thread) = self.thread.take() {
            // The worker contains its panics; there is nothing to learn from how it ended.
            drop(thread.join());
        }
    }
}

struct Worker {
    shared: Arc<Shared>,
    fault: FaultHook,
}

impl Worker {
    fn run(self) {
        let signal = self.shared.signal();
        loop {
            signal.wait_while(|state| state.done >= state.asked && !signal.stopping.load(Ordering::Acquire));
            let asked = signal.state().asked;
            if !self.must_stop() {
                self.store_chunks();
                self.seal_segments();
            }
            let mut state = signal.state();
            state.done = asked;
            state.running = !signal.stopping.load(Ordering::Acquire);
            let running = state.running;
            drop(state);
            signal.changed.notify_all();
            if !running {
                return;
            }
        }
    }

    /// Nothing more is written once the log is poisoned or being closed.
    fn must_stop(&self) -> bool {
        let poisoned = matches!(self.shared.live().write_state, WriteState::Poisoned { .. } | WriteState::ReadOnly(_));
        poisoned || self.shared.signal().stopping.load(Ordering::Acquire)
    }

    fn store_chunks(&self) {
        let Some(index) = self.shared.index() else {
            return;
        };
        while !self.must_stop() {
            let oldest = self.shared.live().tail.oldest_full();
            let Some(full) = oldest else {
                return;
            };
            let written = contain(|| index.write(&full.chunk, full.after, &self.fault));
            if let Err(cause) = written.and_then(|written| written) {
                self.shared.note(self.shared.directory().index(), cause.clone());
                self.shared.signal().state().index_failure = Some(cause);
                self.shared.signal().changed.notify_all();
                return;
            }
            let mut live = self.shared.live_mut();
            live.tail.forget_oldest();
            live.indexed_through = full.after.size;
            drop(live);
            let signal = self.shared.signal();
            signal.state().index_failure = None;
            signal.changed.notify_all();
            if let Err(cause) = contain(|| index.bring_together()).and_then(|done| done) {
                self.shared.note(self.shared.directory().index(), cause);
            }
        }
    }

    fn seal_segments(&self) {
        while !self.must_stop() {
            let Some(root) = self.shared.live().unsealed.segment_root() else {
                return;
            };
            let sealed = contain(|| self.seal(root)).and_then(|sealed| sealed);
            match sealed {
                Ok(segment) => {
                    tracing::info!(first = segment.first(), "sealed a segment");
                    let mut live = self.shared.live_mut();
                    live.sealed.push(Arc::new(segment));
                    live.unsealed.forget_segment();
                }
                Err(cause) => {
                    self.shared.note(self.shared.directory().segments(), cause);
                    return;
                }
            }
        }
    }

    /// Writes the next segment from what the store really holds.
    fn seal(&self, root: crate::Hash) -> Result<Segment, String> {
        let (place, frontier) = {
            let live = self.shared.live();
            sealed::next(&self.shared.identity().origin, live.sealed.last().map(Arc::as_ref))
        };
        let store = self.shared.store().ok_or("there is no store")?;
        let folder = self.shared.directory().segments();
        let writer = SegmentWriter::filled_from(store, &folder, &place, frontier)?;
        writer.finish(root, &self.fault)
    }
}
