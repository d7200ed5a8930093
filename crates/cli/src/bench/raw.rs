//! The physical limit: entries of the same size appended to a plain file by one committer, one fdatasync per group.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Bytes of one entry, near the mean of the generated history.
const ENTRY_BYTES: usize = 1_000;
/// Entries in one group, as in the ledger's writer.
const GROUP_MAX: usize = 1_024;

/// Whether a second small file is written and synced with each group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Witness {
    /// It is.
    With,
    /// It is not.
    Without,
}

/// What a submitter is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Its entry is on the device.
    Durable,
    /// The slot is over; its entry was not written.
    Over,
}

fn answer(reply: &mpsc::SyncSender<Answer>, answer: Answer) {
    if reply.send(answer).is_err() {
        tracing::trace!("a submitter has left without its answer");
    }
}

/// Entries that `submitters` threads get acknowledged in a second, each waiting for its own before the next.
pub(crate) fn appended_per_second(path: &Path, submitters: usize, slot: Duration, witness: Witness) -> io::Result<f64> {
    let mut file = File::create(path)?;
    let head = match witness {
        Witness::With => Some(tempfile_beside(path)?),
        Witness::Without => None,
    };
    let (queue, jobs) = mpsc::sync_channel::<mpsc::SyncSender<Answer>>(4_096);
    let done = AtomicBool::new(false);
    let acknowledged = AtomicU64::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| -> io::Result<()> {
        for _ in 0..submitters {
            let queue = queue.clone();
            let (done, acknowledged) = (&done, &acknowledged);
            scope.spawn(move || {
                let (reply, answered) = mpsc::sync_channel(1);
                while !done.load(Ordering::Relaxed) {
                    if queue.send(reply.clone()).is_err() {
                        return;
                    }
                    match answered.recv() {
                        Ok(Answer::Durable) => acknowledged.fetch_add(1, Ordering::Relaxed),
                        Ok(Answer::Over) | Err(_) => return,
                    };
                }
            });
        }
        drop(queue);
        let committed = commit_groups(&mut file, head.as_ref(), &jobs, began, slot, &done);
        done.store(true, Ordering::Relaxed);
        // What still waits is let go unacknowledged: a submitter holds a sender itself, so silence would not do.
        while let Ok(reply) = jobs.recv() {
            answer(&reply, Answer::Over);
        }
        committed
    })?;
    let count = acknowledged.load(Ordering::Relaxed);
    Ok(per_second(count, began.elapsed()))
}

fn commit_groups(
    file: &mut File,
    head: Option<&File>,
    jobs: &mpsc::Receiver<mpsc::SyncSender<Answer>>,
    began: Instant,
    slot: Duration,
    done: &AtomicBool,
) -> io::Result<()> {
    let entry = [b'x'; ENTRY_BYTES];
    let mut group = Vec::with_capacity(GROUP_MAX);
    let mut bytes = Vec::new();
    while let Ok(first) = jobs.recv() {
        group.push(first);
        while group.len() < GROUP_MAX {
            let Ok(next) = jobs.try_recv() else { break };
            group.push(next);
        }
        bytes.clear();
        for _ in &group {
            bytes.extend_from_slice(&entry);
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
        if let Some(head) = head {
            head.write_all_at(&[0; 128], 0)?;
            head.sync_data()?;
        }
        let over = began.elapsed() >= slot;
        if over {
            done.store(true, Ordering::Relaxed);
        }
        for reply in group.drain(..) {
            answer(&reply, Answer::Durable);
        }
        if over {
            return Ok(());
        }
    }
    Ok(())
}

fn tempfile_beside(path: &Path) -> io::Result<File> {
    let head = path.with_extension("head");
    let file = File::create(&head)?;
    // The open file is enough; its name would only be left behind.
    std::fs::remove_file(&head)?;
    Ok(file)
}

/// A count over a time, per second.
#[expect(clippy::cast_precision_loss, reason = "counts of a benchmark are far below 2^52")]
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(f64::EPSILON)
}
