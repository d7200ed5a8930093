//! The resource before and after an operation, as its events tell them, and the pairs that go with them.

use std::collections::BTreeSet;

use ofrecord_core::event::agreement::CustomerAgreementConfirmed;
use ofrecord_core::event::relationship::CustomerAdded;
use ofrecord_core::event::subscription::{OrderPlaced, SubscriptionConverted, SubscriptionPurchased, TrialConverted};
use ofrecord_core::vocabulary::{AgreementType, RelationshipKind, SubscriptionStatus};
use ofrecord_core::{Entry, Event, PartnerId, PartnerTenantId, SubscriptionId};

use super::transfer;
use crate::write::parts::{attributes, instant, instant_of_agreement};
use crate::write::shape::{Properties, Shape, capital};
use crate::write::subscription::{duration, is_on, next_term};

/// A value of `customizedData`.
type Pair = (String, Option<String>);

/// The resource before and after; none where the operation has no value or the events tell none.
pub(super) fn of(entry: &Entry) -> (Option<Shape>, Option<Shape>) {
    let events = entry.decision.events();
    let whole = events.iter().find_map(|event| whole(entry, event)).or_else(|| transfer::value(entry));
    match whole {
        Some(new) => (None, Some(new.into())),
        None => changes(events),
    }
}

/// The value after an operation that makes a resource, or ends one.
fn whole(entry: &Entry, event: &Event) -> Option<Properties> {
    if let Event::OrderPlaced(placed) = event {
        Some(order(entry, placed))
    } else if let Event::CustomerAdded(added) = event {
        Some(customer(entry, added))
    } else if let Event::CustomerAgreementConfirmed(confirmed) = event {
        Some(agreement(confirmed))
    } else if let Event::PartnerRelationshipCreated(created) = event {
        Some(partnership(created.reseller, created.reseller_partner_id.as_ref()))
    } else if let Event::PartnerRelationshipRemoved(removed) = event {
        Some(partnership(removed.reseller, None))
    } else if let Event::ResellerRelationshipRemovedByPartner(_) = event {
        let id = entry.decision.customer.map(Shape::text);
        let none = RelationshipKind::None.as_str();
        Some(Properties::new().put_if("id", id).put("relationshipToPartner", none).and(of_type("Customer")))
    } else if let Event::SubscriptionConverted(converted) = event {
        Some(upgrade(converted))
    } else if let Event::TrialConverted(converted) = event {
        Some(conversion(converted))
    } else {
        None
    }
}

fn of_type(object_type: &str) -> Properties {
    Properties::new().put("attributes", attributes(object_type))
}

fn order(entry: &Entry, placed: &OrderPlaced) -> Properties {
    let bought = purchases(entry);
    let lines = (0_u64..).zip(&bought).map(|(number, line)| {
        let shape = Properties::new()
            .put("lineItemNumber", number)
            .put("offerId", Shape::text(&line.product.id))
            .put("subscriptionId", Shape::text(line.subscription))
            .put_if("parentSubscriptionId", line.parent.map(Shape::text))
            .put_if("termDuration", line.term.as_ref().map(duration))
            .put("transactionType", "New")
            .put("friendlyName", line.product.name.as_str())
            .put("quantity", line.quantity)
            .put_if("partnerIdOnRecord", line.partner_id_on_record.as_ref().map(Shape::text))
            .put_if("additionalPartnerIdsOnRecord", additional(line));
        Shape::from(shape)
    });
    let cycle = bought.iter().find_map(|line| line.billing_cycle.as_ref());
    Properties::new()
        .put("id", Shape::text(&placed.order))
        .put_if("referenceCustomerId", entry.decision.customer.map(Shape::text))
        .put_if("billingCycle", cycle.map(|cycle| cycle.as_str()))
        .put("lineItems", lines.collect::<Vec<_>>())
        .put("creationDate", instant(entry.effective_at()))
        .and(of_type("Order"))
}

fn additional(line: &SubscriptionPurchased) -> Option<Vec<Shape>> {
    let named: Vec<Shape> = line.additional_partner_ids_on_record.iter().map(Shape::text).collect();
    (!named.is_empty()).then_some(named)
}

fn purchases(entry: &Entry) -> Vec<&SubscriptionPurchased> {
    let bought = entry.decision.events().iter().filter_map(|event| {
        if let Event::SubscriptionPurchased(bought) = event { Some(bought.as_ref()) } else { None }
    });
    bought.collect()
}

fn customer(entry: &Entry, added: &CustomerAdded) -> Properties {
    let id = entry.decision.customer;
    let address = added.market.as_ref().map(|market| Properties::new().put("country", market.as_str()));
    let company = Properties::new()
        .put_if("tenantId", id.map(Shape::text))
        .put_if("domain", added.domain.as_deref())
        .put("companyName", added.name.as_str())
        .put_if("address", address)
        .and(of_type("CustomerCompanyProfile"));
    Properties::new()
        .put_if("id", id.map(Shape::text))
        .put("companyProfile", company)
        .put("relationshipToPartner", added.relationship.as_str())
        .put_if("associatedPartnerId", added.associated_partner_id.as_ref().map(Shape::text))
        .and(of_type("Customer"))
}

/// The contact person stays out (rule L-10).
fn agreement(confirmed: &CustomerAgreementConfirmed) -> Properties {
    let stated = Some(&confirmed.agreement_type).filter(|stated| **stated != AgreementType::NotStated);
    Properties::new()
        .put_if("templateId", confirmed.template_id.as_deref())
        .put("dateAgreed", instant_of_agreement(confirmed.date_agreed))
        .put_if("type", stated.map(AgreementType::as_str))
}

fn partnership(reseller: PartnerTenantId, partner_id: Option<&PartnerId>) -> Properties {
    Properties::new()
        .put("id", Shape::text(reseller))
        .put("relationshipType", "is_indirect_cloud_solution_provider_of")
        .put_if("mpnId", partner_id.map(Shape::text))
        .and(of_type("PartnerRelationship"))
}

fn upgrade(converted: &SubscriptionConverted) -> Properties {
    let target = Properties::new()
        .put("id", Shape::text(&converted.to_product.id))
        .put("name", converted.to_product.name.as_str());
    Properties::new()
        .put("sourceSubscriptionId", Shape::text(converted.subscription))
        .put("sourceOfferId", Shape::text(&converted.from_product))
        .put("targetOffer", target)
        .put_if("targetSubscriptionId", converted.to_subscription.map(Shape::text))
        .put_if("transitionType", converted.transition_type.as_ref().map(Shape::text))
}

fn conversion(converted: &TrialConverted) -> Properties {
    Properties::new()
        .put("subscriptionId", Shape::text(converted.subscription))
        .put("targetOfferId", Shape::text(&converted.to_product.id))
        .put("quantity", converted.quantity)
        .put_if("termDuration", converted.term.as_ref().map(duration))
        .put_if("billingCycle", converted.billing_cycle.as_ref().map(|cycle| cycle.as_str()))
}

/// What the events say of the subscription before and after: a value that says nothing beside the id is none.
fn changes(events: &[Event]) -> (Option<Shape>, Option<Shape>) {
    let Some(subscription) = events.iter().find_map(Event::subscription) else { return (None, None) };
    let of_it = events.iter().filter(|event| event.subscription() == Some(subscription));
    let (old, new) = of_it.fold((Properties::new(), Properties::new()), |(old, new), event| {
        let (before, after) = change(event);
        (old.and(before), new.and(after))
    });
    let value = |said: Properties| {
        let id = Properties::new().put("id", Shape::text(subscription));
        (!said.is_empty()).then(|| id.and(said).and(of_type("Subscription")).into())
    };
    (value(old), value(new))
}

fn change(event: &Event) -> (Properties, Properties) {
    let nothing = Properties::new;
    if let Event::SubscriptionSeatsChanged(event) = event {
        (nothing().put("quantity", event.before), nothing().put("quantity", event.after))
    } else if let Event::SubscriptionTermChanged(event) = event {
        let (before, after) = (duration(&event.before), duration(&event.after));
        (nothing().put("termDuration", before), nothing().put("termDuration", after))
    } else if let Event::SubscriptionBillingCycleChanged(event) = event {
        let (before, after) = (event.before.as_str(), event.after.as_str());
        (nothing().put("billingCycle", before), nothing().put("billingCycle", after))
    } else if let Event::ResellerOfRecordChanged(event) = event {
        let shown = |partner: &Option<PartnerId>| partner.as_ref().map(PartnerId::to_string).unwrap_or_default();
        (nothing().put("partnerId", shown(&event.before)), nothing().put("partnerId", shown(&event.after)))
    } else {
        (nothing(), after(event))
    }
}

/// What an event says of the subscription afterwards, where it does not say what was before.
fn after(event: &Event) -> Properties {
    let status = |status: SubscriptionStatus| Properties::new().put("status", status.as_str());
    if let Event::SubscriptionSuspended(event) = event {
        let reasons = event.reason.as_ref().map(|reason| vec![Shape::text(reason)]);
        status(SubscriptionStatus::Suspended).put_if("suspensionReasons", reasons)
    } else if let Event::SubscriptionReactivated(_) = event {
        status(SubscriptionStatus::Active)
    } else if let Event::SubscriptionCancelled(_) | Event::SubscriptionDeleted(_) = event {
        status(SubscriptionStatus::Deleted)
    } else if let Event::SubscriptionRenewed(event) = event {
        status(SubscriptionStatus::Active)
            .put("quantity", event.quantity)
            .put("termDuration", duration(&event.term))
            .put("billingCycle", event.billing_cycle.as_str())
            .put_if("commitmentEndDateTime", event.commitment_end.map(instant))
    } else if let Event::SubscriptionAutoRenewChanged(event) = event {
        Properties::new().put_if("autoRenewEnabled", is_on(&event.auto_renew).map(Shape::Flag))
    } else if let Event::SubscriptionNextTermScheduled(event) = event {
        Properties::new().put_if("scheduledNextTermInstructions", event.next_term.as_ref().map(next_term))
    } else if let Event::SubscriptionRenamed(event) = event {
        Properties::new().put("friendlyName", event.friendly_name.as_str())
    } else {
        Properties::new()
    }
}

/// The id of the resource worked on, as audit ids have it.
pub(super) fn resource_id(entry: &Entry) -> Option<String> {
    let events = entry.decision.events();
    let id = events.iter().find_map(|event| {
        if let Event::OrderPlaced(placed) = event {
            Some(placed.order.to_string())
        } else if let Event::CustomerAdded(_) = event {
            entry.decision.customer.map(|customer| customer.to_string())
        } else {
            let assignment = event.access_assignment().map(|assignment| assignment.to_string());
            let granular = assignment.or_else(|| event.granular_relationship().map(|granular| granular.to_string()));
            let transfer = granular.or_else(|| event.transfer().map(|transfer| transfer.to_string()));
            transfer.or_else(|| event.subscription().map(|subscription| subscription.to_string()))
        }
    });
    id.map(|id| id.to_lowercase())
}

/// The pairs that the source adds to its records: those of an order and of a new customer; of the others, the
/// subscriptions concerned.
pub(super) fn customized(entry: &Entry) -> Vec<Pair> {
    let events = entry.decision.events();
    for event in events {
        if let Event::OrderPlaced(placed) = event {
            return order_pairs(entry, placed);
        }
        if let Event::CustomerAdded(added) = event {
            let domain = added.domain.as_ref().map(|domain| ("PrimaryDomainName".to_owned(), Some(domain.clone())));
            let kind = ("Relationship".to_owned(), Some(capital(added.relationship.as_str())));
            return domain.into_iter().chain([kind]).collect();
        }
    }
    let subscriptions: BTreeSet<SubscriptionId> = events.iter().flat_map(transfer::subscriptions).collect();
    let numbered = subscriptions.iter().enumerate();
    numbered.map(|(number, id)| (format!("SubscriptionId-{number}"), Some(id.to_string()))).collect()
}

fn order_pairs(entry: &Entry, placed: &OrderPlaced) -> Vec<Pair> {
    let bought = purchases(entry);
    let mut pairs = vec![("OrderId".to_owned(), Some(placed.order.to_string()))];
    if let Some(cycle) = bought.iter().find_map(|line| line.billing_cycle.as_ref()) {
        pairs.push(("BillingCycle".to_owned(), Some(capital(cycle.as_str()))));
    }
    for (number, line) in bought.iter().enumerate() {
        let of_line = [
            ("OfferId", Some(line.product.id.to_string())),
            ("SubscriptionId", Some(line.subscription.to_string())),
            ("SubscriptionName", Some(line.product.name.clone())),
            ("Quantity", Some(line.quantity.to_string())),
            ("PartnerOnRecord", line.partner_id_on_record.as_ref().map(PartnerId::to_string)),
        ];
        pairs.extend(of_line.map(|(key, value)| (format!("{key}-{number}"), value)));
    }
    pairs
}
