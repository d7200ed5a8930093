//! The folder of sealed segments, as one unbroken row from position 0.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::event_log::Degraded;
use crate::hash::Hash;
use crate::merkle::Frontier;
use crate::segment::{Place, SEGMENT_ENTRIES, SEGMENT_LEVEL, Segment, file_name};

/// The digest that the first segment names as the one before it.
const NO_SEGMENT: Hash = Hash([0; 32]);

/// The sound segments from position 0 on, and what ended the row, if it did not simply end.
#[derive(Debug, Default)]
pub(crate) struct SealedRow {
    pub(crate) segments: Vec<Arc<Segment>>,
    pub(crate) broken: Option<Degraded>,
}

impl SealedRow {
    pub(crate) fn end(&self) -> u64 {
        self.segments.last().map_or(0, |segment| segment.end())
    }
}

/// Reads both ends of each segment and checks that they follow each other in place and digest.
///
/// Files written aside by a seal that never finished are removed.
pub(crate) fn open_row(folder: &Path, origin: &str) -> io::Result<SealedRow> {
    let mut row = SealedRow::default();
    let names = segment_names(folder)?;
    for (index, path) in (0_u64..).zip(&names) {
        let first = index * SEGMENT_ENTRIES;
        let broken =
            |finding: String| Degraded::Segment { path: folder.join(file_name(first)), first_position: first, finding };
        if *path != folder.join(file_name(first)) {
            row.broken = Some(broken("it is missing".to_owned()));
            break;
        }
        match Segment::open(path) {
            Ok(segment) => match follows(&row.segments, &segment, first, origin) {
                Ok(()) => row.segments.push(Arc::new(segment)),
                Err(finding) => row.broken = Some(broken(finding)),
            },
            Err(error) => row.broken = Some(broken(error.to_string())),
        }
        if row.broken.is_some() {
            break;
        }
    }
    Ok(row)
}

/// The segment files by name, without those set aside. Unfinished ones are removed.
pub(crate) fn segment_names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("seg") => names.push(path),
            Some("new") => fs::remove_file(&path)?,
            Some(_) | None => {}
        }
    }
    names.sort();
    Ok(names)
}

/// Whether `segment` is the one that comes after `before`.
pub(crate) fn follows(before: &[Arc<Segment>], segment: &Segment, first: u64, origin: &str) -> Result<(), String> {
    let place = segment.place();
    if place.origin != origin {
        return Err(format!("it belongs to {}", place.origin));
    }
    if place.first != first {
        return Err(format!("it begins at position {}", place.first));
    }
    let previous = before.last().map_or(NO_SEGMENT, |segment| segment.digest());
    if place.previous != previous {
        return Err("it follows another segment than the one before it".to_owned());
    }
    let mut frontier = before.last().map_or(Frontier::new(), |segment| segment.frontier().clone());
    let grown = frontier.push_subtree(SEGMENT_LEVEL, segment.root());
    if grown.is_err() || frontier != *segment.frontier() {
        return Err("its tree does not continue the tree before it".to_owned());
    }
    Ok(())
}

/// Where the segment after another one stands, and the edge of the tree before it; the first one after none.
pub(crate) fn next(origin: &str, before: Option<&Segment>) -> (Place, Frontier) {
    let first = before.map_or(0, Segment::end);
    let previous = before.map_or(NO_SEGMENT, Segment::digest);
    let place = Place { origin: origin.to_owned(), first, previous };
    (place, before.map_or_else(Frontier::new, |segment| segment.frontier().clone()))
}
