//! Much that comes in the order of the log and is wanted stream by stream: kept packed, in parts that are taken out one at a time.

use std::io;

use crate::packing::{Packing, put_piece, take_piece};

/// Bytes of one part that are not packed yet.
const OPEN_BYTES: usize = 256 * 1024;

/// Called with the label and the bytes of a piece.
type EachPiece<'a, E> = dyn FnMut(&[u8], &[u8]) -> Result<(), E> + 'a;

/// Pieces in parts. Within a part they keep their order.
pub(crate) struct Parts {
    parts: Vec<Part>,
    packing: Packing,
}

/// The pieces of one part.
#[derive(Debug, Default)]
pub(crate) struct Part {
    packed: Vec<Vec<u8>>,
    open: Vec<u8>,
}

impl Parts {
    /// That many parts, all empty.
    pub(crate) fn new(count: usize) -> io::Result<Self> {
        let mut parts = Vec::new();
        parts.resize_with(count, Part::default);
        Ok(Self { parts, packing: Packing::new()? })
    }

    /// Puts a piece into a part, with a label that says whose it is. Without such a part it is an error.
    pub(crate) fn put(&mut self, part: usize, label: &[u8], piece: &[u8]) -> io::Result<()> {
        let part = self.parts.get_mut(part).ok_or_else(|| io::Error::other("there is no such part"))?;
        put_piece(label, &mut part.open)?;
        put_piece(piece, &mut part.open)?;
        if part.open.len() >= OPEN_BYTES {
            part.packed.push(self.packing.pack(&part.open)?);
            part.open.clear();
        }
        Ok(())
    }

    /// The parts, in their order.
    pub(crate) fn into_parts(self) -> Vec<Part> {
        self.parts
    }
}

impl Part {
    /// Calls `each` with the label and the bytes of every piece, in the order in which they were put.
    pub(crate) fn each_piece<E: From<io::Error>>(
        self,
        packing: &mut Packing,
        each: &mut EachPiece<'_, E>,
    ) -> Result<(), E> {
        for packed in self.packed {
            pieces(&packing.unpack(&packed)?, each)?;
        }
        pieces(&self.open, each)
    }
}

fn pieces<E: From<io::Error>>(mut bytes: &[u8], each: &mut EachPiece<'_, E>) -> Result<(), E> {
    while !bytes.is_empty() {
        let label = take(&mut bytes)?;
        each(label, take(&mut bytes)?)?;
    }
    Ok(())
}

fn take<'a>(bytes: &mut &'a [u8]) -> io::Result<&'a [u8]> {
    take_piece(bytes).ok_or_else(|| io::Error::other("a piece in memory is cut off"))
}

#[cfg(test)]
mod tests;
