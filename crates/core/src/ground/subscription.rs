//! Grounds on agreements, orders, subscriptions and partners of record (families B, U, and the rest of I and S).

use super::grounds;
use crate::refusal::Upstream;

const fn upstream(status: u16, code: u32) -> Option<Upstream> {
    Some(Upstream { status, code })
}

grounds! {
    /// Somebody who does not act for a partner changes a subscription.
    ACTOR_NOT_OWNER = "S-3", "actor_not_party", None,
        "only a user or an application of the partner who owns the subscription may change it";
    /// No such subscription of this customer.
    SUBSCRIPTION_NOT_FOUND = "S-3", "subscription_not_found", upstream(404, 20_003),
        "the customer has no subscription of this id on record";
    /// No source says who owns the subscription.
    SUBSCRIPTION_OWNER_UNKNOWN = "S-3", "subscription_owner_unknown", None,
        "no source says who owns the subscription; import the owner's list of subscriptions first";
    /// The asking partner does not own the subscription.
    PARTNER_DOES_NOT_OWN_SUBSCRIPTION = "S-3", "partner_does_not_own_subscription", upstream(403, 20_002),
        "only the partner who owns the subscription may change it; a reseller relationship gives no right over another partner's subscription";
    /// A purchase under an id that is taken; it would give the subscription another owner.
    SUBSCRIPTION_ALREADY_EXISTS = "S-5", "subscription_already_exists", None,
        "a subscription of this id is on record, before or after the instant of the command, or stands twice in the order; a purchase cannot change who owns it";
    /// A change that sells more, after the relationship was removed.
    RELATIONSHIP_REMOVED = "M-10", "no_reseller_relationship", upstream(403, 20_002),
        "the partner has no reseller relationship with the customer and cannot sell to it";

    /// Somebody who does not act for a partner attests an agreement.
    ACTOR_MAY_NOT_ATTEST = "B-4", "actor_not_party", None,
        "only a user of a partner may attest that the customer accepted the agreement";
    /// An application without a person attests an agreement.
    ATTESTATION_NEEDS_USER = "B-4", "app_user_required", upstream(403, 900_329),
        "a person of the partner must attest; an application alone may not";
    /// A partner who does not sell directly attests an agreement.
    ONLY_DIRECT_OR_PROVIDER = "B-4", "only_direct_or_provider", None,
        "only a direct-bill partner or an indirect provider attests a customer agreement";
    /// Somebody else than the customer accepts an agreement directly.
    ONLY_CUSTOMER_ACCEPTS_DIRECTLY = "B-11", "only_customer_accepts_directly", None,
        "only an administrator of the customer accepts an agreement directly; a partner attests it";
    /// The agreement was made on a day to come.
    DATE_IN_FUTURE = "B-3", "date_in_future", None,
        "date_agreed lies in the future; state the day on which it was agreed";
    /// An agreement of the type is confirmed already.
    AGREEMENT_ALREADY_CONFIRMED = "B-5", "agreement_already_confirmed", upstream(400, 600_061),
        "an agreement of this type is confirmed already and holds for this partner";

    /// Somebody who does not act for a partner places an order.
    ACTOR_MAY_NOT_ORDER = "B-2", "actor_not_party", None,
        "only a user or an application of a partner may place an order";
    /// A partner who does not transact places an order.
    PARTNER_DOES_NOT_TRANSACT = "B-2", "partner_does_not_transact", None,
        "only a direct-bill partner or an indirect provider places orders; an indirect reseller orders through its provider";
    /// The partner's reseller programme is not active.
    PROGRAMME_NOT_ACTIVE = "B-6", "programme_not_active", upstream(403, 800_039),
        "the partner's reseller programme is not active";
    /// The partner has not accepted the Microsoft Partner Agreement.
    PARTNER_AGREEMENT_MISSING = "B-6", "partner_agreement_missing", upstream(403, 900_124),
        "the partner has not accepted the Microsoft Partner Agreement; record its acceptance first";
    /// The customer's account is under review.
    CUSTOMER_UNDER_REVIEW = "B-8", "customer_under_review", upstream(403, 800_073),
        "the customer's account is under review; try again in some days";
    /// The customer's account was not approved.
    CUSTOMER_REJECTED = "B-8", "customer_rejected", upstream(403, 800_075),
        "the customer's account was not approved";
    /// The customer's account is locked.
    CUSTOMER_LOCKED = "B-8", "customer_locked", upstream(403, 900_416),
        "the customer's account is locked";
    /// There is no relationship under which to order.
    NO_RELATIONSHIP_TO_ORDER = "B-2", "no_reseller_relationship", upstream(403, 20_002),
        "the partner has no reseller relationship with the customer";
    /// The partner may not sell in the customer's market.
    PARTNER_NOT_IN_MARKET = "R-7", "partner_not_in_market", upstream(403, 2_030),
        "the partner is not authorised to sell in the customer's market";
    /// There is no customer agreement.
    CUSTOMER_AGREEMENT_MISSING = "B-1", "customer_agreement_missing", upstream(403, 13_605),
        "the customer agreement is neither attested nor accepted; confirm it first";
    /// There is an agreement, but another partner attested it.
    AGREEMENT_OF_OTHER_PARTNER = "B-11", "customer_agreement_missing", upstream(403, 13_605),
        "the customer agreement was attested by another partner and does not hold for this one; attest it again or let the customer accept it directly";
    /// An order of nothing.
    ORDER_HAS_NO_LINES = "B-9", "order_has_no_lines", None,
        "an order has at least one line";
    /// The product is not sold in the customer's market.
    PRODUCT_NOT_IN_MARKET = "B-7", "product_not_in_market", upstream(400, 800_070),
        "the product is not sold in the customer's market";
    /// Too few or too many seats.
    QUANTITY_OUT_OF_RANGE = "B-9", "quantity_out_of_range", upstream(400, 2_002),
        "the quantity is outside what the product is sold in";
    /// Quantity or status of a trial.
    TRIAL_NOT_CHANGEABLE = "B-10", "trial_not_changeable", None,
        "neither the quantity nor the status of a trial can be changed; convert it to a paid subscription";
    /// Term of a trial.
    TRIAL_TERM_NOT_CHANGEABLE = "B-10", "trial_term_not_changeable", upstream(400, 800_107),
        "the term of a trial cannot be changed; convert it to a paid subscription";
    /// What is to be converted as a trial is none.
    NOT_A_TRIAL = "B-10", "not_a_trial", None,
        "the subscription is not a trial; convert it as a paid subscription";

    /// A value that the rule must know is on no record.
    TERMS_NOT_KNOWN = "L-11", "terms_not_known", None,
        "no source says what the field is now; import the subscription first";
    /// A change of what is deleted.
    SUBSCRIPTION_DELETED = "U-4", "subscription_deleted", upstream(400, 2_011),
        "the subscription is deleted and cannot be changed";
    /// A change of what has ended.
    SUBSCRIPTION_ENDED = "U-17", "subscription_ended", upstream(400, 900_277),
        "the term has ended without renewal; an expired or disabled subscription cannot be changed";
    /// Seats of what is suspended.
    SEATS_WHILE_SUSPENDED = "U-3", "seats_while_suspended", upstream(400, 2_001),
        "seats cannot be added or taken away while the subscription is suspended; reactivate it first";
    /// Another change of what is suspended.
    SUBSCRIPTION_SUSPENDED = "U-3", "subscription_suspended", upstream(400, 800_091),
        "the subscription is suspended; reactivate it first";
    /// An operation is pending.
    OPERATION_PENDING = "U-9", "operation_pending", upstream(409, 900_278),
        "an operation on the subscription is pending; try again after 24 hours";
    /// More updates than one subscription may receive.
    TOO_MANY_UPDATES = "U-10", "too_many_updates", upstream(400, 900_311),
        "the subscription has been updated too many times";
    /// A cancellation after its window.
    CANCELLATION_WINDOW_PASSED = "U-1", "cancellation_window_passed", upstream(400, 900_117),
        "the window for cancelling has passed; switch automatic renewal off instead";
    /// A reduction of seats after their window.
    SEAT_WINDOW_PASSED = "U-2", "seat_window_passed", upstream(400, 900_214),
        "the window for taking so many seats away has passed; schedule fewer for the next term instead";
    /// Seats of a product that is not sold by seats that may be taken away.
    SEATS_NOT_REDUCIBLE = "U-2", "seats_not_reducible", upstream(400, 800_090),
        "seats of this product cannot be taken away";
    /// A cancellation that only support can do.
    SUPPORT_ONLY = "U-21", "support_only", None,
        "an Azure plan or reservation is cancelled through support only";
    /// A reactivation of what is not suspended.
    NOT_SUSPENDED = "U-16", "not_suspended", upstream(400, 800_096),
        "only a suspended subscription can be reactivated";
    /// A reactivation after the end of the term.
    NOT_REACTIVATABLE = "U-16", "not_reactivatable", upstream(400, 800_096),
        "the term has ended; the subscription cannot be reactivated";
    /// An add-on under a base that is not active.
    PARENT_NOT_ACTIVE = "U-11", "parent_not_active", upstream(409, 27_009),
        "the base subscription is not active";
    /// A renewal before the end of the term.
    TERM_NOT_ENDED = "U-18", "term_not_ended", None,
        "a subscription renews on the day after the end of its commitment, not before";
    /// A renewal of what has no term.
    NO_TERM_TO_RENEW = "U-18", "no_term_to_renew", upstream(400, 800_093),
        "the subscription has no term that could be renewed";
    /// A version other than the present one.
    STALE_VERSION = "U-5", "stale_version", upstream(400, 2_055),
        "the subscription has changed since it was read; read it again";
    /// A change of the billing cycle by the wrong call.
    BILLING_CYCLE_BY_PATCH = "U-6", "use_order_update", upstream(400, 2_054),
        "the billing cycle is changed by an order update, not by an update of the subscription";
    /// A change of the billing cycle of what is not active.
    BILLING_CYCLE_OF_INACTIVE = "U-6", "subscription_not_active", upstream(400, 6_000),
        "the billing cycle of a subscription that is not active cannot be changed";
    /// A shorter term.
    TERM_CANNOT_BE_SHORTENED = "U-7", "term_cannot_be_shortened", upstream(400, 900_267),
        "a running term can only be made longer";
    /// A change from or to no term.
    TERM_NOT_CHANGEABLE = "U-7", "term_not_changeable", upstream(400, 900_268),
        "a subscription without term cannot get one, nor one with a term lose it";
    /// Billing for longer than the term.
    BILLING_LONGER_THAN_TERM = "U-8", "billing_longer_than_term", upstream(400, 900_270),
        "the billing cycle cannot be longer than the term";
    /// A conversion of what is not active.
    STATUS_NOT_ACTIVE = "U-12", "subscription_status_not_active", None,
        "only an active subscription can be converted";
    /// A conversion into itself.
    TARGET_IS_SAME_SUBSCRIPTION = "U-12", "target_is_same_subscription", upstream(400, 900_259),
        "a subscription cannot be converted into itself";
    /// A conversion to the product it has.
    TARGET_IS_SAME_PRODUCT = "U-12", "target_is_same_product", None,
        "the subscription is of this product already";
    /// A conversion into what is not active.
    TARGET_NOT_ACTIVE = "U-12", "target_not_active", upstream(400, 900_258),
        "the subscription to convert into must be active";
    /// A conversion into what has another product.
    TARGET_PRODUCT_DIFFERS = "U-12", "target_product_differs", upstream(400, 900_260),
        "the subscription to convert into is of another product than the one named";
    /// A conversion into what ends earlier.
    TARGET_ENDS_EARLIER = "U-12", "target_ends_earlier", upstream(400, 900_236),
        "the subscription to convert into must not end before the one converted";
    /// A conversion into what has a pending operation.
    TARGET_NOT_READY = "U-12", "target_not_ready", upstream(400, 900_261),
        "an operation on the subscription to convert into is pending; try again later";
    /// An upgrade without delegated administration for the service.
    DAP_REQUIRED_FOR_SERVICE = "U-13", "dap_required_for_service", None,
        "an upgrade needs delegated administration privileges for the customer and the service";
    /// An upgrade to what the customer has already.
    TARGET_ALREADY_OWNED = "U-13", "target_already_owned", None,
        "the customer owns the target product already, from this or another reseller; cancel that one first";

    /// The partner of record is not a reseller of this provider.
    NOT_VALID_INDIRECT_RESELLER = "I-1", "not_valid_indirect_reseller", upstream(400, 800_016),
        "the partner ID is not of an indirect reseller with an active partnership with the provider";
    /// The provider's own partner ID as partner of record.
    PROVIDER_CANNOT_BE_PARTNER_ON_RECORD = "I-2", "provider_cannot_be_partner_on_record", upstream(404, 2_072),
        "the provider's own partner ID cannot be the partner of record; name the reseller's";
    /// A partner ID that nobody has.
    PARTNER_ON_RECORD_UNKNOWN = "I-3", "partner_on_record_unknown", upstream(404, 800_015),
        "the partner ID is not of a reseller that this ledger knows of the provider";
    /// A partner of record that is another kind of partner.
    PARTNER_ON_RECORD_NOT_A_RESELLER = "I-3", "partner_on_record_not_a_reseller", upstream(400, 800_016),
        "the partner ID is not of an indirect reseller";
    /// The partner of record cannot be changed for the product.
    PARTNER_ON_RECORD_NOT_CHANGEABLE = "I-6", "partner_on_record_not_changeable", upstream(400, 800_098),
        "the partner of record of a one-time purchase cannot be changed";
    /// Too many additional sellers, or additional sellers where there are none.
    TOO_MANY_RESELLERS = "I-9", "too_many_resellers", None,
        "at most five additional sellers may be named, and only for customers in the EU and EFTA";
    /// A partner sets the digital partner of record.
    ONLY_CUSTOMER_MAY_SET_DPOR = "I-10", "only_customer_may_set_dpor", None,
        "only the customer's own administrator sets the digital partner of record; a delegated administrator cannot";
    /// Somebody who does not act for a partner links a partner ID.
    ACTOR_MAY_NOT_LINK = "I-12", "actor_not_party", None,
        "only a user or an application of a partner links a partner ID through its credential";
    /// A support contact without relationship.
    SUPPORT_CONTACT_INVALID = "I-13", "support_contact_invalid", None,
        "the support contact must be the owner or a reseller of the customer";
}
