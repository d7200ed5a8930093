//! The formats by which an outsider checks a ledger, without this program and without trusting it.
//!
//! Bytes in, bytes out: nothing here opens a file, reads a clock, draws randomness, or knows what the
//! entries are about. What is read is written back byte for byte, and what has two spellings is refused.
//!
//! - [`note`], [`checkpoint`] and [`cosignature`]: who says how large the log is and what its root is.
//! - [`inclusion`] and [`consistency`]: one entry is in the log, and one log begins with another.
//! - [`receipt`]: the same two as COSE, for programs that read that.
//! - [`witness`]: what somebody who watches a log does with a checkpoint.
//! - [`policy`]: which logs are believed, and who must have cosigned.
//! - [`tiles`]: the whole log as files that need no server.
//! - [`timestamp`]: an authority states when a checkpoint existed.
//! - [`seal`]: fields that only the holder of a key reads, and that nobody reads once the key is gone.
//! - [`commitment`]: a sorted list of lines, of which presence and absence of a key can be shown.
//! - [`certificate`]: the log vouches for a body that stands beside the note.

pub mod certificate;
pub mod checkpoint;
pub mod commitment;
pub mod consistency;
pub mod cosignature;
pub mod inclusion;
pub mod note;
mod pem;
pub mod policy;
pub mod receipt;
pub mod seal;
mod spelling;
pub mod tiles;
pub mod timestamp;
pub mod witness;

pub use spelling::{PATH_HASHES_MAX, PathError};
