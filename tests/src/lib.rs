//! What the acceptance tests share: the workspace as text, the checks of the tidy test, generated pages, the built binary.

pub mod manifest;
pub mod page;
pub mod product;
pub mod programs;
pub mod provider;
pub mod reference;
pub mod serving;
pub mod signed;
pub mod snapshot;
pub mod source;
pub mod stage;
pub mod tidy;
pub mod workspace;
