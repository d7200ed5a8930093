//! The rules on granular delegated administration, told as stories.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod assignment;
mod late;
mod observed;
mod office;
mod preparation;
mod running;
#[path = "../relationships/sample.rs"]
#[expect(dead_code, reason = "the tables of relationships use more of it")]
mod sample;
mod scenario;
#[path = "../relationships/story.rs"]
#[expect(dead_code, reason = "the stories of relationships use more of it")]
mod story;
mod transition;
