//! Grounds on transfers (family T).

use super::grounds;
use crate::refusal::Upstream;

const fn upstream(status: u16, code: u32) -> Option<Upstream> {
    Some(Upstream { status, code })
}

grounds! {
    /// Somebody else than the partner who may ask for a transfer asks for it, or takes it back.
    WRONG_INITIATOR = "T-1", "wrong_initiator", None,
        "the source asks for a legacy transfer and the target for a new-commerce one; only who asks may take it back";
    /// The target is not a reseller of the customer.
    NO_RELATIONSHIP_AT_TARGET = "T-2", "no_reseller_relationship", upstream(403, 20_002),
        "the target has no reseller relationship with the customer; have the customer accept its link first";
    /// The target is a kind of partner that owns no subscriptions.
    TARGET_DOES_NOT_TRANSACT = "T-2", "target_does_not_transact", None,
        "only a direct-bill partner or an indirect provider takes subscriptions over; an indirect reseller does it through its provider";
    /// A transfer of a partner to itself.
    SOURCE_EQUALS_TARGET = "T-3", "source_equals_target", upstream(400, 900_148),
        "source and target are the same partner";
    /// The id belongs to another transfer.
    TRANSFER_ALREADY_EXISTS = "T-4", "transfer_already_exists", None,
        "a transfer of this id is on record; use a new id for a new transfer";
    /// One subscription stands in two lines.
    LINE_STANDS_TWICE = "T-4", "line_stands_twice", None,
        "a subscription stands in one line of a transfer only";
    /// The subscription is a line of another open transfer.
    IN_ANOTHER_TRANSFER = "T-4", "in_another_transfer", upstream(409, 900_101),
        "the subscription is part of another transfer that has not ended; wait for its end or have it withdrawn";
    /// A transfer of nothing.
    TRANSFER_HAS_NO_LINES = "T-5", "transfer_has_no_lines", None,
        "name at least one subscription";
    /// The source does not own what is to be transferred.
    SOURCE_DOES_NOT_OWN_SUBSCRIPTION = "T-5", "source_does_not_own_subscription", upstream(400, 800_078),
        "the source of the transfer does not own the subscription";
    /// The subscription is not active, or the eligibility check said no.
    SUBSCRIPTION_NOT_ELIGIBLE = "T-5", "subscription_not_eligible", upstream(400, 800_078),
        "only an active subscription that the eligibility check lets through can be transferred";
    /// Source and target, or target and customer, are in different regions.
    REGION_MISMATCH = "T-6", "region_mismatch", None,
        "source, target and customer must be in the same region";
    /// More subscriptions than one transfer may move.
    TOO_MANY_ITEMS = "T-7", "too_many_items", None,
        "one transfer moves a limited number of subscriptions; make another one for the rest";
    /// Somebody else than the counterparty answers.
    WRONG_ACCEPTOR = "T-8", "wrong_acceptor", None,
        "the target answers a legacy transfer and the source a new-commerce one";
    /// A change of provider by hand is answered by its signatures alone.
    ACCEPTED_BY_SIGNATURE = "T-8", "accepted_by_signature", None,
        "a change of provider by hand is agreed to by three signatures; nobody accepts or declines it here";
    /// A signature on the form is missing.
    SIGNATURES_MISSING = "T-8", "signatures_missing", None,
        "a change of provider by hand is signed by the customer, the current partner and the new partner";
    /// A selection where the request is accepted as a whole.
    ITEMS_CANNOT_BE_SELECTED = "T-8", "items_cannot_be_selected", None,
        "a legacy transfer is accepted as it was asked for; decline it and have another one made for fewer lines";
    /// A completion of what nobody accepted.
    TRANSFER_NOT_ACCEPTED = "T-8", "transfer_not_accepted", None,
        "the transfer has not been accepted, so it cannot be carried out";
    /// No such transfer of this customer.
    TRANSFER_NOT_FOUND = "T-9", "transfer_not_found", upstream(404, 900_100),
        "the customer has no transfer of this id on record";
    /// The transfer has come to its end.
    TRANSFER_HAS_ENDED = "T-9", "transfer_has_ended", upstream(400, 900_102),
        "the transfer has come to its end and can be neither answered nor taken back";
    /// Too little is known of the transfer to act on it.
    TRANSFER_NOT_KNOWN = "L-11", "transfer_not_known", None,
        "no source says what the field of the transfer is; import the transfer first";
    /// The transfer was accepted and is being carried out.
    TRANSFER_IN_PROCESSING = "T-10", "transfer_in_processing", upstream(409, 900_104),
        "the transfer has been accepted and is being carried out";
    /// A new-commerce transfer is taken back after it was accepted.
    NOT_CANCELLABLE = "T-12", "not_cancellable", None,
        "a new-commerce transfer can be taken back only while it is pending";
    /// Somebody else than Microsoft or this ledger says how a transfer was carried out.
    ONLY_MICROSOFT_COMPLETES = "T-13", "only_microsoft_may", None,
        "only Microsoft carries a transfer out; Microsoft or this ledger records how";
    /// A legacy line that moved names no new id.
    NEW_SUBSCRIPTION_REQUIRED = "T-13", "new_subscription_required", None,
        "a legacy transfer gives the subscription a new id; state it";
    /// A line that moved names another entitlement than the subscription has.
    ENTITLEMENT_CHANGED = "T-13", "entitlement_changed", None,
        "the Azure subscription behind a subscription stays the same when it is transferred";
    /// A reactivation of what lives on elsewhere.
    SUBSCRIPTION_TRANSFERRED = "T-13", "subscription_transferred", None,
        "the subscription was transferred to another partner and lives on under another id";
    /// A split of the bill outside the days of the transfer.
    BILLING_SPLIT_OUT_OF_RANGE = "T-15", "billing_split_out_of_range", None,
        "the last day that the source is billed for lies between the acceptance and the completion";
    /// An outcome that does not fit the lines.
    OUTCOME_OF_EVERY_LINE = "T-16", "outcome_of_every_line", None,
        "state once for every open line of the transfer, and for no other, whether it moved";
    /// New-commerce licences do not move between partners, here or yet.
    TRANSFER_NOT_OFFERED = "T-17", "transfer_not_offered", upstream(403, 900_138),
        "new-commerce licences do not move between partners in this cloud at this time; let the term end and buy anew";
    /// A reservation in a family that does not move it.
    RESERVATION_NOT_TRANSFERABLE = "T-17", "reservation_not_transferable", upstream(400, 900_145),
        "Azure reservations do not move with a legacy transfer";
    /// A marketplace product that did not pass the eligibility check.
    MARKETPLACE_NOT_TRANSFERABLE = "T-17", "marketplace_not_transferable", upstream(400, 900_146),
        "a marketplace product moves only where the eligibility check says so";
    /// A product that the family does not move.
    PRODUCT_NOT_IN_FAMILY = "T-17", "product_not_in_family", None,
        "products of this kind do not move by this kind of transfer";
    /// A selected subscription is not active; nothing is accepted.
    INACTIVE_ITEM_SELECTED = "T-18", "inactive_item_selected", None,
        "one of the selected subscriptions is not active, so nothing is accepted; select active ones only";
    /// A provider who names no reseller.
    RESELLER_ID_REQUIRED = "T-19", "reseller_id_required", None,
        "the target is an indirect provider and must name the partner ID of its reseller";
    /// The customer has no Azure plan with the target.
    AZURE_PLAN_MISSING = "T-20", "azure_plan_missing", upstream(400, 900_133),
        "the customer has no Azure plan with the target";
    /// The customer's Azure plan with the target is not active.
    AZURE_PLAN_NOT_ACTIVE = "T-20", "azure_plan_not_active", upstream(400, 900_132),
        "the customer's Azure plan with the target is not active";
    /// The customer has no Microsoft Customer Agreement with the target.
    NO_AGREEMENT_WITH_TARGET = "T-20", "customer_agreement_missing", upstream(403, 13_605),
        "the customer has no Microsoft Customer Agreement that holds for the target";
}
