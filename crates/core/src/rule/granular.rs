//! Rules of the families G and A.

use super::{Kept, Rule, holds, refuses};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    refuses(
        "G-1",
        "a_name_has_one_to_fifty_characters",
        "A granular relationship, where the cloud has them, is made by the partner or its provider and has a name of 1 to 50 characters.",
    ),
    refuses(
        "G-2",
        "a_name_is_unique_among_the_partners_relationships_that_are_shown",
        "The name is unique among the relationships of the partner that Microsoft still shows.",
    ),
    holds(
        "G-3",
        "two_partners_may_use_the_same_name",
        "Different partners may use the same name, for the same customer too.",
    ),
    refuses("G-4", "a_duration_is_from_a_day_to_two_years", "A granular relationship runs from one day to two years."),
    refuses("G-5", "roles_are_entra_built_in_roles", "Its roles are Entra built-in roles, at least one."),
    refuses("G-6", "it_is_extended_by_180_days_or_not_at_all", "It is extended by 180 days or not at all."),
    refuses(
        "G-7",
        "global_administrator_and_extension_exclude_each_other",
        "It is not extended while it holds Global Administrator.",
    ),
    refuses(
        "G-8",
        "what_is_locked_is_not_edited",
        "Name, duration, customer and roles change only before it is locked.",
    ),
    refuses(
        "G-9",
        "the_extension_is_switched_while_created_or_active",
        "Its extension is switched only while it is created or active.",
    ),
    refuses("G-10", "only_what_is_not_locked_is_deleted", "It is deleted only before it is locked."),
    refuses(
        "G-11",
        "a_change_names_the_version_that_was_read",
        "A change names the version that was read, and a stale one is refused.",
    ),
    refuses(
        "G-12",
        "it_is_locked_once_and_approved_once_locked",
        "It is locked once, and approved only once it is locked.",
    ),
    refuses(
        "G-13",
        "only_the_customer_approves_and_the_reseller_only_its_own",
        "Only a global administrator of the customer approves it, and only the reseller one that its provider made; implied and Microsoft-led approvals come by import.",
    ),
    refuses(
        "G-14",
        "an_unanswered_request_is_gone_after_ninety_days",
        "A request that is not answered within the cloud's days is gone.",
    ),
    refuses("G-15", "either_side_ends_what_is_active", "Either side may end it while it is active, and nobody else."),
    refuses(
        "G-16",
        "global_administrator_is_taken_out_of_an_active_relationship",
        "Global Administrator is taken out of an active relationship that holds it.",
    ),
    refuses("G-17", "an_active_relationship_gets_no_further_roles", "An active relationship gets no further roles."),
    refuses(
        "G-18",
        "w9_it_goes_on_by_180_days_or_ends_without_any_event",
        "At its end it goes on by its extension or has expired, from that instant on and without any event.",
    ),
    refuses(
        "G-19",
        "it_comes_into_force_once_and_its_end_follows",
        "It comes into force once, as provisioning says, and its end follows from its duration.",
    ),
    refuses(
        "G-20",
        "the_link_of_a_relationship_is_used_once",
        "The link of a granular relationship is used up by one customer.",
    ),
    refuses(
        "G-21",
        "the_customer_is_the_one_it_is_made_for_or_the_one_who_approves",
        "The customer is the one it was made for, the one who approves, or else the one under whom a source shows it.",
    ),
    Rule {
        id: "G-22",
        sentence: "More than 25 relationships are not changed at once in the portal.",
        kept: Kept::NotDecidable(
            "the portal changes many relationships at once and limits that; a command of this ledger names one",
        ),
        test: "",
    },
    holds(
        "G-23",
        "relationship_events_anywhere_leave_the_subscriptions_as_they_are",
        "Its end changes neither the reseller relationship nor a subscription.",
    ),
    holds(
        "G-24",
        "what_microsoft_no_longer_shows_stays_in_the_ledger",
        "What Microsoft no longer shows stays in the ledger and answers for the past.",
    ),
    holds(
        "G-25",
        "a_granular_relationship_needs_no_reseller_relationship",
        "It may exist without a reseller relationship, and is then pointed out.",
    ),
    refuses(
        "A-1",
        "roles_are_assigned_while_the_relationship_is_in_force",
        "Roles are assigned only while the relationship is active or being activated.",
    ),
    refuses(
        "A-2",
        "an_assignment_gives_roles_of_its_relationship",
        "An assignment gives roles of its relationship and no others.",
    ),
    refuses("A-3", "only_security_groups_are_assigned", "Roles are assigned to security groups only."),
    refuses("A-4", "a_group_has_one_live_assignment", "A group has one live assignment in a relationship."),
    holds(
        "A-5",
        "the_same_roles_again_are_no_event",
        "A change replaces all roles, and the same roles again are no event.",
    ),
    refuses(
        "A-6",
        "a_change_of_an_assignment_names_its_version",
        "A change of an assignment names the version that was read.",
    ),
    refuses("A-7", "the_group_of_an_assignment_stays", "The group of an assignment does not change."),
    holds(
        "A-8",
        "an_assignment_ends_with_its_relationship",
        "When the relationship is no longer active, none of its assignments is effective.",
    ),
    refuses(
        "A-9",
        "a_user_has_access_through_a_group_an_assignment_and_a_relationship",
        "A user has access while in a group with an active assignment of an active relationship.",
    ),
];
