//! Sentences for orders, subscriptions, partners of record and support contacts.

use ofrecord_core::event::partner_of_record::SupportContact;
use ofrecord_core::event::subscription::{ResetCause, SubscriptionPurchased};
use ofrecord_core::vocabulary::TermDuration;
use ofrecord_core::{Event, PartnerId, SubscriptionId, Workload};

use super::or_nobody;

pub(super) fn sentence(event: &Event) -> Option<String> {
    beginning(event)
        .or_else(|| lifecycle(event))
        .or_else(|| terms(event))
        .or_else(|| notice(event))
        .or_else(|| of_record(event))
        .or_else(|| claim(event))
}

fn beginning(event: &Event) -> Option<String> {
    Some(if let Event::OrderPlaced(event) = event {
        format!("order {} placed by partner {}", event.order, event.partner)
    } else if let Event::SubscriptionPurchased(event) = event {
        purchase(event)
    } else if let Event::SubscriptionObserved(event) = event {
        let status = event.status.as_ref().map(|status| format!(" as {status}")).unwrap_or_default();
        let quantity = event.quantity.map(|seats| format!(", quantity {seats}")).unwrap_or_default();
        format!("a source shows subscription {}{status}{quantity}", event.subscription)
    } else {
        return None;
    })
}

fn purchase(event: &SubscriptionPurchased) -> String {
    let term = term(event.term.as_ref());
    format!(
        "subscription {} bought: {} of {}, {term}, sold by partner {} on order {}",
        event.subscription, event.quantity, event.product.name, event.owner, event.order
    )
}

fn term(term: Option<&TermDuration>) -> String {
    term.map_or_else(|| "term not stated".to_owned(), |term| format!("term {term}"))
}

fn lifecycle(event: &Event) -> Option<String> {
    Some(if let Event::SubscriptionSuspended(event) = event {
        let reason = event.reason.as_ref().map_or("reason not stated", |reason| reason.as_str());
        format!("subscription {} suspended ({reason})", event.subscription)
    } else if let Event::SubscriptionReactivated(event) = event {
        format!("subscription {} reactivated", event.subscription)
    } else if let Event::SubscriptionCancelled(event) = event {
        format!("subscription {} cancelled, data kept until {}", event.subscription, event.data_kept_until)
    } else if let Event::SubscriptionRenewed(event) = event {
        format!("subscription {} renewed: quantity {}, term {}", event.subscription, event.quantity, event.term)
    } else if let Event::SubscriptionConverted(event) = event {
        let into = event.to_subscription.map(|id| format!(" as subscription {id}")).unwrap_or_default();
        format!(
            "subscription {} converted from {} to {}{into}",
            event.subscription, event.from_product, event.to_product.name
        )
    } else if let Event::TrialConverted(event) = event {
        format!("trial {} became a paid subscription of {}", event.subscription, event.to_product.name)
    } else if let Event::SubscriptionDeleted(event) = event {
        format!("subscription {} deleted", event.subscription)
    } else {
        return None;
    })
}

fn terms(event: &Event) -> Option<String> {
    Some(if let Event::SubscriptionSeatsChanged(event) = event {
        format!("seats of subscription {} changed from {} to {}", event.subscription, event.before, event.after)
    } else if let Event::SubscriptionTermChanged(event) = event {
        format!("term of subscription {} changed from {} to {}", event.subscription, event.before, event.after)
    } else if let Event::SubscriptionBillingCycleChanged(event) = event {
        format!("billing cycle of subscription {} changed from {} to {}", event.subscription, event.before, event.after)
    } else if let Event::SubscriptionAutoRenewChanged(event) = event {
        format!("automatic renewal of subscription {} {}{}", event.subscription, event.auto_renew, cause(event.cause))
    } else if let Event::SubscriptionNextTermScheduled(event) = event {
        let what = match &event.next_term {
            Some(next) => format!("scheduled: quantity {}, {}", next.quantity, term(next.term.as_ref())),
            None => "no longer scheduled".to_owned(),
        };
        format!("next term of subscription {} {what}{}", event.subscription, cause(event.cause))
    } else if let Event::SubscriptionRenamed(event) = event {
        format!("subscription {} renamed to {}", event.subscription, event.friendly_name)
    } else {
        return None;
    })
}

fn cause(cause: ResetCause) -> &'static str {
    match cause {
        ResetCause::Requested => "",
        ResetCause::LeftOut => ", because the replacement left it out",
    }
}

fn notice(event: &Event) -> Option<String> {
    Some(if let Event::SubscriptionOperationPending(event) = event {
        format!("{} of subscription {} is pending", event.operation, event.subscription)
    } else if let Event::SubscriptionUpdateNotified(event) = event {
        format!("a source says that subscription {} changed, without saying how", event.subscription)
    } else {
        return None;
    })
}

fn of_record(event: &Event) -> Option<String> {
    let changed = |kind: &str, subscription, before, after| {
        format!("{kind} of subscription {subscription} changed from {before} to {after}")
    };
    Some(if let Event::ResellerOfRecordChanged(event) = event {
        changed(
            "reseller of record",
            event.subscription,
            or_nobody(event.before.as_ref()),
            or_nobody(event.after.as_ref()),
        )
    } else if let Event::DigitalPartnerOfRecordSet(event) = event {
        changed(
            "digital partner of record",
            event.subscription,
            or_nobody(event.before.as_ref()),
            or_nobody(event.after.as_ref()),
        )
    } else if let Event::PartnerAdminLinked(event) = event {
        changed(
            "partner admin link",
            event.subscription,
            or_nobody(event.before.as_ref()),
            or_nobody(event.after.as_ref()),
        )
    } else if let Event::SupportContactChanged(event) = event {
        let contact = event.contact.as_ref().map(contact);
        format!("support contact of subscription {} is {}", event.subscription, or_nobody(contact.as_ref()))
    } else {
        return None;
    })
}

fn claim(event: &Event) -> Option<String> {
    let of = |partner_id: &PartnerId, workload: &Workload, subscription: SubscriptionId| {
        format!("claim of partner ID {partner_id} on {workload} of subscription {subscription}")
    };
    Some(if let Event::CporClaimSubmitted(event) = event {
        format!("{} submitted", of(&event.partner_id, &event.workload, event.subscription))
    } else if let Event::CporClaimApproved(event) = event {
        format!("{} approved", of(&event.partner_id, &event.workload, event.subscription))
    } else if let Event::CporClaimRejected(event) = event {
        let why = event.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        format!("{} rejected{why}", of(&event.partner_id, &event.workload, event.subscription))
    } else if let Event::CporClaimDisputed(event) = event {
        format!("rejection of the {} disputed", of(&event.partner_id, &event.workload, event.subscription))
    } else {
        return None;
    })
}

fn contact(contact: &SupportContact) -> String {
    let stated = [contact.name.clone(), contact.partner_id.as_ref().map(|id| format!("partner ID {id}"))];
    let stated: Vec<String> = stated.into_iter().flatten().collect();
    if stated.is_empty() {
        return contact.partner.to_string();
    }
    format!("{} ({})", contact.partner, stated.join(", "))
}
