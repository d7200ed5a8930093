//! Long work beside a live writer: on threads that give way to every other thread of the process.

use rayon::{ThreadPool, ThreadPoolBuilder};

/// How much less of a processor such a thread asks for than another, in the system's own steps from 0 to 19.
///
/// Not the most: a thread that holds a lock of the store must go on before long, or who waits for it waits as well.
const NICENESS: i32 = 10;

/// As many threads as there are cores, which leave the cores to whoever else wants them.
///
/// Each long work has threads of its own: one that waits for its parts takes up whatever else its threads are given,
/// and would wait for itself where that needs a lock which it holds.
pub(crate) struct GivingWay(Option<ThreadPool>);

impl GivingWay {
    /// Starts the threads. Where the system has none to give, the work is done by whoever asks for it.
    pub(crate) fn start() -> Self {
        let threads = ThreadPoolBuilder::new().thread_name(|number| format!("ofrecord-long-{number}"));
        Self(threads.start_handler(|_| give_way()).build().ok())
    }

    /// Does some work on these threads.
    pub(crate) fn work<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.0 {
            Some(threads) => threads.install(work),
            None => work(),
        }
    }
}

/// Does one long work on threads that give way.
pub(crate) fn giving_way<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    GivingWay::start().work(work)
}

/// Lets the calling thread give way; where the system does not know priorities of threads, it goes on as before.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "long work goes on without giving way");
    }
}
