//! Keeps a panic of the engine from leaving the store: it becomes an error.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `step` and turns a panic into its message.
///
/// Whatever `step` was writing must be treated as unknown afterwards.
pub(crate) fn contain<T>(step: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(|said| (*said).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned());
        format!("the engine panicked: {}", said.unwrap_or_default())
    })
}

/// Like [`contain`], for a step that can also fail in its own way.
pub(crate) fn contain_result<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    contain(step)?.map_err(|error| error.to_string())
}
