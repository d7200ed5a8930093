//! What can happen in the model's world, and what its subscriptions look like.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::command::subscription::Product;
use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, AssignmentStatus, CustomerAccountStatus, GdapStatus, Services, SubscriptionStatus,
    TenantType, TransferFamily, TransferStatus,
};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, Market, PartnerId, PartnerTenantId, RoleId, SecurityGroupId, ServiceName,
    SubscriptionId, Timestamp, TransferId, UserName,
};

/// A change with its place and its instant in the world.
#[derive(Debug, Clone)]
pub(super) struct Dated<T> {
    pub(super) at: Timestamp,
    pub(super) position: u64,
    pub(super) index: u32,
    pub(super) change: T,
}

/// What happens to partner accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PartnerChange {
    Registered {
        partner: PartnerTenantId,
        partner_type: ofrecord_core::vocabulary::PartnerType,
        digits: Option<PartnerId>,
        markets: BTreeSet<Market>,
        enrolled: bool,
    },
    Enrolled {
        partner: PartnerTenantId,
        completed: bool,
    },
    Markets {
        partner: PartnerTenantId,
        markets: BTreeSet<Market>,
    },
    Programme {
        partner: PartnerTenantId,
        active: bool,
    },
    Suspended {
        partner: PartnerTenantId,
    },
    Reinstated {
        partner: PartnerTenantId,
    },
    AgreementAccepted {
        partner: PartnerTenantId,
    },
    Linked {
        partner: PartnerTenantId,
        dap: Option<Services>,
        via: Option<PartnerTenantId>,
        until: Option<Timestamp>,
    },
    Invited {
        provider: PartnerTenantId,
        reseller: PartnerTenantId,
    },
    Joined {
        provider: PartnerTenantId,
        reseller: PartnerTenantId,
    },
    Parted {
        provider: PartnerTenantId,
        reseller: PartnerTenantId,
    },
    MemberIn {
        partner: PartnerTenantId,
        group: SecurityGroupId,
        user: UserName,
        name: Option<String>,
    },
    MemberOut {
        partner: PartnerTenantId,
        group: SecurityGroupId,
        user: UserName,
    },
}

/// What happens to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CustomerChange {
    Known { market: Option<Market>, tenant_type: Option<TenantType>, status: Option<CustomerAccountStatus> },
    ResellerJoined { partner: PartnerTenantId },
    ResellerLeft { partner: PartnerTenantId },
    DapOn { partner: PartnerTenantId, services: Services },
    DapOff { partner: PartnerTenantId, services: Services },
    AzureRole { partner: PartnerTenantId },
    AzureRoleGone { partner: PartnerTenantId },
    Agreed { agreement: AgreementType, method: AgreementMethod, by: Option<PartnerTenantId> },
    Bought(Box<Purchase>),
    SeatsAdded { subscription: SubscriptionId, seats: u64, after: u64 },
    SeatsRemoved { subscription: SubscriptionId, seats: u64, after: u64 },
    Suspended { subscription: SubscriptionId },
    Reactivated { subscription: SubscriptionId },
    Cancelled { subscription: SubscriptionId },
    AutoRenew { subscription: SubscriptionId, renews: bool },
    ResellerOfRecord { subscription: SubscriptionId, digits: Option<PartnerId> },
    Dpor { subscription: SubscriptionId, digits: Option<PartnerId> },
    Pal { subscription: SubscriptionId, digits: Option<PartnerId> },
    Seen(Box<Sighting>),
    CameThroughProvider { partner: PartnerTenantId },
    Renewed { subscription: SubscriptionId, quantity: u64, over: Timestamp, window_from: Timestamp },
    Pending { subscription: SubscriptionId },
    TurnedInto(Box<Turned>),
    TransferAsked(Box<TransferAsked>),
    TransferAccepted { transfer: TransferId, items: BTreeSet<SubscriptionId> },
    TransferEnded { transfer: TransferId, status: TransferStatus },
    TransferDone { transfer: TransferId, target: PartnerTenantId, moved: Vec<Moved>, failed: BTreeSet<SubscriptionId> },
}

/// A subscription that was turned into another product, and perhaps into another subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turned {
    pub(super) subscription: SubscriptionId,
    pub(super) product: Product,
    pub(super) into: Option<TurnedInto>,
}

/// The other subscription, which was there or was made for it: for whom, until when, with which partner of record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TurnedInto {
    pub(super) subscription: SubscriptionId,
    pub(super) quantity: u64,
    pub(super) made: Option<(PartnerTenantId, Option<Timestamp>, Option<PartnerId>)>,
}

/// A transfer as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TransferAsked {
    pub(super) transfer: TransferId,
    pub(super) family: TransferFamily,
    pub(super) source: PartnerTenantId,
    pub(super) target: PartnerTenantId,
    pub(super) lines: BTreeSet<SubscriptionId>,
    pub(super) digits: Option<PartnerId>,
    pub(super) digits_of_lines: BTreeMap<SubscriptionId, PartnerId>,
}

/// A subscription that moved, under its own id or another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) from: SubscriptionId,
    pub(super) to: Option<SubscriptionId>,
    pub(super) digits: Option<PartnerId>,
}

/// A line of an order as it became a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Purchase {
    pub(super) subscription: SubscriptionId,
    pub(super) owner: PartnerTenantId,
    pub(super) product: Product,
    pub(super) quantity: u64,
    pub(super) term_months: Option<u32>,
    pub(super) renews: bool,
    pub(super) digits: Option<PartnerId>,
}

/// What a source shows of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sighting {
    pub(super) subscription: SubscriptionId,
    pub(super) owner: Option<PartnerTenantId>,
    pub(super) quantity: Option<u64>,
    pub(super) status: Option<SubscriptionStatus>,
}

/// What delegated administration covers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coverage {
    /// The whole tenant.
    Tenant,
    /// A named service.
    Service(ServiceName),
}

/// A subscription as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionPicture {
    /// Who sold it.
    pub owner: Option<PartnerTenantId>,
    /// The status at the instant; none when no source gave one.
    pub status: Option<SubscriptionStatus>,
    /// Seats.
    pub quantity: Option<u64>,
    /// Reseller of record.
    pub reseller_of_record: Option<PartnerId>,
    /// Digital partner of record.
    pub dpor: Option<PartnerId>,
    /// Partner admin link.
    pub pal: Option<PartnerId>,
}

/// A granular relationship as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GranularPicture {
    /// The customer it is for, once known.
    pub customer: Option<CustomerId>,
    /// The status at the instant; none when no source gave one.
    pub status: Option<GdapStatus>,
    /// When it ends or ended, with every extension due by the instant.
    pub ends_at: Option<Timestamp>,
    /// Its roles, where known.
    pub roles: Option<BTreeSet<RoleId>>,
    /// How often it was changed.
    pub version: u64,
    /// Its access assignments.
    pub assignments: BTreeMap<AccessAssignmentId, AssignmentPicture>,
}

/// An access assignment as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentPicture {
    /// The group.
    pub group: Option<SecurityGroupId>,
    /// Its status as last told.
    pub status: Option<AssignmentStatus>,
    /// The roles that the group has by it at the instant.
    pub gives: BTreeSet<RoleId>,
    /// How often it was changed.
    pub version: u64,
}

/// A transfer as an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferPicture {
    /// The status at the instant.
    pub status: TransferStatus,
    /// The partner who owns, or owned, what it is about.
    pub source: PartnerTenantId,
    /// The partner who is to own it, or does.
    pub target: PartnerTenantId,
    /// The subscriptions that are still to be carried out.
    pub open: BTreeSet<SubscriptionId>,
}
