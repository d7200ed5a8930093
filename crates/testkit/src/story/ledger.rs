//! What the ledger's own people, an import and Microsoft put on record.

use ofrecord_core::command::agreement::ConfirmCustomerAgreement;
use ofrecord_core::command::ledger::{CorrectEvent, RecordObservation};
use ofrecord_core::command::partner::{AcceptPartnerAgreement, RegisterPartner, SuspendPartnerAccount};
use ofrecord_core::command::relationship::{
    AzureRole, RecordAzureRoleAssignment, RecordMicrosoftDapTermination, RegisterCustomer,
};
use ofrecord_core::vocabulary::{AccountSuspensionReason, AgreementMethod, AgreementType, PartnerType, TenantType};
use ofrecord_core::{Command, Completeness, Event, Evidence, Request, SourceSystem, Timestamp};

use super::Moment;
use crate::{actor, name, product};

/// The ledger's side at an instant.
#[derive(Debug, Clone, Copy)]
pub struct LedgerVoice<'a> {
    pub(super) moment: Moment<'a>,
}

/// Evidence of a record in the audit log of Partner Center.
#[must_use]
pub fn audit_evidence(record_id: &str) -> Evidence {
    Evidence {
        source: SourceSystem::PartnerCenterAudit,
        record_id: record_id.to_owned(),
        raw_hash: format!("{:064x}", record_id.bytes().fold(1_u128, |sum, byte| sum * 131 + u128::from(byte) % 65_521)),
        fetched_at: None,
        completeness: Completeness::Full,
        audit: None,
    }
}

impl<'a> LedgerVoice<'a> {
    pub(super) fn new(moment: Moment<'a>) -> Self {
        Self { moment }
    }

    /// Registers a partner of the market China.
    #[must_use]
    pub fn registers_partner(self, partner: &str, partner_type: PartnerType, digits: Option<&str>) -> Request {
        let command = RegisterPartner {
            partner: name::partner(partner),
            name: partner.to_owned(),
            partner_type,
            partner_id: digits.map(product::partner_id),
            markets: [product::market("CN")].into(),
            indirect_reseller_enrolment: None,
        };
        self.moment.request(actor::operator(), None, Command::RegisterPartner(command))
    }

    /// Records that a partner accepted the Microsoft Partner Agreement.
    #[must_use]
    pub fn records_partner_agreement(self, partner: &str) -> Request {
        let command = AcceptPartnerAgreement { partner: name::partner(partner) };
        self.moment.request(actor::microsoft(), None, Command::AcceptPartnerAgreement(command))
    }

    /// Suspends a partner's account for unpaid invoices.
    #[must_use]
    pub fn suspends_account(self, partner: &str) -> Request {
        let command =
            SuspendPartnerAccount { partner: name::partner(partner), reason: AccountSuspensionReason::Overdue60 };
        self.moment.request(actor::microsoft(), None, Command::SuspendPartnerAccount(command))
    }

    /// Registers a customer of the market China.
    #[must_use]
    pub fn registers_customer(self, customer: &str) -> Request {
        let command = RegisterCustomer {
            name: customer.to_owned(),
            domain: Some("customer.example".to_owned()),
            market: Some(product::market("CN")),
            tenant_type: TenantType::Organisation,
        };
        self.moment.request(actor::operator(), Some(name::customer(customer)), Command::RegisterCustomer(command))
    }

    /// Records that the customer accepted its agreement directly.
    #[must_use]
    pub fn records_direct_agreement(self, customer: &str) -> Request {
        let customer = name::customer(customer);
        let command = ConfirmCustomerAgreement {
            agreement_type: AgreementType::MicrosoftCustomerAgreement,
            template_id: None,
            date_agreed: self.moment.at.start_of_day(),
            method: AgreementMethod::Direct,
            primary_contact: None,
        };
        self.moment.request(actor::global_admin(customer), Some(customer), Command::ConfirmCustomerAgreement(command))
    }

    /// Records that Microsoft ended a partner's DAP.
    #[must_use]
    pub fn records_dap_termination(self, customer: &str, partner: &str, last_sign_in_at: Timestamp) -> Request {
        let command = RecordMicrosoftDapTermination {
            partner: name::partner(partner),
            last_sign_in_at: Some(last_sign_in_at),
            cause: None,
        };
        self.moment.request(
            actor::microsoft(),
            Some(name::customer(customer)),
            Command::RecordMicrosoftDapTermination(command),
        )
    }

    /// Records that a partner holds the Owner role on a scope.
    #[must_use]
    pub fn records_azure_owner(self, customer: &str, partner: &str, scope: &str) -> Request {
        let command = RecordAzureRoleAssignment {
            partner: name::partner(partner),
            assignment: AzureRole { scope: scope.to_owned(), role: "Owner".to_owned() },
        };
        self.moment.request(
            actor::operator(),
            Some(name::customer(customer)),
            Command::RecordAzureRoleAssignment(command),
        )
    }

    /// Imports what a record of the audit log says.
    #[must_use]
    pub fn imports(self, customer: &str, record_id: &str, event: Event) -> Request {
        let command = RecordObservation { events: vec![event] };
        let request =
            self.moment.request(actor::importer(), Some(name::customer(customer)), Command::RecordObservation(command));
        Request { evidence: vec![audit_evidence(record_id)], ..request }
    }

    /// Corrects the first event of an entry in a customer's stream; none withdraws it.
    #[must_use]
    pub fn corrects(self, customer: &str, position: u64, replacement: Option<Event>, reason: &str) -> Request {
        let command = CorrectEvent {
            partners: std::collections::BTreeSet::new(),
            position,
            event_index: 0,
            replacement: replacement.map(Box::new),
            replacement_effective_at: None,
            reason: reason.to_owned(),
        };
        self.moment.request(actor::compliance_officer(), Some(name::customer(customer)), Command::CorrectEvent(command))
    }
}
