//! A relationship is made, changed and deleted.

use ofrecord_core::command::gdap::{
    CreateGdapRelationship, DeleteGdapRelationship, RemoveGlobalAdministratorRole, SetGdapAutoExtend,
    UpdateGdapRelationship,
};
use ofrecord_core::entra_role::GLOBAL_ADMINISTRATOR;
use ofrecord_core::fold::Cell;
use ofrecord_core::vocabulary::GdapAutoExtend;
use ofrecord_core::{Command, RoleId};

use super::{Desk, Planned, Then, body};
use crate::microsoft::granular::Found;
use crate::microsoft::graph;
use crate::problem::Problem;

/// Makes a relationship. Its id is two GUIDs, the second of which is the partner's, as it is in published samples.
pub(in crate::microsoft) fn create(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let made: body::Relationship = body::read(&desk.sent.body)?;
    let needed = |name: &str| Problem::malformed(name, &"a relationship is made with it");
    let partner = desk.standpoint.partner.ok_or_else(|| Problem::forbidden(&"a partner makes a relationship"))?;
    let relationship = format!("{}-{partner}", desk.derived("relationship"));
    let relationship = relationship.parse().map_err(|error| Problem::internal("give it an id", &error))?;
    let command = CreateGdapRelationship {
        partner,
        relationship,
        display_name: made.display_name.ok_or_else(|| needed("displayName"))?,
        duration: made.duration.ok_or_else(|| needed("duration"))?,
        auto_extend: made.auto_extend_duration.unwrap_or(GdapAutoExtend::Pt0S),
        roles: made.access_details.ok_or_else(|| needed("accessDetails"))?.roles(),
    };
    let then = Then::Made(command.relationship.clone());
    let customer = made.customer.map(|customer| customer.tenant_id);
    Ok(Planned { command: Some(Command::CreateGdapRelationship(command)), customer, then })
}

/// Changes a relationship: what is as it is already is passed over, so that a whole one can be sent back.
pub(in crate::microsoft) fn change(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let mut change: body::Relationship = body::read(&desk.sent.body)?;
    let found = desk.relationship()?;
    let version = desk.version(&graph::tag_of(&found, &desk.standpoint), found.known.version)?;
    let (partner, relationship) = (found.partner(), found.id());
    let auto_extend = change.auto_extend_duration.take().filter(|sent| !is(found.known.auto_extend.as_ref(), sent));
    let display_name = change.display_name.filter(|sent| !is(found.known.display_name.as_ref(), sent));
    let duration = change.duration.filter(|sent| !is(found.known.duration.as_ref(), sent));
    let roles = change.access_details.map(|details| details.roles());
    let roles = roles.filter(|sent| !is(found.known.roles.as_ref(), sent));
    let sent_customer = change.customer.map(|customer| customer.tenant_id);
    let customer = sent_customer.or(found.customer());
    let is_for_another = sent_customer.is_some_and(|sent| Some(sent) != found.customer());
    let changes_terms = display_name.is_some() || duration.is_some() || is_for_another;
    let planned = |command: Command, then: Then| Ok(Planned { command: Some(command), customer, then });
    match (auto_extend, roles) {
        (None, None) if !changes_terms => Ok(Planned { command: None, customer, then: Then::Changed(relationship) }),
        (Some(auto_extend), None) if !changes_terms => {
            let command = SetGdapAutoExtend { partner, relationship: relationship.clone(), version, auto_extend };
            planned(Command::SetGdapAutoExtend(command), Then::Changed(relationship))
        }
        (Some(_), _) => Err(Problem::malformed("autoExtendDuration", &"is changed by a request of its own")),
        (None, Some(roles)) if !changes_terms && gives_global_administrator_up(&found, desk, &roles) => {
            let command = RemoveGlobalAdministratorRole { partner, relationship: relationship.clone(), version };
            planned(Command::RemoveGlobalAdministratorRole(command), Then::Operated(relationship, None))
        }
        (None, roles) => {
            let then = Then::Changed(relationship.clone());
            let command = UpdateGdapRelationship { partner, relationship, version, display_name, duration, roles };
            planned(Command::UpdateGdapRelationship(command), then)
        }
    }
}

/// Deletes a relationship.
pub(in crate::microsoft) fn delete(desk: &Desk<'_>) -> Result<Planned, Problem> {
    let found = desk.relationship()?;
    let version = desk.version(&graph::tag_of(&found, &desk.standpoint), found.known.version)?;
    let command = DeleteGdapRelationship { partner: found.partner(), relationship: found.id(), version };
    let command = Some(Command::DeleteGdapRelationship(command));
    Ok(Planned { command, customer: found.customer(), then: Then::Gone })
}

fn is<T: PartialEq>(known: Option<&Cell<T>>, sent: &T) -> bool {
    known.is_some_and(|known| known.value == *sent)
}

/// Whether the roles are those of an active relationship without Global Administrator (rule G-16).
fn gives_global_administrator_up(found: &Found, desk: &Desk<'_>, sent: &std::collections::BTreeSet<RoleId>) -> bool {
    let holds = found.known.status_at(desk.standpoint.as_of, desk.standpoint.reader.policy());
    let known = found.known.roles.as_ref().map(|roles| &roles.value);
    holds.is_active()
        && known.is_some_and(|known| {
            known.contains(&GLOBAL_ADMINISTRATOR)
                && known.iter().filter(|role| **role != GLOBAL_ADMINISTRATOR).eq(sent.iter())
        })
}
