//! Drawing commands on granular relationships: each is led through its life, mostly in order, with false steps between.

use std::collections::BTreeSet;

use ofrecord_core::command::gdap::{
    ActivateGdap, ApproveGdap, DeleteGdapRelationship, ExpireGdap, ExtendGdap, LockGdapForApproval, RecordGdapCleanUp,
    RecordGdapTermination, RejectGdap, RemoveGlobalAdministratorRole, SetGdapAutoExtend, TerminateGdap,
    UpdateGdapRelationship,
};
use ofrecord_core::vocabulary::GdapAutoExtend;
use ofrecord_core::{
    AccessAssignmentId, Actor, Command, CustomerId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId,
};

use super::Generator;
use crate::{actor, name};

type Drawn = (Actor, Option<CustomerId>, Command);

/// A place at which no relationship stands: nothing is guessed of what is done there.
pub(super) const NOWHERE: usize = usize::MAX;

/// A granular relationship as far as the drawing of later commands needs it. What came of the commands is not
/// known here, so how far it is, and its version, are guesses that are mostly right.
#[derive(Debug, Clone)]
pub(super) struct Granted {
    pub(super) partner: PartnerTenantId,
    /// The provider, where one made it for its reseller.
    pub(super) provider: Option<PartnerTenantId>,
    pub(super) relationship: GdapRelationshipId,
    /// Whose it becomes when the right one approves.
    pub(super) customer: CustomerId,
    /// Whether it is made for that customer by now.
    pub(super) named: bool,
    pub(super) consented: bool,
    pub(super) display_name: String,
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) version: u64,
    pub(super) step: Step,
    pub(super) assigned: Vec<Assigned>,
}

/// How far a relationship is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Made,
    Locked,
    Approved,
    Active,
    Ending,
    Over,
}

/// An assignment of a relationship, as far as is guessed.
#[derive(Debug, Clone)]
pub(super) struct Assigned {
    pub(super) assignment: AccessAssignmentId,
    pub(super) group: SecurityGroupId,
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) version: u64,
}

impl Granted {
    /// The customer to name: none before it is made for one.
    pub(super) fn named(&self) -> Option<CustomerId> {
        self.named.then_some(self.customer)
    }

    pub(super) fn maker(&self) -> PartnerTenantId {
        self.provider.unwrap_or(self.partner)
    }
}

impl Generator {
    pub(super) fn granular_command(&mut self) -> Drawn {
        if self.granted.len() < 2 || self.random.percent(8) {
            return self.granular_creation();
        }
        match self.random.below(20) {
            0 => self.transition(),
            1 | 2 => self.membership(),
            3..=5 => self.false_step(),
            6..=10 => self.assignment_command(),
            _ => self.next_step(),
        }
    }

    /// Where a relationship stands among those drawn: mostly a young one.
    pub(super) fn place(&mut self) -> usize {
        let all = self.granted.len();
        if self.random.percent(75) { all - 1 - self.random.index(all.min(2)) } else { self.random.index(all) }
    }

    pub(super) fn granted_at(&self, place: usize) -> Option<&Granted> {
        self.granted.get(place)
    }

    /// What is guessed of a relationship from here on.
    pub(super) fn guess(&mut self, place: usize, guess: impl FnOnce(&mut Granted)) {
        if let Some(granted) = self.granted.get_mut(place) {
            guess(granted);
        }
    }

    /// A version to name: mostly the one that is guessed, sometimes another or none.
    pub(super) fn version(&mut self, guessed: u64) -> Option<u64> {
        match self.random.below(20) {
            0 => None,
            1 => Some(self.random.below(9)),
            2 => Some(guessed + 1),
            _ => Some(guessed),
        }
    }

    /// The step that follows from where the relationship is taken to be.
    pub(super) fn next_step(&mut self) -> Drawn {
        let place = self.place();
        let Some(granted) = self.granted_at(place).cloned() else { return self.granular_creation() };
        match granted.step {
            Step::Made => self.prepared(place, &granted),
            Step::Locked => self.answered(place, &granted),
            Step::Approved => {
                self.guess(place, |granted| (granted.step, granted.version) = (Step::Active, granted.version + 1));
                (actor::microsoft(), Some(granted.customer), activated(&granted))
            }
            Step::Active => self.running(place, &granted),
            Step::Ending => {
                self.guess(place, |granted| (granted.step, granted.version) = (Step::Over, granted.version + 1));
                let (partner, relationship) = (granted.partner, granted.relationship);
                let command = RecordGdapTermination { partner, relationship };
                (actor::microsoft(), Some(granted.customer), Command::RecordGdapTermination(command))
            }
            Step::Over => {
                let command =
                    RecordGdapCleanUp { partner: granted.partner, relationship: granted.relationship.clone() };
                (actor::microsoft(), granted.named(), Command::RecordGdapCleanUp(command))
            }
        }
    }

    fn prepared(&mut self, place: usize, granted: &Granted) -> Drawn {
        match self.random.below(20) {
            0..=3 => self.update(place, granted),
            4 => self.deletion(place, granted),
            5 | 6 => self.switched(place, granted),
            _ => {
                self.guess(place, |granted| (granted.step, granted.version) = (Step::Locked, granted.version + 1));
                let (partner, relationship) = (granted.partner, granted.relationship.clone());
                let command = Command::LockGdapForApproval(LockGdapForApproval { partner, relationship });
                (actor::admin_agent(granted.maker()), granted.named(), command)
            }
        }
    }

    fn update(&mut self, place: usize, granted: &Granted) -> Drawn {
        let command = UpdateGdapRelationship {
            partner: granted.partner,
            relationship: granted.relationship.clone(),
            version: self.version(granted.version),
            display_name: match self.random.below(10) {
                0 => Some(self.odd_name()),
                1..=3 => Some(format!("Renamed {}", self.drawn)),
                _ => None,
            },
            duration: self.random.percent(40).then(|| self.duration()),
            roles: self.random.percent(50).then(|| self.relationship_roles()),
        };
        let for_customer = granted.named || self.random.percent(25);
        let roles = command.roles.clone();
        self.guess(place, |granted| {
            granted.version += 1;
            granted.named = for_customer;
            granted.roles = roles.unwrap_or_else(|| granted.roles.clone());
        });
        let mut customer = for_customer.then_some(granted.customer);
        if self.random.percent(4) {
            customer = Some(granted.partner.as_customer());
        }
        (actor::admin_agent(granted.maker()), customer, Command::UpdateGdapRelationship(command))
    }

    fn deletion(&mut self, place: usize, granted: &Granted) -> Drawn {
        let version = self.version(granted.version);
        self.guess(place, |granted| granted.step = Step::Over);
        let (partner, relationship) = (granted.partner, granted.relationship.clone());
        let command = Command::DeleteGdapRelationship(DeleteGdapRelationship { partner, relationship, version });
        (actor::admin_agent(granted.maker()), granted.named(), command)
    }

    /// A relationship made by a provider is answered by its reseller first; some are never answered.
    fn answered(&mut self, place: usize, granted: &Granted) -> Drawn {
        let (partner, relationship) = (granted.partner, granted.relationship.clone());
        if !granted.consented && self.random.percent(80) {
            let agent = actor::admin_agent(partner);
            if self.random.percent(15) {
                self.guess(place, |granted| granted.step = Step::Over);
                return (agent, granted.named(), Command::RejectGdap(RejectGdap { partner, relationship }));
            }
            self.guess(place, |granted| (granted.consented, granted.version) = (true, granted.version + 1));
            return (agent, granted.named(), Command::ApproveGdap(ApproveGdap { partner, relationship }));
        }
        let customer = if self.random.percent(10) { self.any_customer() } else { granted.customer };
        self.guess(place, |granted| {
            (granted.step, granted.version) = (Step::Approved, granted.version + 1);
            (granted.customer, granted.named) = (customer, true);
        });
        (actor::global_admin(customer), Some(customer), Command::ApproveGdap(ApproveGdap { partner, relationship }))
    }

    fn running(&mut self, place: usize, granted: &Granted) -> Drawn {
        let (partner, relationship) = (granted.partner, granted.relationship.clone());
        match self.random.below(20) {
            0..=3 => self.termination(place, granted),
            4..=8 => self.switched(place, granted),
            9..=12 => {
                let version = self.version(granted.version);
                self.guess(place, |granted| granted.version += 1);
                let command = RemoveGlobalAdministratorRole { partner, relationship, version };
                let command = Command::RemoveGlobalAdministratorRole(command);
                (actor::admin_agent(granted.maker()), Some(granted.customer), command)
            }
            13..=15 => {
                let command = Command::ExtendGdap(ExtendGdap { partner, relationship });
                (actor::microsoft(), Some(granted.customer), command)
            }
            16 | 17 => {
                let command = Command::ExpireGdap(ExpireGdap { partner, relationship });
                (actor::microsoft(), Some(granted.customer), command)
            }
            _ => self.assignment_command(),
        }
    }

    fn termination(&mut self, place: usize, granted: &Granted) -> Drawn {
        self.guess(place, |granted| (granted.step, granted.version) = (Step::Ending, granted.version + 1));
        let command = TerminateGdap { partner: granted.partner, relationship: granted.relationship.clone() };
        let by_customer = self.random.percent(50);
        let actor =
            if by_customer { actor::global_admin(granted.customer) } else { actor::admin_agent(granted.partner) };
        (actor, Some(granted.customer), Command::TerminateGdap(command))
    }

    fn switched(&mut self, place: usize, granted: &Granted) -> Drawn {
        let command = SetGdapAutoExtend {
            partner: granted.partner,
            relationship: granted.relationship.clone(),
            version: self.version(granted.version),
            auto_extend: if self.random.percent(92) { self.auto_extend() } else { GdapAutoExtend::from_wire("P90D") },
        };
        self.guess(place, |granted| granted.version += 1);
        (actor::admin_agent(granted.maker()), granted.named(), Command::SetGdapAutoExtend(command))
    }

    /// Any step at any time, sometimes on a relationship that never was or for another customer.
    fn false_step(&mut self) -> Drawn {
        let place = self.place();
        let Some(mut granted) = self.granted_at(place).cloned() else { return self.granular_creation() };
        if self.random.percent(10) {
            granted.relationship = name::granular("never made");
        }
        if self.random.percent(15) {
            (granted.customer, granted.named) = (self.any_customer(), true);
        }
        let (partner, relationship) = (granted.partner, granted.relationship.clone());
        match self.random.below(11) {
            0 | 9 | 10 => self.update(NOWHERE, &granted),
            1 => self.deletion(NOWHERE, &granted),
            2 => {
                let command = Command::LockGdapForApproval(LockGdapForApproval { partner, relationship });
                (actor::admin_agent(granted.maker()), granted.named(), command)
            }
            3 => self.answered(NOWHERE, &granted),
            4 => (actor::microsoft(), Some(granted.customer), activated(&granted)),
            5 => self.running(NOWHERE, &granted),
            6 => {
                let command = Command::RejectGdap(RejectGdap { partner, relationship });
                (actor::admin_agent(partner), granted.named(), command)
            }
            7 => {
                let command = Command::RecordGdapTermination(RecordGdapTermination { partner, relationship });
                (actor::microsoft(), Some(granted.customer), command)
            }
            _ => {
                let command = Command::RecordGdapCleanUp(RecordGdapCleanUp { partner, relationship });
                (actor::microsoft(), granted.named(), command)
            }
        }
    }
}

fn activated(granted: &Granted) -> Command {
    let (partner, relationship) = (granted.partner, granted.relationship.clone());
    Command::ActivateGdap(ActivateGdap { partner, relationship })
}
