//! The head witness: size and root of the last acknowledged commit, kept outside the store.
//!
//! The store takes a damaged log for a torn tail and drops what follows without a word; the witness
//! is how that is noticed. Two slots are written in turn, so that a torn write spares the other.
//! They lie 4096 bytes apart, so that no device block holds both.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use crate::event_log::Head;
use crate::fault::{FaultHook, WritePoint};
use crate::hash::Hash;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

const MAGIC: &[u8; 8] = b"OFRHEAD1";
const SLOT_BYTES: usize = 128;
const SLOT_DISTANCE: u64 = 4096;

/// The witness file, open for writing.
#[derive(Debug)]
pub(crate) struct Witness {
    file: File,
    last: Slot,
    sound_slots: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    sequence: u64,
    head: Head,
}

impl Witness {
    /// Creates the file for an empty log, both slots written.
    pub(crate) fn create(path: &Path, head: Head) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        file.set_len(2 * SLOT_DISTANCE)?;
        let mut last = Slot { sequence: 0, head };
        for sequence in 0..2 {
            last.sequence = sequence;
            file.write_all_at(&last.to_bytes(), offset(sequence))?;
        }
        file.sync_all()?;
        Ok(Self { file, last, sound_slots: 2 })
    }

    /// Opens the file and reads the newer sound slot; `None` when neither can be read.
    pub(crate) fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let slots = [read_slot(&file, 0)?, read_slot(&file, 1)?];
        let sound_slots = slots.iter().flatten().count();
        let last = slots.into_iter().flatten().max_by_key(|slot| slot.sequence);
        Ok(last.map(|last| Self { file, last, sound_slots }))
    }

    /// The last head written.
    pub(crate) fn head(&self) -> Head {
        self.last.head
    }

    /// How many of the two slots could be read when the file was opened.
    pub(crate) fn sound_slots(&self) -> usize {
        self.sound_slots
    }

    /// Writes the next head into the older slot, and returns once it is on the device.
    pub(crate) fn write(&mut self, head: Head, fault: &FaultHook) -> Result<(), String> {
        let next = Slot { sequence: self.last.sequence + 1, head };
        fault.around(WritePoint::WitnessWrite, || self.file.write_all_at(&next.to_bytes(), offset(next.sequence)))?;
        fault.around(WritePoint::WitnessSync, || self.file.sync_data())?;
        self.last = next;
        Ok(())
    }
}

fn offset(sequence: u64) -> u64 {
    (sequence % 2) * SLOT_DISTANCE
}

/// A slot that is cut off or damaged reads as `None`.
fn read_slot(file: &File, index: u64) -> io::Result<Option<Slot>> {
    let mut bytes = [0_u8; SLOT_BYTES];
    match file.read_exact_at(&mut bytes, offset(index)) {
        Ok(()) => Ok(Slot::from_bytes(&bytes).filter(|slot| slot.sequence % 2 == index)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

impl Slot {
    /// Magic, sequence, size, root, zeros, and the CRC-32 of all that.
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SLOT_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.head.size.to_be_bytes());
        bytes.extend_from_slice(&self.head.root.0);
        bytes.resize(SLOT_BYTES - 4, 0);
        let crc = crc32fast::hash(&bytes);
        bytes.extend_from_slice(&crc.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8; SLOT_BYTES]) -> Option<Self> {
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        let (magic, rest) = body.split_first_chunk::<8>()?;
        let (sequence, rest) = rest.split_first_chunk::<8>()?;
        let (size, rest) = rest.split_first_chunk::<8>()?;
        let (root, _) = rest.split_first_chunk::<32>()?;
        let sound = magic == MAGIC && crc32fast::hash(body) == u32::from_be_bytes(*crc);
        sound.then(|| Self {
            sequence: u64::from_be_bytes(*sequence),
            head: Head { size: u64::from_be_bytes(*size), root: Hash(*root) },
        })
    }
}
