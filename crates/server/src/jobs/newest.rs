//! What came of the newest job of a kind.

use super::JobKind;
use super::queue::Jobs;

impl Jobs {
    /// The report of the newest job of a kind that came to its end, of those that are remembered.
    pub(crate) fn newest_report(&self, kind: JobKind) -> Option<serde_json::Value> {
        // The newest comes first.
        let mut of_kind = self.all().into_iter().filter(|job| job.order.task.kind() == kind);
        of_kind.find_map(|job| Some(job.outcome?.ok()?.report))
    }
}
