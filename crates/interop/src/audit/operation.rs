//! The published operation and resource types of audit records, and what each is read as.

use crate::resource::granular_step::{AssignmentStep, Step};

/// What an operation is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    CustomerAdded,
    Accepted,
    Removed,
    Deleted,
    DapGranted,
    DapTerminated,
    DapTerminatedByMicrosoft,
    Granular(Step),
    GranularAssignment(AssignmentStep),
    MemberAdded,
    MemberRemoved,
    ProfileChanged,
    Agreement,
    OrderCreated,
    OrderUpdated,
    SubscriptionUpdated,
    SubscriptionUpgraded,
    TrialConverted,
    PartnerIdAssociated,
    PartnershipCreated,
    PartnershipRemoved,
    Extended,
    TransferRequested,
    TransferUpdated,
    /// Published, and nothing this ledger answers for: why.
    OutOfScope(&'static str),
    /// Not published.
    Unrecognised,
}

impl Reads {
    /// What becomes of a record, for the reference.
    fn becomes(self) -> &'static str {
        match self {
            Self::CustomerAdded => "`CustomerAdded`, and `DapObserved` where the resource shows it",
            Self::Accepted => "`ResellerRelationshipAcceptedByCustomer`",
            Self::Removed => "`ResellerRelationshipRemovedByPartner`",
            Self::Deleted => "`CustomerDeleted`",
            Self::DapGranted => "`DapGranted`; kept when it is between provider and reseller",
            Self::DapTerminated => "`DapRemoved`; kept when it is between provider and reseller",
            Self::DapTerminatedByMicrosoft => {
                "`DapTerminatedByMicrosoft`; kept when it is between provider and reseller"
            }
            Self::Granular(step) => step.becomes(),
            Self::GranularAssignment(step) => step.becomes(),
            Self::MemberAdded => {
                "`SecurityGroupMemberAdded` for a group of the partner's tenant; kept for a role in the customer's directory"
            }
            Self::MemberRemoved => {
                "`SecurityGroupMemberRemoved` for a group of the partner's tenant; kept for a role in the customer's directory"
            }
            Self::ProfileChanged => "`CustomerProfileChanged`",
            Self::Agreement => "`CustomerAgreementConfirmed`",
            Self::OrderCreated => "`OrderPlaced` and `SubscriptionPurchased`",
            Self::OrderUpdated => "what changed of each line, or `SubscriptionObserved`",
            Self::SubscriptionUpdated => "what changed, `SubscriptionObserved`, or `SubscriptionUpdateNotified`",
            Self::SubscriptionUpgraded => "`SubscriptionConverted`",
            Self::TrialConverted => "`TrialConverted`",
            Self::PartnerIdAssociated => "`PartnerObserved`",
            Self::PartnershipCreated => "`PartnerRelationshipCreated`",
            Self::PartnershipRemoved => "`PartnerRelationshipRemoved`",
            Self::Extended => "`ResellerRelationshipExtended`",
            Self::TransferRequested => {
                "`SubscriptionTransferRequested`; `SubscriptionTransferObserved` where the procedure is not shown"
            }
            Self::TransferUpdated => {
                "`SubscriptionTransferObserved`, the step that the status stands for, and `SubscriptionTransferCompleted` for lines that name both ids"
            }
            Self::OutOfScope(why) => why,
            Self::Unrecognised => "kept and reported",
        }
    }

    /// Whether its records are kept rather than read.
    fn is_kept(self) -> bool {
        matches!(self, Self::OutOfScope(_) | Self::Unrecognised)
    }
}

/// An operation of the published list, and what becomes of its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedOperation {
    /// The source's word.
    pub word: &'static str,
    /// The facts that a record states, or why it is kept verbatim.
    pub becomes: &'static str,
    /// Whether records are kept verbatim rather than read.
    pub kept: bool,
}

/// Every published audit operation, in the order of the words.
#[must_use]
pub fn published_operations() -> Vec<PublishedOperation> {
    let told = |(word, reads): &(&'static str, Reads)| PublishedOperation {
        word,
        becomes: reads.becomes(),
        kept: reads.is_kept(),
    };
    OPERATIONS.iter().map(told).collect()
}

/// An operation by the source's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation<'a> {
    /// The word as the record has it.
    pub(super) word: &'a str,
    /// What it is read as.
    pub(super) reads: Reads,
}

/// Finds what an operation is read as, however the word is spelt: ids leave the underscores out.
pub(super) fn of(word: &str) -> Operation<'_> {
    let known = OPERATIONS.iter().find(|(name, _)| alike(name, word));
    Operation { word, reads: known.map_or(Reads::Unrecognised, |(_, reads)| *reads) }
}

/// Whether a resource type is published.
pub(super) fn is_resource_type(word: &str) -> bool {
    RESOURCE_TYPES.iter().any(|name| alike(name, word))
}

/// Whether two words are one but for underscores and case.
pub(super) fn alike(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// The published spelling of an operation, however it is spelt.
pub(crate) fn published_operation(word: &str) -> Option<&'static str> {
    OPERATIONS.iter().find(|(name, _)| alike(name, word)).map(|(name, _)| *name)
}

/// A word without underscores and case, as audit ids write it.
pub(crate) fn bare(word: &str) -> String {
    letters(word).collect()
}

fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase())
}

const USERS: &str = "a user or a licence in the customer's directory, not an access of a partner";
const APPS: &str = "an application of the partner or its credential";
const REFERRALS: &str = "a referral between partners";
const POLICIES: &str = "a purchase policy of the customer";
const DEVICES: &str = "a device or a device policy of the customer";
const MONEY: &str = "an invoice, a credit or a spending limit, not who is billed";
const SOFTWARE: &str = "a download, a key or an attestation of software already bought";
const STAFF: &str = "a user of the partner's own account; no published record shows the groups it is in";
const COMPANY: &str = "an address of the partner's own company";
const QUALIFICATION: &str = "a discount for which the customer qualifies";
const FRAUD: &str = "an alarm about Azure usage";
const MIGRATION: &str =
    "a request to migrate; the new subscription is read from its order and from the migration itself";

/// `undefined`, the source's own word for an unknown operation, is left out on purpose.
const OPERATIONS: &[(&str, Reads)] = &[
    ("add_application_credential", Reads::OutOfScope(APPS)),
    ("add_customer", Reads::CustomerAdded),
    ("add_user_member", Reads::MemberAdded),
    ("azure_fraud_event_detected", Reads::OutOfScope(FRAUD)),
    ("cancel_credit", Reads::OutOfScope(MONEY)),
    ("complete_transfer", Reads::TransferUpdated),
    ("convert_trial_subscription", Reads::TrialConverted),
    ("create_agreement", Reads::Agreement),
    ("create_credit", Reads::OutOfScope(MONEY)),
    ("create_customer_user", Reads::OutOfScope(USERS)),
    ("create_mpn_association", Reads::PartnerIdAssociated),
    ("create_new_commerce_migration", Reads::OutOfScope(MIGRATION)),
    ("create_order", Reads::OrderCreated),
    ("create_partner_relationship", Reads::PartnershipCreated),
    ("create_partner_user", Reads::OutOfScope(STAFF)),
    ("create_referral", Reads::OutOfScope(REFERRALS)),
    ("create_related_referral", Reads::OutOfScope(REFERRALS)),
    ("create_self_serve_policy", Reads::OutOfScope(POLICIES)),
    ("create_transfer", Reads::TransferRequested),
    ("dap_admin_relationship_approved", Reads::DapGranted),
    ("dap_admin_relationship_terminated", Reads::DapTerminated),
    ("dap_admin_relationship_terminated_by_microsoft", Reads::DapTerminatedByMicrosoft),
    ("delete_customer", Reads::Deleted),
    ("delete_customer_user", Reads::OutOfScope(USERS)),
    ("delete_self_serve_policy", Reads::OutOfScope(POLICIES)),
    ("delete_tip_customer", Reads::Deleted),
    ("device_deleted", Reads::OutOfScope(DEVICES)),
    ("device_updated", Reads::OutOfScope(DEVICES)),
    ("devices_update_attempted", Reads::OutOfScope(DEVICES)),
    ("devices_upload_to_existing_batch_attempted", Reads::OutOfScope(DEVICES)),
    ("devices_upload_to_new_batch_attempted", Reads::OutOfScope(DEVICES)),
    ("extend_relationship", Reads::Extended),
    ("fail_transfer", Reads::TransferUpdated),
    ("get_software_download_link", Reads::OutOfScope(SOFTWARE)),
    ("get_software_key", Reads::OutOfScope(SOFTWARE)),
    ("granular_admin_access_assignment_activated", Reads::GranularAssignment(AssignmentStep::Activated)),
    ("granular_admin_access_assignment_created", Reads::GranularAssignment(AssignmentStep::Created)),
    ("granular_admin_access_assignment_deleted", Reads::GranularAssignment(AssignmentStep::Deleted)),
    ("granular_admin_access_assignment_updated", Reads::GranularAssignment(AssignmentStep::Updated)),
    ("granular_admin_relationship_activated", Reads::Granular(Step::Activated)),
    ("granular_admin_relationship_approved", Reads::Granular(Step::Approved)),
    ("granular_admin_relationship_cleaned_up", Reads::Granular(Step::CleanedUp)),
    ("granular_admin_relationship_expired", Reads::Granular(Step::Expired)),
    ("granular_admin_relationship_terminated", Reads::Granular(Step::Terminated)),
    ("granular_admin_relationship_termination_requested", Reads::Granular(Step::TerminationRequested)),
    ("increase_spending_limit", Reads::OutOfScope(MONEY)),
    ("manage_overage", Reads::OutOfScope(MONEY)),
    ("policy_created", Reads::OutOfScope(DEVICES)),
    ("policy_deleted", Reads::OutOfScope(DEVICES)),
    ("policy_updated", Reads::OutOfScope(DEVICES)),
    ("ready_invoice", Reads::OutOfScope(MONEY)),
    ("register_application", Reads::OutOfScope(APPS)),
    ("remove_application_credential", Reads::OutOfScope(APPS)),
    ("remove_partner_customer_relationship", Reads::Removed),
    ("remove_partner_relationship", Reads::PartnershipRemoved),
    ("remove_partner_user", Reads::OutOfScope(STAFF)),
    ("remove_user_member", Reads::MemberRemoved),
    ("reseller_relationship_accepted_by_customer", Reads::Accepted),
    ("reset_customer_user_password", Reads::OutOfScope(USERS)),
    ("restore_customer_user", Reads::OutOfScope(USERS)),
    ("software_attestation", Reads::OutOfScope(SOFTWARE)),
    ("unregister_application", Reads::OutOfScope(APPS)),
    ("update_company_info", Reads::OutOfScope(COMPANY)),
    ("update_credit", Reads::OutOfScope(MONEY)),
    ("update_customer_billing_profile", Reads::ProfileChanged),
    ("update_customer_partner_contract_company_name", Reads::ProfileChanged),
    ("update_customer_qualification", Reads::OutOfScope(QUALIFICATION)),
    ("update_customer_spending_budget", Reads::OutOfScope(MONEY)),
    ("update_customer_user", Reads::OutOfScope(USERS)),
    ("update_customer_user_licenses", Reads::OutOfScope(USERS)),
    ("update_customer_user_principal_name", Reads::OutOfScope(USERS)),
    ("update_mpn_association", Reads::PartnerIdAssociated),
    ("update_order", Reads::OrderUpdated),
    ("update_partner_user", Reads::OutOfScope(STAFF)),
    ("update_referral", Reads::OutOfScope(REFERRALS)),
    ("update_related_referral", Reads::OutOfScope(REFERRALS)),
    ("update_self_serve_policy", Reads::OutOfScope(POLICIES)),
    ("update_sfb_customer_user_licenses", Reads::OutOfScope(USERS)),
    ("update_subscription", Reads::SubscriptionUpdated),
    ("update_transfer", Reads::TransferUpdated),
    ("upgrade_subscription", Reads::SubscriptionUpgraded),
];

const RESOURCE_TYPES: &[&str] = &[
    "agreement",
    "application",
    "application_credential",
    "azure_entitlement",
    "credit",
    "customer",
    "customer_directory_role",
    "customer_user",
    "device",
    "granular_admin_access_assignment",
    "granular_admin_relationship",
    "indirect_provider_indirect_reseller_dap",
    "invoice",
    "license",
    "mpn_association",
    "new_commerce_migration",
    "order",
    "overage",
    "partner_customer_dap",
    "partner_customer_relationship",
    "partner_relationship",
    "partner_user",
    "policy",
    "referral",
    "self_serve_policy",
    "software_download_link",
    "software_key",
    "software_page",
    "spending_limit",
    "subscription",
    "third_party_add_on",
    "transfer",
];

#[cfg(test)]
mod tests;
