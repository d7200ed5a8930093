//! Rows of the tables of granular administration at one viewpoint.

use ofrecord_interop::table::{Cell, Row};
use ofrecord_views::{self as views, GranularRow, UserAccessRow};

use super::{Scene, reach, through, word};

/// Rows of the table of granular relationships.
pub(super) fn granular_relationships(scene: &Scene<'_>) -> Vec<Row> {
    let row = |one: GranularRow| {
        let mut cells = vec![("customer", Cell::text(scene.record.id()))];
        cells.extend(course(&one));
        cells.extend(terms(&one));
        cells.push(("positions", one.positions.into()));
        cells
    };
    views::granular_relationships(scene.record, &scene.viewpoint).into_iter().map(row).collect()
}

fn course(one: &GranularRow) -> Row {
    let approved = one.approved.as_ref();
    vec![
        ("partner", Cell::text(one.partner)),
        ("relationship", Cell::text(&one.relationship)),
        ("display_name", Cell::text_of(one.display_name.as_ref())),
        ("status", Cell::text_of(one.status.as_ref())),
        ("status_since", one.status_since.into()),
        ("status_rule", Cell::text_of(one.rule)),
        ("created_at", one.created_at.into()),
        ("submitted_at", one.submitted_at.into()),
        ("approved_basis", word(&approved.map(|approved| &approved.basis))),
        ("approved_by", Cell::text_of(approved.and_then(|approved| approved.by.as_ref()))),
        ("approved_at", approved.map(|approved| approved.at).into()),
        ("activated_at", one.activated_at.into()),
    ]
}

fn terms(one: &GranularRow) -> Row {
    vec![
        ("duration", Cell::text_of(one.duration.as_ref())),
        ("ends_at", one.ends_at.into()),
        ("at_end", word(&one.at_end)),
        ("extensions", one.extensions.into()),
        ("auto_extend", Cell::text_of(one.auto_extend.as_ref())),
        ("auto_extend_since", one.auto_extend_since.into()),
        ("roles", Cell::texts(one.roles.iter().flatten())),
        ("role_names", Cell::texts(&one.role_names)),
        ("groups", Cell::texts(&one.groups)),
        ("provider", Cell::text_of(one.provider)),
        ("partner_consent", word(&one.partner_consent)),
        ("at_microsoft", word(&one.at_microsoft)),
        ("gone_since", one.gone_since.into()),
    ]
}

/// Rows of the table of members of groups.
pub(super) fn group_members(scene: &Scene<'_>) -> Vec<Row> {
    let row = |one: UserAccessRow| {
        let (coverage, coverage_name) = reach(&one.coverage);
        let granular = one.granular.as_ref().map(|granular| &granular.key);
        vec![
            ("customer", Cell::text(scene.record.id())),
            ("partner", Cell::text(one.partner)),
            ("group_id", Cell::text_of(one.group)),
            ("group_name", Cell::text_of(one.group_name.as_ref())),
            ("user_name", Cell::text_of(one.user.as_ref())),
            ("members", word(&one.members)),
            ("mechanism", word(&one.mechanism)),
            ("coverage", coverage),
            ("coverage_name", coverage_name),
            ("relationship", Cell::text_of(granular.map(|key| &key.relationship))),
            ("assignment", Cell::text_of(granular.map(|key| key.assignment))),
            ("roles", Cell::texts(one.roles.iter().map(|held| &held.role))),
            ("roles_through", Cell::texts(one.roles.iter().map(through))),
            ("since", one.since.into()),
            ("until", one.until.into()),
            ("positions", one.positions.into()),
        ]
    };
    views::user_access(scene.record, scene.partners, &scene.viewpoint).into_iter().map(row).collect()
}
