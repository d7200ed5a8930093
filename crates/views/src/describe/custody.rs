//! What the ledger says of its own custody.

use ofrecord_core::Event;
use ofrecord_core::command::custody::HoldScope;

pub(super) fn sentence(event: &Event) -> Option<String> {
    if let Event::CheckpointKeyAdded(event) = event {
        let replaces = event.replaces.as_ref().map(|key| format!(" in place of {key}")).unwrap_or_default();
        Some(format!("checkpoints may be signed with {}{replaces} ({})", event.key, event.reason))
    } else if let Event::CheckpointKeyRetired(event) = event {
        Some(format!("no checkpoint is signed with {} any more ({})", event.key, event.reason))
    } else if let Event::EpochStarted(event) = event {
        let lost = &event.lost;
        let since = format!("after the head of size {} with root {} was lost", lost.tree_size, lost.root);
        Some(format!("the log goes on as {} {since} ({})", event.origin, event.reason))
    } else if let Event::StateCommitted(event) = event {
        let (streams, pairs) = (event.streams.lines, event.relationships.lines);
        Some(format!("committed to {streams} streams and {pairs} relationships at size {}", event.tree_size))
    } else if let Event::TimeAnchored(event) = event {
        Some(format!("{} stamped the head of size {} at {}", event.authority, event.head.tree_size, event.stamped_at))
    } else {
        of_people(event)
    }
}

/// Who took what out, and what must or must no longer be kept.
fn of_people(event: &Event) -> Option<String> {
    if let Event::DisclosureRecorded(event) = event {
        let about =
            event.customer.map_or_else(|| "all customers".to_owned(), |customer| format!("customer {customer}"));
        let purpose = event.purpose.as_ref().map(|purpose| format!(" ({purpose})")).unwrap_or_default();
        Some(format!("{} about {about} left the ledger, resting on size {}{purpose}", event.kind, event.tree_size))
    } else if let Event::HoldPlaced(event) = event {
        let scope = match &event.scope {
            HoldScope::Everything => "everything".to_owned(),
            HoldScope::Customer(customer) => format!("customer {customer}"),
            HoldScope::Subject(subject) => format!("subject {subject}"),
        };
        let until = event.until.map(|until| format!(" until {until}")).unwrap_or_default();
        Some(format!("hold `{}` on {scope}{until} ({})", event.hold, event.reason))
    } else if let Event::HoldReleased(event) = event {
        Some(format!("hold `{}` released ({})", event.hold, event.reason))
    } else if let Event::SubjectErased(event) = event {
        Some(format!("subject {} of customer {} erased ({})", event.subject, event.customer, event.reason))
    } else if let Event::EntryRedacted(event) = event {
        let ticket = event.ticket.as_ref().map(|ticket| format!(", ticket {ticket}")).unwrap_or_default();
        let approved = format!("approved by {}", event.approved_by);
        Some(format!(
            "entry {} redacted by order of {}{ticket}, {approved} ({})",
            event.position, event.authority, event.reason
        ))
    } else {
        None
    }
}
