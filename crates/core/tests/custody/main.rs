//! The rules on the ledger's own custody: keys, epochs, commitments, holds and erasures.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../relationships/sample.rs"]
#[expect(dead_code, reason = "the tables of relationships use more of it")]
mod sample;
#[path = "../relationships/story.rs"]
#[expect(dead_code, reason = "the stories of relationships use more of it")]
mod story;
mod told;
