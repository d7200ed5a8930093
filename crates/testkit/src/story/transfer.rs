//! What both sides and Microsoft say about transfers of subscriptions.

use ofrecord_core::command::transfer::{
    AcceptTransfer, CompleteTransfer, CompletedLine, LineMoved, LineOutcome, LineStayed, RequestTransfer, SelectedItem,
    TransferItem,
};
use ofrecord_core::vocabulary::TransferFamily;
use ofrecord_core::{Command, Request};

use super::{LedgerVoice, PartnerVoice};
use crate::{actor, name};

impl PartnerVoice<'_> {
    /// Asks another partner to take legacy subscriptions of a customer over.
    #[must_use]
    pub fn offers_transfer(self, customer: &str, transfer: &str, target: &str, subscriptions: &[&str]) -> Request {
        let command = RequestTransfer {
            transfer: name::transfer(transfer),
            family: TransferFamily::LegacyLicense,
            source: self.partner,
            target: name::partner(target),
            lines: subscriptions.iter().map(|subscription| item(subscription)).collect(),
            partner_id_on_record: None,
            signatures: Vec::new(),
        };
        self.about(customer, Command::RequestTransfer(command))
    }

    /// Asks another partner for subscriptions of new commerce; which ones is left to the other.
    #[must_use]
    pub fn asks_for_transfer(self, customer: &str, transfer: &str, source: &str) -> Request {
        let command = RequestTransfer {
            transfer: name::transfer(transfer),
            family: TransferFamily::NewCommerce,
            source: name::partner(source),
            target: self.partner,
            lines: Vec::new(),
            partner_id_on_record: None,
            signatures: Vec::new(),
        };
        self.about(customer, Command::RequestTransfer(command))
    }

    /// Accepts a transfer, with the subscriptions that it selects where it is the source who does.
    #[must_use]
    pub fn accepts_transfer(self, customer: &str, transfer: &str, selected: &[&str]) -> Request {
        let selected =
            selected.iter().map(|id| SelectedItem { subscription: name::subscription(id), eligibility: None });
        let command = AcceptTransfer { transfer: name::transfer(transfer), items: selected.collect() };
        self.about(customer, Command::AcceptTransfer(command))
    }
}

impl LedgerVoice<'_> {
    /// Microsoft tells what became of each subscription: its other id, if it got one, or the error.
    #[must_use]
    pub fn completes_transfer(
        self,
        customer: &str,
        transfer: &str,
        lines: &[(&str, Result<Option<&str>, &str>)],
    ) -> Request {
        let lines = lines.iter().map(|(subscription, outcome)| CompletedLine {
            subscription: name::subscription(subscription),
            outcome: match outcome {
                Ok(new) => LineOutcome::Complete(LineMoved {
                    new_subscription: new.map(name::subscription),
                    ..LineMoved::default()
                }),
                Err(error) => LineOutcome::Failed(LineStayed { code: None, error: (*error).to_owned() }),
            },
        });
        let command =
            CompleteTransfer { transfer: name::transfer(transfer), lines: lines.collect(), billing_split_date: None };
        let command = Command::CompleteTransfer(command);
        self.moment.request(actor::microsoft(), Some(name::customer(customer)), command)
    }
}

fn item(subscription: &str) -> TransferItem {
    TransferItem { subscription: name::subscription(subscription), partner_id_on_record: None, eligibility: None }
}
