//! The command that confirms a customer agreement.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{Digest, SubjectId};
use crate::personal::SealedWord;
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
    /// All of it, once the ledger has sealed it; then nothing else is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

/// Personal fields that only the holder of their subject's key reads (rule L-10).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The cipher: `A256GCM`.
    pub alg: String,
    /// Whose key: the subject.
    pub kid: SubjectId,
    /// The position of the entry that it was sealed for.
    pub position: u64,
    /// The commitment to the key of this field.
    pub kc: Digest,
    /// By which the holder of the key tells equal texts.
    pub tag: Digest,
    /// The nonce: 24 hexadecimal digits.
    pub nonce: String,
    /// The ciphertext in hexadecimal digits.
    pub ct: String,
}

impl Sealed {
    /// Whether the text of a JSON may hold a sealed field or text; asked of every command, so it reads nothing.
    #[must_use]
    pub fn may_be_in(json: &[u8]) -> bool {
        let has = |text: &str| text.contains("\"sealed\":") || text.contains(SealedWord::BEGINNING);
        std::str::from_utf8(json).is_ok_and(has)
    }

    /// Leaves of every sealed field and sealed text in a JSON value only whose it is and its tag: what stays the same
    /// when the same text is sealed again.
    pub fn reduce(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::Object(sealed)) = fields.get_mut("sealed") {
                    sealed.retain(|name, _| name == "kid" || name == "tag");
                }
                fields.values_mut().for_each(Self::reduce);
            }
            Value::Array(items) => items.iter_mut().for_each(Self::reduce),
            Value::String(text) => {
                if let Ok(sealed) = text.parse::<SealedWord>() {
                    *text = sealed.reduced();
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Contact {
    /// Whether it says who somebody is, readable by everybody.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        [&self.first_name, &self.last_name, &self.email, &self.phone_number].into_iter().any(Option::is_some)
    }
}
