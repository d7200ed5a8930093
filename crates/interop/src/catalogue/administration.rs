//! The tables of granular administration: relationships, what became of them when, and who is in the groups behind access.

use super::{CUSTOMER, ENDED_BY, KNOWN_FROM, KNOWN_TO, POSITIONS, VALID_FROM, VALID_TO};
use crate::table::{Column, Table};

const PARTNER: Column = Column::text("partner", "The partner's tenant.");
const RELATIONSHIP: Column = Column::text("relationship", "The granular relationship.");

/// Which status each granular relationship had when.
pub const GRANULAR_STATUSES: Table = Table {
    name: "granular_statuses",
    doc: "A granular relationship had a status for a stretch of time, by what was known for a stretch of the log; an end or an unanswered request to come ends its row.",
    columns: &[
        CUSTOMER,
        PARTNER,
        RELATIONSHIP,
        Column::text("status", "The status."),
        Column::text("status_rule", "The rule by which time alone brought it about; absent when an event set it.")
            .optional(),
        VALID_FROM,
        VALID_TO,
        KNOWN_FROM,
        KNOWN_TO,
        POSITIONS,
        ENDED_BY,
    ],
};

/// Granular relationships with their terms.
pub const GRANULAR_RELATIONSHIPS: Table = Table {
    name: "granular_relationships",
    doc: "A customer's granular relationships at the viewpoint of the manifest, ended ones included.",
    columns: &[
        CUSTOMER,
        PARTNER,
        RELATIONSHIP,
        Column::text("display_name", "Its name.").optional(),
        Column::text("status", "Its status.").optional(),
        Column::time("status_since", "Since when."),
        Column::text("status_rule", "The rule by which time alone brought the status or the end about.").optional(),
        Column::time("created_at", "When it was made.").optional(),
        Column::time("submitted_at", "When it was locked for approval.").optional(),
        Column::text("approved_basis", "On what the customer's side rests; absent where there is no approval.")
            .optional(),
        Column::text("approved_by", "Who approved, where a source says.").optional(),
        Column::time("approved_at", "When it was approved.").optional(),
        Column::time("activated_at", "When it came into force.").optional(),
        Column::text("duration", "How long it was made for.").optional(),
        Column::time("ends_at", "When it ends or ended, with every extension due by then.").optional(),
        Column::text("at_end", "What happens then: `ends`, `goes_on` or `not_known`; absent unless it is in force.")
            .optional(),
        Column::number("extensions", "How often its end has moved."),
        Column::text("auto_extend", "By how much it goes on at its end.").optional(),
        Column::time("auto_extend_since", "Since when that is so.").optional(),
        Column::texts("roles", "The roles it may give, by template id; empty where no source says."),
        Column::texts("role_names", "Their published names; an id where none is published."),
        Column::texts("groups", "The groups that have roles by it."),
        Column::text("provider", "The provider who made it for its reseller.").optional(),
        Column::text("partner_consent", "Whether the reseller agreed to that: `pending` or `given`.").optional(),
        Column::text("at_microsoft", "Whether Microsoft shows it: `shown`, `cleaned_up` or `no_longer_shown`."),
        Column::time("gone_since", "Since when it does not.").optional(),
        POSITIONS,
    ],
};

/// Who is in the groups by which access is held.
pub const GROUP_MEMBERS: Table = Table {
    name: "group_members",
    doc: "A user of a partner could administer a customer at the viewpoint of the manifest, by being in a group; where it is not known who is in it, the row names nobody.",
    columns: &[
        CUSTOMER,
        PARTNER,
        Column::text("group_id", "The group of the partner's tenant; absent where it is not known which.").optional(),
        Column::text("group_name", "Its name, where known.").optional(),
        Column::text("user_name", "The user; absent where it is not known who.").optional(),
        Column::text(
            "members",
            "What is known of the group's members: `seen`, `none_left` or `not_known`; others than those seen may be in it.",
        ),
        Column::text("mechanism", "`dap`, `gdap` or `azure_role`."),
        Column::text("coverage", "What it reached: `tenant`, `service` or `scope`."),
        Column::text("coverage_name", "The service or the scope; absent for the whole tenant.").optional(),
        Column::text("relationship", "The granular relationship; absent for the other mechanisms.").optional(),
        Column::text("assignment", "The access assignment; absent for the other mechanisms.").optional(),
        Column::texts("roles", "The roles held."),
        Column::texts(
            "roles_through",
            "The partner's agent groups that hold them, in the same order; an empty text where it is none.",
        ),
        Column::time("since", "Since when the user is in the group and the group has the access."),
        Column::time("until", "When its end is reached, as far as one is known.").optional(),
        POSITIONS,
    ],
};
