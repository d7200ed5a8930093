//! Folding agreements: each confirmation is added to the list.

use crate::event::agreement::CustomerAgreementConfirmed;
use crate::fold::Stamp;
use crate::state::Agreement;

/// Adds a confirmation.
pub(super) fn apply(agreements: &mut Vec<Agreement>, event: &CustomerAgreementConfirmed, set: Stamp) {
    agreements.push(Agreement {
        agreement_type: event.agreement_type.clone(),
        method: event.method.clone(),
        attested_by: event.attested_by,
        date_agreed: event.date_agreed,
        template_id: event.template_id.clone(),
        set,
    });
}
