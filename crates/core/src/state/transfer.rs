//! Transfers of one customer's subscriptions: what was asked for, who accepted it, what became of every line.

use std::collections::BTreeMap;

use crate::command::transfer::TransferSignature;
use crate::event::transfer::ListedLine;
use crate::fold::{Cell, Stamp};
use crate::id::{OrderId, PartnerId, PartnerTenantId, SubscriptionId, TransferId};
use crate::policy::Policy;
use crate::state::SharedMap;
use crate::time::Timestamp;
use crate::vocabulary::{LineStatus, TransferFamily, TransferStatus};

/// The transfers of one customer, ended ones included.
pub type Transfers = SharedMap<TransferId, Transfer>;

/// One transfer. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// By which procedure.
    pub family: Option<Cell<TransferFamily>>,
    /// The partner who owns, or owned, the subscriptions.
    pub source: Option<Cell<PartnerTenantId>>,
    /// The partner who is to own them, or does.
    pub target: Option<Cell<PartnerTenantId>>,
    /// The partner who asked.
    pub initiated_by: Option<Cell<PartnerTenantId>>,
    /// The indirect reseller's partner ID for every line that names none of its own.
    pub partner_id_on_record: Option<Cell<PartnerId>>,
    /// By subscription as the source has it.
    pub lines: BTreeMap<SubscriptionId, KnownLine>,
    /// Status as last recorded; what holds at an instant follows from it (rule T-11).
    pub status: Option<Cell<TransferStatus>>,
    /// The source's own word for the status, where the newest one came from a source.
    pub status_word: Option<Cell<String>>,
    /// When it was asked for.
    pub requested_at: Option<Cell<Timestamp>>,
    /// When it was accepted.
    pub accepted_at: Option<Cell<Timestamp>>,
    /// When it came to its end: carried out, declined, taken back or expired.
    pub ended_at: Option<Cell<Timestamp>>,
    /// Midnight (UTC) of the last day that the source is billed for (rule T-15).
    pub billing_split_date: Option<Cell<Timestamp>>,
    /// The signatures on the form, where the change of provider is made by hand.
    pub signatures: Option<Cell<Vec<TransferSignature>>>,
    /// The event by which it came into the ledger.
    pub first_seen: Stamp,
}

/// One line of a transfer, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLine {
    /// What became of it.
    pub status: Cell<LineStatus>,
    /// The subscription as the target has it, where it got another id.
    pub new_subscription: Option<Cell<SubscriptionId>>,
    /// The Azure subscription behind it.
    pub entitlement: Option<Cell<SubscriptionId>>,
    /// Seats or units as asked for.
    pub quantity: Option<Cell<u64>>,
    /// The indirect reseller's partner ID at the target; `Some` with no value means explicitly nobody.
    pub partner_id_on_record: Option<Cell<Option<PartnerId>>>,
    /// The base subscription with which an add-on travels.
    pub with_base: Option<Cell<SubscriptionId>>,
    /// The target's order.
    pub order: Option<Cell<OrderId>>,
    /// Why it failed.
    pub error: Option<Cell<LineError>>,
    /// What it is of, as a source lists it.
    pub listed: Option<Cell<ListedLine>>,
}

/// Why a line failed, in the source's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineError {
    /// Partner Center's code, where given.
    pub code: Option<u32>,
    /// The text.
    pub text: String,
}

/// The status of a transfer at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferStatusAt {
    /// The status; none when no source gave one.
    pub status: Option<TransferStatus>,
    /// Since when.
    pub since: Timestamp,
    /// The rule by which time alone brought it about; none when it is as recorded.
    pub rule: Option<&'static str>,
    /// The event that it follows from.
    pub set: Stamp,
}

impl Transfer {
    /// A transfer of which nothing is known but that a source spoke of it.
    pub(crate) fn unknown(first_seen: Stamp) -> Self {
        Self {
            family: None,
            source: None,
            target: None,
            initiated_by: None,
            partner_id_on_record: None,
            lines: BTreeMap::new(),
            status: None,
            status_word: None,
            requested_at: None,
            accepted_at: None,
            ended_at: None,
            billing_split_date: None,
            signatures: None,
            first_seen,
        }
    }

    /// The status at an instant not before the newest event folded: a request of new commerce that nobody
    /// answered within the policy's days is expired without any event (rule T-11).
    #[must_use]
    pub fn status_at(&self, at: Timestamp, policy: &Policy) -> TransferStatusAt {
        let Some(recorded) = &self.status else {
            let set = self.first_seen;
            return TransferStatusAt { status: None, since: set.effective_at, rule: None, set };
        };
        if let Some(over) = self.expires_at(policy).filter(|over| at >= *over) {
            let status = Some(TransferStatus::Expired);
            return TransferStatusAt { status, since: over, rule: Some("T-11"), set: recorded.set };
        }
        let status = Some(recorded.value.clone());
        TransferStatusAt { status, since: recorded.set.effective_at, rule: None, set: recorded.set }
    }

    /// When it expires without an answer; none for one that was answered, or that does not expire.
    #[must_use]
    pub fn expires_at(&self, policy: &Policy) -> Option<Timestamp> {
        let pending = self.status.as_ref().is_some_and(|status| status.value == TransferStatus::Pending);
        let expires = self.family.as_ref().is_some_and(|family| family.value.is_new_commerce());
        let requested = self.requested_at.as_ref().filter(|_| pending && expires)?;
        Some(requested.value.plus_days(policy.transfer_expiry_days))
    }

    /// Whether it may still be carried out at an instant, so that its open lines are bound by it (rule T-4).
    #[must_use]
    pub fn is_open_at(&self, at: Timestamp, policy: &Policy) -> bool {
        self.status_at(at, policy).status.is_some_and(|status| status.is_open())
    }

    /// The partner ID that a line is to be attributed to at the target: its own, or the transfer's.
    #[must_use]
    pub fn partner_id_of(&self, line: &KnownLine) -> Option<PartnerId> {
        let own = line.partner_id_on_record.as_ref().and_then(|id| id.value.clone());
        own.or_else(|| self.partner_id_on_record.as_ref().map(|id| id.value.clone()))
    }
}

impl KnownLine {
    /// A line of which nothing is known but its subscription.
    pub(crate) fn open(seen: Stamp) -> Self {
        Self {
            status: Cell::new(LineStatus::Open, seen),
            new_subscription: None,
            entitlement: None,
            quantity: None,
            partner_id_on_record: None,
            with_base: None,
            order: None,
            error: None,
            listed: None,
        }
    }
}
