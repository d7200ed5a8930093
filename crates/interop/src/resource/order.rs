//! The order resource: what was bought, by which lines.

use std::collections::BTreeSet;

use ofrecord_core::command::subscription::Product;
use ofrecord_core::event::subscription::{OrderPlaced, SubscriptionPurchased};
use ofrecord_core::vocabulary::{BillingCycle, TermDuration};
use ofrecord_core::{CustomerId, Event, OrderId, PartnerId, PartnerTenantId, SubscriptionId, Timestamp};

use super::product::product;
use super::subscription::term;
use crate::node::Node;
use crate::scribe::Scribe;

/// What an order resource says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    /// `referenceCustomerId`.
    pub(crate) customer: Option<CustomerId>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) cancelled: bool,
    pub(crate) billing_cycle: Option<BillingCycle>,
    pub(crate) lines: Vec<Line>,
}

/// What an order line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) subscription: Option<SubscriptionId>,
    pub(crate) product: Option<Product>,
    pub(crate) quantity: Option<u64>,
    pub(crate) term: Option<TermDuration>,
    pub(crate) parent: Option<SubscriptionId>,
    pub(crate) partner_id_on_record: Option<PartnerId>,
    pub(crate) additional: BTreeSet<PartnerId>,
    /// `transactionType`, where the line has one.
    pub(crate) transaction: Option<String>,
}

/// Reads an order resource; none when it has no usable id.
pub(crate) fn order(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Option<Order> {
    Some(Order {
        id: node.required_id("id", scribe)?,
        customer: node.id("referenceCustomerId", scribe),
        created_at: node.instant("creationDate", scribe),
        cancelled: node.text("status").is_some_and(|status| status.eq_ignore_ascii_case("cancelled")),
        billing_cycle: node.word("billingCycle", scribe),
        lines: node.objects("lineItems").iter().map(|line| order_line(line, scribe)).collect(),
    })
}

fn order_line(node: &Node<'_>, scribe: &mut Scribe<'_>) -> Line {
    let term = term(node, "termDuration", scribe);
    let microsoft = node.flag("isMicrosoftProduct", scribe);
    Line {
        path: node.path("subscriptionId"),
        subscription: node.id("subscriptionId", scribe),
        product: product(node, term.as_ref(), microsoft, scribe),
        quantity: node.count("quantity", scribe),
        term,
        parent: node.id("parentSubscriptionId", scribe),
        partner_id_on_record: node.id("partnerIdOnRecord", scribe),
        additional: node.ids("additionalPartnerIdsOnRecord", scribe).into_iter().collect(),
        transaction: node.text("transactionType").map(str::to_owned),
    }
}

impl Order {
    /// The order and the purchases that its lines state. A line is a purchase
    /// when it names its subscription, product and quantity and is a new one;
    /// what else a line says is left to the subscription itself.
    pub(crate) fn events(&self, partner: PartnerTenantId, scribe: &mut Scribe<'_>) -> Vec<Event> {
        if self.cancelled {
            scribe.note("status", "the order is cancelled, so its lines are not read as purchases");
        }
        let bought: Vec<&Line> = self.lines.iter().filter(|line| !self.cancelled && line.is_new(scribe)).collect();
        let purchases: Vec<SubscriptionPurchased> =
            bought.into_iter().filter_map(|line| self.purchase(line, partner, scribe)).collect();
        let subscriptions = purchases.iter().map(|purchase| purchase.subscription).collect();
        let placed = OrderPlaced { order: self.id.clone(), partner, subscriptions };
        let purchases = purchases.into_iter().map(Box::new).map(Event::SubscriptionPurchased);
        [Event::OrderPlaced(placed)].into_iter().chain(purchases).collect()
    }

    fn purchase(&self, line: &Line, owner: PartnerTenantId, scribe: &mut Scribe<'_>) -> Option<SubscriptionPurchased> {
        let (Some(subscription), Some(product), Some(quantity)) = (line.subscription, &line.product, line.quantity)
        else {
            scribe.note(
                &line.path,
                "the line lacks its subscription, product or quantity, so no purchase is read from it",
            );
            return None;
        };
        Some(SubscriptionPurchased {
            subscription,
            owner,
            order: self.id.clone(),
            product: product.clone(),
            quantity,
            term: line.term.clone(),
            billing_cycle: self.billing_cycle.clone(),
            auto_renew: None,
            trial: None,
            parent: line.parent,
            commitment_end: None,
            cancellation_allowed_until: None,
            partner_id_on_record: line.partner_id_on_record.clone(),
            additional_partner_ids_on_record: line.additional.clone(),
            agreement: None,
            price_terms: None,
            entitlement: None,
        })
    }
}

impl Line {
    fn is_new(&self, scribe: &mut Scribe<'_>) -> bool {
        match self.transaction.as_deref() {
            None => true,
            Some(kind) if kind.eq_ignore_ascii_case("new") => true,
            Some(kind) => {
                scribe.note(&self.path, format!("the line is a `{kind:.40}` and not a new purchase"));
                false
            }
        }
    }
}
