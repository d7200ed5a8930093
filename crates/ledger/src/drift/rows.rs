//! The rows of one stream after the other, as they are stored and as its entries fold.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use ofrecord_core::StreamId;
use ofrecord_log::{LogReader, RowStore};
use serde_json::{Map, Value};

use super::{DRIFT_NAMED_MAX, Difference, DriftError, DriftReport, DriftedRow};
use crate::codec::decode;
use crate::packing::Packing;
use crate::projection::{self, PAGE_ENTRIES, PAGES, PRESENT, ProjectionError};
use crate::reader::ReadFailure;
use crate::stream_record::StreamRecord;

/// Bytes of a key after its prefix that name the stream: one for the kind and those of the id.
const OWNER_BYTES: usize = 17;

/// Rows by their keys.
type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

/// A comparison under way. Streams come in the order of their names, which is the order of the keys of rows.
pub(super) struct Comparison<'a> {
    log: &'a dyn LogReader,
    live: &'a RowStore,
    packing: Packing,
    report: &'a mut DriftReport,
    /// The owner of rows up to whom, and including whom, stored rows are compared.
    after: Option<Vec<u8>>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(
        log: &'a dyn LogReader,
        live: &'a RowStore,
        report: &'a mut DriftReport,
    ) -> Result<Self, DriftError> {
        let packing = Packing::new().map_err(ProjectionError::from)?;
        Ok(Self { log, live, packing, report, after: None })
    }

    pub(super) fn streams(&self) -> u64 {
        self.report.streams
    }

    pub(super) fn drifted(&self) -> u64 {
        self.report.drifted
    }

    /// Compares the rows of a stream, after those that are stored of others before it. Nobody may be writing rows.
    pub(super) fn take(&mut self, record: StreamRecord) -> Result<(), DriftError> {
        let owner = projection::stream_key(PAGES, record.stream()).split_off(1);
        self.take_strays(Some(&owner))?;
        let swept = self.report.through;
        self.compare(record, swept, &owner)?;
        self.after = Some(owner);
        Ok(())
    }

    /// Compares what is stored of others after the last stream. Nobody may be writing rows.
    pub(super) fn take_rest(&mut self) -> Result<(), DriftError> {
        self.take_strays(None)
    }

    /// Compares what is stored of streams that the sweep did not come by: their first entries are newer, or the rows
    /// are of nobody.
    fn take_strays(&mut self, before: Option<&[u8]>) -> Result<(), DriftError> {
        while let Some(owner) = self.next_owner()?.filter(|owner| before.is_none_or(|before| owner.as_slice() < before))
        {
            match projection::stream_of(&with_prefix(PAGES, &owner)) {
                Some(stream) if owner.len() == OWNER_BYTES => {
                    self.compare(StreamRecord::new(stream), 0, &owner)?;
                }
                Some(_) | None => {
                    let stored = self.stored(&owner)?;
                    self.differences(None, &stored, &Rows::new());
                }
            }
            self.after = Some(owner);
        }
        Ok(())
    }

    /// The next owner of stored rows.
    fn next_owner(&self) -> Result<Option<Vec<u8>>, DriftError> {
        let mut next: Option<Vec<u8>> = None;
        for prefix in [PAGES, PRESENT] {
            let mut look = |key: &[u8], _: &[u8]| {
                let owner = owner_of(key);
                if self.after.as_deref() == Some(owner) {
                    return ControlFlow::Continue(());
                }
                if next.as_deref().is_none_or(|found| owner < found) {
                    next = Some(owner.to_vec());
                }
                ControlFlow::Break(())
            };
            match &self.after {
                None => self.live.scan_prefix(&[prefix], &mut look)?,
                Some(owner) => self.live.scan_prefix_after(&[prefix], &with_prefix(prefix, owner), &mut look)?,
            }
        }
        Ok(next)
    }

    /// Brings the record to where the rows are written, and compares.
    fn compare(&mut self, mut record: StreamRecord, swept: u64, owner: &[u8]) -> Result<(), DriftError> {
        let written = self.live.checkpoint()?;
        if written != swept {
            self.bring_up(&mut record, written)?;
        }
        let folded = projection::folded_rows(&mut self.packing, &record)?;
        let stored = self.stored(owner)?;
        self.report.streams += 1;
        self.differences(Some(record.stream()), &stored, &folded);
        Ok(())
    }

    fn bring_up(&self, record: &mut StreamRecord, to: u64) -> Result<(), DriftError> {
        let known = u64::try_from(record.entries().len()).unwrap_or(u64::MAX);
        for position in self.log.stream_positions(&record.stream().to_string(), known)? {
            if position >= to {
                break;
            }
            let entry = decode(&self.log.read(position)?).map_err(ReadFailure::from)?;
            record.take_row(entry.into());
        }
        Ok(())
    }

    fn stored(&self, owner: &[u8]) -> Result<Rows, DriftError> {
        let mut rows = Rows::new();
        for prefix in [PAGES, PRESENT] {
            self.live.scan_prefix(&with_prefix(prefix, owner), &mut |key, value| {
                // A key too short for an owner begins those of many others.
                if owner_of(key) != owner {
                    return ControlFlow::Break(());
                }
                rows.insert(key.to_vec(), value.to_vec());
                ControlFlow::Continue(())
            })?;
        }
        Ok(rows)
    }

    fn differences(&mut self, stream: Option<StreamId>, stored: &Rows, folded: &Rows) {
        let keys: BTreeSet<&Vec<u8>> = stored.keys().chain(folded.keys()).collect();
        for key in keys {
            self.report.rows += 1;
            let (there, said) = (stored.get(key), folded.get(key));
            if there == said {
                continue;
            }
            self.report.drifted += 1;
            if self.report.drift.len() < DRIFT_NAMED_MAX {
                let drifted = self.named(stream, key, there, said);
                self.report.drift.push(drifted);
            }
        }
    }

    fn named(
        &mut self,
        stream: Option<StreamId>,
        key: &[u8],
        stored: Option<&Vec<u8>>,
        folded: Option<&Vec<u8>>,
    ) -> DriftedRow {
        let is_page = key.first() == Some(&PAGES);
        let mut read = |packed: &Vec<u8>| {
            if is_page {
                return page(&mut self.packing, key, packed);
            }
            self.packing.unpack(packed).ok().and_then(|bytes| json(&bytes))
        };
        let (there, said) = (stored.and_then(&mut read), folded.and_then(&mut read));
        let difference = match (stored.is_some(), folded.is_some()) {
            (false, _) => Difference::NotStored,
            (true, false) => Difference::OnlyStored,
            (true, true) if there.is_none() => Difference::Unreadable,
            (true, true) if there == said => Difference::OtherBytes,
            (true, true) => Difference::Differs,
        };
        let (stored, folded) = match (there, said) {
            (Some(there), Some(said)) => apart(there, said),
            sides => sides,
        };
        DriftedRow {
            stream: stream.map_or_else(|| "?".to_owned(), |stream| stream.to_string()),
            key: hex::encode(key),
            row: if is_page { "entries" } else { "present view" },
            difference,
            stored,
            folded,
        }
    }
}

/// What names the owner in a key; all of it where it is too short for that.
fn owner_of(key: &[u8]) -> &[u8] {
    let owner = key.get(1..).unwrap_or_default();
    owner.get(..OWNER_BYTES).unwrap_or(owner)
}

fn with_prefix(prefix: u8, owner: &[u8]) -> Vec<u8> {
    let mut key = vec![prefix];
    key.extend_from_slice(owner);
    key
}

/// The digests of a page by their versions in the stream.
fn page(packing: &mut Packing, key: &[u8], packed: &[u8]) -> Option<Value> {
    let number = key.last_chunk::<8>().map_or(0, |number| u64::from_be_bytes(*number));
    let digests = packing.unpack_pieces(packed).ok()?;
    let versions = number.saturating_mul(PAGE_ENTRIES)..;
    let read = versions.zip(digests).map(|(version, digest)| Some((version.to_string(), json(&digest)?)));
    read.collect::<Option<Map<String, Value>>>().map(Value::Object)
}

fn json(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes).ok()
}

/// Both sides without what they have in common; none on a side that has nothing of its own.
fn apart(stored: Value, folded: Value) -> (Option<Value>, Option<Value>) {
    match (stored, folded) {
        (stored, folded) if stored == folded => (None, None),
        (Value::Object(stored), Value::Object(mut folded)) => {
            let (mut one, mut other) = (Map::new(), Map::new());
            for (name, there) in stored {
                let (there, said) = match folded.remove(&name) {
                    Some(said) => apart(there, said),
                    None => (Some(there), None),
                };
                one.extend(there.map(|there| (name.clone(), there)));
                other.extend(said.map(|said| (name, said)));
            }
            other.extend(folded);
            (Some(Value::Object(one)), Some(Value::Object(other)))
        }
        (stored, folded) => (Some(stored), Some(folded)),
    }
}
