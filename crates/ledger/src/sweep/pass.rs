//! The streams of one pass over the log, and what was read of them.

use std::collections::HashMap;
use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;

use ofrecord_core::StreamId;
use ofrecord_log::LogReader;
use ofrecord_log::entry::EnvelopeRef;
use ofrecord_views::EntryRow;
use rayon::prelude::*;

use crate::packing::Packing;
use crate::parts::{Part, Parts};
use crate::progress::Progress;
use crate::reader::ReadFailure;
use crate::rounds::Reading;
use crate::stream_record::StreamRecord;

/// How many entries of the streams of a pass are in memory, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// A pass with more is packed: each entry takes a twentieth of the room, and has to be read twice.
    pub(super) loose: u64,
    /// Entries of one part of a packed pass, which is unpacked at a time.
    pub(super) part: u64,
    /// Entries of one pass; where there are more, the log is read again for the next.
    pub(super) pass: u64,
    /// Streams that are named at a time.
    pub(super) page: usize,
}

impl Bounds {
    /// What takes half a gigabyte at the most.
    pub(super) const USUAL: Self = Self { loose: 250_000, part: 16_384, pass: 2_500_000, page: 1_024 };
}

/// Some streams, one after the other in the order of their names.
pub(super) struct Pass {
    wanted: Arc<Wanted>,
    streams: Vec<StreamId>,
    kept: Kept,
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

/// What was read of the streams.
enum Kept {
    /// Their records.
    Loose(Vec<StreamRecord>),
    /// The digests of their entries, and with which stream each part but the first begins.
    Packed(Parts, Vec<usize>),
}

/// The digest of an entry, and the streams of a pass that it belongs to, by their numbers.
#[derive(Debug)]
pub(super) struct Digest {
    pub(super) position: u64,
    row: Row,
    streams: Vec<usize>,
}

/// A digest in the form in which it is kept.
#[derive(Debug)]
enum Row {
    Loose(Box<EntryRow>),
    Packed(Vec<u8>),
}

impl Pass {
    /// A pass without a stream.
    pub(super) fn empty() -> Self {
        let wanted = Wanted { numbers: HashMap::new(), form: Form::Loose };
        Self { wanted: Arc::new(wanted), streams: Vec::new(), kept: Kept::Loose(Vec::new()) }
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
            (Form::Packed, Kept::Packed(Parts::new(begins.len() + 1)?, begins))
        } else {
            (Form::Loose, Kept::Loose(streams.iter().copied().map(StreamRecord::new).collect()))
        };
        Ok((Self { wanted: Arc::new(Wanted { numbers, form }), streams, kept }, last))
    }

    /// The numbers of its streams.
    pub(super) fn wanted(&self) -> Arc<Wanted> {
        Arc::clone(&self.wanted)
    }

    /// Takes in an entry.
    pub(super) fn take(&mut self, digest: Digest) -> Result<(), ReadFailure> {
        let Digest { row, streams, .. } = digest;
        match (&mut self.kept, row) {
            (Kept::Packed(parts, begins), Row::Packed(bytes)) => {
                for number in streams {
                    let part = begins.partition_point(|begin| *begin <= number);
                    parts.put(part, &number.to_be_bytes(), &bytes)?;
                }
            }
            (Kept::Loose(records), Row::Loose(row)) => {
                let Some((last, others)) = streams.split_last() else { return Ok(()) };
                for number in others {
                    if let Some(record) = records.get_mut(*number) {
                        record.take_row(EntryRow::clone(&row));
                    }
                }
                if let Some(record) = records.get_mut(*last) {
                    record.take_row(*row);
                }
            }
            (Kept::Packed(..), Row::Loose(_)) | (Kept::Loose(_), Row::Packed(_)) => {
                return Err(ReadFailure::NotKept { problem: "a digest is of another pass".to_owned() });
            }
        }
        Ok(())
    }

    /// Gives the records that an entry speaks of.
    pub(super) fn give(
        self,
        reading: Reading,
        progress: &dyn Progress,
        each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, ReadFailure> {
        let (parts, begins) = match self.kept {
            Kept::Loose(records) => return Ok(give(records, progress, each)),
            Kept::Packed(parts, begins) => (parts.into_parts(), begins),
        };
        let ends = begins.iter().copied().chain([self.streams.len()]);
        let mut rest = [0].into_iter().chain(begins.iter().copied()).zip(ends).zip(parts).peekable();
        let at_once = match reading {
            Reading::OnEveryCore => rayon::current_num_threads(),
            Reading::Alone => 1,
        };
        while rest.peek().is_some() {
            let some: Vec<_> = rest.by_ref().take(at_once).collect();
            let records_of =
                |((begin, end), part)| records(part, begin, self.streams.get(begin..end).unwrap_or_default());
            let unpacked: Vec<Result<Vec<StreamRecord>, ReadFailure>> = match reading {
                Reading::OnEveryCore => some.into_par_iter().map(records_of).collect(),
                Reading::Alone => some.into_iter().map(records_of).collect(),
            };
            for records in unpacked {
                if give(records?, progress, each).is_break() {
                    return Ok(ControlFlow::Break(()));
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
    pub(super) fn digest(&self, row: EntryRow, streams: Vec<usize>) -> Digest {
        let position = row.position;
        let row = match self.form {
            Form::Loose => Row::Loose(Box::new(row)),
            Form::Packed => Row::Packed(row.to_bytes()),
        };
        Digest { position, row, streams }
    }
}

fn give(
    records: Vec<StreamRecord>,
    progress: &dyn Progress,
    each: &mut dyn FnMut(StreamRecord) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for record in records {
        let known = !record.entries().is_empty();
        if progress.cancelled() || (known && each(record).is_break()) {
            return ControlFlow::Break(());
        }
    }
    ControlFlow::Continue(())
}

/// The records of the streams of a part, of which the first has the number `begin`.
fn records(part: Part, begin: usize, streams: &[StreamId]) -> Result<Vec<StreamRecord>, ReadFailure> {
    let mut records: Vec<StreamRecord> = streams.iter().copied().map(StreamRecord::new).collect();
    let mut packing = Packing::new()?;
    part.each_piece(&mut packing, &mut |label, row| {
        let number = label.try_into().ok().map(usize::from_be_bytes).and_then(|number| number.checked_sub(begin));
        let record = number.and_then(|number| records.get_mut(number));
        let record = record.ok_or_else(|| io::Error::other("a digest in memory is of no stream"))?;
        record.take_row(EntryRow::from_bytes(row).map_err(io::Error::other)?);
        Ok::<_, io::Error>(())
    })?;
    Ok(records)
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self::NotKept { problem: error.to_string() }
    }
}
