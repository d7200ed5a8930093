//! The closed and open word lists that commands, events and state share.

mod gdap;
mod transfer;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::gdap::{
    AccessContainerType, AgentGroup, ApprovalBasis, AssignmentStatus, DapTerminationCause, GdapAutoExtend,
    GdapDuration, GdapOperationStatus, GdapOperationType, GdapRequestAction, GdapRequestStatus, GdapStatus,
};
pub use self::transfer::{LineStatus, TransferFamily, TransferOutcome, TransferStatus};
use crate::id::ServiceName;
use crate::wire::wire_enum;

wire_enum! {
    /// What kind of partner an account is.
    pub enum PartnerType {
        /// Buys directly from the operator and sells to customers (tier 1).
        DirectBill = "direct_bill",
        /// Buys from the operator and sells through indirect resellers (distributor).
        IndirectProvider = "indirect_provider",
        /// Works through one or more indirect providers.
        IndirectReseller = "indirect_reseller",
        /// Advises customers who buy from the operator; does not transact CSP.
        Advisor = "advisor",
    }
}

wire_enum! {
    /// Why a partner account is suspended (rule R-1).
    pub enum AccountSuspensionReason {
        /// Invoices 60 days overdue.
        Overdue60 = "overdue60",
        /// Abuse.
        Abuse = "abuse",
        /// Verification failed.
        VerificationFailed = "verification_failed",
        /// Intellectual property problems.
        Ip = "ip",
    }
}

wire_enum! {
    /// Whether the reseller programme of an account is active (upstream 800039).
    pub enum ProgrammeStatus {
        /// Enrolled and active.
        Active = "active",
        /// Not active.
        NotActive = "not_active",
    }
}

wire_enum! {
    /// How far a partner's enrolment as indirect reseller is (rule R-17).
    pub enum ResellerEnrolment {
        /// Begun and not completed.
        Begun = "begun",
        /// Completed: providers may invite it.
        Completed = "completed",
    }
}

wire_enum! {
    /// What kind of tenant a customer is (rules ).
    pub enum TenantType {
        /// An ordinary organisation's tenant.
        Organisation = "organisation",
        /// Azure AD B2C, not supported for reseller relationships.
        B2c = "b2c",
        /// External ID (CIAM), not supported for reseller relationships.
        ExternalId = "external_id",
        /// The tenant another CSP partner uses for its CSP transactions.
        CspTransaction = "csp_transaction",
        /// A CSP partner's separate corporate tenant, which may buy.
        CspCorporate = "csp_corporate",
    }
}

wire_enum! {
    /// The state of a customer's account that purchase rules look at (rule B-8).
    pub enum CustomerAccountStatus {
        /// In order.
        Active = "active",
        /// Under review.
        UnderReview = "under_review",
        /// Rejected.
        Rejected = "rejected",
        /// Locked.
        Locked = "locked",
    }
}

wire_enum! {
    /// `relationshipToPartner`.
    pub enum RelationshipKind {
        /// Not said.
        Unknown = "unknown",
        /// Reseller.
        Reseller = "reseller",
        /// Advisor.
        Advisor = "advisor",
        /// Syndication.
        Syndication = "syndication",
        /// Microsoft support.
        MicrosoftSupport = "microsoft_support",
        /// No relationship.
        None = "none",
    }
}

wire_enum! {
    /// Kind of customer agreement (rule B-1).
    pub enum AgreementType {
        /// Microsoft Customer Agreement.
        MicrosoftCustomerAgreement = "MicrosoftCustomerAgreement",
        /// Microsoft Cloud Agreement, its predecessor.
        MicrosoftCloudAgreement = "MicrosoftCloudAgreement",
        /// The source does not say. No command may say so.
        NotStated = "not_stated",
    }
}

impl AgreementType {
    /// Whether it says which agreement it is, in a word that rules know.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.is_recognised() && *self != Self::NotStated
    }
}

wire_enum! {
    /// How an agreement came to be confirmed (rule B-11 depends on it).
    pub enum AgreementMethod {
        /// Attested by the partner.
        Attested = "attested",
        /// Accepted directly by the customer.
        Direct = "direct",
    }
}

wire_enum! {
    /// The family a product belongs to; lifecycle rules differ by it (rule U-17).
    pub enum ProductFamily {
        /// Licence subscriptions of the legacy kind.
        LegacyLicense = "legacy_license",
        /// Legacy usage-based Azure subscription.
        LegacyAzure = "legacy_azure",
        /// Licence subscriptions of new commerce (`OnlineServicesNCE`).
        NewCommerceLicense = "new_commerce_license",
        /// Azure plan.
        AzurePlan = "azure_plan",
        /// Azure reservation (`VirtualMachineReservedInstance`, rule M-4).
        AzureReservation = "azure_reservation",
        /// Perpetual software.
        PerpetualSoftware = "perpetual_software",
        /// Software subscription.
        SoftwareSubscription = "software_subscription",
        /// Marketplace software as a service.
        MarketplaceSaas = "marketplace_saas",
        /// The source does not say. No command may say so.
        NotStated = "not_stated",
    }
}

impl ProductFamily {
    /// Whether it says which family it is, in a word that rules know.
    #[must_use]
    pub fn is_stated(&self) -> bool {
        self.is_recognised() && *self != Self::NotStated
    }

    /// Whether the new-commerce lifecycle applies (windows, Expired and Disabled states).
    #[must_use]
    pub fn is_new_commerce(&self) -> bool {
        match self {
            Self::NewCommerceLicense
            | Self::AzurePlan
            | Self::AzureReservation
            | Self::PerpetualSoftware
            | Self::SoftwareSubscription
            | Self::MarketplaceSaas => true,
            Self::LegacyLicense | Self::LegacyAzure | Self::NotStated | Self::Unrecognised(_) => false,
        }
    }

    /// Whether seats are sold that may be taken away again within a window (rule U-2).
    #[must_use]
    pub fn sells_reducible_seats(&self) -> bool {
        match self {
            Self::NewCommerceLicense | Self::MarketplaceSaas => true,
            Self::LegacyLicense
            | Self::LegacyAzure
            | Self::AzurePlan
            | Self::AzureReservation
            | Self::PerpetualSoftware
            | Self::SoftwareSubscription
            | Self::NotStated
            | Self::Unrecognised(_) => false,
        }
    }
}

wire_enum! {
    /// Term of a subscription; `none` for perpetual and usage-based ones.
    pub enum TermDuration {
        /// One month.
        P1M = "P1M",
        /// One year.
        P1Y = "P1Y",
        /// Three years.
        P3Y = "P3Y",
        /// No term.
        None = "none",
    }
}

impl TermDuration {
    /// Length in calendar months; none without a term.
    #[must_use]
    pub fn months(&self) -> Option<u32> {
        match self {
            Self::P1M => Some(1),
            Self::P1Y => Some(12),
            Self::P3Y => Some(36),
            Self::None | Self::Unrecognised(_) => None,
        }
    }
}

wire_enum! {
    /// How often a subscription is billed.
    pub enum BillingCycle {
        /// Not said.
        Unknown = "unknown",
        /// Every month.
        Monthly = "monthly",
        /// Every year.
        Annual = "annual",
        /// Not billed.
        None = "none",
        /// Once.
        OneTime = "one_time",
        /// Every three years.
        Triennial = "triennial",
        /// Every two years.
        Biennial = "biennial",
    }
}

impl BillingCycle {
    /// Months between bills; none where there is no cycle.
    #[must_use]
    pub fn months(&self) -> Option<u32> {
        match self {
            Self::Monthly => Some(1),
            Self::Annual => Some(12),
            Self::Biennial => Some(24),
            Self::Triennial => Some(36),
            Self::Unknown | Self::None | Self::OneTime | Self::Unrecognised(_) => None,
        }
    }
}

wire_enum! {
    /// Whether a subscription renews by itself.
    pub enum AutoRenew {
        /// Renews at the end of the term.
        On = "on",
        /// Ends with the term.
        Off = "off",
    }
}

wire_enum! {
    /// Whether a subscription is a trial (rule B-10).
    pub enum Trial {
        /// A trial: 25 seats, 30 days.
        Trial = "trial",
        /// Paid.
        Paid = "paid",
    }
}

wire_enum! {
    /// Subscription status as the wire writes it. Which of them
    /// holds at an instant is computed for that instant (rules U-17, L-7).
    pub enum SubscriptionStatus {
        /// No status.
        None = "none",
        /// Usable and billed.
        Active = "active",
        /// Suspended.
        Suspended = "suspended",
        /// Gone.
        Deleted = "deleted",
        /// Term ended without renewal (new commerce).
        Expired = "expired",
        /// Being provisioned.
        Pending = "pending",
        /// After Expired or after a suspended term end (new commerce).
        Disabled = "disabled",
    }
}

wire_enum! {
    /// Why a subscription is suspended.
    pub enum SuspensionReason {
        /// The customer asked.
        CustomerRequest = "customer_request",
        /// Not paid.
        NonPayment = "non_payment",
        /// Fraud.
        Fraud = "fraud",
        /// Its base subscription was suspended (rule U-15).
        BaseSuspended = "base_suspended",
        /// It was transferred to another partner and lives on under another id (rule T-13).
        Transferred = "transferred",
    }
}

wire_enum! {
    /// How a conversion to another product happens (rule U-12).
    pub enum TransitionType {
        /// The subscription only.
        TransitionOnly = "transition_only",
        /// The users' licences too (rule U-14).
        TransitionWithLicenseTransfer = "transition_with_license_transfer",
    }
}

wire_enum! {
    /// The kinds of partner of record this ledger keeps a timeline of.
    pub enum PartnerOfRecordKind {
        /// Reseller of record: `partnerId`, `partnerIdOnRecord`.
        ResellerOfRecord = "reseller_of_record",
        /// Digital partner of record.
        Dpor = "dpor",
        /// Partner admin link.
        Pal = "pal",
        /// Claiming partner of record, by workload.
        Cpor = "cpor",
        /// Transacting partner of record: the owner, by its partner ID.
        Tpor = "tpor",
        /// Additional seller of an order line (rule I-9).
        AdditionalSeller = "additional_seller",
    }
}

wire_enum! {
    /// How far a claim to be claiming partner of record is, as its events tell (rule I-11).
    pub enum ClaimState {
        /// Handed in.
        Submitted = "submitted",
        /// Approved: the claimant is associated.
        Approved = "approved",
        /// Rejected.
        Rejected = "rejected",
        /// The claimant disputes the rejection.
        Disputed = "disputed",
    }
}

wire_enum! {
    /// Who ended a DAP grant, as far as known.
    pub enum RemovedBy {
        /// The customer.
        Customer = "customer",
        /// The partner.
        Partner = "partner",
        /// Microsoft, for inactivity or at the end of a led transition.
        Microsoft = "microsoft",
        /// The source does not say.
        Unknown = "unknown",
    }
}

/// The services a DAP grant covers: the whole tenant, or named ones (rules R-12, D-4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Services {
    /// The whole tenant; overlaps every name.
    #[default]
    All,
    /// Named services.
    Names(BTreeSet<ServiceName>),
}

impl Services {
    /// Whether both cover a common service.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, Self::All) => true,
            (Self::All, Self::Names(names)) | (Self::Names(names), Self::All) => !names.is_empty(),
            (Self::Names(left), Self::Names(right)) => !left.is_disjoint(right),
        }
    }

    /// Whether everything the other covers is covered.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Names(_), Self::All) => false,
            (Self::Names(mine), Self::Names(theirs)) => theirs.is_subset(mine),
        }
    }

    /// What both cover; no service at all when they share none.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, both) | (both, Self::All) => both.clone(),
            (Self::Names(mine), Self::Names(theirs)) => Self::Names(mine & theirs),
        }
    }

    /// Whether a named service is covered.
    #[must_use]
    pub fn covers(&self, name: &ServiceName) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => names.contains(name),
        }
    }
}
