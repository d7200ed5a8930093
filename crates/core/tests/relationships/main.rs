//! The rules on partners, customers, relationships and access, told as stories: what was the case, what was asked, what came of it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod access;
mod begin;
mod customer;
mod end;
mod extension;
mod four_lines;
mod late;
mod observed;
mod partner;
mod precedence;
mod sample;
mod scenario;
mod story;
mod table;
mod versions;
