//! The server as a client meets it, through a socket: what it refuses, what it answers, and how it stops.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod access;
mod approvals;
mod commands;
mod console;
mod described;
mod everyone;
mod following;
mod graph;
mod graph_commands;
mod hostile;
mod imports;
mod isolation;
mod jobs;
mod limits;
mod login;
mod partner_center;
mod proofs;
mod published;
mod questions;
mod rehearsal;
mod stage;
mod stopping;
mod webhooks;
