//! What is written of customers: lists, single resources, and what belongs to one customer.

use ofrecord_core::{Customer, CustomerId, Policy, SubscriptionId, TransferId};
use ofrecord_interop::write::{self, Collection, Seen, Shape};
use ofrecord_views::CustomerRecord;

use super::Asked;
use super::document::Document;
use crate::failure::Failure;

/// A customer's record and its state at the instant asked about.
struct Known {
    record: CustomerRecord,
    state: Customer,
    policy: Policy,
}

impl Known {
    fn of(asked: &Asked<'_>, record: CustomerRecord) -> Self {
        let viewpoint = asked.inquiry.viewpoint();
        Self { state: record.state(&viewpoint), policy: viewpoint.policy.clone(), record }
    }

    fn by_id(asked: &Asked<'_>, customer: CustomerId) -> Result<Self, Failure> {
        Ok(Self::of(asked, asked.inquiry.customer(customer)?))
    }

    fn user_of(&self, position: u64) -> Option<String> {
        self.record.entry(position)?.actor.user.clone()
    }

    fn seen(&self, asked: &Asked<'_>) -> Seen<'_> {
        Seen {
            customer: self.record.id(),
            state: &self.state,
            as_of: asked.inquiry.as_of,
            policy: &self.policy,
            by: asked.partner,
        }
    }
}

/// Every customer, or those in the partner's list, one after the other.
pub(super) fn customers(asked: &Asked<'_>, document: &mut Document<'_>) -> Result<u64, Failure> {
    let mut items = document.begin(Collection::at("/customers"))?;
    asked.inquiry.each_customer(asked.session, &mut |record| {
        let known = Known::of(asked, record);
        let listed = asked.partner.is_none_or(|partner| write::stands_in_list(&known.state, partner));
        if listed { items.item(&write::customer_listed(&known.seen(asked))) } else { Ok(()) }
    })?;
    items.end()
}

/// One customer.
pub(super) fn customer(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    document.resource(&write::customer(&Known::by_id(asked, id)?.seen(asked)))
}

/// The answer to the removal of the partner's relationship.
pub(super) fn removal(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    let answer = write::relationship_removed(&Known::by_id(asked, id)?.seen(asked));
    let what = || format!("a removal of the relationship with customer {id}");
    document.resource(&answer.ok_or_else(|| asked.nothing(what()))?)
}

/// The customer's subscriptions.
pub(super) fn subscriptions(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let items: Vec<Shape> = write::subscriptions(&known.seen(asked)).map(|(_, shape)| shape).collect();
    document.collection(Collection::at(format!("/customers/{id}/subscriptions")), &items)
}

/// One subscription of the customer.
pub(super) fn subscription(
    asked: &Asked<'_>,
    (id, subscription): (CustomerId, SubscriptionId),
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let shape = write::subscription(&Known::by_id(asked, id)?.seen(asked), subscription);
    let what = || format!("subscription {subscription} of customer {id}");
    document.resource(&shape.ok_or_else(|| asked.nothing(what()))?)
}

/// Who supports one subscription of the customer.
pub(super) fn support_contact(
    asked: &Asked<'_>,
    (id, subscription): (CustomerId, SubscriptionId),
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let partners = asked.partners_of(&known.record)?;
    let shape = write::support_contact(&known.seen(asked), subscription, &partners);
    let what = || format!("a support contact of subscription {subscription} of customer {id}");
    document.resource(&shape.ok_or_else(|| asked.nothing(what()))?)
}

/// The customer's attested agreements.
pub(super) fn agreements(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let items = write::agreements(&known.seen(asked), |position| known.user_of(position));
    document.collection(Collection::at(format!("/customers/{id}/agreements")), &items)
}

/// The customer's transfers. Their list has nothing around it.
pub(super) fn transfers(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let partners = asked.partners_of(&known.record)?;
    document.list(&write::transfers(&known.seen(asked), &partners, &|position| known.user_of(position)))
}

/// One transfer of the customer.
pub(super) fn transfer(
    asked: &Asked<'_>,
    (id, transfer): (CustomerId, &TransferId),
    document: &mut Document<'_>,
) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let partners = asked.partners_of(&known.record)?;
    let shape = write::transfer(&known.seen(asked), transfer, &partners, &|position| known.user_of(position));
    let what = || format!("transfer {transfer} of customer {id}");
    document.resource(&shape.ok_or_else(|| asked.nothing(what()))?)
}

/// The indirect resellers that the customer has a relationship with.
pub(super) fn resellers(asked: &Asked<'_>, id: CustomerId, document: &mut Document<'_>) -> Result<u64, Failure> {
    let known = Known::by_id(asked, id)?;
    let partners = asked.partners_of(&known.record)?;
    let items = write::resellers_of_customer(&known.seen(asked), &partners);
    document.collection(Collection::at(format!("/customers/{id}/relationships")), &items)
}
