//! The command that confirms a customer agreement.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::vocabulary::{AgreementMethod, AgreementType};

/// Confirm the customer agreement: attested by a partner, or accepted directly by the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCustomerAgreement {
    /// Which agreement; passed explicitly, as the source's default is the older one.
    pub agreement_type: AgreementType,
    /// The template that was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_id: Option<String>,
    /// The day it was agreed; not in the future (rule B-3).
    pub date_agreed: Timestamp,
    /// Attested or direct.
    pub method: AgreementMethod,
    /// Who agreed, as far as the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_contact: Option<Contact>,
}

/// A contact person as the source gives it (rule L-10: personal).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}
