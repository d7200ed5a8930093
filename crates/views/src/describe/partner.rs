//! Sentences for partner accounts, partnerships and what is known of a customer.

use ofrecord_core::Event;

use super::or_nobody;

pub(super) fn sentence(event: &Event) -> Option<String> {
    account(event).or_else(|| partnership(event)).or_else(|| customer(event))
}

fn account(event: &Event) -> Option<String> {
    Some(if let Event::PartnerRegistered(event) = event {
        format!("partner {} registered as {} ({})", event.partner, event.name, event.partner_type)
    } else if let Event::PartnerUpdated(event) = event {
        format!("what is known of partner {} changed", event.partner)
    } else if let Event::PartnerAccountSuspended(event) = event {
        format!("account of partner {} suspended ({})", event.partner, event.reason)
    } else if let Event::PartnerAccountReinstated(event) = event {
        format!("account of partner {} reinstated", event.partner)
    } else if let Event::PartnerAgreementAccepted(event) = event {
        format!("Microsoft Partner Agreement accepted by partner {}", event.partner)
    } else if let Event::PartnerObserved(event) = event {
        format!("a source shows partner {}", event.partner)
    } else {
        return None;
    })
}

fn partnership(event: &Event) -> Option<String> {
    Some(if let Event::PartnerInvited(event) = event {
        format!("provider {} invited reseller {}", event.provider, event.reseller)
    } else if let Event::PartnerRelationshipCreated(event) = event {
        format!("partnership of provider {} and reseller {} began", event.provider, event.reseller)
    } else if let Event::PartnerRelationshipRemoved(event) = event {
        format!("partnership of provider {} and reseller {} ended", event.provider, event.reseller)
    } else if let Event::PartnerRelationshipObserved(event) = event {
        format!("a source shows the partnership with reseller {} as {}", event.reseller, event.state)
    } else {
        return None;
    })
}

fn customer(event: &Event) -> Option<String> {
    Some(if let Event::CustomerRegistered(event) = event {
        format!("customer registered as {}", event.name)
    } else if let Event::CustomerProfileChanged(_) = event {
        "what is known of the customer changed".to_owned()
    } else if let Event::CustomerObserved(event) = event {
        let kind = event.relationship.as_ref().map(|kind| format!(", relationship {kind}")).unwrap_or_default();
        format!("a source shows the customer{kind}")
    } else if let Event::AssociatedPartnerChanged(event) = event {
        let to = or_nobody(event.associated_partner_id.as_ref());
        format!("associated indirect reseller set to {to} by provider {}", event.partner)
    } else {
        return None;
    })
}
