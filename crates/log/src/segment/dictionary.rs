//! What the frames of a segment have in common: learned from some of its entries, so that each frame can be unpacked
//! alone.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use zstd::dict::DecoderDictionary;

use super::{SEGMENT_ENTRIES, SegmentError, read_at};

/// In how many places of a segment entries are learned from.
const LEARNED_PLACES: u64 = 8;
/// How many neighbours are learned from in each place.
const LEARNED_NEIGHBOURS: u64 = 64;
/// The most bytes of a dictionary.
pub(super) const DICTIONARY_BYTES_MAX: u32 = 64 * 1024;
/// How many dictionaries stay in memory, those read last of all segments of a process: each takes some 90 KiB.
const KEPT_MAX: usize = 256;

/// Guards the short row of dictionaries read last, newest last, for the length of one look.
static KEPT: Mutex<VecDeque<Arc<Dictionary>>> = Mutex::new(VecDeque::new());

/// A dictionary ready to unpack with.
pub(super) struct Dictionary(DecoderDictionary<'static>);

/// Where the dictionary of a segment is, and the dictionary itself while it is in memory.
#[derive(Debug)]
pub(super) struct DictionaryAt {
    pub(super) offset: u64,
    pub(super) bytes: u32,
    pub(super) crc: u32,
    /// Guards the one reading of it.
    read: Mutex<Weak<Dictionary>>,
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dictionary").finish_non_exhaustive()
    }
}

impl Dictionary {
    /// The form that unpacks.
    pub(super) fn decoder(&self) -> &DecoderDictionary<'static> {
        &self.0
    }
}

impl DictionaryAt {
    pub(super) fn new(offset: u64, bytes: u32, crc: u32) -> Self {
        Self { offset, bytes, crc, read: Mutex::new(Weak::new()) }
    }

    /// The dictionary, read from the segment's file unless it still is in memory.
    pub(super) fn get(&self, file: &File) -> Result<Arc<Dictionary>, SegmentError> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(dictionary) = read.upgrade() {
            return Ok(dictionary);
        }
        let bytes = read_at(file, self.offset, u64::from(self.bytes))?;
        if crc32fast::hash(&bytes) != self.crc {
            return Err(SegmentError::Checksum { part: "dictionary" });
        }
        let decoder = DecoderDictionary::try_copy(&bytes).map_err(|_| SegmentError::Shape { part: "dictionary" })?;
        let dictionary = Arc::new(Dictionary(decoder));
        *read = Arc::downgrade(&dictionary);
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&dictionary));
        Ok(dictionary)
    }
}

/// The positions of the entries that the dictionary of the segment from `first` on is learned from. A few neighbours lie
/// in one block of the store; those of many places are alike to what the whole segment holds.
pub(super) fn learned_from(first: u64) -> impl Iterator<Item = u64> {
    let places = (0..LEARNED_PLACES).map(move |place| first + place * (SEGMENT_ENTRIES / LEARNED_PLACES));
    places.flat_map(|place| place..place + LEARNED_NEIGHBOURS)
}

/// What can be learned from entries in their framed form, one after the other. Nothing where they are too few, too short
/// or too much alike: then frames are longer, and no worse otherwise.
pub(super) fn learned(raw: &[u8], lengths: &[usize]) -> Vec<u8> {
    zstd::dict::from_continuous(raw, lengths, DICTIONARY_BYTES_MAX as usize).unwrap_or_default()
}
