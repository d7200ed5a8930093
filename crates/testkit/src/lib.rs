//! What tests stand on: readable ids, stories, a seeded generator of commands, a reference model, byte mutations.
//!
//! Everything here is deterministic: a seed printed by a failing test makes the same run again.

pub mod actor;
pub mod desk;
pub mod fuzz;
pub mod generator;
pub mod line;
pub mod model;
pub mod mutation;
pub mod name;
pub mod outside;
pub mod picture;
pub mod product;
pub mod random;
pub mod role;
pub mod running;
pub mod source_record;
pub mod story;

pub use crate::desk::Desk;
pub use crate::generator::{Draft, Generator};
pub use crate::model::Model;
pub use crate::random::Random;
pub use crate::running::Running;
pub use crate::story::Story;
