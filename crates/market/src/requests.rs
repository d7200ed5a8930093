//! From a planned action to the request that a real client would send.

mod granular;
mod moves;

use std::collections::BTreeSet;

use ofrecord_core::command::agreement::ConfirmCustomerAgreement;
use ofrecord_core::command::ledger::RecordObservation;
use ofrecord_core::command::partner_of_record::{ChangeResellerOfRecord, SetDpor, SetSupportContact};
use ofrecord_core::command::relationship as relationship_commands;
use ofrecord_core::command::relationship::{AzureRole, DapChoice};
use ofrecord_core::command::subscription as subscription_commands;
use ofrecord_core::command::subscription::OrderLine;
use ofrecord_core::event::relationship::ResellerRelationshipAcceptedByCustomer;
use ofrecord_core::event::subscription::SubscriptionObserved;
use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, AutoRenew, BillingCycle, DapTerminationCause, Services, SubscriptionStatus,
    SuspensionReason, TenantType, TermDuration, TransitionType, Trial,
};
use ofrecord_core::{
    Actor, ActorKind, Cloud, Command, CommandId, Completeness, CustomerId, Event, Evidence, PartnerTenantId, Request,
    Role, SourceSystem, SubscriptionId,
};

use super::action::{Access, Action, Change, Learned, Meeting, OfRecord, Purchase};
use super::offers::{OFFERS, Offer, TRIAL};
use super::partners::{Cast, agent, operator};
use super::{Step, Whose, customer_id, name_id};

const FIRST: &[&str] = &[
    "Alpine",
    "Blue Yonder",
    "City Power",
    "Fourth Coffee",
    "Graphic Design",
    "Humongous",
    "Lamna",
    "Margie's",
    "Munson's",
    "Nod",
    "Relecloud",
    "School of Fine Art",
    "Southridge",
    "The Phone",
    "Van Arsdel",
    "Wide World",
];
const SECOND: &[&str] =
    &["Airlines", "Healthcare", "Importers", "Institute", "Insurance", "Logistics", "Retail", "Works"];

/// Everything that building one request looks at.
struct Scene<'a> {
    seed: u64,
    cast: &'a Cast,
    step: &'a Step,
    /// The number of the customer, or of the partner where the step is about an account.
    number: u32,
    customer: CustomerId,
}

/// The request of a step.
pub(crate) fn build(seed: u64, cast: &Cast, step: &Step) -> Request {
    let (number, named) = match step.whose {
        Whose::Customer(number) => (number, Some(customer_id(seed, number))),
        Whose::Partner(number) => (number, None),
    };
    let scene = Scene { seed, cast, step, number, customer: named.unwrap_or_else(|| customer_id(seed, number)) };
    let (actor, command) = match &step.action {
        Action::Meeting(action) => scene.meeting(action),
        Action::Access(action) => scene.access(action),
        Action::Purchase(action) => scene.purchase(action),
        Action::Change(action) => scene.change(action),
        Action::OfRecord(action) => scene.of_record(action),
        Action::Learned(action) => Some(scene.learned(action)),
        Action::Granular(action) => scene.granular(action),
        Action::Move(action) => scene.moved(action),
        Action::Staff(action) => scene.staff(action),
    }
    // Ids and offers above are constants that always read; an observation of nothing is refused and shows itself.
    .unwrap_or_else(|| (operator(), Command::RecordObservation(RecordObservation { events: Vec::new() })));
    Request {
        command_id: CommandId::new(scene.id(&format!("command/{}", step.number))),
        actor,
        customer: named,
        effective_at: Some(step.effective_at),
        expected_version: None,
        evidence: scene.evidence(),
        command: command.into(),
    }
}

impl Scene<'_> {
    fn id(&self, name: &str) -> uuid::Uuid {
        let whose = match self.step.whose {
            Whose::Customer(_) => "customer",
            Whose::Partner(_) => "partner",
        };
        name_id(self.seed, &format!("{whose}/{}/{name}", self.number))
    }

    fn subscription_id(&self, number: u32) -> SubscriptionId {
        SubscriptionId::new(self.id(&format!("subscription/{number}")))
    }

    fn partner(&self, number: u32) -> PartnerTenantId {
        super::partner_id(self.seed, number)
    }

    fn admin(&self) -> Actor {
        Actor {
            kind: ActorKind::CustomerAdmin,
            tenant_id: Some(self.customer.guid()),
            user: Some(format!("admin@customer{}.example", self.number)),
            role: Some(Role::GlobalAdmin),
        }
    }

    fn company(&self) -> String {
        let number = usize::try_from(self.number).unwrap_or(0);
        let first = FIRST.get(number % FIRST.len()).copied().unwrap_or_default();
        let second = SECOND.get(number / FIRST.len() % SECOND.len()).copied().unwrap_or_default();
        format!("{first} {second} {}", number / (FIRST.len() * SECOND.len()) + 1)
    }

    /// An offer's service where delegated administration is for services, and the whole tenant elsewhere.
    fn service(&self, offer: u8) -> Services {
        match self.cast.cloud {
            Cloud::China21Vianet => {}
            Cloud::Worldwide | Cloud::UsGov => return Services::All,
        }
        let name = OFFERS.get(usize::from(offer)).and_then(|offer| offer.service.parse().ok());
        Services::Names(name.into_iter().collect())
    }

    fn agent(&self, partner: u32, role: Role) -> Actor {
        agent(self.partner(partner), role)
    }

    fn meeting(&self, action: &Meeting) -> Option<(Actor, Command)> {
        Some(match action {
            Meeting::Register => (
                operator(),
                Command::RegisterCustomer(relationship_commands::RegisterCustomer {
                    name: self.company(),
                    domain: Some(format!("customer{}.partner.example", self.number)),
                    market: self.cast.markets().into_iter().next(),
                    tenant_type: TenantType::Organisation,
                }),
            ),
            Meeting::Create { partner } => {
                let command = relationship_commands::CreateCustomer {
                    partner: self.partner(*partner),
                    name: self.company(),
                    domain: format!("customer{}.partner.example", self.number),
                    market: self.cast.markets().into_iter().next()?,
                    associated_partner_id: None,
                    dap: DapChoice::Without,
                    enable_gdap_by_default: None,
                };
                (self.agent(*partner, Role::AdminAgent), Command::CreateCustomer(command))
            }
            Meeting::Accept { partner, dap_offer } => {
                let dap = dap_offer.map_or(DapChoice::Without, |offer| DapChoice::With(self.service(offer)));
                let command =
                    relationship_commands::AcceptResellerRelationship { partner: self.partner(*partner), dap };
                (self.admin(), Command::AcceptResellerRelationship(command))
            }
            Meeting::Agree { attested_by } => {
                let command = ConfirmCustomerAgreement {
                    agreement_type: AgreementType::MicrosoftCustomerAgreement,
                    template_id: Some("117a77b0-9360-443b-8795-c6dedc750cf9".to_owned()),
                    date_agreed: self.step.effective_at.start_of_day(),
                    method: if attested_by.is_some() { AgreementMethod::Attested } else { AgreementMethod::Direct },
                    primary_contact: None,
                };
                let actor = attested_by.map_or_else(|| self.admin(), |partner| self.agent(partner, Role::AdminAgent));
                (actor, Command::ConfirmCustomerAgreement(command))
            }
            Meeting::RemoveRelationship { partner } => {
                let command = relationship_commands::RemoveResellerRelationship { partner: self.partner(*partner) };
                (self.agent(*partner, Role::AdminAgent), Command::RemoveResellerRelationship(command))
            }
        })
    }

    fn access(&self, action: &Access) -> Option<(Actor, Command)> {
        Some(match action {
            Access::GrantDap { partner, offer } => {
                let command =
                    relationship_commands::GrantDap { partner: self.partner(*partner), services: self.service(*offer) };
                (self.admin(), Command::GrantDap(command))
            }
            Access::RemoveDap { partner } => {
                let command =
                    relationship_commands::RemoveDap { partner: self.partner(*partner), services: Services::All };
                (self.admin(), Command::RemoveDap(command))
            }
            Access::EndDap { partner } => {
                let command = relationship_commands::RecordMicrosoftDapTermination {
                    partner: self.partner(*partner),
                    last_sign_in_at: Some(self.step.effective_at.plus_days(-91)),
                    cause: None,
                };
                (Actor::new(ActorKind::Microsoft), Command::RecordMicrosoftDapTermination(command))
            }
            Access::EndDapAfterTransition { partner } => {
                let command = relationship_commands::RecordMicrosoftDapTermination {
                    partner: self.partner(*partner),
                    last_sign_in_at: None,
                    cause: Some(DapTerminationCause::MicrosoftLedTransition),
                };
                (Actor::new(ActorKind::Microsoft), Command::RecordMicrosoftDapTermination(command))
            }
            Access::AzureRole { partner } => {
                let scope = format!("/subscriptions/{}", self.id("azure"));
                let command = relationship_commands::RecordAzureRoleAssignment {
                    partner: self.partner(*partner),
                    assignment: AzureRole { scope, role: "Owner".to_owned() },
                };
                (operator(), Command::RecordAzureRoleAssignment(command))
            }
        })
    }

    fn purchase(&self, action: &Purchase) -> Option<(Actor, Command)> {
        let (partner, command) = match action {
            Purchase::Order { partner, subscription, offer, quantity, sold_by_reseller } => {
                let offer = OFFERS.get(usize::from(*offer))?;
                let reseller = sold_by_reseller
                    .then(|| self.cast.reseller_of(*partner, u64::from(self.number)))
                    .flatten()
                    .and_then(|member| member.partner_id.clone());
                let line = OrderLine { partner_id_on_record: reseller, ..self.line(*subscription, offer, *quantity)? };
                (partner, self.order(*subscription, line)?)
            }
            Purchase::Trial { partner, subscription } => {
                let line = OrderLine { trial: Trial::Trial, ..self.line(*subscription, &TRIAL, 25)? };
                (partner, self.order(*subscription, line)?)
            }
            Purchase::ConvertTrial { partner, subscription, quantity } => {
                let command = subscription_commands::ConvertTrial {
                    subscription: self.subscription_id(*subscription),
                    to_product: OFFERS.get(1)?.product()?,
                    quantity: *quantity,
                    term: TermDuration::P1Y,
                    billing_cycle: BillingCycle::Annual,
                };
                (partner, Command::ConvertTrial(command))
            }
        };
        Some((self.agent(*partner, Role::SalesAgent), command))
    }

    fn line(&self, subscription: u32, offer: &Offer, quantity: u64) -> Option<OrderLine> {
        let billing_cycle = if offer.is_new_commerce() { BillingCycle::Monthly } else { BillingCycle::Annual };
        Some(OrderLine {
            subscription: self.subscription_id(subscription),
            product: offer.product()?,
            quantity,
            term: TermDuration::P1Y,
            billing_cycle,
            auto_renew: AutoRenew::On,
            trial: Trial::Paid,
            parent: None,
            partner_id_on_record: None,
            additional_partner_ids_on_record: BTreeSet::new(),
            price_terms: Some(format!("price list {}", self.step.effective_at.date_text().get(..7)?)),
            entitlement: None,
        })
    }

    fn order(&self, subscription: u32, line: OrderLine) -> Option<Command> {
        let order = self.id(&format!("order/{subscription}")).to_string().parse().ok()?;
        Some(Command::PlaceOrder(subscription_commands::PlaceOrder { order, lines: vec![line] }))
    }

    fn change(&self, action: &Change) -> Option<(Actor, Command)> {
        let id = |number: &u32| self.subscription_id(*number);
        let (partner, command) = match action {
            Change::AddSeats { partner, subscription, seats } => {
                let command = subscription_commands::AddSeats { subscription: id(subscription), seats: *seats };
                (partner, Command::AddSeats(command))
            }
            Change::RemoveSeats { partner, subscription, seats } => {
                let command = subscription_commands::RemoveSeats { subscription: id(subscription), seats: *seats };
                (partner, Command::RemoveSeats(command))
            }
            Change::Suspend { partner, subscription, unpaid } => {
                let reason = if *unpaid { SuspensionReason::NonPayment } else { SuspensionReason::CustomerRequest };
                let command = subscription_commands::SuspendSubscription { subscription: id(subscription), reason };
                (partner, Command::SuspendSubscription(command))
            }
            Change::Reactivate { partner, subscription } => {
                let command = subscription_commands::ReactivateSubscription { subscription: id(subscription) };
                (partner, Command::ReactivateSubscription(command))
            }
            Change::Cancel { partner, subscription } => {
                let command = subscription_commands::CancelSubscription { subscription: id(subscription) };
                (partner, Command::CancelSubscription(command))
            }
            Change::Renew { partner, subscription } => {
                let command = subscription_commands::RenewSubscription { subscription: id(subscription) };
                (partner, Command::RenewSubscription(command))
            }
            Change::Upgrade { partner, subscription, offer } => {
                let command = subscription_commands::ConvertSubscription {
                    subscription: id(subscription),
                    to_product: OFFERS.get(usize::from(*offer))?.product()?,
                    to_subscription: None,
                    transition_type: TransitionType::TransitionOnly,
                };
                (partner, Command::ConvertSubscription(command))
            }
            Change::StopRenewal { partner, subscription } => {
                let command =
                    subscription_commands::SetAutoRenew { subscription: id(subscription), auto_renew: AutoRenew::Off };
                (partner, Command::SetAutoRenew(command))
            }
        };
        Some((self.agent(*partner, Role::SalesAgent), command))
    }

    fn of_record(&self, action: &OfRecord) -> Option<(Actor, Command)> {
        let id = |number: &u32| self.subscription_id(*number);
        Some(match action {
            // The customer's own decision, not a partner's (rule I-10).
            OfRecord::Dpor { partner, subscription } => {
                let partner_id = self.cast.member(*partner)?.partner_id.clone();
                (self.admin(), Command::SetDpor(SetDpor { subscription: id(subscription), partner_id }))
            }
            OfRecord::ChangeReseller { provider, subscription, any } => {
                let partner_id = self.cast.reseller_of(*provider, *any)?.partner_id.clone();
                let command = ChangeResellerOfRecord { subscription: id(subscription), partner_id };
                (self.agent(*provider, Role::SalesAgent), Command::ChangeResellerOfRecord(command))
            }
            OfRecord::SupportContact { owner, partner, subscription } => {
                let contact = self.cast.member(*partner)?;
                let command = SetSupportContact {
                    subscription: id(subscription),
                    partner: contact.tenant,
                    partner_id: contact.partner_id.clone(),
                    name: Some(contact.name.clone()),
                };
                (self.agent(*owner, Role::SalesAgent), Command::SetSupportContact(command))
            }
        })
    }

    fn learned(&self, action: &Learned) -> (Actor, Command) {
        let event = match action {
            Learned::ObserveLate { partner, subscription, quantity } => {
                Event::SubscriptionObserved(Box::new(SubscriptionObserved {
                    owner: Some(self.partner(*partner)),
                    quantity: Some(*quantity),
                    status: Some(SubscriptionStatus::Active),
                    ..SubscriptionObserved::of(self.subscription_id(*subscription))
                }))
            }
            Learned::AuditOfAcceptance { partner } => {
                Event::ResellerRelationshipAcceptedByCustomer(ResellerRelationshipAcceptedByCustomer {
                    partner: self.partner(*partner),
                    accepted_by: None,
                    via_provider: None,
                    market: None,
                    generation: 1,
                })
            }
        };
        let command = Command::RecordObservation(RecordObservation { events: vec![event] });
        (Actor::new(ActorKind::Importer), command)
    }

    fn evidence(&self) -> Vec<Evidence> {
        let Action::Learned(action) = &self.step.action else { return Vec::new() };
        let source = match action {
            Learned::AuditOfAcceptance { .. } => SourceSystem::PartnerCenterAudit,
            Learned::ObserveLate { .. } => SourceSystem::PartnerCenterRest,
        };
        let record = self.id(&format!("record/{}", self.step.number));
        vec![Evidence {
            source,
            record_id: record.to_string(),
            raw_hash: ofrecord_log::Hash::of(record.as_bytes()).to_string(),
            fetched_at: Some(self.step.recorded_at),
            completeness: Completeness::Full,
            audit: None,
        }]
    }
}
