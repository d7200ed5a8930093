//! Requests on transfers, and on the extension of a relationship to a provider.

use ofrecord_core::command::relationship::ExtendResellerRelationship;
use ofrecord_core::command::transfer::{
    AcceptTransfer, CompleteTransfer, CompletedLine, LineMoved, LineOutcome, LineStayed, RejectTransfer,
    RequestTransfer, SelectedItem, TransferItem,
};
use ofrecord_core::vocabulary::{PartnerType, TransferFamily};
use ofrecord_core::{Actor, ActorKind, Command, PartnerId, Role, TransferId};

use super::Scene;
use crate::action::Move;

impl Scene<'_> {
    fn transfer(&self, subscription: u32) -> Option<TransferId> {
        self.id(&format!("transfer/{subscription}")).to_string().parse().ok()
    }

    /// The reseller whom a provider names as partner of record (rule T-19): the partner that brought the
    /// customer along, or one of its own.
    fn reseller_named(&self, from: u32, to: u32) -> Option<PartnerId> {
        if self.cast.member(to)?.kind != PartnerType::IndirectProvider {
            return None;
        }
        let brought = (self.cast.provider_beside(from) == Some(to)).then(|| self.cast.member(from)).flatten();
        brought.or_else(|| self.cast.reseller_of(to, u64::from(self.number)))?.partner_id.clone()
    }

    pub(super) fn moved(&self, action: &Move) -> Option<(Actor, Command)> {
        let agent = |number: u32| self.agent(number, Role::AdminAgent);
        Some(match action {
            Move::Ask { from, to, subscription, new_commerce } => {
                let item = TransferItem {
                    subscription: self.subscription_id(*subscription),
                    partner_id_on_record: None,
                    eligibility: None,
                };
                let command = RequestTransfer {
                    transfer: self.transfer(*subscription)?,
                    family: if *new_commerce { TransferFamily::NewCommerce } else { TransferFamily::LegacyLicense },
                    source: self.partner(*from),
                    target: self.partner(*to),
                    lines: vec![item],
                    partner_id_on_record: self.reseller_named(*from, *to),
                    signatures: Vec::new(),
                };
                (agent(if *new_commerce { *to } else { *from }), Command::RequestTransfer(command))
            }
            Move::Accept { from, to, subscription, new_commerce } => {
                let selected = SelectedItem { subscription: self.subscription_id(*subscription), eligibility: None };
                let items = if *new_commerce { vec![selected] } else { Vec::new() };
                let command = AcceptTransfer { transfer: self.transfer(*subscription)?, items };
                (agent(if *new_commerce { *from } else { *to }), Command::AcceptTransfer(command))
            }
            Move::Decline { from, to, subscription, new_commerce } => {
                let command = RejectTransfer { transfer: self.transfer(*subscription)? };
                (agent(if *new_commerce { *from } else { *to }), Command::RejectTransfer(command))
            }
            Move::Complete { subscription, new, moved } => {
                let outcome = if *moved {
                    let new_subscription = new.map(|new| self.subscription_id(new));
                    LineOutcome::Complete(LineMoved { new_subscription, ..LineMoved::default() })
                } else {
                    let error = "Subscription SyncState must be SyncComplete".to_owned();
                    LineOutcome::Failed(LineStayed { code: Some(900_103), error })
                };
                let command = CompleteTransfer {
                    transfer: self.transfer(*subscription)?,
                    lines: vec![CompletedLine { subscription: self.subscription_id(*subscription), outcome }],
                    billing_split_date: None,
                };
                (Actor::new(ActorKind::Microsoft), Command::CompleteTransfer(command))
            }
            Move::Extend { partner, provider } => {
                let command = ExtendResellerRelationship {
                    partner: self.partner(*partner),
                    provider: self.partner(*provider),
                    consent_reference: format!("letter {}", self.number),
                };
                (agent(*partner), Command::ExtendResellerRelationship(command))
            }
        })
    }
}
