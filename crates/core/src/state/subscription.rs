//! Subscriptions: owner, terms and partners of record apart, and the status at any instant.

mod status;

use std::collections::{BTreeMap, BTreeSet};

pub use self::status::StatusAt;
pub(crate) use self::status::TRIAL_DAYS;
use crate::command::subscription::{NextTerm, Product, RefundableBatch};
use crate::event::partner_of_record::SupportContact;
use crate::event::subscription::{Listing, RefundOption};
use crate::fold::{Cell, Stamp};
use crate::id::{OrderId, PartnerId, PartnerTenantId, SubscriptionId, Workload};
use crate::state::SharedMap;
use crate::time::Timestamp;
use crate::vocabulary::{
    AgreementType, AutoRenew, BillingCycle, ClaimState, SubscriptionStatus, SuspensionReason, TermDuration, Trial,
};

/// The subscriptions of one customer, ended ones included.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscriptions {
    /// By subscription.
    pub by_id: SharedMap<SubscriptionId, Subscription>,
}

/// One subscription. Its three columns are separate, so that a family of events
/// can be given only what it may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Column `O`: the partner who sold it and is billed for it; none when no source says.
    pub owner: Option<Cell<PartnerTenantId>>,
    /// Column `T`: content, status, terms and obligations.
    pub terms: Terms,
    /// Column `P`: partners of record by kind.
    pub partners_of_record: PartnersOfRecord,
    /// Who supports it; outside the four lines.
    pub support_contact: Option<Cell<Option<SupportContact>>>,
    /// The event by which it came into the ledger.
    pub first_seen: Stamp,
}

/// Content, status, terms and obligations: column `T`. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Terms {
    /// The order it came with.
    pub order: Option<Cell<OrderId>>,
    /// The product.
    pub product: Option<Cell<Product>>,
    /// Friendly name.
    pub friendly_name: Option<Cell<String>>,
    /// Seats or units.
    pub quantity: Option<Cell<u64>>,
    /// Status as last recorded; what holds at an instant follows from it (rule U-17).
    pub status: Option<Cell<SubscriptionStatus>>,
    /// Why it is suspended.
    pub suspension_reason: Option<Cell<SuspensionReason>>,
    /// When it was bought, or created as the source says.
    pub bought_at: Option<Cell<Timestamp>>,
    /// When the present term began.
    pub term_start: Option<Cell<Timestamp>>,
    /// Term.
    pub term: Option<Cell<TermDuration>>,
    /// Last instant of the term.
    pub commitment_end: Option<Cell<Timestamp>>,
    /// Until when it may be cancelled.
    pub cancellation_allowed_until: Option<Cell<Timestamp>>,
    /// How it may be given back, as a source words it.
    pub refund_options: Vec<RefundOption>,
    /// Batches of seats that may be taken away, and until when (rule U-2).
    pub refundable: Vec<RefundableBatch>,
    /// Billing cycle.
    pub billing_cycle: Option<Cell<BillingCycle>>,
    /// Automatic renewal.
    pub auto_renew: Option<Cell<AutoRenew>>,
    /// The term it renews into, as a source shows it; none where the source shows it blank.
    pub renewal_term: Option<Cell<TermDuration>>,
    /// What the next term will be.
    pub next_term: Option<Cell<NextTerm>>,
    /// Trial or paid.
    pub trial: Option<Cell<Trial>>,
    /// Its base subscription.
    pub parent: Option<Cell<SubscriptionId>>,
    /// The Azure subscription behind it.
    pub entitlement: Option<Cell<SubscriptionId>>,
    /// The agreement it was bought under.
    pub agreement: Option<Cell<AgreementType>>,
    /// Reference to the price terms.
    pub price_terms: Option<Cell<String>>,
    /// What a source lists of it in words that no rule reads.
    pub listing: Option<Cell<Listing>>,
    /// The subscription it was converted into.
    pub converted_into: Option<Cell<SubscriptionId>>,
    /// The subscription under which it lives on at the partner it was transferred to (rule T-13).
    pub transferred_to: Option<Cell<SubscriptionId>>,
    /// The subscription that it was before it was transferred.
    pub transferred_from: Option<Cell<SubscriptionId>>,
    /// Until when the customer's data is kept after a cancellation.
    pub data_kept_until: Option<Cell<Timestamp>>,
    /// The operation that is pending (rule U-9).
    pub pending: Option<Cell<String>>,
    /// Updates received (rule U-10), also its version (rule U-5).
    pub updates: u64,
    /// The newest update; several events of one entry are one update.
    pub updated: Option<Stamp>,
}

/// Partners of record by kind: column `P`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartnersOfRecord {
    /// Reseller of record; `Some` with no value means explicitly nobody.
    pub reseller_of_record: Option<Cell<Option<PartnerId>>>,
    /// Additional sellers (rule I-9).
    pub additional_sellers: Option<Cell<BTreeSet<PartnerId>>>,
    /// Digital partner of record.
    pub dpor: Option<Cell<Option<PartnerId>>>,
    /// Partner admin link.
    pub pal: Option<Cell<Option<PartnerId>>>,
    /// Claiming partner of record, by workload.
    pub cpor: BTreeMap<Workload, CporAssociation>,
}

/// The claims to be claiming partner of record of one workload (rule I-11).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CporAssociation {
    /// The partner whose claim was approved last; `Some` with no value means that the claim approved was rejected later.
    pub associated: Option<Cell<Option<PartnerId>>>,
    /// By claimant, how far its newest claim is.
    pub claims: BTreeMap<PartnerId, CporClaim>,
}

/// One partner's claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CporClaim {
    /// How far it is.
    pub state: Cell<ClaimState>,
    /// The claim's id, where a source says.
    pub claim_id: Option<String>,
}

/// Column `T` of every subscription, and nothing else: what the fold of the
/// subscription family is given.
#[derive(Debug)]
pub struct TermsColumn<'a> {
    by_id: &'a mut SharedMap<SubscriptionId, Subscription>,
}

/// Column `P` of every subscription, and nothing else: what the fold of the
/// partner-of-record family is given.
#[derive(Debug)]
pub struct PartnersOfRecordColumn<'a> {
    by_id: &'a mut SharedMap<SubscriptionId, Subscription>,
}

impl Subscription {
    /// A subscription of which nothing is known but that a source spoke of it.
    fn unknown(first_seen: Stamp) -> Self {
        Self {
            owner: None,
            terms: Terms::default(),
            partners_of_record: PartnersOfRecord::default(),
            support_contact: None,
            first_seen,
        }
    }
}

impl Terms {
    /// Takes from the terms of the subscription that this one was before a transfer what is not known of it yet.
    pub(crate) fn inherit(&mut self, before: Terms) {
        let known = std::mem::take(self);
        *self = Terms {
            order: known.order.or(before.order),
            product: known.product.or(before.product),
            friendly_name: known.friendly_name.or(before.friendly_name),
            quantity: known.quantity.or(before.quantity),
            status: known.status.or(before.status),
            suspension_reason: known.suspension_reason.or(before.suspension_reason),
            bought_at: known.bought_at.or(before.bought_at),
            term_start: known.term_start.or(before.term_start),
            term: known.term.or(before.term),
            commitment_end: known.commitment_end.or(before.commitment_end),
            cancellation_allowed_until: known.cancellation_allowed_until.or(before.cancellation_allowed_until),
            refund_options: if known.refund_options.is_empty() { before.refund_options } else { known.refund_options },
            refundable: if known.refundable.is_empty() { before.refundable } else { known.refundable },
            billing_cycle: known.billing_cycle.or(before.billing_cycle),
            auto_renew: known.auto_renew.or(before.auto_renew),
            next_term: known.next_term.or(before.next_term),
            renewal_term: known.renewal_term.or(before.renewal_term),
            listing: known.listing.or(before.listing),
            trial: known.trial.or(before.trial),
            parent: known.parent.or(before.parent),
            entitlement: known.entitlement.or(before.entitlement),
            agreement: known.agreement.or(before.agreement),
            price_terms: known.price_terms.or(before.price_terms),
            transferred_from: known.transferred_from.or(before.transferred_from),
            ..known
        };
    }
}

impl Subscriptions {
    /// The subscription; one that no source spoke of before comes into being without owner.
    pub fn entry(&mut self, id: SubscriptionId, seen: Stamp) -> &mut Subscription {
        self.by_id.get_or_insert_with(id, || Subscription::unknown(seen))
    }

    /// Column `T` alone.
    pub fn terms(&mut self) -> TermsColumn<'_> {
        TermsColumn { by_id: &mut self.by_id }
    }

    /// Column `P` alone.
    pub fn partners_of_record(&mut self) -> PartnersOfRecordColumn<'_> {
        PartnersOfRecordColumn { by_id: &mut self.by_id }
    }
}

impl TermsColumn<'_> {
    /// The terms of a subscription; one that no source spoke of before comes into being without owner.
    pub fn of(&mut self, id: SubscriptionId, seen: Stamp) -> &mut Terms {
        &mut self.by_id.get_or_insert_with(id, || Subscription::unknown(seen)).terms
    }
}

impl PartnersOfRecordColumn<'_> {
    /// The partners of record of a subscription; one that no source spoke of before comes into being without owner.
    pub fn of(&mut self, id: SubscriptionId, seen: Stamp) -> &mut PartnersOfRecord {
        &mut self.by_id.get_or_insert_with(id, || Subscription::unknown(seen)).partners_of_record
    }
}
