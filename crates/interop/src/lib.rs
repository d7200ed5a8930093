//! Other people's formats: Partner Center and Microsoft Graph records in, CloudEvents out.
//!
//! The crate decides nothing and touches nothing: bytes in, statements out, or
//! entries in, bytes out; no file, clock or randomness. What a source
//! does not say is absent, never guessed; what nobody knows is kept verbatim
//! and reported, never mapped to something valid (rule L-8).

pub mod cloud_events;
pub mod stored;

mod audit;
mod context;
mod document;
mod graph;
mod identity;
mod json;
mod node;
mod reading;
mod resource;
mod rest;
mod scribe;
mod shape;
mod uri;
mod webhook;
mod word;

pub use crate::context::Context;
pub use crate::identity::request_of;
pub use crate::reading::{Problem, Reading, Severity, Statement, read};
