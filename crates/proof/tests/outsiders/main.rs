//! What outsiders make of what is written here: other implementations, published vectors, and damaged files.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking and prints its seed"
)]

mod damage;
mod fuzz;
mod lists;
mod notes;
mod programs;
mod sample;
mod trees;
mod vectors;
