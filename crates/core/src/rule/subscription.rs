//! Rules of the families B and U.

use super::{Kept, Rule};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "B-1",
        sentence: "An order needs a customer agreement that is attested or accepted.",
        kept: Kept::Refuses,
        test: "an_order_needs_a_customer_agreement",
    },
    Rule {
        id: "B-2",
        sentence: "An order needs a reseller relationship between the ordering partner and the customer.",
        kept: Kept::Refuses,
        test: "an_order_needs_a_reseller_relationship",
    },
    Rule {
        id: "B-3",
        sentence: "An agreement cannot have been made on a day to come.",
        kept: Kept::Refuses,
        test: "an_agreement_is_not_made_in_the_future",
    },
    Rule {
        id: "B-4",
        sentence: "Only a person of a direct-bill partner or an indirect provider attests a customer agreement.",
        kept: Kept::Refuses,
        test: "an_agreement_is_attested_by_a_person_of_a_transacting_partner",
    },
    Rule {
        id: "B-5",
        sentence: "An agreement of the same type that holds already is not confirmed a second time.",
        kept: Kept::Refuses,
        test: "a_second_confirmation_of_the_same_type_is_refused",
    },
    Rule {
        id: "B-6",
        sentence: "A partner who has not accepted the Microsoft Partner Agreement, or whose programme is not active, places no orders.",
        kept: Kept::Refuses,
        test: "a_partner_without_the_partner_agreement_places_no_orders",
    },
    Rule {
        id: "B-7",
        sentence: "A product is sold only in its markets.",
        kept: Kept::Refuses,
        test: "a_product_is_sold_only_in_its_markets",
    },
    Rule {
        id: "B-8",
        sentence: "A customer whose account is under review, rejected or locked buys nothing.",
        kept: Kept::Refuses,
        test: "a_customer_whose_account_is_not_in_order_buys_nothing",
    },
    Rule {
        id: "B-9",
        sentence: "A quantity stays within what the product is sold in.",
        kept: Kept::Refuses,
        test: "a_quantity_stays_within_what_the_product_is_sold_in",
    },
    Rule {
        id: "B-10",
        sentence: "Quantity, status and term of a trial do not change; it is converted to a paid subscription.",
        kept: Kept::Refuses,
        test: "neither_quantity_nor_status_of_a_trial_changes",
    },
    Rule {
        id: "B-11",
        sentence: "An agreement attested by one partner does not hold for another, one that the customer accepted directly does.",
        kept: Kept::Refuses,
        test: "an_attested_agreement_does_not_hold_for_another_partner",
    },
    Rule {
        id: "U-1",
        sentence: "A new-commerce subscription is cancelled only within the window after its purchase or renewal.",
        kept: Kept::Refuses,
        test: "a_new_commerce_subscription_is_cancelled_within_seven_days",
    },
    Rule {
        id: "U-2",
        sentence: "New-commerce seats are taken away only within the window of those seats.",
        kept: Kept::Refuses,
        test: "new_commerce_seats_are_taken_away_only_in_their_window",
    },
    Rule {
        id: "U-3",
        sentence: "While a subscription is suspended its seats and terms do not change.",
        kept: Kept::Refuses,
        test: "seats_stay_while_suspended",
    },
    Rule {
        id: "U-4",
        sentence: "What is deleted is not changed.",
        kept: Kept::Refuses,
        test: "what_is_deleted_is_not_changed",
    },
    Rule {
        id: "U-5",
        sentence: "A replacement names the version that was read, and a stale one is refused.",
        kept: Kept::Refuses,
        test: "a_replacement_of_another_version_is_refused",
    },
    Rule {
        id: "U-6",
        sentence: "The billing cycle of an active subscription changes by an order update only.",
        kept: Kept::Refuses,
        test: "billing_changes_by_an_order_update_only",
    },
    Rule {
        id: "U-7",
        sentence: "A running term is only made longer.",
        kept: Kept::Refuses,
        test: "a_running_term_is_only_made_longer",
    },
    Rule {
        id: "U-8",
        sentence: "A bill covers no more than the term.",
        kept: Kept::Refuses,
        test: "an_order_is_not_billed_for_longer_than_its_term",
    },
    Rule {
        id: "U-9",
        sentence: "A pending operation blocks every other for the hours that the policy sets.",
        kept: Kept::Refuses,
        test: "a_pending_operation_blocks_for_a_day",
    },
    Rule {
        id: "U-10",
        sentence: "A subscription receives a limited number of updates.",
        kept: Kept::Refuses,
        test: "a_subscription_receives_a_limited_number_of_updates",
    },
    Rule {
        id: "U-11",
        sentence: "An add-on is bought or reactivated only under an active base.",
        kept: Kept::Refuses,
        test: "an_add_on_is_not_reactivated_under_an_inactive_base",
    },
    Rule {
        id: "U-12",
        sentence: "Only an active subscription is converted, and only into a target that fits.",
        kept: Kept::Refuses,
        test: "an_existing_target_must_fit",
    },
    Rule {
        id: "U-13",
        sentence: "Where the cloud asks for it, an upgrade needs delegated administration for the service and a target that the customer does not own.",
        kept: Kept::Refuses,
        test: "an_upgrade_in_21vianet_needs_dap_for_the_service",
    },
    Rule {
        id: "U-14",
        sentence: "A transition with the users' licences needs a partner who may write the customer's directory.",
        kept: Kept::Refuses,
        test: "licences_move_only_with_a_partner_who_may_write_the_directory",
    },
    Rule {
        id: "U-15",
        sentence: "A suspension switches automatic renewal off, forgets the scheduled next term, and takes the add-ons of a legacy base with it.",
        kept: Kept::Holds,
        test: "suspending_switches_renewal_off_and_forgets_the_next_term",
    },
    Rule {
        id: "U-16",
        sentence: "Only what is suspended and still in its term is reactivated.",
        kept: Kept::Refuses,
        test: "only_what_is_suspended_and_in_its_term_is_reactivated",
    },
    Rule {
        id: "U-17",
        sentence: "The states that follow the end of a term or a long suspension are computed for the instant asked about, without any event.",
        kept: Kept::Holds,
        test: "what_is_not_renewed_expires_then_is_disabled_then_deleted",
    },
    Rule {
        id: "U-18",
        sentence: "A renewal happens the day after the inclusive end of the commitment and opens a new window.",
        kept: Kept::Refuses,
        test: "a_renewal_begins_the_day_after_the_term_and_opens_a_window",
    },
    Rule {
        id: "U-19",
        sentence: "What a replacement leaves out is reset, and the reset is an event of its own.",
        kept: Kept::Holds,
        test: "what_a_replacement_leaves_out_is_reset_by_an_event",
    },
    Rule {
        id: "U-20",
        sentence: "An Azure plan is not suspended while Azure subscriptions below it are active.",
        kept: Kept::NotDecidable("no source that is read tells the states of the Azure subscriptions below a plan"),
        test: "",
    },
    Rule {
        id: "U-21",
        sentence: "An Azure plan or reservation is cancelled through support only.",
        kept: Kept::Refuses,
        test: "azure_plans_and_reservations_are_cancelled_by_support_only",
    },
];
