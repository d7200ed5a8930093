//! Drawing commands on customers, relationships and delegated administration.

use std::collections::BTreeSet;

use ofrecord_core::command::agreement::ConfirmCustomerAgreement;
use ofrecord_core::command::partner::{AcceptPartnership, InvitePartner, UpdatePartner};
use ofrecord_core::command::relationship::{
    AcceptResellerRelationship, AccountKind, AzureRole, CreateCustomer, DapChoice, DeleteCustomer,
    ExtendResellerRelationship, GrantDap, RecordAzureRoleAssignment, RecordAzureRoleRemoval,
    RecordMicrosoftDapTermination, RemoveDap, RemoveResellerRelationship, RequestResellerRelationship,
    SetAssociatedPartner, UpdateCustomer,
};
use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, CustomerAccountStatus, DapTerminationCause, PartnerType, ResellerEnrolment,
    Services, TenantType,
};
use ofrecord_core::{Actor, Command, CustomerId, PartnerTenantId, Role};

use super::Generator;
use crate::{actor, name, product};

type Drawn = (Actor, Option<CustomerId>, Command);

impl Generator {
    pub(super) fn relationship_command(&mut self) -> Drawn {
        let customer = self.any_customer();
        let partner = if self.random.percent(80) {
            self.partner_of(&[PartnerType::DirectBill, PartnerType::IndirectProvider])
        } else {
            self.any_partner()
        };
        match self.random.below(40) {
            0..=6 => self.link(partner),
            7..=16 => {
                let dap = self.dap_choice();
                let command = AcceptResellerRelationship { partner, dap };
                self.related.push((customer, partner));
                (actor::global_admin(customer), Some(customer), Command::AcceptResellerRelationship(command))
            }
            17..=20 => {
                let command = RemoveResellerRelationship { partner };
                let role = self.random.one_of(&[Role::AdminAgent, Role::SalesAgent, Role::GlobalAdmin]).clone();
                let actor = actor::partner_user(partner, role);
                (actor, Some(customer), Command::RemoveResellerRelationship(command))
            }
            21..=26 => {
                let command = GrantDap { partner, services: self.services() };
                self.with_dap.push((customer, partner));
                (actor::global_admin(customer), Some(customer), Command::GrantDap(command))
            }
            27..=30 => {
                let command = RemoveDap { partner, services: self.services() };
                let by_customer = self.random.percent(60);
                let actor = if by_customer { actor::global_admin(customer) } else { actor::admin_agent(partner) };
                (actor, Some(customer), Command::RemoveDap(command))
            }
            31 => {
                let days = i64::try_from(self.random.below(200)).unwrap_or(0);
                let last_sign_in_at = self.random.percent(80).then(|| self.now.plus_days(-days));
                let causes =
                    [None, Some(DapTerminationCause::Inactivity), Some(DapTerminationCause::MicrosoftLedTransition)];
                let cause = self.random.one_of(&causes).clone();
                let with_dap = self.random.percent(60) && !self.with_dap.is_empty();
                let (customer, partner) =
                    if with_dap { *self.random.one_of(&self.with_dap) } else { (customer, partner) };
                let command = RecordMicrosoftDapTermination { partner, last_sign_in_at, cause };
                (actor::microsoft(), Some(customer), Command::RecordMicrosoftDapTermination(command))
            }
            32 | 33 => self.azure_role(customer, partner),
            34 => self.agreement(customer, partner),
            35 => self.creation(partner),
            36 | 37 => self.customer_update(customer),
            _ => self.beside_the_model(customer, partner),
        }
    }

    fn link(&mut self, partner: PartnerTenantId) -> Drawn {
        let via_provider = self.random.percent(10).then(|| self.partner_of(&[PartnerType::IndirectProvider]));
        let days = i64::try_from(self.random.below(400)).unwrap_or(0);
        let command = RequestResellerRelationship {
            partner,
            dap: self.dap_choice(),
            via_provider,
            expires_at: self.random.percent(20).then(|| self.now.plus_days(days - 20)),
        };
        let customer = self.random.percent(10).then(|| self.any_customer());
        (actor::admin_agent(partner), customer, Command::RequestResellerRelationship(command))
    }

    fn dap_choice(&mut self) -> DapChoice {
        if self.random.percent(50) { DapChoice::Without } else { DapChoice::With(self.services()) }
    }

    fn services(&mut self) -> Services {
        if self.random.percent(35) {
            return Services::All;
        }
        let all = ["Office 365", "Azure", "Dynamics CRM Online"];
        let names: BTreeSet<_> =
            all.iter().filter(|_| self.random.percent(45)).map(|name| product::service(name)).collect();
        Services::Names(names)
    }

    fn azure_role(&mut self, customer: CustomerId, partner: PartnerTenantId) -> Drawn {
        let assignment = AzureRole { scope: "/subscriptions/one".to_owned(), role: "Owner".to_owned() };
        let command = if self.random.percent(60) {
            Command::RecordAzureRoleAssignment(RecordAzureRoleAssignment { partner, assignment })
        } else {
            Command::RecordAzureRoleRemoval(RecordAzureRoleRemoval { partner, assignment })
        };
        (actor::operator(), Some(customer), command)
    }

    fn agreement(&mut self, customer: CustomerId, partner: PartnerTenantId) -> Drawn {
        let direct = self.random.percent(50);
        let future = i64::from(self.random.percent(10)) * 2;
        let command = ConfirmCustomerAgreement {
            agreement_type: AgreementType::MicrosoftCustomerAgreement,
            template_id: None,
            date_agreed: self.now.start_of_day().plus_days(future),
            method: if direct { AgreementMethod::Direct } else { AgreementMethod::Attested },
            primary_contact: None,
        };
        let actor = if direct { actor::global_admin(customer) } else { actor::admin_agent(partner) };
        (actor, Some(customer), Command::ConfirmCustomerAgreement(command))
    }

    fn creation(&mut self, partner: PartnerTenantId) -> Drawn {
        let customer = if self.random.percent(50) {
            name::customer(&format!("N{}", self.random.below(3)))
        } else {
            self.any_customer()
        };
        let command = CreateCustomer {
            partner,
            name: "Newly created".to_owned(),
            domain: "created.example".to_owned(),
            market: product::market(if self.random.percent(90) { "CN" } else { "US" }),
            associated_partner_id: None,
            dap: self.dap_choice(),
            enable_gdap_by_default: None,
        };
        (actor::admin_agent(partner), Some(customer), Command::CreateCustomer(command))
    }

    fn customer_update(&mut self, customer: CustomerId) -> Drawn {
        let statuses = [
            CustomerAccountStatus::Active,
            CustomerAccountStatus::Active,
            CustomerAccountStatus::UnderReview,
            CustomerAccountStatus::Locked,
        ];
        let command = UpdateCustomer {
            name: self.random.percent(40).then(|| format!("Customer renamed {}", self.drawn)),
            domain: None,
            market: self.random.percent(30).then(|| product::market("CN")),
            tenant_type: self.random.percent(10).then(|| {
                let kinds = [TenantType::Organisation, TenantType::Organisation, TenantType::CspCorporate];
                self.random.one_of(&kinds).clone()
            }),
            account_status: self.random.percent(40).then(|| self.random.one_of(&statuses).clone()),
        };
        (actor::operator(), Some(customer), Command::UpdateCustomer(command))
    }

    fn beside_the_model(&mut self, customer: CustomerId, partner: PartnerTenantId) -> Drawn {
        match self.random.below(4) {
            0 => {
                let account = if self.random.percent(30) { AccountKind::Sandbox } else { AccountKind::Production };
                let command = DeleteCustomer { partner, account };
                (actor::admin_agent(partner), Some(customer), Command::DeleteCustomer(command))
            }
            1 => self.extension(customer),
            _ => {
                let digits = *self.random.one_of(&["4000003", "4000003", "4000000", "4000009"]);
                let command = SetAssociatedPartner {
                    partner,
                    associated_partner_id: self.random.percent(70).then(|| product::partner_id(digits)),
                };
                (actor::admin_agent(partner), Some(customer), Command::SetAssociatedPartner(command))
            }
        }
    }

    /// A direct-bill partner enrols, works with a provider and brings it to the customer.
    fn extension(&mut self, customer: CustomerId) -> Drawn {
        let partner = self.partner_of(&[PartnerType::DirectBill]);
        let provider = self.partner_of(&[PartnerType::IndirectProvider]);
        let consent_reference = format!("letter {}", self.drawn);
        let extend = ExtendResellerRelationship { partner, provider, consent_reference };
        let accept = AcceptPartnership { provider, reseller: partner };
        let invite = InvitePartner { provider, reseller: partner };
        self.opening.extend([
            (actor::admin_agent(partner), Some(customer), Command::ExtendResellerRelationship(extend)),
            (actor::admin_agent(partner), None, Command::AcceptPartnership(accept)),
            (actor::admin_agent(provider), None, Command::InvitePartner(invite)),
        ]);
        let enrolled = UpdatePartner {
            partner,
            name: None,
            partner_type: None,
            partner_id: None,
            markets: None,
            programme: None,
            indirect_reseller_enrolment: Some(ResellerEnrolment::Completed),
        };
        (actor::operator(), None, Command::UpdatePartner(enrolled))
    }
}
