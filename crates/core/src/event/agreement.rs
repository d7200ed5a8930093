//! The event that a customer agreement was confirmed.

use serde::{Deserialize, Serialize};

use crate::command::agreement::Contact;
use crate::id::PartnerTenantId;
use crate::time::Timestamp;
use crate::vocabulary::{AgreementMethod, AgreementType};

/// The customer agreement was confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerAgreementConfirmed {
    /// Which agreement.
    pub agreement_type: AgreementType,
    /// The template shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<String>,
    /// The day it was agreed.
    pub date_agreed: Timestamp,
    /// Attested by a partner, or direct.
    pub method: AgreementMethod,
    /// The partner who attested it, for an attestation (rule B-11).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attested_by: Option<PartnerTenantId>,
    /// Who agreed, as far as the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_contact: Option<Contact>,
}
