//! Approvals: what takes two persons is asked for by one and let happen by another, each by a request of their own.
//!
//! What is asked for waits on the device, with the exact command, and survives a restart. The command is submitted in
//! the name of whoever asked, once somebody else approved; its entry names the record of both among its evidence.

mod answers;
mod kept;
mod record;
mod routes;

pub(crate) use self::answers::{Approving, Told, all, answer, answered};
pub(crate) use self::kept::Approvals;
pub(crate) use self::record::Verdict;
pub(crate) use self::routes::ROUTES;

/// How long something waits to be answered, in days.
const WAITS_DAYS: i64 = 7;
/// How much may wait at once.
const WAITING_MAX: usize = 100;
