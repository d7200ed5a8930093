//! The two copies of each entry side by side: the store's and the sealed segment's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::hash::Hash;
use crate::segment::{BUNDLE_ENTRIES, BUNDLE_LEN, SEGMENT_ENTRIES, Segment, VerifiedBundle};
use crate::store::{BlockStore, StoreCursor};
use crate::verify::{Finding, Problem};

/// Segments by their number.
pub(crate) type Segments = BTreeMap<u64, Arc<Segment>>;

/// Walks both copies in ascending order.
pub(crate) struct Copies<'a> {
    store: Option<StoreCursor<'a>>,
    store_path: PathBuf,
    segments: &'a Segments,
    bundle: Option<ReadBundle>,
}

/// A bundle that was read, by its first position.
type ReadBundle = (u64, Result<VerifiedBundle, Box<Problem>>);

/// What the copies have at one position.
pub(crate) struct Pair<'a> {
    /// The store's entry, or why there is none.
    pub(crate) stored: Result<Stored<'a>, Box<Problem>>,
    /// The segment's entry, or why there is none; `None` where no segment covers the position.
    pub(crate) sealed: Option<Result<Sealed<'a>, Box<Problem>>>,
}

/// An entry of the store.
pub(crate) struct Stored<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether a commit ends with it.
    pub(crate) ends_commit: bool,
}

/// An entry of a segment.
pub(crate) struct Sealed<'a> {
    pub(crate) bytes: &'a [u8],
    /// Its leaf hash, computed from these bytes.
    pub(crate) leaf: Hash,
    /// The root of its bundle, computed from the leaves of all of it, where it is the last of these.
    pub(crate) bundle_root: Option<Hash>,
}

impl<'a> Copies<'a> {
    pub(crate) fn new(store: Option<&'a BlockStore>, store_path: PathBuf, segments: &'a Segments) -> Self {
        Self { store: store.map(StoreCursor::new), store_path, segments, bundle: None }
    }

    pub(crate) fn at(&mut self, position: u64) -> Pair<'_> {
        Pair {
            stored: stored(self.store.as_mut(), &self.store_path, position),
            sealed: sealed(self.segments, &mut self.bundle, position),
        }
    }
}

fn stored<'a>(
    cursor: Option<&'a mut StoreCursor<'_>>,
    store_path: &Path,
    position: u64,
) -> Result<Stored<'a>, Box<Problem>> {
    let wrong =
        |finding| Box::new(Problem { path: store_path.to_owned(), positions: Some(position..position + 1), finding });
    let Some(cursor) = cursor else {
        return Err(wrong(Finding::Missing));
    };
    match cursor.seek(position) {
        Ok(block) => block
            .and_then(|block| {
                let bytes = block.entry(position)?;
                Some(Stored { bytes, ends_commit: block.last_of_commit && position + 1 == block.end() })
            })
            .ok_or_else(|| wrong(Finding::Missing)),
        Err(problem) => Err(wrong(Finding::Unreadable { cause: problem.cause })),
    }
}

fn sealed<'a>(
    segments: &Segments,
    kept: &'a mut Option<ReadBundle>,
    position: u64,
) -> Option<Result<Sealed<'a>, Box<Problem>>> {
    let segment = segments.get(&(position / SEGMENT_ENTRIES))?;
    let first = position - position % BUNDLE_ENTRIES;
    let stands = kept.as_ref().is_some_and(|(stands_at, _)| *stands_at == first);
    if !stands {
        let bundle = (first - segment.first()) / BUNDLE_ENTRIES;
        let read = segment.verify_bundle(bundle).map_err(|error| {
            Box::new(Problem {
                path: segment.path().to_owned(),
                positions: Some(first..first + BUNDLE_ENTRIES),
                finding: Finding::Unreadable { cause: error.to_string() },
            })
        });
        *kept = Some((first, read));
    }
    let (_, bundle) = kept.as_ref()?;
    let offset = usize::try_from(position - first).ok()?;
    match bundle {
        Ok(bundle) => {
            let (bytes, leaf) = (bundle.entries.get(offset)?, *bundle.leaves.get(offset)?);
            let bundle_root = (offset + 1 == BUNDLE_LEN).then_some(bundle.root);
            Some(Ok(Sealed { bytes, leaf, bundle_root }))
        }
        Err(problem) => Some(Err(problem.clone())),
    }
}
