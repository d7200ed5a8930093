//! The rules on agreements, orders, subscriptions, partners of record and the record itself, told as stories.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::needless_pass_by_value, reason = "rows of a table are written as values")]

mod agreement;
mod conversion;
mod lifecycle;
mod observation;
mod order;
mod partner_of_record;
mod record;
mod renewal;
mod scenario;
mod seats;
mod shop;
mod status;
#[path = "../relationships/story.rs"]
#[expect(dead_code, reason = "the stories of relationships use more of it")]
mod story;
mod terms;
mod totality;
mod unstated;
