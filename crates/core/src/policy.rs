//! The rule parameters of one cloud, versioned; each decision stores the version it was taken under.

use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::time::Timestamp;

/// Which cloud a ledger speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Cloud {
    /// Microsoft clouds operated by 21Vianet in China.
    #[serde(rename = "china21vianet")]
    China21Vianet,
    /// The worldwide commercial cloud.
    #[serde(rename = "worldwide")]
    Worldwide,
    /// The US Government cloud.
    #[serde(rename = "usgov")]
    UsGov,
}

impl Cloud {
    /// All clouds with a policy.
    pub const ALL: [Cloud; 3] = [Cloud::China21Vianet, Cloud::Worldwide, Cloud::UsGov];

    /// The word used in entries and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cloud::China21Vianet => "china21vianet",
            Cloud::Worldwide => "worldwide",
            Cloud::UsGov => "usgov",
        }
    }

    /// Reads the word; none when no policy has that name.
    #[must_use]
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cloud| cloud.as_str() == word)
    }
}

/// Which policy a decision was taken under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyRef {
    /// The cloud.
    pub cloud: Cloud,
    /// The policy's version within the cloud, from 1.
    pub version: u32,
}

/// What must be true of new-commerce subscriptions before a reseller relationship may be removed (rule M-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovalPolicy {
    /// Suspended is enough (text of 2023).
    SuspendedOk,
    /// Cancelled or ended; suspended is still billed (newest text).
    NceMustBeEnded,
}

/// Whether delegated administration privileges (DAP) may be granted (rules ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DapOffer {
    /// Offered, and the partner may also leave it out.
    Offered,
    /// Offered until this instant, refused from it.
    OfferedUntil(Timestamp),
    /// A relationship request must ask for it.
    Required,
}

/// Whether DAP covers the whole tenant or named services (rule R-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DapScope {
    /// Always the whole tenant.
    Tenant,
    /// The whole tenant or named services.
    Services,
}

/// How a confirmation of a relationship that already stands is answered (rule R-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reacceptance {
    /// Recorded as `ResellerRelationshipConfirmed`; the set keeps the partner once.
    Confirmed,
    /// Refused with `already_established`.
    Refused,
}

/// The parameters that the rules read. Pure data; equal versions are equal forever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// Name and version.
    pub reference: PolicyRef,
    /// Whether several transacting partners may work with one customer (rule R-14).
    pub multi_partner: MultiPartner,
    /// Whether DAP may be granted.
    pub dap_offer: DapOffer,
    /// What DAP covers.
    pub dap_scope: DapScope,
    /// Whether granular delegated administration exists in the cloud.
    pub gdap: GdapOffer,
    /// How an indirect reseller reaches a customer (rule R-2).
    pub indirect_invitation: IndirectInvitation,
    /// Partner roles that may request a relationship or create a customer (rule R-1).
    pub request_roles: Vec<Role>,
    /// Partner roles that may remove a relationship (rule M-7).
    pub removal_roles: Vec<Role>,
    /// What removal asks of new-commerce subscriptions.
    pub removal_policy: RemovalPolicy,
    /// How a repeated acceptance is answered.
    pub reacceptance: Reacceptance,
    /// Days after which a suspended legacy subscription is deleted (rule U-17).
    pub legacy_suspended_days: i64,
    /// Hours of the window for cancelling or taking seats away, new commerce (rules U-1, U-2).
    pub change_window_hours: i64,
    /// Days an ended, not renewed new-commerce subscription stays Expired.
    pub expired_days: i64,
    /// Days a suspended new-commerce subscription stays Disabled after its term, before the second Disabled period.
    pub disabled_after_suspension_days: i64,
    /// Days of the last Disabled period before deletion.
    pub disabled_days: i64,
    /// Days the customer's data is kept after a cancellation.
    pub cancelled_data_days: i64,
    /// Days without sign-in after which Microsoft ends DAP (rule D-5).
    pub dap_inactivity_days: i64,
    /// Updates one subscription may receive (rule U-10).
    pub updates_max: u64,
    /// Hours for which a pending operation blocks others (rule U-9).
    pub pending_operation_hours: i64,
    /// Whether an upgrade needs DAP for the service and a customer who does not own the target (rule U-13).
    pub upgrade_conditions: UpgradeConditions,
    /// Whether a partner may attest a customer agreement through the ledger's cloud (rule B-4).
    pub agreement_attestation: AgreementAttestation,
    /// Additional sellers allowed on an order line (rule I-9).
    pub additional_sellers_max: usize,
    /// Characters that the name of a granular relationship may have (rule G-1).
    pub gdap_name_characters_max: usize,
    /// Days for which a granular relationship may run at most (rule G-4).
    pub gdap_duration_days_max: i64,
    /// Days within which the customer answers a request for a granular relationship (rule G-14).
    pub gdap_request_days: i64,
    /// Days for which Microsoft shows an ended granular relationship (rule G-24).
    pub gdap_kept_days: i64,
    /// Days after which DAP ends in a transition that Microsoft leads (rule D-6).
    pub transition_days: i64,
    /// Days for which the granular relationship of such a transition runs (rule D-6).
    pub transition_duration_days: u32,
    /// What a transition with the users' licences asks of the partner (rule U-14).
    pub licence_transfer: LicenceTransfer,
    /// Days after which a new-commerce transfer that nobody answered is expired (rule T-11).
    pub transfer_expiry_days: i64,
    /// Subscriptions that one new-commerce transfer may move (rule T-7).
    pub transfer_items_max: usize,
    /// Whether new-commerce licences move between partners (rule T-17).
    pub new_commerce_transfer: TransferOffer,
    /// Whose a granular relationship is that a source shows under a customer without naming one (rule G-21).
    pub granular_observation: GranularObservation,
}

/// Whose a granular relationship is that a source shows under a customer without naming one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GranularObservation {
    /// Nobody's, as far as the partner's account tells.
    AsShown,
    /// That customer's; one that a source gives to another customer is not recorded under this one.
    OfTheCustomer,
}

/// Whether new-commerce licences move between partners, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferOffer {
    /// From this instant on; before it a customer had to let the term end and buy anew.
    OfferedFrom(Timestamp),
    /// Not in this cloud.
    NotOffered,
}

/// Whether a customer may work with more than one transacting partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MultiPartner {
    /// As many as the customer wants.
    Allowed,
    /// One only.
    SinglePartner,
}

/// Whether granular delegated administration (GDAP) exists in a cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GdapOffer {
    /// Available.
    Available,
    /// Not available.
    NotAvailable,
}

/// How an indirect reseller reaches a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IndirectInvitation {
    /// Only by the provider's invitation; the relationship is the provider's.
    ProviderOnly,
    /// By a joint link that names the provider; two relationships come into being.
    Joint,
}

/// What an upgrade asks for beyond an active subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpgradeConditions {
    /// Nothing more.
    None,
    /// DAP for the customer and the service, and a target the customer does not own yet.
    DapAndUnownedTarget,
}

/// What a transition with the users' licences asks of the partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceTransfer {
    /// Nothing more.
    None,
    /// DAP, or a granular assignment that may write the customer's directory.
    DirectoryWriter,
}

/// Whether a partner may attest a customer agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementAttestation {
    /// A direct-bill partner or an indirect provider may.
    Partner,
    /// Recorded outside the API (21Vianet has no Agreements resource); the ledger still records who attested.
    PaperRecord,
}

impl Policy {
    /// The newest policy of a cloud.
    #[must_use]
    pub fn current(cloud: Cloud) -> Self {
        match cloud {
            Cloud::China21Vianet => Self::china21vianet(),
            Cloud::Worldwide => Self::worldwide().with_licence_transfer().with_customers_of_granular(),
            Cloud::UsGov => Self::usgov().with_licence_transfer().with_customers_of_granular(),
        }
    }

    /// The policy that an entry names; none when this build does not know it.
    #[must_use]
    pub fn of(reference: PolicyRef) -> Option<Self> {
        Self::of_cloud(reference.cloud).into_iter().find(|policy| policy.reference == reference)
    }

    /// Every policy a cloud has had, oldest first.
    #[must_use]
    pub fn of_cloud(cloud: Cloud) -> Vec<Self> {
        match cloud {
            Cloud::China21Vianet => vec![Self::china21vianet()],
            Cloud::Worldwide => Self::worldwide().and_later(),
            Cloud::UsGov => Self::usgov().and_later(),
        }
    }

    /// The versions of a policy with granular administration.
    fn and_later(self) -> Vec<Self> {
        let second = self.clone().with_licence_transfer();
        let third = second.clone().with_customers_of_granular();
        vec![self, second, third]
    }

    /// The second version of a policy with granular administration: rule U-14.
    fn with_licence_transfer(self) -> Self {
        let reference = PolicyRef { version: 2, ..self.reference };
        Self { reference, licence_transfer: LicenceTransfer::DirectoryWriter, ..self }
    }

    /// The third: rule G-21 for what sources show.
    fn with_customers_of_granular(self) -> Self {
        let reference = PolicyRef { version: 3, ..self.reference };
        Self { reference, granular_observation: GranularObservation::OfTheCustomer, ..self }
    }

    fn china21vianet() -> Self {
        Self {
            reference: PolicyRef { cloud: Cloud::China21Vianet, version: 1 },
            multi_partner: MultiPartner::Allowed,
            dap_offer: DapOffer::Offered,
            dap_scope: DapScope::Services,
            gdap: GdapOffer::NotAvailable,
            indirect_invitation: IndirectInvitation::ProviderOnly,
            request_roles: vec![Role::AdminAgent, Role::SalesAgent],
            removal_roles: vec![Role::GlobalAdmin, Role::AdminAgent, Role::SalesAgent],
            removal_policy: RemovalPolicy::SuspendedOk,
            reacceptance: Reacceptance::Confirmed,
            legacy_suspended_days: 60,
            change_window_hours: 168,
            expired_days: 30,
            disabled_after_suspension_days: 30,
            disabled_days: 90,
            cancelled_data_days: 7,
            dap_inactivity_days: 90,
            updates_max: 1_200,
            pending_operation_hours: 24,
            upgrade_conditions: UpgradeConditions::DapAndUnownedTarget,
            agreement_attestation: AgreementAttestation::PaperRecord,
            additional_sellers_max: 5,
            gdap_name_characters_max: 50,
            gdap_duration_days_max: 730,
            gdap_request_days: 90,
            gdap_kept_days: 365,
            transition_days: 30,
            transition_duration_days: 365,
            licence_transfer: LicenceTransfer::None,
            transfer_expiry_days: 30,
            transfer_items_max: 25,
            new_commerce_transfer: TransferOffer::NotOffered,
            granular_observation: GranularObservation::AsShown,
        }
    }

    fn worldwide() -> Self {
        Self {
            reference: PolicyRef { cloud: Cloud::Worldwide, version: 1 },
            dap_offer: DapOffer::OfferedUntil(Timestamp::from_date(2023, 10, 9).unwrap_or(Timestamp::MAX)),
            dap_scope: DapScope::Tenant,
            gdap: GdapOffer::Available,
            indirect_invitation: IndirectInvitation::Joint,
            removal_policy: RemovalPolicy::NceMustBeEnded,
            legacy_suspended_days: 90,
            upgrade_conditions: UpgradeConditions::None,
            agreement_attestation: AgreementAttestation::Partner,
            new_commerce_transfer: TransferOffer::OfferedFrom(
                Timestamp::from_date(2024, 6, 1).unwrap_or(Timestamp::MAX),
            ),
            ..Self::china21vianet()
        }
    }

    fn usgov() -> Self {
        Self {
            reference: PolicyRef { cloud: Cloud::UsGov, version: 1 },
            multi_partner: MultiPartner::SinglePartner,
            dap_offer: DapOffer::Required,
            new_commerce_transfer: TransferOffer::NotOffered,
            ..Self::worldwide()
        }
    }
}
