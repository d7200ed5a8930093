//! Room for connections among the files that the process may have open.

use ofrecord_server::{Limits, ServeError};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::failure::Failure;

/// Files that the process has open beside connections: the store, the segments, the views, and what is asked elsewhere.
const OTHER_FILES: u64 = 512;

/// Has the system allow as many open files as the limits need, as far as it lets the process do that itself. Where it
/// does not, limits that were raised are refused; those that hold without a file are served as far as there is room.
pub(super) fn reserve(limits: &Limits) -> Result<(), Failure> {
    let needed = limits.connections as u64 + limits.uploads as u64 + OTHER_FILES;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    let most = maximum.unwrap_or(needed).min(needed);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum });
    let allowed = if raised.is_ok() { Some(most) } else { current };
    let was_raised = limits.connections > Limits::default().connections;
    match allowed.filter(|allowed| was_raised && *allowed < needed) {
        Some(allowed) => Err(ServeError::OpenFiles { connections: limits.connections, needed, allowed }.into()),
        None => Ok(()),
    }
}
