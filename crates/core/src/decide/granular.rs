//! Deciding on granular relationships (rules G-1 to G-21); access assignments and groups are decided beside it.

mod assignment;
mod group;
mod observation;
mod preparation;
mod running;
mod transition;

pub(super) use self::assignment::{
    activate_assignment, create_assignment, delete_assignment, record_assignment_failure, update_assignment,
};
pub(super) use self::group::{add_member, remove_member};
pub(super) use self::observation::of_customer;
pub(super) use self::preparation::{approve, create, delete, lock, reject, update};
pub(super) use self::running::{
    activate, expire, extend, record_clean_up, record_termination, remove_global_administrator, set_auto_extend,
    terminate,
};
pub(super) use self::transition::start_transition;
use super::Case;
use crate::actor::ActorKind;
use crate::command::Command;
use crate::event::{Event, Family};
use crate::fold::events_that_hold;
use crate::ground::granular as ground;
use crate::id::{CustomerId, GdapRelationshipId, PartnerTenantId};
use crate::policy::GdapOffer;
use crate::refusal::Refusal;
use crate::state::{GdapRelationship, GdapStatusAt};

/// Who records what provisioning did.
const RECORDERS: &[ActorKind] = &[ActorKind::Microsoft, ActorKind::System, ActorKind::Operator, ActorKind::Importer];

/// The partner whose granular relationship or group a command is about; none for any other command.
pub(super) fn account_named(command: &Command) -> Option<PartnerTenantId> {
    if let Command::CreateGdapRelationship(command) = command {
        Some(command.partner)
    } else if let Command::UpdateGdapRelationship(command) = command {
        Some(command.partner)
    } else if let Command::DeleteGdapRelationship(command) = command {
        Some(command.partner)
    } else if let Command::LockGdapForApproval(command) = command {
        Some(command.partner)
    } else if let Command::ApproveGdap(command) = command {
        Some(command.partner)
    } else if let Command::RejectGdap(command) = command {
        Some(command.partner)
    } else {
        account_of_running(command)
    }
}

fn account_of_running(command: &Command) -> Option<PartnerTenantId> {
    if let Command::ActivateGdap(command) = command {
        Some(command.partner)
    } else if let Command::TerminateGdap(command) = command {
        Some(command.partner)
    } else if let Command::RecordGdapTermination(command) = command {
        Some(command.partner)
    } else if let Command::RemoveGlobalAdministratorRole(command) = command {
        Some(command.partner)
    } else if let Command::SetGdapAutoExtend(command) = command {
        Some(command.partner)
    } else if let Command::ExtendGdap(command) = command {
        Some(command.partner)
    } else if let Command::ExpireGdap(command) = command {
        Some(command.partner)
    } else if let Command::RecordGdapCleanUp(command) = command {
        Some(command.partner)
    } else if let Command::StartMicrosoftLedTransition(command) = command {
        Some(command.partner)
    } else if let Command::AddSecurityGroupMember(command) = command {
        Some(command.partner)
    } else if let Command::RemoveSecurityGroupMember(command) = command {
        Some(command.partner)
    } else {
        None
    }
}

/// The partner in whose stream an event on a relationship or a group belongs; none for one on an assignment,
/// which is the customer's alone, and for any other event.
pub(super) fn account_stated(event: &Event) -> Option<PartnerTenantId> {
    if let Event::SecurityGroupMemberAdded(event) = event {
        Some(event.partner)
    } else if let Event::SecurityGroupMemberRemoved(event) = event {
        Some(event.partner)
    } else {
        event.partner().filter(|_| event.family() == Family::Granular && event.access_assignment().is_none())
    }
}

/// The customer in whose stream an event on a relationship stands too, as far as the partner's stream knows.
pub(super) fn customer_of(case: &Case<'_>, event: &Event) -> Option<CustomerId> {
    let (partner, relationship) = (event.partner()?, event.granular_relationship()?);
    let known = case.partner(partner)?.granular.by_id.get(relationship)?;
    known.customer.as_ref().map(|customer| customer.value)
}

/// A relationship of the partner as its own stream has it, and what holds of it at the instant of the command.
struct Found<'a> {
    id: &'a GdapRelationshipId,
    known: &'a GdapRelationship,
    holds: GdapStatusAt,
}

impl Found<'_> {
    fn refused(&self, ground: &crate::refusal::Ground) -> Refusal {
        Refusal::because(ground).with("relationship", self.id).with_all("status", &self.holds.status)
    }

    /// Rule G-11.
    fn require_version(&self, version: Option<u64>) -> Result<(), Refusal> {
        match version {
            Some(version) if version == self.known.version => Ok(()),
            Some(version) => Err(self
                .refused(&ground::PRECONDITION_FAILED)
                .with("version", version)
                .with("present_version", self.known.version)),
            None => Err(self.refused(&ground::PRECONDITION_REQUIRED).with("present_version", self.known.version)),
        }
    }
}

impl<'a> Case<'a> {
    /// Whether the cloud has granular administration at all.
    fn require_gdap(&self) -> Result<(), Refusal> {
        match self.policy.gdap {
            GdapOffer::Available => Ok(()),
            GdapOffer::NotAvailable => {
                Err(Refusal::because(&ground::GDAP_NOT_AVAILABLE).with("cloud", self.policy.reference.cloud.as_str()))
            }
        }
    }

    /// A relationship of a partner, with its customer named where it has one: its facts stand in both streams.
    fn granular(&self, partner: PartnerTenantId, id: &'a GdapRelationshipId) -> Result<Found<'a>, Refusal> {
        let known = self.partner(partner).and_then(|account| account.granular.by_id.get(id));
        let Some(known) = known.filter(|known| known.partner == partner) else {
            return Err(Refusal::because(&ground::GDAP_RELATIONSHIP_NOT_FOUND)
                .with("partner", partner)
                .with("relationship", id));
        };
        let holds = known.status_at(self.when.effective_at, self.policy);
        Ok(Found { id, known, holds })
    }

    /// The same, held to the customer that the request names.
    fn granular_of_customer(&self, partner: PartnerTenantId, id: &'a GdapRelationshipId) -> Result<Found<'a>, Refusal> {
        let found = self.granular(partner, id)?;
        let made_for = found.known.customer.as_ref().map(|customer| customer.value);
        if made_for == self.customer_id {
            return Ok(found);
        }
        Err(found.refused(&ground::CUSTOMER_MISMATCH).with_all("customer", made_for))
    }

    /// The actor must act for the partner, or for the provider who made the relationship for it.
    fn require_party_to(&self, partner: PartnerTenantId, found: &Found<'_>) -> Result<(), Refusal> {
        let provider = found.known.provider.as_ref().map(|provider| provider.value);
        if provider.is_some() && self.request.actor.partner() == provider {
            return Ok(());
        }
        self.require_party(partner, &ground::ACTOR_NOT_PARTY_TO_GDAP)
    }

    /// What the stream decided in says of any time, when it says something of a time after the instant of the
    /// command: what is dated back must not take an id, a link or a transition that is taken later.
    fn known_later(&self) -> impl Iterator<Item = &'a Event> + use<'a> {
        let at = self.when.effective_at;
        let beyond = self.facts.last().is_some_and(|newest| at < newest.effective_at);
        events_that_hold(if beyond { self.facts } else { &[] })
    }

    /// Nobody else's relationship with the customer has the id.
    fn require_own_id(&self, partner: PartnerTenantId, id: &GdapRelationshipId) -> Result<(), Refusal> {
        let known = self.customer.access.granular.by_id.get(id);
        if known.is_some_and(|known| known.partner != partner) {
            return Err(Refusal::because(&ground::GDAP_RELATIONSHIP_EXISTS).with("relationship", id));
        }
        Ok(())
    }

    /// Only those who know what provisioning did may record it.
    fn require_recorder(&self) -> Result<(), Refusal> {
        self.require_actor_kind(RECORDERS, &ground::ONLY_MICROSOFT_RECORDS)
    }
}
