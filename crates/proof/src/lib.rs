//! The formats by which an outsider checks a ledger, without this program and without trusting it.
//!
//! Bytes in, bytes out: nothing here opens a file, reads a clock, draws randomness, or knows what the
//! entries are about. What is read is written back byte for byte, and what has two spellings is refused.
//!
//! - [`note`], [`checkpoint`] and [`cosignature`]: who says how large the log is and what its root is.

pub mod checkpoint;
pub mod cosignature;
pub mod note;
mod spelling;
