//! The customer agreement resource.

use ofrecord_core::PartnerTenantId;
use ofrecord_core::command::agreement::Contact;
use ofrecord_core::event::agreement::CustomerAgreementConfirmed;
use ofrecord_core::vocabulary::{AgreementMethod, AgreementType};

use crate::node::Node;
use crate::scribe::Scribe;

/// Reads an agreement that a partner attested; none without the day it was agreed.
pub(crate) fn attested(
    node: &Node<'_>,
    partner: Option<PartnerTenantId>,
    scribe: &mut Scribe<'_>,
) -> Option<CustomerAgreementConfirmed> {
    let name = if node.has("type") { "type" } else { "agreementType" };
    Some(CustomerAgreementConfirmed {
        agreement_type: node.word(name, scribe).unwrap_or(AgreementType::NotStated),
        template_id: node.text("templateId").map(str::to_owned),
        date_agreed: node.instant("dateAgreed", scribe)?,
        method: AgreementMethod::Attested,
        attested_by: partner,
        primary_contact: node.object("primaryContact").map(|contact| person(&contact)),
    })
}

fn person(node: &Node<'_>) -> Contact {
    let text = |name: &str| node.text(name).map(str::to_owned);
    Contact {
        first_name: text("firstName"),
        last_name: text("lastName"),
        email: text("email"),
        phone_number: text("phoneNumber"),
        sealed: None,
    }
}
