//! How long sources keep what they show: what they no longer have cannot be read from them again (rule L-9).

use ofrecord_core::SourceSystem;

/// For how many days a source keeps a record after it happened; none where it keeps it or nobody says. Microsoft
/// Graph keeps an ended granular relationship for a year, and says so by an audit record when it is gone.
#[must_use]
pub fn days_kept(source: &SourceSystem) -> Option<i64> {
    match source {
        SourceSystem::PartnerCenterAudit => Some(90),
        SourceSystem::CustomerDirectory => Some(30),
        SourceSystem::PartnerCenterRest
        | SourceSystem::PartnerCenterWebhook
        | SourceSystem::Graph
        | SourceSystem::PortalExport
        | SourceSystem::Manual
        | SourceSystem::Unrecognised(_) => None,
    }
}
