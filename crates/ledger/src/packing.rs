//! Rows of the stored views as bytes: length-prefixed pieces, compressed, with the compressor's memory used again.

use std::io;

/// Compression level of stored rows.
const ZSTD_LEVEL: i32 = 1;
/// A row longer than this is damaged: none is ever written.
const ROW_BYTES_MAX: u32 = 256 * 1024 * 1024;

/// Packs and unpacks rows. Making one costs a megabyte; packing with it costs nothing more.
pub(crate) struct Packing {
    compressor: zstd::bulk::Compressor<'static>,
    decompressor: zstd::bulk::Decompressor<'static>,
}

impl Packing {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            compressor: zstd::bulk::Compressor::new(ZSTD_LEVEL)?,
            decompressor: zstd::bulk::Decompressor::new()?,
        })
    }

    /// The packed form of some bytes: their length, then what the compressor makes of them.
    pub(crate) fn pack(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= ROW_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::other("a row is longer than a row may be"))?;
        let mut packed = length.to_be_bytes().to_vec();
        packed.extend(self.compressor.compress(bytes)?);
        Ok(packed)
    }

    /// The bytes behind a packed form.
    pub(crate) fn unpack(&mut self, packed: &[u8]) -> io::Result<Vec<u8>> {
        let damaged = || io::Error::other("a stored row is damaged");
        let (length, rest) = packed.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_be_bytes(*length);
        if length > ROW_BYTES_MAX {
            return Err(damaged());
        }
        let bytes = self.decompressor.decompress(rest, usize::try_from(length).map_err(|_| damaged())?)?;
        if u32::try_from(bytes.len()) == Ok(length) { Ok(bytes) } else { Err(damaged()) }
    }

    /// Packs several pieces into one row.
    pub(crate) fn pack_pieces(&mut self, pieces: &[impl AsRef<[u8]>]) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for piece in pieces {
            put_piece(piece.as_ref(), &mut bytes)?;
        }
        self.pack(&bytes)
    }

    /// The pieces of a row.
    pub(crate) fn unpack_pieces(&mut self, packed: &[u8]) -> io::Result<Vec<Vec<u8>>> {
        let damaged = || io::Error::other("a stored row is damaged");
        let bytes = self.unpack(packed)?;
        let mut rest = bytes.as_slice();
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            pieces.push(take_piece(&mut rest).ok_or_else(damaged)?.to_vec());
        }
        Ok(pieces)
    }
}

/// Writes a piece behind others: its length, then its bytes.
pub(crate) fn put_piece(piece: &[u8], bytes: &mut Vec<u8>) -> io::Result<()> {
    let length = u32::try_from(piece.len()).map_err(|_| io::Error::other("a piece is too long"))?;
    bytes.extend(length.to_be_bytes());
    bytes.extend_from_slice(piece);
    Ok(())
}

/// Takes the first piece of what was written so; none where it is cut off.
pub(crate) fn take_piece<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (piece, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(piece)
}
