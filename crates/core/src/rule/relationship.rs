//! Rules of the families S, R, M, D and I.

use super::{Rule, holds, refuses};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    holds(
        "S-1",
        "relationship_events_anywhere_leave_the_subscriptions_as_they_are",
        "A relationship event, wherever it stands in a history, leaves every field of every subscription as it is.",
    ),
    refuses(
        "S-2",
        "a_relationship_command_cannot_carry_a_subscription",
        "A relationship command that names a change of a subscription is refused.",
    ),
    refuses(
        "S-3",
        "only_the_owner_changes_a_subscription",
        "A reseller may not change a subscription that another partner owns.",
    ),
    holds(
        "S-4",
        "no_command_moves_a_subscription_by_a_relationship_and_none_panics",
        "Asking for, accepting or extending access under a relationship leaves the owner of every subscription as it is.",
    ),
    holds(
        "S-5",
        "only_a_purchase_a_completed_transfer_or_a_source_says_who_owns_a_subscription",
        "Only a purchase, a completed transfer or a source that shows it says who owns a subscription.",
    ),
    holds(
        "S-6",
        "access_and_support_end_with_the_relationship_and_subscriptions_do_not",
        "When a relationship ends, what the partner sold stays with it in its last state.",
    ),
    refuses(
        "S-7",
        "account_ownership_is_nothing_a_relationship_carries",
        "The ownership of the customer's account is nothing that a relationship command may carry.",
    ),
    holds(
        "S-8",
        "every_event_changes_only_its_columns",
        "Terms, price terms, billing cycle, windows, scheduled changes and agreement of a subscription are the same before and after a relationship event.",
    ),
    holds(
        "S-9",
        "w2_without_dap_the_first_partner_still_sells_and_supports",
        "What the customer owes to one partner does not change when another partner comes or goes, or when access is removed.",
    ),
    holds(
        "S-10",
        "relationship_events_anywhere_leave_the_subscriptions_as_they_are",
        "Every kind of partner of record of a subscription is the same before and after a relationship event.",
    ),
    refuses(
        "S-11",
        "a_partner_of_record_is_nothing_a_relationship_carries",
        "A partner of record cannot be changed as part of a relationship command.",
    ),
    holds(
        "S-12",
        "a_transfer_leaves_quantity_term_billing_and_commitment_as_they_are",
        "A transfer, unlike a relationship, does change the owner, and leaves quantity, term and billing as they are.",
    ),
    holds(
        "S-13",
        "w4_a_relationship_ends_when_nothing_active_is_left",
        "Removing a relationship looks at subscriptions and changes none.",
    ),
    holds(
        "S-14",
        "relationship_events_alone_make_no_subscription",
        "Relationship events alone make no subscription, and subscription events alone make no reseller and no access.",
    ),
    refuses(
        "R-1",
        "a_suspended_partner_cannot_begin_anything",
        "A partner whose account is suspended cannot request a relationship or create a customer; existing relationships stay valid.",
    ),
    refuses(
        "R-2",
        "a_joint_acceptance_makes_two_relationships_or_none",
        "An indirect reseller reaches customers through its provider: by the provider's invitation in China, elsewhere by a joint link that makes two relationships or none.",
    ),
    refuses(
        "R-2b",
        "an_indirect_reseller_does_not_create_customers",
        "An indirect reseller does not create customers.",
    ),
    refuses(
        "R-3",
        "without_an_open_link_nothing_is_accepted",
        "Without an open link of the partner there is nothing to accept.",
    ),
    holds(
        "R-4",
        "a_link_serves_any_number_of_customers",
        "A link is not used up by an acceptance and serves any number of customers.",
    ),
    refuses(
        "R-5",
        "only_a_global_administrator_accepts",
        "Only a global administrator of the customer accepts a relationship or grants access.",
    ),
    refuses(
        "R-6",
        "tenants_for_external_identities_are_not_supported",
        "A tenant for consumer or external identities cannot have a reseller relationship.",
    ),
    refuses(
        "R-7",
        "partner_and_customer_share_a_market_as_far_as_known",
        "Partner and customer are in the same market, unless an indirect reseller's link carries the provider.",
    ),
    refuses(
        "R-8",
        "the_tenant_a_partner_transacts_with_does_not_buy_from_another",
        "The tenant in which a partner transacts does not buy from another partner; its separate corporate tenant may.",
    ),
    refuses("R-9", "a_partner_is_not_its_own_customer", "A partner is not its own customer."),
    refuses(
        "R-10",
        "a_relationship_is_established_once",
        "Accepting again what stands makes no second relationship; the cloud says whether it is confirmed or refused.",
    ),
    holds(
        "R-11",
        "a_further_partner_leaves_the_others_as_they_are",
        "A further partner joins the resellers of a customer and leaves the others as they are.",
    ),
    refuses(
        "R-12",
        "a_service_has_one_transacting_partner_with_dap",
        "Where access is granted per service, one transacting partner has it for a service.",
    ),
    refuses(
        "R-13",
        "dap_is_not_offered_worldwide_any_more",
        "Worldwide, delegated administration privileges are not offered from 2023-10-09 on.",
    ),
    refuses(
        "R-14",
        "a_single_partner_cloud_has_one_transacting_partner",
        "In the US Government cloud a customer has one transacting partner, and a relationship includes access.",
    ),
    refuses(
        "R-15",
        "creating_a_customer_establishes_the_relationship",
        "Creating a customer establishes the relationship in the same decision.",
    ),
    holds(
        "R-16",
        "a_relationship_does_not_wait_for_the_agreement",
        "A relationship does not wait for the customer agreement; the first purchase does.",
    ),
    refuses(
        "R-17",
        "a_relationship_is_extended_after_enrolment_to_a_provider_of_the_partner",
        "A direct-bill partner who becomes an indirect reseller may extend a relationship to its provider, without access and without moving a subscription.",
    ),
    refuses(
        "M-1",
        "active_subscriptions_of_the_partner_stand_in_the_way",
        "A relationship is not removed while the partner itself has active subscriptions of the customer.",
    ),
    holds(
        "M-2",
        "a_suspended_legacy_subscription_does_not_stand_in_the_way",
        "Suspended legacy subscriptions do not stand in the way of a removal.",
    ),
    refuses(
        "M-3",
        "new_commerce_must_have_ended_where_the_cloud_says_so",
        "Where the cloud says so, suspended new-commerce subscriptions must be cancelled or over before a removal.",
    ),
    refuses(
        "M-4",
        "reservations_are_cancelled_before_the_relationship_ends",
        "Azure reservations are cancelled before the relationship is removed.",
    ),
    refuses(
        "M-5",
        "software_purchases_are_cancelled_before_the_relationship_ends",
        "Software purchases are cancelled before the relationship is removed.",
    ),
    refuses(
        "M-6",
        "an_indirect_reseller_asks_its_provider_to_remove",
        "An indirect reseller does not remove a relationship; its provider does.",
    ),
    refuses(
        "M-7",
        "the_cloud_says_which_roles_remove_relationships",
        "A relationship is removed in one of the roles that the cloud names.",
    ),
    refuses(
        "M-8",
        "removal_needs_a_signed_in_user_of_the_partner",
        "Removing a relationship needs a signed-in user of the partner.",
    ),
    holds(
        "M-9",
        "access_and_support_end_with_the_relationship_and_subscriptions_do_not",
        "With the relationship end the partner's delegated access and support contacts; subscriptions and Azure roles stay.",
    ),
    refuses(
        "M-10",
        "after_removal_the_partner_sells_nothing_more",
        "After the removal the partner sells nothing more to the customer.",
    ),
    refuses("M-11", "only_a_reseller_is_removed_and_only_once", "A relationship that does not stand is not removed."),
    holds(
        "M-12",
        "a_relationship_established_again_is_another_generation",
        "A relationship established again is another generation, and the earlier one stays on record.",
    ),
    holds(
        "D-1",
        "removing_dap_leaves_the_relationship",
        "Removing delegated access leaves the reseller relationship as it is.",
    ),
    refuses("D-2", "dap_needs_a_reseller_relationship", "Granting delegated access needs a relationship."),
    refuses("D-3", "only_what_is_granted_is_removed", "Delegated access that is not there is not removed."),
    refuses(
        "D-4",
        "dap_is_for_the_tenant_where_the_cloud_says_so",
        "Delegated access means global and helpdesk administrator for the partner's two agent groups, on all that it covers; no single role can be given or taken.",
    ),
    refuses(
        "D-5",
        "dap_in_use_does_not_end_for_inactivity",
        "Only Microsoft ends delegated access for inactivity, and only when the last sign-in is older than the cloud's days.",
    ),
    refuses(
        "D-6",
        "w10_microsoft_leads_a_transition_once_and_dap_ends_after_its_days",
        "A Microsoft-led transition puts granular access beside the delegated one and ends the latter thirty days later.",
    ),
    holds(
        "D-7",
        "azure_roles_outlive_dap",
        "Removing delegated access removes no Azure role; only an event of its own does.",
    ),
    refuses(
        "I-1",
        "a_line_names_a_reseller_of_the_provider",
        "A reseller named on an order or a customer has an active partnership with the provider at that instant.",
    ),
    refuses(
        "I-2",
        "a_reseller_of_record_is_a_reseller_of_the_provider",
        "A provider does not name itself as the reseller.",
    ),
    refuses(
        "I-3",
        "the_reseller_accepts_what_it_was_invited_to",
        "A partner named as reseller is an indirect reseller with an active account.",
    ),
    refuses(
        "I-4",
        "a_reseller_in_a_partnership_has_accepted_its_agreement",
        "A partner named as reseller has accepted the Microsoft Partner Agreement.",
    ),
    holds(
        "I-5",
        "a_line_without_reseller_is_accepted_and_says_nobody",
        "A provider's order without a reseller is accepted, and the purchase says nobody.",
    ),
    refuses(
        "I-6",
        "a_one_time_purchase_keeps_its_partner_of_record",
        "The reseller of record changes only where the product allows it.",
    ),
    holds(
        "I-7",
        "ending_a_partnership_touches_no_customer",
        "Ending a partnership changes neither customers nor access nor subscriptions.",
    ),
    refuses(
        "I-8",
        "only_an_indirect_provider_associates_a_reseller",
        "Only an indirect provider associates a reseller with a customer.",
    ),
    refuses(
        "I-9",
        "five_additional_sellers_at_most_and_only_in_europe",
        "A line has five additional sellers at most, and only in Europe.",
    ),
    refuses(
        "I-10",
        "only_the_customer_sets_the_digital_partner_of_record",
        "The digital partner of record is set by the customer, not by a delegated administrator.",
    ),
    holds(
        "I-11",
        "a_new_digital_partner_of_record_replaces_the_old_one",
        "A subscription has one digital partner of record at a time, and one claiming partner of record for a workload; a new one replaces the old, and claims that stand beside an approved one are a finding.",
    ),
    holds(
        "I-12",
        "linking_a_partner_id_needs_no_access_and_gives_none",
        "Linking a partner ID changes no permission and needs none.",
    ),
    refuses(
        "I-13",
        "a_support_contact_is_the_owner_or_a_reseller",
        "A support contact is a partner with a relationship, or the owner.",
    ),
];
