//! The two copies of each entry side by side: the store's and the sealed segment's.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::block::Framed;
use crate::segment::{BUNDLE_ENTRIES, SEGMENT_ENTRIES, Segment};
use crate::store::{BlockStore, StoreCursor};
use crate::verify::{Finding, Problem};

/// Segments by their number.
pub(crate) type Segments = BTreeMap<u64, Arc<Segment>>;

/// Walks both copies in ascending order.
pub(crate) struct Copies<'a> {
    store: Option<StoreCursor<'a>>,
    store_path: PathBuf,
    segments: &'a Segments,
    bundle: Option<(u64, Result<Framed, Box<Problem>>)>,
}

/// What the copies have at one position.
pub(crate) struct Pair {
    /// The store's entry, or why there is none.
    pub(crate) stored: Result<Stored, Box<Problem>>,
    /// The segment's entry, or why there is none; `None` where no segment covers the position.
    pub(crate) sealed: Option<Result<Vec<u8>, Box<Problem>>>,
}

/// An entry of the store.
pub(crate) struct Stored {
    pub(crate) bytes: Vec<u8>,
    /// Whether a commit ends with it.
    pub(crate) ends_commit: bool,
}

impl<'a> Copies<'a> {
    pub(crate) fn new(store: Option<&'a BlockStore>, store_path: PathBuf, segments: &'a Segments) -> Self {
        Self { store: store.map(StoreCursor::new), store_path, segments, bundle: None }
    }

    pub(crate) fn at(&mut self, position: u64) -> Pair {
        Pair { stored: self.stored(position), sealed: self.sealed(position) }
    }

    fn stored(&mut self, position: u64) -> Result<Stored, Box<Problem>> {
        let missing = Box::new(Problem {
            path: self.store_path.clone(),
            positions: Some(position..position + 1),
            finding: Finding::Missing,
        });
        let Some(cursor) = &mut self.store else {
            return Err(missing);
        };
        match cursor.seek(position) {
            Ok(block) => block
                .and_then(|block| {
                    let bytes = block.entry(position)?.to_vec();
                    Some(Stored { bytes, ends_commit: block.last_of_commit && position + 1 == block.end() })
                })
                .ok_or(missing),
            Err(problem) => {
                Err(Box::new(Problem { finding: Finding::Unreadable { cause: problem.cause }, ..*missing }))
            }
        }
    }

    fn sealed(&mut self, position: u64) -> Option<Result<Vec<u8>, Box<Problem>>> {
        let segment = self.segments.get(&(position / SEGMENT_ENTRIES))?;
        let first = position - position % BUNDLE_ENTRIES;
        let stands = self.bundle.as_ref().is_some_and(|(stands_at, _)| *stands_at == first);
        if !stands {
            let bundle = (first - segment.first()) / BUNDLE_ENTRIES;
            let read = segment.verify_bundle(bundle).map_err(|error| {
                Box::new(Problem {
                    path: segment.path().to_owned(),
                    positions: Some(first..first + BUNDLE_ENTRIES),
                    finding: Finding::Unreadable { cause: error.to_string() },
                })
            });
            self.bundle = Some((first, read));
        }
        let (_, bundle) = self.bundle.as_ref()?;
        let offset = usize::try_from(position - first).ok()?;
        match bundle {
            Ok(entries) => entries.get(offset).map(|entry| Ok(entry.to_vec())),
            Err(problem) => Some(Err(problem.clone())),
        }
    }
}
