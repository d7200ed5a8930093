//! Other people's formats: Partner Center and Microsoft Graph records in, and out again in the same shapes; CloudEvents,
//! CSV and Parquet out.
//!
//! The crate decides nothing and touches nothing: bytes in, statements out, or
//! states, entries and rows in, shapes and bytes out; no file, clock or
//! randomness. What a source does not say is absent, never guessed; what nobody
//! knows is kept verbatim and reported, never mapped to something valid (rule
//! L-8).

pub mod catalogue;
pub mod cloud_events;
pub mod columnar;
pub mod field;
pub mod separated;
pub mod stored;
pub mod table;
pub mod write;

mod activity_log;
mod audit;
mod bulk_tool;
mod context;
mod directory;
mod document;
mod entry_rows;
mod graph;
mod identity;
mod json;
mod node;
mod reading;
mod resource;
mod rest;
mod retention;
mod scribe;
mod shape;
mod sheet;
mod uri;
mod webhook;
mod word;

pub use crate::audit::{PublishedOperation, published_operations};
pub use crate::context::Context;
pub use crate::entry_rows::entry_rows;
pub use crate::identity::request_of;
pub use crate::reading::{Problem, Reading, Severity, Statement, read};
pub use crate::retention::days_kept;
pub use crate::webhook::{PublishedWebhookEvent, published_webhook_events};
