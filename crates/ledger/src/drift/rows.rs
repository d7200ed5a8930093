//! The rows of one stream after the other, as they are stored and as its entries fold.

use ofrecord_log::{ByOwner, OwnerRows, RowMoment};
use ofrecord_views::EntryRow;
use serde_json::{Map, Value};

use super::{DRIFT_NAMED_MAX, Difference, DriftError, DriftReport, DriftedRow};
use crate::projection::{digests_of, owner_of_stream, stream_of};
use crate::stream_record::StreamRecord;

/// A comparison under way. Streams come in the order of their names, which is the order of the owners of rows.
pub(super) struct Comparison<'a> {
    rows: ByOwner,
    /// Up to where the present views are written.
    anew_through: u64,
    report: &'a mut DriftReport,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(rows: &RowMoment, report: &'a mut DriftReport) -> Result<Self, DriftError> {
        Ok(Self { rows: rows.by_owner()?, anew_through: rows.anew_through(), report })
    }

    pub(super) fn streams(&self) -> u64 {
        self.report.streams
    }

    pub(super) fn drifted(&self) -> u64 {
        self.report.drifted
    }

    /// Compares the rows of a stream, after those that are stored of others before it.
    pub(super) fn take(&mut self, record: &StreamRecord) -> Result<(), DriftError> {
        let owner = owner_of_stream(record.stream());
        self.take_strays(Some(&owner))?;
        let stored = self.rows.next_of(&owner)?;
        let seen = record.below(self.anew_through);
        let folded = Folded {
            digests: record.entries().iter().map(EntryRow::to_bytes).collect(),
            view: (!seen.entries().is_empty()).then(|| seen.present_bytes()),
        };
        self.report.streams += 1;
        self.compare(&owner, stored.as_ref(), folded);
        Ok(())
    }

    /// Compares what is stored of others after the last stream.
    pub(super) fn take_rest(&mut self) -> Result<(), DriftError> {
        self.take_strays(None)
    }

    /// What is stored of streams that the sweep did not come by is of nobody.
    fn take_strays(&mut self, before: Option<&[u8]>) -> Result<(), DriftError> {
        while let Some(stray) = self.rows.next_before(before)? {
            self.compare(&stray.owner, Some(&stray), Folded::default());
        }
        Ok(())
    }

    fn compare(&mut self, owner: &[u8], stored: Option<&OwnerRows>, folded: Folded) {
        let added = stored.filter(|rows| !rows.added.is_empty());
        if added.is_some() || !folded.digests.is_empty() {
            let digests = added.map(|rows| digests(owner, rows));
            let said = Some(&folded.digests).filter(|digests| !digests.is_empty());
            if !matches!((&digests, said), (Some(Some(there)), Some(said)) if there == said) {
                let there = digests.map(|digests| digests.and_then(|digests| by_version(&digests)));
                self.differs(owner, "entries", there, said.map(|said| by_version(said)));
            }
            self.report.rows += 1;
        }
        let view = stored.and_then(|rows| rows.anew.as_ref());
        if view.is_some() || folded.view.is_some() {
            if view != folded.view.as_ref() {
                self.differs(owner, "present view", view.map(|view| json(view)), folded.view.map(|view| json(&view)));
            }
            self.report.rows += 1;
        }
    }

    /// Counts a row that drifted, and names it while there are few; a side that cannot be read is there, and nothing.
    fn differs(
        &mut self,
        owner: &[u8],
        row: &'static str,
        stored: Option<Option<Value>>,
        folded: Option<Option<Value>>,
    ) {
        self.report.drifted += 1;
        if self.report.drift.len() >= DRIFT_NAMED_MAX {
            return;
        }
        let difference = match (&stored, &folded) {
            (None, _) => Difference::NotStored,
            (Some(_), None) => Difference::OnlyStored,
            (Some(None), Some(_)) => Difference::Unreadable,
            (Some(there), Some(said)) if there == said => Difference::OtherBytes,
            (Some(_), Some(_)) => Difference::Differs,
        };
        let (stored, folded) = match (stored.flatten(), folded.flatten()) {
            (Some(there), Some(said)) => apart(there, said),
            sides => sides,
        };
        self.report.drift.push(DriftedRow {
            stream: stream_of(owner).map_or_else(|| "?".to_owned(), |stream| stream.to_string()),
            key: hex::encode(owner),
            row,
            difference,
            stored,
            folded,
        });
    }
}

/// What the entries of a stream say.
#[derive(Default)]
struct Folded {
    digests: Vec<Vec<u8>>,
    view: Option<Vec<u8>>,
}

/// The digests of an owner; none where they cannot be taken apart.
fn digests(owner: &[u8], rows: &OwnerRows) -> Option<Vec<Vec<u8>>> {
    let digests = digests_of(stream_of(owner)?, rows).ok()?;
    Some(digests.into_iter().map(<[u8]>::to_vec).collect())
}

/// Digests by their versions in the stream.
fn by_version(digests: &[Vec<u8>]) -> Option<Value> {
    let read = (0_u64..).zip(digests).map(|(version, digest)| Some((version.to_string(), json(digest)?)));
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
