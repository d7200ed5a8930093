//! Rows of the tables with a history on both times.

use ofrecord_core::PartnerId;
use ofrecord_interop::table::{Cell, Row};
use ofrecord_views::{self as views, Interval, NextChange, OfRecord, SubscriptionRow, TimedChange, Viewpoint};

use super::{Scene, reach, through, word};

/// Rows of the table of resellers.
pub(super) fn resellers(scene: &Scene<'_>) -> Vec<Row> {
    let history = views::reseller_history(scene.record, scene.viewpoint.known_below);
    let row = |one: Interval<_, views::ResellerSpell>| {
        let spell = &one.value;
        let cells = vec![
            ("customer", Cell::text(scene.record.id())),
            ("partner", Cell::text(one.key)),
            ("generation", spell.generation.into()),
            ("established_by", word(&spell.established_by)),
            ("accepted_by", Cell::text_of(spell.accepted_by.as_ref())),
            ("via_provider", Cell::text_of(spell.via_provider)),
            ("extended_from", Cell::text_of(spell.extended_from)),
            ("consent_reference", Cell::text_of(spell.consent_reference.as_ref())),
        ];
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

/// Rows of the table of access.
pub(super) fn access(scene: &Scene<'_>) -> Vec<Row> {
    let history = views::access_history(scene.record, scene.viewpoint.known_below, scene.viewpoint.policy);
    let row = |one: Interval<views::AccessKey, Vec<views::HeldRole>>| {
        let (coverage, coverage_name) = reach(&one.key.coverage);
        let granular = one.key.granular.as_ref();
        let cells = vec![
            ("customer", Cell::text(scene.record.id())),
            ("partner", Cell::text(one.key.partner)),
            ("mechanism", word(&one.key.mechanism)),
            ("coverage", coverage),
            ("coverage_name", coverage_name),
            ("role", Cell::text_of(one.key.role.as_ref())),
            ("roles", Cell::texts(one.value.iter().map(|held| &held.role))),
            ("roles_through", Cell::texts(one.value.iter().map(through))),
            ("relationship", Cell::text_of(granular.map(|key| &key.relationship))),
            ("assignment", Cell::text_of(granular.map(|key| key.assignment))),
            ("group_id", Cell::text_of(granular.and_then(|key| key.group))),
        ];
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

/// Rows of the table of owners.
pub(super) fn owners(scene: &Scene<'_>) -> Vec<Row> {
    let history = views::owner_history(scene.record, scene.viewpoint.known_below);
    let row = |one: Interval<_, _>| {
        let cells = vec![
            ("customer", Cell::text(scene.record.id())),
            ("subscription", Cell::text(one.key)),
            ("owner", Cell::text(one.value)),
        ];
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

/// Rows of the table of partners of record.
pub(super) fn partners_of_record(scene: &Scene<'_>) -> Vec<Row> {
    let history = views::partner_of_record_history(scene.record, scene.viewpoint.known_below);
    let row = |one: Interval<views::OfRecordKey, Option<_>>| {
        let cells = vec![
            ("customer", Cell::text(scene.record.id())),
            ("subscription", Cell::text(one.key.subscription)),
            ("kind", Cell::text(&one.key.kind)),
            ("workload", Cell::text_of(one.key.workload.as_ref())),
            ("seller", Cell::text_of(one.key.seller.as_ref())),
            ("partner_id", Cell::text_of(one.value.as_ref())),
        ];
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

/// Rows of the table of subscriptions.
pub(super) fn subscriptions(scene: &Scene<'_>) -> Vec<Row> {
    let Viewpoint { known_below, policy, .. } = scene.viewpoint;
    let history = views::subscription_history(scene.record, known_below, policy);
    let row = |one: Interval<_, SubscriptionRow>| {
        let mut cells = vec![("customer", Cell::text(scene.record.id()))];
        cells.extend(standing(&one.value));
        cells.extend(terms(&one.value));
        cells.extend(attribution(&one.value));
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

fn standing(row: &SubscriptionRow) -> Row {
    let (next_change, next_status) = match row.next_change.as_ref().map(|next| &next.change) {
        None => (Cell::Absent, Cell::Absent),
        Some(TimedChange::Renews) => (Cell::text("renews"), Cell::Absent),
        Some(TimedChange::Becomes(status)) => (Cell::text("becomes"), Cell::text(status)),
    };
    vec![
        ("subscription", Cell::text(row.subscription)),
        ("owner", Cell::text_of(row.owner)),
        ("status", Cell::text(&row.status)),
        ("status_since", row.status_since.into()),
        ("status_rule", Cell::text_of(row.status_rule)),
        ("suspension_reason", Cell::text_of(row.suspension_reason.as_ref())),
        ("next_change_at", row.next_change.as_ref().map(|NextChange { at, .. }| *at).into()),
        ("next_change", next_change),
        ("next_status", next_status),
    ]
}

fn terms(row: &SubscriptionRow) -> Row {
    vec![
        ("quantity", row.quantity.into()),
        ("product", Cell::text_of(row.product.as_ref())),
        ("product_name", Cell::text_of(row.product_name.as_ref())),
        ("family", Cell::text_of(row.family.as_ref())),
        ("friendly_name", Cell::text_of(row.friendly_name.as_ref())),
        ("term", Cell::text_of(row.term.as_ref())),
        ("term_start", row.term_start.into()),
        ("commitment_end", row.commitment_end.into()),
        ("billing_cycle", Cell::text_of(row.billing_cycle.as_ref())),
        ("auto_renew", word(&row.auto_renew)),
        ("trial", word(&row.trial)),
        ("bought_at", row.bought_at.into()),
        ("order_id", Cell::text_of(row.order.as_ref())),
        ("agreement", word(&row.agreement)),
        ("price_terms", Cell::text_of(row.price_terms.as_ref())),
        ("cancellation_allowed_until", row.cancellation_allowed_until.into()),
        ("data_kept_until", row.data_kept_until.into()),
    ]
}

fn attribution(row: &SubscriptionRow) -> Row {
    let of_record = |said: &OfRecord| match said {
        OfRecord::NotSaid => Cell::Absent,
        OfRecord::Nobody => Cell::text("nobody"),
        OfRecord::Partner(partner) => Cell::text(partner),
    };
    let claimed = |partner: &Option<_>| partner.as_ref().map_or_else(String::new, PartnerId::to_string);
    let record = &row.partner_of_record;
    vec![
        ("reseller_of_record", of_record(&record.reseller_of_record)),
        ("dpor", of_record(&record.dpor)),
        ("pal", of_record(&record.pal)),
        ("additional_sellers", Cell::texts(&record.additional)),
        ("cpor_workloads", Cell::texts(record.cpor.keys())),
        ("cpor", Cell::texts(record.cpor.values().map(claimed))),
        ("support_contact", Cell::text_of(row.support_contact)),
        ("support_contact_partner_id", Cell::text_of(row.support_contact_partner_id.as_ref())),
        ("support_contact_name", Cell::text_of(row.support_contact_name.as_ref())),
        ("parent", Cell::text_of(row.parent)),
        ("converted_into", Cell::text_of(row.converted_into)),
        ("transferred_to", Cell::text_of(row.transferred_to)),
        ("transferred_from", Cell::text_of(row.transferred_from)),
        ("entitlement", Cell::text_of(row.entitlement)),
    ]
}

/// Rows of the table of statuses of granular relationships.
pub(super) fn granular_statuses(scene: &Scene<'_>) -> Vec<Row> {
    let history = views::granular_history(scene.record, scene.viewpoint.known_below, scene.viewpoint.policy);
    let row = |one: Interval<views::GranularSpellKey, views::GranularSpell>| {
        let cells = vec![
            ("customer", Cell::text(scene.record.id())),
            ("partner", Cell::text(one.key.partner)),
            ("relationship", Cell::text(&one.key.relationship)),
            ("status", Cell::text(&one.value.status)),
            ("status_rule", Cell::text_of(one.value.rule)),
        ];
        with_bounds(cells, one)
    };
    history.into_iter().map(row).collect()
}

/// The columns that every table with a history ends with.
fn with_bounds<K, V>(mut cells: Row, interval: Interval<K, V>) -> Row {
    cells.extend([
        ("valid_from", interval.valid_from.into()),
        ("valid_to", interval.valid_to.into()),
        ("known_from", interval.known_from.into()),
        ("known_to", interval.known_to.into()),
        ("positions", interval.positions.into()),
        ("ended_by", interval.ended_by.into()),
    ]);
    cells
}
