//! What is read and written again is what was read: every published sample of these shapes, and fixtures of our own in
//! the same shapes, are read into observations, folded, written, and compared as JSON.
//!
//! The only differences allowed are those of `DIFFERENCES`, and each of them must be needed.
//! The samples are not part of the project. The folder is named by `OFRECORD_SHARED`, or lies beside the workspace;
//! without it the fixtures alone are compared, and the test says so.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

mod compare;
mod fold;
mod granular;
mod own_records;
mod sources;
mod transfers;
mod whose;
mod writes;
