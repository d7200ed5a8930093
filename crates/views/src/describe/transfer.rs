//! Sentences for transfers.

use ofrecord_core::event::transfer::{SubscriptionTransferCompleted, SubscriptionTransferRequested};
use ofrecord_core::vocabulary::TransferOutcome;
use ofrecord_core::{Event, PartnerTenantId};

pub(super) fn sentence(event: &Event) -> Option<String> {
    asked_or_answered(event).or_else(|| carried_out(event))
}

fn asked_or_answered(event: &Event) -> Option<String> {
    Some(if let Event::SubscriptionTransferRequested(event) = event {
        requested(event)
    } else if let Event::SubscriptionTransferAccepted(event) = event {
        let what = match event.items.len() {
            0 => String::new(),
            items => format!(", {}", lines(items)),
        };
        format!("transfer {} accepted{what}", event.transfer)
    } else if let Event::SubscriptionTransferRejected(event) = event {
        format!("transfer {} rejected", event.transfer)
    } else if let Event::SubscriptionTransferWithdrawn(event) = event {
        format!("transfer {} withdrawn", event.transfer)
    } else if let Event::SubscriptionTransferExpired(event) = event {
        format!("a source says that transfer {} expired", event.transfer)
    } else {
        return None;
    })
}

fn requested(event: &SubscriptionTransferRequested) -> String {
    let what = match event.lines.len() {
        0 => "what the source selects".to_owned(),
        count => lines(count),
    };
    let signed = match event.signatures.len() {
        0 => String::new(),
        count => format!(", {count} signatures"),
    };
    format!(
        "transfer {} of {what} {} requested by partner {}{signed}",
        event.transfer,
        between(event.source, event.target),
        event.initiated_by
    )
}

fn carried_out(event: &Event) -> Option<String> {
    Some(if let Event::SubscriptionTransferLineFailed(event) = event {
        let code = event.code.map(|code| format!(" ({code})")).unwrap_or_default();
        format!("transfer {} failed for subscription {}{code}: {}", event.transfer, event.subscription, event.error)
    } else if let Event::SubscriptionTransferCompleted(event) = event {
        completed(event)
    } else if let Event::SubscriptionTransferObserved(event) = event {
        let status = event.status.as_ref().map(|status| format!(" as {status}")).unwrap_or_default();
        format!("a source shows transfer {}{status}", event.transfer)
    } else {
        return None;
    })
}

fn completed(event: &SubscriptionTransferCompleted) -> String {
    let how = match &event.outcome {
        TransferOutcome::Complete => "completed",
        TransferOutcome::PartiallyComplete => "partially completed",
        TransferOutcome::Failed => "failed",
        TransferOutcome::Unrecognised(word) => word,
    };
    let moved: Vec<String> = event
        .items
        .iter()
        .map(|item| match item.renamed() {
            Some(new) => format!("subscription {} as {new}", item.source_subscription),
            None => format!("subscription {}", item.source_subscription),
        })
        .collect();
    let what = if moved.is_empty() { "nothing moved".to_owned() } else { moved.join(", ") };
    format!(
        "transfer {} {} {how}: {what}; the source is billed through {}",
        event.transfer,
        between(event.source, event.target),
        event.billing_split_date.date_text()
    )
}

fn between(source: PartnerTenantId, target: PartnerTenantId) -> String {
    format!("from partner {source} to partner {target}")
}

fn lines(count: usize) -> String {
    if count == 1 { "1 subscription".to_owned() } else { format!("{count} subscriptions") }
}
