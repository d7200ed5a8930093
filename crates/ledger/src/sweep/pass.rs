//! The streams of one pass over the log, and what was read of them.

use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use ofrecord_core::StreamId;
use ofrecord_log::LogReader;
use ofrecord_log::entry::EnvelopeRef;
use rayon::prelude::*;

use super::digested::Digested;
use crate::packing::Packing;
use crate::parts::{Part, Parts};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::Reading;

/// Room for the bytes of most digests.
const TYPICAL_BYTES: usize = 1_024;

/// How many entries of the streams of a pass are in memory, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// A pass with more is packed: each entry takes a twentieth of the room, and has to be read twice.
    pub(super) loose: u64,
    /// Entries of one part, which is folded at a time, and unpacked for that in a packed pass.
    pub(super) part: u64,
    /// Entries of one pass; where there are more, the log is read again for the next.
    pub(super) pass: u64,
    /// Streams that are named at a time.
    pub(super) page: usize,
    /// Parts that each core folds before what came of them is given; until then all of it is in memory.
    pub(super) given: usize,
}

impl Bounds {
    /// What takes half a gigabyte at the most.
    pub(super) const USUAL: Self = Self { loose: 250_000, part: 16_384, pass: 2_500_000, page: 1_024, given: 1 };
}

/// Some streams, one after the other in the order of their names.
pub(super) struct Pass<D> {
    wanted: Arc<Wanted>,
    streams: Vec<StreamId>,
    /// With which stream each part but the first begins.
    begins: Vec<usize>,
    kept: Kept<D>,
}

/// What a pass wants of an entry.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The number of each stream among those of the pass, by its name.
    numbers: HashMap<String, usize>,
    form: Form,
}

/// How digests are kept until they are folded.
#[derive(Debug, Clone, Copy)]
enum Form {
    Loose,
    Packed,
}

/// The digests that were read.
enum Kept<D> {
    /// Those of each stream.
    Loose(Vec<Vec<D>>),
    /// Those of each part.
    Packed(Parts),
}

/// The digest of an entry, and the streams of a pass that it belongs to, by their numbers.
#[derive(Debug)]
pub(super) struct Digest<D> {
    pub(super) position: u64,
    form: DigestForm<D>,
    streams: Vec<usize>,
}

/// A digest in the form in which it is kept.
#[derive(Debug)]
enum DigestForm<D> {
    Loose(D),
    Packed(Vec<u8>),
}

/// What was read of the streams of one part, of which the first has the number `begin`.
struct Stretch<'a, D> {
    begin: usize,
    streams: &'a [StreamId],
    kept: KeptStretch<D>,
}

/// The digests of one part.
enum KeptStretch<D> {
    Loose(Vec<Vec<D>>),
    Packed(Part),
}

/// How a pass gives what came of its streams: what is made of each on the cores that fold, and who gets it in order.
pub(super) struct Giving<'a, S, T> {
    pub(super) reading: Reading,
    pub(super) given: usize,
    pub(super) progress: &'a dyn Progress,
    pub(super) make: &'a (dyn Fn(S) -> T + Sync),
}

impl<D: Digested> Pass<D> {
    /// A pass without a stream.
    pub(super) fn empty() -> Self {
        let wanted = Wanted { numbers: HashMap::new(), form: Form::Loose };
        Self { wanted: Arc::new(wanted), streams: Vec::new(), begins: Vec::new(), kept: Kept::Loose(Vec::new()) }
    }

    /// The streams of the next pass, and the name of the last stream looked at; none when there is no more.
    pub(super) fn next(
        log: &dyn LogReader,
        bounds: Bounds,
        prefix: &str,
        after: Option<&str>,
    ) -> Result<(Self, Option<String>), ReadFailure> {
        let (mut numbers, mut streams) = (HashMap::new(), Vec::new());
        let (mut entries, mut part_entries) = (0, 0);
        let mut begins = Vec::new();
        let mut last = None;
        while entries < bounds.pass {
            let page = log.streams(prefix, last.as_deref().or(after), bounds.page)?;
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            for name in page {
                let Ok(stream) = name.parse::<StreamId>() else { continue };
                if part_entries >= bounds.part {
                    begins.push(streams.len());
                    part_entries = 0;
                }
                let length = log.stream_head(&name)?.map_or(0, |head| head.version.saturating_add(1));
                (entries, part_entries) = (entries + length, part_entries + length);
                numbers.insert(name, streams.len());
                streams.push(stream);
            }
        }
        let (form, kept) = if entries > bounds.loose {
            (Form::Packed, Kept::Packed(Parts::new(begins.len() + 1)?))
        } else {
            (Form::Loose, Kept::Loose(streams.iter().map(|_| Vec::new()).collect()))
        };
        Ok((Self { wanted: Arc::new(Wanted { numbers, form }), streams, begins, kept }, last))
    }

    /// The numbers of its streams.
    pub(super) fn wanted(&self) -> Arc<Wanted> {
        Arc::clone(&self.wanted)
    }

    /// Takes in an entry.
    pub(super) fn take(&mut self, digest: Digest<D>) -> Result<(), ReadFailure> {
        let Digest { form, streams, .. } = digest;
        match (&mut self.kept, form) {
            (Kept::Packed(parts), DigestForm::Packed(bytes)) => {
                for number in streams {
                    let part = self.begins.partition_point(|begin| *begin <= number);
                    parts.put(part, &number.to_be_bytes(), &bytes)?;
                }
            }
            (Kept::Loose(kept), DigestForm::Loose(digest)) => {
                let Some((last, others)) = streams.split_last() else { return Ok(()) };
                for number in others {
                    if let Some(kept) = kept.get_mut(*number) {
                        kept.push(digest.clone());
                    }
                }
                if let Some(kept) = kept.get_mut(*last) {
                    kept.push(digest);
                }
            }
            (Kept::Packed(..), DigestForm::Loose(_)) | (Kept::Loose(_), DigestForm::Packed(_)) => {
                return Err(ReadFailure::NotKept { problem: "a digest is of another pass".to_owned() });
            }
        }
        Ok(())
    }

    /// Gives what is made of each stream that an entry speaks of, in the order of the streams.
    pub(super) fn give<T: Send>(
        self,
        giving: &Giving<'_, D::Stream, T>,
        each: &mut dyn FnMut(T) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, ReadFailure> {
        let Self { streams, begins, kept, .. } = self;
        let mut rest = stretches(&streams, &begins, kept).into_iter().peekable();
        let at_once = match giving.reading {
            Reading::OnEveryCore => rayon::current_num_threads().saturating_mul(giving.given),
            Reading::Alone => 1,
        };
        while rest.peek().is_some() {
            let some: Vec<_> = rest.by_ref().take(at_once).collect();
            let made: Vec<Result<Vec<T>, ReadFailure>> = match giving.reading {
                Reading::OnEveryCore => some.into_par_iter().map(|stretch| stretch.made(giving)).collect(),
                Reading::Alone => some.into_iter().map(|stretch| stretch.made(giving)).collect(),
            };
            for made in made {
                for made in made? {
                    if giving.progress.cancelled() || each(made).is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

impl Wanted {
    /// The numbers of an entry's streams that belong to the pass.
    pub(super) fn of(&self, envelope: &EnvelopeRef<'_>) -> Vec<usize> {
        envelope.streams.iter().filter_map(|link| self.numbers.get(link.stream)).copied().collect()
    }

    /// What the pass takes of an entry of these streams.
    pub(super) fn digest<D: Digested>(&self, digest: D, streams: Vec<usize>) -> io::Result<Digest<D>> {
        let position = digest.position();
        let form = match self.form {
            Form::Loose => DigestForm::Loose(digest),
            Form::Packed => {
                let mut bytes = Vec::with_capacity(TYPICAL_BYTES);
                digest.append_bytes(&mut bytes)?;
                DigestForm::Packed(bytes)
            }
        };
        Ok(Digest { position, form, streams })
    }
}

/// The parts of a pass, in their order.
fn stretches<'a, D>(streams: &'a [StreamId], begins: &[usize], kept: Kept<D>) -> Vec<Stretch<'a, D>> {
    let ends = begins.iter().copied().chain([streams.len()]);
    let bounds: Vec<(usize, usize)> = [0].into_iter().chain(begins.iter().copied()).zip(ends).collect();
    let kept: Vec<KeptStretch<D>> = match kept {
        Kept::Packed(parts) => parts.into_parts().into_iter().map(KeptStretch::Packed).collect(),
        Kept::Loose(kept) => {
            let mut kept = kept.into_iter();
            let of_part = |(begin, end): &(usize, usize)| kept.by_ref().take(end - begin).collect();
            bounds.iter().map(of_part).map(KeptStretch::Loose).collect()
        }
    };
    let streams = |begin, end| streams.get(begin..end).unwrap_or_default();
    let stretch = |((begin, end), kept)| Stretch { begin, streams: streams(begin, end), kept };
    bounds.into_iter().zip(kept).map(stretch).collect()
}

impl<D: Digested> Stretch<'_, D> {
    /// What is made of each of its streams that an entry speaks of; of none where the work was cancelled.
    fn made<T>(self, giving: &Giving<'_, D::Stream, T>) -> Result<Vec<T>, ReadFailure> {
        let kept = match self.kept {
            KeptStretch::Loose(kept) => kept,
            KeptStretch::Packed(part) => unpacked(part, self.begin, self.streams.len())?,
        };
        let of_streams = self.streams.iter().copied().zip(kept).filter(|(_, kept)| !kept.is_empty());
        let goes_on = of_streams.take_while(|_| !giving.progress.cancelled());
        Ok(goes_on.map(|(stream, kept)| (giving.make)(D::gathered(stream, kept))).collect())
    }
}

/// The digests of each of some streams, of which the first has the number `begin`.
fn unpacked<D: Digested>(part: Part, begin: usize, streams: usize) -> Result<Vec<Vec<D>>, ReadFailure> {
    let mut kept = Vec::new();
    kept.resize_with(streams, Vec::new);
    let mut packing = Packing::new()?;
    part.each_piece(&mut packing, &mut |label, piece| {
        let number = label.try_into().ok().map(usize::from_be_bytes).and_then(|number| number.checked_sub(begin));
        let kept = number.and_then(|number| kept.get_mut(number));
        let kept = kept.ok_or_else(|| io::Error::other("a digest in memory is of no stream"))?;
        kept.push(D::from_bytes(piece)?);
        Ok::<_, ReadFailure>(())
    })?;
    Ok(kept)
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self::NotKept { problem: error.to_string() }
    }
}
