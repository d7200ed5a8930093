//! Steps of transfers that the rules would have refused (rules T-1 to T-5, T-9 to T-11).

use ofrecord_core::event::transfer::{
    SubscriptionTransferAccepted, SubscriptionTransferCompleted, SubscriptionTransferRequested,
};
use ofrecord_core::state::Transfer;
use ofrecord_core::vocabulary::{LineStatus, TransferStatus};
use ofrecord_core::{SubscriptionId, TransferId};

use super::Before;
use crate::cells::Cells;
use crate::finding::{Finding, FindingSubject};

impl Before<'_> {
    /// Rules T-1, T-2 and T-4.
    pub(super) fn requesting(&self, event: &SubscriptionTransferRequested) -> Option<Finding> {
        let id = &event.transfer;
        let subject = FindingSubject::partner(event.initiated_by);
        let asks = if event.family.is_new_commerce() { event.target } else { event.source };
        if event.initiated_by != asks {
            let sentence = format!("transfer {id} was requested by partner {}, not by {asks}", event.initiated_by);
            return Some(self.broken("T-1", subject, sentence, &Cells::default()));
        }
        if self.state.resellers.standing(event.target).is_none() {
            let sentence =
                format!("transfer {id} was requested for partner {}, which was not a reseller then", event.target);
            return Some(self.broken("T-2", FindingSubject::partner(event.target), sentence, &Cells::default()));
        }
        event.lines.iter().find_map(|line| self.bound(id, line.subscription))
    }

    fn bound(&self, id: &TransferId, subscription: SubscriptionId) -> Option<Finding> {
        let (at, policy) = (self.fact.effective_at, self.scene.viewpoint.policy);
        let open = |line: &ofrecord_core::state::transfer::KnownLine| line.status.value == LineStatus::Open;
        let others = self.state.transfers.iter().filter(|(other, known)| *other != id && known.is_open_at(at, policy));
        let (other, known) = others.into_iter().find(|(_, known)| known.lines.get(&subscription).is_some_and(open))?;
        let mut behind = Cells::default();
        behind.cell("status", known.status.as_ref());
        let sentence = format!("subscription {subscription} was put in transfer {id} when transfer {other} was open");
        Some(self.broken("T-4", FindingSubject::subscription(subscription), sentence, &behind))
    }

    /// Rules T-9 to T-11: only what is pending is answered.
    pub(super) fn accepting(&self, event: &SubscriptionTransferAccepted) -> Option<Finding> {
        let known = self.state.transfers.get(&event.transfer)?;
        let status = self.transfer_status(known)?;
        if status.is_open() || !status.is_recognised() {
            return None;
        }
        let mut behind = Cells::default();
        behind.cell("status", known.status.as_ref());
        let sentence = format!("transfer {} was accepted when it was {status} already", event.transfer);
        let subject =
            FindingSubject { field: Some(format!("transfer {}", event.transfer)), ..FindingSubject::default() };
        Some(self.broken("T-9", subject, sentence, &behind))
    }

    fn transfer_status(&self, known: &Transfer) -> Option<TransferStatus> {
        known.status_at(self.fact.effective_at, self.scene.viewpoint.policy).status
    }

    /// Rule T-5: what moves is the source's, as far as an owner is known.
    pub(super) fn carrying_out(&self, event: &SubscriptionTransferCompleted) -> Option<Finding> {
        event.items.iter().find_map(|item| {
            let id = item.source_subscription;
            let owner =
                self.state.subscriptions.by_id.get(&id)?.owner.as_ref().filter(|owner| owner.value != event.source)?;
            let mut behind = Cells::default();
            behind.cell("owner", Some(owner));
            let sentence = format!(
                "transfer {} moved subscription {id} from partner {}, and partner {} owned it",
                event.transfer, event.source, owner.value
            );
            let subject = FindingSubject { partner: Some(event.source), ..FindingSubject::subscription(id) };
            Some(self.broken("T-5", subject, sentence, &behind))
        })
    }
}
