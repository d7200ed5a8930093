//! The id of an audit record, which says who, whom, what and when.

use ofrecord_core::{CustomerId, PartnerTenantId, Timestamp};

/// An audit record's id, taken apart:
/// `{partner}_{customer}[_{resource}]_{operation without underscores}_{.NET ticks}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditId<'a> {
    pub(crate) partner: Option<PartnerTenantId>,
    pub(crate) customer: Option<CustomerId>,
    /// What stands between customer and operation: the ids of the resource, in lower case.
    pub(crate) resource: Vec<&'a str>,
    pub(crate) operation: &'a str,
    pub(crate) at: Option<Timestamp>,
}

impl<'a> AuditId<'a> {
    /// Takes an id apart; none when it does not end in an operation and ticks.
    pub(crate) fn parse(id: &'a str) -> Option<Self> {
        let (before, ticks) = id.rsplit_once('_')?;
        let ticks: u64 = ticks.parse().ok()?;
        let (subjects, operation) = before.rsplit_once('_')?;
        let mut subjects = subjects.split('_');
        Some(Self {
            partner: subjects.next().and_then(|partner| partner.parse().ok()),
            customer: subjects.next().and_then(|customer| customer.parse().ok()),
            resource: subjects.collect(),
            operation,
            at: Timestamp::from_ticks(ticks),
        })
    }
}

#[cfg(test)]
mod tests;
