//! Granular relationships and security groups, as a present row holds them.

use ofrecord_core::Timestamp;
use ofrecord_core::fold::Cell;
use ofrecord_core::state::GdapRelationship;
use ofrecord_core::state::granular::{AccessAssignment, Approval, Consent, GlobalAdministratorSpell};
use ofrecord_core::state::partner::SecurityGroup;

use super::written::{Fields, Written, map};

/// With its assignments, which only a customer's state has.
pub(super) fn relationship(known: &GdapRelationship) -> Written {
    let consent = known.partner_consent.as_ref().map(|cell| Cell::new(word(cell.value), cell.set));
    let moments = [
        ("created_at", &known.created_at),
        ("modified_at", &known.modified_at),
        ("activated_at", &known.activated_at),
        ("ends_at", &known.ends_at),
    ];
    cells(Fields::new(), &moments)
        .value("partner", &known.partner)
        .cell("customer", known.customer.as_ref())
        .cell("display_name", known.display_name.as_ref())
        .cell("duration", known.duration.as_ref())
        .cell("auto_extend", known.auto_extend.as_ref())
        .cell("roles", known.roles.as_ref())
        .piece_or_null("global_administrator", known.global_administrator.as_ref().map(global_administrator))
        .cell("provider", known.provider.as_ref())
        .cell("partner_consent", consent.as_ref())
        .cell("status", known.status.as_ref())
        .stamp("submitted", known.submitted)
        .piece_or_null("approval", known.approval.as_ref().map(approval))
        .cell("extended", known.extended.as_ref())
        .cell("termination", known.termination.as_ref())
        .stamp("cleaned_up", known.cleaned_up)
        .cell("etag", known.etag.as_ref())
        .piece("assignments", map(known.assignments.iter().map(|(id, value)| (id, assignment(value)))))
        .piece("requests", map(known.requests.iter().map(|(id, value)| (id, Written::cell(value)))))
        .piece("operations", map(known.operations.iter().map(|(id, value)| (id, Written::cell(value)))))
        .value("version", &known.version)
        .stamp("changed", Some(known.changed))
        .stamp("first_seen", Some(known.first_seen))
        .done()
}

pub(super) fn group(group: &SecurityGroup) -> Written {
    Fields::new()
        .cell("name", group.name.as_ref())
        .cell("agent_group", group.agent_group.as_ref())
        .piece("members", map(group.members.iter().map(|(user, added)| (user, Written::stamp(*added)))))
        .done()
}

fn cells(fields: Fields, moments: &[(&'static str, &Option<Cell<Timestamp>>)]) -> Fields {
    moments.iter().fold(fields, |fields, (name, moment)| fields.cell(name, moment.as_ref()))
}

fn word(consent: Consent) -> &'static str {
    match consent {
        Consent::Pending => "pending",
        Consent::Given => "given",
    }
}

fn global_administrator(spell: &GlobalAdministratorSpell) -> Written {
    Fields::new().stamp("since", Some(spell.since)).stamp("removed", spell.removed).done()
}

fn approval(cell: &Cell<Approval>) -> Written {
    Fields::new().value("basis", &cell.value.basis).value("by", &cell.value.by).stamp("set", Some(cell.set)).done()
}

fn assignment(known: &AccessAssignment) -> Written {
    let moments = [("created_at", &known.created_at), ("modified_at", &known.modified_at)];
    cells(Fields::new(), &moments)
        .cell("group", known.group.as_ref())
        .cell("container_type", known.container_type.as_ref())
        .cell("roles", known.roles.as_ref())
        .cell("status", known.status.as_ref())
        .cell("etag", known.etag.as_ref())
        .value("version", &known.version)
        .stamp("changed", Some(known.changed))
        .stamp("first_seen", Some(known.first_seen))
        .done()
}
