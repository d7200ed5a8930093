//! The words of the page of what takes two persons.

/// Its title.
pub(in crate::console) const TITLE: &str = "Approvals";
/// What kind of page it is.
pub(in crate::console) const KIND: &str = "Two persons";
/// What it is about.
pub(in crate::console) const HINT: &str = "Erasing, redacting and releasing a hold take two compliance officers: \
    one asks, and another one approves. Whoever asked cannot approve, by whichever token or login.";
/// How something comes here.
pub(in crate::console) const HOW: &str = "Ask with ofrecord approval ask, or by POST /v1/approvals.";
/// What waits.
pub(in crate::console) const WAITING: &str = "Waiting for the second person";
/// Nothing waits.
pub(in crate::console) const NONE_WAITING: &str = "Nothing waits.";
/// What has been answered.
pub(in crate::console) const ANSWERED: &str = "Answered, withdrawn or expired";
/// Nothing has been answered.
pub(in crate::console) const NONE_ANSWERED: &str = "Nothing has been answered yet.";
/// The field in which a reason is given.
pub(in crate::console) const REASON: &str = "Why";
/// What is said of a command that was approved, and of which nobody knows what came.
pub(in crate::console) const AGAIN: &str = "approved, and not known to be decided: approve it again";
/// What is asked for.
pub(in crate::console) const SUBMISSION: &str = "The exact command";
