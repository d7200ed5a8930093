//! Rules of the family T.

use super::{Rule, holds, refuses};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    refuses(
        "T-1",
        "the_source_asks_in_the_legacy_families_and_the_target_in_new_commerce",
        "The source asks for a legacy transfer, the target for a new-commerce one, and only who asked takes it back.",
    ),
    refuses(
        "T-2",
        "the_target_is_a_reseller_of_the_customer_who_transacts",
        "The target of a transfer has a reseller relationship with the customer and is a kind of partner that owns subscriptions.",
    ),
    refuses("T-3", "source_and_target_are_two_partners", "Source and target of a transfer are two partners."),
    refuses(
        "T-4",
        "a_subscription_is_in_one_open_transfer_only",
        "A subscription is a line of one open transfer at a time, and stands in it once.",
    ),
    refuses(
        "T-5",
        "only_active_subscriptions_of_the_source_are_transferred",
        "Only active subscriptions that the source owns are transferred.",
    ),
    refuses(
        "T-6",
        "source_target_and_customer_share_a_region_as_far_as_known",
        "Source, target and customer are in the same region, as far as their markets are known.",
    ),
    refuses(
        "T-7",
        "a_new_commerce_transfer_moves_a_limited_number_of_items",
        "A new-commerce transfer moves twenty-five subscriptions at most, not counting add-ons that travel along.",
    ),
    refuses(
        "T-8",
        "only_the_counterparty_answers",
        "Only the counterparty accepts or declines; a change of provider by hand is agreed to by three signatures.",
    ),
    refuses(
        "T-9",
        "what_has_ended_is_not_answered_and_not_taken_back",
        "A transfer that has come to its end is neither answered nor taken back.",
    ),
    refuses(
        "T-10",
        "what_is_being_carried_out_is_not_answered_again",
        "A transfer that was accepted and is being carried out is not answered a second time.",
    ),
    holds(
        "T-11",
        "a_new_commerce_request_expires_after_the_days_of_the_policy",
        "A new-commerce request that nobody answers for thirty days is expired without any event, and cannot be taken back.",
    ),
    refuses(
        "T-12",
        "a_new_commerce_transfer_is_taken_back_only_while_it_is_pending",
        "The target takes a new-commerce transfer back only while it is pending.",
    ),
    refuses(
        "T-13",
        "a_completion_moves_owner_and_reseller_of_record_and_gives_legacy_a_new_id",
        "A completion gives the target the ownership and the reseller of record it named; a legacy subscription gets a new id and its old one ends with the source.",
    ),
    holds(
        "T-14",
        "a_completion_changes_no_access",
        "A completion changes neither delegated access nor Azure roles nor partner admin links, so that the previous partner may still administer; a finding says so.",
    ),
    refuses(
        "T-15",
        "w6_a_new_commerce_transfer_splits_the_bill_after_its_day",
        "The source is billed through the day of the transfer, the target from the next day on.",
    ),
    refuses(
        "T-16",
        "w5_a_transfer_may_succeed_for_one_line_and_fail_for_another",
        "A transfer may succeed for some lines and fail for others, and the outcome of every line is recorded.",
    ),
    refuses(
        "T-17",
        "each_family_moves_its_own_products",
        "Legacy transfers move legacy products, new-commerce ones licences, Azure plans and reservations where the cloud offers it, and marketplace products only what passed the eligibility check.",
    ),
    refuses(
        "T-18",
        "one_inactive_item_fails_the_whole_acceptance",
        "One selected subscription that is not active fails the whole acceptance.",
    ),
    refuses(
        "T-19",
        "a_provider_names_its_reseller",
        "A target that is an indirect provider names the partner ID of its reseller.",
    ),
    refuses(
        "T-20",
        "an_azure_plan_transfer_needs_a_plan_and_an_agreement_with_the_target",
        "An Azure-plan transfer needs an active Azure plan of the customer with the target, and an agreement that holds for the target.",
    ),
];
