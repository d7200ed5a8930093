//! The rules on transfers, told as stories: who asked, who answered, what moved and what stayed.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![expect(clippy::needless_pass_by_value, reason = "rows of a table are written as values")]

mod answer;
mod completion;
mod deal;
mod history;
mod line;
mod observed;
mod precedence;
mod request;
mod scenario;
#[path = "../subscriptions/shop.rs"]
#[expect(dead_code, unused_imports, reason = "the stories of subscriptions use more of it")]
mod shop;
#[path = "../relationships/story.rs"]
#[expect(dead_code, reason = "the stories of relationships use more of it")]
mod story;
