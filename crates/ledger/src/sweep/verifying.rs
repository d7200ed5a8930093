//! A verification of the log that decodes along: each entry is unpacked and its envelope read once for both.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use ofrecord_log::{Along, LogChecker, LogReader, OnProgress, VerifyReport};
use ofrecord_views::Told;

use super::decoding::{BOUNDS, Decoded, Filling, Met, first_pass, give, read_along, sweep_decoding};
use super::facts::StreamFacts;
use super::{Swept, progress_of};
use crate::codec::DecodeError;
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::Reading;

/// How many entries that cannot be decoded are kept until they are met; with more, the log is read again.
const UNDECODED_MAX: usize = 10_000;

/// What a verification has decoded along.
#[must_use]
pub struct DecodedAlong {
    known_below: u64,
    /// `None` where the log is not sound: then nobody knows what was read.
    kept: Option<Kept>,
}

/// The first pass as it was filled, and the entries that could not be decoded.
struct Kept {
    filling: Filling,
    listed: Result<Option<String>, ReadFailure>,
    undecoded: Vec<(u64, DecodeError)>,
}

/// Verifies the log as [`LogChecker::verify_until`] does, and decodes every entry from the bytes that were compared and
/// hashed; `log` reads what `checker` verifies. `None` where it was told to stop.
pub fn verify_decoding(
    checker: &LogChecker,
    log: &dyn LogReader,
    stop: &AtomicBool,
    progress: &mut OnProgress<'_>,
) -> Option<(VerifyReport, DecodedAlong)> {
    let verification = checker.begin();
    // Named after the head was taken, so that the streams of all entries below it are among them.
    let (pass, listed) = first_pass(log, BOUNDS);
    let (wanted, mut filling, mut undecoded) = (pass.wanted(), Filling::of(pass), Vec::new());
    let mut along = Along {
        read: &|_, bytes, envelope| read_along(bytes, envelope, &wanted),
        take: Box::new(|position, read| {
            if let Err(error) = filling.take(read)
                && undecoded.len() <= UNDECODED_MAX
            {
                undecoded.push((position, error));
            }
        }),
    };
    let report = verification.run_along(&mut along, stop, progress)?;
    drop(along);
    let whole = report.is_sound() && undecoded.len() <= UNDECODED_MAX;
    let kept = whole.then_some(Kept { filling, listed, undecoded });
    Some((report, DecodedAlong { known_below: verification.head().size, kept }))
}

impl DecodedAlong {
    /// Gives what [`sweep_decoding`] gives of the entries that were verified, and reads the log for that where the
    /// verification found anything wrong.
    pub fn give<T: Send>(
        self,
        log: &dyn LogReader,
        progress: &dyn Progress,
        make: &(dyn Fn(StreamFacts) -> T + Sync),
        met: &mut dyn FnMut(Met<T>) -> ControlFlow<()>,
    ) -> Decoded {
        let Self { known_below, kept: Some(Kept { mut filling, listed, undecoded }) } = self else {
            return sweep_decoding(log, self.known_below, progress, make, met);
        };
        let mut undecoded = undecoded.into_iter().peekable();
        for position in 0..known_below {
            progress_of(progress, position, known_below);
            let decoded = undecoded.next_if(|(at, _)| *at == position).map_or(Ok(()), |(_, error)| Err(error));
            if met(Met::Entry { position, decoded }).is_break() || progress.cancelled() {
                filling.end();
                break;
            }
        }
        let swept =
            Swept { log, reading: Reading::OnEveryCore, known_below, bounds: BOUNDS, digest: &Told::from, make };
        let swept = listed.and_then(|last| {
            let filled = filling.filled?;
            give(&swept, (filling.pass, filled, last), progress, met)
        });
        Decoded { read: Ok(()), swept }
    }
}
