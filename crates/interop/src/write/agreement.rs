//! Customer agreements as Partner Center lists them: those that a partner attested.

use ofrecord_core::vocabulary::{AgreementMethod, AgreementType};
use uuid::Uuid;

use super::Seen;
use super::parts::instant_of_agreement;
use super::shape::{Properties, Shape};

/// Whether the customer itself signed the Microsoft Customer Agreement.
#[must_use]
pub fn direct_signed_status(seen: &Seen<'_>) -> Shape {
    let is_signed = seen.state.agreements.iter().any(|agreement| {
        agreement.method == AgreementMethod::Direct
            && agreement.agreement_type == AgreementType::MicrosoftCustomerAgreement
    });
    Properties::new().put("isSigned", Shape::Flag(is_signed)).into()
}

/// The attested agreements, those of one partner or of all, in the order in which they were recorded.
///
/// `user_of` names who recorded the entry at a position; only a user's id is shown, as the source does. What the
/// customer signed directly is no resource of this list.
pub fn agreements(seen: &Seen<'_>, user_of: impl Fn(u64) -> Option<String>) -> Vec<Shape> {
    let attested = seen.state.agreements.iter().filter(|agreement| {
        let of_partner = seen.by.is_none_or(|by| agreement.attested_by == Some(by));
        agreement.method == AgreementMethod::Attested && of_partner
    });
    let shapes = attested.map(|agreement| {
        let user = user_of(agreement.set.at.position).filter(|user| Uuid::try_parse(user).is_ok());
        let stated = Some(&agreement.agreement_type).filter(|stated| **stated != AgreementType::NotStated);
        Properties::new()
            .put_if("userId", user)
            .put_if("templateId", agreement.template_id.as_deref())
            .put("dateAgreed", instant_of_agreement(agreement.date_agreed))
            .put_if("type", stated.map(AgreementType::as_str))
            .into()
    });
    shapes.collect()
}
