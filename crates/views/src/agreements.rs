//! The customer agreements confirmed: which, when agreed, and by whom attested (question 25).

use ofrecord_core::vocabulary::{AgreementMethod, AgreementType};
use ofrecord_core::{PartnerTenantId, Timestamp};
use serde::Serialize;

use crate::record::CustomerRecord;
use crate::viewpoint::Viewpoint;

/// One agreement as confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgreementRow {
    /// Which.
    pub agreement_type: AgreementType,
    /// The day agreed.
    pub date_agreed: Timestamp,
    /// Attested or direct.
    pub method: AgreementMethod,
    /// The partner who attested it.
    pub attested_by: Option<PartnerTenantId>,
    /// The template shown.
    pub template_id: Option<String>,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// The entries that say so.
    pub positions: Vec<u64>,
}

/// The agreements confirmed at a viewpoint, in the order in which they were.
#[must_use]
pub fn agreements(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<AgreementRow> {
    let confirmed = record.state(viewpoint).agreements.into_iter();
    confirmed
        .map(|agreement| AgreementRow {
            agreement_type: agreement.agreement_type,
            date_agreed: agreement.date_agreed,
            method: agreement.method,
            attested_by: agreement.attested_by,
            template_id: agreement.template_id,
            confirmed_at: agreement.set.effective_at,
            positions: agreement.set.positions().collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
