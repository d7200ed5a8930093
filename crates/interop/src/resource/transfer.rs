//! The transfer resource of both procedures: what was asked for, by which lines, and what became of each.

use ofrecord_core::event::transfer::{
    ListedLine, ObservedTransferLine, SubscriptionTransferCompleted, SubscriptionTransferObserved, TransferredItem,
};
use ofrecord_core::vocabulary::{LineStatus, TransferFamily, TransferOutcome, TransferStatus};
use ofrecord_core::{CustomerId, Event, SubscriptionId, Timestamp, TransferId};

use crate::node::Node;
use crate::scribe::Scribe;

/// A transfer as a source shows it.
pub(crate) struct Shown {
    /// `customerTenantId`.
    pub(crate) customer: Option<CustomerId>,
    /// `lastModifiedTime`: since when it is as shown.
    pub(crate) modified_at: Option<Timestamp>,
    pub(crate) seen: SubscriptionTransferObserved,
    /// The lines that were carried out and name the subscription as both partners have it.
    moved: Vec<TransferredItem>,
}

/// Reads a transfer; none when it has no usable id.
pub(crate) fn transfer(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<Shown> {
    let id: TransferId = node.required_id("id", scribe)?;
    let status = node.text("status").map(str::to_owned);
    if let Some(word) = status.as_deref().filter(|word| !TransferStatus::of_source(word).is_recognised()) {
        scribe.unrecognised(&node.path("status"), word);
    }
    let mut lines = Vec::new();
    let mut moved = Vec::new();
    for line in node.objects("lineItems") {
        let Some(base) = read_line(&line, None, &mut lines, &mut moved, scribe) else { continue };
        for addon in line.objects("addonItems") {
            read_line(&addon, Some(base), &mut lines, &mut moved, scribe);
        }
    }
    let seen = SubscriptionTransferObserved {
        transfer: id,
        family: family(node, scribe),
        source: node.id("sourcePartnerTenantId", scribe),
        target: node.id("targetPartnerTenantId", scribe),
        status,
        created_at: node.instant("createdTime", scribe),
        completed_at: node.instant("completedTime", scribe),
        lines,
    };
    let modified_at = node.instant("lastModifiedTime", scribe);
    Some(Shown { customer: node.id("customerTenantId", scribe), modified_at, seen, moved })
}

/// `transferType` of the newer procedure: 3 for an Azure plan, 5 for new commerce. The older one has none.
fn family(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<TransferFamily> {
    let word: String = node.id("transferType", scribe)?;
    match word.to_ascii_lowercase().as_str() {
        "3" | "modernazure" => Some(TransferFamily::AzurePlan),
        "5" | "newcommerce" => Some(TransferFamily::NewCommerce),
        _ => {
            scribe.unrecognised(&node.path("transferType"), &word);
            Some(TransferFamily::Unrecognised(word.into()))
        }
    }
}

/// Reads a line, and gives back the subscription as the source has it. A line that names it apart from its own is
/// shown by the target, under the target's id.
fn read_line(
    node: &Node<'_>,
    with_base: Option<SubscriptionId>,
    lines: &mut Vec<ObservedTransferLine>,
    moved: &mut Vec<TransferredItem>,
    scribe: &mut Scribe<'_>,
) -> Option<SubscriptionId> {
    let own: SubscriptionId = node.required_id("subscriptionId", scribe)?;
    let at_source: Option<SubscriptionId> = node.id("sourceSubscriptionId", scribe);
    let status = node.text("status").map(str::to_owned);
    let known = status.as_deref().map(LineStatus::of_source);
    if let Some(LineStatus::Unrecognised(word)) = &known {
        scribe.unrecognised(&node.path("status"), word);
    }
    let line = ObservedTransferLine {
        subscription: at_source.unwrap_or(own),
        new_subscription: at_source.and(Some(own)).filter(|own| Some(*own) != at_source),
        entitlement: node.id("entitlementId", scribe),
        quantity: node.count("quantity", scribe),
        partner_id_on_record: node.id("partnerIdOnRecord", scribe),
        order: node.id("orderId", scribe),
        error: node.text("transferError").map(str::to_owned),
        status,
        with_base,
        listed: read_listed(node, scribe),
    };
    if known == Some(LineStatus::Complete) && at_source.is_some() {
        moved.push(TransferredItem {
            source_subscription: line.subscription,
            new_subscription: line.new_subscription,
            entitlement: line.entitlement,
            partner_id_on_record: line.partner_id_on_record.clone(),
            order: line.order.clone(),
        });
    }
    let subscription = line.subscription;
    lines.push(line);
    Some(subscription)
}

/// What the line lists of the subscription; nothing where it lists nothing.
fn read_listed(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<ListedLine> {
    let listed = ListedLine {
        offer: node.id("offerId", scribe),
        friendly_name: node.text("friendlyName").map(str::to_owned),
        billing_cycle: node.word("billingCycle", scribe),
    };
    let says = listed.offer.is_some() || listed.friendly_name.is_some() || listed.billing_cycle.is_some();
    says.then_some(listed)
}

impl Shown {
    /// The status in the ledger's words.
    pub(crate) fn status(&self) -> Option<TransferStatus> {
        self.seen.status.as_deref().map(TransferStatus::of_source)
    }

    /// What moved, and that the transfer was carried out, at an instant. Only lines that name the subscription as
    /// both partners have it say what moved; of the others nobody knows whether it got another id.
    pub(crate) fn completed(&self, at: Timestamp, scribe: &mut Scribe<'_>) -> Option<Event> {
        let outcome = match self.status()? {
            TransferStatus::Complete => TransferOutcome::Complete,
            TransferStatus::PartiallyComplete => TransferOutcome::PartiallyComplete,
            TransferStatus::Pending
            | TransferStatus::InProgress
            | TransferStatus::Failed
            | TransferStatus::Rejected
            | TransferStatus::Withdrawn
            | TransferStatus::Expired
            | TransferStatus::Unrecognised(_) => return None,
        };
        if self.moved.is_empty() {
            scribe.note(
                "lineItems",
                "the lines do not name the subscriptions as both partners have them, so no owner changes by this \
                 record; import the target's orders and subscriptions too",
            );
            return None;
        }
        Some(Event::SubscriptionTransferCompleted(SubscriptionTransferCompleted {
            transfer: self.seen.transfer.clone(),
            family: self.seen.family.clone(),
            source: self.seen.source?,
            target: self.seen.target?,
            items: self.moved.clone(),
            billing_split_date: at.start_of_day(),
            outcome,
        }))
    }

    /// What was asked for when the transfer was made, with nothing of what became of it.
    pub(crate) fn made(&self) -> SubscriptionTransferObserved {
        let lines = self.seen.lines.iter().map(|line| ObservedTransferLine {
            subscription: line.subscription,
            new_subscription: None,
            entitlement: line.entitlement,
            quantity: line.quantity,
            partner_id_on_record: line.partner_id_on_record.clone(),
            order: None,
            status: None,
            error: None,
            with_base: line.with_base,
            listed: line.listed.clone(),
        });
        SubscriptionTransferObserved { status: None, completed_at: None, lines: lines.collect(), ..self.seen.clone() }
    }
}
