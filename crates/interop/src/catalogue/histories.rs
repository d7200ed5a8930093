//! The tables with a history on both times: which row answers for an instant and a state of knowledge is a condition on four columns.

use super::{CUSTOMER, ENDED_BY, KNOWN_FROM, KNOWN_TO, POSITIONS, SUBSCRIPTION, VALID_FROM, VALID_TO};
use crate::table::{Column, Table};

/// The reseller set.
pub const RESELLERS: Table = Table {
    name: "resellers",
    doc: "A partner was reseller of a customer for a stretch of time, by what was known for a stretch of the log.",
    columns: &[
        CUSTOMER,
        Column::text("partner", "The partner's tenant."),
        Column::number("generation", "How many times the relationship had been established, from 1."),
        Column::text(
            "established_by",
            "How it came to stand: `accepted_by_customer`, `joint_link`, `account_created`, `extension` or `observed`.",
        ),
        Column::text("accepted_by", "Who accepted it, where a source says.").optional(),
        Column::text("via_provider", "The provider of the joint link.").optional(),
        Column::text("extended_from", "The partner whose relationship was extended.").optional(),
        Column::text("consent_reference", "On which consent of the customer an extension rests, where a source says.")
            .optional(),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};

/// Who could administer.
pub const ACCESS: Table = Table {
    name: "access",
    doc: "A partner could administer a customer through one mechanism.",
    columns: &[
        CUSTOMER,
        Column::text("partner", "The partner's tenant."),
        Column::text("mechanism", "`dap`, `gdap` or `azure_role`."),
        Column::text("coverage", "What it reached: `tenant`, `service` or `scope`."),
        Column::text("coverage_name", "The service or the scope; absent for the whole tenant.").optional(),
        Column::text("role", "The Azure role; absent for the other mechanisms.").optional(),
        Column::texts("roles", "The roles held; those of delegated administration privileges are derived (rule D-4)."),
        Column::texts(
            "roles_through",
            "The partner's agent groups that hold them, in the same order; an empty text where it is none.",
        ),
        Column::text("relationship", "The granular relationship; absent for the other mechanisms.").optional(),
        Column::text("assignment", "The access assignment that gives the roles; absent for the other mechanisms.")
            .optional(),
        Column::text("group_id", "The group of the partner's tenant that has them by the assignment, where known.")
            .optional(),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};

/// Subscriptions with status, terms and obligations.
pub const SUBSCRIPTIONS: Table = Table {
    name: "subscriptions",
    doc: "A subscription as it stood; a row ends where a fact or only time makes it another one.",
    columns: &[
        CUSTOMER,
        SUBSCRIPTION,
        Column::text("owner", "The partner who sold it and is billed for it.").optional(),
        Column::text("status", "The status; `none` when no source gave one."),
        Column::time("status_since", "Since when the status holds."),
        Column::text("status_rule", "The rule by which time alone brought it about; absent when an event set it.")
            .optional(),
        Column::text("suspension_reason", "Why it is suspended.").optional(),
        Column::time("next_change_at", "When time alone changes it next.").optional(),
        Column::text("next_change", "What time then does: `renews`, or `becomes` another status.").optional(),
        Column::text("next_status", "The status it then becomes.").optional(),
        Column::number("quantity", "Seats or units.").optional(),
        Column::text("product", "The product's id.").optional(),
        Column::text("product_name", "The product's name.").optional(),
        Column::text("family", "The product's family.").optional(),
        Column::text("friendly_name", "Friendly name.").optional(),
        Column::text("term", "Term.").optional(),
        Column::time("term_start", "When the present term began.").optional(),
        Column::time("commitment_end", "Last instant of the term.").optional(),
        Column::text("billing_cycle", "Billing cycle.").optional(),
        Column::text("auto_renew", "Automatic renewal.").optional(),
        Column::text("trial", "Trial or paid.").optional(),
        Column::time("bought_at", "When it was bought.").optional(),
        Column::text("order_id", "The order.").optional(),
        Column::text("agreement", "The agreement it was bought under.").optional(),
        Column::text("price_terms", "Reference to the price terms.").optional(),
        Column::time("cancellation_allowed_until", "Until when it may be cancelled.").optional(),
        Column::time("data_kept_until", "Until when the customer's data is kept after a cancellation.").optional(),
        Column::text("reseller_of_record", "Partner ID; `nobody` when a source says so, absent when none says.")
            .optional(),
        Column::text("dpor", "Digital partner of record, in the same way.").optional(),
        Column::text("pal", "Partner admin link, in the same way.").optional(),
        Column::texts("additional_sellers", "Partner IDs of additional sellers."),
        Column::texts("cpor_workloads", "The workloads for which a claiming partner of record was approved."),
        Column::texts(
            "cpor",
            "Their partner IDs, in the same order; an empty text where an approved claim was rejected later.",
        ),
        Column::text("support_contact", "Who supports it.").optional(),
        Column::text("support_contact_partner_id", "Partner ID of who supports it, where stated.").optional(),
        Column::text("support_contact_name", "Name of who supports it, where stated.").optional(),
        Column::text("parent", "Its base subscription.").optional(),
        Column::text("converted_into", "The subscription it was converted into.").optional(),
        Column::text(
            "transferred_to",
            "The subscription under which it lives on at the partner it was transferred to.",
        )
        .optional(),
        Column::text("transferred_from", "The subscription that it was before it was transferred.").optional(),
        Column::text("entitlement", "The Azure subscription behind it.").optional(),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};

/// Who owned each subscription.
pub const OWNERS: Table = Table {
    name: "owners",
    doc: "A partner owned a subscription: it sold it and is billed for it.",
    columns: &[
        CUSTOMER,
        SUBSCRIPTION,
        Column::text("owner", "The partner's tenant."),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};

/// Partners of record by kind.
pub const PARTNERS_OF_RECORD: Table = Table {
    name: "partners_of_record",
    doc: "What sources say of the partner of record of a subscription, by kind; where none says anything there is no row.",
    columns: &[
        CUSTOMER,
        SUBSCRIPTION,
        Column::text("kind", "`reseller_of_record`, `dpor`, `pal`, `cpor` or `additional_seller`."),
        Column::text("workload", "The workload that a claiming partner of record is claimed for.").optional(),
        Column::text("seller", "The additional seller, of which there may be several at a time.").optional(),
        Column::text("partner_id", "The partner ID; absent when a source says that there was nobody.").optional(),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};
