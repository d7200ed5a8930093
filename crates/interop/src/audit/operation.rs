//! The published operation and resource types of audit records, and what each is read as.

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
    /// Published, and nothing this ledger answers for.
    OutOfScope,
    /// Not published.
    Unrecognised,
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

/// `undefined`, the source's own word for an unknown operation, is left out on purpose.
const OPERATIONS: &[(&str, Reads)] = &[
    ("add_application_credential", Reads::OutOfScope),
    ("add_customer", Reads::CustomerAdded),
    ("add_user_member", Reads::OutOfScope),
    ("azure_fraud_event_detected", Reads::OutOfScope),
    ("cancel_credit", Reads::OutOfScope),
    ("complete_transfer", Reads::OutOfScope),
    ("convert_trial_subscription", Reads::TrialConverted),
    ("create_agreement", Reads::Agreement),
    ("create_credit", Reads::OutOfScope),
    ("create_customer_user", Reads::OutOfScope),
    ("create_mpn_association", Reads::PartnerIdAssociated),
    ("create_new_commerce_migration", Reads::OutOfScope),
    ("create_order", Reads::OrderCreated),
    ("create_partner_relationship", Reads::PartnershipCreated),
    ("create_partner_user", Reads::OutOfScope),
    ("create_referral", Reads::OutOfScope),
    ("create_related_referral", Reads::OutOfScope),
    ("create_self_serve_policy", Reads::OutOfScope),
    ("create_transfer", Reads::OutOfScope),
    ("dap_admin_relationship_approved", Reads::DapGranted),
    ("dap_admin_relationship_terminated", Reads::DapTerminated),
    ("dap_admin_relationship_terminated_by_microsoft", Reads::DapTerminatedByMicrosoft),
    ("delete_customer", Reads::Deleted),
    ("delete_customer_user", Reads::OutOfScope),
    ("delete_self_serve_policy", Reads::OutOfScope),
    ("delete_tip_customer", Reads::Deleted),
    ("device_deleted", Reads::OutOfScope),
    ("device_updated", Reads::OutOfScope),
    ("devices_update_attempted", Reads::OutOfScope),
    ("devices_upload_to_existing_batch_attempted", Reads::OutOfScope),
    ("devices_upload_to_new_batch_attempted", Reads::OutOfScope),
    ("extend_relationship", Reads::OutOfScope),
    ("fail_transfer", Reads::OutOfScope),
    ("get_software_download_link", Reads::OutOfScope),
    ("get_software_key", Reads::OutOfScope),
    ("granular_admin_access_assignment_activated", Reads::OutOfScope),
    ("granular_admin_access_assignment_created", Reads::OutOfScope),
    ("granular_admin_access_assignment_deleted", Reads::OutOfScope),
    ("granular_admin_access_assignment_updated", Reads::OutOfScope),
    ("granular_admin_relationship_activated", Reads::OutOfScope),
    ("granular_admin_relationship_approved", Reads::OutOfScope),
    ("granular_admin_relationship_cleaned_up", Reads::OutOfScope),
    ("granular_admin_relationship_expired", Reads::OutOfScope),
    ("granular_admin_relationship_terminated", Reads::OutOfScope),
    ("granular_admin_relationship_termination_requested", Reads::OutOfScope),
    ("increase_spending_limit", Reads::OutOfScope),
    ("manage_overage", Reads::OutOfScope),
    ("policy_created", Reads::OutOfScope),
    ("policy_deleted", Reads::OutOfScope),
    ("policy_updated", Reads::OutOfScope),
    ("ready_invoice", Reads::OutOfScope),
    ("register_application", Reads::OutOfScope),
    ("remove_application_credential", Reads::OutOfScope),
    ("remove_partner_customer_relationship", Reads::Removed),
    ("remove_partner_relationship", Reads::PartnershipRemoved),
    ("remove_partner_user", Reads::OutOfScope),
    ("remove_user_member", Reads::OutOfScope),
    ("reseller_relationship_accepted_by_customer", Reads::Accepted),
    ("reset_customer_user_password", Reads::OutOfScope),
    ("restore_customer_user", Reads::OutOfScope),
    ("software_attestation", Reads::OutOfScope),
    ("unregister_application", Reads::OutOfScope),
    ("update_company_info", Reads::OutOfScope),
    ("update_credit", Reads::OutOfScope),
    ("update_customer_billing_profile", Reads::ProfileChanged),
    ("update_customer_partner_contract_company_name", Reads::ProfileChanged),
    ("update_customer_qualification", Reads::OutOfScope),
    ("update_customer_spending_budget", Reads::OutOfScope),
    ("update_customer_user", Reads::OutOfScope),
    ("update_customer_user_licenses", Reads::OutOfScope),
    ("update_customer_user_principal_name", Reads::OutOfScope),
    ("update_mpn_association", Reads::PartnerIdAssociated),
    ("update_order", Reads::OrderUpdated),
    ("update_partner_user", Reads::OutOfScope),
    ("update_referral", Reads::OutOfScope),
    ("update_related_referral", Reads::OutOfScope),
    ("update_self_serve_policy", Reads::OutOfScope),
    ("update_sfb_customer_user_licenses", Reads::OutOfScope),
    ("update_subscription", Reads::SubscriptionUpdated),
    ("update_transfer", Reads::OutOfScope),
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
