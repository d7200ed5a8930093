//! Many pieces of bytes as one: length-prefixed, and compressed with the compressor's memory used again.

use std::io;

/// Compression level of what is kept in memory for a moment, where speed counts for more than room.
const ZSTD_LEVEL: i32 = -3;
/// What is longer than this is damaged: none is ever packed.
const PACKED_BYTES_MAX: u32 = 256 * 1024 * 1024;

/// Packs and unpacks bytes. Making one costs a megabyte; packing with it costs nothing more.
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
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= PACKED_BYTES_MAX);
        let length = length.ok_or_else(|| io::Error::other("it is longer than what is packed at once may be"))?;
        let mut packed = length.to_be_bytes().to_vec();
        packed.extend(self.compressor.compress(bytes)?);
        Ok(packed)
    }

    /// The bytes behind a packed form.
    pub(crate) fn unpack(&mut self, packed: &[u8]) -> io::Result<Vec<u8>> {
        let damaged = || io::Error::other("what was packed is damaged");
        let (length, rest) = packed.split_first_chunk::<4>().ok_or_else(damaged)?;
        let length = u32::from_be_bytes(*length);
        if length > PACKED_BYTES_MAX {
            return Err(damaged());
        }
        let bytes = self.decompressor.decompress(rest, usize::try_from(length).map_err(|_| damaged())?)?;
        if u32::try_from(bytes.len()) == Ok(length) { Ok(bytes) } else { Err(damaged()) }
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
