//! Events on orders and subscriptions: content, status, terms and obligations.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::command::subscription::{NextTerm, Product, RefundableBatch};
use crate::id::{OrderId, PartnerId, PartnerTenantId, ProductId, SubscriptionId};
use crate::time::Timestamp;
use crate::vocabulary::{
    AgreementType, AutoRenew, BillingCycle, SubscriptionStatus, SuspensionReason, TermDuration, TransitionType, Trial,
};

/// An order was placed; its lines follow as purchases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderPlaced {
    /// The order.
    pub order: OrderId,
    /// The partner who placed it.
    pub partner: PartnerTenantId,
    /// The subscriptions its lines created.
    pub subscriptions: BTreeSet<SubscriptionId>,
}

/// A subscription was bought. Fields that a source does not give are absent, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionPurchased {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner who sold it and owns it.
    pub owner: PartnerTenantId,
    /// The order.
    pub order: OrderId,
    /// What was bought.
    pub product: Product,
    /// Seats or units.
    pub quantity: u64,
    /// Term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<TermDuration>,
    /// Billing cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// Automatic renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<AutoRenew>,
    /// Trial or paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// The base subscription, for an add-on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SubscriptionId>,
    /// Last instant of the term; none without a term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_end: Option<Timestamp>,
    /// Until when it may be cancelled; none where the product has no window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_allowed_until: Option<Timestamp>,
    /// The indirect reseller's partner ID; none leaves the sale without a reseller of record (rule I-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id_on_record: Option<PartnerId>,
    /// Additional sellers.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub additional_partner_ids_on_record: BTreeSet<PartnerId>,
    /// The agreement it was bought under, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementType>,
    /// Reference to the price terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_terms: Option<String>,
    /// The Azure subscription behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
}

/// Its seats changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionSeatsChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Seats before.
    pub before: u64,
    /// Seats after.
    pub after: u64,
    /// Until when added seats may be taken away again; none when seats were taken away or there is no window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refundable_until: Option<Timestamp>,
}

/// It was suspended. Automatic renewal goes off and the scheduled next term is removed with it (rule U-15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionSuspended {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SuspensionReason>,
}

/// It was reactivated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionReactivated {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// It was cancelled and is deleted at once; data is kept for the policy's days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionCancelled {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Until when the customer's data is kept.
    pub data_kept_until: Timestamp,
}

/// It was renewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionRenewed {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Product of the new term.
    pub product: ProductId,
    /// Seats of the new term.
    pub quantity: u64,
    /// The new term.
    pub term: TermDuration,
    /// Billing cycle of the new term.
    pub billing_cycle: BillingCycle,
    /// Last instant of the new term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_end: Option<Timestamp>,
    /// Until when it may be cancelled (rule U-18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_allowed_until: Option<Timestamp>,
}

/// It was converted to another product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionConverted {
    /// The subscription converted from.
    pub subscription: SubscriptionId,
    /// The product before.
    pub from_product: ProductId,
    /// The product after.
    pub to_product: Product,
    /// The subscription converted into, when it is another one; the old one is deleted then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_subscription: Option<SubscriptionId>,
    /// With or without the users' licences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition_type: Option<TransitionType>,
}

/// A trial became a paid subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialConverted {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The paid product.
    pub to_product: Product,
    /// Seats.
    pub quantity: u64,
    /// Term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<TermDuration>,
    /// Billing cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// Last instant of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_end: Option<Timestamp>,
    /// Until when it may be cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_allowed_until: Option<Timestamp>,
}

/// Its term changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionTermChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Term before.
    pub before: TermDuration,
    /// Term after.
    pub after: TermDuration,
    /// Last instant of the new term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_end: Option<Timestamp>,
}

/// Its billing cycle changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionBillingCycleChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// Before.
    pub before: BillingCycle,
    /// After.
    pub after: BillingCycle,
}

/// Its automatic renewal was switched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionAutoRenewChanged {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// On or off.
    pub auto_renew: AutoRenew,
    /// Why it changed.
    pub cause: ResetCause,
}

/// Whether a change was asked for or followed from leaving a field out (rule U-19).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResetCause {
    /// Asked for.
    Requested,
    /// The replacement left it out.
    LeftOut,
}

/// What its next term will be was scheduled or cleared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionNextTermScheduled {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The next term; none when cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_term: Option<NextTerm>,
    /// Why it changed.
    pub cause: ResetCause,
}

/// Its friendly name changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionRenamed {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The new friendly name.
    pub friendly_name: String,
}

/// An operation on it is pending (rule U-9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionOperationPending {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// What is pending.
    pub operation: String,
}

/// It was deleted, as a source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionDeleted {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// A source says that it changed, without saying how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionUpdateNotified {
    /// The subscription.
    pub subscription: SubscriptionId,
}

/// A source shows a whole subscription. Every field may be absent except the id; nothing between two observations is invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionObserved {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner whose list shows it, where the reading says: its owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<PartnerTenantId>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<Product>,
    /// Friendly name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    /// Seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// Status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<SubscriptionStatus>,
    /// Why suspended, verbatim list of the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspension_reasons: Vec<String>,
    /// When it was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// When the present term began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_start: Option<Timestamp>,
    /// Last instant of the term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_end: Option<Timestamp>,
    /// Until when it may be cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_allowed_until: Option<Timestamp>,
    /// How it may be given back, as the source words it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refund_options: Vec<RefundOption>,
    /// Batches of seats that may still be taken away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refundable: Vec<RefundableBatch>,
    /// Term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<TermDuration>,
    /// `renewalTermDuration`: the term it renews into; `none` where the source shows the field blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewal_term: Option<TermDuration>,
    /// Billing cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_cycle: Option<BillingCycle>,
    /// Automatic renewal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_renew: Option<AutoRenew>,
    /// Trial or paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// The base subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<SubscriptionId>,
    /// The Azure subscription behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<SubscriptionId>,
    /// The reseller of record shown: absent when the source does not show the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_of_record: Option<ObservedPartnerId>,
    /// The next term scheduled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_term: Option<NextTerm>,
    /// What the source lists of it in words that no rule reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing: Option<Box<Listing>>,
}

/// How a subscription may be given back, as the source words it (`refundOptions`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundOption {
    /// `type`, verbatim, such as `Full`.
    pub kind: String,
    /// Until when.
    pub expires_at: Timestamp,
}

/// What a source lists of a subscription in words that no rule reads, verbatim; what it leaves out is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// `billingType`, such as `license` or `usage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_type: Option<String>,
    /// `contractType`, such as `subscription`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_type: Option<String>,
    /// Whether the product is Microsoft's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub microsoft_product: Option<bool>,
    /// `productType.id`, such as `OnlineServicesNCE`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_type: Option<String>,
    /// Who publishes the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// `unitType`, such as `Licenses` or `Usage-based`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_type: Option<String>,
}

impl Listing {
    /// What is known once this was shown: the words shown, and of the others those known before.
    #[must_use]
    pub fn over(&self, known: &Self) -> Self {
        Self {
            billing_type: self.billing_type.clone().or_else(|| known.billing_type.clone()),
            contract_type: self.contract_type.clone().or_else(|| known.contract_type.clone()),
            microsoft_product: self.microsoft_product.or(known.microsoft_product),
            product_type: self.product_type.clone().or_else(|| known.product_type.clone()),
            publisher: self.publisher.clone().or_else(|| known.publisher.clone()),
            unit_type: self.unit_type.clone().or_else(|| known.unit_type.clone()),
        }
    }
}

impl SubscriptionObserved {
    /// A reading that shows nothing but that the subscription is there.
    #[must_use]
    pub fn of(subscription: SubscriptionId) -> Self {
        Self {
            subscription,
            owner: None,
            order: None,
            product: None,
            friendly_name: None,
            quantity: None,
            status: None,
            suspension_reasons: Vec::new(),
            created_at: None,
            effective_start: None,
            commitment_end: None,
            cancellation_allowed_until: None,
            refund_options: Vec::new(),
            refundable: Vec::new(),
            term: None,
            renewal_term: None,
            billing_cycle: None,
            auto_renew: None,
            trial: None,
            parent: None,
            entitlement: None,
            reseller_of_record: None,
            next_term: None,
            listing: None,
        }
    }
}

/// A reseller of record as shown: one, or explicitly nobody (the empty string on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservedPartnerId {
    /// The field is there and empty.
    Nobody,
    /// The partner ID shown.
    Partner(PartnerId),
}
