//! Commands on orders and subscriptions, asked by the partner who owns them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{Market, OrderId, PartnerId, ProductId, ServiceName, SubscriptionId};
use crate::time::Timestamp;
use crate::vocabulary::{
    AutoRenew, BillingCycle, ProductFamily, SuspensionReason, TermDuration, TransitionType, Trial,
};

/// What the price list says of a product, as the order was placed; the rules B-7, B-9, U-13 and I-6 read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Catalogue item or legacy offer.
    pub id: ProductId,
    /// Its name.
    pub name: String,
    /// The family whose lifecycle it follows.
    pub family: ProductFamily,
    /// The service it belongs to, where known (rules R-12, U-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<ServiceName>,
    /// Smallest quantity sold, where published (rule B-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_min: Option<u64>,
    /// Largest quantity sold, where published (rule B-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity_max: Option<u64>,
    /// Markets it is sold in; empty when not published (rule B-7).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub markets: BTreeSet<Market>,
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderLine {
    /// The subscription that the line creates.
    pub subscription: SubscriptionId,
    /// What is bought.
    pub product: Product,
    /// Seats or units.
    pub quantity: u64,
    /// Term.
    pub term: TermDuration,
    /// Billing cycle.
    pub billing_cycle: BillingCycle,
    /// Whether it renews by itself.
    #[serde(default = "on")]
    pub auto_renew: AutoRenew,
    /// Trial or paid.
    #[serde(default = "paid")]
    pub trial: Trial,
    /// The base subscription, for an add-on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SubscriptionId>,
    /// The indirect reseller's partner ID (rules I-1 to I-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// Additional sellers (rule I-9).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub additional_partner_ids_on_record: BTreeSet<PartnerId>,
    /// Reference to the price terms agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_terms: Option<String>,
    /// The Azure subscription behind a usage-based line, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
}

fn on() -> AutoRenew {
    AutoRenew::On
}

fn paid() -> Trial {
    Trial::Paid
}

/// Place an order: every line becomes a subscription, or none does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    /// The order's id.
    pub order: OrderId,
    /// The lines; at least one.
    pub lines: Vec<OrderLine>,
}

/// Add seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddSeats {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// How many more.
    pub seats: u64,
}

/// Take seats away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemoveSeats {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// How many fewer.
    pub seats: u64,
}

/// Suspend a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspendSubscription {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Why.
    pub reason: SuspensionReason,
}

/// Reactivate a suspended subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReactivateSubscription {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// Cancel a subscription inside its window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelSubscription {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// Renew a subscription at the end of its term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewSubscription {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// Upgrade or transition a subscription to another product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvertSubscription {
    /// The subscription to convert from.
    pub subscription: SubscriptionId,
    /// The product to convert to.
    pub to_product: Product,
    /// The subscription to convert into; absent when the same one changes its product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_subscription: Option<SubscriptionId>,
    /// With or without the users' licences.
    pub transition_type: TransitionType,
}

/// Turn a trial into a paid subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvertTrial {
    /// The trial.
    pub subscription: SubscriptionId,
    /// The paid product.
    pub to_product: Product,
    /// Seats of the paid subscription.
    pub quantity: u64,
    /// Term of the paid subscription.
    pub term: TermDuration,
    /// Billing cycle of the paid subscription.
    pub billing_cycle: BillingCycle,
}

/// Change the term, upward only while it runs (rule U-7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeTerm {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The new term.
    pub term: TermDuration,
}

/// Change how often the subscription is billed (rules U-6, U-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeBillingCycle {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The new billing cycle.
    pub billing_cycle: BillingCycle,
    /// By which upstream call.
    pub through: UpdatePath,
}

/// By which upstream call a change is asked for (rule U-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdatePath {
    /// An order update.
    OrderUpdate,
    /// A PATCH of the subscription.
    SubscriptionPatch,
}

/// Switch automatic renewal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAutoRenew {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// On or off.
    pub auto_renew: AutoRenew,
}

/// What the next term will be (`scheduledNextTermInstructions`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextTerm {
    /// The product.
    pub product: ProductId,
    /// Seats.
    pub quantity: u64,
    /// Term; a command must say it, a source may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<TermDuration>,
    /// Billing cycle.
    pub billing_cycle: BillingCycle,
}

/// Schedule what the next term will be, or clear the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleNextTerm {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The next term; none to clear.
    pub next_term: Option<NextTerm>,
}

/// Replace the changeable part of a subscription as PATCH does: what is absent is reset (rule U-19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaceSubscription {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Friendly name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// Seats; stays when absent, as quantity is not resettable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Automatic renewal; reset to off when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<AutoRenew>,
    /// Next term; cleared when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_term: Option<NextTerm>,
    /// The version the asker has read (the ETag, rule U-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// Record that an operation on a subscription has begun and is pending (rule U-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordPendingOperation {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// What is pending, in the source's words.
    pub operation: String,
}

/// The instant by which a batch of seats may be taken away again (rule U-2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundableBatch {
    /// Seats in the batch.
    pub quantity: u64,
    /// Until when.
    pub until: Timestamp,
}
