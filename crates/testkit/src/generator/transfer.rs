//! Drawing transfers of what was ordered before: mostly the next step of one, now and then a step that does not fit.

use std::collections::BTreeSet;

use ofrecord_core::command::relationship::{AcceptResellerRelationship, DapChoice, RequestResellerRelationship};
use ofrecord_core::command::transfer::{
    AcceptTransfer, CompleteTransfer, CompletedLine, LineMoved, LineOutcome, LineStayed, RejectTransfer,
    RequestTransfer, SelectedItem, TransferItem, WithdrawTransfer,
};
use ofrecord_core::vocabulary::{PartnerType, ProductFamily, TransferFamily};
use ofrecord_core::{Actor, Command, CustomerId, PartnerTenantId, SubscriptionId, TransferId};

use super::{Generator, Ordered, type_of};
use crate::{actor, name, product};

type Drawn = (Actor, Option<CustomerId>, Command);

/// A transfer that was drawn, as far as the drawing of its next steps needs it.
#[derive(Debug, Clone)]
pub(super) struct Drafted {
    transfer: TransferId,
    customer: CustomerId,
    source: PartnerTenantId,
    target: PartnerTenantId,
    family: TransferFamily,
    what: Ordered,
    steps: u64,
}

impl Generator {
    /// A first step, or a further one of a transfer drawn before.
    pub(super) fn transfer_command(&mut self, target: &Ordered) -> Drawn {
        if self.transfers.is_empty() || self.random.percent(35) {
            return self.transfer_request(target);
        }
        let place = self.random.index(self.transfers.len());
        let Some(drafted) = self.transfers.get_mut(place) else { return self.transfer_request(target) };
        drafted.steps += 1;
        let drafted = drafted.clone();
        self.transfer_step(&drafted)
    }

    /// A transfer of what was ordered just now, where its product moves at all, from the target's link to the
    /// completion, one step after the other.
    pub(super) fn whole_transfer(&mut self, what: &Ordered) {
        match what.product.family {
            ProductFamily::LegacyLicense | ProductFamily::LegacyAzure | ProductFamily::NewCommerceLicense => {}
            ProductFamily::AzurePlan
            | ProductFamily::AzureReservation
            | ProductFamily::PerpetualSoftware
            | ProductFamily::SoftwareSubscription
            | ProductFamily::MarketplaceSaas
            | ProductFamily::NotStated
            | ProductFamily::Unrecognised(_) => return,
        }
        let request = self.transfer_request(what);
        let Some(drafted) = self.transfers.last().cloned() else { return };
        let (customer, partner) = (what.customer, drafted.target);
        let link =
            RequestResellerRelationship { partner, dap: DapChoice::Without, via_provider: None, expires_at: None };
        let joins = AcceptResellerRelationship { partner, dap: DapChoice::Without };
        let drafted = Drafted { steps: 1, ..drafted };
        let mut steps = vec![
            (actor::admin_agent(partner), None, Command::RequestResellerRelationship(link)),
            (actor::global_admin(customer), Some(customer), Command::AcceptResellerRelationship(joins)),
            request,
            self.transfer_step(&drafted),
            (actor::microsoft(), Some(customer), self.completion(&drafted)),
        ];
        steps.reverse();
        self.opening.extend(steps);
    }

    fn transfer_request(&mut self, what: &Ordered) -> Drawn {
        let target = self.partner_of(&[PartnerType::DirectBill, PartnerType::IndirectProvider]);
        let family = match what.product.family.is_new_commerce() {
            _ if self.random.percent(8) => TransferFamily::AzurePlan,
            true => TransferFamily::NewCommerce,
            false => TransferFamily::LegacyLicense,
        };
        let number = self.partners.iter().position(|partner| *partner == target).unwrap_or(0);
        let provider = type_of(number) == PartnerType::IndirectProvider;
        let partner_id_on_record = (provider && self.random.percent(90)).then(|| product::partner_id("4000003"));
        let item = TransferItem { subscription: what.subscription, partner_id_on_record: None, eligibility: None };
        let left_to_the_source = family.is_new_commerce() && self.random.percent(40);
        let transfer = name::transfer(&format!("T{}-{}", self.seed, self.transfers.len()));
        let initiator = if family.is_new_commerce() { target } else { what.partner };
        self.transfers.push(Drafted {
            transfer: transfer.clone(),
            customer: what.customer,
            source: what.partner,
            target,
            family: family.clone(),
            what: what.clone(),
            steps: 0,
        });
        let command = RequestTransfer {
            transfer,
            family,
            source: what.partner,
            target,
            lines: if left_to_the_source { Vec::new() } else { vec![item] },
            partner_id_on_record,
            signatures: Vec::new(),
        };
        (actor::admin_agent(initiator), Some(what.customer), Command::RequestTransfer(command))
    }

    fn transfer_step(&mut self, drafted: &Drafted) -> Drawn {
        let (asks, answers) = match drafted.family.is_new_commerce() {
            true => (drafted.target, drafted.source),
            false => (drafted.source, drafted.target),
        };
        let transfer = drafted.transfer.clone();
        let (actor, command) = match self.random.below(10) {
            0 | 1 => (actor::admin_agent(answers), Command::RejectTransfer(RejectTransfer { transfer })),
            2 => (actor::admin_agent(asks), Command::WithdrawTransfer(WithdrawTransfer { transfer })),
            3 | 4 => (actor::admin_agent(answers), self.acceptance(drafted)),
            _ if drafted.steps < 2 => (actor::admin_agent(answers), self.acceptance(drafted)),
            _ => (actor::microsoft(), self.completion(drafted)),
        };
        (actor, Some(drafted.customer), command)
    }

    fn acceptance(&mut self, drafted: &Drafted) -> Command {
        let selects = drafted.family.is_new_commerce() && self.random.percent(80);
        let selected = SelectedItem { subscription: drafted.what.subscription, eligibility: None };
        let items = if selects { vec![selected] } else { Vec::new() };
        Command::AcceptTransfer(AcceptTransfer { transfer: drafted.transfer.clone(), items })
    }

    fn completion(&mut self, drafted: &Drafted) -> Command {
        let renamed = !drafted.family.is_new_commerce() || self.random.percent(20);
        let new = renamed.then(|| self.moved_to(drafted));
        let outcome = if self.random.percent(30) {
            LineOutcome::Failed(LineStayed { code: Some(900_103), error: "not in sync".to_owned() })
        } else {
            LineOutcome::Complete(LineMoved { new_subscription: new, ..LineMoved::default() })
        };
        if let LineOutcome::Complete(_) = outcome {
            let subscription = new.unwrap_or(drafted.what.subscription);
            self.ordered.push(Ordered { subscription, partner: drafted.target, ..drafted.what.clone() });
        }
        Command::CompleteTransfer(CompleteTransfer {
            transfer: drafted.transfer.clone(),
            lines: vec![CompletedLine { subscription: drafted.what.subscription, outcome }],
            billing_split_date: None,
        })
    }

    /// Mostly an id that nothing has yet.
    fn moved_to(&mut self, drafted: &Drafted) -> SubscriptionId {
        let taken: BTreeSet<SubscriptionId> = self.ordered.iter().map(|known| known.subscription).collect();
        let new = name::subscription(&format!("{} moved {}", drafted.what.subscription, self.drawn));
        match taken.first() {
            Some(known) if self.random.percent(4) => *known,
            Some(_) | None => new,
        }
    }
}
