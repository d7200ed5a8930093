//! The table of entries: what the log holds, one row for every event.

use crate::table::{Column, Table};

/// Entries, one row for every event.
pub const ENTRIES: Table = Table {
    name: "entries",
    doc: "One row for every event of an entry; an entry without events, refused or with nothing that differed, has one row.",
    columns: &[
        Column::number("position", "The entry's place in the log."),
        Column::number("event_index", "Which event of the entry, from 0; absent in a row without event.").optional(),
        Column::time("recorded_at", "When the ledger learned it; never decreases with the position."),
        Column::time("effective_at", "When it became true in the world."),
        Column::text("outcome", "`accepted`, `refused` or, where the bytes were taken away, `redacted`."),
        Column::text("customer", "The customer's tenant; absent in an entry on a partner's account.").optional(),
        Column::text(
            "partner",
            "The partner the event speaks of; the provider for a partnership, the owner for a purchase.",
        )
        .optional(),
        Column::text("subscription", "The one subscription the event speaks of.").optional(),
        Column::texts("streams", "The streams the entry belongs to, the one it was decided in first."),
        Column::text("event", "The event's name, as stored.").optional(),
        Column::text("family", "The event's family in the effect matrix.").optional(),
        Column::number("event_version", "The version of the stored event's shape.").optional(),
        Column::text("actor_kind", "In which capacity the actor asked; `system` where the entry was redacted."),
        Column::text("actor_tenant", "The tenant the actor acted for, where the source says.").optional(),
        Column::text("actor_user", "The actor's user name or application, where the source says.").optional(),
        Column::text("actor_role", "The role acted in, where the source says.").optional(),
        Column::text("command", "The command that was decided; `Redacted` where the entry was."),
        Column::text("command_id", "The command's id."),
        Column::text("policy_cloud", "The cloud whose policy decided; says nothing with version 0."),
        Column::number("policy_version", "The version of that policy; 0 where the entry was redacted, as it is gone too."),
        Column::texts("sources", "The source systems of the evidence."),
        Column::texts("record_ids", "The sources' ids of those records, in the same order."),
        Column::texts("raw_hashes", "SHA-256 of those records as received, in the same order."),
        Column::texts("completeness", "How much of those records was there, in the same order."),
        Column::text("refusal_code", "Why it was refused: the stable code.").optional(),
        Column::text("refusal_rule", "The rule that refused it.").optional(),
        Column::text("leaf_hash", "The entry's leaf hash in the Merkle tree, 64 hexadecimal digits."),
        Column::text("outcome_json", "The event exactly as stored, or the refusal, or what is left of a redacted entry; absent where nothing differed.")
            .optional(),
    ],
};
