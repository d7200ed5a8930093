//! Drawing commands on partner accounts and partnerships, and the scene that every run opens with.

use ofrecord_core::command::agreement::ConfirmCustomerAgreement;
use ofrecord_core::command::partner::{
    AcceptPartnerAgreement, AcceptPartnership, InvitePartner, RegisterPartner, ReinstatePartnerAccount,
    RemovePartnership, SuspendPartnerAccount, UpdatePartner,
};
use ofrecord_core::command::relationship::{
    AcceptResellerRelationship, DapChoice, RegisterCustomer, RequestResellerRelationship,
};
use ofrecord_core::vocabulary::{
    AccountSuspensionReason, AgreementMethod, AgreementType, PartnerType, ProgrammeStatus, ResellerEnrolment, Services,
    TenantType,
};
use ofrecord_core::{Actor, Cloud, Command, CustomerId, PartnerTenantId};

use super::{Generator, Range, cloud_of, type_of};
use crate::{actor, product};

type Drawn = (Actor, Option<CustomerId>, Command);

impl Generator {
    /// Most accounts and customers are known before anything else happens; some never are.
    pub(super) fn opening_scene(&mut self) -> Vec<Drawn> {
        let mut scene: Vec<Drawn> = Vec::new();
        for (number, partner) in self.partners.clone().into_iter().enumerate() {
            if number >= 6 && self.random.percent(10) {
                continue;
            }
            scene.push((actor::operator(), None, Command::RegisterPartner(registration(number, partner))));
            if !self.random.percent(10) {
                let command = Command::AcceptPartnerAgreement(AcceptPartnerAgreement { partner });
                scene.push((actor::microsoft(), None, command));
            }
        }
        if let [_, _, provider, reseller, ..] = self.partners[..]
            && self.random.percent(85)
        {
            let command = Command::InvitePartner(InvitePartner { provider, reseller });
            scene.push((actor::admin_agent(provider), None, command));
            let command = Command::AcceptPartnership(AcceptPartnership { provider, reseller });
            scene.push((actor::admin_agent(reseller), None, command));
        }
        for (number, customer) in self.customers.clone().into_iter().enumerate() {
            let tenant_type = if number == 7 { TenantType::B2c } else { TenantType::Organisation };
            let market = if self.random.percent(90) { "CN" } else { "US" };
            let command = RegisterCustomer {
                name: format!("Customer {number}"),
                domain: None,
                market: self.random.percent(90).then(|| product::market(market)),
                tenant_type,
            };
            scene.push((actor::operator(), Some(customer), Command::RegisterCustomer(command)));
            if self.random.percent(80) {
                scene.push(self.direct_agreement(customer));
            }
            if self.random.percent(70) {
                self.opening_relationship(customer, &mut scene);
            }
        }
        scene
    }

    /// A partner who may sell makes a link, and the customer accepts it.
    fn opening_relationship(&mut self, customer: CustomerId, scene: &mut Vec<Drawn>) {
        let partner = self.partner_of(&[PartnerType::DirectBill, PartnerType::IndirectProvider]);
        let dap = match cloud_of(self.seed) {
            Cloud::UsGov => DapChoice::With(Services::All),
            Cloud::China21Vianet | Cloud::Worldwide if self.random.percent(40) => DapChoice::With(Services::All),
            Cloud::China21Vianet | Cloud::Worldwide => DapChoice::Without,
        };
        let link = RequestResellerRelationship { partner, dap: dap.clone(), via_provider: None, expires_at: None };
        scene.push((actor::admin_agent(partner), None, Command::RequestResellerRelationship(link)));
        let accepted = Command::AcceptResellerRelationship(AcceptResellerRelationship { partner, dap });
        if let Command::AcceptResellerRelationship(AcceptResellerRelationship { dap: DapChoice::With(_), .. }) =
            &accepted
        {
            self.with_dap.push((customer, partner));
        }
        scene.push((actor::global_admin(customer), Some(customer), accepted));
        self.related.push((customer, partner));
    }

    fn direct_agreement(&mut self, customer: CustomerId) -> Drawn {
        let command = ConfirmCustomerAgreement {
            agreement_type: AgreementType::MicrosoftCustomerAgreement,
            template_id: None,
            date_agreed: self.now.start_of_day(),
            method: AgreementMethod::Direct,
            primary_contact: None,
        };
        (actor::global_admin(customer), Some(customer), Command::ConfirmCustomerAgreement(command))
    }

    pub(super) fn partner_command(&mut self) -> Drawn {
        let partner = self.any_partner();
        let number = self.partners.iter().position(|known| *known == partner).unwrap_or(0);
        match self.random.below(12) {
            0 => (actor::operator(), None, Command::RegisterPartner(registration(number, partner))),
            1 => {
                let reason = AccountSuspensionReason::Overdue60;
                (actor::microsoft(), None, Command::SuspendPartnerAccount(SuspendPartnerAccount { partner, reason }))
            }
            2..=4 => {
                let command = ReinstatePartnerAccount { partner };
                (actor::microsoft(), None, Command::ReinstatePartnerAccount(command))
            }
            5 => {
                let command = AcceptPartnerAgreement { partner };
                (actor::microsoft(), None, Command::AcceptPartnerAgreement(command))
            }
            6 => self.partner_update(partner),
            _ => self.partnership(),
        }
    }

    fn partner_update(&mut self, partner: PartnerTenantId) -> Drawn {
        let programme = [ProgrammeStatus::Active, ProgrammeStatus::Active, ProgrammeStatus::NotActive];
        let command = UpdatePartner {
            partner,
            name: self.random.percent(30).then(|| format!("Renamed {}", self.drawn)),
            partner_type: None,
            partner_id: None,
            markets: self.random.percent(20).then(|| [product::market("CN"), product::market("US")].into()),
            programme: self.random.percent(40).then(|| self.random.one_of(&programme).clone()),
            indirect_reseller_enrolment: match self.range {
                Range::Everything if self.random.percent(30) => Some(ResellerEnrolment::Completed),
                Range::Everything | Range::Modelled => None,
            },
        };
        (actor::operator(), None, Command::UpdatePartner(command))
    }

    fn partnership(&mut self) -> Drawn {
        let provider = self.partner_of(&[PartnerType::IndirectProvider]);
        let reseller =
            if self.random.percent(5) { self.any_partner() } else { self.partner_of(&[PartnerType::IndirectReseller]) };
        match self.random.below(7) {
            0..=2 => {
                let command = InvitePartner { provider, reseller };
                (actor::admin_agent(provider), None, Command::InvitePartner(command))
            }
            3..=5 => {
                let command = AcceptPartnership { provider, reseller };
                (actor::admin_agent(reseller), None, Command::AcceptPartnership(command))
            }
            _ => {
                let by = if self.random.percent(50) { provider } else { reseller };
                (actor::admin_agent(by), None, Command::RemovePartnership(RemovePartnership { provider, reseller }))
            }
        }
    }
}

fn registration(number: usize, partner: PartnerTenantId) -> RegisterPartner {
    RegisterPartner {
        partner,
        name: format!("Partner {number}"),
        partner_type: type_of(number),
        partner_id: Some(product::partner_id(&format!("{}", 4_000_000 + number))),
        markets: [product::market("CN")].into(),
        indirect_reseller_enrolment: None,
    }
}
