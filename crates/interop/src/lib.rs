//! Other people's formats: Partner Center and Microsoft Graph records in, statements for the ledger out.
//!
//! The crate decides nothing and touches nothing: bytes in, statements out; no
//! file, clock or randomness. What a source does not say is absent, never
//! guessed; what nobody knows is kept verbatim and reported, never mapped to
//! something valid (rule L-8).

mod context;
mod document;
mod identity;
mod json;
mod reading;
mod scribe;
mod shape;

pub use crate::context::Context;
pub use crate::identity::request_of;
pub use crate::reading::{Problem, Reading, Severity, Statement, read};
